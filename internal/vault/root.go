// Package vault holds the keys of one book while they are open: it wraps the clients' data keys, seals bodies, messages and settings, makes
// tokens and links versions. Tink keeps the books' keys and the root key that wraps them; what a client's own key seals is plain AES-GCM of
// the standard library.
package vault

import (
	"bytes"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkprf "github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"clientbook"
)

// A Root is the key that wraps the keys of every book. It is never stored but wrapped by a keeper.
type Root struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// NewRoot makes a root of one AES-256-GCM key.
func NewRoot() (*Root, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("new root key: %w", err)
	}
	return newRoot(h)
}

// ParseRoot reads what Secret gave.
func ParseRoot(secret []byte) (*Root, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(secret)))
	if err != nil {
		return nil, fmt.Errorf("read root key: %w", err)
	}
	return newRoot(h)
}

func newRoot(h *keyset.Handle) (*Root, error) {
	a, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("root key: %w", err)
	}
	return &Root{h, a}, nil
}

// Secret gives the root as a Tink keyset in the clear, for a keeper to wrap and nobody else.
func (r *Root) Secret() ([]byte, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(r.handle, keyset.NewBinaryWriter(&b)); err != nil {
		return nil, fmt.Errorf("write root key: %w", err)
	}
	return b.Bytes(), nil
}

// NewBook makes the keys of a new book.
func (r *Root) NewBook(book clientbook.BookID) (clientbook.BookKeys, error) {
	var k clientbook.BookKeys
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return k, fmt.Errorf("new book %s: sealing key: %w", book, err)
	}
	tokens, err := newGeneration()
	if err != nil {
		return k, fmt.Errorf("new book %s: token key: %w", book, err)
	}
	chain, err := keyset.NewHandle(tinkprf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return k, fmt.Errorf("new book %s: chain key: %w", book, err)
	}
	for _, p := range [...]struct {
		purpose string
		handle  *keyset.Handle
		to      *[]byte
	}{{purposeSealing, sealing, &k.Sealing}, {purposeTokens, tokens, &k.Tokens}, {purposeChain, chain, &k.Chain}} {
		if *p.to, err = r.wrap(p.handle, p.purpose, book); err != nil {
			return clientbook.BookKeys{}, fmt.Errorf("new book %s: wrap %s: %w", book, p.purpose, err)
		}
	}
	return k, nil
}

// OpenBook opens the keys that NewBook made for that book.
func (r *Root) OpenBook(book clientbook.BookID, k clientbook.BookKeys) (*Vault, error) {
	v := &Vault{book: book}
	for _, p := range [...]struct {
		purpose string
		wrapped []byte
		use     func(*keyset.Handle) error
	}{
		{purposeSealing, k.Sealing, v.setSealing},
		{purposeTokens, k.Tokens, v.setTokens},
		{purposeChain, k.Chain, v.setChain},
	} {
		h, err := r.unwrap(p.wrapped, p.purpose, book)
		if err == nil {
			err = p.use(h)
		}
		if err != nil {
			return nil, fmt.Errorf("open book %s: %s: %w", book, p.purpose, err)
		}
	}
	return v, nil
}

// The purposes of a book's keysets. They stand in the associated data that each is wrapped with, and never change.
const (
	purposeSealing = "sealing key"
	purposeTokens  = "token key"
	purposeChain   = "chain key"
)

func keysetData(purpose string, book clientbook.BookID) []byte {
	return []byte("clientbook " + purpose + " " + book.String())
}

func (r *Root) wrap(h *keyset.Handle, purpose string, book clientbook.BookID) ([]byte, error) {
	var b bytes.Buffer
	err := h.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), r.aead, keysetData(purpose, book))
	return b.Bytes(), err
}

func (r *Root) unwrap(wrapped []byte, purpose string, book clientbook.BookID) (*keyset.Handle, error) {
	return keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), r.aead, keysetData(purpose, book))
}
