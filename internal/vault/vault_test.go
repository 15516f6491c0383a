package vault

import (
	"bytes"
	"sync"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"clientbook"
)

const (
	bookA clientbook.BookID = 0xa1
	bookB clientbook.BookID = 0xb2
)

var (
	ada   = clientbook.ClientID{1, 11: 0xad}
	grace = clientbook.ClientID{1, 11: 0x6e}
)

func testRoot(t testing.TB) *Root {
	t.Helper()
	r, err := NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testKeys(t testing.TB, r *Root, book clientbook.BookID) clientbook.BookKeys {
	t.Helper()
	k, err := r.NewBook(book)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func openBook(t testing.TB, r *Root, book clientbook.BookID, k clientbook.BookKeys) *Vault {
	t.Helper()
	v, err := r.OpenBook(book, k)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func testVault(t testing.TB, book clientbook.BookID) *Vault {
	t.Helper()
	r := testRoot(t)
	return openBook(t, r, book, testKeys(t, r, book))
}

func TestRootSurvivesItsSecret(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	secret, err := r.Secret()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseRoot(secret)
	if err != nil {
		t.Fatal(err)
	}
	a, b := openBook(t, r, bookA, keys), openBook(t, again, bookA, keys)
	if x, y := a.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x"), b.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x"); x != y {
		t.Errorf("token %x before, %x after", x, y)
	}
}

func TestParseRootRefuses(t *testing.T) {
	secret, err := testRoot(t).Secret()
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := newGeneration()
	if err != nil {
		t.Fatal(err)
	}
	var other bytes.Buffer
	if err := insecurecleartextkeyset.Write(tokens, keyset.NewBinaryWriter(&other)); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("no keyset"), "half": secret[:len(secret)/2], "a key that seals nothing": other.Bytes(),
	} {
		if _, err := ParseRoot(b); err == nil {
			t.Errorf("%s was taken for a root", name)
		}
	}
}

func TestOpenBookRefuses(t *testing.T) {
	r := testRoot(t)
	keys, other := testKeys(t, r, bookA), testKeys(t, r, bookB)
	refuse := func(what string, r *Root, book clientbook.BookID, k clientbook.BookKeys) {
		t.Helper()
		if _, err := r.OpenBook(book, k); err == nil {
			t.Errorf("opened with %s", what)
		}
	}
	refuse("another root", testRoot(t), bookA, keys)
	refuse("another book's id", r, bookB, keys)
	refuse("another book's sealing key", r, bookA, clientbook.BookKeys{Sealing: other.Sealing, Tokens: keys.Tokens, Chain: keys.Chain})
	refuse("token and chain key swapped", r, bookA, clientbook.BookKeys{Sealing: keys.Sealing, Tokens: keys.Chain, Chain: keys.Tokens})
	refuse("no keys", r, bookA, clientbook.BookKeys{})
	for i := range keys.Chain[:64] { // beyond is Tink's description of the keyset, which nothing reads
		refuse("a bit of the chain key changed", r, bookA,
			clientbook.BookKeys{Sealing: keys.Sealing, Tokens: keys.Tokens, Chain: flip(keys.Chain, 8*i+i%8)})
	}
}

// TestTokenKeysNeedAGeneration: a keyset that Tink numbered itself would give tokens that no rotation could tell apart.
func TestTokenKeysNeedAGeneration(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	keys.Tokens = edit(t, r, keys.Tokens, purposeTokens, func(ks *tinkpb.Keyset) {
		ks.Key[0].KeyId, ks.PrimaryKeyId = lastGeneration+1, lastGeneration+1
	})
	if _, err := r.OpenBook(bookA, keys); err == nil {
		t.Error("generation 256 was taken")
	}
}

// TestRotation: after new keys were added, what the old ones sealed still opens, and tokens say which key made them.
func TestRotation(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	before := openBook(t, r, bookA, keys)
	_, wrapped, err := before.NewDataKey(ada)
	if err != nil {
		t.Fatal(err)
	}
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := newGeneration()
	if err != nil {
		t.Fatal(err)
	}
	keys.Sealing = edit(t, r, keys.Sealing, purposeSealing, rotate(sealing, 99))
	keys.Tokens = edit(t, r, keys.Tokens, purposeTokens, rotate(tokens, firstGeneration+1))
	after := openBook(t, r, bookA, keys)
	if _, err := after.DataKey(ada, wrapped); err != nil {
		t.Errorf("an old data key: %v", err)
	}
	_, wrapped, err = after.NewDataKey(ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.DataKey(ada, wrapped); err == nil {
		t.Error("the new data key was wrapped with the old key")
	}
	old, now := before.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x"), after.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x")
	if old.Value[0] != 1 || now.Value[0] != 2 {
		t.Errorf("generations %d and %d, want 1 and 2", old.Value[0], now.Value[0])
	}
	if bytes.Equal(old.Value[1:], now.Value[1:]) {
		t.Error("both generations have one key")
	}
}

func TestVaultConcurrently(t *testing.T) {
	v := testVault(t, bookA)
	k, wrapped, err := v.NewDataKey(ada)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := k.Seal(nil, []byte("body"), 1)
	if err != nil {
		t.Fatal(err)
	}
	email, link := v.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x"), v.Link(clientbook.Hash{}, &clientbook.Version{Number: 1})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				k, err := v.DataKey(ada, wrapped)
				if err != nil {
					t.Error(err)
					return
				}
				if b, err := k.Open(nil, sealed, 1); err != nil || string(b) != "body" {
					t.Errorf("opened %q, %v", b, err)
				}
				if v.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "x") != email || v.Link(clientbook.Hash{}, &clientbook.Version{Number: 1}) != link {
					t.Error("another digest")
				}
			}
		})
	}
	wg.Wait()
}

// flip gives b with one bit changed.
func flip(b []byte, bit int) []byte {
	b = bytes.Clone(b)
	b[bit/8] ^= 1 << (bit % 8)
	return b
}

// edit gives a wrapped keyset of bookA after fn changed it.
func edit(t *testing.T, r *Root, wrapped []byte, purpose string, fn func(*tinkpb.Keyset)) []byte {
	t.Helper()
	h, err := r.unwrap(wrapped, purpose, bookA)
	if err != nil {
		t.Fatal(err)
	}
	ks := insecurecleartextkeyset.KeysetMaterial(h)
	fn(ks)
	if h, err = readKeyset(ks); err != nil {
		t.Fatal(err)
	}
	if wrapped, err = r.wrap(h, purpose, bookA); err != nil {
		t.Fatal(err)
	}
	return wrapped
}

// rotate adds the key of another keyset under an id, and makes it the primary.
func rotate(h *keyset.Handle, id uint32) func(*tinkpb.Keyset) {
	return func(ks *tinkpb.Keyset) {
		k := insecurecleartextkeyset.KeysetMaterial(h).Key[0]
		k.KeyId = id
		ks.Key = append(ks.Key, k)
		ks.PrimaryKeyId = id
	}
}
