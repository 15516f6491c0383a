package book

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"clientbook"
)

// An updates is a store that counts transactions.
type updates struct {
	clientbook.Store
	n int
}

func (u *updates) Update(_ context.Context, fn func(clientbook.Tx) error) error {
	u.n++
	return fn(nil)
}

func TestBackgroundSharesTransactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &updates{}
		b := New(store, nil, Options{Pause: 2 * time.Second})
		nothing := func(clientbook.Tx) error { return nil }
		begun := time.Now()
		for range backgroundBurst {
			if err := b.update(t.Context(), nothing); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 0 || store.n != backgroundBurst {
			t.Errorf("the first ones took %v and %d transactions, want none of them to wait", took, store.n)
		}
		bad := errors.New("broken")
		stale := &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonVersion}
		for _, x := range []struct {
			name        string
			first, then error // of the first and of the second of three
			want        [3]error
		}{
			{"all well", nil, nil, [3]error{}},
			{"one is late", nil, stale, [3]error{nil, stale, nil}},
			{"one is broken", nil, bad, [3]error{bad, bad, bad}},
		} {
			before, begun := store.n, time.Now()
			var got [3]error
			var wg sync.WaitGroup
			for i, err := range [3]error{x.first, x.then, nil} {
				wg.Go(func() { got[i] = b.update(t.Context(), func(clientbook.Tx) error { return err }) })
				synctest.Wait()
			}
			wg.Wait()
			if took := time.Since(begun); store.n != before+1 || took == 0 || took > 2*time.Second {
				t.Errorf("%s: %d transactions after %v, want one after a pause", x.name, store.n-before, took)
			}
			for i := range got {
				if !errors.Is(got[i], x.want[i]) {
					t.Errorf("%s: %v, want %v", x.name, got, x.want)
				}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		begun = time.Now()
		if err := b.update(ctx, nothing); err != nil || time.Since(begun) != 0 {
			t.Errorf("at the end: %v after %v, want no pause", err, time.Since(begun))
		}
	})
}
