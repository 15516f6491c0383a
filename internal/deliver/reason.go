package deliver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"

	"clientbook"
)

// Why connections fail, in our own words: the library's hold URLs, and so personal data, and what the server said.
var (
	errTimeout = errors.New("no answer in time")
	errName    = errors.New("the host's name has no address")
	errRefused = errors.New("no connection")
	errTLS     = errors.New("no TLS connection that can be trusted")
	errBroken  = errors.New("the connection broke")
	errStrange = errors.New("an answer that is none of the protocol's")
)

// Unreachable makes a failure of an error of package net or crypto/tls, or of one that reads and writes connections. What is neither is
// taken for a strange answer.
func Unreachable(err error) *Failure {
	reason := reasonOf(err)
	switch {
	case errors.Is(err, errForbidden):
		return &Failure{Outcome: clientbook.OutcomeForbidden, Permanent: true, Err: errForbidden}
	case errors.Is(err, context.Canceled):
		return &Failure{Outcome: clientbook.OutcomeUnreachable, Err: context.Canceled} // our own doing says nothing of the server
	case reason == nil:
		return &Failure{Outcome: clientbook.OutcomeNonsense, Down: true, Err: errStrange}
	}
	return &Failure{Outcome: clientbook.OutcomeUnreachable, Down: true, Err: reason}
}

// reasonOf gives nil for what is no failure of a connection.
func reasonOf(err error) error {
	switch {
	case timedOut(err):
		return errTimeout
	case is[*net.DNSError](err):
		return errName
	case untrusted(err):
		return errTLS
	case dialled(err):
		return errRefused
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe),
		is[syscall.Errno](err), is[*net.OpError](err):
		return errBroken
	}
	return nil
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

func untrusted(err error) bool {
	return is[*tls.CertificateVerificationError](err) || is[tls.RecordHeaderError](err) || is[tls.AlertError](err) ||
		is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) || is[x509.CertificateInvalidError](err) || errors.Is(err, http.ErrSchemeMismatch) || alert(err)
}

// alert tells the TLS alerts of the other side, whose type crypto/tls keeps to itself, by the operation it names.
func alert(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && (e.Op == "remote error" || e.Op == "local error")
}

func dialled(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}
