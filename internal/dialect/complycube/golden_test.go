package complycube_test

import (
	"bufio"
	"bytes"
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
	"clientbook/internal/dialect/complycube"
	"clientbook/internal/httpx"
	"clientbook/internal/openapi"
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
	d.books = book.New(store, root, book.Options{Now: func() time.Time { return d.now }, Random: rand.NewChaCha8([32]byte{1})})
	for mode, key := range map[clientbook.Mode]*string{clientbook.ModeTest: &d.test, clientbook.ModeLive: &d.live} {
		if *key, err = d.books.CreateKey(t.Context(), "alpha", mode); err != nil {
			t.Fatal(err)
		}
	}
	table := httpx.NewTable(complycube.Fail)
	table.Mount("/v1", complycube.New(d.books))
	table.Mount("/docs", openapi.Docs(complycube.Fail, complycube.Description()))
	d.handler = table
	return d
}

// TestGolden plays the files in testdata, each over a new book. A file is requests and answers in pairs:
//
//	-- what is asked --
//	POST /v1/clients/$1
//	Content-Type: application/json
//
//	{"email":"{{a*300}}@example.com"}
//	-- answer --
//	200
//	{"id":"$1", …}
//
// $1 is the id of the first client made, and so on. {{a*300}} is 300 times a. The key and, where there is a body, the content type are
// added unless the request has such a header; one without a value is not sent. Key $live is the other environment's. The clock stands
// still during a request and goes on by a second after it. White space in the JSON of an answer does not matter, order does.
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
	p := &player{double: newDouble(t)}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		ask, want := ar.Files[i], &ar.Files[i+1]
		if want.Name != "answer" {
			t.Fatalf("%s: %q is followed by %q, want an answer", file, ask.Name, want.Name)
		}
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
	ids    []string
	blocks []string // what {{…}} stood for in the current request, and its shorthand
}

var (
	block   = regexp.MustCompile(`\{\{(.+?)\*(\d+)\}\}`)
	idShape = regexp.MustCompile(`^\{"id":"([0-9a-f]{24})"`)
)

// request reads the text of a request.
func (p *player) request(text string) (*http.Request, error) {
	for i, id := range slices.Backward(p.ids) { // $10 before $1
		text = strings.ReplaceAll(text, "$"+strconv.Itoa(i+1), id)
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
	raw := line + " HTTP/1.1\r\nHost: api.complycube.com\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw + "\r\n")))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", p.test)
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
		if value = strings.TrimSpace(value); value != "" {
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
	if m := idShape.FindStringSubmatch(body); m != nil && !strings.Contains(strings.Join(p.ids, " "), m[1]) {
		p.ids = append(p.ids, m[1])
	}
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	for _, name := range []string{"Allow", "Retry-After"} {
		if v := w.Header().Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	if body != "" {
		v := jsontext.Value(body)
		if err := v.Indent(jsontext.WithIndent("  ")); err != nil {
			fmt.Fprintln(&b, err)
		}
		fmt.Fprintln(&b, string(v))
	}
	text := b.String()
	for i, id := range p.ids {
		text = strings.ReplaceAll(text, id, "$"+strconv.Itoa(i+1))
	}
	for i := 0; i < len(p.blocks); i += 2 { // a strings.Replacer takes minutes to make of a megabyte of a
		text = strings.ReplaceAll(text, p.blocks[i], p.blocks[i+1])
	}
	return text
}

// squeeze takes the white space out of the JSON of an answer.
func squeeze(answer string) string {
	head, body, ok := strings.Cut(answer, "{")
	if !ok {
		return answer
	}
	v := jsontext.Value("{" + body)
	if err := v.Compact(); err != nil {
		return answer
	}
	return head + string(v)
}

// post makes a request with a JSON body.
func (d *double) post(t testing.TB, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader([]byte(body)))
	r.Header.Set("Authorization", d.test)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	checkAnswer(t, path, r, w.Result())
	return w
}
