package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// private are values of clients by attribute, each long enough that none stands anywhere by chance.
var private = []struct{ field, value string }{
	{"email", "Zaphira.Quillmoor@Secret-Post.example"}, {"email", "second.quillmoor@other-post.example"}, {"email", "office@vexlorium-works.example"},
	{"mobile", "+44 7700 918273"}, {"telephone", "+44 20 5550 1928"}, {"externalId", "EXT-Qx82-Zed"}, {"lastActionBy", "member-Jorvandel"},
	{"joinedDate", "2017-09-23"}, {"personDetails.firstName", "Zaphirandra"}, {"personDetails.middleName", "Ölweïnda"}, {"personDetails.lastName", "Quillmoorey"},
	{"personDetails.lastName", "Brandywexler"}, {"personDetails.dob", "1953-07-19"}, {"personDetails.ssn", "987-65-4329"}, {"personDetails.socialInsuranceNumber", "SIN 4471 9928"},
	{"personDetails.nationalIdentityNumber", "NID-77120043-K"}, {"personDetails.taxIdentificationNumber", "TAX/5590/xy-7"},
	{"companyDetails.name", "Vexlorium Works Ltd"}, {"companyDetails.website", "https://vexlorium-works.example/about"}, {"companyDetails.registrationNumber", "REG-00918-77"},
	{"metadata", "favourite-dragon"}, {"metadata.favourite-dragon", "Smaugwell the Green"}, {"metadata", "case-nümber"}, {"metadata.case-nümber", "Fall 39/A-Zwölf"},
}

// What the same values are sent as.
const (
	privatePerson = `{"type":"person","email":"Zaphira.Quillmoor@Secret-Post.example","mobile":"+44 7700 918273","telephone":"+44 20 5550 1928","externalId":"EXT-Qx82-Zed",
"joinedDate":"2017-09-23","lastActionBy":"member-Jorvandel","personDetails":{"firstName":"Zaphirandra","middleName":"Ölweïnda","lastName":"Quillmoorey","dob":"1953-07-19",
"gender":"other","nationality":"IS","birthCountry":"FO","ssn":"987-65-4329","socialInsuranceNumber":"SIN 4471 9928","nationalIdentityNumber":"NID-77120043-K",
"taxIdentificationNumber":"TAX/5590/xy-7"},"metadata":{"favourite-dragon":"Smaugwell the Green","case-nümber":"Fall 39/A-Zwölf"}}`
	privateCompany = `{"type":"company","email":"office@vexlorium-works.example","companyDetails":{"name":"Vexlorium Works Ltd",
"website":"https://vexlorium-works.example/about","registrationNumber":"REG-00918-77","incorporationCountry":"IS","incorporationType":"holding_company"}}`
)

// TestNothingPrivateInFilesOrLog puts personal values everywhere a request can hold them, and looks for them, and for what can be
// computed from them without a key, in every file and in all that was printed. The server has one log level, so nothing can be turned up.
func TestNothingPrivateInFilesOrLog(t *testing.T) {
	dir := t.TempDir()
	data, temp := filepath.Join(dir, "data"), filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	key := newKey(t, data, "private", "test")
	find := newFinder(key)
	find.mustWork(t)
	p := serve(t, data, key)
	usePrivately(t, p)
	provoke(t, p)
	time.Sleep(300 * time.Millisecond) // the log is written within 100 ms
	find.look(t, "while it serves", dir, p)
	mustRun(t, "backup", "--data", data, filepath.Join(dir, "backup.db"))
	mustRun(t, "verify", "--data", data, "--deep")
	find.look(t, "after a backup", dir, p)
	p.kill()
	find.look(t, "after kill -9", dir, p)
	again := serve(t, data, key)
	provoke(t, again)
	again.stop()
	find.look(t, "after the stop", dir, p, again)

	secure := serve(t, data, key, "--tls-self-signed")
	send(t, secure.addr, "GET /v1/clients?email="+url.QueryEscape(private[0].value)+" HTTP/1.1\r\nHost: Zaphirandra\r\n\r\n") // plain HTTP on a TLS port
	secure.stop()
	find.look(t, "with TLS", dir, p, again, secure)
	if lines := strings.Count(p.printed(), "\n"); lines < 100 {
		t.Errorf("%d lines in the log, too few to show anything", lines)
	}
}

