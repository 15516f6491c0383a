package message

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clientbook"
)

// data is about Ada Marsh, with a credit officer and values in a plain and in a grouped set.
func data() *Data {
	return &Data{
		Now: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC),
		Client: &clientbook.Client{
			Number: "ABC123", Email: "ada@example.com", Mobile: "+43 660 1", SecondMobile: "+43 660 2", Branch: "b1", User: "u1",
			Person: &clientbook.Person{
				FirstName: "Ada", MiddleName: "Byron", LastName: "Marsh", BirthDate: clientbook.Date{Year: 1990, Month: 2, Day: 3},
			},
			Values: []clientbook.FieldValue{
				{Field: "f1", Group: clientbook.NoGroup, Value: "baker"}, {Field: "f2", Group: 0, Value: "one"}, {Field: "f2", Group: 1, Value: "two"},
			},
		},
		Settings: &clientbook.Settings{
			TimeZone: "Europe/Vienna",
			Branches: []clientbook.Branch{{Definition: clientbook.Definition{Key: "b1", ID: "vienna", Name: "Vienna"}}},
			Users: []clientbook.User{{
				Definition: clientbook.Definition{Key: "u1", ID: "joe"}, FirstName: "Joe", LastName: "Lane", Email: "joe@bank.example",
			}},
			CustomFieldSets: []clientbook.CustomFieldSet{
				{Definition: clientbook.Definition{ID: "kyc"}, Fields: []clientbook.CustomField{
					{Definition: clientbook.Definition{Key: "f1", ID: "job"}},
				}},
				{Definition: clientbook.Definition{ID: "kids"}, Grouped: true, Fields: []clientbook.CustomField{
					{Definition: clientbook.Definition{Key: "f2", ID: "kid_name"}},
				}},
			},
		},
	}
}

// job is data with another occupation, the value that hostile tests set.
func job(v string) *Data {
	d := data()
	d.Client.Values[0].Value = v
	return d
}

func mustRender(t *testing.T, tpl *clientbook.Template, d *Data) clientbook.MessageText {
	t.Helper()
	text, ok, err := Render(tpl, d)
	if err != nil || !ok {
		t.Fatalf("Render(%q) = %v, %v; want a message", tpl.Body, ok, err)
	}
	return text
}

func webhook(contentType, body string) *clientbook.Template {
	return &clientbook.Template{Channel: clientbook.WebhookChannel, URL: "https://hook.example/in", ContentType: contentType, Body: body}
}

func email(body string) *clientbook.Template {
	return &clientbook.Template{Channel: clientbook.EmailChannel, Body: body}
}

func TestPlaceholders(t *testing.T) {
	tests := []struct{ text, person, company, officer string }{
		{"{CLIENT_NAME}", "Ada Byron Marsh", "Acme", "Ada Byron Marsh"},
		{"{CLIENT_ID}", "ABC123", "", "ABC123"},
		{"{CLIENT_FIRST_NAMES}|{CLIENT_MIDDLE_NAMES}|{CLIENT_LAST_NAME}", "Ada|Byron|Marsh", "||", "Ada|Byron|Marsh"},
		{"{CLIENT_BIRTH_DATE}", "1990-02-03", "", "1990-02-03"},
		{"{RECIPIENT_NAME}", "Ada Byron Marsh", "Acme", "Joe Lane"},
		{"{RECIPIENT_ID}", "ABC123", "", "joe"},
		{"{RECIPIENT_FIRST_NAMES}|{RECIPIENT_MIDDLE_NAMES}|{RECIPIENT_LAST_NAME}", "Ada|Byron|Marsh", "||", "Joe||Lane"},
		{"{RECIPIENT_MOBILE_PHONE}", "+43 660 1", "+43 660 2", ""},
		{"{CURRENT_DATE_TIME}", "2026-03-02 00:30:00", "2026-03-02 00:30:00", "2026-03-02 00:30:00"},
		{"{BRANCH_NAME}", "Vienna", "", "Vienna"},
		{"{CF:job}", "baker", "", "baker"},
		{"{CF:CLIENT:job}", "baker", "", "baker"},
		{"{CF:CLIENT:kid_name:1}{CF:kids:kid_name:0}{CF:CLIENT:kid_name:7}", "twoone", "", "twoone"},
		{"{CF:kid_name}{CF:nothing}{CF:CLIENT:job:0}{NOTHING}", "", "", ""},
		{"{ } {a} {\"a\":1} {{CLIENT_ID}} {client_id} {} {CF:} {1}", "{ } {a} {\"a\":1} {ABC123} {client_id} {} {CF:} {1}",
			"{ } {a} {\"a\":1} {} {client_id} {} {CF:} {1}", "{ } {a} {\"a\":1} {ABC123} {client_id} {} {CF:} {1}"},
	}
	company := data()
	company.Client = &clientbook.Client{Email: "a@acme.example", SecondMobile: "+43 660 2", Company: &clientbook.Company{Name: "Acme"}}
	for _, test := range tests {
		tpl := email(test.text)
		if got := mustRender(t, tpl, data()).Body; got != test.person {
			t.Errorf("%s to a person: %q, want %q", test.text, got, test.person)
		}
		if got := mustRender(t, tpl, company).Body; got != test.company {
			t.Errorf("%s to a company: %q, want %q", test.text, got, test.company)
		}
		tpl.Recipient = clientbook.ToCreditOfficer
		if got := mustRender(t, tpl, data()).Body; got != test.officer {
			t.Errorf("%s to the credit officer: %q, want %q", test.text, got, test.officer)
		}
	}
}

