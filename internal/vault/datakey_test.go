package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"

	"clientbook"
)

func newDataKey(t *testing.T, v *Vault, c clientbook.ClientID) (*DataKey, []byte) {
	t.Helper()
	k, wrapped, err := v.NewDataKey(c)
	if err != nil {
		t.Fatal(err)
	}
	return k, wrapped
}

// TestSealedForm opens a wrapped key with Tink alone and bodies and messages with the standard library alone: their forms are in every database.
func TestSealedForm(t *testing.T) {
	const client = "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xad"
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	k, wrapped := newDataKey(t, openBook(t, r, bookA, keys), ada)
	h, err := r.unwrap(keys.Sealing, purposeSealing, bookA)
	if err != nil {
		t.Fatal(err)
	}
	sealing, err := aead.New(h)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := sealing.Decrypt(wrapped, []byte("k\x00\x00\x00\xa1"+client))
	if err != nil || len(secret) != 32 {
		t.Fatalf("a data key of %d bytes, %v", len(secret), err)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := k.Seal(nil, []byte("body"), 258)
	if err != nil {
		t.Fatal(err)
	}
	b, err := gcm.Open(nil, sealed[:12], sealed[12:], []byte("b\x00\x00\x00\xa1"+client+"\x00\x00\x00\x00\x00\x00\x01\x02"))
	if err != nil || string(b) != "body" {
		t.Errorf("opened %q, %v", b, err)
	}
	if sealed, err = k.SealMessage(clientbook.MessageID([]byte("messageid012")), []byte("message")); err != nil {
		t.Fatal(err)
	}
	b, err = gcm.Open(nil, sealed[:12], sealed[12:], []byte("m\x00\x00\x00\xa1"+client+"messageid012"))
	if err != nil || string(b) != "message" {
		t.Errorf("opened %q, %v", b, err)
	}
}

func TestDataKeyRefuses(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	v := openBook(t, r, bookA, keys)
	_, wrapped := newDataKey(t, v, ada)
	if _, err := v.DataKey(ada, wrapped); err != nil {
		t.Fatal(err)
	}
	// The same sealing key under another book's id: only the associated data can tell.
	sameKey := &Vault{book: bookB, sealing: v.sealing}
	for name, open := range map[string]func() (*DataKey, error){
		"another client's":  func() (*DataKey, error) { return v.DataKey(grace, wrapped) },
		"another book's":    func() (*DataKey, error) { return sameKey.DataKey(ada, wrapped) },
		"another vault's":   func() (*DataKey, error) { return testVault(t, bookA).DataKey(ada, wrapped) },
		"nothing":           func() (*DataKey, error) { return v.DataKey(ada, nil) },
		"a prefix":          func() (*DataKey, error) { return v.DataKey(ada, wrapped[:5]) },
		"all but one byte":  func() (*DataKey, error) { return v.DataKey(ada, wrapped[:len(wrapped)-1]) },
		"one byte too many": func() (*DataKey, error) { return v.DataKey(ada, append(bytes.Clone(wrapped), 0)) },
	} {
		if _, err := open(); err == nil {
			t.Errorf("%s was taken for a data key", name)
		}
	}
	for bit := range 8 * len(wrapped) {
		if _, err := v.DataKey(ada, flip(wrapped, bit)); err == nil {
			t.Errorf("a data key opened with bit %d changed", bit)
		}
	}
}

func TestBodyRefuses(t *testing.T) {
	v := testVault(t, bookA)
	k, wrapped := newDataKey(t, v, ada)
	const body, version = "everything personal", 7
	sealed, err := k.Seal([]byte("before"), []byte(body), version)
	if err != nil {
		t.Fatal(err)
	}
	sealed, ok := bytes.CutPrefix(sealed, []byte("before"))
	if !ok || len(sealed) != len(body)+12+16 {
		t.Fatalf("sealed to %x", sealed)
	}
	if k, err = v.DataKey(ada, wrapped); err != nil {
		t.Fatal(err)
	}
	if b, err := k.Open([]byte("before "), sealed, version); err != nil || string(b) != "before "+body {
		t.Fatalf("opened %q, %v", b, err)
	}
	stranger, _ := newDataKey(t, v, ada)
	// The same data key under other names: only the associated data can tell.
	otherClient := &DataKey{v, grace, k.aead}
	otherBook := &DataKey{&Vault{book: bookB}, ada, k.aead}
	refuse := func(what string, k *DataKey, sealed []byte, version int64) {
		t.Helper()
		_, err := k.Open(nil, sealed, version)
		if err == nil {
			t.Errorf("a body opened with %s", what)
			return
		}
		if !strings.Contains(err.Error(), k.client.String()) {
			t.Errorf("with %s, the error does not name the client: %v", what, err)
		}
	}
	refuse("another version", k, sealed, version+1)
	refuse("another client", otherClient, sealed, version)
	refuse("another book", otherBook, sealed, version)
	refuse("another key", stranger, sealed, version)
	refuse("a wrapped key for a body", k, wrapped, version)
	for n := range sealed {
		refuse("its end cut off", k, sealed[:n], version)
	}
	for bit := range 8 * len(sealed) {
		refuse("a bit changed", k, flip(sealed, bit), version)
	}
}

func TestMessageRefuses(t *testing.T) {
	v := testVault(t, bookA)
	k, wrapped := newDataKey(t, v, ada)
	const message = "everything personal"
	id := clientbook.MessageID{2, 11: 0x3e}
	sealed, err := k.SealMessage(id, []byte(message))
	if err != nil || len(sealed) != len(message)+12+16 {
		t.Fatalf("sealed to %x, %v", sealed, err)
	}
	body, err := k.Seal(nil, []byte(message), 1)
	if err != nil {
		t.Fatal(err)
	}
	if k, err = v.DataKey(ada, wrapped); err != nil {
		t.Fatal(err)
	}
	if b, err := k.OpenMessage(id, sealed); err != nil || string(b) != message {
		t.Fatalf("opened %q, %v", b, err)
	}
	stranger, _ := newDataKey(t, v, ada)
	// The same data key under other names: only the associated data can tell.
	otherClient := &DataKey{v, grace, k.aead}
	otherBook := &DataKey{&Vault{book: bookB}, ada, k.aead}
	refuse := func(what string, k *DataKey, id clientbook.MessageID, sealed []byte) {
		t.Helper()
		_, err := k.OpenMessage(id, sealed)
		if err == nil {
			t.Errorf("a message opened with %s", what)
		} else if !strings.Contains(err.Error(), k.client.String()) || !strings.Contains(err.Error(), id.String()) {
			t.Errorf("with %s, the error does not name client and message: %v", what, err)
		}
	}
	refuse("another id", k, clientbook.MessageID{2, 11: 0x3f}, sealed)
	refuse("another client", otherClient, id, sealed)
	refuse("another book", otherBook, id, sealed)
	refuse("another key", stranger, id, sealed)
	refuse("a body for a message", k, id, body)
	for n := range sealed {
		refuse("its end cut off", k, id, sealed[:n])
	}
	for bit := range 8 * len(sealed) {
		refuse("a bit changed", k, id, flip(sealed, bit))
	}
	if _, err := k.Open(nil, sealed, 1); err == nil {
		t.Error("a message was taken for a body")
	}
	if _, err := k.SealMessage(clientbook.MessageID{}, nil); err == nil {
		t.Error("a message without an id was sealed")
	}
}

func TestSealNeverRepeatsItself(t *testing.T) {
	k, _ := newDataKey(t, testVault(t, bookA), ada)
	a, err := k.Seal(nil, []byte("body"), 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.Seal(nil, []byte("body"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a[:12], b[:12]) {
		t.Error("one nonce twice")
	}
	if _, err := k.Seal(nil, nil, 0); err == nil {
		t.Error("version 0 was sealed")
	}
}
