package book

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
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

// Client gives a client of the caller's book. KindNotFound with ReasonClient if there is none, or if it is deleted.
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
		cur.client, cur.key, err = ob.opened(&st)
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

// CreateClient adds a client as u describes it. KindInvalid with the first field at fault.
func (b *Books) CreateClient(ctx context.Context, caller clientbook.Caller, u *clientbook.ClientUpdate) (*clientbook.Client, error) {
	c, err := clientbook.NewClient(u)
	if err != nil {
		return nil, err
	}
	for races, numbers := 0, 0; ; {
		ob, err := b.book(ctx, caller.Book)
		if err != nil {
			return nil, err
		}
		change, err := b.creation(ob, caller, c)
		if err != nil {
			return nil, err
		}
		err = b.store.Apply(ctx, change)
		reason, stale := isStale(err)
		switch {
		case err == nil:
			return c, nil
		case clientbook.KindOf(err) == clientbook.KindConflict: // the number is taken
			if numbers++; numbers == maxNumbers {
				return nil, &clientbook.Error{Kind: clientbook.KindBusy, Field: clientbook.FieldNumber, Reason: clientbook.ReasonExhausted}
			}
		case !stale || races == maxRaces:
			return nil, raced(err)
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
func (b *Books) creation(ob *openBook, caller clientbook.Caller, c *clientbook.Client) (*clientbook.Change, error) {
	now := b.clock()
	var err error
	if c.ID, err = clientbook.NewClientID(now, b.random); err != nil {
		return nil, err
	}
	c.Version, c.Created, c.Updated, c.State = 1, now, now, ob.settings.InitialState
	if c.State == clientbook.StateInactive {
		c.Approved = now
	}
	if c.Person != nil {
		c.ClientType, c.Language = ob.settings.ClientType, ob.settings.Language
		if c.Number, err = ob.settings.NumberPattern.Generate(b.random); err != nil {
			return nil, err
		}
	}
	key, wrapped, err := ob.vault.NewDataKey(c.ID)
	if err != nil {
		return nil, err
	}
	change, err := ob.change(caller, clientbook.ActionCreate, &current{key: key}, c)
	if err != nil {
		return nil, err
	}
	change.Key = wrapped
	return change, nil
}

// UpdateClient changes a client as u says and gives it as it is afterwards. An update that changes nothing stores nothing. KindNotFound
// if there is no such client, KindInvalid with the first field at fault.
func (b *Books) UpdateClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID, u *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return b.write(ctx, caller, id, clientbook.ActionUpdate, func(old *clientbook.Client) (*clientbook.Client, error) { return old.With(u) })
}

// DeleteClient deletes a client: what is left of it is its history and its number. KindNotFound if there is no such client.
func (b *Books) DeleteClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) error {
	_, err := b.write(ctx, caller, id, clientbook.ActionDelete, (*clientbook.Client).Deleted)
	return err
}

// write decides the next version of a client and stores it, again and again while others are faster.
func (b *Books) write(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID, action clientbook.Action,
	decide func(*clientbook.Client) (*clientbook.Client, error)) (*clientbook.Client, error) {
	stripe := &b.stripes[(uint(id[10])<<8|uint(id[11]))%uint(len(b.stripes))]
	stripe.Lock()
	defer stripe.Unlock()
	for races := 0; ; races++ {
		cur, err := b.current(ctx, caller, id)
		if err != nil {
			return nil, err
		}
		next, err := decide(cur.client)
		if err != nil {
			return nil, err
		}
		if same(cur.client, next) {
			return cur.client, nil
		}
		next.Version++
		next.Updated = b.clock()
		if least := cur.client.Updated.Add(time.Millisecond); next.Updated.Before(least) { // the clock was set back
			next.Updated = least
		}
		change, err := cur.book.change(caller, action, cur, next)
		if err == nil {
			err = b.store.Apply(ctx, change)
		}
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
