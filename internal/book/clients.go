package book

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/record"
	"clientbook/internal/vault"
)

// How often a write is decided anew: because another process was faster, or because the number drawn is taken.
const (
	maxRaces   = 8
	maxNumbers = 50
)

// Client gives a client of the caller's book. KindNotFound with ReasonClient if there is none, if it is deleted, or if the caller's
// dialect does not show its kind.
func (b *Books) Client(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) (*clientbook.Client, error) {
	cur, err := b.current(ctx, caller, id)
	if err != nil {
		return nil, err
	}
	return cur.client, nil
}

// A current is the newest version of a client, opened, with what the next one is made from.
type current struct {
	book   *openBook
	client *clientbook.Client
	key    *vault.DataKey
	hash   clientbook.Hash
}

func (b *Books) current(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) (*current, error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return nil, err
	}
	var number int64
	cur := &current{}
	if err := b.store.View(ctx, func(r clientbook.Reader) error {
		st, err := r.Current(caller.Book, id)
		if err != nil {
			return err
		}
		if number, cur.hash = st.Settings, st.Hash; st.Action == clientbook.ActionDelete {
			return clientbook.NotFound(clientbook.ReasonClient)
		}
		if cur.client, cur.key, err = ob.opened(&st); err == nil && caller.Kind != 0 && cur.client.Kind() != caller.Kind {
			err = clientbook.NotFound(clientbook.ReasonClient)
		}
		return err
	}); err != nil {
		return nil, err
	}
	cur.book, err = b.upToDate(ctx, ob, caller, number)
	return cur, err
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// opened gives the record that a version seals.
func (ob *openBook) opened(st *clientbook.Stored) (*clientbook.Client, *vault.DataKey, error) {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	c := &clientbook.Client{ID: st.Client, Version: st.Number, Updated: st.Time}
	key, err := ob.vault.DataKey(st.Client, st.Key)
	if err == nil {
		*buf, err = key.Open((*buf)[:0], st.Body, st.Number)
	}
	if err == nil {
		_, err = record.Decode(*buf, c)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("client %s version %d: %w", st.Client, st.Number, err)
	}
	return c, key, nil
}

// FindClient gives the id of the client with that number, or with that key from the system that it came from. KindNotFound with
// ReasonClient if there is none; the client may be deleted.
func (b *Books) FindClient(ctx context.Context, caller clientbook.Caller, ref string) (id clientbook.ClientID, err error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return id, err
	}
	err = b.store.View(ctx, func(r clientbook.Reader) (err error) {
		for _, kind := range [...]clientbook.ClaimKind{clientbook.ClaimNumber, clientbook.ClaimForeignKey} {
			var held bool
			if id, held, err = r.ClaimHolder(caller.Book, ob.vault.Claim(kind, ref)); err != nil || held {
				return err
			}
		}
		return clientbook.NotFound(clientbook.ReasonClient)
	})
	return id, err
}

// A ruling is the rules of one write, and the clients that it links to.
type ruling struct {
	clientbook.Rules
	linked map[clientbook.ClientID]bool
}

// ruling gives the rules of a write at now.
func (b *Books) ruling(ctx context.Context, caller clientbook.Caller, ob *openBook, now time.Time) *ruling {
	r := &ruling{Rules: clientbook.Rules{Settings: ob.settings, Now: now}}
	r.Client = func(ref string) (string, bool) {
		id, ok := clientbook.ParseKey(ob.id, ref)
		var err error
		if !ok {
			id, err = b.FindClient(ctx, caller, ref)
		}
		var c *clientbook.Client
		if err == nil {
			c, err = b.Client(ctx, caller, id)
		}
		if err != nil { // a store that is away shows in what follows
			return "", false
		}
		if r.linked == nil {
			r.linked = map[clientbook.ClientID]bool{}
		}
		r.linked[id] = true
		return c.Key(ob.id), true
	}
	return r
}

func (r *ruling) needs() []clientbook.ClientID { return slices.Collect(maps.Keys(r.linked)) }

// CreateClient adds a client as u describes it. KindInvalid with the first field at fault, KindConflict with ReasonClaim if a value is
// another client's.
func (b *Books) CreateClient(ctx context.Context, caller clientbook.Caller, u *clientbook.ClientUpdate) (*clientbook.Client, error) {
	for races, numbers := 0, 0; ; {
		ob, err := b.book(ctx, caller.Book)
		if err != nil {
			return nil, err
		}
		now := b.clock()
		rules := b.ruling(ctx, caller, ob, now)
		c, err := clientbook.NewClient(u, rules.Rules)
		if err != nil {
			return nil, err
		}
		generated := c.Number == "" && c.Person != nil
		change, err := b.creation(ob, caller, c, now)
		if err != nil {
			return nil, err
		}
		change.Need = rules.needs()
		err = b.store.Apply(ctx, change)
		reason, stale := isStale(err)
		switch {
		case err == nil:
			return c, nil
		case generated && isTaken(err, clientbook.ClaimNumber):
			if numbers++; numbers == maxNumbers {
				return nil, &clientbook.Error{Kind: clientbook.KindBusy, Field: clientbook.FieldNumber, Reason: clientbook.ReasonExhausted}
			}
		case !stale || races == maxRaces:
			return nil, raced(ob.refused(err, c))
		default:
			if races++; reason == clientbook.ReasonSettings {
				if _, err := b.reload(ctx, caller.Book); err != nil {
					return nil, err
				}
			}
		}
	}
}

