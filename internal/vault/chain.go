package vault

import (
	"crypto/sha256"
	"encoding/binary"

	"clientbook"
)

// madeLink is what the input of a link begins with. It changes with the input's form.
const madeLink = 1

// Link gives the hash of a version: everything the store keeps of it in the clear, its sealed body, and the hash of its predecessor,
// which is zero for the first version. Its own Hash does not count.
func (v *Vault) Link(prev clientbook.Hash, ver *clientbook.Version) clientbook.Hash {
	body := sha256.Sum256(ver.Body)
	s := v.chain.begin()
	defer v.chain.end(s)
	b := append(s.in, madeLink)
	b = append(b, prev[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(v.book))
	b = append(b, ver.Client[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(ver.Number))
	b = binary.BigEndian.AppendUint64(b, uint64(clientbook.Millis(ver.Time)))
	b = append(b, ver.Credential[:]...)
	b = append(b, ver.Head[:]...)
	s.in = append(b, body[:]...)
	s.part(ver.Dialect)
	s.part(string(ver.Action))
	return *s.sum()
}
