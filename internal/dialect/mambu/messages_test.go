package mambu

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"clientbook"
	"clientbook/internal/book"
)

// TestMessageFilter chooses among messages. Contract section 8.
func TestMessageFilter(t *testing.T) {
	const id = clientbook.BookID(0x01020304)
	now := time.Date(2020, 1, 8, 12, 0, 0, 0, time.UTC)
	ada, bob := clientbook.ClientID{11: 1}, clientbook.ClientID{11: 2}
	message := func(n byte, client clientbook.ClientID, state clientbook.MessageState, change func(m *book.SentMessage)) *book.SentMessage {
		m := &book.SentMessage{
			Message: clientbook.Message{Book: id, ID: clientbook.MessageID{10: 9, 11: n}, Client: client, Channel: clientbook.EmailChannel, State: state,
				Created: now.Add(-time.Duration(n) * 24 * time.Hour)},
			Text: clientbook.MessageText{Event: clientbook.ClientCreated, Destination: "ada@example.com"},
		}
		change(m)
		return m
	}
	all := []*book.SentMessage{
		message(1, ada, clientbook.MessageSent, func(m *book.SentMessage) { m.Sent = now.Add(-time.Hour) }),
		message(2, ada, clientbook.MessageQueued, func(m *book.SentMessage) { m.Channel, m.Text.Destination = clientbook.SMSChannel, "+43 1" }),
		message(3, bob, clientbook.MessageQueued, func(m *book.SentMessage) { m.Leased = now.Add(time.Second) }),
		message(4, bob, clientbook.MessageFailed, func(m *book.SentMessage) {
			m.Channel, m.Outcome, m.Text.Event, m.Text.User = clientbook.SMSChannel, clientbook.OutcomeTooLong, clientbook.ClientActivity, "key-7"
		}),
	}
	client := func(ref string) (clientbook.ClientID, bool, error) {
		switch ref {
		case "ada":
			return ada, true, nil
		case "bob":
			return bob, true, nil
		}
		return clientbook.ClientID{}, false, nil
	}
	key := clientbook.KeyOf(id, all[1].ID)
	for _, x := range []struct{ filters, want string }{
		{``, "1234"},
		{`"STATE","filterElement":"EQUALS","value":"SENT"`, "1"},
		{`"STATE","filterElement":"EQUALS","value":"QUEUED"`, "2"},
		{`"STATE","filterElement":"EQUALS","value":"SENDING_ASYNC"`, "3"},
		{`"STATE","filterElement":"IN","values":["SENDING","FAILED"]`, "34"},
		{`"STATE","filterElement":"DIFFERENT_THAN","value":"SENT"`, "234"},
		{`"STATE","filterElement":"EQUALS","value":"WAITING"`, ""},
		{`"FAILURE_REASON","filterElement":"EQUALS","value":"SMS_TOO_LONG"`, "4"},
		{`"FAILURE_REASON","filterElement":"EMPTY"`, "123"},
		{`"WAITING_REASON","filterElement":"EQUALS","value":"READY_TO_BE_SENT"`, "2"},
		{`"WAITING_REASON","filterElement":"EQUALS","value":"SENDING"`, "3"},
		{`"TYPE","filterElement":"EQUALS","value":"SMS"`, "24"},
		{`"EVENT","filterElement":"IN","values":["CLIENT_ACTIVITY","MANUAL"]`, "4"},
		{`"EVENT","filterElement":"EQUALS","value":"LOAN_CREATED"`, ""},
		{`"EVENT","filterElement":"DIFFERENT_THAN","value":"LOAN_CREATED"`, "1234"},
		{`"EVENT","filterElement":"IN","values":["LOAN_CREATED","CLIENT_CREATED"]`, "123"},
		{`"FAILURE_CAUSE","filterElement":"STARTS_WITH","value":"TOO"`, "4"},
		{`"FAILURE_CAUSE","filterElement":"EMPTY"`, "123"},
		{`"DESTINATION","filterElement":"EQUALS","value":"ADA@example.com"`, "134"},
		{`"DESTINATION","filterElement":"EQUALS_CASE_SENSITIVE","value":"ADA@example.com"`, ""},
		{`"DESTINATION","filterElement":"STARTS_WITH","value":"+43"`, "2"},
		{`"RECIPIENT_CLIENT_KEY","filterElement":"EQUALS","value":"ada"`, "12"},
		{`"RECIPIENT_CLIENT_KEY","filterElement":"IN","values":["x","bob"]`, "34"},
		{`"RECIPIENT_CLIENT_KEY","filterElement":"EQUALS","value":"x"`, "none"},
		{`"SENT_TO_CLIENT","filterElement":"EQUALS","value":"ada"`, "12"},
		{`"SENT_TO_CLIENT","filterElement":"EQUALS","value":"x"`, "none"},
		{`"SENT_TO_USER","filterElement":"EQUALS","value":"key-7"`, "4"},
		{`"SENT_TO_GROUP","filterElement":"EQUALS","value":"x"`, ""},
		{`"SENT_BY","filterElement":"NOT_EMPTY"`, ""},
		{`"RECIPIENT_USER_KEY","filterElement":"NOT_EMPTY"`, "4"},
		{`"RECIPIENT_GROUP_KEY","filterElement":"EMPTY"`, "1234"},
		{`"SENDER_KEY","filterElement":"EQUALS","value":"x"`, ""},
		{`"ENCODED_KEY","filterElement":"EQUALS","value":"` + key + `"`, "2"},
		{`"CREATION_DATE","filterElement":"ON","value":"2020-01-07"`, "1"},
		{`"CREATION_DATE","filterElement":"LAST_DAYS","value":"2"`, "12"},
		{`"SENT_DATE","filterElement":"TODAY"`, "1"},
		{`"SENT_DATE","filterElement":"EMPTY"`, "234"},
		{`"SENT_DATE","filterElement":"BEFORE","value":"2020-01-01"`, ""},
		{`"TYPE","filterElement":"EQUALS","value":"SMS"},{"filterSelection":"STATE","filterElement":"EQUALS","value":"FAILED"`, "4"},
	} {
		body := `{"filterConstraints":[{"filterSelection":` + x.filters + `}],"sortDetails":{"sortingColumn":"CREATION_DATE","sortingOrder":"DESC"}}`
		if x.filters == "" {
			body = `{}`
		}
		in := new(searchIn)
		if err := json.Unmarshal([]byte(body), in); err != nil {
			t.Fatal(err)
		}
		f, none, err := messageFilter(in, clientbook.DefaultSettings(), client, now)
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		got := ""
		for i, m := range all {
			if f.Match == nil || f.Match(m) {
				got += string(rune('1' + i))
			}
		}
		if none {
			got = "none"
		}
		if got != x.want {
			t.Errorf("%s: %q, want %q", body, got, x.want)
		}
	}
}

