package keeper

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

const kindPassphrase = "passphrase"

// minPassphrase is the fewest characters that a passphrase may have.
const minPassphrase = 12

// A passphrase is what a person knows. Argon2id makes an AES-256-GCM key of it.
type passphrase struct {
	ask func() (string, error)
}

func newPassphrase(ask func(prompt string) (string, error)) *passphrase {
	return &passphrase{ask: sync.OnceValues(func() (string, error) {
		s, err := ask("Passphrase: ")
		if err != nil {
			return "", fmt.Errorf("passphrase: %w", err)
		}
		if utf8.RuneCountInString(s) < minPassphrase {
			return "", fmt.Errorf("passphrase: it must have %d characters or more", minPassphrase)
		}
		return s, nil
	})}
}

func (p *passphrase) Kind() string                 { return kindPassphrase }
func (p *passphrase) String() string               { return "passphrase" }
func (p *passphrase) Ready() (bool, error)         { return true, nil }
func (p *passphrase) Create(context.Context) error { return nil }

func (p *passphrase) Wrap(_ context.Context, secret []byte) ([]byte, error) {
	h := header{passes: 3, kibibytes: 64 << 10, threads: 2}
	rand.Read(h.salt[:]) // ends the program rather than fail
	a, err := p.aead(&h)
	if err != nil {
		return nil, err
	}
	b := h.append(nil)
	return a.Seal(b, nil, secret, append([]byte(rootData), b...)), nil
}

func (p *passphrase) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	h, err := parseHeader(wrapped)
	if err != nil {
		return nil, err
	}
	a, err := p.aead(h)
	if err != nil {
		return nil, err
	}
	secret, err := a.Open(nil, nil, wrapped[headerBytes:], append([]byte(rootData), wrapped[:headerBytes]...))
	if err != nil {
		return nil, errors.New("the passphrase is not the one that this data was sealed with: start again and type that one")
	}
	return secret, nil
}

// aead gives the cipher of the passphrase, which makes its own nonce and puts it in front.
func (p *passphrase) aead(h *header) (cipher.AEAD, error) {
	s, err := p.ask()
	if err != nil {
		return nil, err
	}
	b, err := aes.NewCipher(argon2.IDKey([]byte(s), h.salt[:], h.passes, h.kibibytes, h.threads, 32))
	if err != nil {
		return nil, fmt.Errorf("passphrase: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(b)
}

// A header stands in front of what a passphrase wrapped and is authenticated with it: how the key was made.
type header struct {
	passes    uint32
	kibibytes uint32
	threads   uint8
	salt      [16]byte
}

// headerFormat begins every header.
const headerFormat = 1

const headerBytes = 1 + 4 + 4 + 1 + 16

func (h *header) append(b []byte) []byte {
	b = append(b, headerFormat)
	b = binary.BigEndian.AppendUint32(b, h.passes)
	b = binary.BigEndian.AppendUint32(b, h.kibibytes)
	return append(append(b, h.threads), h.salt[:]...)
}

// The most that a header may ask for, some seconds of work: whoever can write the database must not be able to make a server take all of
// its machine.
const (
	maxPasses    = 10
	maxKibibytes = 256 << 10
	maxThreads   = 8
)

func parseHeader(b []byte) (*header, error) {
	if len(b) < headerBytes {
		return nil, errors.New("passphrase: what the database keeps of it is damaged: restore a backup")
	}
	h := &header{
		passes: binary.BigEndian.Uint32(b[1:]), kibibytes: binary.BigEndian.Uint32(b[5:]), threads: b[9], salt: [16]byte(b[10:headerBytes]),
	}
	if b[0] != headerFormat || h.passes < 1 || h.passes > maxPasses || h.kibibytes > maxKibibytes || h.threads < 1 || h.threads > maxThreads {
		return nil, errors.New("passphrase: what the database keeps of it is damaged, or a newer program's: restore a backup, or use that program")
	}
	return h, nil
}
