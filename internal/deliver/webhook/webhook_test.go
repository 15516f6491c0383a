package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/deliver"
)

func message(url string) *deliver.Message {
	return &deliver.Message{ID: "0123abcd", AllowPrivate: true, MessageText: clientbook.MessageText{
		Destination: url, Method: "PUT", ContentType: "application/json", Body: `{"a":1}`, Headers: []clientbook.Header{{Name: "X-Key", Value: "k"}},
	}}
}

func open(t *testing.T, o Options) *Sender {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	s := New(o)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

func want(t *testing.T, err error, outcome string, permanent, down bool) *deliver.Failure {
	t.Helper()
	f, ok := errors.AsType[*deliver.Failure](err)
	if !ok || f.Outcome != outcome || f.Permanent != permanent || f.Down != down {
		t.Fatalf("got %v (%+v), want %s, permanent %v, down %v", err, f, outcome, permanent, down)
	}
	if strings.Contains(err.Error(), "Ada") || strings.Contains(err.Error(), "TELLTALE") {
		t.Errorf("the error says too much: %v", err)
	}
	return f
}

func TestSend(t *testing.T) {
	var got *http.Request
	var body []byte
	srv := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r; body, _ = io.ReadAll(r.Body) })
	m := message(srv.URL + "/a%2Fb?name=Ada+M")
	m.Headers = append(m.Headers, clientbook.Header{Name: "x-message-id", Value: "other"})
	if err := open(t, Options{}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h := got.Header
	if got.Method != "PUT" || got.RequestURI != "/a%2Fb?name=Ada+M" || string(body) != m.Body || h.Get("Content-Type") != "application/json" ||
		h.Get("X-Key") != "k" || len(h["X-Message-Id"]) != 1 || h.Get("X-Message-Id") != m.ID || h.Get("User-Agent") != "clientbook" || h.Get("Accept-Encoding") != "" {
		t.Errorf("the server got %s %s %q %v", got.Method, got.RequestURI, body, h)
	}
	if len(m.Headers) != 2 {
		t.Errorf("the message changed: %v", m.Headers)
	}
}

func TestStatus(t *testing.T) {
	var status atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(int(status.Load()))
		_, _ = io.WriteString(w, "TELLTALE")
	})
	s := open(t, Options{})
	for _, code := range []int{200, 201, 202, 299} {
		status.Store(int32(code))
		if err := s.Send(t.Context(), message(srv.URL)); err != nil {
			t.Errorf("%d: %v", code, err)
		}
	}
	for _, code := range []int{301, 302, 307, 308, 304, 400, 401, 404, 410, 429, 500, 502, 503} {
		status.Store(int32(code))
		f := want(t, s.Send(t.Context(), message(srv.URL)), clientbook.OutcomeStatus, code == 410, code == 429 || code == 503)
		if f.After != 7*time.Second {
			t.Errorf("%d: after %v", code, f.After)
		}
	}
}

func TestPrivateAddresses(t *testing.T) {
	srv := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	s := open(t, Options{})
	if err := s.Send(t.Context(), message(srv.URL)); err != nil {
		t.Fatal(err) // and leaves a connection open, which the next must not use
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254"} {
		m := message("http://" + host + ":" + port + "/Ada")
		m.AllowPrivate = false
		want(t, s.Send(t.Context(), m), clientbook.OutcomeForbidden, true, false)
	}
}

func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	asked, reached := false, false
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	srv := serve(t, func(http.ResponseWriter, *http.Request) { reached = true })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	// No proxy is ever asked for loopback addresses; this one is none, and leads there.
	m := message(strings.Replace(srv.URL, "127.0.0.1", "0.0.0.0", 1))
	if err := open(t, Options{}).Send(t.Context(), m); err != nil || asked || !reached {
		t.Errorf("%v; the proxy was asked: %v, the server reached: %v", err, asked, reached)
	}
}