func TestDestination(t *testing.T) {
	none := func(d *Data) { d.Client.Email, d.Client.Mobile, d.Client.SecondMobile, d.Client.User = "", "", "", "" }
	second := func(d *Data) { d.Client.Mobile = "" }
	tests := []struct {
		name      string
		channel   clientbook.Channel
		recipient clientbook.Recipient
		change    func(*Data)
		want      string // "" for no message
		user      clientbook.DefinitionKey
	}{
		{"email", clientbook.EmailChannel, clientbook.ToClient, nil, "ada@example.com", ""},
		{"no email", clientbook.EmailChannel, clientbook.ToClient, none, "", ""},
		{"officer's email", clientbook.EmailChannel, clientbook.ToCreditOfficer, nil, "joe@bank.example", "u1"},
		{"no officer", clientbook.EmailChannel, clientbook.ToCreditOfficer, none, "", ""},
		{"sms", clientbook.SMSChannel, clientbook.ToClient, nil, "+43 660 1", ""},
		{"second mobile", clientbook.SMSChannel, clientbook.ToClient, second, "+43 660 2", ""},
		{"no mobile", clientbook.SMSChannel, clientbook.ToClient, none, "", ""},
		{"officer's sms", clientbook.SMSChannel, clientbook.ToCreditOfficer, nil, "", ""},
		{"web hook", clientbook.WebhookChannel, clientbook.ToClient, none, "https://hook.example/in", ""},
		{"officer's web hook", clientbook.WebhookChannel, clientbook.ToCreditOfficer, nil, "https://hook.example/in", "u1"},
		{"web hook, no officer", clientbook.WebhookChannel, clientbook.ToCreditOfficer, none, "https://hook.example/in", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := data()
			if test.change != nil {
				test.change(d)
			}
			tpl := &clientbook.Template{Channel: test.channel, Recipient: test.recipient, URL: "https://hook.example/in", Body: `"{RECIPIENT_NAME}"`}
			text, ok, err := Render(tpl, d)
			if err != nil || ok != (test.want != "") || text.Destination != test.want || text.User != test.user {
				t.Errorf("to %q user %q, %v, %v; want %q user %q", text.Destination, text.User, ok, err, test.want, test.user)
			}
		})
	}
}

func TestRecipientGiven(t *testing.T) {
	d := data()
	d.Recipient = &clientbook.User{Definition: clientbook.Definition{Key: "u2", ID: "kim"}, FirstName: "Kim", Email: "kim@bank.example"}
	text := mustRender(t, email("{RECIPIENT_NAME} about {CLIENT_NAME}"), d)
	if text.Destination != "kim@bank.example" || text.User != "u2" || text.Body != "Kim about Ada Byron Marsh" {
		t.Errorf("got %+v", text)
	}
}

// hostile values try to leave the place they stand in.
var hostile = []string{
	`"`, `\`, `\"`, "'", `","admin":true,"x":"`, "</script><script>alert(1)</script>", "a\r\nBcc: eve@evil.example\r\n\r\nbody", "\u2028\u2029",
	"\x00\x1b[2J\x7f", "\xff\xfe\xc3(", "{CLIENT_ID}{CF:job}", "{RECIPIENT_NAME}", "]]>", "-->", "&amp;", "%0d%0a", "a&b=c#d?e/f", "..", "../..",
	strings.Repeat("ä", 5000), "𝒜\ud7ff", "null", "true", "007", "-", "1e9999", "NaN", "+1", "{\"a\":1}", "=?utf-8?q?x?=", "$(id)", "`id`",
}

