package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/deliver"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"
	"clientbook/internal/worker"
)

// A ledger keeps messages in memory as book.Books does in a store, whose engine can't live in more than one bubble.
type ledger struct {
	mode     clientbook.Mode
	lose     bool // outcomes can't be stored
	mu       sync.Mutex
	settings *clientbook.Settings
	all      []*book.LeasedMessage // oldest first
}

func (l *ledger) LeaseMessages(_ context.Context, c clientbook.Channel, limit int, lease time.Duration) (leased []book.LeasedMessage, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := clientbook.Cut(time.Now())
	due := slices.DeleteFunc(slices.Clone(l.all), func(m *book.LeasedMessage) bool {
		return m.Channel != c || m.State != clientbook.MessageQueued || m.Due.After(now)
	})
	slices.SortStableFunc(due, func(a, b *book.LeasedMessage) int { return a.Due.Compare(b.Due) })
	for _, m := range due[:min(limit, len(due))] {
		m.Leased, m.Attempts = now.Add(lease), m.Attempts+1
		m.Due = m.Leased
		mine := *m
		mine.Mode, mine.Settings = l.mode, l.settings
		leased = append(leased, mine)
	}
	return leased, nil
}

func (l *ledger) EndMessages(_ context.Context, ended []clientbook.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lose {
		return clientbook.Busy(clientbook.ReasonStore, nil)
	}
	for _, e := range ended {
		for _, m := range l.all {
			if m.ID == e.ID && m.State == clientbook.MessageQueued && m.Leased.Equal(e.Leased) {
				m.Message = e
				m.Leased = time.Time{}
			}
		}
	}
	return nil
}

// Run makes the ledger a Maker that has nothing to make.
func (l *ledger) Run(context.Context) (int, bool, error) { return 0, false, nil }

// An office sends messages, inside of a bubble of its own time.
type office struct {
	testing.TB
	ledger *ledger
	email  *deliver.Recorder
	sms    *deliver.Recorder
	hooks  *deliver.Recorder
	config worker.Config
	log    *bytes.Buffer
	mu     sync.Mutex
	caught []string
	made   int
	sends  []clientbook.MessageText // what each new client is sent
	via    []clientbook.Channel
	stop   func()
	done   chan struct{}
}

func newOffice(t *testing.T, mode clientbook.Mode) *office {
	t.Helper()
	o := &office{TB: t, ledger: &ledger{mode: mode, settings: clientbook.DefaultSettings()},
		email: &deliver.Recorder{}, sms: &deliver.Recorder{}, hooks: &deliver.Recorder{}, log: &bytes.Buffer{}}
	t.Cleanup(func() {
		o.end()
		if strings.Contains(o.log.String(), "example.com") {
			t.Errorf("an address is in the log:\n%s", o.log)
		}
	})
	o.config = worker.Config{
		Books: o.ledger, Maker: o.ledger,
		Senders: map[clientbook.Channel]deliver.Sender{clientbook.EmailChannel: o.email, clientbook.SMSChannel: o.sms, clientbook.WebhookChannel: o.hooks},
		Caught: func(c clientbook.Channel, m *deliver.Message) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.caught = append(o.caught, string(c)+" "+m.Destination)
		},
		Log: slog.New(slog.NewTextHandler(o.log, nil)),
	}
	return o
}

// set changes the settings of the book.
func (o *office) set(do func(s *clientbook.Settings)) {
	o.ledger.mu.Lock()
	defer o.ledger.mu.Unlock()
	s := *o.ledger.settings
	do(&s)
	o.ledger.settings = &s
}

// template has each new client sent something over a channel; of web hooks the URL is given.
func (o *office) template(c clientbook.Channel, url string) {
	o.sends, o.via = append(o.sends, clientbook.MessageText{Subject: "Hello", Body: "x", Destination: url}), append(o.via, c)
}

// welcome adds clients, and so their messages.
func (o *office) welcome(n int) {
	o.ledger.mu.Lock()
	defer o.ledger.mu.Unlock()
	for range n {
		o.made++
		for i, text := range o.sends {
			switch o.via[i] {
			case clientbook.EmailChannel:
				text.Destination = fmt.Sprintf("p%d@example.com", o.made)
			case clientbook.SMSChannel:
				text.Destination = fmt.Sprintf("+43660%05d", o.made)
			}
			now := clientbook.Cut(time.Now())
			o.ledger.all = append(o.ledger.all, &book.LeasedMessage{Text: text, Message: clientbook.Message{
				Book: 1, ID: clientbook.MessageID{byte(o.made >> 8), byte(o.made), byte(i)}, Channel: o.via[i], State: clientbook.MessageQueued, Created: now, Due: now,
			}})
		}
	}
}

