package storetest

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"clientbook"
)

// A book is a book under test with the model of what the store should say of it. Its methods may be called from many goroutines, if
// each client is one goroutine's at a time.
type book struct {
	store    clientbook.Store
	id       clientbook.BookID
	settings int64 // the number in force

	mu      sync.Mutex
	made    int
	serials int
	clients map[clientbook.ClientID]*state
	offered []*clientbook.Change // what the store was asked to apply since the last verify, refused or not
	feed    []clientbook.FeedEntry
}

var books atomic.Uint32

// newBook adds a book to the store.
func newBook(t tb, s clientbook.Store) *book {
	t.Helper()
	n := books.Add(1)
	id := sha256.Sum256(fmt.Append(nil, "book", n))
	b := &book{
		store: s, id: clientbook.BookID(binary.BigEndian.Uint32(id[:])), clients: map[clientbook.ClientID]*state{},
	}
	stored := clientbook.Book{
		ID: b.id, Name: fmt.Sprintf("book-%d", n), Mode: clientbook.ModeTest, Created: start, Settings: 1, Indexed: clientbook.IndexLevel,
		Keys: clientbook.BookKeys{Sealing: []byte("sealing"), Tokens: []byte("tokens"), Chain: []byte("chain")},
	}
	if err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddBook(stored) }); err != nil {
		t.Fatalf("AddBook(%+v): %v", stored, err)
	}
	b.readSettings(t)
	return b
}

// readSettings takes over the settings number that is in force.
func (b *book) readSettings(t tb) {
	t.Helper()
	view(t, b.store, func(r clientbook.Reader) error {
		stored, err := r.Book(b.id)
		b.settings = stored.Settings
		return err
	})
}

// view reads what must be readable.
func view(t tb, s clientbook.Store, fn func(clientbook.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// newID gives an id as of created that this book has not seen.
func (b *book) newID(created time.Time) clientbook.ClientID {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made++
	return idOf(created, b.made)
}

// serial gives a number that this book's random histories have not used.
func (b *book) serial() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.serials++
	return 1_000_000 + b.serials
}

func idOf(created time.Time, n int) clientbook.ClientID {
	var id clientbook.ClientID
	binary.BigEndian.PutUint64(id[:], uint64(created.UnixMilli())<<16)
	random := sha256.Sum256(fmt.Append(nil, "id", n))
	copy(id[6:], random[:])
	return id
}

// create makes the first version of a new client, not yet applied. Clients made one after the other are a minute apart.
func (b *book) create(edit func(*draft)) *state {
	b.mu.Lock()
	created := start.Add(time.Duration(b.made) * time.Minute)
	b.mu.Unlock()
	return b.createAt(created, edit)
}

func (b *book) createAt(created time.Time, edit func(*draft)) *state {
	return first(b.newID(created), created, edit)
}

// change gives the write that makes s.
func (b *book) change(s *state) *clientbook.Change { return s.change(b.id, b.settings) }

// offer applies a change and tells the model what came of it. A busy store is asked again.
func (b *book) offer(t tb, c *clientbook.Change, made *state) error {
	b.mu.Lock()
	b.offered = append(b.offered, c)
	b.mu.Unlock()
	err := b.store.Apply(t.Context(), c)
	for try := 0; try < 20 && clientbook.KindOf(err) == clientbook.KindBusy && clientbook.ReasonOf(err) != clientbook.ReasonClosed; try++ {
		time.Sleep(time.Duration(try) * time.Millisecond)
		err = b.store.Apply(t.Context(), c)
	}
	if err == nil && made != nil {
		b.accept(made)
	}
	if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Reason == clientbook.ReasonClaim && !slices.Contains(c.Take, e.Claim) {
		t.Errorf("Apply that takes %v: %v names %v, want one of those", c.Take, err, e.Claim)
	}
	return err
}

// accept makes s the model's newest state of its client.
func (b *book) accept(s *state) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clients[s.id()] = s
}

// apply applies what must be accepted.
func (b *book) apply(t tb, states ...*state) {
	t.Helper()
	for _, s := range states {
		if err := b.offer(t, b.change(s), s); err != nil {
			t.Errorf("Apply(%s): %v, want it applied", s, err)
		}
	}
}