// usePrivately makes the clients, changes them, finds them and deletes one.
func usePrivately(t *testing.T, p *program) {
	t.Helper()
	person, _ := attributesOf(p.want(200, "POST", "/v1/clients", privatePerson))
	company, _ := attributesOf(p.want(200, "POST", "/v1/clients", privateCompany))
	gone, _ := attributesOf(p.want(200, "POST", "/v1/clients", privatePerson))
	p.want(200, "POST", "/v1/clients/"+person, `{"email":"second.quillmoor@other-post.example","personDetails":{"lastName":"Brandywexler","middleName":null}}`)
	p.want(200, "POST", "/v1/clients/"+company, `{"metadata":{"favourite-dragon":"Smaugwell the Green"},"lastActionBy":"member-Jorvandel"}`)
	p.want(200, "POST", "/v1/clients/"+gone, `{"mobile":"","metadata":null}`)
	p.want(204, "DELETE", "/v1/clients/"+gone, "")
	for _, v := range private {
		p.want(200, "GET", "/v1/clients?"+url.QueryEscape(v.field)+"="+url.QueryEscape(v.value), "")
	}
	if n := totalOf(t, p, "personDetails.lastName=Brandywexler"); n != 1 {
		t.Fatalf("found %d clients by the new name", n)
	}
}

// provoke makes the server refuse and fail with personal values in every place.
func provoke(t *testing.T, p *program) {
	t.Helper()
	for _, v := range private {
		raw, q, quoted := v.value, url.QueryEscape(v.value), encodeJSON(v.value)
		try := func(method, path, body string) {
			if got, err := p.try(method, path, body); err != nil {
				t.Errorf("%s %s: got %d, %v", method, path, got.status, err)
			}
		}
		try("GET", "/v1/clients/"+url.PathEscape(raw), "")
		try("DELETE", "/v1/clients/"+url.PathEscape(raw), "")
		try("GET", "/"+url.PathEscape(raw)+"/"+q, "")
		try("GET", "/v1/clients?page="+q, "")
		try("GET", "/v1/clients?"+q+"="+q+"&createdAfter="+q, "")
		for _, body := range []string{
			`{"type":` + quoted + `}`, `{"email":[` + quoted + `]}`, `{"email":` + quoted, `{` + quoted + `:1,` + quoted + `:2}`, quoted, raw, `{"type":"person","email":` + quoted + `}`,
			`{"type":"person","email":"a@b.co","personDetails":` + quoted + `}`, `{"metadata":{` + quoted + `:` + quoted + `}}`, `{"metadata":{` + quoted + `:{` + quoted + `:1}}}`,
			`{"type":"person","email":"a@b.co","personDetails":{"firstName":` + quoted + `,"lastName":` + quoted + `,"dob":` + quoted + `}}`, `{` + quoted + `:1e999}`, `{` + quoted + `:"\ud800"}`,
			`{"type":"person","email":"a@b.co","lastActionBy":` + quoted + `,"personDetails":{"firstName":"` + strings.Repeat("x", 501) + `","lastName":` + quoted + `}}`,
		} {
			try("POST", "/v1/clients", body)
			try("POST", "/v1/clients/00000000000000000000abcd", body)
		}
		basic := base64.StdEncoding.EncodeToString([]byte(raw + ":" + raw))
		head := func(line string, more ...string) string {
			return line + "\r\n" + strings.Join(append([]string{"Host: x", "Connection: close"}, more...), "\r\n") + "\r\n\r\n"
		}
		for _, request := range []string{
			head("GET /v1/clients HTTP/1.1", "Authorization: "+raw), head("GET /v1/clients HTTP/1.1", "Authorization: Basic "+basic), head("GET /v1/clients HTTP/1.1", "Authorization: Bearer "+raw),
			head("GET /v1/clients HTTP/1.1", "Authorization: "+p.key, "X-Name: "+raw, "User-Agent: "+raw, "X-Request-Id: "+raw, "Referer: "+raw, "Cookie: n="+raw),
			head("GET /v1/clients HTTP/1.1", "X-Name: "+strings.Repeat(raw, 3000)), head(raw + " /v1/clients HTTP/1.1"), head("GET " + raw + " HTTP/1.1"), head("GET / " + raw), head("GET / HTTP/1.1", raw),
			head("GET / HTTP/1.1", raw+": x"), head("GET /v1/clients/%zz" + q + " HTTP/1.1"), head("GET http://" + q + "/v1/clients HTTP/1.1"), head("CONNECT " + q + ":443 HTTP/1.1"), head("PROPFIND /v1/clients/" + q + " HTTP/1.1"),
			head("GET /v1/clients HTTP/1.1", "Host: "+raw), head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Encoding: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Expect: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Length: "+raw) + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Transfer-Encoding: "+raw) + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Transfer-Encoding: chunked") + raw + "\r\n",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Length: 1000") + quoted,
			raw, raw + "\r\n\r\n", "\x16\x03\x01\x00\x10" + raw,
		} {
			send(t, p.addr, request)
		}
	}
}

