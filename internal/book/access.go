package book

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"clientbook"
)

var unauthorized = &clientbook.Error{Kind: clientbook.KindUnauthorized, Reason: clientbook.ReasonCredential}

// Authenticate gives the caller that an API key stands for; Dialect and Claim are the dialect's to set. KindUnauthorized for every key
// that is malformed, unknown or revoked. A key that is not known yet is looked up, whatever was known before.
func (b *Books) Authenticate(ctx context.Context, key string) (clientbook.Caller, error) {
	hash := sha256.Sum256([]byte(key))
	b.mu.RLock()
	known, ok := b.callers[hash]
	if ok {
		ob := b.open[known.caller.Book]
		ok = ob != nil && ob.number == known.number
	}
	b.mu.RUnlock()
	if ok {
		return known.caller, nil
	}
	return b.lookUp(ctx, key, hash)
}

func (b *Books) lookUp(ctx context.Context, key string, hash [32]byte) (clientbook.Caller, error) {
	k, ok := parseAPIKey(key)
	if !ok {
		return clientbook.Caller{}, unauthorized
	}
	var row clientbook.Book
	err := b.store.View(ctx, func(r clientbook.Reader) error {
		c, err := r.Credential(k.credential)
		if err == nil {
			row, err = r.Book(k.book)
		}
		switch {
		case clientbook.KindOf(err) == clientbook.KindNotFound:
			return unauthorized
		case err != nil:
			return err
		case subtle.ConstantTimeCompare(c.Hash[:], hash[:]) != 1 || !c.Revoked.IsZero() || c.Book != row.ID || k.mode != row.Mode:
			return unauthorized
		}
		return nil
	})
	if err != nil {
		return clientbook.Caller{}, err
	}
	ob, err := b.book(ctx, k.book)
	if err == nil && ob.number < row.Settings {
		ob, err = b.reload(ctx, k.book)
	}
	if err != nil {
		return clientbook.Caller{}, err
	}
	caller := clientbook.Caller{Book: k.book, Credential: k.credential}
	if ob.number == row.Settings {
		b.mu.Lock()
		b.callers[hash] = signedIn{caller, row.Settings}
		b.mu.Unlock()
	}
	return caller, nil
}

// A KeyInfo is what may be told of an API key.
type KeyInfo struct {
	ID      string
	Book    string
	Mode    clientbook.Mode
	Created time.Time
	Revoked time.Time // zero while it is valid
}

// CreateKey makes an API key for the book of that name and mode, and the book if it is new. The key is told this once.
func (b *Books) CreateKey(ctx context.Context, name string, mode clientbook.Mode) (string, error) {
	if !clientbook.ValidBookName(name) || !mode.Valid() {
		return "", &clientbook.Error{Kind: clientbook.KindInvalid, Param: "book", Reason: clientbook.ReasonCharacters,
			Detail: "a book's name is 1 to 64 letters, digits, dots, dashes and underscores, its mode test or live"}
	}
	k := apiKey{mode: mode}
	for _, p := range [][]byte{k.credential[:], k.secret[:]} {
		rand.Read(p)
	}
	err := b.store.Update(ctx, func(tx clientbook.Tx) error {
		row, err := findBook(tx, name, mode)
		if clientbook.KindOf(err) == clientbook.KindNotFound {
			var id [4]byte
			for k.book == 0 {
				rand.Read(id[:])
				k.book = clientbook.BookID(binary.BigEndian.Uint32(id[:]))
			}
			row, err = b.addBook(tx, k.book, name, mode)
		}
		if err != nil {
			return err
		}
		k.book = row.ID
		return tx.AddCredential(b.credential(k))
	})
	if err != nil {
		return "", err
	}
	return k.String(), b.afterChange(ctx, k.book)
}

