package message

import (
	"net/url"
	"strings"
)

// A urlPlace knows the part of a URL it stands in.
type urlPlace struct {
	strings.Builder
	authority bool // a value came where it decides who is called
}

func (p *urlPlace) literal(s string) { p.WriteString(s) }

// value escapes for what is written so far: values are escaped, so they never change the part.
func (p *urlPlace) value(s string) {
	_, rest, absolute := strings.Cut(p.String(), "://")
	switch {
	case !absolute || !strings.ContainsAny(rest, "/?#"):
		p.authority = true
	case strings.Contains(rest, "?") || strings.Contains(rest, "#"):
		p.WriteString(url.QueryEscape(s))
	default:
		p.WriteString(url.PathEscape(s))
	}
}

// dotted says whether the path of a URL has a step that climbs: receivers resolve such steps, escaped or not, so a value ".." could
// choose another path than the template's.
func dotted(s string) bool {
	_, rest, _ := strings.Cut(s, "://")
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	for step := range strings.SplitSeq(rest, "/") {
		if step, err := url.PathUnescape(step); err != nil || step == "." || step == ".." {
			return true
		}
	}
	return false
}
