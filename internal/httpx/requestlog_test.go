package httpx

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"clientbook"
)

// serveLogged serves one request behind a RequestLog and gives the answer and the log's line.
func serveLogged(t *testing.T, r *http.Request, h http.Handler) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	var out bytes.Buffer
	w := httptest.NewRecorder()
	RequestLog(slog.New(slog.NewJSONHandler(&out, nil)), testFail, h).ServeHTTP(w, r)
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("%d log lines, want 1:\n%s", n, out.String())
	}
	for _, secret := range []string{"Marsh", "hidden", "192.0.2"} { // httptest's requests come from 192.0.2.1
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, out.String())
		}
	}
	line := make(map[string]any)
	if err := stdjson.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	return w, line
}

// testFail answers with the error's kind.
func testFail(w http.ResponseWriter, _ *http.Request, err error) {
	status := http.StatusBadRequest
	switch clientbook.KindOf(err) {
	case clientbook.KindInternal:
		status = http.StatusInternalServerError
	case clientbook.KindNotFound:
		status = http.StatusNotFound
	case clientbook.KindMethod:
		status = http.StatusMethodNotAllowed
	case clientbook.KindTooLarge:
		status = http.StatusRequestEntityTooLarge
	case clientbook.KindUnsupported:
		status = http.StatusUnsupportedMediaType
	}
	if err := WriteJSON(w, status, map[string]string{"kind": clientbook.KindOf(err).String(), "reason": clientbook.ReasonOf(err)}); err != nil {
		panic(err)
	}
}

// rewrapped hides the recorder as a middleware would.
type rewrapped struct{ http.ResponseWriter }

func (w rewrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestRequestLog(t *testing.T) {
	table := NewTable(testFail)
	table.Handle("GET /clients/{id}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note := NoteOf(rewrapped{w})
		note.Book, note.Credential = "b1", "c1"
		WriteBytes(w, http.StatusOK, []byte(`{"x":1}`))
	}))
	table.Handle("GET /empty", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for reason, err := range map[string]error{
		"invalid":  &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonEmail, Err: errors.New("hidden")},
		"internal": fmt.Errorf("store client: %w", errors.New("disk on fire")),
		"busy":     clientbook.Busy(clientbook.ReasonStore, errors.New("no route")),
	} {
		table.Handle("GET /"+reason, Handle(testFail, func(http.ResponseWriter, *http.Request) error { return err }))
	}
	// As authentication does: the table sees a copy of the request.
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { table.ServeHTTP(w, r.WithContext(r.Context())) })

	tests := []struct{ method, target, want string }{
		{"GET", "/clients/Marsh?name=Marsh", `INFO route="GET /clients/{id}" method=GET status=200 bytes=7 book=b1 credential=c1`},
		{"GET", "/empty", `INFO route="GET /empty" method=GET status=200 bytes=0`},
		{"GET", "/Marsh", `INFO route="unmatched" method=GET status=404 bytes=36 kind="not found" reason=path`},
		{"MARSH", "/clients/Marsh", `INFO route="/clients/{id}" method=other status=405 bytes=35 kind=method reason=method`},
		{"GET", "/invalid", `INFO route="GET /invalid" method=GET status=400 bytes=35 kind=invalid reason=email`},
		{"GET", "/internal", `ERROR route="GET /internal" method=GET status=500 bytes=31 kind=internal reason="" ` +
			`cause="store client: disk on fire"`},
		{"GET", "/busy", `WARN route="GET /busy" method=GET status=400 bytes=32 kind=busy reason=store cause="busy: store: no route"`},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, tt.target, strings.NewReader("Marsh"))
		r.Header.Set("X-Request-Id", "Marsh")
		r.Header.Set("Authorization", "Marsh")
		w, line := serveLogged(t, r, h)
		if got := summary(line); got != tt.want {
			t.Errorf("%s %s:\n got %s\nwant %s", tt.method, tt.target, got, tt.want)
		}
		id := w.Header().Get("X-Request-Id")
		if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(id) || line["id"] != id {
			t.Errorf("%s %s: id %q, logged %q", tt.method, tt.target, id, line["id"])
		}
		if micros, ok := line["micros"].(float64); !ok || micros < 0 || micros > 60e6 {
			t.Errorf("%s %s: micros %v", tt.method, tt.target, line["micros"])
		}
	}
}

