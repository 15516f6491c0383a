package httpx

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// A tlsConn is a conn over TLS. net/http does the handshake only for a bare *tls.Conn. Of any other connection it asks the
// ConnectionState before it reads, in the connection's own goroutine, and that is where a tlsConn shakes hands.
type tlsConn struct {
	*conn
	tls    *tls.Conn
	once   sync.Once
	failed bool
}

func newTLSConn(raw net.Conn, s *Server) *tlsConn {
	t := tls.Server(raw, s.tls)
	return &tlsConn{conn: &conn{Conn: t, server: s}, tls: t}
}

// ConnectionState becomes Request.TLS.
func (c *tlsConn) ConnectionState() tls.ConnectionState {
	c.once.Do(c.handshake)
	return c.tls.ConnectionState()
}

// Read gives the end of file after a failed handshake: net/http then closes without a word.
func (c *tlsConn) Read(p []byte) (int, error) {
	if c.failed {
		return 0, io.EOF
	}
	return c.conn.Read(p)
}

// handshake logs failures at Debug, and by a word of ours: whoever scans ports makes many, and their texts hold what the peer sent.
func (c *tlsConn) handshake() {
	_ = c.SetDeadline(time.Now().Add(c.server.limits.Header)) // on a closed connection the handshake fails as well
	err := c.tls.Handshake()
	_ = c.SetDeadline(time.Time{})
	if err == nil {
		return
	}
	c.failed = true
	reason := "other"
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case ok && record.Conn != nil && looksLikeHTTP(record.RecordHeader):
		reason = "plain HTTP"
		_ = c.reject(record.Conn, "HTTP/1.1", http.StatusBadRequest)
	case errors.Is(err, os.ErrDeadlineExceeded):
		reason = "timeout"
	case errors.Is(err, io.EOF):
		reason = "closed"
	}
	c.server.log.Debug("tls handshake failed", slog.String("reason", reason))
}

// looksLikeHTTP says whether the five bytes that should have been a TLS record's header begin a request.
func looksLikeHTTP(header [5]byte) bool {
	switch string(header[:]) {
	case "GET /", "GET h", "HEAD ", "POST ", "PUT /", "PUT h", "PATCH", "DELET", "OPTIO", "CONNE", "TRACE":
		return true
	}
	return false
}
