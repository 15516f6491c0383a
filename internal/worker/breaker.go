package worker

import (
	"sync"
	"time"

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

func (s *sender) breaker(host string) *breaker {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.hosts[host]
	if b == nil {
		b = &breaker{probe: s.config.Attempt}
		s.hosts[host] = b
	}
	return b
}

// wait says how long a message must wait; 0: it may try, and after must be called.
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

// after takes note of an attempt that ended; f is nil if it went well.
func (b *breaker) after(f *deliver.Failure, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = time.Time{}
	if f == nil || !f.Down {
		b.fails = 0
		return
	}
	if now.Before(b.until) { // one of several that were under way together
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
