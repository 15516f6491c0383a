package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"clientbook/internal/deliver"
)

// A session is one connection to the server, logged in.
type session struct {
	conn   *boundConn
	client *smtp.Client
	usable bool        // it can carry another message
	reused bool        // it carried one before
	timer  *time.Timer // closes it while it is idle
}

// dial connects, greets, encrypts and logs in. Its error is a *stepError.
func dial(ctx context.Context, c *config) (*session, error) {
	d := &net.Dialer{Timeout: 10 * time.Second}
	if c.loopback() {
		d.Control = deliver.Control(deliver.LoopbackAddr) // such servers are trusted without TLS, so the name must not lead elsewhere
	}
	raw, err := d.DialContext(ctx, "tcp", c.address())
	if err != nil {
		return nil, &stepError{stepConnect, err}
	}
	s := &session{conn: &boundConn{Conn: raw}}
	release := s.conn.bind(ctx)
	err = s.open(c)
	if !release() && err == nil {
		err = &stepError{stepConnect, context.Cause(ctx)}
	}
	if err != nil {
		s.close()
		return nil, s.conn.explain(ctx, err)
	}
	return s, nil
}

func (s *session) open(c *config) (err error) {
	var conn net.Conn = s.conn
	if c.implicit {
		conn = tls.Client(conn, c.tls()) // the greeting makes the handshake
	}
	if s.client, err = smtp.NewClient(conn, c.host); err != nil {
		return &stepError{stepConnect, err}
	}
	if err = s.client.Hello(localName()); err != nil {
		return &stepError{stepConnect, err}
	}
	if err = s.startTLS(c); err != nil {
		return err
	}
	if c.user != "" {
		if err = s.client.Auth(&login{config: c}); err != nil {
			return &stepError{stepLogin, err}
		}
	}
	return nil
}

var errNoTLS = errors.New("the server offers no encryption")

func (s *session) startTLS(c *config) error {
	if c.implicit || c.plain {
		return nil
	}
	switch offered, _ := s.client.Extension("STARTTLS"); {
	case offered:
		if err := s.client.StartTLS(c.tls()); err != nil {
			return &stepError{stepConnect, err}
		}
	case !c.loopback():
		return &stepError{stepLogin, errNoTLS}
	}
	return nil
}

// localName is how we greet. Some servers refuse "localhost".
func localName() string {
	name, err := os.Hostname()
	if err != nil || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "[127.0.0.1]"
	}
	return name
}

// send sends one letter. Its error is a *stepError.
func (s *session) send(ctx context.Context, l *letter) error {
	s.usable = false
	release := s.conn.bind(ctx)
	err := s.transmit(l)
	if e, ok := errors.AsType[*stepError](err); ok && e.replied() {
		s.usable = s.client.Reset() == nil
	} else {
		s.usable = err == nil
	}
	s.usable = release() && s.usable
	return s.conn.explain(ctx, err)
}

func (s *session) transmit(l *letter) error {
	if offered, _ := s.client.Extension("SMTPUTF8"); l.utf8 && !offered {
		return &stepError{stepAddress, errNoUTF8}
	}
	s.client.SkipSMTPUTF8(!l.utf8) // asked for without need, it makes later servers bounce the message
	if err := s.client.Mail("<" + l.from + ">"); err != nil {
		return &stepError{stepSender, err}
	}
	if err := s.client.Rcpt("<" + l.to + ">"); err != nil {
		return &stepError{stepMessage, err}
	}
	w, err := s.client.Data()
	if err != nil {
		return &stepError{stepMessage, err}
	}
	if _, err = l.msg.WriteTo(w); err != nil {
		return &stepError{stepContent, err}
	}
	if err = w.Close(); err != nil {
		return &stepError{stepContent, err}
	}
	return nil
}

// stale says whether err only means that the server had closed a connection that was kept open, before the content was sent.
func (s *session) stale(err error) bool {
	e, ok := errors.AsType[*stepError](err)
	if !ok || !s.reused || e.step == stepContent {
		return false
	}
	code, replied := e.code()
	return !replied && !e.temporal() || code == 421
}

func (s *session) close() { _ = s.conn.Close() }

// quit says goodbye before it closes, if the server listens.
func (s *session) quit() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	release := s.conn.bind(ctx)
	_ = s.client.Quit()
	release()
	s.close()
}
