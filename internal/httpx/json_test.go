package httpx

import (
	stdjson "encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"clientbook"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	testLimit = 1 << 20
	testDepth = 32
)

// request makes a POST whose length is known, as JSON.
func request(body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func TestReadJSONAccepts(t *testing.T) {
	for _, body := range []string{
		`{}`, " \r\n\t{ } \n", `{"a":null,"b":[true,false,[]],"c":{"d":"e"}}`,
		`{"a":"\ud83d\ude00 \/ \u00e9 é < > &"}`, `{"":""}`, `{"a":{"x":1},"b":{"x":1}}`, `{"a":1,"A":2}`,
		`{"a":-0.0e-999,"b":1E308,"c":1e-400,"d":12345678901234567890}`,
		`{"a":"\\u0000","b":"\\\\u0000"}`, // a backslash, then text
		`{"a":` + strings.Repeat("[", testDepth-1) + strings.Repeat("]", testDepth-1) + `}`,
		`{"a":"` + strings.Repeat("[{", 100) + `"}`,
		`{"a":"\"[[[","b":[1,[2]]}`,
		`{"a":` + strings.Repeat("1", 309) + `}`,
		`{"a":"` + strings.Repeat("x", testLimit-8) + `"}`,
	} {
		got, err := ReadJSON(request(body), testLimit, testDepth)
		if err != nil || string(got) != body {
			t.Errorf("ReadJSON(%.80q) = %.80q, %v", body, got, err)
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	const broken = "the body is broken JSON: "
	tests := []struct{ name, body, want string }{
		{"empty", "", "the body is empty"},
		{"spaces", " \n", "the body is empty"},
		{"array", "[]", "the body is not a JSON object"},
		{"null", "null", "the body is not a JSON object"},
		{"string", `"{}"`, "the body is not a JSON object"},
		{"byte order mark", "\ufeff{}", "the body is not a JSON object"},
		{"cut", `{"name":"Marsh`, broken + "unexpected end at byte 14"},
		{"cut in object", `{"name":1`, broken + "unexpected end at byte 9"},
		{"cut in escape", `{"name":"\u12`, broken + "unexpected end at byte 9"},
		{"trailing text", `{"a":1} Marsh`, broken + "trailing data at byte 7"},
		{"two objects", `{}{}`, broken + "trailing data at byte 2"},
		{"comma", `{"a":1,}`, broken + "syntax error at byte 7"},
		{"comma in array", `{"a":[1,]}`, broken + "syntax error at byte 8"},
		{"no quotes", `{Marsh:1}`, broken + "syntax error at byte 1"},
		{"number name", `{1:1}`, broken + "syntax error at byte 1"},
		{"single quotes", `{'a':1}`, broken + "syntax error at byte 1"},
		{"comment", `{/**/}`, broken + "syntax error at byte 1"},
		{"wrong close", `{"a":[1}`, broken + "syntax error at byte 7"},
		{"NaN", `{"a":NaN}`, broken + "syntax error at byte 5"},
		{"leading zero", `{"a":01}`, broken + "syntax error at byte 6"},
		{"plus", `{"a":+1}`, broken + "syntax error at byte 5"},
		{"hex", `{"a":0x1}`, broken + "syntax error at byte 6"},
		{"tab in string", "{\"a\":\"Marsh\t\"}", broken + "syntax error at byte 11"},
		{"repeated name", `{"Marsh":1,"b":2,"Marsh":3}`, broken + "repeated name at byte 17"},
		{"repeated name, escaped", `{"a":1,"\u0061":2}`, broken + "repeated name at byte 7"},
		{"repeated name, deep", `{"a":[{"b":{"c":1,"c":1}}]}`, broken + "repeated name at byte 18"},
		{"invalid UTF-8", "{\"a\":\"Marsh\xff\"}", broken + "invalid UTF-8 at byte 11"},
		{"invalid UTF-8 in name", "{\"\xc0\x80\":1}", broken + "invalid UTF-8 at byte 2"},
		{"invalid UTF-8 between", "{\xff}", broken + "invalid UTF-8 at byte 1"},
		{"surrogate as UTF-8", "{\"a\":\"\xed\xa0\x80\"}", broken + "invalid UTF-8 at byte 6"},
		{"lone surrogate", `{"a":"\ud800"}`, broken + "invalid escape at byte 6"},
		{"lone low surrogate", `{"a":"\udc00 x"}`, broken + "invalid escape at byte 6"},
		{"surrogate pair reversed", `{"a":"\udc00\ud800"}`, broken + "invalid escape at byte 6"},
		{"lone surrogate in name", `{"\ud800":1}`, broken + "invalid escape at byte 2"},
		{"unknown escape", `{"a":"\x41"}`, broken + "invalid escape at byte 6"},
		{"NUL", "{\"a\":\"\x00\"}", broken + "NUL at byte 6"},
		{"NUL between", "{\"a\":1\x00}", broken + "NUL at byte 6"},
		{"NUL escaped", `{"a":"Marsh\u0000"}`, broken + "NUL at byte 11"},
		{"NUL after a backslash", `{"a":"\\\u0000"}`, broken + "NUL at byte 8"},
		{"NUL in name", `{"\u0000":1}`, broken + "NUL at byte 2"},
		{"NUL at the end", "{}\x00", broken + "NUL at byte 2"},
		{"number", `{"a":1e999}`, broken + "number out of range at byte 5"},
		{"negative number", `{"a":[-2E308]}`, broken + "number out of range at byte 6"},
		{"many digits", `{"a":` + strings.Repeat("9", 310) + `}`, broken + "number out of range at byte 5"},
		{"deep arrays", `{"a":` + strings.Repeat("[", testDepth) + strings.Repeat("]", testDepth) + `}`,
			broken + "nesting over 32 levels at byte 36"},
		{"depth bomb", strings.Repeat(`{"":`, testLimit/4), broken + "nesting over 32 levels at byte 128"},
		{"array bomb", `{"a":` + strings.Repeat("[", testLimit-5), broken + "nesting over 32 levels at byte 36"},
	}
	for _, tt := range tests {
		body, err := ReadJSON(request(tt.body), testLimit, testDepth)
		e, ok := errors.AsType[*clientbook.Error](err)
		want := reasonFor(tt.want)
		if tt.name == "byte order mark" { // which begins no JSON
			want = clientbook.ReasonSyntax
		}
		if !ok || e.Kind != clientbook.KindInvalid || e.Reason != want || e.Detail != tt.want || e.Err != nil {
			t.Errorf("%s: ReadJSON(%.80q) = %.80q, %v, want %q", tt.name, tt.body, body, err, tt.want)
		}
	}
}

// reasonFor gives the reason that goes with what a refusal says.
func reasonFor(detail string) string {
	for part, reason := range map[string]string{
		"is empty": clientbook.ReasonNoBody, "not a JSON object": clientbook.ReasonBody,
		"invalid UTF-8": clientbook.ReasonUTF8, "NUL": clientbook.ReasonNUL,
	} {
		if strings.Contains(detail, part) {
			return reason
		}
	}
	return clientbook.ReasonSyntax
}

func TestReadUndeclaredJSON(t *testing.T) {
	for _, tt := range []struct {
		declared []string
		ok       bool
	}{{nil, true}, {[]string{"application/json"}, true}, {[]string{""}, false}, {[]string{"text/plain"}, false}} {
		r := request(`{"a":1}`)
		if delete(r.Header, "Content-Type"); tt.declared != nil {
			r.Header["Content-Type"] = tt.declared
		}
		body, err := ReadUndeclaredJSON(r, testLimit, testDepth)
		if tt.ok != (err == nil) || !tt.ok && clientbook.ReasonOf(err) != clientbook.ReasonContentType {
			t.Errorf("Content-Type %q: %q, %v", tt.declared, body, err)
		}
	}
}

func TestReadJSONHeaders(t *testing.T) {
	const (
		badType = "invalid: Content-Type: content_type: the content type must be application/json"
		badCode = "unsupported: Content-Encoding: encoding: the body must be sent without a content encoding"
		badSize = "too large: body_size: the body is larger than 10 bytes"
	)
	tests := []struct {
		header http.Header
		body   string
		want   string
	}{
		{http.Header{"Content-Type": {"application/json"}}, `{}`, ""},
		{http.Header{"Content-Type": {"Application/JSON"}}, `{}`, ""},
		{http.Header{"Content-Type": {"application/json;charset=utf-8"}}, `{}`, ""},
		{http.Header{"Content-Type": {" application/json ; charset=UTF-8"}}, `{}`, ""},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"Identity"}}, `{}`, ""},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {""}}, `{}`, ""},
		{http.Header{}, `{}`, badType},
		{http.Header{"Content-Type": {""}}, `{}`, badType},
		{http.Header{"Content-Type": {"text/json"}}, `{}`, badType},
		{http.Header{"Content-Type": {"application/json5"}}, `{}`, badType},
		{http.Header{"Content-Type": {"application/vnd.api+json"}}, `{}`, badType},
		{http.Header{"Content-Type": {"application/json, text/plain"}}, `{}`, badType},
		{http.Header{"Content-Type": {"application/json", "text/plain"}}, `{}`, badType},
		{http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, `a=b`, badType},
		// The order of faults.
		{http.Header{"Content-Encoding": {"gzip"}}, `{`, badCode},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"identity", "br"}}, `{}`, badCode},
		{http.Header{"Content-Encoding": {"gzip"}}, `{"a":"bcd"}`, badSize},
		{http.Header{}, `{"a":"bcd"}`, badSize},
		{http.Header{}, ``, badType},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/", strings.NewReader(tt.body))
		r.Header = tt.header
		_, err := ReadJSON(r, 10, testDepth)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%v %q: got %q, want %q", tt.header, tt.body, got, tt.want)
		}
	}
}

