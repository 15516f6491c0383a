package worker

import (
	"context"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/deliver"
)

// heldAtOnce is how many messages a channel holds at a time, leasedAtOnce how many it takes together, and heldForHost how many may wait for
// one web hook's host, so that one who does not answer leaves room for the others.
const (
	heldAtOnce   = 400
	leasedAtOnce = 100
	heldForHost  = 100
)

// A sender sends the messages of one channel.
type sender struct {
	config  *Config
	channel clientbook.Channel
	ended   chan clientbook.Message // on their way to the store
	flying  sync.WaitGroup

	mu    sync.Mutex
	held  int
	hosts map[string]*host
	rates map[clientbook.BookID]*rate
}

// A host is who takes messages: one server for all but web hooks.
type host struct {
	breaker
	slots chan struct{} // one for each attempt that is under way
	held  int
}

func newSender(c *Config, channel clientbook.Channel) *sender {
	return &sender{
		config: c, channel: channel, ended: make(chan clientbook.Message, heldAtOnce),
		hosts: map[string]*host{}, rates: map[clientbook.BookID]*rate{},
	}
}

// run sends what is due until ctx is done, then lets the attempts under way end. Outcomes are stored as they come, a few together, so that
// little is sent again if the process dies.
func (s *sender) run(ctx context.Context) {
	var stored sync.WaitGroup
	stored.Go(s.store)
	attempts, cancel := s.attempts(ctx)
	defer cancel()
	s.config.poll(ctx, "messages were not sent", func(ctx context.Context) (bool, error) { return s.lease(ctx, attempts) })
	s.flying.Wait()
	close(s.ended)
	stored.Wait()
}

// lease takes messages that are due, as many as there is room for, and has them sent.
func (s *sender) lease(ctx, attempts context.Context) (more bool, err error) {
	begun := time.Now()
	room := s.room(begun)
	if room == 0 {
		return false, nil
	}
	leased, err := s.config.Books.LeaseMessages(ctx, s.channel, room, s.config.Lease)
	if err != nil && len(leased) > 0 { // some of them don't open
		s.config.Log.Error("messages can't be opened", "reason", err.Error())
		err = nil
	}
	for i := range leased {
		s.begin(ctx, attempts, &leased[i])
	}
	s.config.pace(ctx, len(leased), begun)
	return len(leased) == room, err
}

// room says how many more messages can be held: none while the channel's one server is left alone, one to try whether it is back.
func (s *sender) room(now time.Time) int {
	room := heldAtOnce
	if s.channel != clientbook.WebhookChannel {
		room = s.hostOf("").room(now)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(room, leasedAtOnce, heldAtOnce-s.held)
}

// begin has a message sent, unless too many wait for its host already.
func (s *sender) begin(ctx, attempts context.Context, m *book.LeasedMessage) {
	h := s.hostOf(s.address(m))
	if !s.hold(h) {
		s.ended <- s.later(m.Message, time.Now().Add(firstPause))
		return
	}
	s.flying.Go(func() {
		defer s.let(h)
		select {
		case h.slots <- struct{}{}:
			defer func() { <-h.slots }()
		case <-ctx.Done():
		}
		if ctx.Err() != nil { // no attempt begins any more, and whoever comes next need not wait for the lease
			s.ended <- s.later(m.Message, time.Now())
			return
		}
		if out, done := s.handle(attempts, m, h); done {
			s.ended <- out
		}
	})
}

func (s *sender) hold(h *host) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channel == clientbook.WebhookChannel && h.held == heldForHost {
		return false
	}
	s.held, h.held = s.held+1, h.held+1
	return true
}

func (s *sender) let(h *host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, h.held = s.held-1, h.held-1
}

// attempts gives the context of attempts, which outlives ctx by the time that those under way are given.
func (s *sender) attempts(ctx context.Context) (context.Context, context.CancelFunc) {
	attempts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(s.config.Drain, cancel) })
	return attempts, func() { stop(); cancel() }
}

// address names who is asked to take a message: one server for all but web hooks.
func (s *sender) address(m *book.LeasedMessage) string {
	if s.channel != clientbook.WebhookChannel {
		return ""
	}
	u, err := url.Parse(m.Text.Destination)
	if err != nil {
		return ""
	}
	return u.Host
}