// begin lets workers run until end.
func (o *office) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		worker.Run(ctx, o.config)
	}()
	o.stop, o.done = cancel, done
}

func (o *office) end() {
	if o.stop != nil {
		o.stop()
		<-o.done
		o.stop = nil
	}
}

// messages gives all of them, oldest first.
func (o *office) messages() (list []book.LeasedMessage) {
	o.ledger.mu.Lock()
	defer o.ledger.mu.Unlock()
	for _, m := range o.ledger.all {
		list = append(list, *m)
	}
	return list
}

// states counts the messages by state and outcome.
func (o *office) states() map[string]int {
	o.Helper()
	counts := map[string]int{}
	for _, m := range o.messages() {
		counts[fmt.Sprint(strings.TrimSpace([...]string{"", "queued", "sent", "failed"}[m.State]+" "+m.Outcome))]++
	}
	return counts
}

func (o *office) has(what string, want map[string]int) {
	o.Helper()
	if got := o.states(); !maps.Equal(got, want) {
		o.Errorf("%s: messages %v, want %v", what, got, want)
	}
}

func bubble(t *testing.T, mode clientbook.Mode, do func(o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { do(newOffice(t, mode)) })
}

var (
	errDown      = &deliver.Failure{Outcome: clientbook.OutcomeUnreachable, Down: true, Err: errors.New("no connection")}
	errBusy      = &deliver.Failure{Outcome: clientbook.OutcomeRefused, Err: errors.New("reply 450")}
	errPermanent = &deliver.Failure{Outcome: clientbook.OutcomeRefused, Permanent: true, Err: errors.New("reply 550")}
)

func fails(err error) func(context.Context, *deliver.Message) error {
	return func(context.Context, *deliver.Message) error { return err }
}

func TestMessagesAreSent(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.template(clientbook.EmailChannel, "")
		o.template(clientbook.SMSChannel, "")
		o.template(clientbook.WebhookChannel, "https://a.example.com/hook")
		o.begin()
		o.welcome(3)
		time.Sleep(time.Second)
		o.has("three clients", map[string]int{"sent": 9})
		for name, r := range map[string]*deliver.Recorder{"e-mail": o.email, "SMS": o.sms, "web hook": o.hooks} {
			if sent := r.Sent(); len(sent) != 3 || len(r.Given()) != 3 {
				t.Errorf("%s: %d sent in %d attempts, want 3", name, len(sent), len(r.Given()))
			}
		}
		for _, m := range o.messages() {
			if m.Attempts != 1 || m.Sent.IsZero() || !m.Leased.IsZero() {
				t.Errorf("sent as %+v", m.Message)
			}
			if m.Channel == clientbook.EmailChannel && !slices.ContainsFunc(o.email.Sent(), func(d deliver.Message) bool { return d.ID == m.ID.String() && d.Destination == m.Text.Destination }) {
				t.Errorf("%s was sent to somebody else", m.ID)
			}
		}
		// More than are taken at a time, and no faster than fifty a second.
		o.welcome(250)
		time.Sleep(1500 * time.Millisecond)
		if n := len(o.email.Sent()); n < 3+50 || n > 3+125 {
			t.Errorf("%d e-mails sent after a second and a half, want some 75 and a few that go ahead", n-3)
		}
		time.Sleep(4500 * time.Millisecond)
		o.has("many clients", map[string]int{"sent": 9 + 3*250})
	})
}

