package message

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"clientbook"
)

// A Fault is something in a template that could never be sent.
type Fault struct {
	Part string // "subject", "body", "url" or "headers.NAME"
	Text string // what is wrong, for the settings' author
}

// Check gives the faults of a template's texts: unknown placeholders, custom fields that s does not define, a JSON body that could not
// parse, a URL that is none. Texts that the channel has no use for are not looked at.
func Check(t *clientbook.Template, s *clientbook.Settings) []Fault {
	c := &checker{settings: s}
	if t.Channel == clientbook.EmailChannel {
		c.placeholders("subject", t.Subject)
	}
	c.placeholders("body", t.Body)
	if t.Channel == clientbook.WebhookChannel {
		c.webhook(t)
	}
	return c.faults
}

type checker struct {
	settings *clientbook.Settings
	faults   []Fault
}

func (c *checker) complain(part, format string, args ...any) {
	c.faults = append(c.faults, Fault{Part: part, Text: fmt.Sprintf(format, args...)})
}

func (c *checker) webhook(t *clientbook.Template) {
	c.url(t.URL)
	if kindOf(contentType(t)) == jsonBody {
		c.json(t.Body)
	}
	for _, h := range t.Headers {
		c.header(h)
	}
}

// placeholders complains of each placeholder that has no meaning, once.
func (c *checker) placeholders(part, text string) {
	seen := map[string]bool{}
	for _, p := range parse(text) {
		if p.name == "" || seen[p.name] {
			continue
		}
		seen[p.name] = true
		if wrong := c.placeholder(p.name); wrong != "" {
			c.complain(part, "{%s}: %s", p.name, wrong)
		}
	}
}

// placeholder says what is wrong with a placeholder, "" for nothing.
func (c *checker) placeholder(name string) string {
	custom, is := strings.CutPrefix(name, customPrefix)
	if !is {
		if _, ok := builtIn[name]; !ok {
			return "there is no such placeholder"
		}
		return ""
	}
	ref, ok := parseCustom(custom)
	if !ok {
		return "write CF:FIELD_ID, or CF:CLIENT:FIELD_ID:INDEX for an entry of a grouped set"
	}
	return c.customField(ref)
}

func (c *checker) customField(ref customRef) string {
	f, set := c.settings.CustomField(ref.field)
	switch {
	case f == nil:
		return "there is no such custom field"
	case ref.entity != "" && ref.entity != "CLIENT" && ref.entity != "RECIPIENT" && ref.entity != set.ID:
		return strconv.Quote(ref.entity) + " has no custom fields here; write CLIENT"
	case set.Grouped && ref.group == clientbook.NoGroup:
		return "the field's set is grouped; write CF:CLIENT:FIELD_ID:INDEX"
	case !set.Grouped && ref.group != clientbook.NoGroup:
		return "the field's set is not grouped; write CF:FIELD_ID"
	}
	return ""
}

// samples are values of each sort that a JSON body treats differently. The text begins with a letter that no JSON escape begins with, so
// that a placeholder behind a backslash shows.
var samples = [...]string{"x", "1", ""}

// json complains of a body that some values would break. Inside of strings every value is alike, and outside a text, a number and null
// are all there is; so if all samples parse, all values do.
func (c *checker) json(body string) {
	parts := parse(body)
	for _, sample := range samples {
		text := fill(parts, &jsonPlace{}, func(string) string { return sample })
		if strings.TrimSpace(text) != "" && !json.Valid([]byte(text)) {
			c.complain("body", "is no JSON with %s for every placeholder", jsonLiteral(sample))
			return
		}
	}
}

func (c *checker) url(text string) {
	c.placeholders("url", text)
	place := &urlPlace{}
	rendered := fill(parse(text), place, func(string) string { return "x" })
	u, err := url.Parse(rendered)
	switch {
	case place.authority:
		c.complain("url", "a placeholder may stand in the path and in the query only")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		c.complain("url", "is no absolute http or https URL")
	case dotted(rendered):
		c.complain("url", "has . or .. as a step of its path")
	}
}

// senders are the headers that make up the request itself, which no template sets.
var senders = map[string]bool{
	"connection": true, "content-encoding": true, "content-length": true, "content-type": true, "expect": true, "host": true,
	"keep-alive": true, "proxy-connection": true, "te": true, "trailer": true, "transfer-encoding": true, "upgrade": true,
	"x-message-id": true,
}

func (c *checker) header(h clientbook.Header) {
	part := "headers." + h.Name
	c.placeholders(part, h.Value)
	switch {
	case !token(h.Name):
		c.complain(part, "is no name of a header")
	case senders[strings.ToLower(h.Name)]:
		c.complain(part, "is set by the sender")
	}
}

// token says whether s is an HTTP token (RFC 9110, section 5.6.2).
func token(s string) bool {
	for i := range len(s) {
		b := s[i]
		if b <= ' ' || b >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, b) >= 0 {
			return false
		}
	}
	return s != ""
}
