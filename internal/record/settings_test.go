package record

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"clientbook"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSettingsForm holds the stored form of settings with few parts. It never changes, whatever parts are added.
func TestSettingsForm(t *testing.T) {
	s := clientbook.DefaultSettings()
	s.Branches = []clientbook.Branch{{Definition: clientbook.Definition{Key: "b1", ID: "north", Name: "<North> & Sons \u2028"}}}
	s.Branches[0].Address = new(clientbook.PostalAddress)
	s.Sending.PerMinute = map[clientbook.Channel]int{"sms": 0, "email": 5}
	at := time.Date(2026, 8, 7, 14, 3, 2, 100_999_999, time.FixedZone("", 2*60*60))
	const want = "\x01" + `{"At":"2026-08-07T12:03:02.1Z","By":"ops","Settings":{"Branches":[{"Address":{},"ID":"north","Key":"b1","Name":"<North> & Sons \u2028"}],` +
		`"ClientTypes":[{"CanGuarantee":true,"CanOpenAccounts":true,"Default":true,"ID":"client","Key":"d9df8bc78a0234ccc934a845c","Name":"Client",` +
		`"UseDefaultAddress":true}],"InitialState":2,"Language":"ENGLISH","MetadataKeys":20,"NumberPattern":"#########",` +
		`"OtherIDDocuments":true,"RequireEncodedKey":true,"Sending":{"PerMinute":{"email":5,"sms":0}},"TimeZone":"UTC"}}`
	b, err := AppendSettings([]byte("before"), s, "ops", at)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimPrefix(string(b), "before"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got, by, gotAt, err := DecodeSettings([]byte(want))
	if err != nil || by != "ops" || gotAt != clientbook.Cut(at) || !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v, %q, %v, %v, want %+v", got, by, gotAt, err, s)
	}
}

// TestSettingsKeepEverything fills every part of settings by reflection. The golden file holds the parts' names: it grows with the
// settings, but what stands in it stays.
func TestSettingsKeepEverything(t *testing.T) {
	var s clientbook.Settings
	fill(t, reflect.ValueOf(&s).Elem())
	b, err := AppendSettings(nil, &s, "ops", clientbook.FromMillis(1))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/settings.golden", b)
	got, _, _, err := DecodeSettings(b)
	if err != nil || !reflect.DeepEqual(got, &s) {
		t.Errorf("got %+v, %v, want %+v", got, err, s)
	}
}

func TestMessageKeepsEverything(t *testing.T) {
	var m clientbook.MessageText
	fill(t, reflect.ValueOf(&m).Elem())
	b, err := AppendMessage(nil, &m)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/message.golden", b)
	if got, err := DecodeMessage(b); err != nil || !reflect.DeepEqual(got, &m) {
		t.Errorf("got %+v, %v, want %+v", got, err, m)
	}
}

func TestMessageForm(t *testing.T) {
	m := clientbook.MessageText{Destination: "ada@example.com", Subject: "Hello", Body: "<p>Dear Ada", HTML: true}
	const want = "\x01" + `{"Body":"<p>Dear Ada","Destination":"ada@example.com","HTML":true,"Subject":"Hello"}`
	b, err := AppendMessage([]byte("before"), &m)
	if err != nil || string(b) != "before"+want {
		t.Errorf("got %s, %v, want before%s", b, err, want)
	}
	if got, err := DecodeMessage([]byte(want)); err != nil || !reflect.DeepEqual(got, &m) {
		t.Errorf("got %+v, %v, want %+v", got, err, m)
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s: got %s, want %s; if only parts were added, run with -update", path, got, want)
	}
}

