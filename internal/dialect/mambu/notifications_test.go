package mambu_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"clientbook"
)

// A message is what tests look at in one.
type message struct {
	EncodedKey    string `json:"encodedKey"`
	TemplateKey   string `json:"templateKey"`
	CreationDate  string `json:"creationDate"`
	SendDate      string `json:"sendDate"`
	NumRetries    int    `json:"numRetries"`
	Type          string `json:"type"`
	State         string `json:"state"`
	FailureCause  string `json:"failureCause"`
	FailureReason string `json:"failureReason"`
	ClientKey     string `json:"clientKey"`
	UserKey       string `json:"userKey"`
	Destination   string `json:"destination"`
	Event         string `json:"event"`
	Subject       string `json:"subject"`
	Body          string `json:"body"`
}

// messages gives what a search with these filters finds.
func (d *double) messages(t *testing.T, query, filters string) (found []message) {
	t.Helper()
	w := d.ask(t, "POST", "/api/notifications/messages/search"+query, `{"filterConstraints":[`+filters+`]}`)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", filters, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// TestMessages follows messages from the creation of a client to their sending, failing and resending. Contract section 8.
func TestMessages(t *testing.T) {
	d := newDouble(t)
	d.apply(t, `
templates:
  - {id: welcome, name: Welcome, encodedKey: t-welcome, channel: EMAIL, event: CLIENT_CREATED, subject: "Hi {CLIENT_FIRST_NAMES}", body: "You are {CLIENT_ID}."}
  - {id: sms, name: SMS, encodedKey: t-sms, channel: SMS, event: CLIENT_CREATED, body: "Hi {CLIENT_FIRST_NAMES}"}
`)
	d.now = d.now.Add(time.Second)
	if w := d.ask(t, "POST", "/api/clients?firstName=Ada&lastName=Marsh&id=A-1&emailAddress=ada@example.com&mobilePhone1=%2B431", ""); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if w := d.ask(t, "POST", "/api/clients?firstName=Bob&lastName=Marsh&id=B-2", ""); w.Code != 200 { // has no address
		t.Fatal(w.Code, w.Body)
	}
	var client struct {
		EncodedKey string `json:"encodedKey"`
	}
	if err := json.Unmarshal(d.ask(t, "GET", "/api/clients/A-1", "").Body.Bytes(), &client); err != nil {
		t.Fatal(err)
	}
	maker := d.books.NewMessageMaker()
	for more := true; more; {
		var err error
		if _, more, err = maker.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}

	all := d.messages(t, "", "")
	if len(all) != 2 {
		t.Fatalf("%d messages: %+v", len(all), all)
	}
	email := d.messages(t, "", `{"filterSelection":"TYPE","filterElement":"EQUALS","value":"EMAIL"}`)
	sms := d.messages(t, "", `{"filterSelection":"TYPE","filterElement":"EQUALS","value":"SMS"}`)
	if len(email) != 1 || len(sms) != 1 {
		t.Fatalf("%+v %+v", email, sms)
	}
	want := message{EncodedKey: email[0].EncodedKey, TemplateKey: "t-welcome", CreationDate: "2020-01-04T17:24:30+0000", Type: "EMAIL", State: "QUEUED",
		ClientKey: client.EncodedKey, Destination: "ada@example.com", Event: "CLIENT_CREATED", Subject: "Hi Ada", Body: "You are A-1."}
	if email[0] != want {
		t.Errorf("\n got %+v\nwant %+v", email[0], want)
	}
	if page := d.messages(t, "?offset=1&limit=1", ""); len(page) != 1 || page[0] != all[1] {
		t.Errorf("the second page: %+v", page)
	}
	mine := `{"filterSelection":"RECIPIENT_CLIENT_KEY","filterElement":"EQUALS","value":"` + client.EncodedKey + `"}`
	if found := d.messages(t, "", mine); len(found) != 2 {
		t.Errorf("of the client: %+v", found)
	}
	if found := d.messages(t, "", `{"filterSelection":"RECIPIENT_CLIENT_KEY","filterElement":"EQUALS","value":"`+strings.Repeat("0", 32)+`"}`); len(found) != 0 {
		t.Errorf("of nobody: %+v", found)
	}

	// One is sent, the other fails.
	for _, channel := range []clientbook.Channel{clientbook.EmailChannel, clientbook.SMSChannel} {
		leased, err := d.books.LeaseMessages(t.Context(), channel, 10, time.Minute)
		if err != nil || len(leased) != 1 {
			t.Fatal(leased, err)
		}
		if state := d.messages(t, "", `{"filterSelection":"STATE","filterElement":"EQUALS","value":"SENDING_ASYNC"}`); len(state) != 1 {
			t.Errorf("being sent: %+v", state)
		}
		m := leased[0].Message
		m.State, m.Sent = clientbook.MessageSent, d.now
		if channel == clientbook.SMSChannel {
			m.State, m.Sent, m.Outcome = clientbook.MessageFailed, time.Time{}, clientbook.OutcomeUnreachable
		}
		if err := d.books.EndMessages(t.Context(), []clientbook.Message{m}); err != nil {
			t.Fatal(err)
		}
	}
	if sent := d.messages(t, "", `{"filterSelection":"SENT_DATE","filterElement":"NOT_EMPTY"}`); len(sent) != 1 || sent[0].State != "SENT" ||
		sent[0].SendDate != "2020-01-04T17:24:30+0000" {
		t.Errorf("sent: %+v", sent)
	}
	failed := d.messages(t, "", `{"filterSelection":"STATE","filterElement":"EQUALS","value":"FAILED"}`)
	if len(failed) != 1 || failed[0].FailureReason != "SMS_CONNECTION_EXCEPTION" || failed[0].FailureCause != "unreachable" {
		t.Errorf("failed: %+v", failed)
	}

	resend := func(keys ...string) string {
		w := d.ask(t, "POST", "/api/notifications/messages", `{"action":"resend","identifiers":["`+strings.Join(keys, `","`)+`"]}`)
		return w.Body.String()
	}
	unknown := clientbook.KeyOf(1, clientbook.MessageID{1})
	for _, x := range []struct{ name, got, want string }{
		{"one that was sent", resend(sms[0].EncodedKey, email[0].EncodedKey),
			`{"returnCode":2441,"returnStatus":"INVALID_NOTIFICATION_MESSAGE_STATE","errorSource":"` + email[0].EncodedKey + `"}`},
		{"one that there is not", resend(unknown), `{"returnCode":2502,"returnStatus":"INVALID_COMMUNICATION_MESSAGE_ENCODED_KEY","errorSource":"` + unknown + `"}`},
		{"a client's key", resend(client.EncodedKey),
			`{"returnCode":2502,"returnStatus":"INVALID_COMMUNICATION_MESSAGE_ENCODED_KEY","errorSource":"` + client.EncodedKey + `"}`},
		{"one twice", resend(sms[0].EncodedKey, sms[0].EncodedKey),
			`{"returnCode":2442,"returnStatus":"DUPLICATED_NOTIFICATION_ENCODED_KEY","errorSource":"` + sms[0].EncodedKey + `"}`},
		{"the one that failed", resend(sms[0].EncodedKey), `{"returnCode":0,"returnStatus":"SUCCESS"}`},
		{"it again, by the shorter path", d.ask(t, "POST", "/api/notifications", `{"action":"resend","identifiers":["`+sms[0].EncodedKey+`"]}`).Body.String(),
			`{"returnCode":2441,"returnStatus":"INVALID_NOTIFICATION_MESSAGE_STATE","errorSource":"` + sms[0].EncodedKey + `"}`},
		{"it again", resend(sms[0].EncodedKey), `{"returnCode":2441,"returnStatus":"INVALID_NOTIFICATION_MESSAGE_STATE","errorSource":"` + sms[0].EncodedKey + `"}`},
	} {
		if x.got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.name, x.got, x.want)
		}
	}
	queued := d.messages(t, "", `{"filterSelection":"STATE","filterElement":"EQUALS","value":"QUEUED"}`)
	if len(queued) != 1 || queued[0] != sms[0] {
		t.Errorf("\n got %+v\nwant %+v", queued, sms)
	}
}
