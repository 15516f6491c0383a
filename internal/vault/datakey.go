package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"clientbook"
)

const dataKeyBytes = 32

// A DataKey is the key that all bodies and messages of one client are sealed with: AES-256-GCM. It may be used from many goroutines.
type DataKey struct {
	vault  *Vault
	client clientbook.ClientID
	aead   cipher.AEAD // makes its own nonce and puts it in front
}

// NewDataKey makes the key of a new client, and wraps it for the store.
func (v *Vault) NewDataKey(c clientbook.ClientID) (k *DataKey, wrapped []byte, err error) {
	var secret [dataKeyBytes]byte
	rand.Read(secret[:]) // ends the program rather than fail
	if k, err = v.dataKey(c, secret[:]); err != nil {
		return nil, nil, fmt.Errorf("new data key of client %s: %w", c, err)
	}
	p := v.place()
	defer v.places.Put(p)
	if wrapped, err = v.sealing.Encrypt(secret[:], p.key(v.book, c)); err != nil {
		return nil, nil, fmt.Errorf("new data key of client %s: wrap: %w", c, err)
	}
	return k, wrapped, nil
}

// DataKey opens the key of a client of this book.
func (v *Vault) DataKey(c clientbook.ClientID, wrapped []byte) (*DataKey, error) {
	p := v.place()
	defer v.places.Put(p)
	secret, err := v.sealing.Decrypt(wrapped, p.key(v.book, c))
	if err != nil {
		return nil, fmt.Errorf("open data key of client %s: %w", c, errOpen)
	}
	k, err := v.dataKey(c, secret)
	if err != nil {
		return nil, fmt.Errorf("open data key of client %s: %w", c, err)
	}
	return k, nil
}

func (v *Vault) dataKey(c clientbook.ClientID, secret []byte) (*DataKey, error) {
	if len(secret) != dataKeyBytes {
		return nil, errKeyType
	}
	b, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	a, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		return nil, err
	}
	return &DataKey{v, c, a}, nil
}

// Seal appends the sealed body of a version to dst: 12 random bytes of nonce, the ciphertext, 16 bytes of tag. Versions start at 1.
func (k *DataKey) Seal(dst, plaintext []byte, version int64) ([]byte, error) {
	if version < 1 {
		return nil, fmt.Errorf("seal body of client %s: there is no version %d", k.client, version)
	}
	p := k.vault.place()
	defer k.vault.places.Put(p)
	return k.aead.Seal(dst, nil, plaintext, p.body(k.vault.book, k.client, version)), nil
}

// Open appends to dst what Seal was given for that version.
func (k *DataKey) Open(dst, sealed []byte, version int64) ([]byte, error) {
	p := k.vault.place()
	defer k.vault.places.Put(p)
	b, err := k.aead.Open(dst, nil, sealed, p.body(k.vault.book, k.client, version))
	if err != nil {
		return nil, fmt.Errorf("open body of client %s, version %d: %w", k.client, version, errOpen)
	}
	return b, nil
}

// SealMessage seals what a message about the client says, in the form of a body.
func (k *DataKey) SealMessage(id clientbook.MessageID, plaintext []byte) ([]byte, error) {
	if id == (clientbook.MessageID{}) {
		return nil, fmt.Errorf("seal message about client %s: it has no id", k.client)
	}
	p := k.vault.place()
	defer k.vault.places.Put(p)
	return k.aead.Seal(nil, nil, plaintext, p.message(k.vault.book, k.client, id)), nil
}

// OpenMessage gives what SealMessage was given for that message.
func (k *DataKey) OpenMessage(id clientbook.MessageID, sealed []byte) ([]byte, error) {
	p := k.vault.place()
	defer k.vault.places.Put(p)
	b, err := k.aead.Open(nil, nil, sealed, p.message(k.vault.book, k.client, id))
	if err != nil {
		return nil, fmt.Errorf("open message %s about client %s: %w", id, k.client, errOpen)
	}
	return b, nil
}