// send sends bytes, and reads what comes until the connection ends or nothing comes.
func send(t *testing.T, addr, raw string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, raw) // it may be refused before its end
	_ = c.(*net.TCPConn).CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	_, _ = io.Copy(io.Discard, c)
}

// A finder looks for many byte strings at once, by their first eight bytes.
type finder struct {
	exact  map[uint64][]needle
	folded map[uint64][]needle // in lower case, for text in lower case
}

type needle struct {
	what string
	text []byte
}

const needleHead = 8 // no needle is shorter

func newFinder(key string) *finder {
	f := &finder{map[uint64][]needle{}, map[uint64][]needle{}}
	for _, v := range private {
		f.forms(v.field, v.value)
		for _, of := range digested(v.field, v.value) {
			f.digests(of)
		}
	}
	f.forms("an API key", key) // its digest is stored, and may be: it is random
	return f
}

// digested gives what an unkeyed digest could have been made of.
func digested(field, value string) (of []string) {
	_, short, _ := strings.Cut(field, ".")
	for _, v := range []string{value, strings.ToLower(value), strings.ToUpper(value), strconv.Quote(value), strings.ReplaceAll(value, " ", "")} {
		of = append(of, v)
		for _, name := range []string{field, short, strings.ToLower(field)} {
			for _, join := range []string{"=", ":", "", "\x00", "|", "/", "."} {
				of = append(of, name+join+v)
			}
		}
	}
	return of
}

func (f *finder) add(to map[uint64][]needle, what string, text []byte) {
	if len(text) < needleHead {
		return
	}
	head := binary.BigEndian.Uint64(text)
	to[head] = append(to[head], needle{what, text})
}

// bytes adds a byte string, and how it would look in hex and in base64 wherever it begins there.
func (f *finder) bytes(what string, b []byte) {
	f.add(f.exact, what, b)
	f.add(f.folded, what+" in hex", []byte(hex.EncodeToString(b)))
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := enc.EncodeToString(append(make([]byte, shift), b...))
			from, to := (shift*8+5)/6, (shift+len(b))*8/6
			f.add(f.exact, what+" in base64", []byte(text[from:to]))
		}
	}
}

