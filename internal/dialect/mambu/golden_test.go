package mambu_test

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/rogpeppe/go-internal/txtar"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/dialect/mambu"
	"clientbook/internal/httpx"
	"clientbook/internal/settings"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"
)

var update = flag.Bool("update", false, "rewrite the golden files and openapi.json")

// A double is the dialect over a real book, with a clock and ids that are the same in every run.
type double struct {
	handler    http.Handler
	books      *book.Books
	now        time.Time
	test, live string // API keys
}

func newDouble(t testing.TB) *double {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "clientbook.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	root, err := vault.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	d := &double{now: time.Date(2020, 1, 4, 17, 24, 29, 146e6, time.UTC)}
	clock := func() time.Time { return d.now }
	d.books = book.New(store, root, book.Options{Now: clock, Random: rand.NewChaCha8([32]byte{1})})
	for mode, key := range map[clientbook.Mode]*string{clientbook.ModeTest: &d.test, clientbook.ModeLive: &d.live} {
		if *key, err = d.books.CreateKey(t.Context(), "alpha", mode); err != nil {
			t.Fatal(err)
		}
	}
	table := httpx.NewTable(mambu.Fail)
	table.Mount("/api", mambu.New(d.books, clock))
	d.handler = table
	return d
}

// apply makes the settings of the test book what a settings file says.
func (d *double) apply(t testing.TB, text string) {
	t.Helper()
	file, problems := settings.Parse([]byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	_, err := d.books.ChangeSettings(t.Context(), book.SettingsChange{Book: "alpha", Mode: clientbook.ModeTest, By: "test",
		Make: func(old *clientbook.Settings, mint func() clientbook.DefinitionKey, now time.Time) (*clientbook.Settings, error) {
			made, problems := file.Merge(old, mint, now)
			if len(problems) > 0 {
				return nil, errors.New(problems[0].String())
			}
			return made, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
}

// prefix gives what all keys of the test book begin with.
func (d *double) prefix(t testing.TB) string {
	t.Helper()
	caller, err := d.books.Authenticate(t.Context(), d.test)
	if err != nil {
		t.Fatal(err)
	}
	return caller.Book.String()
}

// TestGolden plays the files in testdata, each over a new book. A file is requests and answers in pairs, and settings:
//
//	-- settings --
//	customFieldSets: …
//	-- what is asked --
//	POST /api/clients/$1
//	Content-Type: application/json
//
//	{"client":{"firstName":"{{a*300}}"}}
//	-- answer --
//	200
//	{"client":{"encodedKey":"$1", …
//
// $1 is the first key of the book that an answer showed, and so on; #1 is the first generated client number. {{a*300}} is 300 times a.
// The credential and, where there is a body, the content type are added unless the request has such a header; one without a value is
// not sent. $test and $live are the API keys of the two books, $basic is what the test one is in Basic with the user ada. The clock
// stands still during a request and goes on by a second after it. White space in the JSON of an answer does not matter, order does.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { playGolden(t, file) })
	}
}

func playGolden(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlayer(t)
	for i := 0; i < len(ar.Files); i++ {
		ask := ar.Files[i]
		if ask.Name == "settings" {
			p.apply(t, string(ask.Data))
			continue
		}
		if i++; i == len(ar.Files) || ar.Files[i].Name != "answer" {
			t.Fatalf("%s: %q has no answer behind it", file, ask.Name)
		}
		want := &ar.Files[i]
		r, err := p.request(string(ask.Data))
		if err != nil {
			t.Fatalf("%s: %s: %v", file, ask.Name, err)
		}
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		p.now = p.now.Add(time.Second)
		checkAnswer(t, ask.Name, r, w.Result())
		got := p.answer(w)
		if *update {
			want.Data = []byte(got)
		} else if g, w := squeeze(got), squeeze(string(want.Data)); g != w {
			t.Errorf("%s: %s:\n%s\ngot\n%s\nwant\n%s", file, ask.Name, ask.Data, g, w)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A player knows what the requests of a file have made.
type player struct {
	*double
	key     *regexp.Regexp // of the book
	keys    []string       // in the order of their first appearance
	numbers []string
	blocks  []string // what {{…}} stood for in the current request, and its shorthand
}

func newPlayer(t *testing.T) *player {
	d := newDouble(t)
	return &player{double: d, key: regexp.MustCompile(d.prefix(t) + `[0-9a-f]{24}`)}
}

var (
	block     = regexp.MustCompile(`\{\{(.+?)\*(\d+)\}\}`)
	generated = regexp.MustCompile(`"id":"([0-9]{9})"`)
)

// request reads the text of a request.
func (p *player) request(text string) (*http.Request, error) {
	for i, key := range slices.Backward(p.keys) { // $10 before $1
		text = strings.ReplaceAll(text, "$"+strconv.Itoa(i+1), key)
	}
	for i, number := range slices.Backward(p.numbers) {
		text = strings.ReplaceAll(text, "#"+strconv.Itoa(i+1), number)
	}
	text = strings.ReplaceAll(text, "$test", p.test)
	text = strings.ReplaceAll(text, "$live", p.live)
	p.blocks = nil
	text = block.ReplaceAllStringFunc(text, func(s string) string {
		m := block.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[2])
		long := strings.Repeat(m[1], n)
		p.blocks = append(p.blocks, long, s)
		return long
	})
	head, body, _ := strings.Cut(text, "\n\n")
	line, headers, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	raw := line + " HTTP/1.1\r\nHost: demo.mambu.com\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw + "\r\n")))
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth("ada", p.test)
	basic := r.Header.Get("Authorization")
	if body = strings.TrimSuffix(body, "\n"); body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	given := map[string]bool{}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		if !given[name] {
			r.Header.Del(name)
		}
		given[name] = true
		if value = strings.ReplaceAll(strings.TrimSpace(value), "$basic", basic); value != "" {
			r.Header.Add(name, value)
		}
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	r.ContentLength = int64(len(body))
	return r, nil
}

// answer writes an answer as golden files have it.
func (p *player) answer(w *httptest.ResponseRecorder) string {
	body := w.Body.String()
	for _, key := range p.key.FindAllString(body, -1) {
		if !slices.Contains(p.keys, key) {
			p.keys = append(p.keys, key)
		}
	}
	for _, m := range generated.FindAllStringSubmatch(body, -1) {
		if !slices.Contains(p.numbers, m[1]) {
			p.numbers = append(p.numbers, m[1])
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	for _, name := range []string{"Allow", "Retry-After", "WWW-Authenticate"} {
		if v := w.Header().Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	v := jsontext.Value(body)
	if err := v.Indent(jsontext.WithIndent("  ")); err != nil {
		fmt.Fprintln(&b, err)
	}
	fmt.Fprintln(&b, string(v))
	text := b.String()
	for i, key := range p.keys {
		text = strings.ReplaceAll(text, key, "$"+strconv.Itoa(i+1))
	}
	for i, number := range p.numbers {
		text = strings.ReplaceAll(text, `"`+number+`"`, `"#`+strconv.Itoa(i+1)+`"`)
	}
	for i := 0; i < len(p.blocks); i += 2 {
		text = strings.ReplaceAll(text, p.blocks[i], p.blocks[i+1])
	}
	return text
}

// squeeze takes the white space out of the JSON of an answer.
func squeeze(answer string) string {
	at := slices.IndexFunc([]byte(answer), func(c byte) bool { return c == '{' || c == '[' })
	if at < 0 {
		return answer
	}
	v := jsontext.Value(answer[at:])
	if err := v.Compact(); err != nil {
		return answer
	}
	return answer[:at] + string(v)
}

// ask makes a request as the user ada, with a JSON body unless it is "".
func (d *double) ask(t testing.TB, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader([]byte(body)))
	r.SetBasicAuth("ada", d.test)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	checkAnswer(t, method+" "+path, r, w.Result())
	return w
}
