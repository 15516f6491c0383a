package clientbook

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Action says what a version did to the client.
type Action string

// The actions, as stored.
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionDelete Action = "delete"

	// Steps of the state that somebody is told of; what else the write changed comes with them.
	ActionApprove Action = "approve"
	ActionReject  Action = "reject"
)

// A Hash links a version to its predecessor: HMAC-SHA256 under the book's chain key.
type Hash [32]byte

// A Digest is the first half of the SHA-256 of a head's clear columns.
type Digest [16]byte

// A Version is one accepted write of one client, as the store keeps it.
type Version struct {
	Client     ClientID
	Number     int64
	Time       time.Time
	Credential CredentialID
	Dialect    string
	Action     Action
	Head       Digest // of the head that this version made
	Hash       Hash
	Body       []byte // the record, sealed
}

// A Head is what of a client's newest version stands in the clear, so that lists can be cut and counted without opening anything.
type Head struct {
	Client   ClientID
	Version  int64
	Kind     ClientKind
	State    State
	Type     DefinitionKey
	Branch   DefinitionKey
	Centre   DefinitionKey
	User     DefinitionKey
	Present  FieldSet
	Metadata int // number of metadata entries
	Tokens   int // number of tokens; it follows from the record, and is not in the digest
	Created  time.Time
	Updated  time.Time
	Approved time.Time // zero if never
	Activated,
	Closed time.Time
	Digest Digest // of all of the above
}

// NewHead gives the head of c. Of a deleted client only what the book's order and the number's claim need is left.
func NewHead(c *Client) Head {
	h := Head{
		Client: c.ID, Version: c.Version, Kind: c.Kind(), State: c.State, Type: c.ClientType, Branch: c.Branch, Centre: c.Centre, User: c.User,
		Present: c.Present(), Metadata: len(c.Metadata),
		Created: c.Created, Updated: c.Updated, Approved: c.Approved, Activated: c.Activated, Closed: c.Closed,
	}
	if c.State == StateDeleted {
		h.Present &= FieldSet(0).With(FieldNumber)
		h.Metadata = 0
	}
	h.Digest = h.Sum()
	return h
}

// Sum computes the digest of the head's other columns, Tokens aside.
func (h *Head) Sum() Digest {
	b := make([]byte, 0, 192)
	b = append(b, h.Client[:]...)
	b = binary.AppendVarint(b, h.Version)
	b = append(b, byte(h.Kind), byte(h.State))
	for _, k := range [...]DefinitionKey{h.Type, h.Branch, h.Centre, h.User} {
		b = binary.AppendUvarint(b, uint64(len(k)))
		b = append(b, k...)
	}
	b = binary.AppendUvarint(b, uint64(h.Present))
	b = binary.AppendVarint(b, int64(h.Metadata))
	for _, t := range [...]time.Time{h.Created, h.Updated, h.Approved, h.Activated, h.Closed} {
		b = binary.AppendVarint(b, Millis(t))
	}
	sum := sha256.Sum256(b)
	return Digest(sum[:16])
}

// Millis gives t as stores keep it: milliseconds since 1970, or 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the inverse of Millis.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// TokenKind says what of a value a token is made from.
type TokenKind uint8

// The token kinds, as stored.
const (
	ExactToken  TokenKind = 0 // the value byte for byte
	FoldedToken TokenKind = 1 // the value without letter case and outer space; only where that differs from the value, custom fields aside
	MonthToken  TokenKind = 2 // year and month of a date
	PrefixToken TokenKind = 3 // the first three letters, folded
)

// A Token is a keyed digest of one value of one field: one byte of key generation and 15 bytes of HMAC-SHA256.
type Token struct {
	Field Field
	Kind  TokenKind
	Value [16]byte
}

// Index gives the number under which stores keep tokens of that field and kind: the kind in the two highest bits, then the field.
func (t Token) Index() uint8 { return uint8(t.Kind)<<6 | uint8(t.Field) }

// ClaimKind says what a claim is about.
type ClaimKind uint8

// The claim kinds, as stored. A deleted client keeps its number's claim, so that the number is never given again, and no other.
const (
	ClaimNumber           ClaimKind = 1 // the client number
	ClaimForeignKey       ClaimKind = 2 // the key in the system that the client came from
	ClaimFieldValue       ClaimKind = 3 // custom field and value, of unique fields
	ClaimIDDocument       ClaimKind = 4 // this and the following are of duplicate rules
	ClaimHomePhone        ClaimKind = 5
	ClaimMobilePhone      ClaimKind = 6
	ClaimEmail            ClaimKind = 7
	ClaimName             ClaimKind = 8
	ClaimNameAndBirthDate ClaimKind = 9
)

// ClaimKinds lists the claim kinds.
var ClaimKinds = []ClaimKind{
	ClaimNumber, ClaimForeignKey, ClaimFieldValue, ClaimIDDocument, ClaimHomePhone, ClaimMobilePhone, ClaimEmail, ClaimName, ClaimNameAndBirthDate,
}

// A Claim is a value that at most one client of a book may hold, as a keyed digest made like a token.
type Claim struct {
	Kind  ClaimKind
	Value [16]byte
}

// A TallyKey says what is counted: a field's number, then the value (the kind or state as one byte, or 16 bytes of token).
// The key of the clients altogether is one zero byte.
type TallyKey string

// TallyAll counts every client that is not deleted.
const TallyAll TallyKey = "\x00"

// TallyOfKind counts the clients of one kind.
func TallyOfKind(k ClientKind) TallyKey { return TallyKey([]byte{byte(FieldKind), byte(k)}) }

// TallyOfState counts the clients in one state.
func TallyOfState(s State) TallyKey { return TallyKey([]byte{byte(FieldState), byte(s)}) }

// TallyOf counts the clients with one value of a field that has few.
func TallyOf(t Token) TallyKey {
	b := make([]byte, 0, 1+len(t.Value))
	return TallyKey(append(append(b, byte(t.Field)), t.Value[:]...))
}

// A Tally is the number of clients that were created on one day and have one property, or a change of that number.
type Tally struct {
	Key   TallyKey
	Day   int32 // as DayOf gives it
	Count int64
}

// A Change is one decided write, ready to be applied whole.
type Change struct {
	Book     BookID
	Settings int64 // number of the settings under which it was decided
	Version  Version
	Head     Head
	Key      []byte // the wrapped data key; with the first version only
	Add      []Token
	Drop     []Token
	Take     []Claim
	Release  []Claim    // what of it the client does not hold is passed over
	Need     []ClientID // clients that must be there and not be deleted
	Forbid   []Token    // tokens that no client may have
	Tallies  []Tally
}
