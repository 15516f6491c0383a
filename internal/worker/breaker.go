package worker

import (
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/deliver"
)

// The pause for a host that is away begins with firstPause and doubles up to maxPause.
const (
	firstPause = time.Second
	maxPause   = time.Minute
)

// A breaker keeps messages from a host that is away: after a pause one of them tries, and the others wait for what comes of it.
type breaker struct {
	mu      sync.Mutex
	fails   int       // in a row
	until   time.Time // end of the pause
	probing time.Time // since when one tries; zero: none
	probe   time.Duration
}

func (s *sender) hostOf(address string) *host {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hosts[address]
	if h == nil {
		h = &host{breaker: breaker{probe: s.config.Attempt}, slots: make(chan struct{}, s.config.Parallel)}
		s.hosts[address] = h
	}
	return h
}

// room says how many messages it is worth to take for the host.
func (b *breaker) room(now time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.fails == 0:
		return heldAtOnce
	case now.Before(b.until), !b.probing.IsZero() && now.Sub(b.probing) < b.probe:
		return 0
	}
	return 1
}

// wait says how long a message must wait; 0: it may try, and after or untried must be called.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.fails == 0:
		return 0
	case now.Before(b.until):
		return b.until.Sub(now)
	case !b.probing.IsZero() && now.Sub(b.probing) < b.probe:
		return firstPause
	}
	b.probing = now
	return 0
}

// untried takes note that a message that might have tried did not.
func (b *breaker) untried() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = time.Time{}
}

// answered says whether the server has answered, be it with a refusal: a message that never came so far says nothing of it.
func answered(f *deliver.Failure) bool {
	switch {
	case f == nil:
		return true
	case f.Down:
		return false
	}
	return f.Outcome == clientbook.OutcomeRefused || f.Outcome == clientbook.OutcomeStatus || f.Outcome == clientbook.OutcomeNonsense
}

// after takes note of an attempt that ended; f is nil if it went well.
func (b *breaker) after(f *deliver.Failure, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = time.Time{}
	if answered(f) {
		b.fails = 0
		return
	}
	if !f.Down || now.Before(b.until) { // it says nothing, or was one of several that were under way together
		return
	}
	b.fails++
	b.until = now.Add(max(f.After, min(maxPause, firstPause<<min(b.fails-1, 10))))
}

// A rate counts the messages of a book in the minute that runs.
type rate struct {
	minute time.Time
	sent   int
}

// rate says how long a message must wait because its book has sent as many as it may; 0: it counts as sent.
func (s *sender) rate(m *book.LeasedMessage, now time.Time) time.Duration {
	most := m.Settings.Sending.PerMinute[s.channel]
	if most == 0 {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rates[m.Book]
	if r == nil {
		r = &rate{}
		s.rates[m.Book] = r
	}
	if now.Sub(r.minute) >= time.Minute {
		*r = rate{minute: now}
	}
	if r.sent >= most {
		return r.minute.Add(time.Minute).Sub(now)
	}
	r.sent++
	return 0
}
