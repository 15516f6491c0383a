package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	stdmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"clientbook"
	"clientbook/internal/deliver"
)

const from = "/?from=Bank%20%C3%84%20%3Cnoreply@bank.example%3E"

// open makes a sender that gives up soon.
func open(t *testing.T, url string, change ...func(*Options)) *Sender {
	t.Helper()
	_, pool := certificate()
	o := Options{RootCAs: pool, Timeout: 2 * time.Second}
	for _, c := range change {
		c(&o)
	}
	s, err := New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func quick(o *Options) { o.Timeout = 100 * time.Millisecond }

func message(to string) *deliver.Message {
	return &deliver.Message{ID: "0123456789abcdef", MessageText: clientbook.MessageText{Destination: to, Subject: "Hello", Body: "Dear Ada"}}
}

// want checks that err is a failure and tells nothing of what the server or the message says.
func want(t *testing.T, err error, outcome string, permanent, down bool) {
	t.Helper()
	f, ok := errors.AsType[*deliver.Failure](err)
	if !ok || f.Outcome != outcome || f.Permanent != permanent || f.Down != down {
		t.Errorf("got %+v, want %s, permanent %v, down %v", err, outcome, permanent, down)
		return
	}
	for _, leak := range []string{"ada", "Ada", "secret", "Hello", "TELLTALE"} {
		if strings.Contains(err.Error(), leak) {
			t.Errorf("the error holds %q: %v", leak, err)
		}
	}
}

func TestSend(t *testing.T) {
	tests := []struct {
		name     string
		implicit bool
		change   func(*fake, *smtp.Server)
		url      string
		login    string
	}{
		{"plain", false, nil, "smtp://%s", ""},
		{"plain with login", false, nil, "smtp://bob:secret@%s", "PLAIN bob"},
		{"LOGIN", false, func(f *fake, _ *smtp.Server) { f.mechs = []string{"LOGIN"} }, "smtp://bob:secret@%s", "LOGIN bob"},
		{"STARTTLS", false, withTLS, "smtp://bob:secret@%s", "PLAIN bob"},
		{"TLS", true, nil, "smtps://bob:secret@%s", "PLAIN bob"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := serve(t, test.implicit, test.change)
			s := open(t, fmt.Sprintf(test.url, f.addr)+from)
			if err := s.Send(t.Context(), message("ada@example.com")); err != nil {
				t.Fatal(err)
			}
			got := f.got()
			if len(got) != 1 || got[0].from != "noreply@bank.example" || got[0].to != "ada@example.com" || got[0].utf8 != "" {
				t.Fatalf("the server got %+v", got)
			}
			if strings.Join(f.logins, ",") != test.login {
				t.Errorf("logins %q, want %q", f.logins, test.login)
			}
		})
	}
}

func read(t *testing.T, content string) (*stdmail.Message, string) {
	t.Helper()
	m, err := stdmail.ReadMessage(strings.NewReader(content))
	if err != nil {
		t.Fatalf("%v in %q", err, content)
	}
	if m.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
		t.Fatalf("encoding of %q", content)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(content) {
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	return m, string(body)
}

func TestMessage(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from)
	m := message("ada@example.com")
	m.Subject, m.Body, m.HTML = "Grüße, 世界 and \"more\"", "<p>Grüße</p>\n.\n.. dots\n"+strings.Repeat("long ", 500), true
	for range 2 {
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	got, body := read(t, f.got()[0].content)
	if b := strings.ReplaceAll(body, "\r\n", "\n"); strings.TrimRight(b, "\n") != m.Body {
		t.Errorf("body %.80q", b)
	}
	for name, want := range map[string]string{
		"Message-Id": "<0123456789abcdef@bank.example>", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Content-Type": "text/html; charset=UTF-8", "To": "<ada@example.com>", "User-Agent": "", "X-Mailer": "",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject")); err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	if a, err := got.Header.AddressList("From"); err != nil || a[0].Name != "Bank Ä" || a[0].Address != "noreply@bank.example" {
		t.Errorf("from %v, %v", a, err)
	}
	if _, err := got.Header.Date(); err != nil {
		t.Error(err)
	}
	if again, _ := read(t, f.got()[1].content); again.Header.Get("Message-Id") != got.Header.Get("Message-Id") {
		t.Error("the second attempt has another Message-ID")
	}
	if n := f.connections(); n != 1 {
		t.Errorf("%d connections, want one", n)
	}
}