func TestJSONBodyHoldsAnyValue(t *testing.T) {
	tpl := webhook("application/json; charset=utf-8", `{"a":"<{CF:job}>","b":{CF:job},"c":[{CF:job}],"d":"\\","e":"\"{CF:job}"}`)
	if faults := Check(tpl, data().Settings); faults != nil {
		t.Fatal(faults)
	}
	for _, v := range hostile {
		want := strings.ToValidUTF8(v, "\uFFFD")
		body := mustRender(t, tpl, job(v)).Body
		var got struct {
			A, B, D, E string
			C          []string
		}
		d := json.NewDecoder(strings.NewReader(body))
		d.DisallowUnknownFields()
		if v == "" || d.Decode(&got) != nil || got.A != "<"+want+">" || got.B != want || got.C[0] != want || got.D != `\` || got.E != `"`+want {
			t.Errorf("%.40q: %.200s", v, body)
		}
		if strings.ContainsAny(body, "\u2028\u2029\r\n") {
			t.Errorf("%.40q: a line end in %.200s", v, body)
		}
	}
}

func TestJSONLiterals(t *testing.T) {
	for v, want := range map[string]string{
		"": "null", "0": "0", "-1.50": "-1.50", "12345678901234567890": "12345678901234567890", "01": `"01"`, "1e5": `"1e5"`, "-": `"-"`,
		".5": `".5"`, "1.": `"1."`, " 1": `" 1"`, "1\n": `"1\n"`, "true": `"true"`, "null": `"null"`, "<": `"\u003c"`,
	} {
		if got := mustRender(t, webhook("text/x+json", "{CF:job}"), job(v)).Body; got != want {
			t.Errorf("%q: %s, want %s", v, got, want)
		}
	}
}

func TestXMLBodyHoldsAnyValue(t *testing.T) {
	for _, kind := range []string{"text/xml", "application/soap+xml; charset=utf-8", "TEXT/HTML", "text/xml;;;"} {
		tpl := webhook(kind, `<a b="{CF:job}" c='{CF:job}'>{CF:job}<d/></a>`)
		for _, v := range hostile {
			body := mustRender(t, tpl, job(v)).Body
			var got struct {
				B string   `xml:"b,attr"`
				C string   `xml:"c,attr"`
				T string   `xml:",chardata"`
				D struct{} `xml:"d"`
			}
			if err := xml.Unmarshal([]byte(body), &got); err != nil {
				t.Errorf("%s: %.40q: %v in %.200s", kind, v, err, body)
			} else if got.B != got.T || got.C != got.T || !strings.ContainsAny(v, "\x00") && got.T != strings.ToValidUTF8(v, "\uFFFD") {
				t.Errorf("%s: %.40q became %.200q", kind, v, got)
			}
			if n := elements(body); n != 2 {
				t.Errorf("%s: %.40q: %d elements in %.200s", kind, v, n, body)
			}
		}
	}
}

// elements counts the elements of an XML text.
func elements(text string) (n int) {
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		switch tok, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return n
		case err != nil:
			return -1
		default:
			if _, ok := tok.(xml.StartElement); ok {
				n++
			}
		}
	}
}

func TestFormBodyHoldsAnyValue(t *testing.T) {
	for _, v := range hostile {
		body := mustRender(t, webhook("application/x-www-form-urlencoded", "a={CF:job}&b=2"), job(v)).Body
		got, err := url.ParseQuery(body)
		if err != nil || len(got) != 2 || got.Get("a") != strings.ToValidUTF8(v, "\uFFFD") || got.Get("b") != "2" {
			t.Errorf("%.40q: %.200s", v, body)
		}
	}
}

func TestURLHoldsAnyValue(t *testing.T) {
	tpl := webhook("", "")
	tpl.URL = "https://hook.example/c/x{CF:job}/in?a={CF:job}&b=2"
	for _, v := range hostile {
		text := mustRender(t, tpl, job(v))
		u, err := url.Parse(text.Destination)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ToValidUTF8(v, "\uFFFD")
		if q := u.Query(); u.Scheme != "https" || u.Host != "hook.example" || u.Path != "/c/x"+want+"/in" || len(q) != 2 || q.Get("a") != want {
			t.Errorf("%.40q: %.200s", v, text.Destination)
		}
		if strings.Count(u.EscapedPath(), "/") != 3 {
			t.Errorf("%.40q: more steps in %.200s", v, text.Destination)
		}
	}
}

