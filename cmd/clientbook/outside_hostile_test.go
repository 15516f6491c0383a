package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The contract's types of errors (section 3).
const (
	invalidType  = "invalid_request"
	unauthType   = "unauthorized"
	notFoundType = "resource_not_found"
	tooLargeType = "request_too_large"
)

// quick is how long an answer may take after the last byte of its request, on a machine that does other things too.
const quick = 3 * time.Second

// A probe is bytes sent over one connection, and what must come back.
type probe struct {
	name    string
	raw     string
	end     string   // after raw: "" wait for the answers, "half" close the writing side first, "cut" close, "silence" send no more
	answers []expect // in order; none: whatever comes, or nothing
}

// An expect is one answer.
type expect struct {
	status  []int // any of them
	typ     string
	param   string
	message string // "": any
	allow   string
	noBody  bool
	total   int // of a list; -1: no list
}

func is(status int, typ, param string) expect {
	return expect{status: []int{status}, typ: typ, param: param, total: -1}
}

func fine(status ...int) expect { return expect{status: status, total: -1} }

var (
	refused      = is(400, invalidType, "")
	unauthorized = expect{status: []int{401}, typ: unauthType, message: "The 'Authorization' header is invalid", total: -1}
	notFound     = is(404, notFoundType, "")
	unchanged    = fine(200)
)

// A hostile is the server under attack, with one person and one company on record.
type hostile struct {
	t               *testing.T
	p               *program
	live, revoked   string // other keys
	person, company string // ids
	unknown         string // an id that nobody has
	personAnswer    []byte
	watch           *watch
	before          stored
	slowest         time.Duration
	slowestName     string
}

func newHostile(t *testing.T) *hostile {
	data := t.TempDir() + "/data"
	h := &hostile{t: t, unknown: "00000000000000000000abcd"}
	key := newKey(t, data, "hostile", "test")
	h.live = newKey(t, data, "hostile", "live")
	h.revoked = newKey(t, data, "hostile", "test")
	keys := strings.Split(strings.TrimSpace(mustRun(t, "key", "list", "--data", data)), "\n")
	h.p = serve(t, data, key)
	mustRun(t, "key", "revoke", "--data", data, newestKey(t, h, keys))
	h.person, _ = attributesOf(h.p.want(200, "POST", "/v1/clients", personBody))
	h.company, _ = attributesOf(h.p.want(200, "POST", "/v1/clients", companyBody))
	h.personAnswer = h.p.want(200, "GET", "/v1/clients/"+h.person, "")
	h.watch = newWatch(t, data)
	if h.before = h.watch.stored(); h.before.position != 2 || h.before.versions != 2 || h.before.clients != 2 || h.before.tokens == 0 {
		t.Fatalf("two clients were created, but stored is %+v", h.before)
	}
	return h
}

// newestKey gives the id of the key to revoke: of the test keys, the one that is not the server's own.
func newestKey(t *testing.T, h *hostile, lines []string) string {
	t.Helper()
	id := ""
	for _, l := range lines {
		if f := strings.Fields(l); len(f) > 2 && f[2] == "test" {
			id = f[0] // oldest first
		}
	}
	if id == "" {
		t.Fatalf("no test key in %q", lines)
	}
	return id
}

const (
	personBody = `{"type":"person","email":"ada@example.com","mobile":"+44 1","telephone":"+44 2","externalId":"x-1","joinedDate":"2020-01-01",
"personDetails":{"firstName":"Ada","lastName":"Marsh","dob":"1990-01-02","gender":"female","nationality":"GB"},"metadata":{"tier":"gold"}}`
	companyBody = `{"type":"company","email":"acme@example.com","companyDetails":{"name":"Acme","website":"https://acme.example","incorporationCountry":"GB"}}`
)

// request gives the bytes of a request with the right key. Headers are whole lines without their ends.
func (h *hostile) request(method, target, body string, headers ...string) string {
	return h.keyed(h.p.key, method, target, body, headers...)
}

func (h *hostile) keyed(key, method, target, body string, headers ...string) string {
	lines := []string{method + " " + target + " HTTP/1.1", "Host: api.complycube.com", "Authorization: " + key}
	if body != "" {
		lines = append(lines, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body)))
	}
	return strings.Join(append(lines, headers...), "\r\n") + "\r\n\r\n" + body
}

// create and update give requests with a JSON body.
func (h *hostile) create(body string) string { return h.request("POST", "/v1/clients", body) }
func (h *hostile) update(body string) string {
	return h.request("POST", "/v1/clients/"+h.person, body)
}

func chunked(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body) }

func TestHostileInput(t *testing.T) {
	h := newHostile(t)
	for _, group := range []struct {
		name   string
		probes []probe
	}{
		{"json", h.brokenJSON()}, {"values", h.values()}, {"sizes", h.sizes()}, {"content types", h.contentTypes()},
		{"paths", h.paths()}, {"queries", h.queries()}, {"methods", h.methods()}, {"credentials", h.credentials()},
		{"headers", h.headers()}, {"bodies", h.bodies()}, {"lines", h.lines()}, {"order of checks", h.order()},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, p := range group.probes {
				h.probe(t, p)
			}
		})
	}
	t.Logf("the slowest answer took %v: %s", h.slowest, h.slowestName)
	if got := h.p.want(200, "GET", "/v1/clients/"+h.person, ""); !bytes.Equal(got, h.personAnswer) {
		t.Errorf("the client is now %s, want %s", got, h.personAnswer)
	}
	h.p.stop()
	deep(t, h.p.data)
}

// probe sends p and judges what comes back, and that nothing was stored.
func (h *hostile) probe(t *testing.T, p probe) {
	t.Helper()
	problems := h.exchange(t, p)
	if now := h.watch.stored(); now != h.before {
		problems = append(problems, fmt.Sprintf("stored: got %+v, want %+v", now, h.before))
		h.before = now
	}
	if got, err := h.p.try("GET", "/v1/clients?pageSize=1", ""); err != nil || got.status != 200 || !bytes.Contains(got.body, []byte(`"totalItems":2,`)) {
		problems = append(problems, fmt.Sprintf("afterwards the list gives %d %.200s, %v", got.status, got.body, err))
	}
	if problems != nil {
		t.Errorf("%s\nsent %s\n%s", p.name, shown(p.raw), strings.Join(problems, "\n"))
	}
}

