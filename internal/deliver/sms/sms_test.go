package sms

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/deliver"
)

// A fake is a gateway that gives one answer.
type fake struct {
	*httptest.Server
	status  int
	answer  string
	request *http.Request
	body    string
	count   int
}

func serve(t *testing.T, status int, answer string) *fake {
	t.Helper()
	f := &fake{status: status, answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		f.request, f.body = r, string(b)
		f.count++
		w.Header().Set("Retry-After", "9")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(f.status)
		_, _ = io.WriteString(w, f.answer)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) host() string { return f.Listener.Addr().String() }

func open(t *testing.T, url string) *Sender {
	t.Helper()
	s, err := New(url, Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (f *fake) twilio(t *testing.T) *Sender {
	return open(t, "twilio://AC1:tok%2Fen@"+f.host()+"/?from=+4366012345&insecure=1")
}

func (f *fake) infobip(t *testing.T) *Sender {
	return open(t, "infobip://KEY@"+f.host()+"?from=Bank&insecure=1")
}

func message() *deliver.Message {
	return &deliver.Message{ID: "0123abcd", MessageText: clientbook.MessageText{Destination: "+43 (660) 999-99", Body: "Dear Ä & B+C"}}
}

func want(t *testing.T, err error, outcome string, permanent, down bool) *deliver.Failure {
	t.Helper()
	f, ok := errors.AsType[*deliver.Failure](err)
	if !ok || f.Outcome != outcome || f.Permanent != permanent || f.Down != down {
		t.Fatalf("got %v (%+v), want %s, permanent %v, down %v", err, f, outcome, permanent, down)
	}
	for _, leak := range []string{"660", "tok", "KEY", "Dear", "TELLTALE"} {
		if strings.Contains(err.Error(), leak) {
			t.Errorf("the error holds %q: %v", leak, err)
		}
	}
	return f
}

const (
	twilioOK  = `{"sid":"SM1","status":"queued","error_code":null}`
	infobipOK = `{"messages":[{"to":"4366099999","status":{"groupId":1,"groupName":"PENDING","id":26,"name":"PENDING_ACCEPTED"},"messageId":"0123abcd"}]}`
)

func TestTwilio(t *testing.T) {
	f := serve(t, 201, twilioOK)
	if err := f.twilio(t).Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	user, password, _ := f.request.BasicAuth()
	if f.request.Method != "POST" || f.request.RequestURI != "/2010-04-01/Accounts/AC1/Messages.json" || user != "AC1" || password != "tok/en" ||
		f.request.Header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
		f.body != "Body=Dear+%C3%84+%26+B%2BC&From=%2B4366012345&To=%2B4366099999" {
		t.Errorf("the gateway got %s %s %v %q", f.request.Method, f.request.RequestURI, f.request.Header, f.body)
	}
}

func TestInfobip(t *testing.T) {
	f := serve(t, 200, infobipOK)
	if err := f.infobip(t).Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if f.request.Method != "POST" || f.request.RequestURI != "/sms/2/text/advanced" || f.request.Header.Get("Authorization") != "App KEY" ||
		f.request.Header.Get("Content-Type") != "application/json" || f.request.Header.Get("Accept") != "application/json" {
		t.Errorf("the gateway got %s %s %v", f.request.Method, f.request.RequestURI, f.request.Header)
	}
	var got infobipRequest
	if err := json.Unmarshal([]byte(f.body), &got); err != nil || len(got.Messages) != 1 || got.Messages[0].From != "Bank" ||
		got.Messages[0].Text != "Dear Ä & B+C" || got.Messages[0].Destinations[0] != (infobipDestination{"4366099999", "0123abcd"}) {
		t.Errorf("the gateway got %s, %v", f.body, err)
	}
}

func TestAnswers(t *testing.T) {
	status := func(group, name string) string {
		return `{"messages":[{"status":{"groupName":"` + group + `","name":"` + name + `"},"to":"TELLTALE"}]}`
	}
	const refused, statusOther, nonsense = clientbook.OutcomeRefused, clientbook.OutcomeStatus, clientbook.OutcomeNonsense
	tests := []struct {
		infobip         bool
		status          int
		answer          string
		outcome         string
		permanent, down bool
	}{
		{false, 400, `{"code":21211,"message":"TELLTALE"}`, refused, true, false},
		{true, 400, `{"requestError":"TELLTALE"}`, refused, true, false},
		{false, 422, `{}`, refused, true, false},
		{false, 400, `<html>TELLTALE`, nonsense, false, false},
		{false, 401, `{"code":20003}`, refused, false, true},
		{true, 403, `TELLTALE`, refused, false, true},
		{false, 404, `{"code":20404}`, refused, false, true},
		{false, 408, ``, statusOther, false, true},
		{false, 425, ``, statusOther, false, true},
		{false, 429, `{}`, statusOther, false, true},
		{true, 500, `TELLTALE`, statusOther, false, true},
		{true, 503, ``, statusOther, false, true},
		{false, 302, ``, statusOther, false, true},
		{false, 200, `<html>TELLTALE`, nonsense, false, false},
		{false, 201, `{}`, nonsense, false, false},
		{false, 201, `{"sid":"` + strings.Repeat("x", 10<<20) + `"}`, nonsense, false, false},
		{false, 201, `{"sid":"SM1","status":"failed"}`, refused, true, false},
		{true, 200, ``, nonsense, false, false},
		{true, 200, `[]`, nonsense, false, false},
		{true, 200, `{"messages":[]}`, nonsense, false, false},
		{true, 200, `{"messages":[{}]}`, nonsense, false, false},
		{true, 200, status("REJECTED", "REJECTED_DESTINATION"), refused, true, false},
		{true, 200, status("UNDELIVERABLE", "X"), refused, true, false},
		{true, 200, status("REJECTED", "REJECTED_NOT_ENOUGH_CREDITS"), refused, false, true},
	}
	for _, test := range tests {
		f := serve(t, test.status, test.answer)
		s := f.twilio(t)
		if test.infobip {
			s = f.infobip(t)
		}
		failure := want(t, s.Send(t.Context(), message()), test.outcome, test.permanent, test.down)
		if f.count != 1 || test.status/100 != 2 && test.outcome != nonsense && failure.After != 9*time.Second {
			t.Errorf("%d: %d requests, after %v", test.status, f.count, failure.After)
		}
	}
}

func TestWhatIsNotSent(t *testing.T) {
	f := serve(t, 201, twilioOK)
	tests := []struct{ to, body, outcome string }{
		{"", "x", clientbook.OutcomeNoDestination},
		{"1234", "x", clientbook.OutcomeNoDestination},
		{"ada@example.com", "x", clientbook.OutcomeNoDestination},
		{"+43660\r\n12345;x", "x", clientbook.OutcomeNoDestination},
		{"whatsapp:+4366012345", "x", clientbook.OutcomeNoDestination},
		{"+4366012345", strings.Repeat("ä", 1601), clientbook.OutcomeTooLong},
		{"+4366012345", "\xff", clientbook.OutcomeEncoding},
	}
	for _, test := range tests {
		m := message()
		m.Destination, m.Body = test.to, test.body
		want(t, f.twilio(t).Send(t.Context(), m), test.outcome, true, false)
	}
	if f.count != 0 {
		t.Errorf("%d requests", f.count)
	}
	m := message()
	m.Body = strings.Repeat("ä", 1600)
	if err := f.twilio(t).Send(t.Context(), m); err != nil {
		t.Error(err)
	}
}

func TestAway(t *testing.T) {
	stop := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	t.Cleanup(func() { close(stop); srv.Close() })
	s, err := New("infobip://KEY@"+srv.Listener.Addr().String()+"?from=Bank&insecure=1", Options{Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want(t, s.Send(t.Context(), message()), clientbook.OutcomeUnreachable, false, true)
	closed := serve(t, 200, "")
	closed.Close()
	want(t, closed.infobip(t).Send(t.Context(), message()), clientbook.OutcomeUnreachable, false, true)
}

func TestTLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, infobipOK) }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	url := "infobip://KEY@" + srv.Listener.Addr().String() + "?from=Bank"
	want(t, open(t, url).Send(t.Context(), message()), clientbook.OutcomeUnreachable, false, true)
	s, err := New(url, Options{RootCAs: srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Send(t.Context(), message()); err != nil {
		t.Error(err)
	}
}

func TestURLs(t *testing.T) {
	for url, base := range map[string]string{
		"twilio://AC1:token@/?from=%2B43": "https://api.twilio.com", "twilio://AC1:token@gw.example:8443?from=+43": "https://gw.example:8443",
		"infobip://KEY@x.api.infobip.com?from=Bank": "https://x.api.infobip.com", "infobip://KEY@localhost:1?from=Bank&insecure=1": "http://localhost:1",
	} {
		c, err := parse(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		switch g := c.gateway.(type) {
		case *twilio:
			if g.base.String() != base || g.from != "+43" {
				t.Errorf("%s: %v, %q", url, &g.base, g.from)
			}
		case *infobip:
			if g.base.String() != base {
				t.Errorf("%s: %v", url, &g.base)
			}
		}
	}
	for _, url := range []string{
		"", "gw.example", "https://gw.example?from=x", "twilio://AC1:secret@gw.example", "twilio://AC1@gw.example?from=x", "twilio://gw.example?from=x",
		"infobip://secret@gw.example", "infobip://secret@/?from=x", "infobip://a:secret@gw.example?from=x", "infobip://gw.example?from=x",
		"infobip://secret@gw.example?from=x&insecure=1", "infobip://secret@localhost?from=x&insecure=yes", "infobip://secret@gw.example/path?from=x",
		"infobip://secret@gw.example?from=x&form=y", "infobip://secret@gw.example:x?from=x", "twilio://AC1:secret@gw.example?from=%zz",
		"infobip://secret@evil.localhost.example?from=x&insecure=1",
	} {
		if _, err := New(url, Options{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want an error without the secret", url, err)
		}
	}
}

func TestRedacted(t *testing.T) {
	for url, want := range map[string]string{
		"twilio://AC1:secret@gw.example/?from=x": "twilio://AC1:xxxxx@gw.example/?from=x", "infobip://secret@gw.example?from=x": "infobip://xxxxx@gw.example?from=x",
		"infobip://secret@gw.example:x": "(a URL that does not parse)",
	} {
		if got := Redacted(url); got != want {
			t.Errorf("%s: %s", url, got)
		}
	}
}
