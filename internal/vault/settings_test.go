package vault

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// TestSealedSettingsForm opens settings with Tink alone: their form is in every database.
func TestSealedSettingsForm(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	sealed, err := openBook(t, r, bookA, keys).SealSettings(258, []byte("settings"))
	if err != nil {
		t.Fatal(err)
	}
	h, err := r.unwrap(keys.Sealing, purposeSealing, bookA)
	if err != nil {
		t.Fatal(err)
	}
	sealing, err := aead.New(h)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sealing.Decrypt(sealed, []byte("s\x00\x00\x00\xa1\x00\x00\x00\x00\x00\x00\x01\x02"))
	if err != nil || string(b) != "settings" {
		t.Errorf("opened %q, %v", b, err)
	}
}

func TestSettingsRefuse(t *testing.T) {
	v := testVault(t, bookA)
	_, wrapped := newDataKey(t, v, ada)
	const number = 7
	sealed, err := v.SealSettings(number, []byte("settings"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := v.OpenSettings(number, sealed); err != nil || string(b) != "settings" {
		t.Fatalf("opened %q, %v", b, err)
	}
	// The same sealing key under another book's id: only the associated data can tell.
	sameKey := &Vault{book: bookB, sealing: v.sealing}
	refuse := func(what string, v *Vault, number int64, sealed []byte) {
		t.Helper()
		_, err := v.OpenSettings(number, sealed)
		if err == nil {
			t.Errorf("settings opened with %s", what)
		} else if !strings.Contains(err.Error(), v.book.String()) {
			t.Errorf("with %s, the error does not name the book: %v", what, err)
		}
	}
	refuse("another number", v, number+1, sealed)
	refuse("another book", sameKey, number, sealed)
	refuse("another key", testVault(t, bookA), number, sealed)
	refuse("a data key for settings", v, number, wrapped)
	refuse("one byte too many", v, number, append(bytes.Clone(sealed), 0))
	for n := range sealed {
		refuse("its end cut off", v, number, sealed[:n])
	}
	for bit := range 8 * len(sealed) {
		refuse("a bit changed", v, number, flip(sealed, bit))
	}
	if _, err := v.DataKey(ada, sealed); err == nil {
		t.Error("settings were taken for a data key")
	}
	if _, err := v.SealSettings(0, nil); err == nil {
		t.Error("settings 0 were sealed")
	}
}

// TestSettingsSurviveRotation: the settings of an old sealing key still open.
func TestSettingsSurviveRotation(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	sealed, err := openBook(t, r, bookA, keys).SealSettings(1, []byte("settings"))
	if err != nil {
		t.Fatal(err)
	}
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	keys.Sealing = edit(t, r, keys.Sealing, purposeSealing, rotate(sealing, 99))
	if b, err := openBook(t, r, bookA, keys).OpenSettings(1, sealed); err != nil || string(b) != "settings" {
		t.Errorf("opened %q, %v", b, err)
	}
}
