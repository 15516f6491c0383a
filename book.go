package clientbook

import (
	"strings"
	"time"
)

// Mode tells a book of real clients from one for trying things out.
type Mode string

// The modes, as API keys and the command line spell them.
const (
	ModeTest Mode = "test"
	ModeLive Mode = "live"
)

// Valid says whether m is one of the modes.
func (m Mode) Valid() bool { return m == ModeTest || m == ModeLive }

// A Book is one isolated set of clients with its settings and keys. Name and mode together name it.
type Book struct {
	ID       BookID
	Name     string
	Mode     Mode
	Created  time.Time
	Settings int64    // counts the changes of settings and credentials
	Position int64    // the newest position, 0 while there is no version
	Indexed  int      // the IndexLevel up to which all clients have their tokens
	Keys     BookKeys // the book's own keys, wrapped
}

// IndexLevel counts the kinds of token that records have: 1 exact ones, 2 also folded ones, months and prefixes. Clients written by an
// earlier program get the missing ones when their book is opened.
const IndexLevel = 2

// BookKeys are the wrapped keys of one book: ciphertext that only a keeper's secret opens.
type BookKeys struct {
	Sealing []byte // wraps the clients' data keys, seals what is about no client
	Tokens  []byte // makes tokens and claims
	Chain   []byte // links the versions
}

// ValidBookName says whether s may name a book: 1 to 64 of A-Z a-z 0-9 _ - and dot, not beginning with a dot or dash.
func ValidBookName(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[0] == '-' {
		return false
	}
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == ""
}

// A SettingsSet is what one change of a book's settings made of them.
type SettingsSet struct {
	Book   BookID
	Number int64 // the book's settings number that it made
	Sealed []byte
}

// A Credential is an API key as the store knows it: not the key, but its digest.
type Credential struct {
	ID      CredentialID
	Book    BookID
	Hash    [32]byte // SHA-256 of the whole key; keys are random, so no more is needed
	Created time.Time
	Revoked time.Time // zero while it is valid
}

// A Keeper is one way to open the data: the root key, wrapped under that keeper's secret.
type Keeper struct {
	ID      string // 8 hex digits
	Kind    string // "file" or "passphrase"
	Wrapped []byte
	Created time.Time
}

// A Caller is the credential of a request with its book.
type Caller struct {
	Book       BookID
	Credential CredentialID
	Dialect    string     // the wire it speaks
	Kind       ClientKind // the only kind of client that the dialect shows; 0: both
	Claim      string     // the name it says it acts for, "" if it says none; sealed with the version, never checked
}
