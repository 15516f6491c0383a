package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clientbook"
)

// patience is how long the suite waits for what must not wait.
var patience = 10 * time.Second

// within runs fn in a goroutine and says whether it came back in time.
func within(t tb, what string, fn func()) bool {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn()
	}()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		t.Errorf("%s: did not end within %v", what, patience)
		return false
	}
}

// checkSnapshot writes while a View is open: what the View reads stays as it was.
func checkSnapshot(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	ada := b.create(person(1))
	b.apply(t, ada)
	b.settle(t)
	frozen := *ada
	view(t, s, func(r clientbook.Reader) error {
		before := observe(t, r, b.id)
		if !within(t, "Apply and Update while a View is open", func() {
			b.update(t, ada, person(2))
			b.apply(t, b.create(person(3)))
			update(t, s, func(tx clientbook.Tx) error {
				return tx.AddCredential(clientbook.Credential{ID: clientbook.CredentialID{1}, Book: b.id, Created: start})
			})
			b.settings++
			update(t, s, func(tx clientbook.Tx) error {
				return errors.Join(tx.AddSettings(clientbook.SettingsSet{Book: b.id, Number: b.settings + 1, Sealed: []byte("s")}),
					tx.SetCursor(b.id, "follower", clientbook.None, 3), tx.AddMessage(messageOf(b, ada, 1)))
			})
			b.settings++
			b.update(t, ada, remove)
		}) {
			return nil
		}
		if after := observe(t, r, b.id); after != before {
			t.Errorf("the same View, before and after writes of others:\n%s\n%s", before, after)
		}
		now, err := r.Current(b.id, ada.id())
		if err != nil {
			return err
		}
		b.compareStored(t, "Current in a View opened before", &now, &frozen)
		return nil
	})
	b.verify(t)
}

// observe prints what a snapshot says of a book.
func observe(t tb, r clientbook.Reader, book clientbook.BookID) string {
	t.Helper()
	var out bytes.Buffer
	stored, err := r.Book(book)
	fmt.Fprintf(&out, "%+v %v\n", stored, err)
	heads := readHeads(t, r, book)
	for _, h := range heads {
		fmt.Fprintf(&out, "%+v\n", h)
		for _, v := range readVersions(t, r, book, h.Client) {
			fmt.Fprintf(&out, "%d %x\n", v.Number, v.Hash)
		}
	}
	fmt.Fprintln(&out, readFeed(t, r, book))
	n, err := r.Count(book, clientbook.ClientQuery{})
	fmt.Fprintln(&out, n, err)
	for _, f := range talliedFields() {
		kept, err := r.Tallies(book, f)
		fmt.Fprintln(&out, kept, err)
	}
	there, said, err := r.TokenCounts(book)
	fmt.Fprintln(&out, there, said, err)
	set, err := r.Settings(book)
	fmt.Fprintln(&out, set, err)
	position, follows, err := r.Cursor(book, "follower")
	fmt.Fprintln(&out, position, follows, err)
	fmt.Fprintln(&out, readMessages(t, r, book, clientbook.MessageQuery{}, 0, all))
	credentials, err := r.Credentials()
	fmt.Fprintln(&out, credentials, err)
	return out.String()
}

// checkReadersAndWriter holds Views open while others write, and read what was written.
func checkReadersAndWriter(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	b.apply(t, b.create(person(0)))
	var open, wrote sync.WaitGroup
	var began atomic.Int64
	wrote.Add(1)
	for range 3 {
		open.Go(func() {
			err := b.store.View(t.Context(), func(clientbook.Reader) error {
				began.Add(1)
				wrote.Wait()
				return nil
			})
			if err != nil {
				t.Errorf("View that was held open: %v", err)
			}
		})
	}
	within(t, "waiting for a View to call its function", func() {
		for began.Load() == 0 && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
	})
	within(t, "20 Applies and as many Views while Views are held open", func() {
		for i := range 20 {
			s := b.create(person(i + 1))
			b.apply(t, s)
			b.seen(t, s)
		}
	})
	wrote.Done()
	open.Wait()
	b.verify(t)
}

