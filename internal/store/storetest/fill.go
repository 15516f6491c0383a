package storetest

import (
	"fmt"
	"testing"
	"time"

	"clientbook"
)

// Filled is what Fill put into a store.
type Filled struct {
	books       []*book
	credentials []clientbook.Credential
	keeper      clientbook.Keeper
	messages    []clientbook.Message
}

// Fill puts two books, credentials, settings, n varied clients with history and messages about them into a store, so that a migration has something of everything to
// carry over. What it makes depends on n alone, the ids of the books aside.
func Fill(t testing.TB, s clientbook.Store, n int) *Filled {
	t.Helper()
	f := &Filled{
		books:  []*book{newBook(t, s), newBook(t, s)},
		keeper: clientbook.Keeper{ID: "0f111ed0", Kind: "file", Wrapped: []byte("wrapped"), Created: start},
	}
	update(t, s, func(tx clientbook.Tx) error { return tx.AddKeeper(f.keeper) })
	for i, b := range f.books {
		c := clientbook.Credential{
			ID: clientbook.CredentialID{byte(b.id >> 8), byte(b.id), 0xf1}, Book: b.id, Hash: [32]byte{byte(i), 255},
			Created: start.Add(time.Duration(i) * time.Millisecond),
		}
		update(t, s, func(tx clientbook.Tx) error { return tx.AddCredential(c) })
		if i > 0 {
			c.Revoked = start.Add(time.Hour)
			update(t, s, func(tx clientbook.Tx) error { return tx.RevokeCredential(c.ID, c.Revoked) })
		}
		f.credentials = append(f.credentials, c)
		b.readSettings(t)
	}
	for i := range n {
		f.books[i%3%2].fill(t, i)
	}
	for i, b := range f.books {
		f.fillJobs(t, s, i, b)
	}
	return f
}

// fillJobs adds settings, messages and a cursor, one more of each in the second book.
func (f *Filled) fillJobs(t testing.TB, s clientbook.Store, i int, b *book) {
	t.Helper()
	about := b.list(clientbook.ClientQuery{Ascending: true})
	update(t, s, func(tx clientbook.Tx) error {
		for range i + 1 {
			b.settings++
			if err := tx.AddSettings(clientbook.SettingsSet{Book: b.id, Number: b.settings, Sealed: bodyOf(clientbook.ClientID{}, b.settings, 70)}); err != nil {
				return err
			}
		}
		for n, s := range about[:min(len(about), 3+i)] {
			m := messageOf(b, s, n)
			m.Attempts = n
			if err := tx.AddMessage(m); err != nil {
				return err
			}
			if m.Outcome = clientbook.OutcomeCaught; n == 2 {
				m.State, m.Sent = clientbook.MessageSent, m.Due.Add(time.Minute)
			}
			if err := tx.SetMessage(m); err != nil {
				return err
			}
			f.messages = append(f.messages, withKey(s, m)...)
		}
		return tx.SetCursor(b.id, "messages", clientbook.None, int64(10+i))
	})
}

// fill adds the i-th client: of both kinds, from many days, with few and many versions, some deleted.
func (b *book) fill(t tb, i int) {
	t.Helper()
	created := start.Add(time.Duration(i%11-5) * 7 * time.Hour).Add(time.Duration(i) * time.Millisecond)
	kind := person
	if i%4 == 3 {
		kind = company
	}
	s := b.createAt(created, kind(i))
	b.apply(t, s)
	for v := range i % 5 {
		b.update(t, s, func(d *draft) {
			kind(i)(d) // the number stays
			d.ExternalID = fmt.Sprintf("ref-%d-%d", i, v)
			d.State = clientbook.State(1 + (i+v)%6)
			d.Approved = start.Add(time.Duration(v) * time.Hour)
			if v == 2 {
				d.Metadata, d.Email = nil, ""
			}
		})
	}
	if i%7 == 6 {
		b.update(t, s, remove)
	}
}

// Verify fails the test unless the store, which may be the one that was filled or a later opening of its data, has all of it still.
func (f *Filled) Verify(t testing.TB, s clientbook.Store) {
	t.Helper()
	for _, b := range f.books {
		b.store = s
		b.verify(t)
	}
	view(t, s, func(r clientbook.Reader) error {
		for _, c := range f.credentials {
			if got, err := r.Credential(c.ID); got != c || err != nil {
				t.Errorf("Credential(%s): got %+v, %v, want %+v", c.ID, got, err, c)
			}
		}
		for _, m := range f.messages {
			got, err := r.Message(m.Book, m.ID)
			if err != nil || !sameMessage(got, m) {
				t.Errorf("Message(%s): got %+v, %v, want %+v", m.ID, got, err, m)
			}
		}
		for i, b := range f.books {
			set := clientbook.SettingsSet{Book: b.id, Number: b.settings, Sealed: bodyOf(clientbook.ClientID{}, b.settings, 70)}
			b.wantSettings(t, "of a filled book", r, set)
			if at, follows, err := r.Cursor(b.id, "messages"); at != int64(10+i) || !follows || err != nil {
				t.Errorf("Cursor(%s): got %d, %v, %v, want %d", b.id, at, follows, err, 10+i)
			}
		}
		keepers, err := r.Keepers()
		if len(keepers) != 1 || keepers[0].ID != f.keeper.ID || string(keepers[0].Wrapped) != string(f.keeper.Wrapped) {
			t.Errorf("Keepers: got %+v, want %+v alone", keepers, f.keeper)
		}
		return err
	})
}

// checkFill fills a store, opens it again, and checks that Fill, Verify and Check are at one.
func checkFill(t testing.TB, e Engine) {
	s := e.Open(t)
	f := Fill(t, s, 40)
	f.Verify(t, s)
	Check(t, s)
	s = e.Reopen(t, s)
	f.Verify(t, s)
	Check(t, s)
}
