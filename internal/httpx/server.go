package httpx

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
)

// A Config says what a Server serves. All but TLS and Limits is required.
type Config struct {
	Handler   http.Handler
	Rejection []Rejection // the first whose prefix fits counts; the last fits every path
	Log       *slog.Logger
	TLS       *tls.Config // nil: plain HTTP
	Limits    Limits
}

// A Rejection gives the JSON body of an answer to a request that never reached the handler: malformed, or with too large headers. It is
// for the paths at a prefix and below it, as far as they can be made out; "" is every path.
type Rejection struct {
	Prefix string
	Body   func(status int) []byte
}

// A Server serves one handler over HTTP/1.1, with limits and with JSON even where net/http itself would answer in plain text. HTTP/2
// is not offered, with TLS or without: net/http takes it only from a bare *tls.Conn, whose plain text nobody can see (plaintext.go).
type Server struct {
	http      *http.Server
	tls       *tls.Config
	rejection []Rejection
	log       *slog.Logger
	limits    Limits
}

// NewServer gives a server that is not listening yet.
func NewServer(c Config) *Server {
	s := &Server{rejection: c.Rejection, log: c.Log, limits: c.Limits.withDefaults()}
	if c.TLS != nil {
		s.tls = c.TLS.Clone()
		s.tls.NextProtos = []string{"http/1.1"}
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	s.http = &http.Server{
		Handler:           answering(c.Handler),
		ReadHeaderTimeout: s.limits.Header,
		ReadTimeout:       s.limits.Request,
		// net/http counts from the end of the headers, so a body that came late must not eat up the time for saying so.
		WriteTimeout:                 s.limits.Request + s.limits.Answer,
		IdleTimeout:                  s.limits.Idle,
		MaxHeaderBytes:               max(s.limits.HeaderBytes-headerSlop, 1),
		DisableGeneralOptionsHandler: true, // OPTIONS * is the handler's too
		Protocols:                    protocols,
		ConnContext:                  connContext,
		ConnState:                    connState,
		ErrorLog:                     log.New(errorLog{s.log}, "", 0),
	}
	return s
}

// Serve answers on ln until ctx is done. Then it takes no more connections, gives the requests under way Limits.Drain to end, cuts
// those that remain and returns nil. It is called once. The contexts of requests outlive ctx, and end when their connections are cut.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	s.http.BaseContext = func(net.Listener) context.Context { return base }
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(&listener{Listener: ln, server: s}) }()
	select {
	case err := <-ended:
		_ = s.http.Close() // the listener's error is the one to report
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	drain, cancelDrain := context.WithTimeout(base, s.limits.Drain)
	defer cancelDrain()
	if s.http.Shutdown(drain) != nil {
		_ = s.http.Close() // as is a listener that was closed already
	}
	<-ended
	return nil
}

// errorLog takes net/http's own messages. They hold addresses and panic values, so only their known beginnings are passed on.
type errorLog struct{ log *slog.Logger }

// The beginnings of the messages in net/http's server.go, Go 1.26, without those about TLS and HTTP/2, which it does not do for us.
var errorMessages = [...]string{
	"http: Accept error",
	"http: panic serving",
	"http: response.WriteHeader on hijacked connection",
	"http: response.Write on hijacked connection",
	"http: superfluous response.WriteHeader call",
	"http: WriteHeader called with both Transfer-Encoding",
	"http: invalid Content-Length",
}

func (e errorLog) Write(p []byte) (int, error) {
	message := "http: something else"
	for _, m := range errorMessages {
		if bytes.HasPrefix(p, []byte(m)) {
			message = m
		}
	}
	e.log.Warn("server", slog.String("message", message))
	return len(p), nil
}