// forms adds a value in all letters, alphabets and encodings.
func (f *finder) forms(field, value string) {
	what := field + " " + strconv.Quote(value)
	for _, v := range slices.Compact([]string{value, strings.ToLower(value), strings.ToUpper(value)}) {
		f.bytes(what, []byte(v))
		var little, big []byte
		for _, u := range utf16.Encode([]rune(v)) {
			little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
		}
		f.bytes(what+" in UTF-16", little)
		f.bytes(what+" in UTF-16", big)
		for _, text := range []string{v, url.QueryEscape(v), url.PathEscape(v), strconv.QuoteToASCII(v), strconv.Quote(v), fmt.Sprintf("%x", v), fmt.Sprintf("% x", v), fmt.Sprint([]byte(v))} {
			f.add(f.folded, what+" as text", []byte(strings.ToLower(strings.Trim(text, `"[]`))))
		}
	}
}

// digests adds the unkeyed digests of a text: their first eight bytes stand for all lengths, their last ones for what was cut in front.
func (f *finder) digests(of string) {
	md, s1, s2, s5 := md5.Sum([]byte(of)), sha1.Sum([]byte(of)), sha256.Sum256([]byte(of)), sha512.Sum512([]byte(of))
	s22 := sha256.Sum256(s2[:])
	for name, sum := range map[string][]byte{"MD5": md[:], "SHA-1": s1[:], "SHA-256": s2[:], "SHA-512": s5[:], "SHA-256 twice": s22[:]} {
		f.bytes(name+" of "+strconv.Quote(of), sum[:needleHead])
		f.bytes(name+" of "+strconv.Quote(of), sum[len(sum)-needleHead:])
	}
}

// in gives what it finds in b.
func (f *finder) in(b []byte) (found []string) {
	scan := func(b []byte, needles map[uint64][]needle) {
		for i := range max(len(b)-needleHead+1, 0) {
			for _, n := range needles[binary.BigEndian.Uint64(b[i:])] {
				if bytes.HasPrefix(b[i:], n.text) && !slices.Contains(found, n.what) {
					found = append(found, n.what)
				}
			}
		}
	}
	scan(b, f.exact)
	scan(bytes.ToLower(b), f.folded)
	return found
}

// mustWork plants values and sees whether they are found.
func (f *finder) mustWork(t *testing.T) {
	t.Helper()
	v := private[0].value
	sum := sha256.Sum256([]byte("email=" + v))
	for what, planted := range map[string][]byte{
		"itself": []byte(v), "upper case": bytes.ToUpper([]byte(v)), "other letters": []byte("zAPHIRA.qUILLMOOR@secret-POST.example"), "hex": []byte(hex.EncodeToString([]byte(v))),
		"upper hex": bytes.ToUpper([]byte(hex.EncodeToString([]byte(v)))), "base64": []byte(base64.StdEncoding.EncodeToString([]byte(`{"email":"` + v + `"}`))), "percent": []byte(url.QueryEscape(v)),
		"digest": sum[:16], "digest in hex": []byte(hex.EncodeToString(sum[:])), "digest in base64": []byte(base64.StdEncoding.EncodeToString(sum[:])), "end of a digest": sum[20:],
		"UTF-16": {'S', 0, 'I', 0, 'N', 0, ' ', 0, '4', 0, '4', 0, '7', 0, '1', 0, ' ', 0, '9', 0, '9', 0, '2', 0, '8', 0},
	} {
		if f.in(slices.Concat([]byte("noise"), planted, []byte("noise"))) == nil {
			t.Fatalf("the finder does not find a value as %s", what)
		}
	}
}

// look searches every file below dir, names included, and what the programs printed.
func (f *finder) look(t *testing.T, when, dir string, programs ...*program) {
	t.Helper()
	var names []string
	for _, p := range programs {
		for _, what := range f.in([]byte(p.printed())) {
			t.Errorf("%s: the log holds %s", when, what)
		}
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		names = append(names, e.Name())
		for _, what := range f.in(append([]byte(path+"\n"), b...)) {
			t.Errorf("%s: %s holds %s", when, e.Name(), what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names, "clientbook.db") || !slices.Contains(names, "clientbook.key") {
		t.Fatalf("%s: looked at %v, where is the rest?", when, names)
	}
}
