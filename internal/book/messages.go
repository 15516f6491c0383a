package book

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"clientbook"
	"clientbook/internal/record"
)

// A SentMessage is a message with what it says.
type SentMessage struct {
	clientbook.Message
	Text   clientbook.MessageText
	Client string // key of the client, "" if it has gone
}

// A MessageFilter chooses messages. Those of the query are looked up; Match, if set, then says which of them are wanted. It is called before
// the key of the client is known.
type MessageFilter struct {
	clientbook.MessageQuery
	Match func(*SentMessage) bool
}

// maxMessages is how many messages a log page looks through at the most.
const maxMessages = 20_000

// Messages gives up to limit messages of the caller's book after the first offset, newest first. It looks through the newest maxMessages
// of those that the query chooses.
func (b *Books) Messages(ctx context.Context, caller clientbook.Caller, f MessageFilter, offset, limit int64) (page []SentMessage, err error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return nil, err
	}
	page = []SentMessage{}
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		if err := r.Messages(ob.id, f.MessageQuery, 0, maxMessages, func(m *clientbook.Message) error {
			if int64(len(page)) == limit {
				return errEnough
			}
			text, err := ob.openedMessage(m)
			if err != nil {
				return err
			}
			sent := SentMessage{Message: *m, Text: text}
			sent.Sealed, sent.Key = nil, nil
			switch {
			case f.Match != nil && !f.Match(&sent):
			case offset > 0:
				offset--
			default:
				page = append(page, sent)
			}
			return nil
		}); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		for i := range page {
			st, err := r.Current(ob.id, page[i].Message.Client)
			if err != nil {
				return err
			}
			c, _, err := ob.opened(&st)
			if err != nil {
				return err
			}
			page[i].Client = c.Key(ob.id)
		}
		return nil
	})
	return page, err
}

// errEnough ends a walk whose caller has what it wanted.
var errEnough = errors.New("enough")

func (ob *openBook) openedMessage(m *clientbook.Message) (text clientbook.MessageText, err error) {
	key, err := ob.vault.DataKey(m.Client, m.Key)
	if err != nil {
		return text, err
	}
	plain, err := key.OpenMessage(m.ID, m.Sealed)
	if err != nil {
		return text, err
	}
	t, err := record.DecodeMessage(plain)
	if err != nil {
		return text, fmt.Errorf("message %s: %w", m.ID, err)
	}
	return *t, nil
}

// ResendMessages queues failed messages again, as they were. KindNotFound with ReasonMessage if one of them is not there, KindInvalid with
// ReasonMessageState if one has not failed; then none is. Param is the key of that message.
func (b *Books) ResendMessages(ctx context.Context, caller clientbook.Caller, ids []clientbook.MessageID) error {
	now := b.clock()
	return b.store.Update(ctx, func(tx clientbook.Tx) error {
		for _, id := range ids {
			m, err := tx.Message(caller.Book, id)
			e, _ := errors.AsType[*clientbook.Error](err)
			switch {
			case e != nil && e.Kind == clientbook.KindNotFound:
				return &clientbook.Error{Kind: clientbook.KindNotFound, Reason: clientbook.ReasonMessage, Param: clientbook.KeyOf(caller.Book, id)}
			case err != nil:
				return err
			case m.State != clientbook.MessageFailed:
				return &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonMessageState, Param: clientbook.KeyOf(caller.Book, id)}
			}
			m.State, m.Due, m.Leased, m.Attempts, m.Outcome = clientbook.MessageQueued, now, time.Time{}, 0, ""
			if err := tx.SetMessage(&m); err != nil {
				return err
			}
		}
		return nil
	})
}

// A LeasedMessage is one that its holder is to send before the lease ends.
type LeasedMessage struct {
	clientbook.Message
	Text     clientbook.MessageText
	Mode     clientbook.Mode      // of its book
	Settings *clientbook.Settings // of its book
}

// LeaseMessages takes up to limit due messages of a channel for the time of a lease, and counts an attempt for each. Who dies meanwhile
// leaves them to fall due again.
func (b *Books) LeaseMessages(ctx context.Context, c clientbook.Channel, limit int, lease time.Duration) ([]LeasedMessage, error) {
	now := b.clock()
	some := false
	if err := b.store.View(ctx, func(r clientbook.Reader) error {
		return r.DueMessages(c, now, 1, func(*clientbook.Message) error {
			some = true
			return nil
		})
	}); err != nil || !some {
		return nil, err
	}
	var leased []LeasedMessage
	err := b.update(ctx, func(tx clientbook.Tx) error {
		leased = leased[:0]
		if err := tx.DueMessages(c, now, limit, func(m *clientbook.Message) error {
			mine := LeasedMessage{Message: *m}
			mine.Sealed, mine.Key = slices.Clone(m.Sealed), slices.Clone(m.Key)
			leased = append(leased, mine)
			return nil
		}); err != nil {
			return err
		}
		for i := range leased {
			m := &leased[i].Message
			m.Leased = now.Add(lease)
			m.Due, m.Attempts = m.Leased, m.Attempts+1
			if err := tx.SetMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.openLeased(ctx, leased)
}

// openLeased opens what was leased. A message that does not open stays leased: it is tried again later, and logged each time.
func (b *Books) openLeased(ctx context.Context, leased []LeasedMessage) ([]LeasedMessage, error) {
	books := map[clientbook.BookID]clientbook.Book{}
	if err := b.store.View(ctx, func(r clientbook.Reader) error {
		rows, err := r.Books()
		for _, row := range rows {
			books[row.ID] = row
		}
		return err
	}); err != nil {
		return nil, err
	}
	var failed error
	open := leased[:0]
	for _, m := range leased {
		ob, err := b.book(ctx, m.Book)
		if err == nil && ob.number < books[m.Book].Settings {
			ob, err = b.reload(ctx, m.Book)
		}
		if err == nil {
			m.Mode, m.Settings = books[m.Book].Mode, ob.settings
			m.Text, err = ob.openedMessage(&m.Message)
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		m.Sealed, m.Key = nil, nil
		open = append(open, m)
	}
	return open, failed
}

// EndMessages stores what became of leased messages: state, due time, attempts, outcome and time of sending as they are given. One whose
// lease is no longer the one that was given is passed over: somebody else has it.
func (b *Books) EndMessages(ctx context.Context, ended []clientbook.Message) error {
	return b.update(ctx, func(tx clientbook.Tx) error {
		for i := range ended {
			m := ended[i]
			now, err := tx.Message(m.Book, m.ID)
			if clientbook.KindOf(err) == clientbook.KindNotFound {
				continue
			}
			if err != nil {
				return err
			}
			if now.State != clientbook.MessageQueued || !now.Leased.Equal(m.Leased) {
				continue
			}
			m.Leased = time.Time{}
			if err := tx.SetMessage(&m); err != nil {
				return err
			}
		}
		return nil
	})
}