func (h *hostile) exchange(t *testing.T, p probe) (problems []string) {
	t.Helper()
	c, err := net.Dial("tcp", h.p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	sent := make(chan struct{})
	go func() { // the answer may come before all was taken
		defer close(sent)
		_, _ = io.WriteString(c, p.raw) // the server may have refused the rest
		if p.end == "half" {
			_ = c.(*net.TCPConn).CloseWrite()
		}
	}()
	switch p.end {
	case "cut":
		<-sent
		return nil
	case "silence":
		<-sent
		if err := c.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	for i, want := range p.answers {
		method, _, _ := strings.Cut(p.raw, " ")
		resp, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return append(problems, fmt.Sprintf("answer %d: got none (%v), want %+v", i+1, err, want))
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return append(problems, fmt.Sprintf("answer %d: its body ended early: %v", i+1, err))
		}
		for _, problem := range want.judge(method, resp, body) {
			problems = append(problems, fmt.Sprintf("answer %d: %s\ngot  %d %v %.400s\nwant %+v", i+1, problem, resp.StatusCode, resp.Header, body, want))
		}
	}
	if took := time.Since(begun); took > h.slowest {
		h.slowest, h.slowestName = took, p.name
	}
	if took := time.Since(begun); took > quick {
		problems = append(problems, fmt.Sprintf("it took %v", took))
	}
	return problems
}

func (want expect) judge(method string, resp *http.Response, body []byte) (problems []string) {
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if !slices.Contains(want.status, resp.StatusCode) {
		complain("status")
	}
	if want.allow != "" && resp.Header.Get("Allow") != want.allow {
		complain("Allow header")
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 || resp.Header.Get("Location") != "" {
		complain("a redirect")
	}
	if method == "HEAD" || want.noBody || resp.StatusCode == 204 || resp.StatusCode == 100 {
		if len(body) > 0 {
			complain("a body where none may be")
		}
		return problems
	}
	if got := resp.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		complain("Content-Type %q", got)
	}
	var is map[string]any
	if err := json.Unmarshal(body, &is); err != nil {
		complain("no JSON object: %v", err)
		return problems
	}
	if want.total >= 0 && is["totalItems"] != float64(want.total) {
		complain("totalItems")
	}
	if resp.StatusCode < 400 {
		return problems
	}
	text := func(name string) string { s, _ := is[name].(string); return s }
	if want.typ != "" && text("type") != want.typ {
		complain("type")
	}
	if text("message") == "" || want.message != "" && text("message") != want.message {
		complain("message")
	}
	if text("param") != want.param {
		complain("param")
	}
	for name := range is {
		if name != "type" && name != "message" && name != "param" {
			complain("attribute %q", name)
		}
	}
	return problems
}

// shown gives the beginning of what was sent.
func shown(raw string) string {
	if len(raw) > 600 {
		return fmt.Sprintf("%q… (%d bytes)", raw[:600], len(raw))
	}
	return fmt.Sprintf("%q", raw)
}

func (h *hostile) brokenJSON() (probes []probe) {
	deep := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	bad := map[string]string{
		"only spaces": " \r\n\t", "open": "{", "two objects": "{}{}", "trailing": `{} x`, "array": "[]", "array of object": "[{}]", "null": "null",
		"string": `"x"`, "number": "1", "true": "true", "no value": `{"email":}`, "comma at the end": `{"email":"a@b.co",}`, "single quotes": `{'email':"a@b.co"}`,
		"no quotes": `{email:"a@b.co"}`, "no colon": `{"email" "a@b.co"}`, "comment": `{/*x*/}`, "byte order mark": "\ufeff{}", "UTF-16": "{\x00}\x00",
		"repeated":               `{"email":"a@b.co","email":"b@b.co"}`,
		"repeated by escape":     `{"email":"a@b.co","e\u006dail":"b@b.co"}`,
		"repeated in details":    `{"personDetails":{"lastName":"A","lastName":"B"}}`,
		"repeated details":       `{"personDetails":{"lastName":"A"},"personDetails":{"lastName":"B"}}`,
		"repeated in metadata":   `{"metadata":{"a":"1","a":"2"}}`,
		"repeated in unknown":    `{"other":{"a":1,"a":2}}`,
		"invalid UTF-8":          "{\"mobile\":\"\xff\"}",
		"invalid UTF-8 in name":  "{\"\xff\":\"x\"}",
		"invalid UTF-8 unknown":  "{\"other\":[\"\xc3\"]}",
		"overlong NUL":           "{\"mobile\":\"\xc0\x80\"}",
		"surrogate in UTF-8":     "{\"mobile\":\"\xed\xa0\x80\"}",
		"beyond Unicode":         "{\"mobile\":\"\xf4\x90\x80\x80\"}",
		"raw NUL in a string":    "{\"mobile\":\"a\x00b\"}",
		"raw NUL between":        "{\x00\"mobile\":\"a\"}",
		"raw NUL after":          "{}\x00",
		"escaped NUL":            `{"mobile":"a\u0000b"}`,
		"escaped NUL in name":    `{"a\u0000b":"x"}`,
		"escaped NUL unknown":    `{"other":[{"x":"\u0000"}]}`,
		"escaped NUL metadata":   `{"metadata":{"k\u0000":"v"}}`,
		"lone high surrogate":    `{"mobile":"\ud800"}`,
		"lone low surrogate":     `{"mobile":"\udc00"}`,
		"surrogates wrong way":   `{"mobile":"\udc00\ud800"}`,
		"half a pair":            `{"mobile":"\ud800\u0041"}`,
		"lone surrogate in name": `{"\ud83d":"x"}`,
		"lone surrogate unknown": `{"other":"\udfff"}`,
		"raw line end":           "{\"mobile\":\"a\nb\"}",
		"raw control character":  "{\"mobile\":\"a\x01b\"}",
		"wrong escape":           `{"mobile":"\x41"}`,
		"short escape":           `{"mobile":"\u00"}`,
		"1e999":                  `{"other":1e999}`, "-1e999": `{"other":-1e999}`, "1e999 in its place": `{"mobile":1e999}`, "1e309": `{"other":[1e309]}`,
		"400 digits": `{"other":1` + strings.Repeat("0", 400) + `}`, "exponent of 100 digits": `{"other":1e1` + strings.Repeat("0", 100) + `}`,
		"leading zero": `{"other":01}`, "plus": `{"other":+1}`, "no digit": `{"other":.5}`, "NaN": `{"other":NaN}`, "Infinity": `{"other":Infinity}`, "hex": `{"other":0x10}`,
		"minus alone": `{"other":-}`, "wrong literal": `{"other":truE}`,
		"depth 33":             `{"other":` + deep("[", "]", 32) + `}`,
		"depth 33 of objects":  strings.Repeat(`{"a":`, 32) + "{}" + strings.Repeat("}", 32),
		"depth 33 in details":  `{"personDetails":{"other":` + deep("[", "]", 31) + `}}`,
		"depth 100000":         `{"other":` + deep("[", "]", 99999) + `}`,
		"depth 100000, open":   `{"other":` + strings.Repeat("[", 99999),
		"depth 100000 objects": strings.Repeat(`{"a":`, 99999),
		"depth 100000 array":   deep("[", "]", 100000),
		"half":                 `{"email":"a@b.co","personDetails":{"firstName":"A"`,
	}
	for _, name := range sortedKeys(bad) {
		probes = append(probes, probe{name: "create: " + name, raw: h.create(bad[name]), answers: []expect{refused}},
			probe{name: "update: " + name, raw: h.update(bad[name]), answers: []expect{refused}},
			probe{name: "chunked: " + name, raw: h.request("POST", "/v1/clients", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + chunked(bad[name]), answers: []expect{refused}})
	}
	empty := h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Content-Length: 0")
	probes = append(probes, probe{name: "empty update", raw: empty, answers: []expect{refused}},
		probe{name: "empty create", raw: strings.Replace(empty, "/"+h.person, "", 1), answers: []expect{refused}},
		probe{name: "no body", raw: h.request("POST", "/v1/clients", "", "Content-Type: application/json"), answers: []expect{refused}})
	good := map[string]string{
		"nothing": "{}", "unknown": `{"other":1}`, "depth 32": `{"other":` + deep("[", "]", 31) + `}`, "pair of surrogates": `{"other":"\ud83d\ude00"}`,
		"large number": `{"other":1e308}`, "same value": `{"email":"ada@example.com"}`, "read-only": `{"id":7,"createdAt":null,"updatedAt":[],"entityName":{}}`,
		"details of the other kind": `{"companyDetails":{"name":5,"website":"x"}}`, "details of the other kind, no object": `{"companyDetails":5}`, "same type": `{"type":"person"}`,
	}
	for _, name := range sortedKeys(good) {
		probes = append(probes, probe{name: "changes nothing: " + name, raw: h.update(good[name]), answers: []expect{unchanged}})
	}
	return probes
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// values are wrong types and wrong values of each attribute.
func (h *hostile) values() (probes []probe) {
	texts := []string{"type", "email", "mobile", "telephone", "externalId", "joinedDate", "lastActionBy"}
	for _, n := range []string{"firstName", "middleName", "lastName", "dob", "gender", "nationality", "birthCountry", "ssn", "socialInsuranceNumber",
		"nationalIdentityNumber", "taxIdentificationNumber"} {
		texts = append(texts, "personDetails."+n)
	}
	for _, n := range []string{"name", "website", "registrationNumber", "incorporationCountry", "incorporationType"} {
		texts = append(texts, "companyDetails."+n)
	}
	wrong := []string{"1", "-1.5e3", "true", "false", "[]", `["a@b.co"]`, "{}", `{"a":"b"}`}
	add := func(attribute, value string) {
		client, id := personBody, h.person
		if strings.HasPrefix(attribute, "company") {
			client, id = companyBody, h.company
		}
		create, update := patched(client, attribute, value), nested(attribute, value)
		want := []expect{is(400, invalidType, attribute)}
		probes = append(probes, probe{name: "create: " + attribute + " = " + value, raw: h.create(create), answers: want},
			probe{name: "update: " + attribute + " = " + value, raw: h.request("POST", "/v1/clients/"+id, update), answers: want})
	}
	for _, attribute := range texts {
		for _, w := range wrong {
			add(attribute, w)
		}
	}
	for _, attribute := range []string{"personDetails", "companyDetails", "metadata"} {
		for _, w := range []string{"1", "true", `"x"`, "[]", `[{"a":"b"}]`} {
			add(attribute, w)
		}
	}
	for _, w := range []string{"1", "true", "null", "[]", "{}"} {
		add("metadata", `{"ok":"yes","k":`+w+`}`)
	}
	long := func(n int) string { return `"` + strings.Repeat("é", n) + `"` }
	for _, attribute := range []string{"mobile", "telephone", "externalId", "lastActionBy", "personDetails.firstName", "personDetails.middleName", "personDetails.lastName",
		"personDetails.ssn", "personDetails.socialInsuranceNumber", "personDetails.nationalIdentityNumber", "personDetails.taxIdentificationNumber",
		"companyDetails.name", "companyDetails.registrationNumber"} {
		add(attribute, long(501))
		for _, c := range []string{`\u0001`, `\n`, `\u007f`, `\u0085`} { // design §8: nowhere but in notes and metadata
			add(attribute, `"a`+c+`b"`)
		}
	}
	for _, v := range []string{"x", "@example.com", "a@", "a@b", "a@@b.co", "a@b@c.co", "a b@c.co", "a@b .co", " a@b.co"} {
		add("email", `"`+v+`"`)
	}
	for _, a := range []string{"joinedDate", "personDetails.dob"} {
		for _, v := range []string{"2023-02-29", "2023-13-01", "2023-00-10", "2023-1-1", "20230101", "2023-01-01T00:00:00Z", "01-01-2023", "2023-01-32", " 2023-01-01", "+023-01-01", "２０２３-01-01"} {
			add(a, `"`+v+`"`)
		}
	}
	for _, a := range []string{"personDetails.nationality", "personDetails.birthCountry", "companyDetails.incorporationCountry"} {
		for _, v := range []string{"gb", "GBR", "XX", "G", "G B", "UK", "826"} {
			add(a, `"`+v+`"`)
		}
	}
	for _, v := range []string{"Female", "f", "unknown", " male"} {
		add("personDetails.gender", `"`+v+`"`)
	}
	for _, v := range []string{"acme.example", "ftp://acme.example", "javascript:alert(1)", "http://", "https:///x", "//acme.example", "/path"} {
		add("companyDetails.website", `"`+v+`"`)
	}
	add("companyDetails.incorporationType", `"limited"`)
	for _, v := range []string{`"Person"`, `"group"`, `""`, "null"} {
		add("type", v)
	}
	for _, a := range []string{"email", "personDetails.firstName", "personDetails.lastName", "companyDetails.name"} {
		add(a, `""`)
		add(a, "null")
	}
	add("personDetails", "null")
	add("companyDetails", "null")
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprintf(`"k%d":"v"`, i)
	}
	add("metadata", "{"+strings.Join(many, ",")+"}")
	add("metadata", `{"":"v"}`)
	add("metadata", `{"`+strings.Repeat("é", 41)+`":"v"}`)
	add("metadata", `{"k":`+long(501)+`}`)
	add("metadata", `{"k":"a\u0001b"}`)
	add("metadata", `{"a\nb":"v"}`)
	missing := func(name, param, body string) {
		probes = append(probes, probe{name: "missing: " + name, raw: h.create(body), answers: []expect{is(400, invalidType, param)}})
	}
	missing("everything", "type", "{}")
	missing("type", "type", `{"email":"a@b.co","personDetails":{"firstName":"A","lastName":"B"}}`)
	missing("email", "email", `{"type":"person","personDetails":{"firstName":"A","lastName":"B"}}`)
	missing("personDetails", "personDetails", `{"type":"person","email":"a@b.co"}`)
	missing("personDetails, company's there", "personDetails", `{"type":"person","email":"a@b.co","companyDetails":{"name":"A"}}`)
	missing("companyDetails", "companyDetails", `{"type":"company","email":"a@b.co"}`)
	missing("first name", "personDetails.firstName", `{"type":"person","email":"a@b.co","personDetails":{"lastName":"B"}}`)
	missing("last name", "personDetails.lastName", `{"type":"person","email":"a@b.co","personDetails":{"firstName":"B"}}`)
	missing("name", "companyDetails.name", `{"type":"company","email":"a@b.co","companyDetails":{"website":"https://a.example"}}`)
	missing("names, of several faults the first", "type", `{"type":7,"email":7,"lastActionBy":7}`)
	missing("two faults", "email", `{"lastActionBy":1,"metadata":1,"email":1,"type":"person","personDetails":{}}`)
	probes = append(probes, probe{name: "another type", raw: h.update(`{"type":"company"}`), answers: []expect{is(400, invalidType, "type")}},
		probe{name: "two faults in an update", raw: h.update(`{"metadata":[],"personDetails":{"gender":"x","dob":"x"}}`), answers: []expect{is(400, invalidType, "personDetails.dob")}})
	return probes
}

// nested gives an update of one attribute.
func nested(attribute, value string) string {
	if object, inner, ok := strings.Cut(attribute, "."); ok {
		return fmt.Sprintf(`{%q:{%q:%s}}`, object, inner, value)
	}
	return fmt.Sprintf(`{%q:%s}`, attribute, value)
}

// patched gives a whole client in which one attribute has another value.
func patched(client, attribute, value string) string {
	var c map[string]any
	if err := json.Unmarshal([]byte(client), &c); err != nil {
		panic(err)
	}
	at, name := c, attribute
	if object, inner, ok := strings.Cut(attribute, "."); ok {
		at, name = c[object].(map[string]any), inner
	}
	at[name] = json.RawMessage(value)
	return encodeJSON(c)
}

func (h *hostile) sizes() []probe {
	const limit = 1 << 20
	padded := func(n int) string {
		const frame = `{"other":""}`
		return `{"other":"` + strings.Repeat("x", n-len(frame)) + `"}`
	}
	tooLarge := []expect{is(413, tooLargeType, "")}
	declared := func(length string, headers ...string) string {
		return h.request("POST", "/v1/clients/"+h.person, "", append(headers, "Content-Type: application/json", "Content-Length: "+length)...)
	}
	flow := h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Transfer-Encoding: chunked")
	return []probe{
		{name: "exactly 1 MiB", raw: h.update(padded(limit)), answers: []expect{unchanged}},
		{name: "exactly 1 MiB, chunked", raw: flow + chunked(padded(limit)), answers: []expect{unchanged}},
		{name: "1 MiB and a byte", raw: h.update(padded(limit + 1)), answers: tooLarge},
		{name: "1 MiB and a byte, chunked", raw: flow + chunked(padded(limit+1)), answers: tooLarge},
		{name: "5 MiB", raw: h.update(padded(5 * limit)), answers: tooLarge},
		{name: "5 MiB, chunked", raw: flow + chunked(padded(5*limit)), answers: tooLarge},
		{name: "endless chunks", raw: flow + strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 20), answers: tooLarge},
		{name: "declared 10 GiB", raw: declared("10737418240"), answers: tooLarge},
		{name: "declared 10 GiB, with Expect", raw: declared("10737418240", "Expect: 100-continue"), answers: tooLarge},
		{name: "1 MiB of spaces", raw: h.update(strings.Repeat(" ", limit)), answers: []expect{refused}},
		{name: "1 MiB of quotes", raw: h.update(strings.Repeat(`"`, limit)), answers: []expect{refused}},
		{name: "1 MiB of names", raw: h.update("{" + strings.Repeat(`"a":1,`, limit/8) + `"b":1}`), answers: []expect{refused}},
	}
}

func (h *hostile) contentTypes() (probes []probe) {
	with := func(body string, headers ...string) string {
		lines := append(headers, fmt.Sprintf("Content-Length: %d", len(body)))
		return h.request("POST", "/v1/clients/"+h.person, "", lines...) + body
	}
	for _, v := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "application/json-patch+json", "application", "json", "*/*", "application/json, text/plain", ""} {
		probes = append(probes, probe{name: "Content-Type " + v, raw: with("{}", "Content-Type: "+v), answers: []expect{refused}})
	}
	probes = append(probes, probe{name: "no Content-Type", raw: with("{}"), answers: []expect{refused}})
	for _, v := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON", "application/json"} {
		probes = append(probes, probe{name: "Content-Type " + v, raw: with("{}", "Content-Type: "+v), answers: []expect{unchanged}})
	}
	for _, v := range []string{"gzip", "deflate", "br", "identity, gzip", "x"} {
		probes = append(probes, probe{name: "Content-Encoding " + v, raw: with("{}", "Content-Type: application/json", "Content-Encoding: "+v), answers: []expect{is(415, invalidType, "")}})
	}
	return append(probes,
		probe{name: "GET with a Content-Type and no body", raw: h.request("GET", "/v1/clients", "", "Content-Type: application/json"), answers: []expect{{status: []int{200}, total: 2}}},
		probe{name: "GET with a body", raw: h.request("GET", "/v1/clients", "{broken"), answers: []expect{{status: []int{200}, total: 2}}},
		probe{name: "DELETE with a Content-Type and no body", raw: h.request("DELETE", "/v1/clients/"+h.unknown, "", "Content-Type: application/json"), answers: []expect{notFound}})
}

