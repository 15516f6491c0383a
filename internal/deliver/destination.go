package deliver

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"

	"clientbook"
)

// What a destination means is decided here, for the allow list and the senders alike: read in two ways, one address could be two.

// ParseEmail reads one bare e-mail address, local part and domain. Quoted local parts and addresses in brackets are not taken.
func ParseEmail(s string) (local, domain string, ok bool) {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > 254 {
		return "", "", false
	}
	for _, r := range s {
		if r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.IsSpace(r) {
			return "", "", false
		}
	}
	local, domain, ok = strings.Cut(s, "@")
	return local, domain, ok && !strings.ContainsAny(domain, "@[]") && len(local) <= 64
}

// ParsePhone gives a telephone number without spaces, dashes and brackets: 5 to 15 digits, with a + before them or not.
func ParsePhone(s string) (string, bool) {
	number, ok := digits(s)
	n := len(strings.TrimPrefix(number, "+"))
	return number, ok && n >= 5 && n <= 15
}

// digits strips a number, or the beginning of one.
func digits(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("()[]", r) {
			return -1
		}
		return r
	}, s)
	rest := strings.TrimPrefix(s, "+")
	for i := range len(rest) {
		if rest[i] < '0' || rest[i] > '9' {
			return "", false
		}
	}
	return s, rest != ""
}

// Allowed says whether the allow list of a test book covers a destination. What does not parse is never covered.
func Allowed(destination string, channel clientbook.Channel, allow []string) bool {
	covers := map[clientbook.Channel]func(entry, destination string) bool{
		clientbook.EmailChannel: coversEmail, clientbook.SMSChannel: coversPhone, clientbook.WebhookChannel: coversURL,
	}[channel]
	if covers == nil {
		return false
	}
	for _, entry := range allow {
		if covers(strings.TrimSpace(entry), destination) {
			return true
		}
	}
	return false
}

// coversEmail takes whole addresses, and "@domain" for all of that very domain.
func coversEmail(entry, destination string) bool {
	local, domain, ok := ParseEmail(destination)
	if !ok {
		return false
	}
	if all, is := strings.CutPrefix(entry, "@"); is {
		return lower(all) == lower(domain)
	}
	return lower(entry) == lower(local+"@"+domain)
}

// lower folds ASCII alone: other letters that fold to an ASCII one are other mailboxes.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// coversPhone takes beginnings of numbers.
func coversPhone(entry, destination string) bool {
	number, ok := ParsePhone(destination)
	prefix, is := digits(entry)
	return ok && is && strings.HasPrefix(number, prefix)
}

// coversURL takes URLs with all that lies below their path. One with a query covers that query alone.
func coversURL(entry, destination string) bool {
	e, d := parseURL(entry), parseURL(destination)
	if e == nil || d == nil || e.Scheme != d.Scheme || hostPort(e) != hostPort(d) || climbs(d) {
		return false
	}
	if d.User != nil && (e.User == nil || e.User.String() != d.User.String()) || e.RawQuery != "" && e.RawQuery != d.RawQuery {
		return false
	}
	base := strings.TrimSuffix(e.Path, "/")
	return d.Path == base || strings.HasPrefix(d.Path, base+"/") || base == "" && d.Path == ""
}

// parseURL gives nil for what is no absolute http or https URL.
func parseURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil
	}
	return u
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return lower(u.Hostname()) + ":" + port
}

// climbs says whether a receiver could take the path for one above its beginning.
func climbs(u *url.URL) bool {
	for step := range strings.FieldsFuncSeq(u.Path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if step == "." || step == ".." || strings.HasPrefix(step, "..;") || strings.Contains(lower(step), "%2e") {
			return true
		}
	}
	return false
}