// AdoptKey makes a test key that CreateKey made elsewhere valid here. Its book, which is named test, is made if it is new.
func (b *Books) AdoptKey(ctx context.Context, key string) error {
	const name = "test"
	k, ok := parseAPIKey(key)
	if !ok || k.mode != clientbook.ModeTest {
		return &clientbook.Error{Kind: clientbook.KindInvalid, Param: "key", Reason: clientbook.ReasonCredential, Detail: "not a test key that `clientbook key create` made"}
	}
	err := b.store.Update(ctx, func(tx clientbook.Tx) error {
		row, err := findBook(tx, name, k.mode)
		if clientbook.KindOf(err) == clientbook.KindNotFound {
			row, err = b.addBook(tx, k.book, name, k.mode)
		}
		if err != nil {
			return err
		}
		if row.ID != k.book {
			return &clientbook.Error{Kind: clientbook.KindConflict, Param: "key", Reason: clientbook.ReasonBook, Detail: "the book named test here is not the one that this key is for"}
		}
		want := b.credential(k)
		have, err := tx.Credential(k.credential)
		switch {
		case clientbook.KindOf(err) == clientbook.KindNotFound:
			return tx.AddCredential(want)
		case err != nil:
			return err
		case have.Hash != want.Hash || !have.Revoked.IsZero():
			return &clientbook.Error{Kind: clientbook.KindConflict, Param: "key", Reason: clientbook.ReasonCredential, Detail: "this key was revoked"}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.afterChange(ctx, k.book)
}

// Keys gives all API keys, by book and mode, oldest first.
func (b *Books) Keys(ctx context.Context) (keys []KeyInfo, err error) {
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		books, err := r.Books()
		if err != nil {
			return err
		}
		byID := map[clientbook.BookID]clientbook.Book{}
		for _, row := range books {
			byID[row.ID] = row
		}
		creds, err := r.Credentials()
		for _, c := range creds {
			row := byID[c.Book]
			keys = append(keys, KeyInfo{ID: c.ID.String(), Book: row.Name, Mode: row.Mode, Created: c.Created, Revoked: c.Revoked})
		}
		return err
	})
	slices.SortStableFunc(keys, func(x, y KeyInfo) int { return cmp.Or(cmp.Compare(x.Book, y.Book), cmp.Compare(x.Mode, y.Mode)) })
	return keys, err
}

// RevokeKey ends an API key from the next request on. KindNotFound if there is none of that id.
func (b *Books) RevokeKey(ctx context.Context, id string) error {
	cid, ok := clientbook.ParseCredentialID(id)
	if !ok {
		return clientbook.NotFound(clientbook.ReasonCredential)
	}
	var c clientbook.Credential
	err := b.store.Update(ctx, func(tx clientbook.Tx) (err error) {
		if c, err = tx.Credential(cid); err != nil {
			return err
		}
		return tx.RevokeCredential(cid, b.clock())
	})
	if err != nil {
		return err
	}
	return b.afterChange(ctx, c.Book)
}

// afterChange lets this process see at once what it changed in a book's settings or credentials.
func (b *Books) afterChange(ctx context.Context, id clientbook.BookID) error {
	_, err := b.reload(ctx, id)
	return err
}

func (b *Books) credential(k apiKey) clientbook.Credential {
	return clientbook.Credential{ID: k.credential, Book: k.book, Hash: sha256.Sum256([]byte(k.String())), Created: b.clock()}
}

func (b *Books) addBook(tx clientbook.Tx, id clientbook.BookID, name string, mode clientbook.Mode) (clientbook.Book, error) {
	keys, err := b.root.NewBook(id)
	if err != nil {
		return clientbook.Book{}, err
	}
	row := clientbook.Book{ID: id, Name: name, Mode: mode, Created: b.clock(), Settings: 1, Indexed: clientbook.IndexLevel, Keys: keys}
	return row, tx.AddBook(row)
}

// findBook gives the book of that name and mode. KindNotFound with ReasonBook if there is none.
func findBook(r clientbook.BookReader, name string, mode clientbook.Mode) (clientbook.Book, error) {
	books, err := r.Books()
	if err != nil {
		return clientbook.Book{}, err
	}
	i := slices.IndexFunc(books, func(row clientbook.Book) bool { return row.Name == name && row.Mode == mode })
	if i < 0 {
		return clientbook.Book{}, clientbook.NotFound(clientbook.ReasonBook)
	}
	return books[i], nil
}

// isStale says whether a change must be decided again, and why: also because a client that it links to was deleted meanwhile.
func isStale(err error) (reason string, stale bool) {
	e, ok := errors.AsType[*clientbook.Error](err)
	if !ok || e.Kind != clientbook.KindStale && (e.Kind != clientbook.KindConflict || e.Reason != clientbook.ReasonFieldLink) {
		return "", false
	}
	return e.Reason, true
}