// applyTogether applies at once what must be accepted, each state of another client.
func (b *book) applyTogether(t tb, states ...*state) {
	t.Helper()
	errs := make([]error, len(states))
	together(len(states), func(i int) { errs[i] = b.offer(t, b.change(states[i]), states[i]) })
	for i, err := range errs {
		if err != nil {
			t.Errorf("Apply(%s) beside %d others: %v, want it applied", states[i], len(states)-1, err)
		}
	}
}

// refuse offers what must be refused.
func (b *book) refuse(t tb, what string, c *clientbook.Change, kind clientbook.Kind, reason string) {
	t.Helper()
	err := b.offer(t, c, nil)
	wantError(t, "Apply: "+what, err, kind, reason)
	if e, ok := errors.AsType[*clientbook.Error](err); ok && reason == clientbook.ReasonClaim && !b.taken(e.Claim, c.Head.Client) {
		t.Errorf("Apply: %s: %v names %v, which no other client holds", what, err, e.Claim)
	}
}

// taken says whether another client holds the claim.
func (b *book) taken(claim clientbook.Claim, by clientbook.ClientID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, s := range b.clients {
		if id != by && slices.Contains(s.claims, claim) {
			return true
		}
	}
	return false
}

// newest gives the model's state of a client.
func (b *book) newest(id clientbook.ClientID) *state {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clients[id]
}

// edit makes the next version of a client, not yet applied.
func (b *book) edit(s *state, edit func(*draft)) *state {
	if now := b.newest(s.id()); now != nil { // nil only if the store wrongly refused s
		s = now
	}
	return next(s, edit)
}

// update applies one edit of a client after the other.
func (b *book) update(t tb, s *state, edits ...func(*draft)) {
	t.Helper()
	for _, edit := range edits {
		b.apply(t, b.edit(s, edit))
	}
}

func wantError(t tb, what string, err error, kind clientbook.Kind, reason string) {
	t.Helper()
	if isError(err, kind, reason) {
		return
	}
	t.Errorf("%s: got %v, want %v with reason %q", what, err, kind, reason)
}

func isError(err error, kind clientbook.Kind, reason string) bool {
	e, ok := errors.AsType[*clientbook.Error](err)
	return ok && e.Kind == kind && e.Reason == reason
}

// together calls fn(0) to fn(n-1) at once, each in its goroutine, and waits for all.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			fn(i)
		})
	}
	close(gate)
	wg.Wait()
}

// list gives the model's answer to q.
func (b *book) list(q clientbook.ClientQuery) []*state {
	var found []*state
	for _, s := range b.clients {
		if chosen(q, s) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(x, y *state) int {
		idX, idY := x.id(), y.id()
		up := cmp.Or(x.head.Created.Compare(y.head.Created), slices.Compare(idX[:], idY[:]))
		if q.Ascending {
			return up
		}
		return -up
	})
	return found
}

func chosen(q clientbook.ClientQuery, s *state) bool {
	has := func(t clientbook.Token) bool { return slices.Contains(s.tokens, t) }
	for _, t := range q.Tokens {
		if !has(t) {
			return false
		}
	}
	for _, list := range q.Any {
		if !slices.ContainsFunc(list, has) {
			return false
		}
	}
	h := &s.head
	return !s.deleted() && (q.Kind == 0 || q.Kind == h.Kind) &&
		(len(q.States) == 0 || slices.Contains(q.States, h.State)) && (len(q.Types) == 0 || slices.Contains(q.Types, h.Type)) &&
		inside(h.Created, q.Created) && inside(h.Updated, q.Updated) && inside(h.Approved, q.Approved) &&
		inside(h.Activated, q.Activated) && inside(h.Closed, q.Closed) &&
		h.Present&q.Present == q.Present && h.Present&q.Absent == 0
}

func inside(at time.Time, w clientbook.Window) bool {
	return w.Open() || !at.IsZero() && (w.After.IsZero() || at.After(w.After)) && (w.Before.IsZero() || at.Before(w.Before))
}

// cut gives what a page of all has.
func cut(all []*state, offset, limit int64) []*state {
	n := int64(len(all))
	from := min(offset, n)
	return all[from : from+min(limit, n-from)]
}
