package message

import (
	"encoding/json"
	"regexp"
	"strings"
)

// A jsonPlace knows whether it stands inside a string: there a value is text of that string, elsewhere a JSON value of its own.
type jsonPlace struct {
	strings.Builder
	quoted  bool
	escaped bool // the last character was the backslash of an escape
}

func (p *jsonPlace) literal(s string) {
	for i := range len(s) {
		switch {
		case p.escaped:
			p.escaped = false
		case p.quoted && s[i] == '\\':
			p.escaped = true
		case s[i] == '"':
			p.quoted = !p.quoted
		}
	}
	p.WriteString(s)
}

func (p *jsonPlace) value(s string) {
	if p.escaped {
		p.WriteByte('x') // the backslash must not take the first character of what follows: \x is no escape, so nothing comes of it
		p.escaped = false
	}
	if p.quoted {
		quoted := jsonString(s)
		s = quoted[1 : len(quoted)-1]
	} else {
		s = jsonLiteral(s)
	}
	p.WriteString(s)
}

// number is a JSON number without an exponent: no value of ours has one, and what "1e9999" does to a receiver is nobody's wish.
var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// jsonLiteral gives a number for what is one, null for nothing, and a string for anything else.
func jsonLiteral(s string) string {
	switch {
	case s == "":
		return "null"
	case number.MatchString(s):
		return s
	}
	return jsonString(s)
}

// jsonString also escapes <, >, & and the line separators that are line ends to JavaScript.
func jsonString(s string) string {
	b, _ := json.Marshal(s) // strings always can
	return string(b)
}