func TestTemporaryFailures(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		began := time.Now()
		var mu sync.Mutex
		var when []time.Time
		o.email.Fail = func(context.Context, *deliver.Message) error {
			mu.Lock()
			defer mu.Unlock()
			when = append(when, time.Now())
			return errBusy
		}
		o.template(clientbook.EmailChannel, "")
		o.config.Attempts, o.config.Poll = 13, time.Second
		o.begin()
		o.welcome(1)
		time.Sleep(time.Second)
		if m := o.messages()[0]; m.State != clientbook.MessageQueued || m.Outcome != clientbook.OutcomeRefused || m.Attempts != 1 || m.Due.Sub(began) < 9*time.Second {
			t.Errorf("after the first failure: %+v", m.Message)
		}
		time.Sleep(24 * time.Hour)
		o.end()
		o.has("after the last", map[string]int{"failed refused": 1})
		if m := o.messages()[0]; m.Attempts != 13 || len(when) != 13 || !m.Sent.IsZero() {
			t.Errorf("%d attempts, %d on record, sent %v; want 13", len(when), m.Attempts, m.Sent)
		}
		want := 10 * time.Second
		for i := 1; i < len(when); i++ {
			if pause := when[i].Sub(when[i-1]); pause < want*9/10 || pause > want*11/10+2*time.Second {
				t.Errorf("pause %d took %v, want about %v", i, pause, want)
			}
			want = min(2*want, time.Hour)
		}
		// Sent again by hand, it goes.
		o.email.Fail = nil
		m := o.ledger.all[0]
		m.State, m.Due, m.Attempts, m.Outcome = clientbook.MessageQueued, clientbook.Cut(time.Now()), 0, ""
		o.begin()
		time.Sleep(time.Second)
		o.has("resent", map[string]int{"sent": 1})
	})
}

func TestRetryAfter(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.email.Fail = fails(&deliver.Failure{Outcome: clientbook.OutcomeStatus, After: time.Hour, Err: errors.New("status 400")})
		o.template(clientbook.EmailChannel, "")
		o.begin()
		o.welcome(1)
		time.Sleep(59 * time.Minute)
		if n := len(o.email.Given()); n != 1 {
			t.Errorf("%d attempts in the hour for which the server asked to be left alone", n)
		}
		time.Sleep(2 * time.Minute)
		if n := len(o.email.Given()); n != 2 {
			t.Errorf("%d attempts after the hour, want 2", n)
		}
	})
}

func TestPermanentFailures(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.email.Fail = func(_ context.Context, m *deliver.Message) error {
			if m.Destination == "p1@example.com" {
				return errPermanent
			}
			return nil
		}
		o.sms.Fail = fails(errors.New("p1@example.com is in this text")) // no Failure: a fault of ours, tried again
		o.template(clientbook.EmailChannel, "")
		o.template(clientbook.SMSChannel, "")
		o.begin()
		o.welcome(2)
		time.Sleep(time.Second)
		o.has("one is refused", map[string]int{"sent": 1, "failed refused": 1, "queued internal": 2})
		time.Sleep(time.Hour)
		if n := len(o.email.Given()); n != 2 {
			t.Errorf("%d attempts, want 2", n)
		}
	})
}

func TestNoSender(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		delete(o.config.Senders, clientbook.SMSChannel)
		o.config.Poll = time.Second // two days are long
		o.template(clientbook.SMSChannel, "")
		o.template(clientbook.EmailChannel, "")
		o.begin()
		o.welcome(1)
		time.Sleep(3 * time.Second)
		o.has("SMS have no sender", map[string]int{"sent": 1, "queued no_sender": 1}) // whoever starts the server may have forgotten it
		time.Sleep(48 * time.Hour)
		o.has("for two days", map[string]int{"sent": 1, "failed no_sender": 1})
	})
}

func TestTestBooksSendToTheirAllowList(t *testing.T) {
	for _, mode := range []clientbook.Mode{clientbook.ModeTest, clientbook.ModeLive} {
		bubble(t, mode, func(o *office) {
			o.set(func(s *clientbook.Settings) {
				s.Sending.Allow = []string{"p1@example.com", "+4366000002", "https://a.example.com/in/"}
			})
			delete(o.config.Senders, clientbook.SMSChannel)
			o.template(clientbook.EmailChannel, "")
			o.template(clientbook.SMSChannel, "")
			o.template(clientbook.WebhookChannel, "https://a.example.com/in/x")
			o.template(clientbook.WebhookChannel, "https://a.example.com/inside")
			o.begin()
			o.welcome(2)
			time.Sleep(time.Second)
			synctest.Wait()
			if mode == clientbook.ModeLive {
				o.has("live", map[string]int{"sent": 6, "queued no_sender": 2})
				if len(o.caught) != 0 {
					t.Errorf("a live book's were caught: %q", o.caught)
				}
				return
			}
			o.has("test", map[string]int{"sent": 3, "sent caught": 4, "queued no_sender": 1}) // what is caught needs no sender
			slices.Sort(o.caught)
			want := []string{"email p2@example.com", "sms +4366000001", "webhook https://a.example.com/inside", "webhook https://a.example.com/inside"}
			if !slices.Equal(o.caught, want) {
				t.Errorf("caught %q, want %q", o.caught, want)
			}
			if sent := o.email.Given(); len(sent) != 1 || sent[0].Destination != "p1@example.com" {
				t.Errorf("sent %+v", sent)
			}
			// The list counts from the next message on, whoever sends.
			o.set(func(s *clientbook.Settings) { s.Sending.Allow = nil })
			o.welcome(1)
			time.Sleep(time.Second)
			if n := len(o.email.Given()) + len(o.hooks.Given()); n != 3 {
				t.Errorf("%d attempts after the list was emptied, want those 3 of before", n)
			}
		})
	}
}