// TestEmptyIsNil: lists without elements are no lists, so that settings with the one and the other have one encoding.
func TestEmptyIsNil(t *testing.T) {
	empty := &clientbook.Settings{
		Branches: []clientbook.Branch{}, CustomFieldSets: []clientbook.CustomFieldSet{{Fields: []clientbook.CustomField{}}},
		Sending: clientbook.Sending{Allow: []string{}, PerMinute: map[clientbook.Channel]int{}},
	}
	want := &clientbook.Settings{CustomFieldSets: []clientbook.CustomFieldSet{{}}}
	a, err := AppendSettings(nil, empty, "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := AppendSettings(nil, want, "", time.Time{})
	if err != nil || string(a) != string(b) {
		t.Errorf("%s and %s, %v", a, b, err)
	}
	got, by, at, err := DecodeSettings(a)
	if err != nil || by != "" || at != (time.Time{}) || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %q, %v, %v, want %+v", got, by, at, err, want)
	}
	if empty.Branches == nil {
		t.Error("the settings were written to")
	}
}

func TestAppendRefuses(t *testing.T) {
	for name, s := range map[string]*clientbook.Settings{
		"none":                     nil,
		"a text that is not UTF-8": {Sending: clientbook.Sending{Allow: []string{"\xff"}}},
		"a key that is not UTF-8":  {Sending: clientbook.Sending{PerMinute: map[clientbook.Channel]int{"\xff": 1}}},
		"a time in the year 10000": {Users: []clientbook.User{{Definition: clientbook.Definition{Created: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}}},
	} {
		if b, err := AppendSettings(nil, s, "", time.Time{}); err == nil {
			t.Errorf("%s: encoded as %s", name, b)
		}
	}
	if b, err := AppendMessage(nil, nil); err == nil {
		t.Errorf("no message: encoded as %s", b)
	}
	if b, err := AppendMessage(nil, &clientbook.MessageText{Body: "secret\xff"}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("encoded as %s, %v", b, err)
	}
}

func TestDecodeSettingsRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":           "",
		"no JSON":           "\x01",
		"a later format":    "\x02{\"Settings\":{}}",
		"no settings":       "\x01{}",
		"null":              "\x01null",
		"null settings":     "\x01{\"Settings\":null}",
		"another type":      "\x01{\"Settings\":{\"TimeZone\":\"secret\",\"MetadataKeys\":\"secret\"}}",
		"a number too big":  "\x01{\"Settings\":{\"InitialState\":256}}",
		"an unknown part":   "\x01{\"Settings\":{\"Newer\":\"secret\"}}",
		"unknown outside":   "\x01{\"Settings\":{},\"Newer\":1}",
		"unknown far in":    "\x01{\"Settings\":{\"Branches\":[{\"Newer\":1}]}}",
		"something behind":  "\x01{\"Settings\":{}}{}",
		"a space behind":    "\x01{\"Settings\":{}} ",
		"the end cut off":   "\x01{\"Settings\":{}",
		"half a text":       "\x01{\"Settings\":{\"TimeZone\":\"secret",
		"a time that is no": "\x01{\"At\":\"secret\",\"Settings\":{}}",
	} {
		s, _, _, err := DecodeSettings([]byte(in))
		if err == nil {
			t.Errorf("%s: decoded to %+v", name, s)
		} else if !strings.HasPrefix(err.Error(), "decode settings: ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeMessageRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":          "",
		"null":             "\x01null",
		"a later format":   "\x02{}",
		"another type":     "\x01{\"Body\":\"secret\",\"HTML\":\"secret\"}",
		"an unknown part":  "\x01{\"Newer\":\"secret\"}",
		"something behind": "\x01{}{}",
	} {
		m, err := DecodeMessage([]byte(in))
		if err == nil {
			t.Errorf("%s: decoded to %+v", name, m)
		} else if !strings.HasPrefix(err.Error(), "decode message: ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecodeSettings(f *testing.F) {
	b, err := AppendSettings(nil, clientbook.DefaultSettings(), "ops", clientbook.FromMillis(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		s, by, at, err := DecodeSettings(b)
		if err != nil {
			return
		}
		again, err := AppendSettings(nil, s, by, at)
		if err != nil {
			t.Fatalf("%q can't be encoded again: %v", b, err)
		}
		s, by, at, err = DecodeSettings(again)
		if err != nil {
			t.Fatalf("%q is encoded as %q: %v", b, again, err)
		}
		if twice, err := AppendSettings(nil, s, by, at); err != nil || string(twice) != string(again) {
			t.Errorf("%q is encoded as %q, then as %q, %v", b, again, twice, err)
		}
	})
}