// checkCancelled calls with a context that is over already.
func checkCancelled(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	b.apply(t, b.create(person(0)))
	over, cancel := context.WithCancel(t.Context())
	cancel()
	within(t, "calls with a cancelled context", func() {
		if err := s.View(over, func(clientbook.Reader) error { return nil }); err == nil {
			t.Errorf("View with a cancelled context: got no error")
		}
		added := clientbook.Credential{ID: clientbook.CredentialID{7}, Book: b.id, Created: start}
		if err := s.Update(over, func(tx clientbook.Tx) error { return tx.AddCredential(added) }); err == nil {
			b.settings++ // then it must be there
		}
		b.applyUnder(t, over, b.create(person(1)))
	})
	b.verify(t)
	b.apply(t, b.create(person(2)))
	b.verify(t)
}

// applyUnder applies under a context that may end; whatever the outcome is said to be, must be true.
func (b *book) applyUnder(t tb, ctx context.Context, s *state) error {
	c := b.change(s)
	b.mu.Lock()
	b.offered = append(b.offered, c)
	b.mu.Unlock()
	err := b.store.Apply(ctx, c)
	if err == nil {
		b.accept(s)
	}
	return err
}

// checkCancelledAmongNeighbours ends the contexts of some Applies while they run beside others.
func checkCancelledAmongNeighbours(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for round := range 6 {
		ctx, cancel := context.WithCancel(t.Context())
		together(17, func(i int) {
			switch {
			case i == 0:
				time.Sleep(time.Duration(round) * 300 * time.Microsecond)
				cancel()
			case i%2 == 0:
				_ = b.applyUnder(t, ctx, b.create(person(100*round+i)))
			default:
				s := b.create(person(100*round + i))
				if err := b.offer(t, b.change(s), s); err != nil {
					t.Errorf("Apply(%s) beside cancelled ones: %v, want it applied", s, err)
				}
			}
		})
		cancel()
	}
	b.verify(t)
}

// checkStoredMemory has many readers look at bodies and keys while these change: nobody may see another's bytes.
func checkStoredMemory(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	sized := func(n int) func(*draft) { return func(d *draft) { d.Body = bodyOf(d.ID, d.Client.Version, 500+n*700) } }
	var clients []*state
	for i := range 6 {
		clients = append(clients, b.create(sized(i)))
	}
	b.applyTogether(t, clients...)
	right := func(what string, s *clientbook.Stored) {
		if !bytes.Equal(s.Key, bodyOf(s.Client, 0, 60)) || !bytes.Equal(s.Body, bodyOf(s.Client, s.Number, len(s.Body))) || len(s.Body) < 500 {
			t.Errorf("%s: version %d of %s has key %.50q and %d bytes of body %.50q", what, s.Number, s.Client, s.Key, len(s.Body), s.Body)
		}
	}
	var done atomic.Bool
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; !done.Load() && i < 100; i++ {
			b.update(t, clients[i%3], sized(i%7))
		}
	})
	together(8, func(reader int) {
		for i := range 15 {
			err := b.store.View(t.Context(), func(r clientbook.Reader) error {
				for j := range clients {
					id := clients[(i+j*reader)%len(clients)].id()
					s, err := r.Current(b.id, id)
					if err != nil {
						return err
					}
					right("Current", &s)
				}
				listed := 0
				err := r.Page(b.id, clientbook.ClientQuery{}, 0, all, func(s *clientbook.Stored) error {
					right("Page", s)
					listed++
					return nil
				})
				if listed != len(clients) {
					t.Errorf("Page beside writes: got %d clients, want %d", listed, len(clients))
				}
				return err
			})
			if err != nil {
				t.Errorf("View of reader %d: %v", reader, err)
			}
		}
	})
	done.Store(true)
	writer.Wait()
	b.verify(t)
}
