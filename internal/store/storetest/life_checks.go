package storetest

import (
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clientbook"
)

func checkReopen(t testing.TB, e Engine) {
	s := e.Open(t)
	one, two := newBook(t, s), newBook(t, s)
	for round := range 3 {
		traffic(t, 4, 8, one, two)
		if round == 1 { // closed by hand; Reopen must take it so
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		s = e.Reopen(t, s)
		for _, b := range []*book{one, two} {
			b.store = s
			b.verify(t)
		}
	}
	Check(t, s)
}

// A stream is writers that write until they are stopped, each to clients of its own.
type stream struct {
	b    *book
	stop atomic.Bool
	wg   sync.WaitGroup

	mu    sync.Mutex
	tried map[clientbook.ClientID]*state // what was last asked for of each client
	acked atomic.Int64
	ended []error // what ended a writer
}

func startStream(b *book, t tb, writers, seed int) *stream {
	s := &stream{b: b, tried: map[clientbook.ClientID]*state{}}
	for w := range writers {
		s.wg.Go(func() { s.write(t, w, seed) })
	}
	return s
}

func (s *stream) write(t tb, w, seed int) {
	rnd := rand.New(rand.NewPCG(uint64(seed), uint64(w)))
	own := make([]*state, 3)
	for i := 0; !s.stop.Load(); i++ {
		made := mixed(s.b, own[i%len(own)], rnd)
		s.mu.Lock()
		s.tried[made.id()] = made
		s.mu.Unlock()
		if err := s.b.offer(t, s.b.change(made), made); err != nil {
			s.mu.Lock()
			s.ended = append(s.ended, err)
			s.mu.Unlock()
			return
		}
		s.acked.Add(1)
		if own[i%len(own)] = made; made.deleted() {
			own[i%len(own)] = nil
		}
	}
}

// await waits until n writes were acknowledged.
func (s *stream) await(t tb, n int64) {
	t.Helper()
	for deadline := time.Now().Add(patience); s.acked.Load() < n; time.Sleep(200 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d writes were acknowledged within %v: %v", s.acked.Load(), n, patience, s.ended)
		}
	}
}

func (s *stream) end() {
	s.stop.Store(true)
	s.wg.Wait()
}

// checkCloseDuringWrites closes the store while writers write. Close waits for what has begun, so each writer knows what became of its
// write.
func checkCloseDuringWrites(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	for round := range 3 {
		writers := startStream(b, t, 6, round+1)
		writers.await(t, 20)
		if err := s.Close(); err != nil {
			t.Errorf("Close while writers write: %v", err)
		}
		within(t, "writers that find the store closed", writers.wg.Wait)
		writers.end()
		for _, err := range writers.ended {
			wantError(t, "Apply that Close overtook", err, clientbook.KindBusy, clientbook.ReasonClosed)
		}
		s = e.Reopen(t, s)
		b.store = s
		b.verify(t)
	}
}

// checkKill kills the store while writers write. What was acknowledged before is there whole, what was not is there whole or not at all.
func checkKill(t testing.TB, e Engine) {
	if e.Kill == nil {
		t.Skip("the engine can't be killed in the test's own process")
	}
	s := e.Open(t)
	b := newBook(t, s)
	for round := range 3 {
		writers := startStream(b, t, 4, round+1)
		writers.await(t, 25)
		b.mu.Lock()
		acked := maps.Clone(b.clients)
		b.mu.Unlock()
		s = e.Kill(t, s)
		writers.end()
		b.afterKill(t, s, acked, writers.tried)
		b.verify(t)
		if t.Failed() {
			return
		}
		for _, c := range acked { // life goes on
			if now := b.newest(c.id()); !now.deleted() {
				b.update(t, c, nil)
			}
		}
		b.verify(t)
	}
}

// afterKill sets the model to what the reopened store says it has, if that lies between what was acknowledged and what was tried.
func (b *book) afterKill(t tb, s clientbook.Store, acked, tried map[clientbook.ClientID]*state) {
	t.Helper()
	b.store, b.clients = s, maps.Clone(acked)
	view(t, s, func(r clientbook.Reader) error {
		for id, last := range tried {
			var found, least int64
			if now, err := r.Current(b.id, id); err == nil {
				found = now.Number
			} else {
				wantError(t, "Current after a kill", err, clientbook.KindNotFound, clientbook.ReasonClient)
			}
			if acked[id] != nil {
				least = acked[id].version.Number
			}
			if found < least || found > last.version.Number {
				t.Errorf("%s after a kill: version %d, want one from %d, acknowledged, to %d, tried", id, found, least, last.version.Number)
				continue
			}
			if found > 0 {
				b.clients[id] = last.at(found)
			}
		}
		return nil
	})
}

// checkUseAfterClose calls everything on a closed store.
func checkUseAfterClose(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	b.apply(t, b.create(person(1)))
	late := b.create(person(2))
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	called := false
	for name, call := range map[string]func() error{
		"View": func() error {
			return s.View(t.Context(), func(clientbook.Reader) error {
				called = true
				return nil
			})
		},
		"Apply": func() error { return s.Apply(t.Context(), b.change(late)) },
		"Update": func() error {
			return s.Update(t.Context(), func(clientbook.Tx) error {
				called = true
				return nil
			})
		},
	} {
		within(t, name+" after Close", func() {
			wantError(t, name+" after Close", call(), clientbook.KindBusy, clientbook.ReasonClosed)
		})
	}
	if called {
		t.Errorf("after Close, View or Update called its function")
	}
	within(t, "Close, again and again", func() {
		together(3, func(int) {
			if err := s.Close(); err != nil && !isError(err, clientbook.KindBusy, clientbook.ReasonClosed) {
				t.Errorf("Close again: %v, want nil or busy with reason closed", err)
			}
		})
	})
	b.store = e.Reopen(t, s)
	b.verify(t)
}

// checkCloseWaits closes the store while a View and an Update run.
func checkCloseWaits(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	ada := b.create(person(1))
	b.apply(t, ada)
	var begun, wg sync.WaitGroup
	var closed atomic.Bool
	begun.Add(2)
	// linger reads on while Close waits; a store that doesn't wait has more than enough time to be gone.
	linger := func(what string, read func() error) {
		begun.Done()
		for end := time.Now().Add(60 * time.Millisecond); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if err := read(); err != nil {
				t.Errorf("%s that was running when Close was called: %v", what, err)
				return
			}
		}
		if closed.Load() {
			t.Errorf("Close came back while a %s was running", what)
		}
	}
	wg.Go(func() {
		err := s.View(t.Context(), func(r clientbook.Reader) error {
			linger("View", func() error {
				_, err := r.Current(b.id, ada.id())
				return err
			})
			return nil
		})
		if err != nil {
			t.Errorf("View that was running when Close was called: %v", err)
		}
	})
	wg.Go(func() {
		var once sync.Once
		err := s.Update(t.Context(), func(tx clientbook.Tx) error {
			once.Do(func() {
				linger("Update", func() error {
					_, err := tx.Book(b.id)
					return err
				})
			})
			return tx.AddBook(bookOf(0x66, "late", clientbook.ModeLive))
		})
		if err != nil {
			t.Errorf("Update that was running when Close was called: %v", err)
		}
	})
	within(t, "waiting for View and Update to call their functions", begun.Wait)
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	closed.Store(true)
	wg.Wait()
	s = e.Reopen(t, s)
	if stored := readBooks(t, s); len(stored) != 2 {
		t.Errorf("after Close waited for an Update that adds a book: got books %v, want 2", stored)
	}
	b.store = s
	b.verify(t)
}
