package book_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

// template adds an active e-mail template for everybody.
func template(id string, e clientbook.Event, more func(t *clientbook.Template)) edit {
	return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		t := clientbook.Template{Definition: defined(id, mint), Channel: clientbook.EmailChannel, Event: e, Recipient: clientbook.ToClient, Active: true,
			Subject: id, Body: "Hello {CLIENT_FIRST_NAMES}"}
		if more != nil {
			more(&t)
		}
		s.Templates = append(s.Templates, t)
	}
}

func noTemplates(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { s.Templates = nil }

// settle runs a maker until it has come to the end of the feed.
func (w *world) settle(m *book.MessageMaker) {
	w.Helper()
	for range 1000 {
		_, more, err := m.Run(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if at, follows := w.cursor(); !more && (!follows || at == w.row().Position) {
			return
		}
	}
	w.Fatal("there is always more to do")
}

// messages gives what is in the log, oldest first, as "template>destination".
func (w *world) messages() []string {
	w.Helper()
	sent, err := w.books.Messages(w.Context(), w.caller, book.MessageFilter{}, 0, 1000)
	if err != nil {
		w.Fatal(err)
	}
	var list []string
	for _, m := range sent {
		name := string(m.Template)
		if t := w.settings().Template(name); t != nil {
			name = t.ID
		}
		list = append(list, name+">"+m.Text.Destination)
	}
	slices.Reverse(list)
	return list
}

func (w *world) hasMessages(what string, want ...string) {
	w.Helper()
	got := w.messages()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("%s: %q, want %q", what, got, want)
	}
}

// cursor gives how far messages were made.
func (w *world) cursor() (at int64, follows bool) {
	w.Helper()
	w.view(func(r clientbook.Reader) (err error) {
		at, follows, err = r.Cursor(w.caller.Book, "messages")
		return err
	})
	return at, follows
}

func TestMessagesByEvent(t *testing.T) {
	w := newWorld(t, book.Options{})
	maker := w.books.NewMessageMaker()
	before := w.create(someone())
	w.settle(maker)
	if _, follows := w.cursor(); follows {
		t.Error("a book without templates is followed")
	}
	for _, e := range []edit{
		func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
			s.InitialState = clientbook.StatePendingApproval
		},
		officer("eva"), officer("max"),
		func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
			s.ClientTypes = append(s.ClientTypes, clientbook.ClientType{Definition: defined("vip", mint), UseDefaultAddress: true})
		},
		func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
			template("created", clientbook.ClientCreated, nil)(s, mint)
			template("approved", clientbook.ClientApproved, nil)(s, mint)
			template("rejected", clientbook.ClientRejected, nil)(s, mint)
			template("activity", clientbook.ClientActivity, nil)(s, mint)
			template("inactive", clientbook.ClientCreated, func(t *clientbook.Template) { t.Active = false })(s, mint)
			template("optin", clientbook.ClientCreated, func(t *clientbook.Template) { t.OptIn = true })(s, mint)
			template("vips", clientbook.ClientCreated, func(t *clientbook.Template) { t.ClientTypes = []clientbook.DefinitionKey{s.ClientType("vip").Key} })(s, mint)
			template("officer", clientbook.ClientCreated, func(t *clientbook.Template) { t.Recipient = clientbook.ToCreditOfficer })(s, mint)
			template("sms", clientbook.ClientCreated, func(t *clientbook.Template) { t.Channel = clientbook.SMSChannel })(s, mint)
			template("hook", clientbook.ClientRejected, func(t *clientbook.Template) {
				t.Channel, t.URL, t.Body = clientbook.WebhookChannel, "https://example.com/hook", `{"id": {CLIENT_ID}}`
			})(s, mint)
		},
	} {
		w.set(e)
	}
	if at, follows := w.cursor(); !follows || at != w.row().Position {
		t.Errorf("cursor %d, %v; want the newest position %d", at, follows, w.row().Position)
	}
	w.settle(maker)
	w.hasMessages("clients of before")

	a := w.create(person("a@example.com", "Ada", "Marsh"))
	w.settle(maker)
	w.hasMessages("create", "created>a@example.com")
	w.update(a.ID, &clientbook.ClientUpdate{State: new(clientbook.StateInactive)})
	w.settle(maker)
	want := []string{"created>a@example.com", "approved>a@example.com", "activity>a@example.com"}
	w.hasMessages("approve", want...)

	b := person("b@example.com", "Bea", "Marsh")
	b.ClientType, b.User, b.Mobile = new("vip"), new("eva"), new("+43 1")
	made := w.create(b)
	w.update(made.ID, &clientbook.ClientUpdate{State: new(clientbook.StateRejected)})
	w.update(made.ID, &clientbook.ClientUpdate{State: new(clientbook.StateRejected)}) // changes nothing
	w.settle(maker)
	want = append(want, "created>b@example.com", "vips>b@example.com", "officer>eva@bank.example.com", "sms>+43 1",
		"rejected>b@example.com", "activity>b@example.com", "hook>https://example.com/hook")
	w.hasMessages("a client with everything", want...)

	silent := w.create(&clientbook.ClientUpdate{Kind: b.Kind, Person: &clientbook.PersonUpdate{FirstName: new("No"), LastName: new("Address")}})
	w.update(silent.ID, &clientbook.ClientUpdate{Notes: new("x")})
	w.update(before.ID, &clientbook.ClientUpdate{Email: new("old@example.com")}) // the address of that version counts
	w.update(before.ID, &clientbook.ClientUpdate{Email: new("")})
	w.delete(a.ID)
	w.settle(maker)
	want = append(want, "activity>old@example.com") // who was deleted is not written to
	w.hasMessages("without an address", want...)
	w.delete(before.ID)
	w.settle(maker)
	w.hasMessages("deleted without an address", want...)
	if at, _ := w.cursor(); at != w.row().Position {
		t.Errorf("cursor %d, want %d", at, w.row().Position)
	}

	w.set(noTemplates)
	if at, follows := w.cursor(); follows {
		t.Errorf("without templates the cursor is still at %d", at)
	}
	w.create(someone())
	w.settle(maker)
	w.set(template("again", clientbook.ClientCreated, nil))
	w.settle(maker)
	if n := len(w.messages()); n != len(want) {
		t.Errorf("%d messages, want %d: nothing for what was before", n, len(want))
	}
	w.create(person("c@example.com", "C", "D"))
	w.settle(maker)
	if got := w.messages(); len(got) != len(want)+1 || got[len(got)-1] != "again>c@example.com" {
		t.Errorf("the last is %q", got[len(got)-1])
	}
}

