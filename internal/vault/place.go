package vault

import (
	"encoding/binary"

	"clientbook"
)

// What a place begins with: what it is that is sealed. These never change.
const (
	sealedKey      = 'k' // a data key: then book, client
	sealedBody     = 'b' // a version's body: then book, client, number of the version
	sealedMessage  = 'm' // what a message says: then book, client, message
	sealedSettings = 's' // a set of settings: then book, number of the settings
)

// A place is associated data: it binds what is sealed to what it is and whose. Its numbers are big-endian.
type place [1 + 4 + 12 + 12]byte

func (v *Vault) place() *place {
	if p, ok := v.places.Get().(*place); ok {
		return p
	}
	return new(place)
}

func (p *place) key(book clientbook.BookID, c clientbook.ClientID) []byte {
	return append(p.set(sealedKey, book), c[:]...)
}

func (p *place) body(book clientbook.BookID, c clientbook.ClientID, version int64) []byte {
	return binary.BigEndian.AppendUint64(append(p.set(sealedBody, book), c[:]...), uint64(version))
}

func (p *place) message(book clientbook.BookID, c clientbook.ClientID, id clientbook.MessageID) []byte {
	return append(append(p.set(sealedMessage, book), c[:]...), id[:]...)
}

func (p *place) settings(book clientbook.BookID, number int64) []byte {
	return binary.BigEndian.AppendUint64(p.set(sealedSettings, book), uint64(number))
}

func (p *place) set(what byte, book clientbook.BookID) []byte {
	return binary.BigEndian.AppendUint32(append(p[:0], what), uint32(book))
}
