package storetest

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clientbook"
)

// mixed makes a random next version of a client, or the first of a new one.
func mixed(b *book, s *state, rnd *rand.Rand) *state {
	n := 6*b.serial() + rnd.IntN(6) // person and company choose by what is left of n; serials alone may come in step
	switch {
	case s == nil && rnd.IntN(4) == 0:
		return b.createAt(start.Add(time.Duration(rnd.IntN(100))*time.Hour), company(n))
	case s == nil:
		return b.createAt(start.Add(time.Duration(rnd.IntN(100))*time.Hour), person(n))
	case !s.deleted() && rnd.IntN(8) == 0:
		return next(s, remove)
	case s.head.Kind == clientbook.CompanyKind:
		return next(s, company(n))
	}
	return next(s, func(d *draft) {
		person(n)(d)
		d.State = clientbook.State(rnd.IntN(6) + 1)
	})
}

// traffic has workers write random histories into the books, each worker to clients of its own, n writes each.
func traffic(t tb, workers, n int, books ...*book) {
	t.Helper()
	together(workers, func(w int) {
		b := books[w%len(books)]
		rnd := rand.New(rand.NewPCG(uint64(b.serial()), uint64(w)))
		own := make([]*state, 4)
		for i := range n {
			s := mixed(b, own[i%len(own)], rnd)
			own[i%len(own)] = s
			if err := b.offer(t, b.change(s), s); err != nil {
				t.Errorf("Apply(%s) of worker %d: %v, want it applied", s, w, err)
				return
			}
			if s.deleted() {
				own[i%len(own)] = nil
			}
		}
	})
}

func checkPositions(t testing.TB, e Engine) {
	s := e.Open(t)
	one, two, three := newBook(t, s), newBook(t, s), newBook(t, s)
	traffic(t, 8, 12, one, two)
	for _, b := range []*book{one, two, three} {
		b.verify(t)
	}
	traffic(t, 6, 6, one, two, three)
	for _, b := range []*book{one, two, three} {
		b.verify(t)
	}
}

// checkFollowers reads the feed while others write: nothing may appear behind what was read, and whoever sees a position sees what stands
// there. What a writer was told is applied, the next View has.
func checkFollowers(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	var done atomic.Bool
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			var followed []clientbook.FeedEntry
			for last := false; !last; {
				last = done.Load()
				followed = b.follow(t, followed)
			}
		})
	}
	together(4, func(w int) {
		s := b.create(person(w))
		for i := range 15 {
			if err := b.offer(t, b.change(s), s); err != nil {
				t.Errorf("Apply(%s): %v, want it applied", s, err)
				return
			}
			b.seen(t, s)
			s = next(s, person(100+100*w+i))
		}
	})
	done.Store(true)
	wg.Wait()
	b.verify(t)
}

// follow reads the feed from where followed ends and checks it against the rest of the same snapshot.
func (b *book) follow(t tb, followed []clientbook.FeedEntry) []clientbook.FeedEntry {
	err := b.store.View(t.Context(), func(r clientbook.Reader) error {
		stored, err := r.Book(b.id)
		if err != nil {
			return err
		}
		seen := int64(len(followed))
		err = r.Feed(b.id, seen, all, func(e clientbook.FeedEntry) error {
			if followed = append(followed, e); e.Position != int64(len(followed)) {
				t.Errorf("a follower got position %d, want %d", e.Position, len(followed))
			}
			return nil
		})
		if int64(len(followed)) != stored.Position {
			t.Errorf("a follower at %d found %d entries up to %d in one snapshot", seen, len(followed), stored.Position)
		}
		for _, e := range followed[seen:] {
			now, err := r.Current(b.id, e.Client)
			if err != nil || now.Number < e.Version {
				t.Errorf("position %d has version %d of %s, its snapshot has version %d, %v", e.Position, e.Version, e.Client, now.Number, err)
			}
		}
		return err
	})
	if err != nil {
		t.Errorf("View of a follower: %v", err)
	}
	return followed
}

// seen checks that a new View has s, or a later version.
func (b *book) seen(t tb, s *state) {
	err := b.store.View(t.Context(), func(r clientbook.Reader) error {
		now, err := r.Current(b.id, s.id())
		if err == nil && now.Number < s.version.Number {
			t.Errorf("View after Apply(%s): got version %d", s, now.Number)
		}
		return err
	})
	if err != nil {
		t.Errorf("View after Apply(%s): %v", s, err)
	}
}

// checkTallies compares what is tallied with a recount after random histories, made concurrently.
func checkTallies(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for range 2 {
		traffic(t, 8, 10, b)
		b.verify(t)
	}
	for _, s := range b.list(clientbook.ClientQuery{}) { // at last all go, and no zeros stay
		b.apply(t, next(s, remove))
	}
	b.verify(t)
}

// checkTallyDays makes clients at both ends of days, of the first day there is and of a late one.
func checkTallyDays(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i, at := range []time.Time{
		day.Add(-time.Millisecond), day, day.Add(time.Millisecond), day.Add(24*time.Hour - time.Millisecond), day.Add(24 * time.Hour),
		time.UnixMilli(1).UTC(), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		b.apply(t, b.createAt(at, person(3*i)))
	}
	b.verify(t)
	for i, s := range b.list(clientbook.ClientQuery{}) {
		if i%2 == 0 {
			b.apply(t, next(s, func(d *draft) { // its day stays that of its creation
				d.State, d.Person.Gender = clientbook.StateActive, "other"
			}))
		}
	}
	b.verify(t)
	for _, s := range b.list(clientbook.ClientQuery{}) {
		b.apply(t, next(s, remove))
	}
	b.verify(t)
}