// TestNothingForCreatesBeforeTheTemplate adds a template to a book that is followed already, before the maker has come that far.
func TestNothingForCreatesBeforeTheTemplate(t *testing.T) {
	now := at(0)
	w := newWorld(t, book.Options{Now: func() time.Time { return now }})
	made := func(id string) edit {
		return template(id, clientbook.ClientCreated, func(t *clientbook.Template) { t.Created = now })
	}
	w.set(made("first"))
	now = at(1)
	w.create(person("a@example.com", "A", "B"))
	now = at(2)
	w.set(made("second"))
	now = at(3)
	w.create(person("b@example.com", "A", "B"))
	w.settle(w.books.NewMessageMaker())
	w.hasMessages("both templates", "first>a@example.com", "first>b@example.com", "second>b@example.com")
}

// TestMessagesUnderTheSettingsOfTheirTime changes the settings while a maker is at work: what is written under the new ones must not be
// answered under the old.
func TestMessagesUnderTheSettingsOfTheirTime(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(template("old", clientbook.ClientCreated, nil))
	w.create(person("a@example.com", "A", "B"))
	n := 0
	m := w.another(&hooked{Store: w.store, before: func(call string) error {
		if call != "view" {
			return nil
		}
		if n++; n == 3 { // books and cursors were read, and the settings
			w.set(noTemplatesBut(template("new", clientbook.ClientCreated, nil)))
			w.create(person("b@example.com", "A", "B"))
		}
		return nil
	}}, book.Options{}).NewMessageMaker()
	w.settle(m)
	if n < 3 {
		t.Fatalf("%d views: this test is about the third", n)
	}
	got := w.messages()
	if !slices.Contains(got, "new>b@example.com") || slices.ContainsFunc(got, func(s string) bool {
		return strings.HasSuffix(s, ">b@example.com") && s != "new>b@example.com"
	}) {
		t.Errorf("messages %q", got)
	}
}

func noTemplatesBut(e edit) edit {
	return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		noTemplates(s, mint)
		e(s, mint)
	}
}