func TestSubjects(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from)
	for i, subject := range []string{
		"a\r\nBcc: eve@evil.example", "a\nX-Evil: 1\n\nbody", "=?utf-8?q?=0D=0ABcc:_eve?=", strings.Repeat("x", 998), strings.Repeat("ä", 499), "\x00\x1b",
		"two  spaces", "\u2028", "\xff",
	} {
		m := message("ada@example.com")
		m.Subject = subject
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got, _ := read(t, f.got()[i].content)
		if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" {
			t.Errorf("%.40q put in a header", subject)
		}
		decoded, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		clean := strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ", "\x1b", " ", "\xff", "\uFFFD").Replace(subject)
		if err != nil || strings.Join(strings.Fields(decoded), " ") != strings.Join(strings.Fields(clean), " ") {
			t.Errorf("%.40q arrived as %.40q, %v", subject, decoded, err)
		}
	}
}

func TestBadDestinations(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from)
	for _, to := range []string{
		"", "ada", "@example.com", "ada@", "ada@example.com, eve@evil.example", "Ada <ada@example.com>", "<ada@example.com>", "ada@example.com\r\nRCPT TO:<eve@evil.example>",
		"ada@example.com>\r\nDATA", "\"ada eve\"@example.com", "ada@exa mple.com", "ada@[127.0.0.1]", "ada@example.com (Ada)", "ada\x00@example.com",
		"ada\u2028@example.com", "ada@example.com> SIZE=1", strings.Repeat("a", 65) + "@example.com", "ada@" + strings.Repeat("a.", 140) + "example", "ada@-\u00ad.example",
	} {
		want(t, s.Send(t.Context(), message(to)), clientbook.OutcomeNoDestination, true, false)
	}
	if n := f.connections(); n != 0 {
		t.Errorf("%d connections for them", n)
	}
	m := message("ada@example.com")
	m.ID = "a>\r\nBcc: eve"
	want(t, s.Send(t.Context(), m), clientbook.OutcomeInternal, true, false)
}

func TestAddressesOutsideASCII(t *testing.T) {
	ascii, utf8 := serve(t, false, nil), serve(t, false, func(_ *fake, s *smtp.Server) { s.EnableSMTPUTF8 = true })
	tests := []struct {
		to, envelope, utf8 string // "" for envelope: refused
		server             *fake
	}{
		{"ada@bücher.example", "ada@xn--bcher-kva.example", "", ascii},
		{"ada@BÜCHER.example", "ada@xn--bcher-kva.example", "", utf8},
		{"jürgen@bücher.example", "jürgen@xn--bcher-kva.example", "SMTPUTF8", utf8},
		{"jürgen@example.com", "", "", ascii},
		{"ada@example.com", "ada@example.com", "", utf8},
	}
	for _, test := range tests {
		err := open(t, "smtp://"+test.server.addr+from).Send(t.Context(), message(test.to))
		if test.envelope == "" {
			want(t, err, clientbook.OutcomeEncoding, true, false)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.to, err)
			continue
		}
		all := test.server.got()
		if got := all[len(all)-1]; got.to != test.envelope || got.utf8 != test.utf8 || !strings.Contains(got.content, "To: <"+test.envelope+">") {
			t.Errorf("%s: %+v", test.to, got)
		}
	}
}

func reply(code int) error { return &smtp.SMTPError{Code: code, Message: "TELLTALE ada@example.com"} }

func TestRefusals(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from)
	f.rcpt = []error{reply(451), nil, reply(550), nil}
	f.data = []error{nil, reply(452), reply(554)}
	send := func() error { return s.Send(t.Context(), message("ada@example.com")) }
	want(t, send(), clientbook.OutcomeRefused, false, false) // greylisting
	if err := send(); err != nil {
		t.Errorf("after greylisting: %v", err)
	}
	want(t, send(), clientbook.OutcomeRefused, true, false)
	want(t, send(), clientbook.OutcomeRefused, false, false)
	want(t, send(), clientbook.OutcomeRefused, true, false)
	if err := send(); err != nil {
		t.Error(err)
	}
	if n := f.connections(); n != 1 {
		t.Errorf("%d connections, want one", n)
	}
}

