package book

import (
	"context"
	"errors"
	"slices"
	"time"

	"clientbook"
	"clientbook/internal/message"
	"clientbook/internal/record"
)

// messageFollower is the name of the follower that makes messages.
const messageFollower = "messages"

// What the maker of messages does at once, and how far its cursor may stay behind where there was nothing to make. It takes few versions
// that ask for messages, and then a pause: the feed keeps the rest, and requests have the machine.
const (
	followedAtOnce = 500
	askingAtOnce   = 100
	maxBehind      = 5000
	maxBehindTime  = time.Second
)

// sends says whether a book has messages to send.
func sends(s *clientbook.Settings) bool {
	return slices.ContainsFunc(s.Templates, func(t clientbook.Template) bool { return t.Active && !t.OptIn })
}

// A MessageMaker follows the feeds of all books and makes the messages that their templates ask for. It is for one goroutine; of several,
// in whatever process, one makes a message and the others find that it is made.
type MessageMaker struct {
	books *Books
	read  map[clientbook.BookID]followed
}

// A followed says how far a book was read without finding anything to make since its cursor was moved.
type followed struct {
	cursor, read int64
	moved        time.Time
}

// NewMessageMaker gives one.
func (b *Books) NewMessageMaker() *MessageMaker {
	return &MessageMaker{books: b, read: map[clientbook.BookID]followed{}}
}

// Run makes the messages of some of what happened since it was last called. It gives their number, and whether there is more to be read.
// The messages of a version are made in the transaction that moves the book's cursor beyond it: all of them or none, and never twice.
func (m *MessageMaker) Run(ctx context.Context) (made int, more bool, err error) {
	var rows []clientbook.Book
	cursors := map[clientbook.BookID]int64{}
	if err := m.books.store.View(ctx, func(r clientbook.Reader) (err error) {
		if rows, err = r.Books(); err != nil {
			return err
		}
		for _, row := range rows {
			at, follows, err := r.Cursor(row.ID, messageFollower)
			if err != nil {
				return err
			}
			if follows {
				cursors[row.ID] = at
			}
		}
		return nil
	}); err != nil {
		return 0, false, err
	}
	var failed error
	for _, row := range rows {
		at, follows := cursors[row.ID]
		if !follows {
			continue
		}
		n, some, err := m.follow(ctx, &row, at)
		failed = errors.Join(failed, err)
		made, more = made+n, more || some
	}
	return made, more, failed
}

// follow reads on in one book.
func (m *MessageMaker) follow(ctx context.Context, row *clientbook.Book, cursor int64) (n int, more bool, err error) {
	f := m.read[row.ID]
	if f.cursor != cursor {
		f = followed{cursor: cursor, read: cursor, moved: m.books.clock()}
	}
	idle := f.read == row.Position
	if idle && f.cursor == f.read {
		return 0, false, nil
	}
	ob, err := m.books.book(ctx, row.ID)
	if err == nil && ob.number < row.Settings {
		ob, err = m.books.reload(ctx, row.ID)
	}
	if err != nil {
		return 0, false, err
	}
	to, made, err := m.make(ctx, ob, f.read)
	if err != nil {
		return 0, false, err
	}
	f.read = to
	late := f.read-f.cursor >= maxBehind || m.books.clock().Sub(f.moved) >= maxBehindTime
	if len(made) > 0 || late || idle {
		err := m.books.update(ctx, func(tx clientbook.Tx) error {
			if err := tx.SetCursor(row.ID, messageFollower, f.cursor, to); err != nil {
				return err
			}
			for i := range made {
				if err := tx.AddMessage(&made[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if _, stale := isStale(err); stale { // another process was faster, or the book sends nothing any more
			delete(m.read, row.ID)
			return 0, true, nil
		}
		if err != nil {
			return 0, false, err
		}
		f = followed{cursor: to, read: to, moved: m.books.clock()}
	}
	m.read[row.ID] = f
	return len(made), to < row.Position, nil
}

// make gives the messages of the versions behind a position, and the position up to which they were read. Under other settings than ob has
// none are: the next run has them.
func (m *MessageMaker) make(ctx context.Context, ob *openBook, after int64) (to int64, made []clientbook.Message, err error) {
	to = after
	err = m.books.store.View(ctx, func(r clientbook.Reader) error {
		to, made = after, nil
		if row, err := r.Book(ob.id); err != nil || row.Settings != ob.number {
			return err
		}
		var wanted []clientbook.FeedEntry
		var asks [][]*clientbook.Template
		if err := r.Actions(ob.id, after, followedAtOnce, func(e clientbook.FeedEntry, a clientbook.Action) error {
			if ts := asking(ob.settings, a); len(ts) > 0 {
				if len(wanted) == askingAtOnce {
					return errEnough
				}
				wanted, asks = append(wanted, e), append(asks, ts)
			}
			to = e.Position
			return nil
		}); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		for i, e := range wanted {
			some, err := m.messages(r, ob, e, asks[i])
			if err != nil {
				return err
			}
			made = append(made, some...)
		}
		return nil
	})
	return to, made, err
}

// asking gives the templates that ask for a message when a version of that action was written.
func asking(s *clientbook.Settings, a clientbook.Action) (list []*clientbook.Template) {
	for i := range s.Templates {
		t := &s.Templates[i]
		if !t.Active || t.OptIn { // nobody can be added to one yet
			continue
		}
		if a == clientbook.ActionCreate && t.Event == clientbook.ClientCreated ||
			a == clientbook.ActionApprove && t.Event == clientbook.ClientApproved ||
			a == clientbook.ActionReject && t.Event == clientbook.ClientRejected ||
			a != clientbook.ActionCreate && a != clientbook.ActionDelete && t.Event == clientbook.ClientActivity {
			list = append(list, t)
		}
	}
	return list
}

// messages gives the messages of one version. A template that can't be rendered for a client makes none: it is no reason to stop the rest.
func (m *MessageMaker) messages(r clientbook.Reader, ob *openBook, e clientbook.FeedEntry, ts []*clientbook.Template) (made []clientbook.Message, err error) {
	st, err := r.Version(ob.id, e.Client, e.Version)
	if err != nil {
		return nil, err
	}
	c, key, err := ob.opened(&st)
	if err != nil {
		return nil, err
	}
	now := m.books.clock()
	for _, t := range ts {
		if st.Time.Before(t.Created) || len(t.ClientTypes) > 0 && !slices.Contains(t.ClientTypes, c.ClientType) {
			continue
		}
		data := &message.Data{Client: c, Settings: ob.settings, Now: st.Time}
		if t.Recipient == clientbook.ToCreditOfficer {
			if data.Recipient = ob.settings.User(string(c.User)); data.Recipient == nil {
				continue
			}
		}
		text, ok, err := message.Render(t, data)
		if err != nil || !ok {
			continue
		}
		text.Event = t.Event
		id, err := clientbook.NewClientID(now, m.books.random)
		if err != nil {
			return nil, err
		}
		plain, err := record.AppendMessage(nil, &text)
		if err != nil {
			return nil, err
		}
		sealed, err := key.SealMessage(id, plain)
		if err != nil {
			return nil, err
		}
		made = append(made, clientbook.Message{
			Book: ob.id, ID: id, Client: c.ID, Position: e.Position, Template: t.Key, Channel: t.Channel,
			State: clientbook.MessageQueued, Created: now, Due: now, Sealed: sealed,
		})
	}
	return made, nil
}