// TestMessageQuery makes sure that what the store can look up is looked up.
func TestMessageQuery(t *testing.T) {
	in := new(searchIn)
	body := `{"filterConstraints":[{"filterSelection":"RECIPIENT_CLIENT_KEY","filterElement":"EQUALS","value":"x"},
		{"filterSelection":"CREATION_DATE","filterElement":"AFTER","value":"2020-01-01"},
		{"filterSelection":"CREATION_DATE","filterElement":"BEFORE","value":"2020-02-01"}]}`
	if err := json.Unmarshal([]byte(body), in); err != nil {
		t.Fatal(err)
	}
	client := clientbook.ClientID{1}
	f, _, err := messageFilter(in, clientbook.DefaultSettings(), func(string) (clientbook.ClientID, bool, error) { return client, true, nil }, time.Now())
	want := clientbook.Window{
		After:  time.Date(2020, 1, 1, 23, 59, 59, 999e6, time.UTC),
		Before: time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC),
	}
	if err != nil || f.MessageQuery.Client != client || f.Created != want {
		t.Errorf("%+v, %v; want %v and %+v", f.MessageQuery, err, client, want)
	}
}

// TestMessageFaults reads bodies that are refused.
func TestMessageFaults(t *testing.T) {
	for _, x := range []struct {
		body   string
		code   code
		source string
	}{
		{`{"filterConstraints":[{"filterSelection":"LAST_NAME","filterElement":"EMPTY"}]}`, codeFilterSelection, "LAST_NAME"},
		{`{"filterConstraints":[{"filterSelection":"STATE","filterElement":"EMPTY","dataFieldType":"CUSTOM"}]}`, codeFilterSelection, "STATE"},
		{`{"filterConstraints":[{"filterSelection":"STATE","filterElement":"EMPTY","dataItemType":"CLIENT"}]}`, codeFilterItemType, "CLIENT"},
		{`{"filterConstraints":[{"filterSelection":"STATE","filterElement":"ON","value":"2020-01-01"}]}`, codeFilterElement, "STATE"},
		{`{"filterConstraints":[{"filterSelection":"STATE","filterElement":"EQUALS","value":"LOST"}]}`, codeFilterValue, "STATE"},
		{`{"filterConstraints":[{"filterSelection":"EVENT","filterElement":"EQUALS","value":"Loan created"}]}`, codeFilterValue, "EVENT"},
		{`{"filterConstraints":[{"filterSelection":"HOLDER_TYPE","filterElement":"EMPTY"}]}`, codeFilterSelection, "HOLDER_TYPE"},
		{`{"filterConstraints":[{"filterSelection":"MESSAGE","filterElement":"EMPTY"}]}`, codeFilterSelection, "MESSAGE"},
		{`{"sortDetails":{"sortingColumn":"LAST_NAME"}}`, codeSortColumn, "LAST_NAME"},
		{`{"sortDetails":{"sortingColumn":"CREATION_DATE","sortingOrder":"x"}}`, codeSortOrder, "x"},
		{`{"sortDetails":{"sortingColumn":"CREATION_DATE","sortingOrder":"ASCENDING"}}`, codeNotSortable, "CREATION_DATE"},
		{`{"sortDetails":{"sortingColumn":"STATE","sortingOrder":"DESCENDING"}}`, codeNotSortable, "STATE"},
	} {
		in := new(searchIn)
		if err := json.Unmarshal([]byte(x.body), in); err != nil {
			t.Fatal(err)
		}
		_, _, err := messageFilter(in, clientbook.DefaultSettings(), nil, time.Now())
		e, ok := err.(*clientbook.Error)
		if !ok || e.Reason != x.code.name() || e.Param != x.source {
			t.Errorf("%s: %v, want %s %q", x.body, err, x.code.name(), x.source)
		}
	}
}