// TestMessagesAreMadeOnce fails at every call of the store, before and after it has done its work.
func TestMessagesAreMadeOnce(t *testing.T) {
	power := errors.New("power")
	for _, restart := range []bool{false, true} {
		for _, late := range []bool{false, true} {
			for n := 1; ; n++ {
				now := at(0)
				o := book.Options{Now: func() time.Time { return now }}
				w := newWorld(t, o)
				w.set(template("created", clientbook.ClientCreated, nil))
				w.set(template("activity", clientbook.ClientActivity, nil))
				var want []string
				write := func(i int) {
					email := fmt.Sprintf("%d@example.com", i)
					c := w.create(person(email, "A", "B"))
					w.update(c.ID, &clientbook.ClientUpdate{Notes: new("x")})
					want = append(want, "created>"+email, "activity>"+email)
				}
				write(1)
				calls, failed := 0, false
				count := func(when bool) func(string) error {
					return func(string) error {
						if when != late {
							return nil
						}
						if calls++; calls == n {
							failed = true
							return power
						}
						return nil
					}
				}
				failing := &hooked{Store: w.store, before: count(false), after: count(true)}
				m := w.another(failing, o).NewMessageMaker()
				for step := range 12 {
					now = now.Add(300 * time.Millisecond)
					if step == 3 {
						write(2)
					}
					_, _, err := m.Run(t.Context())
					if err != nil && !errors.Is(err, power) {
						t.Fatal(err)
					}
					if err != nil && restart {
						m = w.another(failing, o).NewMessageMaker()
					}
				}
				what := fmt.Sprintf("call %d failed, late %v, restarted %v", n, late, restart)
				w.hasMessages(what, want...)
				if at, _ := w.cursor(); at != w.row().Position {
					t.Errorf("%s: cursor %d, want %d", what, at, w.row().Position)
				}
				if !failed {
					if n < 5 {
						t.Errorf("only %d calls of the store", n)
					}
					break
				}
			}
		}
	}
}