// storedAtOnce and storedEvery say how many outcomes are stored together, and how long one waits for others.
const (
	storedAtOnce = 100
	storedEvery  = 250 * time.Millisecond
)

// store stores outcomes. One that can't be stored is lost, and its message falls due again when the lease ends.
func (s *sender) store() {
	var batch []clientbook.Message
	flush := func() {
		if len(batch) == 0 {
			return
		}
		if err := s.config.Books.EndMessages(context.Background(), batch); err != nil {
			s.config.Log.Warn("outcomes of messages were not stored", "reason", err.Error(), "messages", len(batch))
		}
		batch = batch[:0]
	}
	tick := time.NewTicker(storedEvery)
	defer tick.Stop()
	for {
		select {
		case m, ok := <-s.ended:
			if !ok {
				flush()
				return
			}
			if batch = append(batch, m); len(batch) == storedAtOnce {
				flush()
			}
		case <-tick.C:
			flush()
		}
	}
}

// handle makes one attempt, unless something speaks against it, and gives the message with what became of it. Not done: it is left to its
// lease.
func (s *sender) handle(ctx context.Context, m *book.LeasedMessage, h *host) (out clientbook.Message, done bool) {
	now := time.Now()
	if out = m.Message; m.Leased.Sub(now) < s.config.Attempt { // the lease might end in the middle of it
		return s.later(out, now), true
	}
	dm := &deliver.Message{ID: m.ID.String(), AllowPrivate: m.Settings.Webhooks.AllowPrivate, MessageText: m.Text}
	if m.Mode == clientbook.ModeTest && !deliver.Allowed(m.Text.Destination, s.channel, m.Settings.Sending.Allow) {
		if s.config.Caught != nil {
			s.config.Caught(s.channel, dm)
		}
		return s.sent(out, clientbook.OutcomeCaught), true
	}
	via := s.config.Senders[s.channel]
	if via == nil {
		return s.failed(out, &deliver.Failure{Outcome: clientbook.OutcomeNoSender}), true
	}
	wait := h.wait(now)
	if wait == 0 {
		if wait = s.rate(m, now); wait > 0 {
			h.untried()
		}
	}
	if wait > 0 {
		return s.later(out, now.Add(wait)), true
	}
	attempt, cancel := context.WithTimeout(ctx, s.config.Attempt)
	defer cancel()
	err := via.Send(attempt, dm)
	f := deliver.FailureOf(err)
	h.after(f, time.Now())
	if f == nil {
		return s.sent(out, ""), true
	}
	if ctx.Err() != nil { // it was cut off by us: it can't have failed for good
		return out, false
	}
	s.config.Log.Warn("a message was not sent", "message", m.ID.String(), "book", m.Book.String(), "channel", string(s.channel),
		"attempt", out.Attempts, "reason", f.Error())
	return s.failed(out, f), true
}

func (s *sender) sent(m clientbook.Message, outcome string) clientbook.Message {
	m.State, m.Outcome, m.Sent = clientbook.MessageSent, outcome, clientbook.Cut(time.Now())
	return m
}

// later puts a message off that was not tried.
func (s *sender) later(m clientbook.Message, due time.Time) clientbook.Message {
	m.Due, m.Attempts = clientbook.Cut(due), m.Attempts-1
	return m
}

// failed puts a message off that was tried, longer each time, or gives it up.
func (s *sender) failed(m clientbook.Message, f *deliver.Failure) clientbook.Message {
	m.Outcome = f.Outcome
	if f.Permanent || m.Attempts >= s.config.Attempts {
		m.State = clientbook.MessageFailed
		return m
	}
	m.Due = clientbook.Cut(time.Now().Add(max(f.After, backoff(m.Attempts))))
	return m
}

// The pause after a failed attempt begins with firstBackoff and doubles up to maxBackoff.
const (
	firstBackoff = 10 * time.Second
	maxBackoff   = time.Hour
)

// backoff gives the pause after so many attempts, with a fifth of chance so that those who failed together don't come together again.
func backoff(attempts int) time.Duration {
	d := maxBackoff
	if attempts < 10 {
		d = min(maxBackoff, firstBackoff<<max(attempts-1, 0))
	}
	return d - d/10 + rand.N(d/5)
}