// TestAnHourOfDowntime loses nothing and hammers nothing.
func TestAnHourOfDowntime(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		var mu sync.Mutex
		now, most := 0, 0
		up := time.Now().Add(time.Hour)
		o.email.Fail = func(context.Context, *deliver.Message) error {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(20 * time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
			if time.Now().Before(up) {
				return errDown
			}
			return nil
		}
		o.template(clientbook.EmailChannel, "")
		o.template(clientbook.SMSChannel, "")
		o.config.Poll = time.Second
		o.begin()
		o.welcome(150)
		time.Sleep(5 * time.Second)
		if n := len(o.sms.Sent()); n != 150 {
			t.Errorf("%d of 150 SMS were sent while the mail server is away", n)
		}
		mu.Lock()
		most = 0
		mu.Unlock()
		time.Sleep(time.Until(up) - 10*time.Second)
		attempts := len(o.email.Given())
		if attempts < 50 || attempts > 90 {
			t.Errorf("%d attempts in an hour of downtime, want a few at once, then about one a minute", attempts)
		}
		mu.Lock()
		if most != 1 {
			t.Errorf("%d attempts at once at a server that is away, want one at a time", most)
		}
		mu.Unlock()
		if got := o.states(); got["failed unreachable"] > 0 || got["sent"] != 150 {
			t.Errorf("messages %v, want none failed", got)
		}
		for _, m := range o.messages() {
			if m.Channel == clientbook.EmailChannel && m.Attempts > 20 {
				t.Errorf("a message has %d attempts: those that only waited must not count", m.Attempts)
			}
		}
		time.Sleep(2*time.Minute + 10*time.Second)
		if got := len(o.email.Sent()); got < 140 {
			t.Errorf("%d e-mails two minutes after the server is back, want nearly all", got)
		}
		time.Sleep(2 * time.Hour)
		o.has("after all", map[string]int{"sent": 300})
		if n := len(o.email.Sent()); n != 150 {
			t.Errorf("%d e-mails were sent, want each of 150 once", n)
		}
	})
}

// TestHangingServers: what hangs holds neither other channels nor other hosts.
func TestHangingServers(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		hang := func(ctx context.Context, m *deliver.Message) error {
			if strings.HasPrefix(m.Destination, "https://b.") {
				return nil
			}
			<-ctx.Done()
			return deliver.Unreachable(ctx.Err())
		}
		o.email.Fail, o.hooks.Fail = hang, hang
		o.template(clientbook.EmailChannel, "")
		o.template(clientbook.SMSChannel, "")
		o.template(clientbook.WebhookChannel, "https://a.example.com/")
		o.template(clientbook.WebhookChannel, "https://b.example.com/")
		o.begin()
		o.welcome(20)
		time.Sleep(2 * time.Second)
		if n := len(o.sms.Sent()); n != 20 {
			t.Errorf("%d of 20 SMS", n)
		}
		if n := len(o.hooks.Sent()); n != 20 {
			t.Errorf("%d of 20 web hooks of the other host", n)
		}
		if n := len(o.email.Given()); n != 8 {
			t.Errorf("%d e-mails under way, want 8", n)
		}
		o.welcome(1) // while the first ones hang still
		time.Sleep(2 * time.Second)
		if n := len(o.sms.Sent()); n != 21 {
			t.Errorf("%d of 21 SMS", n)
		}
		if n := len(o.hooks.Sent()); n != 21 {
			t.Errorf("%d of 21 web hooks of the other host", n)
		}
		time.Sleep(10 * time.Minute)
		if n := len(o.email.Given()); n > 8+15 {
			t.Errorf("%d attempts in ten minutes of hanging", n)
		}
		if got := o.states(); got["failed unreachable"] > 0 || got["sent"] != 2*21 {
			t.Errorf("messages %v", got)
		}
	})
}

