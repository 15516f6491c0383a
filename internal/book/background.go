package book

import (
	"context"
	"sync"
	"time"

	"clientbook"
)

// backgroundBurst is how many transactions of the background may follow each other at once: what a message or two need.
const backgroundBurst = 8

// A background gathers the transactions of work that nobody waits for. Each commit makes the caches of all readers stale, so a crowd of
// messages shares few of them, while a single message is not held up.
type background struct {
	mu      sync.Mutex
	waiting []*backgroundJob
	spare   int       // transactions that may follow at once
	last    time.Time // when spare was counted last
}

type backgroundJob struct {
	do   func(clientbook.Tx) error
	err  error
	done chan struct{}
}

// update runs do in a transaction that it may share with others; the pause of the Options goes before it if there were many lately. An end
// of ctx ends the pause. An error of do, KindStale aside, undoes what the others did as well, and is theirs, too.
func (b *Books) update(ctx context.Context, do func(clientbook.Tx) error) error {
	if b.pause == 0 {
		return b.store.Update(ctx, do)
	}
	j := &backgroundJob{do: do, done: make(chan struct{})}
	g := &b.background
	g.mu.Lock()
	g.waiting = append(g.waiting, j)
	leads := len(g.waiting) == 1
	wait := g.wait(time.Now(), b.pause)
	g.mu.Unlock()
	if leads {
		if wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
		}
		g.run(b.store)
	}
	<-j.done
	return j.err
}

// wait says how long the next transaction has to wait; it counts what has become spare meanwhile.
func (g *background) wait(now time.Time, pause time.Duration) time.Duration {
	if n := int(now.Sub(g.last) / pause); n > 0 {
		g.spare = min(backgroundBurst, g.spare+min(n, backgroundBurst))
		g.last = now
	}
	if g.spare > 0 {
		return 0
	}
	return pause - now.Sub(g.last)
}

// run does all that waits, in one transaction.
func (g *background) run(store clientbook.Store) {
	g.mu.Lock()
	jobs := g.waiting
	g.waiting = nil
	if g.spare > 0 {
		g.spare--
	} else {
		g.last = time.Now()
	}
	g.mu.Unlock()
	err := store.Update(context.Background(), func(tx clientbook.Tx) error {
		for _, j := range jobs {
			j.err = j.do(tx)
			if _, stale := isStale(j.err); j.err != nil && !stale {
				return j.err
			}
		}
		return nil
	})
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}
