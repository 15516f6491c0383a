package sqlite

import (
	"fmt"
	"time"

	"clientbook"
)

// messageRows is completed by where the messages come from, and by which of them in what order. The key is that of the message's client.
const messageRows = `SELECT m.message, m.client, m.position, m.template, m.channel, m.state, m.created, m.due, m.leased, m.sent, m.attempts,
m.outcome, m.sealed, m.book, k.wrapped
FROM %s
LEFT JOIN key k ON k.book = m.book AND k.client = m.client
%s`

var (
	oneMessage = fmt.Sprintf(messageRows, "message m", "WHERE m.book = ?1 AND m.message = ?2")
	// dueMessages asks for state 1, which is MessageQueued.
	dueMessages = fmt.Sprintf(messageRows, "message m INDEXED BY message_due",
		"WHERE m.state = 1 AND m.channel = ?1 AND m.due <= ?2 ORDER BY m.due, m.book, m.message LIMIT ?3+0")
	allMessages     = messageList("", "")
	messagesOf      = messageList("INDEXED BY message_client", "AND client = ?4")
	messagesIn      = messageList("INDEXED BY message_created", "AND created BETWEEN ?5 AND ?6")
	messagesOfAndIn = messageList("INDEXED BY message_client", "AND client = ?4 AND created BETWEEN ?5 AND ?6")
)

// messageList finds the ids first, so that only what is on the page is read; limit and offset are parameters 2 and 3.
func messageList(index, where string) string {
	return fmt.Sprintf(messageRows, fmt.Sprintf(`(SELECT message FROM message %s WHERE book = ?1 %s ORDER BY message DESC LIMIT ?2+0 OFFSET ?3+0) p
CROSS JOIN message m ON m.book = ?1 AND m.message = p.message`, index, where), "")
}

