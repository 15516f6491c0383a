package httpx

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"clientbook"
)

// net/http answers what it can't parse by itself, in plain text, writing to the connection while no handler is at work ((*conn).serve
// in its server.go, Go 1.26): 400, 431, 501 and 505 in one Write that begins as below and has neither Date nor Content-Length; and
// 417, an ordinary answer without a body. A conn knows these writes and sends the dialect's JSON in their place.
const plainHeaders = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// After a refusal the connection is drained this far, because closing it over unread bytes makes the kernel send a reset, which may
// overtake the answer.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 8 << 20
)

// A listener wraps what it accepts in a conn, or with TLS in a tlsConn.
type listener struct {
	net.Listener
	server *Server
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if l.server.tls != nil {
		return newTLSConn(c, l.server), nil
	}
	return &conn{Conn: c, server: l.server}, nil
}

// A conn is a connection as net/http sees it, TLS already taken off.
type conn struct {
	net.Conn
	server *Server
	// answering is true from the start of the handler until the connection is idle: then a write that looks like net/http's own is
	// the handler's, be it by chance or by a caller's malice.
	answering atomic.Bool
	// asked is one more than the index of the Rejection for the path that is asked for, 0 until its first bytes have come. Of a request
	// that came together with the one before it, it stays 0.
	asked atomic.Int32
}

// Read remembers which dialect the first bytes of a request are for.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.asked.Load() == 0 && !c.answering.Load() {
		c.asked.Store(int32(1 + c.server.rejectionFor(p[:min(n, 256)])))
	}
	return n, err
}

// rejectionFor gives the index of the Rejection for a request that begins with these bytes.
func (s *Server) rejectionFor(begin []byte) int {
	_, target, _ := bytes.Cut(begin, []byte(" "))
	if scheme, rest, absolute := bytes.Cut(target, []byte("://")); absolute && !bytes.ContainsAny(scheme, "/ ?") {
		_, path, _ := bytes.Cut(rest, []byte("/"))
		target = rest[len(rest)-len(path):]
		target = append([]byte("/"), target...)
	}
	for i, r := range s.rejection {
		rest, fits := bytes.CutPrefix(target, []byte(r.Prefix))
		if fits && (r.Prefix == "" || len(rest) == 0 || bytes.IndexByte([]byte("/? \r\n"), rest[0]) >= 0) {
			return i
		}
	}
	return len(s.rejection) - 1
}

func (c *conn) base() *conn { return c }

type connKey struct{}

// connContext makes the conn known to its requests; it is http.Server's ConnContext.
func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c.(interface{ base() *conn }).base())
}

// connState is http.Server's hook: an idle connection's answer has left.
func connState(c net.Conn, state http.ConnState) {
	if state == http.StateIdle {
		b := c.(interface{ base() *conn }).base()
		b.asked.Store(0)
		b.answering.Store(false)
	}
}

// answering tells the conn that from now on it is the handler who writes.
func answering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Context().Value(connKey{}).(*conn).answering.Store(true)
		next.ServeHTTP(w, r)
	})
}

// Write passes p on, unless it is an answer of net/http's own.
func (c *conn) Write(p []byte) (int, error) {
	if !c.answering.Load() {
		if status := plainStatus(p); status != 0 {
			if err := c.reject(c.Conn, string(p[:len("HTTP/1.1")]), status); err != nil {
				return 0, err
			}
			return len(p), nil
		}
	}
	return c.Conn.Write(p)
}

// CloseWrite says that no more will be sent, and drains what still comes. net/http calls it when it refuses the rest of a request.
func (c *conn) CloseWrite() error {
	err := closeWrite(c.Conn)
	drain(c.Conn)
	return err
}

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func drain(c net.Conn) {
	_ = c.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, c, lingerBytes) // whatever ends it, the connection is closed next
}

// plainStatus gives the status of an answer that net/http wrote by itself, 0 for any other bytes.
func plainStatus(p []byte) int {
	if len(p) < len("HTTP/1.1 400 ") || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return 0
	}
	line, _, plain := bytes.Cut(p, []byte(plainHeaders))
	code := p[len("HTTP/1.1 "):len("HTTP/1.1 400")]
	if plain && !bytes.Contains(line, []byte("\r\n")) || string(code) == "417" {
		status, _ := strconv.Atoi(string(code))
		return status
	}
	return 0
}

// reject answers a request that no handler will see, logs it and drains to, which is then to be closed.
func (c *conn) reject(to net.Conn, proto string, status int) error {
	id := newRequestID()
	asked := int(c.asked.Load()) - 1
	if asked < 0 {
		asked = len(c.server.rejection) - 1
	}
	body := c.server.rejection[asked].Body(status)
	b := make([]byte, 0, 256+len(body))
	b = append(b, proto...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(b, ' ')
	b = append(b, http.StatusText(status)...)
	b = append(b, "\r\nContent-Type: "...)
	b = append(b, jsonType[0]...)
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\nConnection: close\r\nDate: "...)
	b = time.Now().UTC().AppendFormat(b, http.TimeFormat)
	b = append(b, "\r\n"+requestIDHeader+": "...)
	b = append(b, id...)
	b = append(b, "\r\n\r\n"...)
	b = append(b, body...)
	_, err := to.Write(b)
	c.server.log.Info("request", slog.String("id", id), slog.String("route", "unmatched"), slog.String("method", "other"),
		slog.Int("status", status), slog.Int("bytes", len(body)),
		slog.String("kind", clientbook.KindInvalid.String()), slog.String("reason", clientbook.ReasonHeaders))
	if err != nil {
		return err
	}
	_ = closeWrite(to) // a caller who has gone needs no drain either
	drain(to)
	return nil
}