func TestPerMinute(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.set(func(s *clientbook.Settings) {
			s.Sending.PerMinute = map[clientbook.Channel]int{clientbook.EmailChannel: 10}
		})
		o.template(clientbook.EmailChannel, "")
		o.template(clientbook.SMSChannel, "")
		o.begin()
		o.welcome(35)
		for minute, want := range []int{10, 20, 30, 35} {
			time.Sleep(30 * time.Second)
			if n := len(o.email.Sent()); n != want {
				t.Errorf("minute %d: %d e-mails, want %d", minute, n, want)
			}
			time.Sleep(30*time.Second + 500*time.Millisecond)
		}
		if n := len(o.sms.Sent()); n != 35 {
			t.Errorf("%d SMS, which have no limit", n)
		}
		for _, m := range o.messages() {
			if m.Attempts != 1 {
				t.Errorf("waiting made %d attempts", m.Attempts)
			}
		}
	})
}

// TestPerMinuteOfAServerThatIsAway: what is not tried does not use up the minute, and what waits for the minute is no probe.
func TestPerMinuteOfAServerThatIsAway(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.set(func(s *clientbook.Settings) {
			s.Sending.PerMinute = map[clientbook.Channel]int{clientbook.EmailChannel: 5}
		})
		began := time.Now()
		o.email.Fail = func(context.Context, *deliver.Message) error {
			if time.Since(began) < 10*time.Second {
				return errDown
			}
			return nil
		}
		o.template(clientbook.EmailChannel, "")
		o.config.Parallel = 1
		o.begin()
		o.welcome(30)
		time.Sleep(50 * time.Second)
		if n := len(o.email.Given()); n != 5 {
			t.Errorf("%d attempts in the first minute, want 5", n)
		}
		time.Sleep(9 * time.Minute)
		o.has("after ten minutes", map[string]int{"sent": 30})
	})
}

// TestStopDuringAttempts: those under way end, no other begins, and nothing is lost or sent twice.
func TestStopDuringAttempts(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.email.Fail = func(ctx context.Context, _ *deliver.Message) error {
			select {
			case <-time.After(2 * time.Second):
				return nil
			case <-ctx.Done():
				return deliver.Unreachable(ctx.Err())
			}
		}
		o.template(clientbook.EmailChannel, "")
		o.begin()
		o.welcome(30)
		time.Sleep(time.Second)
		began := time.Now()
		o.end()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("stopping took %v", took)
		}
		if given, sent := len(o.email.Given()), len(o.email.Sent()); given != 8 || sent != 8 {
			t.Errorf("%d attempts, %d sent; want the 8 that were under way", given, sent)
		}
		o.has("stopped", map[string]int{"sent": 8, "queued": 22})
		o.begin() // need not wait for leases
		time.Sleep(10 * time.Second)
		o.has("begun again", map[string]int{"sent": 30})
		for _, m := range o.messages() {
			if m.Attempts != 1 {
				t.Errorf("%d attempts", m.Attempts)
			}
		}
		if n := len(o.email.Given()); n != 30 {
			t.Errorf("%d attempts in all", n)
		}
	})
}

// TestStopCutsOff: an attempt that takes too long is cut off, is no failure for good, and is made again.
func TestStopCutsOff(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		hanging := true
		o.email.Fail = func(ctx context.Context, _ *deliver.Message) error {
			if hanging {
				<-ctx.Done()
				return deliver.Unreachable(ctx.Err())
			}
			return nil
		}
		o.template(clientbook.EmailChannel, "")
		o.config.Attempts = 1
		o.begin()
		o.welcome(1)
		time.Sleep(time.Second)
		began := time.Now()
		o.end()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("stopping took %v, want 5 s", took)
		}
		o.has("stopped", map[string]int{"queued": 1})
		hanging = false
		o.begin()
		time.Sleep(5 * time.Minute)
		o.has("begun again", map[string]int{"sent": 1})
	})
}

// TestLostOutcomes: a message whose outcome could not be stored is sent again when its lease ends.
func TestLostOutcomes(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.ledger.lose = true
		o.template(clientbook.EmailChannel, "")
		o.begin()
		o.welcome(1)
		time.Sleep(time.Minute)
		o.end()
		o.ledger.lose = false
		o.begin()
		time.Sleep(time.Minute)
		if n := len(o.email.Given()); n != 1 {
			t.Errorf("%d attempts before the lease ended", n)
		}
		time.Sleep(2 * time.Minute)
		o.has("after the lease", map[string]int{"sent": 1})
		if n := len(o.email.Given()); n != 2 {
			t.Errorf("%d attempts, want 2", n)
		}
	})
}

