package storetest

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"clientbook"
)

// messageOf makes the n-th message about a client: n seconds after start, over all channels in turn.
func messageOf(b *book, s *state, n int) *clientbook.Message {
	created := start.Add(time.Duration(n) * time.Second)
	return &clientbook.Message{
		Book: b.id, ID: idOf(created, n), Client: s.id(), Position: int64(n + 1), Template: clientbook.DefinitionKey(fmt.Sprint("template-", n%3)),
		Channel: clientbook.Channels[(n-1+len(clientbook.Channels))%len(clientbook.Channels)], State: clientbook.MessageQueued,
		Created: created, Due: created, Sealed: bodyOf(s.id(), int64(n), 50+n),
	}
}

// withKey gives a message as it is read.
func withKey(s *state, ms ...*clientbook.Message) (read []clientbook.Message) {
	for _, m := range ms {
		got := *m
		got.Key = s.key
		read = append(read, got)
	}
	return read
}

func readMessages(
	t tb, r clientbook.MessageReader, book clientbook.BookID, q clientbook.MessageQuery, offset, limit int64,
) (found []clientbook.Message) {
	t.Helper()
	if err := r.Messages(book, q, offset, limit, keepMessage(&found)); err != nil {
		t.Errorf("Messages(%s, %+v): %v", book, q, err)
	}
	return found
}

func keepMessage(to *[]clientbook.Message) func(*clientbook.Message) error {
	return func(m *clientbook.Message) error {
		kept := *m
		kept.Sealed, kept.Key = bytes.Clone(m.Sealed), bytes.Clone(m.Key)
		*to = append(*to, kept)
		return nil
	}
}

func compareMessages(t tb, what string, got, want []clientbook.Message) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d messages, want %d", what, len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if !sameMessage(got[i], want[i]) {
			t.Errorf("%s, message %d:\n got %.900s\nwant %.900s", what, i, fmt.Sprintf("%+v", got[i]), fmt.Sprintf("%+v", want[i]))
			return
		}
	}
}

func sameMessage(a, b clientbook.Message) bool {
	same := bytes.Equal(a.Sealed, b.Sealed) && bytes.Equal(a.Key, b.Key)
	a.Sealed, a.Key, b.Sealed, b.Key = nil, nil, nil, nil
	return same && reflect.DeepEqual(a, b)
}

// checkMessages writes messages in two books and reads them one by one, by client, by time and in pages.
func checkMessages(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada, eve := b.create(person(1)), b.createAt(start.Add(time.Hour), person(2))
	b.apply(t, ada, eve)
	same := first(ada.id(), ada.head.Created, nil)
	other.apply(t, same)
	model := map[clientbook.MessageID]clientbook.Message{}
	put := func(s *state, m *clientbook.Message) { model[m.ID] = withKey(s, m)[0] }
	update(t, s, func(tx clientbook.Tx) error {
		for n := range 12 {
			about := []*state{ada, eve, ada}[n%3]
			m := messageOf(b, about, n)
			if n == 7 {
				m.Sealed, m.Outcome, m.Attempts, m.State, m.Sent = bodyOf(m.ID, 7, 200_000), clientbook.OutcomeCaught, 3, clientbook.MessageSent, m.Due
			}
			if err := tx.AddMessage(m); err != nil {
				return err
			}
			put(about, m)
		}
		return tx.AddMessage(messageOf(other, same, 3))
	})
	verify := func(when string) {
		t.Helper()
		view(t, s, func(r clientbook.Reader) error {
			b.verifyMessages(t, r, when, model, ada.id(), eve.id())
			compareMessages(t, "Messages of another book "+when, readMessages(t, r, other.id, clientbook.MessageQuery{}, 0, all),
				withKey(same, messageOf(other, same, 3)))
			return nil
		})
	}
	verify("after all were added")
	view(t, s, func(r clientbook.Reader) error {
		for _, id := range []clientbook.MessageID{{}, idOf(start, 99), messageOf(b, ada, 3).ID} {
			of := b.id
			if model[id].Book == b.id {
				of = other.id + 1
			}
			_, err := r.Message(of, id)
			wantError(t, "Message that is not there", err, clientbook.KindNotFound, clientbook.ReasonMessage)
		}
		return nil
	})

	changed := model[messageOf(b, ada, 3).ID]
	changed.State, changed.Due, changed.Leased, changed.Sent = clientbook.MessageSent, start.Add(time.Hour), start.Add(2*time.Hour), start.Add(3*time.Hour)
	changed.Attempts, changed.Outcome = 7, clientbook.OutcomeUnreachable
	other2 := changed // what is no matter of SetMessage stays
	other2.Client, other2.Position, other2.Template, other2.Channel = eve.id(), 99, "other", "other"
	other2.Created, other2.Sealed, other2.Key = start.Add(99*time.Hour), []byte("other"), []byte("other")
	update(t, s, func(tx clientbook.Tx) error { return tx.SetMessage(&other2) })
	model[changed.ID] = changed
	verify("after one was set")
	changed.State, changed.Leased, changed.Sent, changed.Attempts, changed.Outcome = clientbook.MessageQueued, time.Time{}, time.Time{}, 0, ""
	update(t, s, func(tx clientbook.Tx) error { return tx.SetMessage(&changed) })
	model[changed.ID] = changed
	verify("after it was set back")
	unknown := *messageOf(b, ada, 77)
	err := try(t, s, func(tx clientbook.Tx) error { return tx.SetMessage(&unknown) })
	wantError(t, "SetMessage of one that is not there", err, clientbook.KindNotFound, clientbook.ReasonMessage)
	verify("after one that is not there was set")
}

