package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"reflect"
	"strings"
	"testing"
	"time"

	"clientbook"
)

func testVersion() *clientbook.Version {
	return &clientbook.Version{
		Client: ada, Number: 3, Time: time.UnixMilli(1_700_000_000_123).UTC(), Credential: clientbook.CredentialID{4},
		Dialect: "complycube", Action: clientbook.ActionUpdate, Head: clientbook.Digest{5}, Hash: clientbook.Hash{6}, Body: []byte("sealed"),
	}
}

// TestLinkForm holds the form of links, which are in every database.
func TestLinkForm(t *testing.T) {
	r := testRoot(t)
	keys := testKeys(t, r, bookA)
	body := sha256.Sum256([]byte("sealed"))
	m := hmac.New(sha256.New, prfSecret(t, r, keys.Chain, purposeChain))
	m.Write([]byte("\x01" + // the form
		"\x09" + strings.Repeat("\x00", 31) + // predecessor
		"\x00\x00\x00\xa1" + // book
		"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xad" + // client
		"\x00\x00\x00\x00\x00\x00\x00\x03" + // number
		"\x00\x00\x01\x8b\xcf\xe5\x68\x7b" + // time
		"\x04" + strings.Repeat("\x00", 7) + // credential
		"\x05" + strings.Repeat("\x00", 15) + // head
		string(body[:]) +
		"\x00\x00\x00\x0acomplycube" +
		"\x00\x00\x00\x06update"))
	want := clientbook.Hash(m.Sum(nil))
	if got := openBook(t, r, bookA, keys).Link(clientbook.Hash{9}, testVersion()); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

// TestLinkCoversEverything changes each field of a version in turn. It fails on a new field that is not linked.
func TestLinkCoversEverything(t *testing.T) {
	v, prev := testVault(t, bookA), clientbook.Hash{9}
	want := v.Link(prev, testVersion())
	if v.Link(prev, testVersion()) != want {
		t.Fatal("one version, two hashes")
	}
	for i, f := range reflect.VisibleFields(reflect.TypeFor[clientbook.Version]()) {
		ver := testVersion()
		change(t, reflect.ValueOf(ver).Elem().Field(i))
		if changed := v.Link(prev, ver) != want; changed != (f.Name != "Hash") {
			t.Errorf("with another %s, the hash changes: %v", f.Name, changed)
		}
	}
	if v.Link(clientbook.Hash{8}, testVersion()) == want {
		t.Error("the predecessor does not count")
	}
	sameKey := &Vault{book: bookB, chain: v.chain}
	if sameKey.Link(prev, testVersion()) == want {
		t.Error("the book does not count")
	}
	if testVault(t, bookA).Link(prev, testVersion()) == want {
		t.Error("the key does not count")
	}
	ver := testVersion()
	ver.Dialect, ver.Action = "complycubeup", "date"
	if v.Link(prev, ver) == want {
		t.Error("dialect and action run into each other")
	}
}

// change makes v another value, in its last part.
func change(t *testing.T, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = x.Add(time.Millisecond)
		return
	case *[]byte:
		*x = append((*x)[:len(*x)-1:len(*x)-1], 'D')
		return
	}
	switch v.Kind() {
	case reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Array:
		last := v.Index(v.Len() - 1)
		last.SetUint(last.Uint() ^ 1)
	default:
		t.Fatalf("no way to change a %v", v.Type())
	}
}
