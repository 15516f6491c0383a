package keeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/vault"
)

const horse = "correct horse battery"

// A fake is a keeper whose wrapping is no more than a name in front.
type fake struct{ kind, name string }

func (f fake) Kind() string                 { return f.kind }
func (f fake) String() string               { return f.kind + " " + f.name }
func (f fake) Ready() (bool, error)         { return true, nil }
func (f fake) Create(context.Context) error { return nil }
func (f fake) Wrap(_ context.Context, secret []byte) ([]byte, error) {
	return append([]byte(f.name), secret...), nil
}
func (f fake) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	secret, ok := bytes.CutPrefix(wrapped, []byte(f.name))
	if !ok {
		return nil, errors.New("not " + f.name)
	}
	return secret, nil
}

func parse(t *testing.T, url, passphrase string) Keeper {
	t.Helper()
	k, err := Parse(url, func(string) (string, error) { return passphrase, nil })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newRoot(t *testing.T) *vault.Root {
	t.Helper()
	r, err := vault.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func add(t *testing.T, k Keeper, r *vault.Root) clientbook.Keeper {
	t.Helper()
	row, err := Add(t.Context(), k, r, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// sameRoot says whether a opens what b made.
func sameRoot(t *testing.T, a, b *vault.Root) bool {
	t.Helper()
	keys, err := b.NewBook(1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.OpenBook(1, keys)
	return err == nil
}

// wantLine fails unless err is one line that holds every one of parts.
func wantLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%q does not say %q", err, p)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tc := range []struct{ url, kind, text string }{
		{"file:/data/clientbook.key", "file", "key file /data/clientbook.key"},
		{"file:a:b", "file", "key file a:b"},
		{"passphrase:", "passphrase", "passphrase"},
	} {
		k := parse(t, tc.url, horse)
		if k.Kind() != tc.kind || k.String() != tc.text {
			t.Errorf("%s: %s, %s", tc.url, k.Kind(), k)
		}
	}
	for _, url := range []string{"", "file", "file:", "hunter2hunter2", "passphrase:hunter2hunter2", "vault:hunter2hunter2", "FILE:hunter2"} {
		_, err := Parse(url, nil)
		wantLine(t, err, "file:PATH", "passphrase:")
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q shows what was given", err)
		}
	}
}

func TestAdd(t *testing.T) {
	now := time.Date(2026, 8, 1, 10, 0, 0, 123_456_789, time.FixedZone("", 3600))
	k := fake{"file", "a"}
	row, err := Add(t.Context(), k, newRoot(t), now)
	if err != nil {
		t.Fatal(err)
	}
	if row.Kind != "file" || len(row.ID) != 8 || strings.Trim(row.ID, "0123456789abcdef") != "" || row.Created != clientbook.Cut(now) {
		t.Errorf("got %+v", row)
	}
	if again := add(t, k, newRoot(t)); again.ID == row.ID {
		t.Errorf("%s twice", row.ID)
	}
}

func TestOpenRootTriesAllOfItsKind(t *testing.T) {
	root := newRoot(t)
	a, b, c := fake{"file", "a"}, fake{"file", "b"}, fake{"passphrase", "c"}
	kept := []clientbook.Keeper{add(t, a, root), add(t, c, root), add(t, b, root)}
	for _, k := range []Keeper{a, b, c} {
		got, err := OpenRoot(t.Context(), k, kept)
		if err != nil {
			t.Errorf("%s: %v", k, err)
		} else if !sameRoot(t, got, root) {
			t.Errorf("%s opened another root", k)
		}
	}
	_, err := OpenRoot(t.Context(), fake{"file", "x"}, kept)
	wantLine(t, err, "not x")
	_, err = OpenRoot(t.Context(), fake{"card", "x"}, kept)
	wantLine(t, err, "card x", "file or passphrase")
	_, err = OpenRoot(t.Context(), a, nil)
	wantLine(t, err, "no keeper")
	_, err = OpenRoot(t.Context(), a, []clientbook.Keeper{{Kind: "file", Wrapped: []byte("a no root")}})
	wantLine(t, err, "file a", "root key")
}

func TestEveryKindKeepsARoot(t *testing.T) {
	for _, url := range []string{fmt.Sprintf("file:%s/clientbook.key", t.TempDir()), "passphrase:"} {
		k := parse(t, url, horse)
		if err := k.Create(t.Context()); err != nil {
			t.Fatal(err)
		}
		root := newRoot(t)
		row := add(t, k, root)
		got, err := OpenRoot(t.Context(), parse(t, url, horse), []clientbook.Keeper{row})
		if err != nil {
			t.Errorf("%s: %v", k, err)
		} else if !sameRoot(t, got, root) {
			t.Errorf("%s opened another root", k)
		}
	}
}
