package httpx

import (
	"cmp"
	"time"
)

// headerSlop is what net/http adds to Server.MaxHeaderBytes (initialReadLimitSize in its server.go, Go 1.26).
const headerSlop = 4096

// Limits bound what one connection may cost. Zero means the default.
type Limits struct {
	Header      time.Duration // until the request's headers are in, and for a TLS handshake; 10 s
	Request     time.Duration // until the whole request is in; 30 s
	Answer      time.Duration // for writing the answer once the request is in; 30 s
	Idle        time.Duration // between two requests; 2 min
	Drain       time.Duration // for requests under way when the server stops; 10 s
	HeaderBytes int           // request line and headers; 32 KiB
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Header:      cmp.Or(l.Header, 10*time.Second),
		Request:     cmp.Or(l.Request, 30*time.Second),
		Answer:      cmp.Or(l.Answer, 30*time.Second),
		Idle:        cmp.Or(l.Idle, 2*time.Minute),
		Drain:       cmp.Or(l.Drain, 10*time.Second),
		HeaderBytes: cmp.Or(l.HeaderBytes, 32<<10),
	}
}
