package email

import (
	"bytes"
	"encoding/base64"
	"net/http"
	stdmail "net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
	"golang.org/x/text/unicode/norm"

	"clientbook/internal/deliver"
)

// compose makes the message, the same on each attempt but for the date.
func compose(from *stdmail.Address, to string, m *deliver.Message, now time.Time) *mail.Msg {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP), mail.WithCharset(mail.CharsetUTF8))
	msg.FromMailAddress(from)
	msg.ToMailAddress(&stdmail.Address{Address: to})
	msg.SetDateWithValue(now)
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: out-of-office replies stay away
	if s := subject(m.Subject); s != "" {
		msg.Subject(s)
	}
	kind := mail.TypeTextPlain
	if m.HTML {
		kind = mail.TypeTextHTML
	}
	msg.SetBodyString(kind, strings.ToValidUTF8(m.Body, "\uFFFD"))
	return msg
}

// plainID says whether an id can stand in a Message-ID as it is.
func plainID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return s != ""
}

// maxWord is the longest stretch without a space that stays as it is: lines are folded at spaces, and may have 998 bytes.
const maxWord = 200

// subject gives s fit for a header: as it is if it is plain ASCII, else in encoded words. What only looks like an encoded word is encoded
// too, or receivers would decode it.
func subject(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	plain := ascii(s) && !strings.Contains(s, "=?")
	for w := range strings.FieldsSeq(s) {
		plain = plain && len(w) <= maxWord
	}
	if plain {
		return strings.Join(strings.Fields(s), " ") // folding would lose other spaces
	}
	return encodedWords(s)
}

// encodedWords is RFC 2047 with every character encoded. mime.WordEncoder leaves ASCII alone, which is not what is wanted here.
func encodedWords(s string) string {
	const most = 45 // bytes, so that a word has less than 75 characters
	var words []string
	for s != "" {
		n := min(most, len(s))
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// asciiDomain gives a domain as DNS knows it.
func asciiDomain(domain string) (string, bool) {
	ok := true
	if !ascii(domain) {
		domain, ok = punycode(norm.NFC.String(strings.ToLower(domain)))
	}
	if !ok || len(domain) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(domain, ".") {
		ok = ok && label != "" && len(label) <= 63 && strings.Trim(label, domainLetters) == "" && label[0] != '-'
	}
	return domain, ok
}

const domainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// punycode lets package http convert a domain in lower case, as it does for the Host of its requests.
// TODO: use golang.org/x/net/idna once that is among our modules for another reason; it checks the letters too.
func punycode(domain string) (string, bool) {
	var b bytes.Buffer
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: domain}, Host: domain}
	if r.Write(&b) != nil {
		return "", false
	}
	_, after, _ := strings.Cut(b.String(), "\r\nHost: ")
	host, _, ok := strings.Cut(after, "\r\n")
	return host, ok && ascii(host)
}
