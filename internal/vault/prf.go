package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf/hmacprf"
)

// A prfKey is HMAC-SHA256 under the primary key of a keyset, with its states kept for the next use: some sixteen tokens are made for each
// new client.
type prfKey struct {
	states sync.Pool // of *prfState
}

// A prfState is one use of a prfKey: what was appended to in is hashed by sum.
type prfState struct {
	in  []byte
	mac hash.Hash
	out [sha256.Size]byte
}

func newPRFKey(h *keyset.Handle) (p *prfKey, id uint32, err error) {
	e, err := h.Primary()
	if err != nil {
		return nil, 0, err
	}
	key, ok := e.Key().(*hmacprf.Key)
	if !ok || key.Parameters().(*hmacprf.Parameters).HashType() != hmacprf.SHA256 {
		return nil, 0, errKeyType
	}
	secret := key.KeyBytes().Data(insecuresecretdataaccess.Token{})
	return &prfKey{sync.Pool{New: func() any {
		return &prfState{in: make([]byte, 0, 256), mac: hmac.New(sha256.New, secret)}
	}}}, e.KeyID(), nil
}

// begin gives a state with nothing in it; it goes back by end.
func (p *prfKey) begin() *prfState {
	s := p.states.Get().(*prfState)
	s.in = s.in[:0]
	return s
}

func (p *prfKey) end(s *prfState) { p.states.Put(s) }

// part appends a text with its length, so that no two lists of parts give the same bytes.
func (s *prfState) part(text string) {
	s.in = append(binary.BigEndian.AppendUint32(s.in, uint32(len(text))), text...)
}

func (s *prfState) sum() *[sha256.Size]byte {
	s.mac.Reset()
	s.mac.Write(s.in)
	s.mac.Sum(s.out[:0])
	return &s.out
}