func TestBadServers(t *testing.T) {
	const unreachable, refused, nonsense = clientbook.OutcomeUnreachable, clientbook.OutcomeRefused, clientbook.OutcomeNonsense
	login := "bob:secret@"
	tests := []struct {
		name, user, greeting string
		answers              map[string]string
		outcome              string
		permanent, down      bool
	}{
		{"hangs before the greeting", "", "…", nil, unreachable, false, true},
		{"hangs later", "", "220 hi", map[string]string{"MAIL": "…"}, unreachable, false, true},
		{"closes at once", "", "", nil, unreachable, false, true},
		{"closes at EHLO", "", "220 hi", map[string]string{"EHLO": "", "HELO": ""}, unreachable, false, true},
		{"speaks another protocol", "", "TELLTALE ready", nil, nonsense, false, true},
		{"speaks HTTP", "", "HTTP/1.1 400 Bad Request TELLTALE", nil, nonsense, false, true},
		{"an endless line", "", strings.Repeat("2", 2*maxRead), nil, nonsense, false, true},
		{"endless lines", "", strings.Repeat("220-hi\r\n", maxRead/4), nil, nonsense, false, true},
		{"busy", "", "421 TELLTALE", nil, unreachable, false, true},
		{"busy in other words", "", "450 TELLTALE", nil, unreachable, false, true},
		{"wants nothing", "", "554 TELLTALE", nil, refused, false, true},
		{"greets strangely", "", "250 TELLTALE", nil, nonsense, false, true},
		{"refuses EHLO", "", "220 hi", map[string]string{"EHLO": "550 TELLTALE", "HELO": "550 TELLTALE"}, refused, false, true},
		{"refuses the login", login, "220 hi", map[string]string{"EHLO": "250-x\r\n250 AUTH PLAIN", "AUTH": "535 TELLTALE"}, refused, false, true},
		{"puts the login off", login, "220 hi", map[string]string{"EHLO": "250-x\r\n250 AUTH PLAIN", "AUTH": "454 TELLTALE"}, refused, false, true},
		{"has no login", login, "220 hi", map[string]string{"EHLO": "250-x\r\n250 AUTH NTLM XOAUTH2 CRAM-MD5"}, refused, false, true},
		{"refuses us", "", "220 hi", map[string]string{"MAIL": "550 TELLTALE"}, refused, false, true},
		{"wants a login", "", "220 hi", map[string]string{"RCPT": "530 TELLTALE"}, refused, false, true},
		{"closes in between", "", "220 hi", map[string]string{"RCPT": "421 TELLTALE"}, unreachable, false, true},
		{"drops at DATA", "", "220 hi", map[string]string{"DATA": ""}, unreachable, false, true},
		{"drops after DATA", "", "220 hi", map[string]string{"DATA": "354 go", ".": ""}, unreachable, false, true},
		{"hangs after DATA", "", "220 hi", map[string]string{"DATA": "354 go", ".": "…"}, unreachable, false, true},
		{"answers the content strangely", "", "220 hi", map[string]string{"DATA": "354 go", ".": "TELLTALE"}, nonsense, false, true},
		{"answers DATA strangely", "", "220 hi", map[string]string{"DATA": "250 TELLTALE"}, nonsense, false, true},
		{"drops in the handshake", "", "220 hi", map[string]string{"EHLO": "250-x\r\n250 STARTTLS", "STARTTLS": "220 go", "\x16": ""}, unreachable, false, true},
		{"no TLS after STARTTLS", "", "220 hi", map[string]string{"EHLO": "250-x\r\n250 STARTTLS", "STARTTLS": "220 go\r\nTELLTALE"}, unreachable, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := script(t, test.greeting, test.answers)
			s := open(t, "smtp://"+test.user+addr+from, func(o *Options) {
				if strings.Contains(fmt.Sprint(test.greeting, test.answers), "…") {
					quick(o)
				}
			})
			want(t, s.Send(t.Context(), message("ada@example.com")), test.outcome, test.permanent, test.down)
		})
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	s := open(t, "smtp://"+l.Addr().String()+from)
	want(t, s.Send(t.Context(), message("ada@example.com")), clientbook.OutcomeUnreachable, false, true)
}

func TestUntrustedCertificate(t *testing.T) {
	implicit, start := serve(t, true, nil), serve(t, false, withTLS)
	for _, url := range []string{"smtps://" + implicit.addr, "smtp://" + start.addr, "smtps://" + start.addr} {
		s := open(t, url+from, quick, func(o *Options) { o.RootCAs = nil })
		want(t, s.Send(t.Context(), message("ada@example.com")), clientbook.OutcomeUnreachable, false, true)
	}
	if n := len(implicit.got()) + len(start.got()); n != 0 {
		t.Errorf("%d messages sent", n)
	}
}

func TestWrongPassword(t *testing.T) {
	f := serve(t, false, withTLS)
	s := open(t, "smtp://bob:wrong@"+f.addr+from)
	want(t, s.Send(t.Context(), message("ada@example.com")), clientbook.OutcomeRefused, false, true)
}

func TestPasswordNeedsTLSElsewhere(t *testing.T) {
	for _, mech := range []string{"PLAIN", "LOGIN"} {
		c := &config{host: "mail.example", user: "bob", password: "secret"}
		_, _, err := (&login{config: c}).Start(serverInfo(false, mech))
		if !errors.Is(err, errNoMechanism) {
			t.Errorf("%s without TLS: %v", mech, err)
		}
		if got, _, err := (&login{config: c}).Start(serverInfo(true, "NTLM", mech)); err != nil || got != mech {
			t.Errorf("%s with TLS: %q, %v", mech, got, err)
		}
		if got, _, err := (&login{config: c}).Start(serverInfo(false, mech, "SCRAM-SHA-1", "SCRAM-SHA-256")); err != nil || got != "SCRAM-SHA-256" {
			t.Errorf("SCRAM: %q, %v", got, err)
		}
	}
}

