package mambu

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

const maxResent = 100 // messages in one request

// searchMessages serves POST /api/notifications/messages/search, the newest first.
func (a *API) searchMessages(w http.ResponseWriter, r *http.Request) error {
	in, err := readSearch(r)
	if err != nil {
		return err
	}
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	s, err := a.books.Settings(r.Context(), caller)
	if err != nil {
		return err
	}
	now := a.now()
	// A client is named by a key that was made here, or one that it brought.
	client := func(ref string) (id clientbook.ClientID, ok bool, err error) {
		if id, ok = clientbook.ParseKey(caller.Book, ref); ok {
			return id, true, nil
		}
		id, err = a.books.FindClient(r.Context(), caller, ref)
		if clientbook.KindOf(err) == clientbook.KindNotFound {
			return id, false, nil
		}
		return id, err == nil, err
	}
	f, none, err := messageFilter(in, s, client, now)
	if err != nil {
		return err
	}
	var found []book.SentMessage
	if !none {
		if found, err = a.books.Messages(r.Context(), caller, f, offset, limit); err != nil {
			return err
		}
	}
	answer(w, func(b []byte) []byte {
		return appendArray(b, len(found), func(b []byte, i int) []byte { return appendMessage(b, caller.Book, &found[i], now) })
	})
	return nil
}

func appendMessage(b []byte, id clientbook.BookID, m *book.SentMessage, now time.Time) []byte {
	o := newObject(b)
	o.text("encodedKey", clientbook.KeyOf(id, m.ID))
	o.text("templateKey", string(m.Template))
	o.text("id", m.ID.String())
	o.time("creationDate", m.Created)
	o.time("sendDate", m.Sent)
	o.number("numRetries", max(m.Attempts-1, 0))
	o.text("type", channelNames[m.Channel])
	o.text("state", messageState(m, now))
	o.text("failureCause", failureCause(m))
	o.text("failureReason", failureReason(m))
	o.text("clientKey", m.Client)
	o.text("userKey", string(m.Text.User))
	o.text("destination", m.Text.Destination)
	o.text("event", eventNames[m.Text.Event])
	o.text("subject", m.Text.Subject)
	o.text("body", m.Text.Body)
	return o.end()
}

// Words of this wire. Contract section 8.
var (
	channelNames = map[clientbook.Channel]string{
		clientbook.EmailChannel: "EMAIL", clientbook.SMSChannel: "SMS", clientbook.WebhookChannel: "WEB_HOOK",
	}
	eventNames = map[clientbook.Event]string{
		clientbook.ClientCreated: "CLIENT_CREATED", clientbook.ClientApproved: "CLIENT_APPROVED",
		clientbook.ClientRejected: "CLIENT_REJECTED", clientbook.ClientActivity: "CLIENT_ACTIVITY",
	}
)

// sending is the state of a message whose sending is under way.
const sending = "SENDING_ASYNC"

func messageState(m *book.SentMessage, now time.Time) string {
	switch {
	case m.State == clientbook.MessageSent:
		return "SENT"
	case m.State == clientbook.MessageFailed:
		return "FAILED"
	case m.Leased.After(now):
		return sending
	}
	return "QUEUED"
}

// waitingReason says what a message that is not sent yet waits for.
func waitingReason(m *book.SentMessage, now time.Time) string {
	switch messageState(m, now) {
	case "QUEUED":
		return "READY_TO_BE_SENT"
	case sending:
		return "SENDING"
	}
	return ""
}

