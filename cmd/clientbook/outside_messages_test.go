package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// A postOffice is a mail server that keeps what it is given.
type postOffice struct {
	addr  string
	mu    sync.Mutex
	mails map[string][]string // Message-IDs by recipient
	fails func() error        // what it answers instead of taking a mail, if that is not nil
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{addr: ln.Addr().String(), mails: map[string][]string{}}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{office: o}, nil }))
	s.Domain, s.ErrorLog = "post.example", log.New(io.Discard, "", 0) // killed connections are no news
	go func() { _ = s.Serve(ln) }()                                   // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return o
}

// to gives the Message-IDs of the mails to an address.
func (o *postOffice) to(address string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mails[address]
}

// A counter is one sender's connection.
type counter struct {
	office *postOffice
	to     string
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }
func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	if c.office.fails != nil {
		if err := c.office.fails(); err != nil {
			return err
		}
	}
	c.office.mails[c.to] = append(c.office.mails[c.to], m.Header.Get("Message-Id"))
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

const welcome = `
templates:
  - id: welcome
    name: Welcome
    channel: EMAIL
    event: CLIENT_CREATED
    subject: "Welcome, {CLIENT_FIRST_NAMES}"
    body: "Your number is {CLIENT_ID}."
`

// applied applies settings to a book.
func applied(t *testing.T, data, book, mode, settings string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "apply", "--data", data, "--book", book, "--mode", mode, file)
}

// mambu sends one request over Mambu's wire.
func (p *program) mambu(status int, method, path, body string) []byte {
	p.t.Helper()
	r, err := http.NewRequest(method, "http://"+p.addr+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("apikey", p.key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := p.web.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		p.t.Fatalf("%s %s %.500s\ngot %d %s, %v\nwant %d", method, path, body, resp.StatusCode, got, err, status)
	}
	return got
}

// A logged is a message as the log shows it.
type logged struct{ State, Destination, FailureReason, ClientKey, EncodedKey string }

// messages gives the log of messages, all of it.
func (p *program) messages() (all []logged) {
	p.t.Helper()
	for {
		var page []logged
		if err := json.Unmarshal(p.mambu(200, "POST", fmt.Sprintf("/api/notifications/messages/search?limit=1000&offset=%d", len(all)), `{"filterConstraints":[]}`), &page); err != nil {
			p.t.Fatal(err)
		}
		if all = append(all, page...); len(page) < 1000 {
			return all
		}
	}
}

// TestMessagesAcrossKills creates clients over both wires and kills the server again and again meanwhile. In the end every client that was
// acknowledged has exactly one message, which was sent; a mail that came twice, because the server was killed between the post office's
// answer and its own note of it, is the same mail.
func TestMessagesAcrossKills(t *testing.T) {
	const kills = 6
	office := newPostOffice(t)
	data := t.TempDir() + "/data"
	key := newKey(t, data, "mail", "live")
	applied(t, data, "mail", "live", welcome)
	acked := map[string]bool{}
	var mu sync.Mutex
	var n atomic.Int64
	smtpURL := "smtp://" + office.addr + "?from=bank@post.example&starttls=off"
	for round := range kills {
		p := serve(t, data, key, "--smtp", smtpURL)
		var wg sync.WaitGroup
		var stop atomic.Bool
		for w := range 4 {
			wg.Go(func() {
				for !stop.Load() {
					time.Sleep(40 * time.Millisecond) // faster than mails leave would only make the test longer
					address := fmt.Sprintf("client%d@post.example", n.Add(1))
					path, body := "/v1/clients", fmt.Sprintf(`{"type":"person","email":%q,"personDetails":{"firstName":"Ada","lastName":"Marsh"}}`, address)
					if w%2 == 1 {
						path, body = "/api/clients?firstName=Ada&lastName=Marsh&emailAddress="+address, ""
					}
					got, err := p.create(path, body)
					if err != nil {
						return // killed: nobody knows
					}
					if got != 200 {
						t.Errorf("POST %s: %d", path, got)
					}
					mu.Lock()
					acked[address] = true
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(50+rand.IntN(500)) * time.Millisecond)
		p.kill()
		stop.Store(true)
		wg.Wait()
		if round == kills/2 {
			deep(t, data)
		}
	}
	p := serve(t, data, key, "--smtp", smtpURL)
	made := map[string]int{}
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		clear(made)
		for _, m := range p.messages() {
			made[m.Destination]++
		}
		missing := 0
		for address := range acked {
			if made[address] == 0 {
				missing++
			}
		}
		if missing == 0 {
			break
		}
		if time.Since(begun) > patience {
			t.Fatalf("%d of %d clients have no message", missing, len(acked))
		}
	}
	for address, count := range made {
		if count != 1 {
			t.Errorf("%s has %d messages", address, count)
		}
	}
	// What was leased when a server was killed falls due again only when its lease ends; the rest has gone out.
	leased, again := 0, 0
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		leased = 0
		waiting := 0
		for _, m := range p.messages() {
			switch m.State {
			case "QUEUED":
				waiting++
			case "SENDING_ASYNC":
				leased++
			case "FAILED":
				t.Fatalf("a message failed: %s", m.FailureReason)
			}
		}
		if waiting == 0 {
			break
		}
		if time.Since(begun) > patience {
			t.Fatalf("%d messages wait still", waiting)
		}
	}
	for address := range acked {
		ids := office.to(address)
		if len(ids) > 1 {
			again++
		}
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("%s got two different mails", address)
			}
		}
	}
	t.Logf("%d kills: %d clients acknowledged, %d mails came again, %d wait for the end of a dead server's lease", kills, len(acked), again, leased)
	if len(acked) < 2*kills || again+leased > 100*(kills+1) {
		t.Errorf("%d clients, %d mails again, %d leased", len(acked), again, leased)
	}
	p.stop()
	deep(t, data)
}

