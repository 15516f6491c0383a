package email

import (
	"context"
	"errors"
	"net"
	"time"
)

// maxRead is the most that is read from the server in one attempt. Answers are lines; only a server that is none sends more.
const maxRead = 64 << 10

var errTooMuch = errors.New("more than an answer")

// A boundConn keeps the deadline of an attempt over all that is laid over it: what the libraries set is ignored.
type boundConn struct {
	net.Conn
	read int // in this attempt
}

// bind bounds the connection by ctx until release is called, which says whether the connection can be used on.
func (c *boundConn) bind(ctx context.Context) (release func() bool) {
	c.read = 0
	deadline, _ := ctx.Deadline()
	_ = c.Conn.SetDeadline(deadline)
	return context.AfterFunc(ctx, func() { _ = c.Conn.SetDeadline(time.Unix(1, 0)) })
}

func (c *boundConn) Read(b []byte) (int, error) {
	if c.read >= maxRead {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(b)
	c.read += n
	return n, err
}

func (c *boundConn) SetDeadline(time.Time) error      { return nil }
func (c *boundConn) SetReadDeadline(time.Time) error  { return nil }
func (c *boundConn) SetWriteDeadline(time.Time) error { return nil }

// explain puts the end of ctx in the place of the time-out that it caused.
func (c *boundConn) explain(ctx context.Context, err error) error {
	e, ok := errors.AsType[*stepError](err)
	if !ok || ctx.Err() == nil || e.replied() {
		return err
	}
	return &stepError{e.step, ctx.Err()}
}