func TestReadJSONSize(t *testing.T) {
	ten := `{"a":"bc"}`
	tests := []struct {
		name   string
		length int64 // declared; -1 for chunked
		body   io.Reader
		want   string
	}{
		{"at the limit", 10, strings.NewReader(ten), ""},
		{"at the limit, chunked", -1, strings.NewReader(ten), ""},
		{"in small pieces", -1, iotest.OneByteReader(strings.NewReader(ten)), ""},
		{"end with the last byte", 10, iotest.DataErrReader(strings.NewReader(ten)), ""},
		{"declared over the limit, never read", 11, iotest.ErrReader(errors.New("was read")), clientbook.ReasonBodyTooLarge},
		{"declared absurd", math.MaxInt64, iotest.ErrReader(errors.New("was read")), clientbook.ReasonBodyTooLarge},
		{"chunked over the limit", -1, strings.NewReader(ten + " "), clientbook.ReasonBodyTooLarge},
		{"chunked without end", -1, endless{}, clientbook.ReasonBodyTooLarge},
		{"cut short", 10, io.MultiReader(strings.NewReader(`{}`), iotest.ErrReader(io.ErrUnexpectedEOF)), clientbook.ReasonBody},
		{"late", 10, io.MultiReader(strings.NewReader(`{}`), iotest.ErrReader(os.ErrDeadlineExceeded)), clientbook.ReasonTimeout},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/", tt.body)
		r.ContentLength = tt.length
		r.Header.Set("Content-Type", "application/json")
		body, err := ReadJSON(r, 10, testDepth)
		if got := clientbook.ReasonOf(err); got != tt.want || (err == nil) != (tt.want == "") {
			t.Errorf("%s: ReadJSON = %q, %v, want reason %q", tt.name, body, err, tt.want)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// A declared length costs no memory before the bytes are there.
func TestReadJSONMemory(t *testing.T) {
	var room int
	r := request("{}")
	r.ContentLength = testLimit
	r.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) {
		room = len(p)
		return 0, io.ErrUnexpectedEOF
	}))
	if _, err := ReadJSON(r, testLimit, testDepth); err == nil || room > firstRead+1 {
		t.Errorf("a declared %d bytes got room for %d at once, error %v", testLimit, room, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestWriteJSON(t *testing.T) {
	w := httptest.NewRecorder()
	err := WriteJSON(w, http.StatusTeapot, map[string]any{"b": "<é&>", "a": []int(nil)})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":[],"b":"<é&>"}`
	if w.Code != http.StatusTeapot || w.Body.String() != want ||
		w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("Content-Length") != "20" {
		t.Errorf("got %d %v %q, want %d %q", w.Code, w.Header(), w.Body, http.StatusTeapot, want)
	}

	w = httptest.NewRecorder()
	if err := WriteJSON(w, http.StatusOK, map[string]any{"a": "b", "c": func() {}}); err == nil ||
		err.Error() != "httpx: a map[string]interface {} can't be encoded" || w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("a func was encoded: %v %q, error %v", w.Header(), w.Body, err)
	}

	w = httptest.NewRecorder()
	WriteBytes(w, http.StatusNoContent, nil)
	if w.Code != http.StatusNoContent || w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("no content: got %d %v %q", w.Code, w.Header(), w.Body)
	}
}

// FuzzCheckJSON holds what checkJSON accepts against other readers of JSON.
func FuzzCheckJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":[1e3,"\u0041\ud83d\ude00",{"b":null}]}`, `{"a":1,"a":2}`, `{"a":"\\u0000"}`, "{}\x00", `{"a":"\ud800"}`, `{"a":1e999}`,
		`{"\\":{"\"[":"]"}}`, `[]`, `{"a":-}`, "{\"a\":\"\xff\"}", strings.Repeat(`{"":`, 40),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		err := checkJSON(body, 4)
		if string(body) != before {
			t.Fatalf("%q was changed to %q", before, body)
		}
		want := oracle(body, 4)
		if (err == nil) != want {
			t.Fatalf("checkJSON(%q) = %v, the oracle says %t", body, err, want)
		}
		if err == nil && !stdjson.Valid(body) {
			t.Fatalf("checkJSON accepts %q, encoding/json does not", body)
		}
	})
}

