package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"clientbook"
)

// checkTimes keeps times to the millisecond from the first of 1970 to the last of 9999, and zero times as none.
func checkTimes(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for i, at := range []time.Time{
		time.UnixMilli(1), time.UnixMilli(999), time.UnixMilli(1001), start.Add(time.Millisecond), start.Add(999 * time.Millisecond),
		time.Date(2038, 1, 19, 3, 14, 8, 7e6, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		at = at.UTC()
		b.apply(t, b.createAt(at, func(d *draft) {
			person(i)(d)
			d.Updated, d.Approved, d.Closed = at.Add(time.Millisecond), at.Add(2*time.Millisecond), at
			d.Time = at
		}))
	}
	b.apply(t, b.create(nil)) // with no times of states
	b.verify(t)
}

// checkSizes writes the largest body, and many tokens at once.
func checkSizes(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	many := func(from, n int) func(*draft) {
		return func(d *draft) {
			d.Body = bodyOf(d.ID, d.Client.Version, clientbook.MaxBodyBytes+64) // sealing makes it a little larger
			d.Metadata = nil
			for i := range n {
				d.Metadata = append(d.Metadata, clientbook.MetadataEntry{Key: fmt.Sprintf("%03d", from+i), Value: "x"})
			}
		}
	}
	ada := b.create(many(0, 60))
	b.apply(t, ada)
	b.verify(t)
	b.apply(t, b.edit(ada, many(30, 60)))
	b.verify(t)
	b.update(t, ada, many(90, 200), many(0, 0))
	b.applyTogether(t, b.create(many(0, 60)), b.create(many(0, 60)), b.create(many(1, 60)), b.edit(ada, many(0, 60)))
	b.apply(t, b.edit(ada, func(d *draft) { d.Body = []byte{0} }))
	b.verify(t)
}

// checkBytes writes every byte value wherever bytes are kept, texts with every sort of character, and the ends of numbers.
func checkBytes(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	s := b.create(func(d *draft) {
		d.Body = append(bytes.Clone(every), every...)
		d.Dialect, d.Action = "dialect", clientbook.ActionCreate
		d.ClientType = "8a8186 'quoted\" \\ % _ ü 漢 😀"
		d.Credential = clientbook.CredentialID{0, 255, 0, 128, 1, 0, 0, 0}
	})
	s.key = every
	s.head.Branch, s.head.Centre, s.head.User = clientbook.DefinitionKey(strings.Repeat("b", 64)), "Centre", "0123"
	s.head.Present = s.head.Present.With(62) // the highest there can be
	s.head.Digest = s.head.Sum()
	s.version.Head = s.head.Digest
	for i := range s.version.Hash {
		s.version.Hash[i] = byte(i * 8)
	}
	b.apply(t, s)
	b.verify(t)
	for i, dialect := range []string{"ü", "complycube", strings.Repeat("d", 100)} {
		b.apply(t, b.edit(s, func(d *draft) {
			d.Dialect, d.Action = dialect, clientbook.ActionUpdate
			d.Body = bytes.Repeat([]byte{0, 255, '\'', byte(i)}, 10)
		}))
	}
	for _, id := range []clientbook.ClientID{{11: 1}, {0: 127, 1: 255}, {0: 128}, {0: 255, 5: 1, 11: 255}} { // order of bytes, not of signs
		b.apply(t, first(id, start, nil))
	}
	b.verify(t)
}

// checkBooksApart has the same clients, with the same values, in two books.
func checkBooksApart(t testing.TB, e Engine) {
	s := e.Open(t)
	one, two, none := newBook(t, s), newBook(t, s), newBook(t, s)
	for i := range 6 {
		id := idOf(start, i)
		one.apply(t, first(id, start, person(i)))
		if i%2 == 0 {
			two.apply(t, first(id, start, person(i)))
		}
	}
	askAll := func() {
		t.Helper()
		for _, b := range []*book{one, two, none} {
			b.verify(t)
			view(t, s, func(r clientbook.Reader) error {
				for i := range 6 {
					for _, token := range first(idOf(start, i), start, person(i)).tokens {
						b.verifyPage(t, r, clientbook.ClientQuery{Tokens: []clientbook.Token{token}}, 0, all)
					}
				}
				b.verifyPage(t, r, clientbook.ClientQuery{Kind: clientbook.PersonKind}, 0, 3)
				return nil
			})
		}
	}
	askAll()
	for i, c := range two.list(clientbook.ClientQuery{}) {
		two.update(t, c, person(77+i))
	}
	one.update(t, one.newest(idOf(start, 0)), person(88))
	askAll()
	for _, c := range two.list(clientbook.ClientQuery{}) {
		two.update(t, c, remove)
	}
	askAll()
}