// verifyMessages compares what is read of a book's messages with all of them.
func (b *book) verifyMessages(
	t tb, r clientbook.Reader, when string, model map[clientbook.MessageID]clientbook.Message, clients ...clientbook.ClientID,
) {
	t.Helper()
	for id, want := range model {
		got, err := r.Message(b.id, id)
		if err != nil {
			t.Errorf("Message(%s) %s: %v", id, when, err)
		}
		compareMessages(t, "Message "+when, []clientbook.Message{got}, []clientbook.Message{want})
	}
	at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	for _, window := range []clientbook.Window{
		{}, {After: at(3)}, {Before: at(7)}, {After: at(3), Before: at(7)}, {After: at(3).Add(-time.Millisecond), Before: at(3).Add(time.Millisecond)},
		{After: at(7), Before: at(3)},
	} {
		for _, client := range append(clients, clientbook.ClientID{}, idOf(start, 98)) {
			q := clientbook.MessageQuery{Client: client, Created: window}
			var want []clientbook.Message
			for _, m := range model {
				if (client == clientbook.ClientID{} || m.Client == client) && inside(m.Created, window) {
					want = append(want, m)
				}
			}
			slices.SortFunc(want, func(x, y clientbook.Message) int { return bytes.Compare(y.ID[:], x.ID[:]) })
			for _, c := range [][2]int64{{0, all}, {0, 2}, {2, 3}, {1, 1<<63 - 1}, {50, 5}, {0, 0}} {
				n := int64(len(want))
				from := min(c[0], n)
				compareMessages(t, fmt.Sprintf("Messages %s, client %s, window %v, page %v", when, client, window, c),
					readMessages(t, r, b.id, q, c[0], c[1]), want[from:from+min(c[1], n-from)])
			}
		}
	}
}