// create sends a create over the wire that the path belongs to.
func (p *program) create(path, body string) (status int, err error) {
	r, err := http.NewRequest("POST", "http://"+p.addr+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", p.key)
	r.Header.Set("Content-Type", "application/json")
	if body == "" {
		r.Header = http.Header{"Apikey": {p.key}}
	}
	resp, err := p.web.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// TestChannels sends over every channel at once, one of them to a server that hangs: the others are not held up.
func TestChannels(t *testing.T) {
	office := newPostOffice(t)
	office.fails = func() error { return &smtp.SMTPError{Code: 451, Message: "come back later"} } // greylisting
	var hooks sync.Map
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		hooks.Store(r.URL.Path, r.Method+" "+string(b))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer hook.Close()
	release := make(chan struct{})
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer gateway.Close()
	defer close(release)

	data := t.TempDir() + "/data"
	key := newKey(t, data, "mail", "live")
	applied(t, data, "mail", "live", welcome+`
  - id: text
    name: Text
    channel: SMS
    event: CLIENT_CREATED
    body: "Welcome"
  - id: hook
    name: Hook
    channel: WEB_HOOK
    event: CLIENT_CREATED
    url: `+hook.URL+`/created/{CLIENT_ID}
    method: PUT
    body: '{"name": "{CLIENT_NAME}"}'
webhooks:
  allowPrivate: true
`)
	p := serve(t, data, key, "--smtp", "smtp://"+office.addr+"?from=bank@post.example&starttls=off",
		"--sms", "twilio://AC1:token@"+strings.TrimPrefix(gateway.URL, "http://")+"/?from=%2B4366012345&insecure=1")
	p.mambu(200, "POST", "/api/clients", `{"client":{"firstName":"A\"d\\a","lastName":"Marsh","id":"M1","emailAddress":"ada@post.example","mobilePhone1":"+43 660 1234567"}}`)
	wantHook := `PUT {"name": "A\"d\\a Marsh"}`
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if got, ok := hooks.Load("/created/M1"); ok {
			if got != wantHook {
				t.Errorf("the web hook got %s, want %s", got, wantHook)
			}
			break
		}
		if time.Since(begun) > patience {
			t.Fatalf("the web hook was not called\n%s", p.printed())
		}
	}
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		states := map[string]string{}
		for _, m := range p.messages() {
			states[m.Destination] = m.State
		}
		if len(states) == 3 && states["ada@post.example"] == "QUEUED" && states["+43 660 1234567"] == "SENDING_ASYNC" && states[hook.URL+"/created/M1"] == "SENT" {
			break
		}
		if time.Since(begun) > patience {
			t.Fatalf("the messages are in states %v", states)
		}
	}
	if b := []byte(p.printed()); bytes.Contains(b, []byte("ada@post.example")) || bytes.Contains(b, []byte("1234567")) {
		t.Error("the log holds a destination")
	}
}
