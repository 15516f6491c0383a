package clientbook_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clientbook"
)

// Design §3: four bytes of the book and the client's twelve, as 32 lower-case hex digits.
func TestKeyProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, other := clientbook.BookID(rapid.Uint32().Draw(t, "book")), clientbook.BookID(rapid.Uint32().Draw(t, "other"))
		id := clientbook.ClientID(rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "id"))
		key := clientbook.KeyOf(book, id)
		if key != book.String()+id.String() || len(key) != 32 || key != strings.ToLower(key) {
			t.Fatalf("key %q of book %v, client %v", key, book, id)
		}
		if got, ok := clientbook.ParseKey(book, key); !ok || got != id {
			t.Fatalf("%q gave %v, %v, want %v", key, got, ok, id)
		}
		if _, ok := clientbook.ParseKey(other, key); ok != (other == book) {
			t.Fatalf("%q of book %v is a key of book %v: %v", key, book, other, ok)
		}
	})
}

func TestParseKey(t *testing.T) {
	key := clientbook.KeyOf(0xabcdef01, clientbook.ClientID{0: 0xaa, 11: 0xbb})
	if want := "abcdef01aa00000000000000000000bb"; key != want {
		t.Fatalf("got %s, want %s", key, want)
	}
	for _, s := range []string{
		"", key[:31], key + "0", strings.ToUpper(key), key[:31] + "B", key[:31] + "g", " " + key[:31], "abcdef02" + key[8:], key[8:], "d9df8bc78a0234ccc934a845c",
		strings.Repeat("ä", 16),
	} {
		if id, ok := clientbook.ParseKey(0xabcdef01, s); ok {
			t.Errorf("%q gave %v, want no key", s, id)
		}
	}
}

func TestKeyOfClient(t *testing.T) {
	c := &clientbook.Client{ID: clientbook.ClientID{11: 1}}
	if got := c.Key(2); got != "00000002000000000000000000000001" {
		t.Errorf("got %s", got)
	}
	if c.ForeignKey = "theirs"; c.Key(2) != "theirs" {
		t.Errorf("got %s, want the key that it came with", c.Key(2))
	}
}

// Ids of later milliseconds sort later, and read back.
func TestClientIDProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Int64Range(0, 1<<47).Draw(t, "x"), rapid.Int64Range(0, 1<<47).Draw(t, "y")
		random := strings.NewReader(string(rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "random")))
		a, errA := clientbook.NewClientID(time.UnixMilli(x), random)
		b, errB := clientbook.NewClientID(time.UnixMilli(y), random)
		if errA != nil || errB != nil || x < y && a.String() >= b.String() || x > y && a.String() <= b.String() {
			t.Fatalf("%d made %v, %v, %d made %v, %v", x, a, errA, y, b, errB)
		}
		if got, ok := clientbook.ParseClientID(a.String()); !ok || got != a {
			t.Fatalf("%v read back is %v, %v", a, got, ok)
		}
	})
}