// TestTwoWorkers send each message once.
func TestTwoWorkers(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		o.email.Fail = func(context.Context, *deliver.Message) error {
			time.Sleep(30 * time.Millisecond)
			return nil
		}
		o.template(clientbook.EmailChannel, "")
		second := o.config
		ctx, cancel := context.WithCancel(o.Context())
		var wait sync.WaitGroup
		wait.Go(func() { worker.Run(ctx, second) })
		o.begin()
		for range 5 {
			o.welcome(30)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		cancel()
		wait.Wait()
		o.has("two workers", map[string]int{"sent": 150})
		if n := len(o.email.Given()); n != 150 {
			t.Errorf("%d attempts, want 150", n)
		}
	})
}

// A troubled maker fails a few times.
type troubled struct {
	worker.Maker
	when []time.Time
	n    int
}

func (m *troubled) Run(ctx context.Context) (int, bool, error) {
	if m.when = append(m.when, time.Now()); len(m.when) <= m.n {
		return 0, true, errors.New("the store is away")
	}
	return m.Maker.Run(ctx)
}

func TestTroubleIsWaitedOut(t *testing.T) {
	bubble(t, clientbook.ModeLive, func(o *office) {
		m := &troubled{Maker: o.config.Maker, n: 9}
		o.config.Maker = m
		o.begin()
		time.Sleep(time.Minute)
		o.end()
		for i := 1; i <= m.n; i++ {
			if pause, most := m.when[i].Sub(m.when[i-1]), 10*time.Second; pause > most || i > 7 && pause != most || i == 1 && pause > time.Second {
				t.Errorf("pause %d took %v", i, pause)
			}
		}
		if pause := m.when[m.n+3].Sub(m.when[m.n+2]); pause > time.Second {
			t.Errorf("after trouble the pause is %v", pause)
		}
	})
}

// TestBooksAreServed has the workers make and send the messages of real books.
func TestBooksAreServed(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "clientbook.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	root, err := vault.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	books := book.New(store, root, book.Options{})
	senders := map[clientbook.Mode]*deliver.Recorder{}
	for _, mode := range []clientbook.Mode{clientbook.ModeTest, clientbook.ModeLive} {
		key, err := books.CreateKey(t.Context(), "alpha", mode)
		if err != nil {
			t.Fatal(err)
		}
		caller, err := books.Authenticate(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := books.ChangeSettings(t.Context(), book.SettingsChange{Book: "alpha", Mode: mode,
			Make: func(old *clientbook.Settings, mint func() clientbook.DefinitionKey, _ time.Time) (*clientbook.Settings, error) {
				s := *old
				s.Sending.Allow = []string{"p1@example.com"}
				s.Templates = []clientbook.Template{{Definition: clientbook.Definition{Key: mint(), ID: "t", Name: "t"}, Channel: clientbook.EmailChannel,
					Event: clientbook.ClientCreated, Recipient: clientbook.ToClient, Active: true, Subject: "Hello {CLIENT_FIRST_NAMES}", Body: "{CLIENT_ID}"}}
				return &s, nil
			}}); err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			if _, err := books.CreateClient(t.Context(), caller, &clientbook.ClientUpdate{Kind: new(clientbook.PersonKind), Email: new(fmt.Sprintf("p%d@example.com", n)),
				Person: &clientbook.PersonUpdate{FirstName: new("Ada"), LastName: new("Marsh")}}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		r := &deliver.Recorder{}
		var wait sync.WaitGroup
		wait.Go(func() {
			worker.Run(ctx, worker.Config{Books: books, Maker: books.NewMessageMaker(), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond,
				Senders: map[clientbook.Channel]deliver.Sender{clientbook.EmailChannel: r}})
		})
		sent := 0
		for sent < 3 && ctx.Err() == nil {
			page, err := books.Messages(t.Context(), caller, book.MessageFilter{Match: func(m *book.SentMessage) bool { return m.State == clientbook.MessageSent }}, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			sent = len(page)
			time.Sleep(time.Millisecond)
		}
		cancel()
		wait.Wait()
		if sent != 3 {
			t.Errorf("%s: %d messages are sent", mode, sent)
		}
		senders[mode] = r
	}
	if a, b := len(senders[clientbook.ModeTest].Given()), len(senders[clientbook.ModeLive].Given()); a != 1 || b != 3 {
		t.Errorf("%d messages left the test book, %d the live one; want 1 and 3", a, b)
	}
	if m := senders[clientbook.ModeLive].Given()[0]; m.Subject != "Hello Ada" || m.Body == "" || len(m.ID) != 24 {
		t.Errorf("sent %+v", m)
	}
}
