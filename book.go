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
	Keys     BookKeys // the book's own keys, wrapped
}

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

// Settings are what a book's institution decided, or DefaultSettings where it decided nothing.
type Settings struct {
	NumberPattern NumberPattern
	InitialState  State
	Language      Language
	MetadataKeys  int // most keys that a client's metadata may have
	ClientType    DefinitionKey
}

// DefaultSettings are those of a book whose institution decided nothing.
func DefaultSettings() Settings {
	return Settings{
		NumberPattern: "#########",
		InitialState:  StateInactive,
		Language:      "ENGLISH",
		MetadataKeys:  20,
		ClientType:    "d9df8bc78a0234ccc934a845c", // the key in Mambu's own example of a create
	}
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
	Dialect    string // the wire it speaks
	Claim      string // the name it says it acts for, "" if it says none; sealed with the version, never checked
}