// oracle decides token by token, slowly, what checkJSON decides.
func oracle(body []byte, maxDepth int) bool {
	d := jsontext.NewDecoder(strings.NewReader(string(body)))
	if d.PeekKind() != '{' {
		return false
	}
	for {
		token, err := d.ReadToken()
		if err != nil {
			return err == io.EOF && d.StackDepth() == 0
		}
		if d.StackDepth() > maxDepth {
			return false
		}
		switch token.Kind() {
		case '"':
			if strings.Contains(token.String(), "\x00") {
				return false
			}
		case '0':
			if _, err := token.Float(); err != nil && !strings.Contains(token.String(), "e-") {
				return false
			}
		}
		if d.StackDepth() == 0 && d.PeekKind() != 0 {
			return false
		}
	}
}

// person is a create as an SDK sends it, about 800 bytes.
const person = `{"type":"person","email":"ada.marsh@example.com","mobile":"+44 7700 900123","telephone":"+44 20 7946 0958",` +
	`"externalId":"7f3c1b4e-7f0a-4a52-9d53-6a8b7f1f9a10","joinedDate":"2024-02-29","personDetails":{"firstName":"Ada",` +
	`"middleName":"Josephine","lastName":"Marsh","dob":"1990-04-17","gender":"female","nationality":"GB","birthCountry":"IE",` +
	`"ssn":"123456789","socialInsuranceNumber":"QQ123456C","nationalIdentityNumber":"987654321",` +
	`"taxIdentificationNumber":"1234567890"},"metadata":{"source":"branch 12","campaign":"spring","officer":"j.miller",` +
	`"note":"Prefers letters; came with her brother. Two accounts wanted, one of them for savings only.","score":"17.5",` +
	`"segment":"retail","tier":"gold","language":"en","consent":"2024-02-29T10:00:00Z"}}`

func BenchmarkReadJSON(b *testing.B) {
	r := request(person)
	body := strings.NewReader(person)
	r.Body = io.NopCloser(body)
	b.SetBytes(int64(len(person)))
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(person)
		if _, err := ReadJSON(r, testLimit, testDepth); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	body := []byte(person)
	b.SetBytes(int64(len(person)))
	for b.Loop() {
		if _, what, _ := scan(body, testDepth); what != "" {
			b.Fatal(what)
		}
	}
}

func BenchmarkIsValid(b *testing.B) {
	body := jsontext.Value(person)
	b.SetBytes(int64(len(person)))
	for b.Loop() {
		if !body.IsValid() {
			b.Fatal("invalid")
		}
	}
}

func BenchmarkWriteJSON(b *testing.B) {
	v := struct {
		ID   string            `json:"id"`
		Type string            `json:"type"`
		Meta map[string]string `json:"metadata"`
	}{"5eb04fcd0f3e360008035eb1", "person", map[string]string{"a": "b", "c": "d"}}
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		w.Body.Reset()
		if err := WriteJSON(w, http.StatusOK, v); err != nil {
			b.Fatal(err)
		}
	}
}
