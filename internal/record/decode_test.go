package record

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

func TestDecodeKeepsItsDistance(t *testing.T) {
	b := Append(nil, testPerson(), "claim")
	bound := clientbook.Client{ID: clientbook.ClientID{1}, Version: 7, Updated: time.UnixMilli(8).UTC()}
	c := bound
	c.Company, c.LastActionBy = &clientbook.Company{Name: "old"}, "old"
	claim, err := Decode(b, &c)
	if err != nil {
		t.Fatal(err)
	}
	clear(b)
	want := testPerson()
	want.ID, want.Version, want.Updated = bound.ID, bound.Version, bound.Updated
	if !reflect.DeepEqual(&c, want) || claim != "claim" {
		t.Errorf("got %+v, claim %q, want %+v", c, claim, want)
	}
}

func TestDecodeRefusesWhatIsCutShort(t *testing.T) {
	for _, c := range []*clientbook.Client{testPerson(), testCompany(), testEverything()} {
		b := Append(nil, c, "claim")
		whole := map[int]bool{} // lengths at which a field ends; what is cut there is a shorter record
		for n := 1; n < len(b); {
			_, _, size := protowire.ConsumeField(b[n:])
			n += size
			whole[n] = true
		}
		for n := range b {
			got := clientbook.Client{Number: "as it was"}
			if _, err := Decode(b[:n:n], &got); (err == nil) != whole[n] {
				t.Errorf("%d of %d bytes: %v", n, len(b), err)
			} else if err != nil && got.Number != "as it was" {
				t.Errorf("%d of %d bytes: the client was changed", n, len(b))
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	const person, company = "\x01\x08\x01", "\x01\x08\x02"
	const id = "\x0a\x0cabcdefghijkl"
	for name, in := range map[string]string{
		"a later format":           "\x02\x08\x01",
		"no kind":                  "\x01\x10\x01",
		"a kind nobody knows":      "\x01\x08\x03",
		"a kind that is text":      "\x01\x0a\x01\x01",
		"an unknown text":          person + "\xea\x05\x01x", // 93
		"an unknown number":        person + "\xe8\x05\x01",  // 93
		"a wire type never used":   person + "\x19\x01\x02\x03\x04\x05\x06\x07\x08",
		"a company's in a person":  person + "\x82\x03\x01x",  // 48
		"a person's in a company":  company + "\x82\x01\x01x", // 16
		"a birth of a company":     company + "\x98\x01\x01",  // 19
		"a field twice":            person + "\x52\x01x\x52\x01x",
		"fields out of order":      person + "\x5a\x01x\x52\x01x",
		"an empty text":            person + "\x52\x00",
		"a zero":                   person + "\x10\x00",
		"a state over 255":         person + "\x10\x80\x02",
		"a date over 32 bits":      person + "\x70\x80\x80\x80\x80\x10",
		"text that goes too far":   person + "\x52\x02x",
		"a text's length huge":     person + "\x52\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"an entry's length huge":   person + "\x82\x05\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x0a\x00\x12\x00",
		"an entry without value":   person + "\x82\x05\x03\x0a\x01a",
		"an entry with two keys":   person + "\x82\x05\x06\x0a\x01a\x0a\x01a",
		"an entry with more":       person + "\x82\x05\x09\x0a\x01a\x12\x01a\x1a\x01a",
		"a value beyond its entry": person + "\x82\x05\x04\x0a\x01a\x12\x01a",
		"a former state over 255":  person + "\xc0\x05\x80\x02",
		"a notes number":           person + "\xb8\x05\x01",
		"an address that is one":   person + "\xc8\x05\x01",
		"addresses after values":   person + "\xda\x05\x0e" + id + "\xca\x05\x0e" + id,
		"an address, no length":    person + "\xca\x05",
		"an address without id":    person + "\xca\x05\x00",
		"an address, id last":      person + "\xca\x05\x11\x1a\x01x" + id,
		"an address, id twice":     person + "\xca\x05\x1c" + id + id,
		"an address, id short":     person + "\xca\x05\x0d\x0a\x0babcdefghijk",
		"an address, id long":      person + "\xca\x05\x0f\x0a\x0dabcdefghijklm",
		"an address too long":      person + "\xca\x05\x0f" + id,
		"an address too short":     person + "\xca\x05\x0d" + id,
		"an address's length huge": person + "\xca\x05\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + id,
		"an address, line to far":  person + "\xca\x05\x11" + id + "\x1a\x02x" + "\xca\x05\x0e" + id,
		"an address, empty line":   person + "\xca\x05\x10" + id + "\x1a\x00",
		"an address, line twice":   person + "\xca\x05\x14" + id + "\x1a\x01x\x1a\x01x",
		"an address, wrong order":  person + "\xca\x05\x14" + id + "\x22\x01x\x1a\x01x",
		"an address, main 0":       person + "\xca\x05\x10" + id + "\x10\x00",
		"an address, main 2":       person + "\xca\x05\x10" + id + "\x10\x02",
		"an address, text 12":      person + "\xca\x05\x11" + id + "\x62\x01x",
		"an address, number 12":    person + "\xca\x05\x10" + id + "\x60\x01",
		"an address, fixed 12":     person + "\xca\x05\x13" + id + "\x65\x01\x01\x01\x01",
		"a document, text 7":       person + "\xd2\x05\x11" + id + "\x3a\x01x",
		"a document, number 7":     person + "\xd2\x05\x10" + id + "\x38\x01",
		"a document, date too big": person + "\xd2\x05\x14" + id + "\x28\x80\x80\x80\x80\x10",
		"a value, text 5":          person + "\xda\x05\x11" + id + "\x2a\x01x",
		"a value, number 5":        person + "\xda\x05\x10" + id + "\x28\x01",
		"a comment, text 5":        person + "\xe2\x05\x11" + id + "\x2a\x01x",
		"a comment, number 5":      person + "\xe2\x05\x10" + id + "\x28\x01",
		"a number that never ends": person + "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		var c clientbook.Client
		_, err := Decode([]byte(in), &c)
		if err == nil {
			t.Errorf("%s: decoded to %+v", name, c)
		} else if !strings.HasPrefix(err.Error(), "decode record: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDecodeTakes holds the bodies that those above differ from.
func TestDecodeTakes(t *testing.T) {
	const body = "\x01\x08\x01"
	const id = "\x0a\x0cabcdefghijkl"
	for name, in := range map[string]string{
		"a former state": body + "\xc0\x05\x01",
		"an address":     body + "\xca\x05\x0e" + id,
		"two addresses":  body + "\xca\x05\x13" + id + "\x10\x01\x1a\x01x" + "\xca\x05\x0e" + id,
		"a document":     body + "\xd2\x05\x10" + id + "\x28\x01",
		"a value":        body + "\xda\x05\x10" + id + "\x18\x01",
		"a comment":      body + "\xe2\x05\x10" + id + "\x10\x01",
	} {
		var c clientbook.Client
		if _, err := Decode([]byte(in), &c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b := Append(nil, &c, ""); string(b) != in {
			t.Errorf("%s: %x is encoded as %x", name, in, b)
		}
	}
}

// TestDecodeAllocations: a client's texts are one allocation, and so is each list, however long.
func TestDecodeAllocations(t *testing.T) {
	long := testEverything()
	for range 100 {
		long.Values = append(long.Values, long.Values[1])
		long.Comments = append(long.Comments, long.Comments[0])
	}
	for name, tc := range map[string]struct {
		client *clientbook.Client
		most   float64
	}{
		"person": {testPerson(), 3}, "company": {testCompany(), 3}, "everything": {testEverything(), 7}, "long lists": {long, 7},
	} {
		b := Append(nil, tc.client, "")
		got := testing.AllocsPerRun(100, func() {
			var c clientbook.Client
			if _, err := Decode(b, &c); err != nil {
				t.Fatal(err)
			}
		})
		if got > tc.most {
			t.Errorf("%s: %v allocations, want %v", name, got, tc.most)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Append(nil, testPerson(), ""))
	f.Add(Append(nil, testCompany(), "claim"))
	f.Add(Append(nil, testEverything(), "claim"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var c clientbook.Client
		claim, err := Decode(b, &c)
		if err != nil {
			return
		}
		again := Append(nil, &c, claim)
		var d clientbook.Client
		if claim2, err := Decode(again, &d); err != nil || claim2 != claim || !reflect.DeepEqual(c, d) {
			t.Errorf("%x decodes to %+v, its encoding %x to %+v, %v", b, c, again, d, err)
		}
		if len(again) > len(b) || len(again) == len(b) && !bytes.Equal(again, b) {
			t.Errorf("%x is encoded as %x", b, again)
		}
	})
}
