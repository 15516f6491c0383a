// Package deliver holds what the senders of messages share: what they are given, what they answer, and how they reach other machines.
package deliver

import (
	"context"
	"errors"
	"time"

	"clientbook"
)

// A Message is what a sender needs.
type Message struct {
	ID           string // hex digits, the same on each attempt, so that receivers can drop a repeat
	AllowPrivate bool   // of a web hook: it may go to addresses that are not public
	clientbook.MessageText
}

// A Sender sends over one channel. Send may be called by many at once and is bounded in time; its error is a *Failure.
type Sender interface {
	Send(ctx context.Context, m *Message) error
	Close() error // after the last Send
}

// A Failure says what came of an attempt.
type Failure struct {
	Outcome   string        // clientbook.Outcome…
	Permanent bool          // trying again is of no use
	Down      bool          // the server is away: others of this channel and host would fail too
	After     time.Duration // how long the server asks to be left alone; 0: it does not say
	Err       error         // for the log: no personal data, so never the server's text
}

// Error gives outcome and cause, for logs.
func (f *Failure) Error() string {
	if f.Err == nil {
		return f.Outcome
	}
	return f.Outcome + ": " + f.Err.Error()
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

// FailureOf gives the Failure in err's chain. An error that has none is a fault of ours; its text may hold anything, so it is left out.
func FailureOf(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Outcome: clientbook.OutcomeInternal, Err: errors.New("a sender's error that is no failure")}
}

// Permanent is a failure that trying again does not mend.
func Permanent(outcome, why string) *Failure {
	return &Failure{Outcome: outcome, Permanent: true, Err: errors.New(why)}
}
