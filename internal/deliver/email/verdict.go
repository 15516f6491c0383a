package email

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"os"

	"clientbook"
	"clientbook/internal/deliver"
)

// A step is how far an attempt came.
type step int

const (
	stepConnect step = iota // connection, TLS, greeting
	stepLogin               // what an operator has to mend
	stepAddress             // what the address needs
	stepSender              // MAIL
	stepMessage             // RCPT, DATA
	stepContent             // the content is on its way, so it may have arrived whatever comes
)

var stepNames = [...]string{"connect", "login", "address", "sender", "recipient", "content"}

var errNoUTF8 = errors.New("the server takes no addresses outside of ASCII")

// A stepError is what ended an attempt. Its text is never logged, as it holds what the server said.
type stepError struct {
	step step
	err  error
}

func (e *stepError) Error() string { return stepNames[e.step] }
func (e *stepError) Unwrap() error { return e.err }

// code gives the reply that ended the attempt, if there was one.
func (e *stepError) code() (int, bool) {
	reply, ok := errors.AsType[*textproto.Error](e.err)
	if !ok {
		return 0, false
	}
	return reply.Code, true
}

// replied says whether the server refused in order, after which the connection is good for more.
func (e *stepError) replied() bool {
	code, ok := e.code()
	return e.step == stepAddress || ok && code/100 >= 4 && code/100 <= 5 && code != 421
}

func (e *stepError) temporal() bool {
	return errors.Is(e.err, context.Canceled) || errors.Is(e.err, context.DeadlineExceeded) || errors.Is(e.err, os.ErrDeadlineExceeded)
}

// verdict says what became of an attempt that ended with err, a *stepError.
func verdict(err error) error {
	e, ok := errors.AsType[*stepError](err)
	if !ok {
		return err
	}
	if _, strange := errors.AsType[textproto.ProtocolError](e.err); strange || errors.Is(e.err, errTooMuch) {
		return nonsense(e)
	}
	if code, ok := e.code(); ok {
		return replyVerdict(e, code)
	}
	switch {
	case errors.Is(e.err, errNoUTF8):
		return deliver.Permanent(clientbook.OutcomeEncoding, errNoUTF8.Error())
	case errors.Is(e.err, errNoTLS):
		return &deliver.Failure{Outcome: clientbook.OutcomeRefused, Down: true, Err: errNoTLS}
	case errors.Is(e.err, errNoMechanism):
		return &deliver.Failure{Outcome: clientbook.OutcomeRefused, Down: true, Err: errNoMechanism}
	}
	return deliver.Unreachable(e.err)
}

// replyVerdict keeps apart what the server says of itself, of us and of the message.
func replyVerdict(e *stepError, code int) error {
	f := &deliver.Failure{Outcome: clientbook.OutcomeRefused, Err: fmt.Errorf("%s: reply %d", stepNames[e.step], code)}
	switch {
	case code/100 != 4 && code/100 != 5:
		return nonsense(e)
	case code == 421 || e.step == stepConnect && code/100 == 4:
		f.Outcome, f.Down = clientbook.OutcomeUnreachable, true
	case e.step == stepConnect, e.step == stepLogin, e.step == stepSender, code == 530, code == 535, code == 538:
		f.Down = true // it is about us, so about every message; an operator can mend it
	case code/100 == 5:
		f.Permanent = true
	}
	return f
}

func nonsense(e *stepError) error {
	return &deliver.Failure{
		Outcome: clientbook.OutcomeNonsense, Down: true, Err: fmt.Errorf("%s: an answer that is none of the protocol's", stepNames[e.step]),
	}
}