// failures give the failure reason of an outcome by channel. What is not in them is OTHER.
var failures = map[clientbook.Channel]map[string]string{
	clientbook.EmailChannel: {
		clientbook.OutcomeRefused:       "MESSAGING_EXCEPTION",
		clientbook.OutcomeUnreachable:   "MESSAGING_EXCEPTION",
		clientbook.OutcomeNonsense:      "MESSAGING_EXCEPTION",
		clientbook.OutcomeNoSender:      "MESSAGING_EXCEPTION",
		clientbook.OutcomeNoDestination: "UNDEFINED_DESTINATION",
		clientbook.OutcomeEncoding:      "UNSUPPORTED_ENCODING_EXCEPTION",
	},
	clientbook.SMSChannel: {
		clientbook.OutcomeRefused:       "SMS_NOT_SENT",
		clientbook.OutcomeUnreachable:   "SMS_CONNECTION_EXCEPTION",
		clientbook.OutcomeNonsense:      "SMS_SERVICE_ERROR",
		clientbook.OutcomeStatus:        "SMS_SERVICE_ERROR",
		clientbook.OutcomeNoSender:      "SMS_SERVICE_NOT_ENABLED",
		clientbook.OutcomeNoDestination: "UNDEFINED_DESTINATION",
		clientbook.OutcomeTooLong:       "SMS_TOO_LONG",
		clientbook.OutcomeEncoding:      "UNSUPPORTED_ENCODING_EXCEPTION",
	},
	clientbook.WebhookChannel: {
		clientbook.OutcomeRefused:       "HTTP_ERROR_WHILE_SENDING",
		clientbook.OutcomeUnreachable:   "HTTP_ERROR_WHILE_SENDING",
		clientbook.OutcomeNonsense:      "INVALID_HTTP_RESPONSE",
		clientbook.OutcomeStatus:        "INVALID_HTTP_RESPONSE",
		clientbook.OutcomeNoSender:      "WEBHOOK_NOTIFICATIONS_DISABLED",
		clientbook.OutcomeNoDestination: "UNDEFINED_DESTINATION",
		clientbook.OutcomeForbidden:     "UNDEFINED_DESTINATION",
		clientbook.OutcomeEncoding:      "UNSUPPORTED_ENCODING_EXCEPTION",
	},
}

func failureReason(m *book.SentMessage) string {
	if m.State != clientbook.MessageFailed {
		return ""
	}
	if reason := failures[m.Channel][m.Outcome]; reason != "" {
		return reason
	}
	return "OTHER"
}

// failureCause gives the outcome in the words of the record.
func failureCause(m *book.SentMessage) string {
	if m.State != clientbook.MessageFailed {
		return ""
	}
	return strings.ReplaceAll(m.Outcome, "_", " ")
}

// A messageColumn is what messages can be searched by: a text, or a time.
type messageColumn struct {
	column
	text func(m *book.SentMessage, now time.Time) string
	time func(m *book.SentMessage) time.Time
}

func noText(*book.SentMessage, time.Time) string { return "" }

// Whom messages are from and for.
var (
	nobody = messageColumn{column: column{sort: keySort}, text: noText}
	// As long as messages are chosen, they don't know their client's key, only its id.
	toClient = messageColumn{column: column{sort: keySort}, text: func(m *book.SentMessage, _ time.Time) string { return m.Message.Client.String() }}
	toUser   = messageColumn{column: column{sort: keySort}, text: func(m *book.SentMessage, _ time.Time) string { return string(m.Text.User) }}
)