func TestURLNeverClimbs(t *testing.T) {
	tpl := webhook("", "")
	tpl.URL = "https://hook.example/c/{CF:job}/in"
	for _, v := range []string{".", ".."} {
		if text, ok, err := Render(tpl, job(v)); ok || err != nil || text.Destination != "" {
			t.Errorf("%q: %+v, %v, %v; want no message", v, text, ok, err)
		}
	}
	if got := mustRender(t, tpl, job("...")).Destination; got != "https://hook.example/c/.../in" {
		t.Error(got)
	}
}

func TestSubjectAndHeadersAreOneLine(t *testing.T) {
	subject := email("x")
	subject.Subject = "Hi {CF:job}\r\nand\tmore"
	header := webhook("", "")
	header.Headers = []clientbook.Header{{Name: "X-Job", Value: "{CF:job}\n"}}
	for _, v := range hostile {
		for _, line := range []string{mustRender(t, subject, job(v)).Subject, mustRender(t, header, job(v)).Headers[0].Value} {
			if strings.ContainsFunc(line, control) || len(line) > maxLine || !utf8.ValidString(line) {
				t.Errorf("%.40q: %.200q", v, line)
			}
		}
	}
	if got := mustRender(t, subject, job("a\r\nBcc: b")).Subject; got != "Hi a  Bcc: b  and more" {
		t.Errorf("%q", got)
	}
}

func TestEmailBody(t *testing.T) {
	tests := []struct {
		template, value, want string
		html                  bool
	}{
		{"Hi {CF:job}", "<b>&\"", "Hi <b>&\"", false},
		{"1 < 2 {CF:job}", "<b>", "1 < 2 <b>", false},
		{"<{CF:job}>", "b", "<b>", false},
		{"<p>{CF:job}</p>", "<script>'&\"", "<p>&lt;script&gt;&#39;&amp;&#34;</p>", true},
		{"<!-- {CF:job} -->", "--> <img>", "<!-- --&gt; &lt;img&gt; -->", true},
		{"{CF:job}</p>", "x", "x</p>", true},
		{"{CF:job}", "a\r\nb\rc\x00\u2028d", "a\nb c  d", false},
		{"{CF:job}", "{CLIENT_ID}", "{CLIENT_ID}", false},
		{"<i>{CF:job}</i>", "{CLIENT_ID}", "<i>{CLIENT_ID}</i>", true},
		{"{CF:job}", "\xff", "\uFFFD", false},
	}
	for _, test := range tests {
		text := mustRender(t, email(test.template), job(test.value))
		if text.Body != test.want || text.HTML != test.html {
			t.Errorf("%q with %q: %q, HTML %v; want %q, %v", test.template, test.value, text.Body, text.HTML, test.want, test.html)
		}
	}
}

func TestSMSBody(t *testing.T) {
	tpl := &clientbook.Template{Channel: clientbook.SMSChannel, Body: "Hi {CF:job},\r\nbye <b>"}
	if got := mustRender(t, tpl, job("\x00a\x1bb\u2029c")).Body; got != "Hi  a b c,\nbye <b>" {
		t.Errorf("%q", got)
	}
}

func TestWebhookDefaults(t *testing.T) {
	text := mustRender(t, webhook("", `{"a":"{CLIENT_ID}"}`), data())
	if text.Method != "POST" || text.ContentType != "application/json" || text.Body != `{"a":"ABC123"}` {
		t.Errorf("%+v", text)
	}
	if got := mustRender(t, webhook("text/plain", "<{CLIENT_ID}>"), data()).Body; got != "<ABC123>" {
		t.Error(got)
	}
}

