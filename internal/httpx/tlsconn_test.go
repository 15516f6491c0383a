package httpx

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTLS(t *testing.T) {
	s := start(t, Config{TLS: testCertificate(t)})
	tests := []struct {
		name, request string
		want          []string
	}{
		{"path", "GET /v1/clients HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/clients/ HTTP/1.1\r\nHost: x\r\n\r\n", []string{clients, clients}},
		{"body", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Content-Length: 2\r\n\r\n{}", []string{`200 {"size":2}`}},
		{"bad escape", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", []string{rejected}},
		{"headers of 40 KiB", padded(40 << 10), []string{`431 {"rejected":431}`}},
		{"transfer encoding", "POST /v1/clients HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", []string{`501 {"rejected":501}`}},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []string{noPath}},
		{"sent too large", "POST /v1/clients HTTP/1.1\r\n" + jsonHeader + "Content-Length: 2000000\r\n\r\n" +
			strings.Repeat(" ", 2000000), []string{tooBigBody}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := s.exchange(t, tt.request); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("%.200q:\n got %q\nwant %q", tt.request, got, tt.want)
			}
		})
	}
}

// Handlers see the finished handshake, and HTTP/2 is not offered even if the configuration names it.
func TestTLSState(t *testing.T) {
	states := make(chan *tls.ConnectionState, 1)
	s := start(t, Config{TLS: testCertificate(t), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		states <- r.TLS
		w.WriteHeader(http.StatusNoContent)
	})})
	hc := &http.Client{Timeout: patience, Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the certificate is httptest's
		ForceAttemptHTTP2: true,
	}}
	defer hc.CloseIdleConnections()
	r, err := hc.Get("https://" + s.addr)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	state := <-states
	if r.ProtoMajor != 1 || state == nil || !state.HandshakeComplete || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("got %s over %+v", r.Proto, state)
	}
}

func TestPlainHasNoTLSState(t *testing.T) {
	s := start(t, Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			t.Errorf("plain HTTP with TLS state %+v", r.TLS)
		}
		w.Header().Set("X-Request-Id", "0123456789abcdef")
		WriteBytes(w, http.StatusOK, []byte("{}"))
	})})
	if got := s.exchange(t, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

// Whoever speaks something else to a TLS port.
func TestTLSHandshakeFails(t *testing.T) {
	s := start(t, Config{TLS: testCertificate(t), Limits: Limits{Header: 200 * time.Millisecond}})
	tests := []struct {
		name, sent string
		want       string // the answer, "" for none
		log        string
	}{
		{"plain HTTP", "GET /v1/clients?name=Marsh HTTP/1.1\r\nHost: x\r\n\r\n", rejected, `"reason":"plain HTTP"`},
		{"plain HTTP, proxy", "CONNECT example.com:443 HTTP/1.1\r\n\r\n", rejected, `"reason":"plain HTTP"`},
		{"noise", "Marsh Marsh Marsh\r\n", "", `"reason":"other"`},
		{"nothing", "", "", `"reason":"timeout"`},
	}
	for _, tt := range tests {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(patience))
		send(c, tt.sent)
		br := bufio.NewReader(c)
		got := ""
		if a, err := receive(t, br, "GET"); err == nil {
			got = fmt.Sprintf("%d %s", a.status, a.body)
			if _, err := br.ReadByte(); err != io.EOF {
				t.Errorf("%s: the connection was not closed: %v", tt.name, err)
			}
		}
		_ = c.Close()
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		for deadline := time.Now().Add(patience); !strings.Contains(s.log.String(), tt.log); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("%s: not logged as %s:\n%s", tt.name, tt.log, s.log)
				break
			}
		}
	}
	if log := s.log.String(); strings.Contains(log, "Marsh") || strings.Contains(log, "127.0.0.1") {
		t.Errorf("the log holds what a caller sent, or an address:\n%s", log)
	}
}