func TestLongAnswer(t *testing.T) {
	done := make(chan int64, 1)
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n, _ := io.Copy(w, io.LimitReader(zeros{}, 64<<20))
		done <- n
	})
	if err := open(t, Options{}).Send(t.Context(), message(srv.URL)); err != nil {
		t.Error(err)
	}
	if n := <-done; n == 64<<20 {
		t.Error("all 64 MB were read")
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestHangingServers(t *testing.T) {
	stop := make(chan struct{})
	silent := serve(t, func(http.ResponseWriter, *http.Request) { <-stop })
	slow := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); <-stop })
	t.Cleanup(func() { close(stop) })
	s := open(t, Options{Timeout: 50 * time.Millisecond})
	for _, srv := range []*httptest.Server{silent, slow} {
		want(t, s.Send(t.Context(), message(srv.URL+"/Ada")), clientbook.OutcomeUnreachable, false, true)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	want(t, s.Send(ctx, message(silent.URL)), clientbook.OutcomeUnreachable, false, false)
}

// raw starts a server that says what it says and closes.
func raw(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.Copy(c, strings.NewReader(answer))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

func TestStrangeServers(t *testing.T) {
	s := open(t, Options{})
	for answer, outcome := range map[string]string{
		"TELLTALE\r\n\r\n":                    clientbook.OutcomeNonsense,
		"HTTP/1.1 TELLTALE\r\n\r\n":           clientbook.OutcomeNonsense,
		"HTTP/1.1 200 OK\r\nTELLTALE\r\n\r\n": clientbook.OutcomeNonsense,
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n": clientbook.OutcomeNonsense,
		"": clientbook.OutcomeUnreachable,
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx": clientbook.OutcomeUnreachable,
	} {
		t.Run(fmt.Sprintf("%.30q", answer), func(t *testing.T) {
			want(t, s.Send(t.Context(), message("http://"+raw(t, answer)+"/Ada")), outcome, false, true)
		})
	}
	srv := serve(t, func(http.ResponseWriter, *http.Request) {})
	want(t, s.Send(t.Context(), message("https://"+srv.Listener.Addr().String())), clientbook.OutcomeUnreachable, false, true)
}

func TestTLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	want(t, open(t, Options{}).Send(t.Context(), message(srv.URL)), clientbook.OutcomeUnreachable, false, true)
	pool := srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if err := open(t, Options{RootCAs: pool}).Send(t.Context(), message(srv.URL)); err != nil {
		t.Error(err)
	}
}

func TestWhatNoRequestCanCarry(t *testing.T) {
	var got bytes.Buffer
	srv := serve(t, func(_ http.ResponseWriter, r *http.Request) { _ = r.Write(&got) })
	tests := []struct {
		outcome string
		change  func(*deliver.Message)
	}{
		{clientbook.OutcomeNoDestination, func(m *deliver.Message) { m.Destination = "" }},
		{clientbook.OutcomeNoDestination, func(m *deliver.Message) { m.Destination = "file:///Ada" }},
		{clientbook.OutcomeNoDestination, func(m *deliver.Message) { m.Destination = "http:///Ada" }},
		{clientbook.OutcomeNoDestination, func(m *deliver.Message) { m.Destination = srv.URL + "/Ada\r\nX: y" }},
		{clientbook.OutcomeEncoding, func(m *deliver.Message) { m.Headers[0].Value = "Ada\r\nX: y" }},
		{clientbook.OutcomeEncoding, func(m *deliver.Message) { m.Headers[0].Name = "Ada:" }},
		{clientbook.OutcomeEncoding, func(m *deliver.Message) { m.ContentType = "text/Ada\n" }},
		{clientbook.OutcomeEncoding, func(m *deliver.Message) { m.ID = "Ada\n" }},
		{clientbook.OutcomeInternal, func(m *deliver.Message) { m.Method = "GET /Ada" }},
	}
	for _, test := range tests {
		m := message(srv.URL)
		test.change(m)
		want(t, open(t, Options{}).Send(t.Context(), m), test.outcome, true, false)
	}
	if got.Len() > 0 {
		t.Errorf("the server got %q", got.String())
	}
}