func (h *hostile) paths() (probes []probe) {
	get := func(target string, want ...expect) {
		probes = append(probes, probe{name: "GET " + target, raw: h.request("GET", target, ""), answers: want})
	}
	for _, id := range []string{"1", "x", strings.ToUpper(h.person), h.unknown, h.person + "0", h.person[1:], "0x" + h.person[2:], "-", "null", "undefined", "%20", "%7B%7D", "%E2%82%AC", "%C3%A9", "*", "~", ":id", "a+b"} {
		for _, end := range []string{"", "/"} {
			get("/v1/clients/"+id+end, notFound)
		}
		probes = append(probes, probe{name: "update " + id, raw: h.request("POST", "/v1/clients/"+id, "{}"), answers: []expect{notFound}},
			probe{name: "delete " + id, raw: h.request("DELETE", "/v1/clients/"+id, ""), answers: []expect{notFound}})
	}
	want := notFound
	want.message = "Invalid client id '" + h.unknown + "'"
	get("/v1/clients/"+h.unknown, want)
	for _, path := range []string{
		"//v1/clients", "/v1//clients", "/v1/clients//", "/v1/clients//" + h.person, "/v1/clients/" + h.person + "//", "//", "///", "/v1/clients/../clients", "/v1/./clients",
		"/v1/clients/.", "/v1/clients/..", "/v1/clients/" + h.person + "/..", "/v1/clients/%2e%2e", "/v1/clients/%2E", "/v1/clients/%2e%2e/clients", "/v1%2Fclients", "/v1/clients%2F" + h.person,
		"/v1/clients%2f", "/v1/clients/" + h.person + "%2F", "/v1/clients/%2F", "/v1/clients/" + h.person + "%00", "/v1/clients/%00", "/v1/%00", "/v1/clients/%ff", "/v1/clients/%c0%af",
		"/v1/clients/" + h.person + "/other", "/v1/clients/" + h.person + ";x=y", "/V1/clients", "/v1/Clients", "/v1/client", "/v1", "/v1/", "/v2/clients", "/", "/clients",
		"/v1/livePhotos", "/v1/livePhotos/", "/v1/checks/", "/v1/workflowSessions/", "/v1/tokens/", "/v1/flow/sessions/", "/v1/reports/?clientId=x", "/v1/accountInfo/",
		"/etc/passwd", "/v1/clients/..%2f..%2f..%2fetc%2fpasswd", "/.git/config", "/v1/clients/" + strings.Repeat("a", 20000), "/" + strings.Repeat("/", 5000), "/v1/clients/" + strings.Repeat("../", 5000),
		"/v1/clients\\" + h.person, "/v1/clients/%5c",
	} {
		get(path, notFound)
	}
	odd := expect{status: []int{400, 404}, total: -1}
	for _, path := range []string{"/v1/clients/%zz", "/v1/clients/%", "/v1/clients/%2", "/%zz", "/v1/clients/a b", "/v1/clients/\x01", "/v1/clients/\x7f", "v1/clients", "", "*", "http://", "http://[::1", "http:///v1/x", "/v1/clients/\xff\xfe", "/v1/clients#x", "/v1/clients/\x00"} {
		get(path, odd)
	}
	get("/v1/clients/"+strings.Repeat("a", 40000), is(431, invalidType, ""))
	get("/v1/clients?"+strings.Repeat("a", 40000), is(431, invalidType, ""))
	// Escapes that mean the same, both slash forms, absolute form: the same resource.
	for _, path := range []string{"/v1/clients", "/v1/clients/", "/v1/client%73", "/%76%31/clients/", "http://api.complycube.com/v1/clients", "https://api.complycube.com/v1/clients/",
		"http://other.example:8443/v1/clients/", "HTTPS://api.complycube.com/v1/clients", "http://user:word@api.complycube.com/v1/clients"} {
		get(path, expect{status: []int{200}, total: 2})
	}
	for _, path := range []string{"/v1/clients/" + h.person, "/v1/clients/" + h.person + "/", "/v1/clients/%30" + h.person[1:], "https://api.complycube.com/v1/clients/" + h.person} {
		if !strings.HasPrefix(h.person, "0") && strings.Contains(path, "%30") {
			continue
		}
		get(path, fine(200))
	}
	get("https://api.complycube.com", notFound)
	get("https://api.complycube.com/v2/", notFound)
	return probes
}