// creation decides what the book adds to a new client, and gives the change that creates it.
func (b *Books) creation(ob *openBook, caller clientbook.Caller, c *clientbook.Client, now time.Time) (*clientbook.Change, error) {
	var err error
	if c.ID, err = clientbook.NewClientID(now, b.random); err != nil {
		return nil, err
	}
	c.Version, c.Created, c.Updated = 1, now, now
	if c.Number == "" && c.Person != nil {
		pattern := ob.settings.NumberPattern
		if t := ob.settings.ClientType(string(c.ClientType)); t != nil && t.NumberPattern != "" {
			pattern = t.NumberPattern
		}
		if c.Number, err = pattern.Generate(b.random); err != nil {
			return nil, err
		}
	}
	if err := b.children(ob, caller, c); err != nil {
		return nil, err
	}
	key, wrapped, err := ob.vault.NewDataKey(c.ID)
	if err != nil {
		return nil, err
	}
	change, err := ob.change(caller, &current{key: key}, c)
	if err != nil {
		return nil, err
	}
	change.Key = wrapped
	return change, nil
}

// UpdateClient changes a client as u says and gives it as it is afterwards. An update that changes nothing stores nothing. KindNotFound
// if there is no such client, KindInvalid with the first field at fault, KindConflict with ReasonClaim if a value is another client's.
func (b *Books) UpdateClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID, u *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return b.write(ctx, caller, id, func(old *clientbook.Client, r clientbook.Rules) (*clientbook.Client, error) { return old.With(u, r) })
}

// DeleteClient deletes a client: what is left of it is its history and its number. KindNotFound if there is no such client, KindConflict
// with ReasonReferred if others link to it.
func (b *Books) DeleteClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) error {
	_, err := b.write(ctx, caller, id, func(old *clientbook.Client, _ clientbook.Rules) (*clientbook.Client, error) { return old.Deleted() })
	return err
}

// write decides the next version of a client and stores it, again and again while others are faster.
func (b *Books) write(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID,
	decide func(*clientbook.Client, clientbook.Rules) (*clientbook.Client, error)) (*clientbook.Client, error) {
	stripe := &b.stripes[(uint(id[10])<<8|uint(id[11]))%uint(len(b.stripes))]
	stripe.Lock()
	defer stripe.Unlock()
	for races := 0; ; races++ {
		next, err := b.attempt(ctx, caller, id, decide)
		if err == nil {
			return next, nil
		}
		if _, stale := isStale(err); !stale || races == maxRaces {
			return nil, raced(err)
		}
		select {
		case <-ctx.Done():
			return nil, clientbook.Busy(clientbook.ReasonContention, ctx.Err())
		case <-time.After(rand.N(time.Millisecond << races)):
		}
	}
}

// attempt decides the next version of a client once and stores it.
func (b *Books) attempt(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID,
	decide func(*clientbook.Client, clientbook.Rules) (*clientbook.Client, error)) (*clientbook.Client, error) {
	cur, err := b.current(ctx, caller, id)
	if err != nil {
		return nil, err
	}
	now := b.clock()
	if least := cur.client.Updated.Add(time.Millisecond); now.Before(least) { // the clock was set back
		now = least
	}
	rules := b.ruling(ctx, caller, cur.book, now)
	next, err := decide(cur.client, rules.Rules)
	if err != nil {
		return nil, err
	}
	if same(cur.client, next) {
		return cur.client, nil
	}
	next.Version++
	next.Updated = now
	if err := b.children(cur.book, caller, next); err != nil {
		return nil, err
	}
	change, err := cur.book.change(caller, cur, next)
	if err != nil {
		return nil, err
	}
	change.Need = rules.needs()
	if err := b.store.Apply(ctx, change); err != nil {
		return nil, cur.book.refused(err, next)
	}
	return next, nil
}

// isTaken says whether a change was refused because of a claim of that kind.
func isTaken(err error, k clientbook.ClaimKind) bool {
	e, ok := errors.AsType[*clientbook.Error](err)
	return ok && e.Kind == clientbook.KindConflict && e.Claim.Kind == k
}

// refused gives the error of a refused change as what a caller should make of it.
func (ob *openBook) refused(err error, next *clientbook.Client) error {
	if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Kind == clientbook.KindConflict && e.Reason == clientbook.ReasonClaim {
		return ob.taken(e, next)
	}
	return err
}

// raced gives the error of a write that lost too many races as what a caller should make of it.
func raced(err error) error {
	if _, stale := isStale(err); stale {
		return clientbook.Busy(clientbook.ReasonContention, err)
	}
	return err
}

// same says whether two records hold the same, their version and its time aside.
func same(x, y *clientbook.Client) bool {
	px, py := buffers.Get().(*[]byte), buffers.Get().(*[]byte)
	defer func() { buffers.Put(px); buffers.Put(py) }()
	*px, *py = record.Append((*px)[:0], x, ""), record.Append((*py)[:0], y, "")
	return bytes.Equal(*px, *py)
}
