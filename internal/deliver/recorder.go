package deliver

import (
	"context"
	"slices"
	"sync"
)

// A Recorder is a Sender that keeps what it is given and sends nothing. The zero Recorder takes everything.
type Recorder struct {
	// Fail decides what becomes of an attempt, nil for success; without it every attempt succeeds. It may block, as a hanging server
	// does. It is not to be changed while messages are sent.
	Fail func(ctx context.Context, m *Message) error

	mu          sync.Mutex
	given, sent []Message
	closed      bool
}

// Send keeps a copy of m.
func (r *Recorder) Send(ctx context.Context, m *Message) error {
	kept := *m
	kept.Headers = slices.Clone(m.Headers)
	r.mu.Lock()
	r.given = append(r.given, kept)
	r.mu.Unlock()
	if r.Fail != nil {
		if err := r.Fail(ctx, m); err != nil {
			return err
		}
	}
	r.mu.Lock()
	r.sent = append(r.sent, kept)
	r.mu.Unlock()
	return nil
}

// Given gives every message that it was given, one for each attempt, in the order in which the attempts began.
func (r *Recorder) Given() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.given)
}

// Sent gives the messages whose sending succeeded, in the order in which it did.
func (r *Recorder) Sent() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sent)
}

// Close notes that it was called.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// Closed says whether Close was called.
func (r *Recorder) Closed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}
