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

// leasedAtOnce is how many messages a channel takes at a time.
const leasedAtOnce = 100

// A sender sends the messages of one channel.
type sender struct {
	config  *Config
	channel clientbook.Channel

	mu    sync.Mutex
	hosts map[string]*breaker
	rates map[clientbook.BookID]*rate
}

// run sends what is due and stores what became of it. Outcomes are stored as they come, a few together, so that little is sent again if
// the process dies.
func (s *sender) run(ctx context.Context) (more bool, err error) {
	begun := time.Now()
	leased, err := s.config.Books.LeaseMessages(ctx, s.channel, leasedAtOnce, s.config.Lease)
	if len(leased) == 0 {
		return false, err
	}
	if err != nil { // some of them don't open
		s.config.Log.Error("messages can't be opened", "reason", err.Error())
	}
	ended := make(chan clientbook.Message, len(leased))
	stored := make(chan struct{})
	go func() {
		defer close(stored)
		s.store(ended)
	}()
	attempts, cancel := s.attempts(ctx)
	defer cancel()
	s.each(leased, func(m *book.LeasedMessage) {
		if ctx.Err() != nil { // no attempt begins any more, and whoever comes next need not wait for the lease
			ended <- s.later(m.Message, time.Now())
			return
		}
		if out, done := s.handle(attempts, m); done {
			ended <- out
		}
	})
	close(ended)
	<-stored
	s.config.pace(ctx, len(leased), begun)
	return len(leased) == leasedAtOnce, nil
}

// attempts gives the context of attempts, which outlives ctx by the time that those under way are given.
func (s *sender) attempts(ctx context.Context) (context.Context, context.CancelFunc) {
	attempts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(s.config.Drain, cancel) })
	return attempts, func() { stop(); cancel() }
}

// each calls fn for all messages, some at a time. Those that wait for the same host don't hold those of others.
func (s *sender) each(leased []book.LeasedMessage, fn func(*book.LeasedMessage)) {
	var wg sync.WaitGroup
	byHost := map[string][]*book.LeasedMessage{}
	for i := range leased {
		h := s.host(&leased[i])
		byHost[h] = append(byHost[h], &leased[i])
	}
	for _, list := range byHost {
		next := make(chan *book.LeasedMessage, len(list))
		for _, m := range list {
			next <- m
		}
		close(next)
		for range min(s.config.Parallel, len(list)) {
			wg.Go(func() {
				for m := range next {
					fn(m)
				}
			})
		}
	}
	wg.Wait()
}

// host names who is asked to take a message: one server for all but web hooks.
func (s *sender) host(m *book.LeasedMessage) string {
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
func (s *sender) store(ended <-chan clientbook.Message) {
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
		case m, ok := <-ended:
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
func (s *sender) handle(ctx context.Context, m *book.LeasedMessage) (out clientbook.Message, done bool) {
	now := time.Now()
	if ctx.Err() != nil || m.Leased.Sub(now) < s.config.Attempt { // the lease might end in the middle of it
		return out, false
	}
	out = m.Message
	dm := &deliver.Message{ID: m.ID.String(), AllowPrivate: m.Settings.Webhooks.AllowPrivate, MessageText: m.Text}
	if m.Mode == clientbook.ModeTest && !deliver.Allowed(m.Text.Destination, s.channel, m.Settings.Sending.Allow) {
		if s.config.Caught != nil {
			s.config.Caught(s.channel, dm)
		}
		return s.sent(out, clientbook.OutcomeCaught), true
	}
	via := s.config.Senders[s.channel]
	if via == nil {
		return s.failed(out, &deliver.Failure{Outcome: clientbook.OutcomeNoSender, Permanent: true}), true
	}
	host := s.breaker(s.host(m))
	wait := host.wait(now)
	if wait == 0 {
		if wait = s.rate(m, now); wait > 0 {
			host.untried()
		}
	}
	if wait > 0 {
		return s.later(out, now.Add(wait)), true
	}
	attempt, cancel := context.WithTimeout(ctx, s.config.Attempt)
	defer cancel()
	err := via.Send(attempt, dm)
	f := deliver.FailureOf(err)
	host.after(f, time.Now())
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