func TestSCRAM(t *testing.T) {
	f := serve(t, false, func(f *fake, _ *smtp.Server) { f.mechs = []string{"PLAIN", "SCRAM-SHA-256"} })
	if err := open(t, "smtp://bob:secret@"+f.addr+from).Send(t.Context(), message("ada@example.com")); err != nil {
		t.Error(err)
	}
	err := open(t, "smtp://bob:wrong@"+f.addr+from).Send(t.Context(), message("ada@example.com"))
	want(t, err, clientbook.OutcomeRefused, false, true)
	if n := len(f.got()); n != 1 || len(f.logins) != 0 {
		t.Errorf("%d messages, and the password was shown to %q", n, f.logins)
	}
}

// TestNothingGoesOutInTheClear is about a server elsewhere whose offer of STARTTLS was taken out on the way.
func TestNothingGoesOutInTheClear(t *testing.T) {
	f := serve(t, false, nil)
	conn, err := net.Dial("tcp", f.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := &session{conn: &boundConn{Conn: conn}}
	err = s.open(&config{host: "mail.example", user: "bob", password: "secret"})
	want(t, verdict(err), clientbook.OutcomeRefused, false, true)
	if len(f.logins) != 0 {
		t.Errorf("logins %q", f.logins)
	}
}

func TestReconnects(t *testing.T) {
	f := serve(t, false, func(_ *fake, s *smtp.Server) { s.ReadTimeout = 30 * time.Millisecond })
	s := open(t, "smtp://"+f.addr+from)
	for range 2 {
		if err := s.Send(t.Context(), message("ada@example.com")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond) // the server says 421 and closes
	}
	if n, mails := f.connections(), len(f.got()); n != 2 || mails != 2 {
		t.Errorf("%d connections for %d messages, want 2 for 2", n, mails)
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from, func(o *Options) { o.Idle = 20 * time.Millisecond })
	for range 2 {
		if err := s.Send(t.Context(), message("ada@example.com")); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			s.mu.Lock()
			n := len(s.idle)
			s.mu.Unlock()
			if n == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	if n := f.connections(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	f := serve(t, false, nil)
	s := open(t, "smtp://"+f.addr+from, func(o *Options) { o.Connections = 3 })
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if err := s.Send(t.Context(), message("ada@example.com")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, mails := f.connections(), len(f.got()); n > 3 || mails != 30 {
		t.Errorf("%d connections for %d messages", n, mails)
	}
}

func TestCancelled(t *testing.T) {
	addr := script(t, "…", nil)
	s := open(t, "smtp://"+addr+from)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	err := s.Send(ctx, message("ada@example.com"))
	want(t, err, clientbook.OutcomeUnreachable, false, false)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not the cancelling", err)
	}
}

func TestURLs(t *testing.T) {
	good := map[string]string{
		"smtp://mail.example?from=a@b.example": "mail.example:587", "smtps://mail.example/?from=a@b.example": "mail.example:465",
		"smtp://u:p%40@[::1]:25?from=a@b.example&starttls=off": "[::1]:25", "smtp://localhost?starttls=off&from=a@b.example": "localhost:587",
	}
	for url, addr := range good {
		if c, err := parse(url); err != nil || c.address() != addr {
			t.Errorf("%s: %+v, %v", url, c, err)
		}
	}
	for _, url := range []string{
		"", "mail.example", "http://mail.example?from=a@b.example", "smtp://mail.example", "smtp://mail.example?from=nobody", "smtp://?from=a@b.example",
		"smtp://mail.example?from=a@b.example&starttls=off", "smtps://localhost?from=a@b.example&starttls=off", "smtp://localhost?from=a@b.example&starttls=on",
		"smtp://bob@mail.example?from=a@b.example", "smtp://mail.example?from=a@b.example&form=x", "smtp://mail.example/x?from=a@b.example",
		"smtp://bob:secret@mail.example:x?from=a@b.example", "smtp://bob:secret@mail.example?from=%zz", "smtp://mail.example?from=a@b.example&from=c@d.example",
		"smtp://mail.example?from=j%C3%BCrgen@b.example", "smtp://bob:sec%0Aret@mail.example?from=a@b.example",
	} {
		if _, err := New(url, Options{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want an error without the password", url, err)
		}
	}
}

func TestRedacted(t *testing.T) {
	for url, want := range map[string]string{
		"smtp://bob:secret@mail.example/?from=a@b.example": "smtp://bob:xxxxx@mail.example/?from=a@b.example", "smtp://mail.example": "smtp://mail.example",
		"smtp://bob:secret@mail.example:x": "(a URL that does not parse)",
	} {
		if got := Redacted(url); got != want {
			t.Errorf("%s: %s", url, got)
		}
	}
}