// checkMessagesOnce adds messages that are there already, by id or by position and template; of these one is there once in a book.
func checkMessagesOnce(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada, same := b.create(person(1)), other.create(person(1))
	b.apply(t, ada)
	other.apply(t, same)
	one := messageOf(b, ada, 1)
	update(t, s, func(tx clientbook.Tx) error { return tx.AddMessage(one) })
	sameID, sameCause := *messageOf(b, ada, 2), *messageOf(b, ada, 2)
	sameID.ID, sameCause.Position, sameCause.Template = one.ID, one.Position, one.Template
	for what, m := range map[string]*clientbook.Message{"the same": one, "one of that id": &sameID, "one of that position and template": &sameCause} {
		err := try(t, s, func(tx clientbook.Tx) error { return tx.AddMessage(m) })
		wantError(t, "AddMessage of "+what, err, clientbook.KindConflict, clientbook.ReasonExists)
	}
	position, template, apart := *messageOf(b, ada, 2), *messageOf(b, ada, 3), *messageOf(other, same, 1)
	position.Position, template.Template = one.Position, one.Template
	update(t, s, func(tx clientbook.Tx) error {
		for _, m := range []*clientbook.Message{&position, &template, &apart} {
			if err := tx.AddMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(r clientbook.Reader) error {
		compareMessages(t, "Messages after some were refused", readMessages(t, r, b.id, clientbook.MessageQuery{}, 0, all),
			withKey(ada, &template, &position, one))
		return nil
	})
	var added int
	errs := make([]error, 6)
	together(len(errs), func(i int) {
		m := *messageOf(b, ada, 10+i)
		m.Position, m.Template = 500, "raced"
		errs[i] = try(t, s, func(tx clientbook.Tx) error { return tx.AddMessage(&m) })
	})
	for _, err := range errs {
		if err == nil {
			added++
		} else {
			wantError(t, "AddMessage that lost a race", err, clientbook.KindConflict, clientbook.ReasonExists)
		}
	}
	if added != 1 {
		t.Errorf("%d of %d racing AddMessages of one position and template were accepted, want 1", added, len(errs))
	}
}

// checkDueMessages asks for what is due, of each channel, before, at and after the times of messages in two books.
func checkDueMessages(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada, same := b.create(person(1)), other.create(person(2))
	b.apply(t, ada)
	other.apply(t, same)
	var model []clientbook.Message
	update(t, s, func(tx clientbook.Tx) error {
		for n := range 18 {
			in, about := b, ada
			if n%4 == 3 {
				in, about = other, same
			}
			m := messageOf(in, about, n)
			m.Due = start.Add(time.Duration(n*7%18) * time.Minute) // in another order than their ids
			switch n % 6 {
			case 4:
				m.State = clientbook.MessageSent
			case 5:
				m.State = clientbook.MessageFailed
			}
			if err := tx.AddMessage(m); err != nil {
				return err
			}
			model = append(model, withKey(about, m)...)
		}
		return nil
	})
	verify := func(when string) {
		t.Helper()
		view(t, s, func(r clientbook.Reader) error {
			for _, channel := range clientbook.Channels {
				for minute := -1; minute < 20; minute++ {
					for _, ms := range []int{-1, 0, 1} {
						now := start.Add(time.Duration(minute)*time.Minute + time.Duration(ms)*time.Millisecond)
						verifyDue(t, r, when, model, channel, now)
					}
				}
			}
			return nil
		})
	}
	verify("after all were added")
	leased := &model[0]
	leased.Leased = start.Add(12*time.Minute + 30*time.Second)
	leased.Due = leased.Leased
	sent := &model[3]
	sent.State, sent.Sent = clientbook.MessageSent, start
	again := &model[4]
	again.State = clientbook.MessageQueued
	update(t, s, func(tx clientbook.Tx) error {
		for _, m := range []*clientbook.Message{leased, sent, again} {
			if err := tx.SetMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
	verify("after some were set")
}

func verifyDue(t tb, r clientbook.Reader, when string, model []clientbook.Message, channel clientbook.Channel, now time.Time) {
	t.Helper()
	var want []clientbook.Message
	for _, m := range model {
		if m.State == clientbook.MessageQueued && m.Channel == channel && !m.Due.After(now) {
			want = append(want, m)
		}
	}
	slices.SortFunc(want, func(x, y clientbook.Message) int {
		return cmp.Compare(clientbook.Millis(x.Due), clientbook.Millis(y.Due))
	})
	for _, limit := range []int{all, 2} {
		var got []clientbook.Message
		if err := r.DueMessages(channel, now, limit, keepMessage(&got)); err != nil {
			t.Errorf("DueMessages %s: %v", when, err)
		}
		compareMessages(t, fmt.Sprintf("DueMessages(%s, %v, limit %d) %s", channel, now, limit, when), got, want[:min(limit, len(want))])
	}
}
