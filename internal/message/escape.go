package message

import (
	"encoding/xml"
	"html"
	"mime"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A place takes a text piece by piece: literals stay as the template's author wrote them, values are escaped for where they stand.
type place interface {
	literal(s string)
	value(s string)
	String() string
}

// fill writes the parts of a template to p and gives the whole.
func fill(parts []part, p place, value func(name string) string) string {
	for _, part := range parts {
		if part.name == "" {
			p.literal(part.text)
		} else {
			p.value(value(part.name))
		}
	}
	return p.String()
}

// A plainPlace treats every value alike.
type plainPlace struct {
	strings.Builder
	escape func(string) string // nil: as it is
}

func (p *plainPlace) literal(s string) { p.WriteString(s) }

func (p *plainPlace) value(s string) {
	if p.escape != nil {
		s = p.escape(s)
	}
	p.WriteString(s)
}

// A bodyKind is a way to escape values in the body of a web hook.
type bodyKind int

const (
	otherBody bodyKind = iota
	jsonBody
	formBody
	xmlBody // also HTML
)

// kindOf tells the kind of a body by its content type. One that does not parse is told by its beginning, since receivers guess too.
func kindOf(contentType string) bodyKind {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		t, _, _ = strings.Cut(contentType, ";")
		t = strings.ToLower(strings.TrimSpace(t))
	}
	switch _, sub, _ := strings.Cut(t, "/"); {
	case sub == "json" || strings.HasSuffix(sub, "+json"):
		return jsonBody
	case t == "application/x-www-form-urlencoded":
		return formBody
	case sub == "xml" || strings.HasSuffix(sub, "+xml") || sub == "html":
		return xmlBody
	}
	return otherBody
}

func (k bodyKind) place() place {
	switch k {
	case jsonBody:
		return &jsonPlace{}
	case formBody:
		return &plainPlace{escape: url.QueryEscape}
	case xmlBody:
		return &plainPlace{escape: escapeXML}
	}
	return &plainPlace{}
}

// escapeHTML escapes for text and quoted attributes.
func escapeHTML(s string) string { return html.EscapeString(keepLines(s)) }

// escapeXML escapes for text and quoted attributes; what XML has no characters for becomes U+FFFD.
func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// control says whether a character ends lines or does other things to a terminal or a protocol.
func control(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// maxLine is the most bytes of a subject or header value, the longest line of RFC 5322.
const maxLine = 998

// oneLine makes s a line: control characters become spaces, and what is too long is cut off.
func oneLine(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if control(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	if len(s) <= maxLine {
		return s
	}
	end := maxLine
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.TrimSpace(s[:end])
}

// keepLines makes control characters spaces, except for line ends, which all become \n.
func keepLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && control(r) {
			return ' '
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}
