package settings

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The forms of texts.
var (
	idForm      = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	memberForm  = regexp.MustCompile(`^[A-Za-z0-9]{17}$`)
	scoreForm   = regexp.MustCompile(`^[+-]?[0-9]+(?:\.[0-9]+)?$`)
	phonePrefix = regexp.MustCompile(`^\+[0-9]{1,15}$`)
	domainLabel = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	headerName  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
)

// maxKey is the most characters of an encodedKey.
const maxKey = 64

// keyForm says whether s can be a key: it stands in paths.
func keyForm(s string) bool {
	bad := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) || r == '/' }
	return s != "" && utf8.RuneCountInString(s) <= maxKey && !strings.ContainsFunc(s, bad)
}

func domainName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !domainLabel.MatchString(label) {
			return false
		}
	}
	return true
}

// emailAddress says whether s is an address alone, without a name or brackets.
func emailAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	return domainName(s[strings.LastIndex(s, "@")+1:])
}

// webURL says whether s is an absolute http or https URL.
func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsFunc(s, unicode.IsSpace)
}

// webURLTemplate is webURL of a text with placeholders. The scheme is never one.
func webURLTemplate(s string) bool {
	return webURL(placeholder.ReplaceAllString(s, "0"))
}