// TestFailureReasons makes sure that every outcome has a reason that Mambu knows, whatever the channel.
func TestFailureReasons(t *testing.T) {
	known := map[string]bool{}
	for _, w := range messageColumns["FAILURE_REASON"].words {
		known[w] = true
	}
	for _, channel := range clientbook.Channels {
		for _, outcome := range []string{
			clientbook.OutcomeCaught, clientbook.OutcomeRefused, clientbook.OutcomeUnreachable, clientbook.OutcomeNonsense, clientbook.OutcomeStatus,
			clientbook.OutcomeNoSender, clientbook.OutcomeNoDestination, clientbook.OutcomeForbidden, clientbook.OutcomeTooLong,
			clientbook.OutcomeEncoding, clientbook.OutcomeInternal, "another",
		} {
			m := &book.SentMessage{Message: clientbook.Message{Channel: channel, State: clientbook.MessageFailed, Outcome: outcome}}
			if reason := failureReason(m); !known[reason] {
				t.Errorf("%s %s: %q", channel, outcome, reason)
			}
			if m.State = clientbook.MessageSent; failureReason(m) != "" || failureCause(m) != "" {
				t.Errorf("%s %s: a sent message has a reason", channel, outcome)
			}
		}
	}
}

// TestResent reads what is to be sent again.
func TestResent(t *testing.T) {
	const id = clientbook.BookID(1)
	key := func(n byte) string { return `"` + clientbook.KeyOf(id, clientbook.MessageID{11: n}) + `"` }
	var keys []string
	for n := range byte(maxResent) + 1 {
		keys = append(keys, key(n))
	}
	for _, x := range []struct {
		body string
		code code
		n    int
	}{
		{`{"action":"resend","identifiers":[` + key(1) + `,` + key(2) + `]}`, 0, 2},
		{`{"action":"resend","identifiers":[` + strings.Join(keys[1:], ",") + `]}`, 0, maxResent},
		{`{"identifiers":[` + key(1) + `]}`, codeInvalidParameters, 0},
		{`{"action":"send","identifiers":[` + key(1) + `]}`, codeInvalidParameters, 0},
		{`{"action":"resend"}`, codeMissingParameter, 0},
		{`{"action":"resend","identifiers":[]}`, codeMissingParameter, 0},
		{`{"action":"resend","identifiers":["x"]}`, codeMessageKey, 0},
		{`{"action":"resend","identifiers":[null]}`, codeMessageKey, 0},
		{`{"action":"resend","identifiers":[` + key(1) + `,` + key(1) + `]}`, codeMessageTwice, 0},
		{`{"action":"resend","identifiers":[` + strings.Join(keys, ",") + `]}`, codeTooManyMessages, 0},
	} {
		in := new(resendIn)
		if err := json.Unmarshal([]byte(x.body), in); err != nil {
			t.Fatal(err)
		}
		ids, err := resent(in, id)
		if reason := clientbook.ReasonOf(err); len(ids) != x.n || (err == nil) != (x.code == 0) || err != nil && reason != x.code.name() {
			t.Errorf("%.80s: %d ids, %v; want %d, %s", x.body, len(ids), err, x.n, x.code.name())
		}
	}
}