// summary writes a log line in one order, without what changes.
func summary(line map[string]any) string {
	var b strings.Builder
	fmt.Fprint(&b, line["level"])
	for _, k := range []string{"route", "method", "status", "bytes", "book", "credential", "kind", "reason", "cause"} {
		v, ok := line[k]
		if !ok {
			continue
		}
		if s := fmt.Sprint(v); s == "" || k == "route" || strings.Contains(s, " ") {
			v = fmt.Sprintf("%q", s)
		}
		fmt.Fprintf(&b, " %s=%v", k, v)
	}
	return b.String()
}

func TestRequestLogPanic(t *testing.T) {
	var nothing *clientbook.Error
	tests := []struct {
		name  string
		panic func()
		cause string
	}{
		{"string", func() { panic("Marsh") }, "internal: panic: string"},
		{"error", func() { panic(errors.New("Marsh")) }, "internal: panic: *errors.errorString"},
		{"nil pointer", func() { _ = nothing.Kind }, "internal: panic: runtime.errorString: "},
	}
	for _, tt := range tests {
		w, line := serveLogged(t, httptest.NewRequest("GET", "/", nil), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", "hidden")
			tt.panic()
		}))
		cause, _ := line["cause"].(string)
		stack, _ := line["stack"].(string)
		if line["level"] != "ERROR" || !strings.HasPrefix(cause, tt.cause) || !strings.Contains(stack, "requestlog_test.go:") {
			t.Errorf("%s: logged %v, want cause %q and a stack", tt.name, line, tt.cause)
		}
		if w.Code != http.StatusInternalServerError || w.Body.String() != `{"kind":"internal","reason":""}` ||
			w.Header().Get("ETag") != "" || w.Header().Get("X-Request-Id") != line["id"] {
			t.Errorf("%s: answer %d %v %q", tt.name, w.Code, w.Header(), w.Body)
		}
	}
}

// An answer that has begun can't be taken back: the connection is cut, and that is logged too.
func TestRequestLogPanicLate(t *testing.T) {
	for _, v := range []any{"Marsh", http.ErrAbortHandler} {
		var out bytes.Buffer
		h := RequestLog(slog.New(slog.NewJSONHandler(&out, nil)), testFail,
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				WriteBytes(w, http.StatusOK, []byte("{"))
				panic(v)
			}))
		w := httptest.NewRecorder()
		got := panicOf(func() { h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)) })
		if got != http.ErrAbortHandler || w.Body.String() != "{" {
			t.Errorf("panic(%v): passed on %v, answer %q", v, got, w.Body)
		}
		if line := out.String(); !strings.Contains(line, `"status":200`) || strings.Contains(line, "Marsh") ||
			strings.Contains(line, `"ERROR"`) != (v == "Marsh") {
			t.Errorf("panic(%v): logged %s", v, line)
		}
	}
}

func panicOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// Flush and deadlines are reached through http.ResponseController.
func TestRecorderUnwrap(t *testing.T) {
	w, line := serveLogged(t, httptest.NewRequest("GET", "/", nil), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "{}")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	}))
	if !w.Flushed || line["status"] != float64(http.StatusOK) || line["bytes"] != float64(2) {
		t.Errorf("flushed %t, logged %v", w.Flushed, line)
	}
}

func TestRecorderStatus(t *testing.T) {
	rec := &recorder{ResponseWriter: nothing{}}
	for _, status := range []int{http.StatusEarlyHints, http.StatusAccepted, http.StatusTeapot} {
		rec.WriteHeader(status)
	}
	if rec.status != http.StatusAccepted {
		t.Errorf("status %d, want the first final one, %d", rec.status, http.StatusAccepted)
	}
}

func TestNoteOfNobody(t *testing.T) {
	w := httptest.NewRecorder()
	NoteOf(w).Book = "b1"
	if got := NoteOf(w).Book; got != "" {
		t.Errorf("a note behind no log was kept: %q", got)
	}
}

func BenchmarkRequestLog(b *testing.B) {
	h := RequestLog(slog.New(slog.NewJSONHandler(io.Discard, nil)), testFail,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Pattern = "GET /v1/clients/{id}"
			note := NoteOf(w)
			note.Book, note.Credential = "5eb04fcd", "0f3e360008035eb1"
			w.WriteHeader(http.StatusOK)
		}))
	r := httptest.NewRequest("GET", "/v1/clients/5eb04fcd0f3e360008035eb1", nil)
	w := nothing{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

type nothing struct{ header http.Header }

func (w nothing) Header() http.Header         { return w.header }
func (w nothing) Write(p []byte) (int, error) { return len(p), nil }
func (w nothing) WriteHeader(int)             {}