func TestCheck(t *testing.T) {
	hook := func(change func(*clientbook.Template)) *clientbook.Template {
		tpl := webhook("application/json", `{"a":"{CLIENT_ID}","b":{CF:job}}`)
		change(tpl)
		return tpl
	}
	tests := []struct {
		name string
		tpl  *clientbook.Template
		want []string // parts with faults
	}{
		{"right", hook(func(*clientbook.Template) {}), nil},
		{"empty body", hook(func(t *clientbook.Template) { t.Body = " " }), nil},
		{"subject and body", &clientbook.Template{Channel: clientbook.EmailChannel, Subject: "{X}{X}", Body: "{CF:y} {Z}"}, []string{"subject", "body", "body"}},
		{"subject of no email", &clientbook.Template{Channel: clientbook.SMSChannel, Subject: "{X}", Body: "{CF:job}"}, nil},
		{"other entity", email("{CF:LOANS:kid_name:0}"), []string{"body"}},
		{"grouped without index", email("{CF:kid_name}"), []string{"body"}},
		{"plain with index", email("{CF:CLIENT:job:0}"), []string{"body"}},
		{"bad index", email("{CF:CLIENT:kid_name:-1}"), []string{"body"}},
		{"too many colons", email("{CF:A:B:1:C}"), []string{"body"}},
		{"open JSON", hook(func(t *clientbook.Template) { t.Body = `{"a":"{CLIENT_ID}` }), []string{"body"}},
		{"two values side by side", hook(func(t *clientbook.Template) { t.Body = `{CLIENT_ID}{CLIENT_ID}` }), []string{"body"}},
		{"a number's digit", hook(func(t *clientbook.Template) { t.Body = `[1{CLIENT_ID}]` }), []string{"body"}},
		{"a key that may be null", hook(func(t *clientbook.Template) { t.Body = `{ {CLIENT_ID}:1}` }), []string{"body"}},
		{"behind a backslash", hook(func(t *clientbook.Template) { t.Body = `"\{CLIENT_ID}"` }), []string{"body"}},
		{"in an escape", hook(func(t *clientbook.Template) { t.Body = `"\u00{CLIENT_ID}"` }), []string{"body"}},
		{"no JSON needed", hook(func(t *clientbook.Template) { t.ContentType, t.Body = "text/plain", "{" }), nil},
		{"URL values", hook(func(t *clientbook.Template) { t.URL = "http://h.example:80/{CLIENT_ID}?{CF:job}#{CF:job}" }), nil},
		{"unknown in URL", hook(func(t *clientbook.Template) { t.URL = "https://h.example/{X}" }), []string{"url"}},
		{"host", hook(func(t *clientbook.Template) { t.URL = "https://{CLIENT_ID}/" }), []string{"url"}},
		{"end of host", hook(func(t *clientbook.Template) { t.URL = "https://h.example{CLIENT_ID}" }), []string{"url"}},
		{"user", hook(func(t *clientbook.Template) { t.URL = "https://{CLIENT_ID}@h.example/" }), []string{"url"}},
		{"port", hook(func(t *clientbook.Template) { t.URL = "https://h.example:{CLIENT_ID}/" }), []string{"url"}},
		{"scheme", hook(func(t *clientbook.Template) { t.URL = "{CLIENT_ID}://h.example/" }), []string{"url"}},
		{"whole URL", hook(func(t *clientbook.Template) { t.URL = "{CF:job}" }), []string{"url"}},
		{"no URL", hook(func(t *clientbook.Template) { t.URL = "" }), []string{"url"}},
		{"other scheme", hook(func(t *clientbook.Template) { t.URL = "file:///etc/passwd" }), []string{"url"}},
		{"backslash host", hook(func(t *clientbook.Template) { t.URL = `https://a.example\@b.example/` }), []string{"url"}},
		{"dots", hook(func(t *clientbook.Template) { t.URL = "https://h.example/a/%2e%2E/b" }), []string{"url"}},
		{"headers", hook(func(t *clientbook.Template) {
			t.Headers = []clientbook.Header{{Name: "X-A", Value: "{X}"}, {Name: "a b", Value: ""}, {Name: "Host", Value: ""}, {Name: "", Value: ""}}
		}), []string{"headers.X-A", "headers.a b", "headers.Host", "headers."}},
	}
	for _, test := range tests {
		var got []string
		faults := Check(test.tpl, data().Settings)
		for _, f := range faults {
			got = append(got, f.Part)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %q", test.name, faults, test.want)
		}
	}
}

// TestUncheckedTemplates shows that what Check refuses does no harm either.
func TestUncheckedTemplates(t *testing.T) {
	host := webhook("", "")
	host.URL = "https://{CF:job}/"
	if _, _, err := Render(webhook("", `{"a":"\{CF:job}"}`), job(`","b":"`)); err == nil {
		t.Error("a value behind a backslash got out of its string")
	}
	for _, tpl := range []*clientbook.Template{host, webhook("", `"\{CF:job}"`), webhook("", `{`), {Channel: "pigeon"}} {
		_, ok, err := Render(tpl, job("secret"))
		if err == nil || ok || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, %v; want an error without the value", tpl, ok, err)
		}
	}
}
