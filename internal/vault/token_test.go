package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/prf/hmacprf"

	"clientbook"
)

// TestTokenForm holds the form of tokens and claims, which are in every database.
func TestTokenForm(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	v := openBook(t, r, bookA, keys)
	secret := prfSecret(t, r, keys.Tokens, purposeTokens)
	want := func(in string) (d [16]byte) {
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(in))
		d[0] = 1
		copy(d[1:], m.Sum(nil))
		return d
	}
	for _, tc := range []struct {
		got [16]byte
		in  string
	}{
		{v.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "ada@example.com").Value, "e\x02\x00\x00\x00\x00\x00\x00\x00\x0fada@example.com"},
		{v.Token(clientbook.FieldMetadata, clientbook.ExactToken, "plan", "gold").Value, "e\x19\x00\x00\x00\x04plan\x00\x00\x00\x04gold"},
		{v.Token(clientbook.FieldLastName, clientbook.FoldedToken, "", "marsh").Value, "f\x0a\x00\x00\x00\x00\x00\x00\x00\x05marsh"},
		{v.Token(clientbook.FieldValues, clientbook.FoldedToken, "k1", "x").Value, "f\x27\x00\x00\x00\x02k1\x00\x00\x00\x01x"},
		{v.Token(clientbook.FieldBirthDate, clientbook.MonthToken, "", "1985-12").Value, "m\x0b\x00\x00\x00\x00\x00\x00\x00\x071985-12"},
		{v.Token(clientbook.FieldLastName, clientbook.PrefixToken, "", "mar").Value, "p\x0a\x00\x00\x00\x00\x00\x00\x00\x03mar"},
		{v.Claim(clientbook.ClaimNumber, "123456789").Value, "c\x01\x00\x00\x00\x09123456789"},
	} {
		if tc.got != want(tc.in) {
			t.Errorf("of %q: got %x, want %x", tc.in, tc.got, want(tc.in))
		}
	}
	for k := range clientbook.TokenKind(len(madeTokens)) {
		if got := v.Token(clientbook.FieldEmail, k, "", "x"); got.Field != clientbook.FieldEmail || got.Kind != k {
			t.Errorf("field %v, kind %d, want kind %d", got.Field, got.Kind, k)
		}
	}
	if k := v.Claim(clientbook.ClaimNumber, "x").Kind; k != clientbook.ClaimNumber {
		t.Errorf("kind %v", k)
	}
}

// prfSecret gives the HMAC key in a wrapped keyset of bookA.
func prfSecret(t *testing.T, r *Root, wrapped []byte, purpose string) []byte {
	t.Helper()
	h, err := r.unwrap(wrapped, purpose, bookA)
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.Primary()
	if err != nil {
		t.Fatal(err)
	}
	secret := e.Key().(*hmacprf.Key).KeyBytes().Data(insecuresecretdataaccess.Token{})
	if len(secret) != 32 {
		t.Fatalf("the %s has %d bytes", purpose, len(secret))
	}
	return secret
}

// TestTokensNeverMeet: parts that read the same in a row, fields, kinds, keys, claims and books each have digests of their own.
func TestTokensNeverMeet(t *testing.T) {
	a, b := testVault(t, bookA), testVault(t, bookB)
	parts := []string{"", "a", "b", "ab", "aa", "aab", "\x00", "\x00\x00\x00\x01a", "\x01", "a\x00\x00\x00\x01b"}
	seen := map[[16]byte]string{}
	check := func(d [16]byte, what string) {
		t.Helper()
		if first, ok := seen[d]; ok {
			t.Errorf("%s and %s have one digest", first, what)
		}
		seen[d] = what
	}
	for name, v := range map[string]*Vault{"book a": a, "book b": b} {
		for _, value := range parts {
			check(v.Claim(clientbook.ClaimNumber, value).Value, fmt.Sprintf("%s, claim %q", name, value))
			for _, key := range parts {
				for _, f := range clientbook.Fields() {
					for k := range clientbook.TokenKind(len(madeTokens)) {
						check(v.Token(f, k, key, value).Value, fmt.Sprintf("%s, %v %d %q %q", name, f, k, key, value))
					}
				}
			}
		}
	}
}