func (h *hostile) queries() (probes []probe) {
	get := func(query string, want expect) {
		probes = append(probes, probe{name: "GET ?" + query, raw: h.request("GET", "/v1/clients?"+query, ""), answers: []expect{want}})
	}
	for _, v := range []string{"0", "-1", "x", "", "1.0", "1e3", "0x1", "+1", "%201", "9223372036854775808", "99999999999999999999999", "1%00", "%zz", "１"} {
		get("page="+v, is(400, invalidType, "page"))
		get("pageSize="+v, is(400, invalidType, "pageSize"))
	}
	get("pageSize=1001", is(400, invalidType, "pageSize"))
	all := expect{status: []int{200}, total: 2}
	none := expect{status: []int{200}, total: 0}
	get("page=9223372036854775807&pageSize=1000", all)
	get("", all)
	get("&&&", all)
	for _, q := range []string{
		"email=%zz", "email=%", "%zz=1", "email=%00", "email=%ff", "email", "email=", "=x", "=", "metadata.=x", "metadata=x", "metadata[]=x", "metadata[tier=gold", "personDetails[=x", "personDetails[]=x",
		"personDetails[lastName=Marsh", "personDetails[lastName]]=Marsh", "personDetails.=x", "personDetails=x", "personDetails.ssn=1", "id=" + h.person, "entityName=Ada%20Marsh", "status=x",
		"email[$ne]=x", "email[gt]=a", "email=*", "email=ada@example.com&email=other@example.com", "email=ADA@example.com", "type=Person", "type=person&type=company", "createdAfter=x", "createdBefore=",
		"updatedAfter=2020-13-01", "updatedBefore=1e9", "createdAfter=2020-01-01%0000:00:00Z", "email=ada@example.com;type=person", "__proto__=x", "metadata.__proto__=x", "metadata[$where]=1",
		"email=" + strings.Repeat("a", 20000), strings.Repeat("email=ada@example.com&", 500) + "x=y", "Authorization=x",
	} {
		get(q, none)
	}
	get("personDetails[lastName]=Marsh", expect{status: []int{200}, total: 1})
	get("metadata[tier]=gold&type=person&email=ada%40example.com", expect{status: []int{200}, total: 1})
	return probes
}

