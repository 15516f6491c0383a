// Package message makes messages of templates: it puts the values of a client into their texts, each escaped for the place it stands in.
package message

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"clientbook"
)

// Data is what the placeholders of a message stand for.
type Data struct {
	Client    *clientbook.Client // whom it is about
	Settings  *clientbook.Settings
	Now       time.Time
	Recipient *clientbook.User // whom it is for; nil: the client, or its credit officer if the template is for that
}

// Render gives the text of a message and its destination. ok is false if the recipient has no address for the channel; there is no
// message then. An error is a template that Check would have refused.
func Render(t *clientbook.Template, d *Data) (text clientbook.MessageText, ok bool, err error) {
	r := &renderer{template: t, data: *d}
	r.data.Recipient = officer(t, d)
	text = clientbook.MessageText{Event: t.Event}
	if u := r.data.Recipient; u != nil {
		text.User = u.Key
	}
	switch t.Channel {
	case clientbook.EmailChannel:
		ok = r.email(&text)
	case clientbook.SMSChannel:
		ok = r.sms(&text)
	case clientbook.WebhookChannel:
		ok, err = r.webhook(&text)
	default:
		err = errors.New("message: a template of no channel")
	}
	if !ok || err != nil {
		return clientbook.MessageText{}, false, err
	}
	return text, true, nil
}

// officer gives the user whom the message is for, nil if it is for the client or if nobody is the client's credit officer.
func officer(t *clientbook.Template, d *Data) *clientbook.User {
	if t.Recipient != clientbook.ToCreditOfficer || d.Recipient != nil {
		return d.Recipient
	}
	return d.Settings.User(string(d.Client.User))
}

type renderer struct {
	template *clientbook.Template
	data     Data
}

// toUser says whether the message is for a user, be there one or not.
func (r *renderer) toUser() bool {
	return r.data.Recipient != nil || r.template.Recipient == clientbook.ToCreditOfficer
}

// recipient gives whom the message is for; nobody has no values.
func (d *Data) recipient() party {
	if d.Recipient != nil {
		return user(d.Recipient)
	}
	return client(d.Client)
}

// value gives the value of a placeholder, "" for none. Bytes that are no UTF-8 become U+FFFD, so that every channel can carry it.
func (r *renderer) value(name string) string {
	var v string
	switch custom, is := strings.CutPrefix(name, customPrefix); {
	case is:
		v = customValue(&r.data, custom)
	case strings.HasPrefix(name, "RECIPIENT_") && r.toUser() && r.data.Recipient == nil:
		return "" // a credit officer, and the client has none
	case builtIn[name] != nil:
		v = builtIn[name](&r.data)
	}
	return strings.ToValidUTF8(v, "\uFFFD")
}

func (r *renderer) fill(template string, p place) string { return fill(parse(template), p, r.value) }

// tag is what makes the body of an e-mail HTML.
var tag = regexp.MustCompile(`<[A-Za-z/!]`)

func (r *renderer) email(text *clientbook.MessageText) bool {
	text.Destination = r.data.Client.Email
	if r.toUser() {
		text.Destination = ""
		if u := r.data.Recipient; u != nil {
			text.Destination = u.Email
		}
	}
	text.Subject = oneLine(r.fill(r.template.Subject, &plainPlace{}))
	text.HTML = tag.MatchString(r.template.Body)
	if text.HTML {
		text.Body = r.fill(r.template.Body, &plainPlace{escape: escapeHTML})
	} else {
		text.Body = r.fill(r.template.Body, &plainPlace{escape: keepLines})
	}
	return text.Destination != ""
}

// sms has nothing for users, as their numbers are not on record.
func (r *renderer) sms(text *clientbook.MessageText) bool {
	if r.toUser() {
		return false
	}
	text.Destination = mobile(r.data.Client)
	text.Body = keepLines(r.fill(r.template.Body, &plainPlace{}))
	return text.Destination != ""
}

func (r *renderer) webhook(text *clientbook.MessageText) (bool, error) {
	t := r.template
	text.Method, text.ContentType = t.Method, contentType(t)
	if text.Method == "" {
		text.Method = http.MethodPost
	}
	for _, h := range t.Headers {
		text.Headers = append(text.Headers, clientbook.Header{Name: h.Name, Value: oneLine(r.fill(h.Value, &plainPlace{}))})
	}
	var err error
	if text.Body, err = r.webhookBody(); err != nil {
		return false, err
	}
	return r.webhookURL(text)
}

func (r *renderer) webhookBody() (string, error) {
	kind := kindOf(contentType(r.template))
	body := r.fill(r.template.Body, kind.place())
	if kind == jsonBody && strings.TrimSpace(body) != "" && !json.Valid([]byte(body)) {
		return "", errors.New("message: the body is no JSON")
	}
	return body, nil
}

// webhookURL gives no destination, rather than another one, where values would climb in the path.
func (r *renderer) webhookURL(text *clientbook.MessageText) (bool, error) {
	place := &urlPlace{}
	text.Destination = r.fill(r.template.URL, place)
	if place.authority {
		return false, errors.New("message: a placeholder in the host of a URL")
	}
	if u, err := url.Parse(text.Destination); err != nil || u.Hostname() == "" {
		return false, errors.New("message: the URL is none") // err holds the URL, and so personal data
	}
	return !dotted(text.Destination), nil
}

// contentType gives the type of a web hook's body. Without one it is JSON, the form in which no value can do harm.
func contentType(t *clientbook.Template) string {
	if t.ContentType == "" {
		return "application/json"
	}
	return t.ContentType
}
