package vault

import (
	"errors"
	"fmt"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"clientbook"
)

// A Vault is one book's keys, open. It may be used from many goroutines.
type Vault struct {
	book       clientbook.BookID
	sealing    tink.AEAD
	tokens     *prfKey
	generation byte // of the token key
	chain      *prfKey
	places     sync.Pool // of *place, as each read needs two
}

func (v *Vault) setSealing(h *keyset.Handle) (err error) {
	v.sealing, err = aead.New(h)
	return err
}

func (v *Vault) setTokens(h *keyset.Handle) error {
	k, id, err := newPRFKey(h)
	if err != nil {
		return err
	}
	if id < firstGeneration || id > lastGeneration {
		return fmt.Errorf("key id %d is no generation", id)
	}
	v.tokens, v.generation = k, byte(id)
	return nil
}

func (v *Vault) setChain(h *keyset.Handle) (err error) {
	v.chain, _, err = newPRFKey(h)
	return err
}

var (
	errKeyType = errors.New("a key of another type than this program uses")
	errOpen    = errors.New("sealed under another key or for another place, or damaged")
)