func (h *hostile) methods() (probes []probe) {
	collection, item := is(405, invalidType, ""), is(405, invalidType, "")
	collection.allow, item.allow = "GET, POST", "DELETE, GET, POST"
	for _, method := range []string{"PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO", "get", "Post", "M-SEARCH", strings.Repeat("X", 2000)} {
		for _, end := range []string{"", "/"} {
			probes = append(probes, probe{name: method + " of the list" + end, raw: h.request(method, "/v1/clients"+end, ""), answers: []expect{collection}},
				probe{name: method + " of a client" + end, raw: h.request(method, "/v1/clients/"+h.person+end, ""), answers: []expect{item}})
		}
	}
	for _, end := range []string{"", "/"} {
		probes = append(probes,
			probe{name: "DELETE of the list" + end, raw: h.request("DELETE", "/v1/clients"+end, ""), answers: []expect{collection}},
			probe{name: "PUT of nothing" + end, raw: h.request("PUT", "/v1/nothing"+end, "{}"), answers: []expect{notFound}},
			probe{name: "PUT with a body" + end, raw: h.request("PUT", "/v1/clients/"+h.person+end, `{"email":"b@b.co"}`), answers: []expect{item}},
			probe{name: "GET list" + end, raw: h.request("GET", "/v1/clients"+end, ""), answers: []expect{{status: []int{200}, total: 2}}},
			probe{name: "POST list" + end, raw: h.request("POST", "/v1/clients"+end, "{}"), answers: []expect{is(400, invalidType, "type")}},
			probe{name: "GET client" + end, raw: h.request("GET", "/v1/clients/"+h.person+end, ""), answers: []expect{fine(200)}},
			probe{name: "POST client" + end, raw: h.request("POST", "/v1/clients/"+h.person+end, "{}"), answers: []expect{unchanged}},
			probe{name: "DELETE client" + end, raw: h.request("DELETE", "/v1/clients/"+h.unknown+end, ""), answers: []expect{notFound}})
	}
	nowhere := expect{status: []int{400, 404, 405, 501}, total: -1}
	return append(probes,
		probe{name: "OPTIONS *", raw: h.request("OPTIONS", "*", ""), answers: []expect{nowhere}},
		probe{name: "OPTIONS * without a key", raw: "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", answers: []expect{{status: []int{401, 404, 405}, total: -1}}},
		probe{name: "CONNECT host", raw: h.request("CONNECT", "api.complycube.com:443", ""), answers: []expect{nowhere}},
		probe{name: "CONNECT without a key", raw: "CONNECT api.complycube.com:443 HTTP/1.1\r\nHost: api.complycube.com:443\r\n\r\n", answers: []expect{{status: []int{400, 401, 404, 405, 501}, total: -1}}},
		probe{name: "HEAD of nothing", raw: h.request("HEAD", "/v1/nothing", ""), answers: []expect{fine(404)}},
		probe{name: "odd method", raw: h.request("G@T", "/v1/clients", ""), answers: []expect{fine(400, 405)}},
		probe{name: "no method", raw: h.request("", "/v1/clients", ""), answers: []expect{refused}})
}

