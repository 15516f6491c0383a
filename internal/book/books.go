// Package book holds the use cases of the client master: it opens books, decides writes under their rules and settings, seals records,
// makes tokens and claims, and hands finished changes to the store. Dialects call it; it knows none of them.
package book

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/record"
	"clientbook/internal/vault"
)

// Options are what tests choose; the zero value is right for everybody else.
type Options struct {
	Now    func() time.Time // nil: the system's clock
	Random io.Reader        // of ids and numbers, not of keys; nil: the system's
	Pause  time.Duration    // between transactions of the background while it has much to do; 0: none
}

// Books is every book of one store, open to those who hold an API key. Its methods may be called from many goroutines.
type Books struct {
	store  clientbook.Store
	root   *vault.Root
	now    func() time.Time
	random io.Reader

	mu         sync.RWMutex
	open       map[clientbook.BookID]*openBook
	callers    map[[32]byte]signedIn        // by the digest of the key
	searches   map[clientbook.BookID]*turns // of those who open many records
	pause      time.Duration                // of background
	background background
	stripes    [1024]sync.Mutex // orders the writes to one client
}

// An openBook is a book's keys, and its settings as they were when their number was read.
type openBook struct {
	id       clientbook.BookID
	vault    *vault.Vault
	number   int64
	settings *clientbook.Settings
	made     int64 // number of the change that made the settings, 0 for none
}

// A signedIn is a credential that was valid when the book's settings had that number.
type signedIn struct {
	caller clientbook.Caller
	number int64
}

// New gives the books of a store whose keys root opens.
func New(store clientbook.Store, root *vault.Root, o Options) *Books {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return &Books{
		store: store, root: root, now: o.Now, random: o.Random, pause: o.Pause,
		open: map[clientbook.BookID]*openBook{}, callers: map[[32]byte]signedIn{}, searches: map[clientbook.BookID]*turns{},
	}
}

// Settings gives the settings of the caller's book. Nobody may write to them.
func (b *Books) Settings(ctx context.Context, caller clientbook.Caller) (*clientbook.Settings, error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return nil, err
	}
	return ob.settings, nil
}

// book gives an open book, opening it at its first use.
func (b *Books) book(ctx context.Context, id clientbook.BookID) (*openBook, error) {
	b.mu.RLock()
	ob := b.open[id]
	b.mu.RUnlock()
	if ob != nil {
		return ob, nil
	}
	return b.reload(ctx, id)
}

// reload reads a book's settings, and opens its keys if they are not open yet.
func (b *Books) reload(ctx context.Context, id clientbook.BookID) (*openBook, error) {
	var row clientbook.Book
	var set clientbook.SettingsSet
	if err := b.store.View(ctx, func(r clientbook.Reader) (err error) {
		if row, err = r.Book(id); err != nil {
			return err
		}
		set, err = r.Settings(id)
		if clientbook.KindOf(err) == clientbook.KindNotFound {
			err = nil
		}
		return err
	}); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	old := b.open[id]
	if old != nil && old.number >= row.Settings {
		return old, nil
	}
	ob, err := b.openBook(&row, &set, old)
	if err != nil {
		return nil, fmt.Errorf("open book %s: %w", id, err)
	}
	b.open[id] = ob
	return ob, nil
}

// openBook opens what was read of a book; what has not changed is taken from old, unless that is nil.
func (b *Books) openBook(row *clientbook.Book, set *clientbook.SettingsSet, old *openBook) (ob *openBook, err error) {
	ob = &openBook{id: row.ID, number: row.Settings, made: set.Number}
	if old != nil {
		ob.vault = old.vault
	} else if ob.vault, err = b.root.OpenBook(row.ID, row.Keys); err != nil {
		return nil, err
	}
	switch {
	case set.Number == 0:
		ob.settings = clientbook.DefaultSettings()
	case old != nil && old.made == set.Number:
		ob.settings = old.settings
	default:
		ob.settings, err = ob.openSettings(set)
	}
	return ob, err
}

// openSettings gives what a set of settings seals.
func (ob *openBook) openSettings(set *clientbook.SettingsSet) (*clientbook.Settings, error) {
	plain, err := ob.vault.OpenSettings(set.Number, set.Sealed)
	if err != nil {
		return nil, err
	}
	s, _, _, err := record.DecodeSettings(plain)
	return s, err
}

// upToDate gives the book as of the settings number that was read with a record, and checks the caller again if that number was news:
// its credential may be revoked.
func (b *Books) upToDate(ctx context.Context, ob *openBook, caller clientbook.Caller, number int64) (*openBook, error) {
	if number == ob.number {
		return ob, nil
	}
	ob, err := b.reload(ctx, ob.id)
	if err != nil {
		return nil, err
	}
	return ob, b.store.View(ctx, func(r clientbook.Reader) error {
		c, err := r.Credential(caller.Credential)
		if err != nil || !c.Revoked.IsZero() {
			return unauthorized
		}
		return nil
	})
}

// clock gives the time as stores keep it.
func (b *Books) clock() time.Time { return clientbook.Cut(b.now()) }
