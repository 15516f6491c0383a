package httpx

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	stdjson "encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of a test for something that should happen at once.
const patience = 5 * time.Second

// A testServer is a Server under a RequestLog, with one mounted dialect.
type testServer struct {
	addr string
	tls  *tls.Config
	log  *safeBuffer
	stop context.CancelFunc
	done chan error
}

// safeBuffer is a log that a test may read while the server runs.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// testHandler has a dialect at /v1, which reads JSON in POST /v1/clients.
func testHandler(log *slog.Logger) http.Handler {
	dialect := NewTable(testFail)
	echo := Handle(testFail, func(w http.ResponseWriter, r *http.Request) error {
		return WriteJSON(w, http.StatusOK, map[string]string{"pattern": r.Pattern, "id": r.PathValue("id")})
	})
	dialect.Handle("GET /v1/clients", echo)
	dialect.Handle("GET /v1/clients/{id}", echo)
	dialect.Handle("POST /v1/clients", Handle(testFail, func(w http.ResponseWriter, r *http.Request) error {
		body, err := ReadJSON(r, testLimit, testDepth)
		if err != nil {
			return err
		}
		return WriteJSON(w, http.StatusOK, map[string]int{"size": len(body)})
	}))
	dialect.Handle("POST /v1/deaf", echo) // reads no body
	root := NewTable(testFail)
	root.Mount("/v1", dialect)
	root.Handle("GET /healthz", Healthz())
	return RequestLog(log, testFail, root)
}

func testRejection(status int) []byte { return fmt.Appendf(nil, `{"rejected":%d}`, status) }

// start serves h, or testHandler, until the test ends.
func start(t *testing.T, c Config) *testServer {
	t.Helper()
	s := &testServer{log: new(safeBuffer), tls: c.TLS, done: make(chan error, 1)}
	c.Log = slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.Rejection = []Rejection{{Prefix: "/other", Body: func(status int) []byte { return fmt.Appendf(nil, `{"other":%d}`, status) }}, {Body: testRejection}}
	if c.Handler == nil {
		c.Handler = testHandler(c.Log)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go func() { s.done <- NewServer(c).Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-s.done:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(patience):
			t.Error("Serve did not end")
		}
	})
	return s
}

// dial connects, over TLS if the server does, with a deadline for the whole exchange.
func (s *testServer) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	if s.tls != nil {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the certificate is httptest's
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// send writes a request; a server that refuses it may close before it is whole.
func send(c net.Conn, request string) { _, _ = io.WriteString(c, request) }

// An answer is what a caller sees.
type answer struct {
	proto  string
	status int
	header http.Header
	body   string
}

// receive reads one answer and checks what holds for all of them.
func receive(t *testing.T, br *bufio.Reader, method string) (answer, error) {
	t.Helper()
	r, err := http.ReadResponse(br, &http.Request{Method: method})
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, err
	}
	if len(body) > 0 && (!stdjson.Valid(body) || r.Header.Get("Content-Type") != "application/json; charset=utf-8") {
		t.Errorf("answer %s is no JSON: %v %q", r.Status, r.Header, body)
	}
	if r.StatusCode >= 200 && (len(r.Header.Get("X-Request-Id")) != 16 || r.Header.Get("Date") == "") {
		t.Errorf("answer %s lacks id or date: %v", r.Status, r.Header)
	}
	return answer{r.Proto, r.StatusCode, r.Header, string(body)}, nil
}

// exchange sends a request, says that nothing more will come, and gives the status and body of each answer until the server closes.
func (s *testServer) exchange(t *testing.T, request string) []string {
	t.Helper()
	c := s.dial(t)
	send(c, request)
	_ = closeWrite(c)
	method, _, _ := strings.Cut(request, " ")
	var got []string
	for br := bufio.NewReader(c); ; {
		a, err := receive(t, br, method)
		if err == io.ErrUnexpectedEOF || err == io.EOF {
			return got
		}
		if err != nil {
			t.Errorf("after %q: %v", got, err)
			return got
		}
		got = append(got, fmt.Sprintf("%d %s", a.status, a.body))
	}
}

const (
	noPath     = `404 {"kind":"not found","reason":"path"}`
	noMethod   = `405 {"kind":"method","reason":"method"}`
	brokenBody = `400 {"kind":"invalid","reason":"body"}`
	tooBigBody = `413 {"kind":"too large","reason":"body_size"}`
	clients    = `200 {"id":"","pattern":"GET /v1/clients"}`
	rejected   = `400 {"rejected":400}`
	jsonHeader = "Host: x\r\nContent-Type: application/json\r\n"
)