func (h *hostile) credentials() (probes []probe) {
	key := h.p.key
	other := "live_" + strings.TrimPrefix(key, "test_")
	flipped := key[:len(key)-1] + string(key[len(key)-1]^1)
	values := map[string]string{
		"empty": "", "spaces": "   ", "Bearer": "Bearer " + key, "bearer": "bearer " + key, "Basic": "Basic " + base64.StdEncoding.EncodeToString([]byte(key+":")), "Basic alone": "Basic", "Token": "Token " + key,
		"10 kB": strings.Repeat("k", 10000), "prefix and 10 kB": "test_" + strings.Repeat("k", 10000), "prefix alone": "test_", "live prefix alone": "live_", "wrong prefix": other, "no prefix": strings.TrimPrefix(key, "test_"),
		"prefix twice": "test_" + key, "one digit more": key + "A", "one digit less": key[:len(key)-1], "another last digit": flipped, "upper case": strings.ToUpper(key), "quoted": `"` + key + `"`,
		"words": key + " x", "twice": key + "," + key, "comma": key + ", ", "plus": "test_+/=+/=", "not ASCII": "test_é€", "invalid UTF-8": "test_\xff\xfe", "revoked": h.revoked, "percent": strings.Replace(key, "_", "%5F", 1),
		"null": "null", "undefined": "undefined", "SQL": "' OR 1=1 --", "zeros": "test_" + strings.Repeat("0", len(key)-5), "ones": "test_" + strings.Repeat("z", len(key)-5),
	}
	for _, name := range sortedKeys(values) {
		want := []expect{unauthorized}
		probes = append(probes, probe{name: name, raw: h.keyed(values[name], "GET", "/v1/clients", ""), answers: want},
			probe{name: name + ", create", raw: h.keyed(values[name], "POST", "/v1/clients", personBody), answers: want},
			probe{name: name + ", delete", raw: h.keyed(values[name], "DELETE", "/v1/clients/"+h.person, ""), answers: want})
	}
	plain := func(headers ...string) string {
		return "GET /v1/clients HTTP/1.1\r\nHost: x\r\n" + strings.Join(append(headers, ""), "\r\n") + "\r\n"
	}
	either := []expect{fine(400, 401)}
	trimmed := []expect{fine(200, 401)} // RFC 9110, 5.5: the space around a field's value is not part of it
	foreign := notFound
	return append(probes,
		probe{name: "missing", raw: plain(), answers: []expect{unauthorized}},
		probe{name: "two headers, both right", raw: plain("Authorization: "+key, "Authorization: "+key), answers: []expect{unauthorized}},
		probe{name: "two headers, one right", raw: plain("Authorization: "+key, "Authorization: x"), answers: []expect{unauthorized}},
		probe{name: "two headers, the second right", raw: plain("Authorization:", "Authorization: "+key), answers: []expect{unauthorized}},
		probe{name: "Proxy-Authorization", raw: plain("Proxy-Authorization: " + key), answers: []expect{unauthorized}},
		probe{name: "X-Api-Key", raw: plain("X-Api-Key: " + key), answers: []expect{unauthorized}},
		probe{name: "cookie", raw: plain("Cookie: Authorization=" + key), answers: []expect{unauthorized}},
		probe{name: "in the query", raw: strings.Replace(plain(), "/v1/clients", "/v1/clients?Authorization="+key, 1), answers: []expect{unauthorized}},
		probe{name: "in the target", raw: strings.Replace(plain(), "/v1/clients", "http://"+key+"@x/v1/clients", 1), answers: []expect{unauthorized}},
		probe{name: "control character", raw: plain("Authorization: " + key + "\x01"), answers: either},
		probe{name: "NUL", raw: plain("Authorization: " + key + "\x00"), answers: either},
		probe{name: "DEL", raw: plain("Authorization: " + key + "\x7f"), answers: either},
		probe{name: "folded line", raw: plain("Authorization: "+key[:10], " "+key[10:]), answers: either},
		probe{name: "space at the end", raw: plain("Authorization: " + key + " "), answers: trimmed},
		probe{name: "spaces around", raw: plain("Authorization:  \t" + key + "\t "), answers: trimmed},
		probe{name: "name in other letters", raw: plain("aUTHORIZATION: " + key), answers: []expect{fine(200)}},
		probe{name: "live key, test client", raw: h.keyed(h.live, "GET", "/v1/clients/"+h.person, ""), answers: []expect{foreign}},
		probe{name: "live key, test client updated", raw: h.keyed(h.live, "POST", "/v1/clients/"+h.person, `{"email":"b@b.co"}`), answers: []expect{foreign}},
		probe{name: "live key, test client deleted", raw: h.keyed(h.live, "DELETE", "/v1/clients/"+h.person, ""), answers: []expect{foreign}},
		probe{name: "live key, list", raw: h.keyed(h.live, "GET", "/v1/clients", ""), answers: []expect{{status: []int{200}, total: 0}}})
}

