// Package email sends messages to an SMTP server, which takes them on from there.
//
// It is built on go-mail's message and on its smtp package, which has SCRAM (go-sasl has not). go-mail's own Client is left out: it
// forgets to close connections whose greeting, TLS or login fails, asks for SMTPUTF8 whenever it is offered (relays then bounce plain
// messages), and tells the steps of a failure apart by the text of errors.
package email

import (
	"context"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"github.com/wneessen/go-mail"

	"clientbook"
	"clientbook/internal/deliver"
)

// Options are those of a Sender. The zero values are for use.
type Options struct {
	Connections int              // most at a time; 0: 2
	Timeout     time.Duration    // of an attempt; 0: 30 s
	Idle        time.Duration    // how long a connection is kept without a message; 0: 30 s
	RootCAs     *x509.CertPool   // nil: the system's
	Now         func() time.Time // nil: time.Now
}

// A Sender hands messages to one server. Connections stay open for the next message.
type Sender struct {
	config  *config
	options Options
	slots   chan struct{} // one for each connection that may be in use

	mu     sync.Mutex
	idle   []*session
	closed bool
}

var _ deliver.Sender = (*Sender)(nil)

// New makes a sender for smtp://[user:password@]host[:port]/?from=noreply@bank.example, or smtps:// for TLS from the first byte. With
// smtp:// the connection is encrypted by STARTTLS; it may stay plain on this machine alone, where "starttls=off" makes it so. Close it.
func New(serverURL string, o Options) (*Sender, error) {
	c, err := parse(serverURL)
	if err != nil {
		return nil, err
	}
	if o.Connections <= 0 {
		o.Connections = 2
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Idle <= 0 {
		o.Idle = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c.roots = o.RootCAs
	return &Sender{config: c, options: o, slots: make(chan struct{}, o.Connections)}, nil
}

// Redacted masks the password of a server's URL.
func Redacted(serverURL string) string { return deliver.Redacted(serverURL, false) }

// Send hands m to the server.
func (s *Sender) Send(ctx context.Context, m *deliver.Message) error {
	letter, err := s.letter(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return deliver.Unreachable(ctx.Err())
	}
	return s.attempt(ctx, letter)
}

// attempt uses a connection that is open, and a new one if there is none or if it turns out to be closed.
func (s *Sender) attempt(ctx context.Context, l *letter) error {
	for ses := s.take(); ses != nil; ses = s.take() {
		if err := s.use(ctx, ses, l); !ses.stale(err) {
			return verdict(err)
		}
	}
	ses, err := dial(ctx, s.config)
	if err != nil {
		return verdict(err)
	}
	return verdict(s.use(ctx, ses, l))
}

// use sends over ses, and keeps or closes it.
func (s *Sender) use(ctx context.Context, ses *session, l *letter) error {
	err := ses.send(ctx, l)
	if ses.usable {
		s.keep(ses)
	} else {
		ses.close()
	}
	return err
}

// take gives a connection that is open, the one used last, nil if there is none.
func (s *Sender) take() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.idle)
	if n == 0 {
		return nil
	}
	ses := s.idle[n-1]
	s.idle = s.idle[:n-1]
	ses.timer.Stop() // if it has fired already, it will not find the session any more
	ses.reused = true
	return ses
}

func (s *Sender) keep(ses *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		ses.close()
		return
	}
	s.idle = append(s.idle, ses)
	ses.timer = time.AfterFunc(s.options.Idle, func() { s.expire(ses) })
}

func (s *Sender) expire(ses *session) {
	s.mu.Lock()
	found := false
	for i := range s.idle {
		if s.idle[i] == ses {
			s.idle = append(s.idle[:i], s.idle[i+1:]...)
			found = true
			break
		}
	}
	s.mu.Unlock()
	if found {
		ses.quit()
	}
}

// Close takes leave of the server.
func (s *Sender) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	for _, ses := range idle {
		ses.timer.Stop()
		ses.quit()
	}
	return nil
}

// A letter is a message made ready.
type letter struct {
	msg  *mail.Msg
	from string // envelope addresses
	to   string
	utf8 bool // the address needs SMTPUTF8
}

var errNoHex = errors.New("a message without an id")

func (s *Sender) letter(m *deliver.Message) (*letter, error) {
	if !plainID(m.ID) {
		return nil, &deliver.Failure{Outcome: clientbook.OutcomeInternal, Permanent: true, Err: errNoHex}
	}
	local, domain, ok := deliver.ParseEmail(m.Destination)
	if ok {
		domain, ok = asciiDomain(domain)
	}
	if !ok {
		return nil, deliver.Permanent(clientbook.OutcomeNoDestination, "no e-mail address")
	}
	to := local + "@" + domain
	return &letter{msg: compose(s.config.from, to, m, s.options.Now()), from: s.config.from.Address, to: to, utf8: !ascii(local)}, nil
}
