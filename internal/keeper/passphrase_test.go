package keeper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

func TestPassphrase(t *testing.T) {
	asked := 0
	k, err := Parse("passphrase:", func(string) (string, error) { asked++; return horse, nil })
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := k.Ready(); !ok || err != nil {
		t.Errorf("ready %v, %v", ok, err)
	}
	wrapped, err := k.Wrap(t.Context(), []byte("root"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.Wrap(t.Context(), []byte("root")); err != nil || bytes.Equal(again[:headerBytes], wrapped[:headerBytes]) {
		t.Errorf("one salt twice, %v", err)
	}
	if b, err := k.Unwrap(t.Context(), wrapped); err != nil || string(b) != "root" {
		t.Errorf("unwrapped %q, %v", b, err)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	_, err = parse(t, "passphrase:", "another passphrase").Unwrap(t.Context(), wrapped)
	wantLine(t, err, "is not the one")
	changed := bytes.Clone(wrapped)
	changed[headerBytes-1] ^= 1
	if _, err := k.Unwrap(t.Context(), changed); err == nil {
		t.Error("opened with another salt")
	}
}

func TestPassphraseRefuses(t *testing.T) {
	for _, s := range []string{"", "hunter2", "ÄÖÜäöüßéèêë"} { // the last has 11 characters in 22 bytes
		k := parse(t, "passphrase:", s)
		_, err := k.Wrap(t.Context(), []byte("root"))
		wantLine(t, err, "12 characters or more")
	}
	k := newPassphrase(func(string) (string, error) { return "", errors.New("no terminal") })
	_, err := k.Wrap(t.Context(), []byte("root"))
	wantLine(t, err, "no terminal")
}

// TestPassphraseHeader: what a hostile database asks for is refused before anything is computed, or even asked.
func TestPassphraseHeader(t *testing.T) {
	k := newPassphrase(func(string) (string, error) { t.Error("asked for the passphrase"); return "", errors.New("asked") })
	sound := (&header{passes: 3, kibibytes: 64 << 10, threads: 2}).append(nil)
	if h, err := parseHeader(sound); err != nil || h.passes != 3 || h.kibibytes != 64<<10 || h.threads != 2 {
		t.Errorf("got %+v, %v", h, err)
	}
	spoil := func(fn func([]byte)) []byte {
		b := bytes.Clone(sound)
		fn(b)
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":        nil,
		"half a header":  sound[:headerBytes-1],
		"another format": spoil(func(b []byte) { b[0] = 2 }),
		"no pass":        spoil(func(b []byte) { binary.BigEndian.PutUint32(b[1:], 0) }),
		"many passes":    spoil(func(b []byte) { binary.BigEndian.PutUint32(b[1:], maxPasses+1) }),
		"100 GiB":        spoil(func(b []byte) { binary.BigEndian.PutUint32(b[5:], 100<<20) }),
		"no thread":      spoil(func(b []byte) { b[9] = 0 }),
		"many threads":   spoil(func(b []byte) { b[9] = maxThreads + 1 }),
	} {
		_, err := k.Unwrap(t.Context(), b)
		if err == nil {
			t.Errorf("%s was taken", name)
		} else {
			wantLine(t, err, "damaged")
		}
	}
}
