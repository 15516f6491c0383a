package deliver

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"clientbook"
)

func TestPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "100.63.255.255": true, "100.128.0.1": true, "172.15.0.1": true, "172.32.0.1": true, "198.17.0.1": true,
		"223.255.255.255": true, "2606:4700::1111": true, "2a00:1450:4001::200e": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true, "2002:808:808::1": true,

		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.1": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.19.255.255": false, "198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false,
		"255.255.255.255": false, "192.88.99.1": false,

		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "fec0::1": false,
		"2001:db8::1": false, "3fff::1": false, "2001::1": false, "2001:2::1": false, "100::1": false, "5f00::1": false, "::127.0.0.1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::1": false,
		"2002:7f00:1::": false, "2002:a00:1::1": false, "2002:c0a8:101::1": false,
	} {
		if got := Public(netip.MustParseAddr(addr)); got != want {
			t.Errorf("Public(%s) = %v", addr, got)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestControl(t *testing.T) {
	for address, want := range map[string]bool{"8.8.8.8:80": true, "[::1]:80": false, "localhost:80": false, "": false, "[fe80::1%lo]:80": false} {
		if err := Control(Public)("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAllowed(t *testing.T) {
	list := []string{
		"ada@example.com", "@Bank.example", "+43", " +49 (30) ", "https://hook.example/in/", "http://plain.example:8080", "https://q.example/a?x=1",
		"https://u:p@user.example", "", "@", "+", "https://",
	}
	tests := []struct {
		channel clientbook.Channel
		to      string
		want    bool
	}{
		{clientbook.EmailChannel, "ada@example.com", true},
		{clientbook.EmailChannel, " Ada@Example.COM ", true},
		{clientbook.EmailChannel, "bob@example.com", false},
		{clientbook.EmailChannel, "bob@bank.example", true},
		{clientbook.EmailChannel, "bob@sub.bank.example", false},
		{clientbook.EmailChannel, "bob@evilbank.example", false},
		{clientbook.EmailChannel, "bob@bank.example.evil", false},
		{clientbook.EmailChannel, "bob@ban\u212a.example", false}, // a Kelvin sign, which folds to k
		{clientbook.EmailChannel, "eve@evil.example, ada@example.com", false},
		{clientbook.EmailChannel, "Ada <ada@example.com>", false},
		{clientbook.EmailChannel, `"eve@evil.example"@bank.example`, false},
		{clientbook.EmailChannel, "eve@evil.example\r\n@bank.example", false},
		{clientbook.EmailChannel, "eve@evil.example@bank.example", false},
		{clientbook.EmailChannel, "", false},
		{clientbook.EmailChannel, "@bank.example", false},
		{clientbook.EmailChannel, "+43660123456", false},
		{clientbook.SMSChannel, "+43 660 123456", true},
		{clientbook.SMSChannel, "+49-(30)-1234", true},
		{clientbook.SMSChannel, "+49 31 1234", false},
		{clientbook.SMSChannel, "43660123456", false},
		{clientbook.SMSChannel, "0043660123456", false},
		{clientbook.SMSChannel, "+43", false},
		{clientbook.SMSChannel, "+1 43", false},
		{clientbook.SMSChannel, "", false},
		{clientbook.SMSChannel, "ada@example.com", false},
		{clientbook.WebhookChannel, "https://hook.example/in", true},
		{clientbook.WebhookChannel, "https://HOOK.example:443/in/a?x=y", true},
		{clientbook.WebhookChannel, "https://hook.example/inner", false},
		{clientbook.WebhookChannel, "https://hook.example/", false},
		{clientbook.WebhookChannel, "http://hook.example/in", false},
		{clientbook.WebhookChannel, "https://hook.example:444/in", false},
		{clientbook.WebhookChannel, "https://hook.example.evil/in", false},
		{clientbook.WebhookChannel, "https://hook.example@evil.example/in", false},
		{clientbook.WebhookChannel, "https://eve@hook.example/in", false},
		{clientbook.WebhookChannel, "https://hook.example/in/../out", false},
		{clientbook.WebhookChannel, "https://hook.example/in/%2e%2e/out", false},
		{clientbook.WebhookChannel, "https://hook.example/in/%2e%2e%2fout", false},
		{clientbook.WebhookChannel, "https://hook.example/in/%252e%252e/out", false},
		{clientbook.WebhookChannel, `https://hook.example/in/..%5cout`, false},
		{clientbook.WebhookChannel, "http://plain.example:8080", true},
		{clientbook.WebhookChannel, "http://plain.example:8080/any", true},
		{clientbook.WebhookChannel, "http://plain.example/", false},
		{clientbook.WebhookChannel, "https://q.example/a?x=1", true},
		{clientbook.WebhookChannel, "https://q.example/a?x=2", false},
		{clientbook.WebhookChannel, "https://u:p@user.example/a", true},
		{clientbook.WebhookChannel, "https://u:q@user.example/a", false},
		{clientbook.WebhookChannel, "https://user.example/a", true},
		{clientbook.WebhookChannel, "not a URL", false},
		{"pigeon", "ada@example.com", false},
	}
	for _, test := range tests {
		if got := Allowed(test.to, test.channel, list); got != test.want {
			t.Errorf("Allowed(%q, %s) = %v", test.to, test.channel, got)
		}
		if Allowed(test.to, test.channel, nil) {
			t.Errorf("%q is on an empty list", test.to)
		}
	}
}

func TestParsePhone(t *testing.T) {
	for s, want := range map[string]string{
		"+43 660 12-34": "+436601234", "(0660) [12] 34": "06601234", "12345": "12345", "+123456789012345": "+123456789012345", "+43\u00a0660\u20111234": "+436601234",
		"1234": "", "+1234567890123456": "", "": "", "+": "", "++4312345": "", "4312345+": "", "12345x": "", "12345\r\nTo: x": "", "１２３４５": "", "12/345": "",
	} {
		if got, ok := ParsePhone(s); ok != (want != "") || ok && got != want {
			t.Errorf("ParsePhone(%q) = %q, %v", s, got, ok)
		}
	}
}

func TestFailureOf(t *testing.T) {
	f := &Failure{Outcome: clientbook.OutcomeRefused, Err: context.Canceled}
	if got := FailureOf(errors.Join(errors.New("x"), f)); got != f || !errors.Is(f, context.Canceled) || f.Error() != "refused: context canceled" {
		t.Errorf("got %+v, %v", got, f)
	}
	got := FailureOf(errors.New("secret"))
	if got.Outcome != clientbook.OutcomeInternal || got.Permanent || strings.Contains(got.Error(), "secret") || FailureOf(nil) != nil {
		t.Errorf("got %+v", got)
	}
}

func TestRecorder(t *testing.T) {
	r := &Recorder{Fail: func(_ context.Context, m *Message) error {
		if m.Destination == "bad" {
			return Permanent(clientbook.OutcomeRefused, "no")
		}
		return nil
	}}
	var s Sender = r
	for _, to := range []string{"good", "bad"} {
		err := s.Send(t.Context(), &Message{ID: to, MessageText: clientbook.MessageText{Destination: to}})
		if (err != nil) != (to == "bad") {
			t.Errorf("%s: %v", to, err)
		}
	}
	if len(r.Given()) != 2 || len(r.Sent()) != 1 || r.Sent()[0].ID != "good" || r.Closed() || s.Close() != nil || !r.Closed() {
		t.Errorf("given %v, sent %v, closed %v", r.Given(), r.Sent(), r.Closed())
	}
}

func TestHTTPKnowsNoProxy(t *testing.T) {
	h := NewHTTP(HTTPOptions{})
	defer h.Close()
	if h.transport.Proxy != nil {
		t.Error("the environment's proxy would be asked")
	}
}

func TestRetryAfter(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-1": 0, "x": 0, "999999999": 24 * time.Hour, "99999999999999999999": 0, "Mon, 02 Jan 2006 15:04:05 GMT": 0,
	} {
		if got := retryAfter(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
	in := retryAfter(time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	if in < 59*time.Minute || in > time.Hour {
		t.Errorf("an hour from now: %v", in)
	}
}