// messageColumns are the selections. Contract section 8; SENT_… and FAILURE_CAUSE are from NotificationMessageDataField in the models of
// the official Java client, 9.6, which ties the former to the keys.
var messageColumns = map[string]messageColumn{
	"SENDER_KEY":           nobody,
	"SENT_BY":              nobody,
	"RECIPIENT_CLIENT_KEY": toClient,
	"SENT_TO_CLIENT":       toClient,
	"RECIPIENT_GROUP_KEY":  nobody,
	"SENT_TO_GROUP":        nobody,
	"RECIPIENT_USER_KEY":   toUser,
	"SENT_TO_USER":         toUser,
	"ENCODED_KEY": {column: column{sort: keySort}, text: func(m *book.SentMessage, _ time.Time) string {
		return clientbook.KeyOf(m.Book, m.ID)
	}},
	"CREATION_DATE": {column: column{sort: timeSort}, time: func(m *book.SentMessage) time.Time { return m.Created }},
	"SENT_DATE":     {column: column{sort: timeSort}, time: func(m *book.SentMessage) time.Time { return m.Sent }},
	"STATE": {
		column: words("QUEUED", "WAITING", sending, "SENDING", "QUEUED_FOR_STREAM", "SENT", "FAILED"),
		text:   messageState,
	},
	"FAILURE_REASON": {
		column: words("MESSAGING_EXCEPTION", "UNSUPPORTED_ENCODING_EXCEPTION", "SMS_TOO_LONG", "SMS_SERVICE_NOT_ENABLED", "SMS_NOT_SENT",
			"SMS_SERVICE_ERROR", "SMS_CONNECTION_EXCEPTION", "WEBHOOK_NOTIFICATIONS_DISABLED", "INVALID_HTTP_RESPONSE",
			"HTTP_ERROR_WHILE_SENDING", "UNDEFINED_DESTINATION", "OTHER"),
		text: func(m *book.SentMessage, _ time.Time) string { return failureReason(m) },
	},
	"FAILURE_CAUSE": {text: func(m *book.SentMessage, _ time.Time) string { return failureCause(m) }},
	"DESTINATION":   {text: func(m *book.SentMessage, _ time.Time) string { return m.Text.Destination }},
	"TYPE": {
		column: words("EMAIL", "SMS", "WEB_HOOK", "EVENT_STREAM", "TASK"),
		text:   func(m *book.SentMessage, _ time.Time) string { return channelNames[m.Channel] },
	},
	"EVENT": {
		// Most of Mambu's events are about accounts. They never happen here, so that their words find nothing.
		column: column{subject: book.StateSubject, sort: enumSort, open: true},
		text:   func(m *book.SentMessage, _ time.Time) string { return eventNames[m.Text.Event] },
	},
	"WAITING_REASON": {column: words("READY_TO_BE_SENT", "WAIT_FOR_CLOSE_CIRCUIT", "SENDING"), text: waitingReason},
}

// words gives the column of an enumeration. Its subject, which is none of a message, only says that its words are all that it can be.
func words(all ...string) column {
	return column{subject: book.StateSubject, sort: enumSort, words: all, values: all}
}

// messageFilter turns a decoded body into a choice of messages; none says that nothing can match. What bounds the times of creation or
// names the client is looked up, the rest is compared message by message.
func messageFilter(in *searchIn, s *clientbook.Settings, client func(ref string) (clientbook.ClientID, bool, error), now time.Time) (
	f book.MessageFilter, none bool, err error) {
	if len(in.FilterConstraints.items) > maxFilters {
		return f, false, refusal(codeTooManyFilters, "filterConstraints")
	}
	p := searchParser{settings: s, zone: zoneOf(s), now: now}
	var all []func(*book.SentMessage) bool
	for i := range in.FilterConstraints.items {
		filter := &in.FilterConstraints.items[i]
		source := filter.FilterSelection.text
		custom, err := filter.check("NOTIFICATION_MESSAGE")
		if err != nil {
			return f, false, err
		}
		col, ok := messageColumns[source]
		if !ok || custom {
			return f, false, refusal(codeFilterSelection, source)
		}
		c, err := p.compare(filter, &col.column)
		if err != nil {
			return f, false, err
		}
		none = none || impossible(&c)
		switch {
		case source == "CREATION_DATE" && c.Op == book.Within:
			f.Created = narrower(f.Created, c.Window)
		case source == "RECIPIENT_CLIENT_KEY", source == "SENT_TO_CLIENT":
			for i, ref := range c.Texts {
				id, ok, err := client(ref)
				if err != nil {
					return f, false, err
				}
				if ok {
					c.Texts[i] = id.String()
				}
				if c.Op == book.Is || c.Op == book.IsExactly {
					f.MessageQuery.Client, none = id, none || !ok
				}
			}
		}
		all = append(all, func(m *book.SentMessage) bool { return col.matches(&c, m, now) })
	}
	if len(all) > 0 {
		f.Match = func(m *book.SentMessage) bool {
			return !slices.ContainsFunc(all, func(holds func(*book.SentMessage) bool) bool { return !holds(m) })
		}
	}
	return f, none, messageSort(in.SortDetails)
}