func TestMakersAtOnce(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(template("created", clientbook.ClientCreated, nil))
	w.set(template("more", clientbook.ClientCreated, nil))
	stop := make(chan struct{})
	var makers, writers sync.WaitGroup
	for range 3 {
		m := w.another(nil, book.Options{}).NewMessageMaker()
		makers.Go(func() {
			for {
				if _, _, err := m.Run(t.Context()); err != nil {
					t.Errorf("maker: %v", err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	const each = 60
	for n := range 3 {
		writers.Go(func() {
			for i := range each {
				if _, err := w.books.CreateClient(t.Context(), w.caller, person(fmt.Sprintf("%d-%d@example.com", n, i), "A", "B")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if at, _ := w.cursor(); at == w.row().Position {
			break
		}
	}
	close(stop)
	makers.Wait()
	var want []string
	for n := range 3 {
		for i := range each {
			email := fmt.Sprintf("%d-%d@example.com", n, i)
			want = append(want, "created>"+email, "more>"+email)
		}
	}
	w.hasMessages("three makers", want...)
	if at, _ := w.cursor(); at != w.row().Position {
		t.Errorf("cursor %d, want %d", at, w.row().Position)
	}
}

// TestCursorMovesWithoutMessages: where there is nothing to make, the cursor still follows, but not with each write.
func TestCursorMovesWithoutMessages(t *testing.T) {
	now := at(0)
	w := newWorld(t, book.Options{Now: func() time.Time { return now }})
	w.set(template("created", clientbook.ClientCreated, nil))
	c := w.create(someone())
	m := w.books.NewMessageMaker()
	w.settle(m)
	commits := w.store.Commits()
	const writes = 20
	for n := range writes {
		w.update(c.ID, &clientbook.ClientUpdate{Notes: new(fmt.Sprint(n))})
		if n%2 == 0 { // now and then it finds something new each time it looks
			if _, _, err := m.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := w.store.Commits() - commits - writes; got > 2 {
		t.Errorf("%d commits for nothing", got)
	}
	now = now.Add(2 * time.Second)
	w.settle(m)
	w.settle(m)
	if at, _ := w.cursor(); at != w.row().Position {
		t.Errorf("cursor %d, want %d", at, w.row().Position)
	}
	commits = w.store.Commits()
	w.settle(m)
	if w.store.Commits() != commits {
		t.Error("an idle maker wrote")
	}
}

func TestMessageLog(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(template("created", clientbook.ClientCreated, nil))
	var made []*clientbook.Client
	for n := range 5 {
		made = append(made, w.create(person(fmt.Sprintf("%d@example.com", n), fmt.Sprint("Name", n), "B")))
		w.settle(w.books.NewMessageMaker())
		time.Sleep(2 * time.Millisecond) // ids in the order of their making
	}
	w.delete(made[1].ID)
	log := func(f book.MessageFilter, offset, limit int64) (list []string) {
		t.Helper()
		page, err := w.books.Messages(t.Context(), w.caller, f, offset, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if m.Sealed != nil || m.Key != nil || m.Text.Subject != "created" || !strings.HasPrefix(m.Text.Body, "Hello Name") {
				t.Errorf("a message in the log: %+v", m)
			}
			i := slices.IndexFunc(made, func(c *clientbook.Client) bool { return c.Key(w.caller.Book) == m.Client })
			list = append(list, fmt.Sprint(i))
		}
		return list
	}
	odd := func(m *book.SentMessage) bool {
		return m.Text.Destination == "1@example.com" || m.Text.Destination == "3@example.com"
	}
	for _, x := range []struct {
		name          string
		filter        book.MessageFilter
		offset, limit int64
		want          string
	}{
		{"all", book.MessageFilter{}, 0, 10, "4 3 2 1 0"},
		{"a page", book.MessageFilter{}, 1, 2, "3 2"},
		{"behind the last", book.MessageFilter{}, 5, 2, ""},
		{"none", book.MessageFilter{}, 0, 0, ""},
		{"matching", book.MessageFilter{Match: odd}, 0, 10, "3 1"},
		{"matching, from the second", book.MessageFilter{Match: odd}, 1, 10, "1"},
		{"of a client", book.MessageFilter{MessageQuery: clientbook.MessageQuery{Client: made[2].ID}}, 0, 10, "2"},
	} {
		if got := strings.Join(log(x.filter, x.offset, x.limit), " "); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// queued gives a world with n queued messages, and its clock.
func queued(t *testing.T, n int) (*world, *time.Time) {
	now := at(0)
	w := newWorld(t, book.Options{Now: func() time.Time { return now }})
	w.set(template("created", clientbook.ClientCreated, nil))
	for i := range n {
		w.create(person(fmt.Sprintf("%d@example.com", i), "A", "B"))
	}
	w.settle(w.books.NewMessageMaker())
	return w, &now
}

func lease(t *testing.T, b *book.Books, limit int) []book.LeasedMessage {
	t.Helper()
	leased, err := b.LeaseMessages(t.Context(), clientbook.EmailChannel, limit, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return leased
}

func TestLeases(t *testing.T) {
	w, now := queued(t, 5)
	o := book.Options{Now: func() time.Time { return *now }}
	a, b := w.another(nil, o), w.another(nil, o)
	if other, err := a.LeaseMessages(t.Context(), clientbook.SMSChannel, 10, time.Minute); err != nil || len(other) != 0 {
		t.Errorf("another channel: %d, %v", len(other), err)
	}
	first, second := lease(t, a, 3), lease(t, b, 10)
	if len(first) != 3 || len(second) != 2 || len(lease(t, a, 10)) != 0 {
		t.Fatalf("leased %d and %d, want 3 and the other 2", len(first), len(second))
	}
	for _, m := range append(slices.Clone(first), second...) {
		if m.Attempts != 1 || !m.Leased.Equal(now.Add(time.Minute)) || !m.Due.Equal(m.Leased) || m.Mode != clientbook.ModeTest || m.Settings == nil ||
			m.Text.Subject != "created" || m.Sealed != nil {
			t.Errorf("leased %+v", m)
		}
	}
	*now = now.Add(time.Minute - time.Millisecond)
	if n := len(lease(t, b, 10)); n != 0 {
		t.Errorf("%d messages were leased twice", n)
	}
	ended := func(b *book.Books, m book.LeasedMessage, state clientbook.MessageState, outcome string) {
		t.Helper()
		m.State, m.Outcome, m.Sent = state, outcome, *now
		if err := b.EndMessages(t.Context(), []clientbook.Message{m.Message}); err != nil {
			t.Error(err)
		}
	}
	ended(b, second[0], clientbook.MessageSent, "")
	*now = now.Add(time.Millisecond) // the leases end, and a has died
	again := lease(t, b, 10)
	if len(again) != 4 || again[0].Attempts != 2 {
		t.Fatalf("%d messages came back, want 4 with the second attempt", len(again))
	}
	ended(a, first[0], clientbook.MessageFailed, "refused") // a was only slow
	state := func(id clientbook.MessageID) (m clientbook.Message) {
		t.Helper()
		w.view(func(r clientbook.Reader) (err error) {
			m, err = r.Message(w.caller.Book, id)
			return err
		})
		return m
	}
	if m := state(first[0].ID); m.State != clientbook.MessageQueued || m.Outcome != "" || m.Attempts != 2 {
		t.Errorf("a lost lease was ended: %+v", m)
	}
	i := slices.IndexFunc(again, func(m book.LeasedMessage) bool { return m.ID == first[0].ID })
	ended(b, again[i], clientbook.MessageSent, "")
	ended(b, again[i], clientbook.MessageFailed, "refused") // once is enough
	if m := state(first[0].ID); m.State != clientbook.MessageSent || !m.Leased.IsZero() || !m.Sent.Equal(*now) || m.Attempts != 2 {
		t.Errorf("it ended as %+v", m)
	}
	if err := b.EndMessages(t.Context(), []clientbook.Message{{Book: w.caller.Book, ID: clientbook.MessageID{1}, State: clientbook.MessageSent}}); err != nil {
		t.Errorf("the end of nothing: %v", err)
	}
}

// TestLeasesAtOnce has workers at once: each message is held once.
func TestLeasesAtOnce(t *testing.T) {
	w, now := queued(t, 60)
	var mu sync.Mutex
	held := map[clientbook.MessageID]int{}
	var wait sync.WaitGroup
	for range 6 {
		b := w.another(nil, book.Options{Now: func() time.Time { return *now }})
		wait.Go(func() {
			for {
				leased, err := b.LeaseMessages(t.Context(), clientbook.EmailChannel, 7, time.Minute)
				if err != nil {
					t.Error(err)
				}
				if len(leased) == 0 {
					return
				}
				mu.Lock()
				for _, m := range leased {
					held[m.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	for id, n := range held {
		if n != 1 {
			t.Errorf("message %s was held %d times", id, n)
		}
	}
	if len(held) != 60 {
		t.Errorf("%d messages were held, want 60", len(held))
	}
}

// TestLeasesSeeNewSettings: what another process decided counts for the next message.
func TestLeasesSeeNewSettings(t *testing.T) {
	w, now := queued(t, 2)
	other := w.another(nil, book.Options{Now: func() time.Time { return *now }})
	if got := lease(t, other, 1); len(got) != 1 || len(got[0].Settings.Sending.Allow) != 0 {
		t.Fatalf("leased %+v", got)
	}
	w.set(func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
		s.Sending.Allow = []string{"@example.com"}
	})
	if got := lease(t, other, 1); len(got) != 1 || len(got[0].Settings.Sending.Allow) != 1 {
		t.Errorf("leased under old settings: %+v", got)
	}
}

func TestResend(t *testing.T) {
	w, now := queued(t, 3)
	leased := lease(t, w.books, 2)
	leased[0].State, leased[0].Outcome = clientbook.MessageFailed, clientbook.OutcomeRefused
	leased[1].State, leased[1].Sent = clientbook.MessageSent, *now
	if err := w.books.EndMessages(t.Context(), []clientbook.Message{leased[0].Message, leased[1].Message}); err != nil {
		t.Fatal(err)
	}
	failed, sent := leased[0].ID, leased[1].ID
	var waits clientbook.MessageID
	all, err := w.books.Messages(t.Context(), w.caller, book.MessageFilter{}, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.ID != failed && m.ID != sent {
			waits = m.ID
		}
	}
	refused := func(kind clientbook.Kind, reason string, culprit clientbook.MessageID, ids ...clientbook.MessageID) {
		t.Helper()
		err := w.books.ResendMessages(t.Context(), w.caller, ids)
		isRefused(t, "resend", err, kind, reason)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != clientbook.KeyOf(w.caller.Book, culprit) {
			t.Errorf("%s is named", e.Param)
		}
	}
	refused(clientbook.KindInvalid, clientbook.ReasonMessageState, sent, failed, sent)
	refused(clientbook.KindInvalid, clientbook.ReasonMessageState, waits, failed, waits)
	refused(clientbook.KindNotFound, clientbook.ReasonMessage, clientbook.MessageID{1}, failed, clientbook.MessageID{1})
	if got := lease(t, w.books, 10); len(got) != 1 || got[0].ID != waits {
		t.Fatalf("a refused resend queued something: %d", len(got))
	}
	*now = now.Add(time.Second)
	w.set(noTemplates) // it is sent as it was
	if err := w.books.ResendMessages(t.Context(), w.caller, []clientbook.MessageID{failed}); err != nil {
		t.Fatal(err)
	}
	got := lease(t, w.books, 10)
	if len(got) != 1 || got[0].ID != failed || got[0].Attempts != 1 || got[0].Outcome != "" || got[0].Text.Subject != "created" {
		t.Errorf("queued again: %+v", got)
	}
}
