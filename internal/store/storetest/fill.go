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
}

// Fill puts two books, credentials and n varied clients with history into a store, so that a migration has something of everything to
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
	return f
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