// narrower gives the time that is in both windows.
func narrower(a, b clientbook.Window) clientbook.Window {
	if b.After.After(a.After) {
		a.After = b.After
	}
	if !b.Before.IsZero() && (a.Before.IsZero() || b.Before.Before(a.Before)) {
		a.Before = b.Before
	}
	return a
}

// messageSort checks sortDetails: there is but one order, the newest first.
func messageSort(in *sortIn) error {
	if in == nil {
		return nil
	}
	column := in.SortingColumn.text
	custom, err := in.check("NOTIFICATION_MESSAGE")
	if err != nil {
		return err
	}
	if _, ok := messageColumns[column]; !ok || custom {
		return refusal(codeSortColumn, column)
	}
	down, ok := sortingOrders[in.SortingOrder.text]
	if !ok {
		return refusal(codeSortOrder, in.SortingOrder.text)
	}
	if column != "CREATION_DATE" || !down {
		return refusal(codeNotSortable, column)
	}
	return nil
}

// matches says whether a message is as a constraint says.
func (col *messageColumn) matches(c *book.Constraint, m *book.SentMessage, now time.Time) bool {
	if col.time != nil {
		t := col.time(m)
		switch c.Op {
		case book.Empty:
			return t.IsZero()
		case book.NotEmpty:
			return !t.IsZero()
		}
		return !t.IsZero() && t.After(c.Window.After) && (c.Window.Before.IsZero() || t.Before(c.Window.Before))
	}
	text := col.text(m, now)
	same := func(s string) bool {
		return alike(s, text) || s == "SENDING" && text == sending && col.sort == enumSort
	}
	switch c.Op {
	case book.Empty:
		return text == ""
	case book.NotEmpty:
		return text != ""
	case book.IsExactly:
		return text == c.Texts[0]
	case book.IsNot:
		return !same(c.Texts[0])
	case book.Begins:
		return len(text) >= len(c.Texts[0]) && strings.EqualFold(text[:len(c.Texts[0])], c.Texts[0])
	}
	return text != "" && slices.ContainsFunc(c.Texts, same)
}

// alike says whether two texts are equal but for letter case and outer space.
func alike(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// resendIn is the body of POST /api/notifications/messages and of the shorter path, as NotificationsToBeResent of the official Java client has it.
type resendIn struct {
	Action      filterText             `json:"action"`
	Identifiers filterList[filterText] `json:"identifiers"`
}

// sendMessages serves POST /api/notifications/messages, which can do nothing but send failed messages again, as they were. The official
// Java client sends the same to POST /api/notifications.
func (a *API) sendMessages(w http.ResponseWriter, r *http.Request) error {
	in := new(resendIn)
	if err := readBody(r, in); err != nil {
		return err
	}
	caller := callerOf(r)
	ids, err := resent(in, caller.Book)
	if err != nil {
		return err
	}
	if err := a.books.ResendMessages(r.Context(), caller, ids); err != nil {
		return err
	}
	success(w)
	return nil
}

// resent gives the messages that are to be sent again.
func resent(in *resendIn, id clientbook.BookID) ([]clientbook.MessageID, error) {
	keys := in.Identifiers.items
	switch {
	case in.Action.text != "resend":
		return nil, refusal(codeInvalidParameters, "action")
	case len(keys) == 0:
		return nil, refusal(codeMissingParameter, "identifiers")
	case len(keys) > maxResent:
		return nil, refusal(codeTooManyMessages, "identifiers")
	}
	ids := make([]clientbook.MessageID, 0, len(keys))
	for _, key := range keys {
		message, ok := clientbook.ParseKey(id, key.text)
		switch {
		case !ok:
			return nil, refusal(codeMessageKey, key.text)
		case slices.Contains(ids, message):
			return nil, refusal(codeMessageTwice, key.text)
		}
		ids = append(ids, message)
	}
	return ids, nil
}