var plainAnswer = "HTTP/1.1 400 Bad Request" + plainHeaders + "400 Bad Request"

func TestServerRequests(t *testing.T) {
	s := start(t, Config{})
	get := func(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n" }
	post := func(headers, body string) string { return "POST /v1/clients HTTP/1.1\r\n" + headers + "\r\n" + body }
	tests := []struct {
		name    string
		request string
		want    []string
	}{
		// Paths.
		{"no slash", get("/v1/clients"), []string{clients}},
		{"slash", get("/v1/clients/"), []string{clients}},
		{"absolute form", get("https://api.complycube.com/v1/clients/"), []string{clients}},
		{"absolute form, other host", get("http://other:81/v1/clients?a=b"), []string{clients}},
		{"absolute form, no path", get("http://other"), []string{noPath}},
		{"encoded slash", get("/v1/clients/a%2Fb"), []string{`200 {"id":"a/b","pattern":"GET /v1/clients/{id}"}`}},
		{"bad escape", get("/v1/clients/%zz"), []string{rejected}},
		{"half an escape", get("/v1/clients/%2"), []string{rejected}},
		{"bad escape, other prefix", get("/other/%zz"), []string{`400 {"other":400}`}},
		{"bad escape, other prefix in absolute form", get("http://other/other?%zz=\x00"), []string{`400 {"other":400}`}},
		{"headers over the limit, other prefix", "GET /other HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 40<<10) + "\r\n\r\n", []string{`431 {"other":431}`}},
		{"bad escape, longer than the prefix", get("/others/%zz"), []string{rejected}},
		{"double slash", get("//v1/clients"), []string{noPath}},
		{"inner double slash", get("/v1//clients"), []string{noPath}},
		{"parent", get("/v1/../v1/clients"), []string{noPath}},
		{"parent first", get("/../v1/clients"), []string{noPath}},
		{"encoded parent", get("/v1/%2e%2e/clients"), []string{noPath}},
		{"NUL in path", get("/v1/clients/\x00"), []string{rejected}},
		{"space in path", get("/v1/clients/a b"), []string{rejected}},
		{"no leading slash", get("v1/clients"), []string{rejected}},
		{"other root", get("/"), []string{noPath}},
		{"fragment", get("/v1/clients#x"), []string{noPath}},

		// Methods.
		{"HEAD", "HEAD /v1/clients/ HTTP/1.1\r\nHost: x\r\n\r\n", []string{"405 "}},
		{"OPTIONS", "OPTIONS /v1/clients/ HTTP/1.1\r\nHost: x\r\n\r\n", []string{noMethod}},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", []string{noPath}},
		{"GET *", get("*"), []string{noPath}},
		{"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", []string{noPath}},
		{"CONNECT path", "CONNECT /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", []string{noMethod}},
		{"TRACE", "TRACE /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", []string{noMethod}},
		{"unknown method", "MARSH /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", []string{noMethod}},
		{"lower-case method", "get /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", []string{noMethod}},
		{"method that is no token", "G(T /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", []string{rejected}},
		{"GET with a body", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" + get("/v1/clients"),
			[]string{clients, clients}},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []string{noPath}},

		// Bodies.
		{"body", post(jsonHeader+"Content-Length: 2\r\n", "{}"), []string{`200 {"size":2}`}},
		{"chunked", post(jsonHeader+"Transfer-Encoding: chunked\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), []string{`200 {"size":2}`}},
		{"pipelined", post(jsonHeader+"Content-Length: 2\r\n", "{}") + get("/v1/clients"), []string{`200 {"size":2}`, clients}},
		{"no body", post(jsonHeader, ""), []string{`400 {"kind":"invalid","reason":"no_body"}`}},
		{"no body, no type", post("Host: x\r\n", ""), []string{`400 {"kind":"invalid","reason":"content_type"}`}},
		{"form", post("Host: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
			[]string{`400 {"kind":"invalid","reason":"content_type"}`}},
		{"gzip", post(jsonHeader+"Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
			[]string{`415 {"kind":"unsupported","reason":"encoding"}`}},
		{"declared too large", post(jsonHeader+"Content-Length: 1048577\r\n", "{}"), []string{tooBigBody}},
		{"sent too large", post(jsonHeader+"Content-Length: 2000000\r\n", strings.Repeat(" ", 2000000)), []string{tooBigBody}},
		{"chunked too large", post(jsonHeader+"Transfer-Encoding: chunked\r\n", "200000\r\n"+strings.Repeat(" ", 0x200000)),
			[]string{tooBigBody}},
		{"longer than declared", post(jsonHeader+"Content-Length: 2\r\n", "{}{}\r\n\r\n"), []string{`200 {"size":2}`, rejected}},
		{"shorter than declared", post(jsonHeader+"Content-Length: 20\r\n", "{}"), []string{brokenBody}},
		{"cut chunk", post(jsonHeader+"Transfer-Encoding: chunked\r\n", "5\r\n{}"), []string{brokenBody}},
		{"bad chunk", post(jsonHeader+"Transfer-Encoding: chunked\r\n", "marsh\r\n{}"), []string{brokenBody}},
		{"length and chunked", post(jsonHeader+"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
			[]string{`200 {"size":2}`}},
		{"two lengths", post(jsonHeader+"Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), []string{rejected}},
		{"bad length", post(jsonHeader+"Content-Length: 2x\r\n", "{}"), []string{rejected}},
		{"negative length", post(jsonHeader+"Content-Length: -2\r\n", "{}"), []string{rejected}},
		{"unread body", "POST /v1/deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" + get("/v1/clients"),
			[]string{`200 {"id":"","pattern":"POST /v1/deaf"}`, clients}},

		// What net/http refuses.
		{"transfer encoding", post(jsonHeader+"Transfer-Encoding: gzip\r\n", "{}"), []string{`501 {"rejected":501}`}},
		{"two transfer encodings", post(jsonHeader+"Transfer-Encoding: gzip, chunked\r\n", "{}"), []string{`501 {"rejected":501}`}},
		{"expectation", post(jsonHeader+"Content-Length: 2\r\nExpect: marsh\r\n", "{}"), []string{`417 {"rejected":417}`}},
		{"expectation, HTTP/1.0", "GET /v1/clients HTTP/1.0\r\nExpect: marsh\r\n\r\n", []string{`417 {"rejected":417}`}},
		{"100-continue", post(jsonHeader+"Content-Length: 2\r\nExpect: 100-continue\r\n", "{}"), []string{"100 ", `200 {"size":2}`}},
		{"100-continue, refused", post(jsonHeader+"Content-Length: 1048577\r\nExpect: 100-continue\r\n", ""), []string{tooBigBody}},
		{"no host", "GET /v1/clients HTTP/1.1\r\n\r\n", []string{rejected}},
		{"two hosts", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", []string{rejected}},
		{"bad host", "GET /v1/clients HTTP/1.1\r\nHost: x y\r\n\r\n", []string{rejected}},
		{"NUL in header", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n", []string{rejected}},
		{"bad header name", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", []string{rejected}},
		{"header without colon", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nMarsh\r\n\r\n", []string{rejected}},
		{"folded header", "GET /v1/clients HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", []string{clients}},
		{"HTTP/0.9", "GET /v1/clients\r\n\r\n", []string{rejected}},
		{"HTTP/1.0", "GET /v1/clients HTTP/1.0\r\n\r\n", []string{clients}},
		{"HTTP/2.0", "GET /v1/clients HTTP/2.0\r\nHost: x\r\n\r\n", []string{`505 {"rejected":505}`}},
		{"HTTP/9.9", "GET /v1/clients HTTP/9.9\r\nHost: x\r\n\r\n", []string{`505 {"rejected":505}`}},
		{"bad version", "GET /v1/clients HTTP/x\r\nHost: x\r\n\r\n", []string{rejected}},
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", []string{rejected}},
		{"empty line", "\r\n", []string{rejected}},
		{"nothing", "", nil},
		{"rejection after an answer", get("/v1/clients") + "GET /%zz HTTP/1.1\r\n\r\n", []string{clients, rejected}},

		// Headers and request line: 32 KiB, exactly.
		{"headers at the limit", padded(32 << 10), []string{clients}},
		{"headers over the limit", padded(32<<10 + 1), []string{`431 {"rejected":431}`}},
		{"headers of 40 KiB", padded(40 << 10), []string{`431 {"rejected":431}`}},
		{"headers of 1 MiB", padded(1 << 20), []string{`431 {"rejected":431}`}},
		{"request line of 40 KiB", get("/v1/clients/" + strings.Repeat("x", 40<<10)), []string{`431 {"rejected":431}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := s.exchange(t, tt.request); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("%.200q:\n got %q\nwant %q", tt.request, got, tt.want)
			}
		})
	}
	t.Cleanup(func() {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(strings.ToLower(line), "marsh") || strings.Contains(line, "127.0.0.1") {
				t.Errorf("the log holds what a caller sent, or an address: %s", line)
			}
		}
	})
}

// padded makes a request whose line and headers are n bytes.
func padded(n int) string {
	const before, after = "GET /v1/clients HTTP/1.1\r\nHost: x\r\nA: ", "\r\n\r\n"
	return before + strings.Repeat("a", n-len(before)-len(after)) + after
}

// A caller who keeps the connection open, and the rest of its body back, gets the refusal at once.
func TestServerRefusesEarly(t *testing.T) {
	s := start(t, Config{})
	tests := []struct{ name, request, want string }{
		{"declared", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Content-Length: 1048577\r\n\r\n", tooBigBody},
		{"chunked", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Transfer-Encoding: chunked\r\n\r\n100001\r\n" +
			strings.Repeat(" ", 0x100001), tooBigBody},
		{"malformed", "GET /%zz HTTP/1.1\r\n", rejected},
		{"headers", padded(33 << 10)[:32<<10], `431 {"rejected":431}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := s.dial(t)
			send(c, tt.request)
			began := time.Now()
			a, err := receive(t, bufio.NewReader(c), "POST")
			if got := fmt.Sprintf("%d %s", a.status, a.body); err != nil || got != tt.want || a.header.Get("Connection") == "keep-alive" {
				t.Errorf("got %s %v, error %v, want %s", got, a.header, err, tt.want)
			}
			if d := time.Since(began); d > time.Second {
				t.Errorf("the refusal took %v", d)
			}
		})
	}
}

// A caller that writes all before it reads must not lose the answer to a reset.
func TestServerLingers(t *testing.T) {
	s := start(t, Config{})
	for _, request := range []string{
		"POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Content-Length: 4000000\r\n\r\n" + strings.Repeat(" ", 4000000),
		"POST /%zz HTTP/1.1\r\n" + jsonHeader + "Content-Length: 4000000\r\n\r\n" + strings.Repeat(" ", 4000000),
	} {
		c := s.dial(t)
		if err := c.(*net.TCPConn).SetWriteBuffer(64 << 10); err != nil { // so that the kernel does not take it all
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, request); err != nil {
			t.Errorf("%.40q: %v before the request was out", request, err)
			continue
		}
		if a, err := receive(t, bufio.NewReader(c), "POST"); err != nil || a.status < 400 {
			t.Errorf("%.40q: got %v, %v", request, a, err)
		}
	}
}

// What only looks like net/http's own answer is a handler's and passes untouched.
func TestServerLeavesHandlersAlone(t *testing.T) {
	s := start(t, Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(2*len(plainAnswer)))
		for range 2 {
			_, _ = io.WriteString(w, plainAnswer)
			_ = http.NewResponseController(w).Flush()
		}
	})})
	c := s.dial(t)
	br := bufio.NewReader(c)
	for range 2 { // again on the same connection, after it was idle
		send(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		r, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != plainAnswer+plainAnswer {
			t.Errorf("got %q, %v", body, err)
		}
	}
}

func TestPlainStatus(t *testing.T) {
	tests := []struct {
		write string
		want  int
	}{
		{plainAnswer, 400},
		{"HTTP/1.1 505 HTTP Version Not Supported: unsupported protocol version" + plainHeaders + "505 x", 505},
		{"HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n\r\n", 417},
		{"HTTP/1.0 417 Expectation Failed\r\nConnection: close\r\n\r\n", 417},
		{"", 0},
		{"HTTP/1.1 400", 0},
		{"HTTP/1.1 400 Bad Request\r\n\r\n", 0},
		{"HTTP/1.1 400 Bad Request\r\nDate: x" + plainHeaders, 0},
		{"HTTP/1.1 100 Continue\r\n\r\n", 0},
		{"{}" + plainAnswer, 0},
	}
	for _, tt := range tests {
		if got := plainStatus([]byte(tt.write)); got != tt.want {
			t.Errorf("plainStatus(%q) = %d, want %d", tt.write, got, tt.want)
		}
	}
}

func TestServerTimeouts(t *testing.T) {
	s := start(t, Config{Limits: Limits{Header: 100 * time.Millisecond, Request: 200 * time.Millisecond,
		Answer: 150 * time.Millisecond, Idle: 300 * time.Millisecond}})
	tests := []struct {
		name, request, want string
	}{
		{"headers", "GET /v1/clients HTTP/1.1\r\nHost:", ""},
		{"nothing", "", ""},
		{"body", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Content-Length: 20\r\n\r\n{", `400 {"kind":"invalid","reason":"timeout"}`},
		{"chunk", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
			`400 {"kind":"invalid","reason":"timeout"}`},
		{"idle", "GET /v1/clients HTTP/1.1\r\nHost: x\r\n\r\n", clients},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := s.dial(t)
			send(c, tt.request)
			br := bufio.NewReader(c)
			got := ""
			if a, err := receive(t, br, "POST"); err == nil {
				got = fmt.Sprintf("%d %s", a.status, a.body)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if _, err := br.ReadByte(); err != io.EOF {
				t.Errorf("the connection was not closed: %v", err)
			}
		})
	}
}

// A caller who does not read its answer is cut off.
func TestServerWriteTimeout(t *testing.T) {
	failed := make(chan error, 1)
	s := start(t, Config{
		Limits: Limits{Request: 50 * time.Millisecond, Answer: 50 * time.Millisecond},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			chunk := make([]byte, 1<<20)
			for range 64 {
				if _, err := w.Write(chunk); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}),
	})
	send(s.dial(t), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	select {
	case err := <-failed:
		if err == nil {
			t.Error("64 MiB were written to a caller who reads nothing")
		}
	case <-time.After(patience):
		t.Error("the handler is still writing")
	}
}

func TestServerDrains(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := start(t, Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		if err := r.Context().Err(); err != nil {
			t.Errorf("the context of a request under way: %v", err)
		}
		w.Header().Set("X-Request-Id", "0123456789abcdef")
		WriteBytes(w, http.StatusOK, []byte("{}"))
	})})
	c := s.dial(t)
	send(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-entered
	s.stop()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		more, err := net.Dial("tcp", s.addr)
		if err != nil {
			break
		}
		_ = more.Close()
		if time.Now().After(deadline) {
			t.Fatal("a stopped server takes connections")
		}
	}
	select {
	case err := <-s.done:
		t.Fatalf("Serve ended with a request under way: %v", err)
	default:
	}
	close(release)
	if a, err := receive(t, bufio.NewReader(c), "GET"); err != nil || a.status != http.StatusOK {
		t.Errorf("got %v, %v", a, err)
	}
}

// A request that takes longer than the drain is cut, and its context ends.
func TestServerCuts(t *testing.T) {
	entered, ended := make(chan struct{}), make(chan struct{})
	s := start(t, Config{
		Limits: Limits{Drain: 50 * time.Millisecond},
		Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(entered)
			<-r.Context().Done()
			close(ended)
		}),
	})
	c := s.dial(t)
	send(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-entered
	s.stop()
	if _, err := receive(t, bufio.NewReader(c), "GET"); err == nil {
		t.Error("a cut request was answered")
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the context of a cut request goes on")
	}
}

func TestServerListenerFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	s := NewServer(Config{Handler: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler), Rejection: []Rejection{{Body: testRejection}}})
	if err := s.Serve(t.Context(), ln); err == nil || !strings.HasPrefix(err.Error(), "serve HTTP: ") {
		t.Errorf("Serve on a closed listener: %v", err)
	}
}

func TestErrorLog(t *testing.T) {
	var out bytes.Buffer
	log := errorLog{slog.New(slog.NewTextHandler(&out, nil))}
	for message, want := range map[string]string{
		"http: panic serving 192.0.2.1:1234: Marsh\ngoroutine 1": `"http: panic serving"`,
		"http: Accept error: accept tcp 192.0.2.1:80: EMFILE":    `"http: Accept error"`,
		"http: Marsh": `"http: something else"`,
	} {
		out.Reset()
		fmt.Fprint(log, message)
		if got := out.String(); !strings.HasSuffix(got, "level=WARN msg=server message="+want+"\n") {
			t.Errorf("%q: logged %q, want %s", message, got, want)
		}
	}
}

// BenchmarkServer is a request over a kept connection, with all that this package puts around a handler.
func BenchmarkServer(b *testing.B) {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	s := NewServer(Config{Handler: testHandler(log), Log: log, Rejection: []Rejection{{Body: testRejection}}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	defer func() { cancel(); <-done }()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	request := fmt.Sprintf("POST /v1/clients HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s", jsonHeader, len(person), person)
	br := bufio.NewReader(c)
	b.ReportAllocs()
	for b.Loop() {
		send(c, request)
		r, err := http.ReadResponse(br, nil)
		if err != nil || r.StatusCode != http.StatusOK {
			b.Fatal(r, err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

// testCertificate is httptest's, for 127.0.0.1.
func testCertificate(t *testing.T) *tls.Config {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	return &tls.Config{Certificates: s.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
}
