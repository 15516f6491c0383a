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
		{v.Token(clientbook.FieldEmail, "", "ada@example.com").Value, "e\x02\x00\x00\x00\x00\x00\x00\x00\x0fada@example.com"},
		{v.Token(clientbook.FieldMetadata, "plan", "gold").Value, "e\x19\x00\x00\x00\x04plan\x00\x00\x00\x04gold"},
		{v.Claim(clientbook.ClaimNumber, "123456789").Value, "c\x01\x00\x00\x00\x09123456789"},
	} {
		if tc.got != want(tc.in) {
			t.Errorf("of %q: got %x, want %x", tc.in, tc.got, want(tc.in))
		}
	}
	if f := v.Token(clientbook.FieldEmail, "", "x").Field; f != clientbook.FieldEmail {
		t.Errorf("field %v", f)
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

// TestTokensNeverMeet: parts that read the same in a row, fields, keys, claims and books each have digests of their own.
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
					check(v.Token(f, key, value).Value, fmt.Sprintf("%s, %v %q %q", name, f, key, value))
				}
			}
		}
	}
}
