package vault

import (
	"encoding/binary"

	"clientbook"
)

// What a place begins with: what it is that is sealed. These never change.
const (
	sealedKey  = 'k' // a data key
	sealedBody = 'b' // a version's body
)

// A place is associated data: it binds what is sealed to what it is and whose. After the first byte come book and client, and for a
// body the version's number, big-endian.
type place [1 + 4 + 12 + 8]byte

func (v *Vault) place() *place {
	if p, ok := v.places.Get().(*place); ok {
		return p
	}
	return new(place)
}

func (p *place) key(book clientbook.BookID, c clientbook.ClientID) []byte {
	return p.set(sealedKey, book, c)
}

func (p *place) body(book clientbook.BookID, c clientbook.ClientID, version int64) []byte {
	return binary.BigEndian.AppendUint64(p.set(sealedBody, book, c), uint64(version))
}

func (p *place) set(what byte, book clientbook.BookID, c clientbook.ClientID) []byte {
	b := binary.BigEndian.AppendUint32(append(p[:0], what), uint32(book))
	return append(b, c[:]...)
}
