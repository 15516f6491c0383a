package vault

import (
	"bytes"

	"google.golang.org/protobuf/proto"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkprf "github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"clientbook"
)

// The generation of a token is the id of its key in the keyset: 1 for the key that the book was made with, one more for each that a
// rotation adds. Ids, unlike places in the keyset, stay when an old key is removed. After the last one the numbers start again.
const (
	firstGeneration = 1
	lastGeneration  = 255
)

// What the input of a token or claim begins with; it says what is made. These never change.
const (
	madeExact  = 'e' // a token of the value as stored: then field, key, value; so too the other tokens
	madeFolded = 'f' // of the folded value
	madeMonth  = 'm' // of a date's month
	madePrefix = 'p' // of the beginning of a name
	madeClaim  = 'c' // a claim: then kind, value
)

var madeTokens = [...]byte{
	clientbook.ExactToken: madeExact, clientbook.FoldedToken: madeFolded, clientbook.MonthToken: madeMonth, clientbook.PrefixToken: madePrefix,
}

// newGeneration makes a keyset for tokens. Tink gives new keys random ids, so the id is set afterwards; such a key's output does not
// hold its id.
func newGeneration() (*keyset.Handle, error) {
	h, err := keyset.NewHandle(tinkprf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, err
	}
	ks := insecurecleartextkeyset.KeysetMaterial(h)
	ks.Key[0].KeyId, ks.PrimaryKeyId = firstGeneration, firstGeneration
	return readKeyset(ks)
}

func readKeyset(ks *tinkpb.Keyset) (*keyset.Handle, error) {
	b, err := proto.Marshal(ks)
	if err != nil {
		return nil, err
	}
	return insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(b)))
}

// Token gives a token of a value, which the caller has folded or cut as the kind asks for. key is the metadata key or that of the custom
// field, "" for every other field.
func (v *Vault) Token(f clientbook.Field, k clientbook.TokenKind, key, value string) clientbook.Token {
	s := v.tokens.begin()
	defer v.tokens.end(s)
	s.in = append(s.in, madeTokens[k], byte(f))
	s.part(key)
	s.part(value)
	return clientbook.Token{Field: f, Kind: k, Value: v.digest(s)}
}

// Claim gives the claim to a value.
func (v *Vault) Claim(k clientbook.ClaimKind, value string) clientbook.Claim {
	s := v.tokens.begin()
	defer v.tokens.end(s)
	s.in = append(s.in, madeClaim, byte(k))
	s.part(value)
	return clientbook.Claim{Kind: k, Value: v.digest(s)}
}

// digest gives the generation and the first 15 bytes of the HMAC.
func (v *Vault) digest(s *prfState) (d [16]byte) {
	d[0] = v.generation
	copy(d[1:], s.sum()[:])
	return d
}