const (
	cursorRow     = `SELECT position FROM cursor WHERE book = ?1 AND follower = ?2`
	moveCursor    = `INSERT INTO cursor (book, follower, position) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET position = excluded.position`
	dropCursor    = `DELETE FROM cursor WHERE book = ?1 AND follower = ?2`
	insertMessage = `INSERT INTO message (book, message, state, due, leased, sent, attempts, outcome, client, position, template, channel, created, sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
	updateMessage = `UPDATE message SET state = ?3, due = ?4, leased = ?5, sent = ?6, attempts = ?7, outcome = ?8 WHERE book = ?1 AND message = ?2`
)

// Cursor implements clientbook.MessageReader.
func (r *reader) Cursor(book clientbook.BookID, follower string) (position int64, follows bool, err error) {
	follows, err = r.one(cursorRow, bindFollower(book, follower), func(s stmt) { position = s.ColumnInt64(0) })
	return position, follows, translate(err)
}

func bindFollower(book clientbook.BookID, follower string) func(stmt) {
	return func(s stmt) {
		bindBook(s, 1, book)
		s.BindText(2, follower)
	}
}

// Message implements clientbook.MessageReader.
func (r *reader) Message(book clientbook.BookID, id clientbook.MessageID) (m clientbook.Message, err error) {
	found, err := r.one(oneMessage, func(s stmt) {
		bindBook(s, 1, book)
		s.BindBytes(2, id[:])
	}, func(s stmt) { r.message(s, &m) })
	if err == nil && !found {
		err = clientbook.NotFound(clientbook.ReasonMessage)
	}
	return m, translate(err)
}

// Messages implements clientbook.MessageReader.
func (r *reader) Messages(
	book clientbook.BookID, q clientbook.MessageQuery, offset, limit int64, fn func(*clientbook.Message) error,
) error {
	if limit <= 0 {
		return nil
	}
	ofClient, query := q.Client != (clientbook.ClientID{}), allMessages
	switch {
	case ofClient && !q.Created.Open():
		query = messagesOfAndIn
	case ofClient:
		query = messagesOf
	case !q.Created.Open():
		query = messagesIn
	}
	var order pageOrder
	return r.messages(query, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, limit)
		s.BindInt64(3, offset)
		if ofClient {
			s.BindBytes(4, q.Client[:])
		}
		if w := between(q.Created); !q.Created.Open() {
			s.BindInt64(5, w.low)
			s.BindInt64(6, w.high)
		}
	}, func(m *clientbook.Message) error {
		if err := order.next(0, m.ID); err != nil {
			return err
		}
		return fn(m)
	})
}

// DueMessages implements clientbook.MessageReader.
func (r *reader) DueMessages(c clientbook.Channel, now time.Time, limit int, fn func(*clientbook.Message) error) error {
	return r.messages(dueMessages, func(s stmt) {
		s.BindText(1, string(c))
		s.BindInt64(2, clientbook.Millis(now))
		s.BindInt64(3, int64(limit))
	}, fn)
}

func (r *reader) messages(query string, bind func(stmt), fn func(*clientbook.Message) error) error {
	var m clientbook.Message
	return r.bounded(func() error {
		return r.rows(query, bind, func(s stmt) error {
			r.message(s, &m)
			return fn(&m)
		})
	})
}

// message reads a row of messageRows.
func (r *reader) message(s stmt, m *clientbook.Message) {
	r.reset()
	*m = clientbook.Message{
		Book: clientbook.BookID(s.ColumnInt64(13)), Position: s.ColumnInt64(2), Template: clientbook.DefinitionKey(r.word(s, 3)),
		Channel: clientbook.Channel(r.word(s, 4)), State: clientbook.MessageState(s.ColumnInt64(5)),
		Created: millis(s, 6), Due: millis(s, 7), Leased: millis(s, 8), Sent: millis(s, 9),
		Attempts: int(s.ColumnInt64(10)), Outcome: r.word(s, 11), Sealed: r.scratch(s, 12), Key: r.scratch(s, 14),
	}
	s.ColumnBytes(0, m.ID[:])
	s.ColumnBytes(1, m.Client[:])
}

// SetCursor implements clientbook.Tx.
func (t *tx) SetCursor(book clientbook.BookID, follower string, from, to int64) error {
	at, follows, err := t.Cursor(book, follower)
	if err != nil {
		return err
	}
	if !follows {
		at = clientbook.None
	}
	if at != from {
		return &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonVersion}
	}
	if to == clientbook.None {
		return translate(t.exec(dropCursor, bindFollower(book, follower)))
	}
	return translate(t.exec(moveCursor, func(s stmt) {
		bindFollower(book, follower)(s)
		s.BindInt64(3, to)
	}))
}

// AddMessage implements clientbook.Tx.
func (t *tx) AddMessage(m *clientbook.Message) error {
	return t.insert(insertMessage, func(s stmt) {
		bindProgress(s, m)
		s.BindBytes(9, m.Client[:])
		s.BindInt64(10, m.Position)
		s.BindText(11, string(m.Template))
		s.BindText(12, string(m.Channel))
		s.BindInt64(13, clientbook.Millis(m.Created))
		s.BindBytes(14, m.Sealed)
	})
}

// SetMessage implements clientbook.Tx.
func (t *tx) SetMessage(m *clientbook.Message) error {
	return t.change(clientbook.ReasonMessage, updateMessage, func(s stmt) { bindProgress(s, m) })
}

// bindProgress binds which message it is and what becomes of it.
func bindProgress(s stmt, m *clientbook.Message) {
	bindBook(s, 1, m.Book)
	s.BindBytes(2, m.ID[:])
	s.BindInt64(3, int64(m.State))
	s.BindInt64(4, clientbook.Millis(m.Due))
	s.BindInt64(5, clientbook.Millis(m.Leased))
	s.BindInt64(6, clientbook.Millis(m.Sent))
	s.BindInt64(7, int64(m.Attempts))
	s.BindText(8, m.Outcome)
}
