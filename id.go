package clientbook

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// A ClientID is six bytes of creation time in milliseconds, then six random ones; so ids made later sort later.
// Its text form is 24 lower-case hex digits.
type ClientID [12]byte

// NewClientID makes the id of a client created at t, with random bytes from random.
func NewClientID(t time.Time, random io.Reader) (ClientID, error) {
	var id ClientID
	ms := uint64(t.UnixMilli())
	binary.BigEndian.PutUint16(id[:2], uint16(ms>>32))
	binary.BigEndian.PutUint32(id[2:6], uint32(ms))
	if _, err := io.ReadFull(random, id[6:]); err != nil {
		return id, fmt.Errorf("client id: %w", err)
	}
	return id, nil
}

// ParseClientID reads the text form. What is not exactly 24 lower-case hex digits names no client.
func ParseClientID(s string) (ClientID, bool) {
	var id ClientID
	if len(s) != 2*len(id) {
		return id, false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return id, false
		}
	}
	_, err := hex.Decode(id[:], []byte(s))
	return id, err == nil
}

// String gives the text form.
func (id ClientID) String() string { return hex.EncodeToString(id[:]) }

// A BookID is the four random bytes that begin every key of a book. Zero names no book.
type BookID uint32

// String gives eight lower-case hex digits.
func (b BookID) String() string {
	var id [4]byte
	binary.BigEndian.PutUint32(id[:], uint32(b))
	return hex.EncodeToString(id[:])
}

// KeyOf gives the key of what was made in a book: the book's four bytes and the id, as 32 lower-case hex digits.
func KeyOf(b BookID, id ClientID) string {
	var raw [16]byte
	binary.BigEndian.PutUint32(raw[:4], uint32(b))
	copy(raw[4:], id[:])
	return hex.EncodeToString(raw[:])
}

// ParseKey reads a key that KeyOf made for that book; false for every other text.
func ParseKey(b BookID, s string) (ClientID, bool) {
	if len(s) != 32 || s[:8] != b.String() {
		return ClientID{}, false
	}
	return ParseClientID(s[8:])
}

// A CredentialID names an API key without being secret. Its text form is 16 lower-case hex digits.
type CredentialID [8]byte

// String gives the text form.
func (c CredentialID) String() string { return hex.EncodeToString(c[:]) }

// ParseCredentialID reads the text form.
func ParseCredentialID(s string) (CredentialID, bool) {
	var id CredentialID
	if len(s) != 2*len(id) {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(s))
	return id, err == nil
}