func (h *hostile) headers() []probe {
	many := func(n int, line string) (headers []string) {
		for i := range n {
			headers = append(headers, fmt.Sprintf(line, i))
		}
		return headers
	}
	get := func(headers ...string) string { return h.request("GET", "/v1/clients", "", headers...) }
	large := []expect{is(431, invalidType, "")}
	list := []expect{{status: []int{200}, total: 2}}
	return []probe{
		{name: "one header of 33 KiB", raw: get("X-Long: " + strings.Repeat("x", 33<<10)), answers: large},
		{name: "one header of 1 MiB", raw: get("X-Long: " + strings.Repeat("x", 1<<20)), answers: large},
		{name: "one header of 1 MiB that does not end", raw: strings.TrimSuffix(get("X-Long: "+strings.Repeat("x", 1<<20)), "\r\n\r\n"), answers: large},
		{name: "a name of 40 KiB", raw: get(strings.Repeat("x", 40<<10) + ": y"), answers: large},
		{name: "10000 headers", raw: get(many(10000, "X-%d: y")...), answers: large},
		{name: "headers of 31 KiB", raw: get("X-Long: " + strings.Repeat("x", 31<<10)), answers: list},
		{name: "500 headers", raw: get(many(500, "X-Many-%d: y")...), answers: list},
		{name: "500 headers of one name", raw: get(many(500, "X-Many: %d")...), answers: list},
		{name: "no colon", raw: get("broken"), answers: []expect{refused}},
		{name: "no name", raw: get(": x"), answers: []expect{refused}},
		{name: "space in a name", raw: get("X Y: x"), answers: []expect{refused}},
		{name: "space before the colon", raw: get("X-Y : x"), answers: []expect{refused}},
		{name: "NUL in a value", raw: get("X-Y: a\x00b"), answers: []expect{refused}},
		{name: "carriage return in a value", raw: get("X-Y: a\rb"), answers: []expect{refused}},
		{name: "no Host", raw: "GET /v1/clients HTTP/1.1\r\nAuthorization: " + h.p.key + "\r\n\r\n", answers: []expect{refused}},
		{name: "two Hosts", raw: get("Host: other.example"), answers: []expect{refused}},
		{name: "odd Host", raw: strings.Replace(get(), "Host: api.complycube.com", "Host: a b/c", 1), answers: []expect{refused}},
		{name: "empty Host", raw: strings.Replace(get(), "Host: api.complycube.com", "Host:", 1), answers: list},
		{name: "method override", raw: get("X-HTTP-Method-Override: DELETE"), answers: list},
		{name: "claims of a proxy", raw: get("X-Forwarded-For: 127.0.0.1", "X-Original-URL: /v1/clients/"+h.unknown, "Forwarded: for=x"), answers: list},
		{name: "upgrade", raw: get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"), answers: list},
		{name: "odd Range and conditions", raw: get("Range: bytes=0-1", "If-None-Match: *", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"), answers: list},
	}
}

func (h *hostile) bodies() []probe {
	flow := func(headers ...string) string {
		return h.request("POST", "/v1/clients/"+h.person, "", append(headers, "Content-Type: application/json", "Transfer-Encoding: chunked")...)
	}
	change := `{"email":"changed@example.com"}`
	declared := func(length string) string {
		return h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Content-Length: "+length)
	}
	half := change[:len(change)/2]
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(change), change)
	return []probe{
		{name: "chunked", raw: flow() + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", answers: []expect{unchanged}},
		{name: "chunked, with extensions and trailers", raw: flow("Trailer: X-T") + "1;a=b\r\n{\r\n1;c\r\n}\r\n0\r\nX-T: y\r\n\r\n", answers: []expect{unchanged}},
		{name: "malformed size", raw: flow() + "zz\r\n" + change + "\r\n0\r\n\r\n", answers: []expect{refused}},
		{name: "negative size", raw: flow() + "-1f\r\n" + change + "\r\n0\r\n\r\n", answers: []expect{refused}},
		{name: "size beyond 64 bits", raw: flow() + "fffffffffffffffff\r\n" + change + "\r\n0\r\n\r\n", answers: []expect{refused}},
		{name: "size in other letters", raw: flow() + "0x1f\r\n" + change + "\r\n0\r\n\r\n", answers: []expect{refused}},
		{name: "no line end after a chunk", raw: flow() + "1f\r\n" + change + "0\r\n\r\n", answers: []expect{refused}},
		{name: "a size line that does not end", raw: flow() + strings.Repeat("0", 100000), answers: []expect{refused}},
		{name: "endless extension", raw: flow() + "1f;" + strings.Repeat("x", 100000) + "\r\n" + change + "\r\n0\r\n\r\n", answers: []expect{fine(400)}},
		{name: "no last chunk, closed", raw: flow() + chunk, end: "half", answers: []expect{refused}},
		{name: "no last chunk, cut", raw: flow() + chunk, end: "cut"},
		{name: "no last chunk, silence", raw: flow() + chunk, end: "silence"},
		{name: "half a chunk, closed", raw: flow() + "1f\r\n" + half, end: "half", answers: []expect{refused}},
		{name: "half a body, closed", raw: declared(fmt.Sprint(len(change))) + half, end: "half", answers: []expect{refused}},
		{name: "half a body, cut", raw: declared(fmt.Sprint(len(change))) + half, end: "cut"},
		{name: "half a body, silence", raw: declared(fmt.Sprint(len(change))) + half, end: "silence"},
		{name: "whole object, but more declared, closed", raw: declared("1000") + change, end: "half", answers: []expect{refused}},
		{name: "whole object, but more declared, cut", raw: declared("1000") + change, end: "cut"},
		{name: "half the headers, silence", raw: h.update(change)[:60], end: "silence"},
		{name: "half the headers, closed", raw: h.update(change)[:60], end: "cut"},
		{name: "nothing at all", raw: "", end: "silence"},
		{name: "less declared", raw: declared("2") + "{}" + change + "\r\n\r\n", answers: []expect{unchanged, refused}},
		{name: "negative length", raw: declared("-1") + change, answers: []expect{refused}},
		{name: "a length of words", raw: declared("x") + change, answers: []expect{refused}},
		{name: "a length with a sign", raw: declared("+31") + change, answers: []expect{refused}},
		{name: "a length beyond 64 bits", raw: declared("99999999999999999999") + change, answers: []expect{fine(400, 413)}},
		{name: "two lengths", raw: h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Content-Length: 2", "Content-Length: 31") + change, answers: []expect{refused}},
		{name: "gzip as transfer encoding", raw: h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Transfer-Encoding: gzip, chunked") + chunked(change), answers: []expect{fine(400, 501)}},
		{name: "odd transfer encoding", raw: h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Transfer-Encoding: x") + change, answers: []expect{fine(400, 501)}},
		{name: "Expect", raw: h.request("POST", "/v1/clients/"+h.person, "{}", "Expect: 100-continue"), answers: []expect{{status: []int{100}, noBody: true, total: -1}, unchanged}},
		{name: "Expect, then refused at once", raw: h.keyed("x", "POST", "/v1/clients", "", "Content-Type: application/json", "Content-Length: 100", "Expect: 100-continue"), answers: []expect{unauthorized}},
		{name: "Expect of something else", raw: h.request("POST", "/v1/clients/"+h.person, change, "Expect: 200-ok"), answers: []expect{fine(400, 417)}},
	}
}

// lines are about versions, line ends and many requests at once.
func (h *hostile) lines() []probe {
	get := h.request("GET", "/v1/clients", "")
	one := h.request("GET", "/v1/clients/"+h.unknown, "")
	list := expect{status: []int{200}, total: 2}
	version := func(v string) string { return strings.Replace(get, "HTTP/1.1", v, 1) }
	notHTTP := fine(400, 505)
	return []probe{
		{name: "HTTP/1.0", raw: version("HTTP/1.0"), answers: []expect{list}},
		{name: "HTTP/1.0 without a Host", raw: "GET /v1/clients HTTP/1.0\r\nAuthorization: " + h.p.key + "\r\n\r\n", answers: []expect{list}},
		{name: "HTTP/1.0 POST without a length", raw: "POST /v1/clients HTTP/1.0\r\nContent-Type: application/json\r\nAuthorization: " + h.p.key + "\r\n\r\n" + personBody, answers: []expect{refused}},
		{name: "HTTP/0.9", raw: "GET /v1/clients\r\n\r\n", answers: []expect{notHTTP}},
		{name: "HTTP/2.0", raw: version("HTTP/2.0"), answers: []expect{notHTTP}},
		{name: "HTTP/2 preface", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", answers: []expect{fine(400, 404, 505)}},
		{name: "HTTP/9.9", raw: version("HTTP/9.9"), answers: []expect{notHTTP}},
		{name: "HTTP/x", raw: version("HTTP/x"), answers: []expect{notHTTP}},
		{name: "http/1.1", raw: version("http/1.1"), answers: []expect{notHTTP}},
		{name: "TLS", raw: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 500) + "\r\n\r\n", answers: []expect{refused}},
		{name: "noise", raw: strings.Repeat("\xde\xad\xbe\xef", 100) + "\r\n\r\n", answers: []expect{refused}},
		{name: "a line that does not end", raw: strings.Repeat("A", 200000), answers: []expect{fine(400, 431)}},
		{name: "empty lines first", raw: "\r\n\r\n" + get, answers: []expect{fine(200, 400)}},
		{name: "line ends without carriage return", raw: strings.ReplaceAll(get, "\r\n", "\n"), answers: []expect{fine(200, 400)}},
		{name: "pipelined", raw: get + one + get, answers: []expect{list, notFound, list}},
		{name: "pipelined, with bodies", raw: h.update("{}") + h.create("{") + get, answers: []expect{unchanged, refused, list}},
		{name: "pipelined, the second refused", raw: get + h.keyed("x", "POST", "/v1/clients", personBody) + get, answers: []expect{list, unauthorized, list}},
		{name: "pipelined, the second malformed", raw: get + "broken\r\n\r\n", answers: []expect{list, refused}},
		{name: "a request in a refused body", raw: h.request("POST", "/v1/clients", h.request("DELETE", "/v1/clients/"+h.person, "")), answers: []expect{refused}},
		{name: "chunked and a length", raw: h.request("POST", "/v1/clients/"+h.person, "", "Content-Type: application/json", "Content-Length: 4", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n", answers: []expect{fine(200, 400)}},
	}
}

// order is the order of checks: key, path, method, size, content type and JSON, object, attributes (section 3).
func (h *hostile) order() []probe {
	bad := "x"
	body := func(n int) string { return `{"other":"` + strings.Repeat("x", n) + `"}` }
	text := func(key, method, path, body string) string {
		return strings.Replace(h.keyed(key, method, path, body), "application/json", "text/plain", 1)
	}
	return []probe{
		{name: "key before path", raw: h.keyed(bad, "GET", "/v1/nothing", ""), answers: []expect{unauthorized}},
		{name: "key before odd path", raw: h.keyed(bad, "GET", "/v1//clients", ""), answers: []expect{unauthorized}},
		{name: "key before method", raw: h.keyed(bad, "PUT", "/v1/clients", "{}"), answers: []expect{unauthorized}},
		{name: "key before size", raw: h.keyed(bad, "POST", "/v1/clients", body(2<<20)), answers: []expect{unauthorized}},
		{name: "key before JSON", raw: h.keyed(bad, "POST", "/v1/clients", "{"), answers: []expect{unauthorized}},
		{name: "key before content type", raw: text(bad, "POST", "/v1/clients", "{}"), answers: []expect{unauthorized}},
		{name: "key before object", raw: h.keyed(bad, "GET", "/v1/clients/"+h.unknown, ""), answers: []expect{unauthorized}},
		{name: "key before parameters", raw: h.keyed(bad, "GET", "/v1/clients?page=0", ""), answers: []expect{unauthorized}},
		{name: "path before size", raw: h.request("POST", "/v1/nothing", body(2<<20)), answers: []expect{notFound}},
		{name: "method before size", raw: h.request("PUT", "/v1/clients", body(2<<20)), answers: []expect{is(405, invalidType, "")}},
		{name: "method before JSON", raw: h.request("PATCH", "/v1/clients/"+h.unknown, "{"), answers: []expect{is(405, invalidType, "")}},
		{name: "size before content type", raw: text(h.p.key, "POST", "/v1/clients", body(2<<20)), answers: []expect{is(413, tooLargeType, "")}},
		{name: "size before object", raw: h.request("POST", "/v1/clients/"+h.unknown, body(2<<20)), answers: []expect{is(413, tooLargeType, "")}},
		{name: "content type before object", raw: text(h.p.key, "POST", "/v1/clients/"+h.unknown, "{}"), answers: []expect{refused}},
		{name: "JSON before object", raw: h.request("POST", "/v1/clients/"+h.unknown, "{"), answers: []expect{refused}},
		{name: "JSON before id of the wrong shape", raw: h.request("POST", "/v1/clients/x", "[]"), answers: []expect{refused}},
		{name: "object before attributes", raw: h.request("POST", "/v1/clients/"+h.unknown, `{"email":7}`), answers: []expect{notFound}},
		{name: "wrong shape before attributes", raw: h.request("POST", "/v1/clients/x", `{"type":"group"}`), answers: []expect{notFound}},
	}
}

// TestHostileIDInMessage keeps messages that show an id valid UTF-8, however long and odd it is.
func TestHostileIDInMessage(t *testing.T) {
	data := t.TempDir() + "/data"
	p := serve(t, data, newKey(t, data, "hostile", "test"))
	for _, id := range []string{strings.Repeat("%C3%A9", 500), "%22%5C%0A", "%3Cscript%3E", "%E2%80%A8"} {
		got := p.want(404, "GET", "/v1/clients/"+id, "")
		if !utf8.Valid(got) || !json.Valid(got) || len(got) > 1000 {
			t.Errorf("GET /v1/clients/%.60s: got %q", id, got)
		}
	}
}
