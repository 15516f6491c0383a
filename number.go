package clientbook

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A NumberPattern says what client numbers look like: '@' is a capital letter, '#' a digit, '$' either, all else stands for itself.
type NumberPattern string

// Generate gives a number of that pattern with random bytes from random.
func (p NumberPattern) Generate(random io.Reader) (string, error) {
	const letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	out := []byte(p)
	for i, c := range out {
		var from string
		switch c {
		case '@':
			from = letters
		case '#':
			from = digits
		case '$':
			from = letters + digits
		default:
			continue
		}
		b, err := below(len(from), random)
		if err != nil {
			return "", fmt.Errorf("client number: %w", err)
		}
		out[i] = from[b]
	}
	return string(out), nil
}

// below gives a number from 0 to n-1, each as likely; n is at most 256.
func below(n int, random io.Reader) (int, error) {
	var b [1]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if v := int(b[0]); v < 256-256%n {
			return v % n, nil
		}
	}
}

// A Pattern is the form of a text: '#' is a digit, '@' a letter, '$' either, all else stands for itself. "" is every text.
type Pattern string

// Matches says whether the whole of s has that form.
func (p Pattern) Matches(s string) bool {
	if p == "" {
		return true
	}
	want := []rune(p)
	i := 0
	for _, r := range s {
		if i == len(want) {
			return false
		}
		digit, letter := r >= '0' && r <= '9', unicode.IsLetter(r)
		switch want[i] {
		case '#':
			if !digit {
				return false
			}
		case '@':
			if !letter {
				return false
			}
		case '$':
			if !digit && !letter {
				return false
			}
		default:
			if r != want[i] {
				return false
			}
		}
		i++
	}
	return i == len(want)
}

// MaxNumberLength is the most characters that a client number may have.
const MaxNumberLength = 32

// NumberFault says why s can't be a client number: ReasonNumberSpaces, ReasonNumberForm, or "" if it can. A number is 1 to 32 printable
// characters without space or any of / ? # % and backslash, not 32 hex digits, which are a key, not only dots, and not "search", which
// is a path.
func NumberFault(s string) (reason string) {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return ReasonNumberSpaces
	}
	hex := len(s) == 32 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
	switch {
	case s == "" || utf8.RuneCountInString(s) > MaxNumberLength || hex || strings.Trim(s, ".") == "" || s == "search",
		strings.ContainsAny(s, `/?#%\`), strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return ReasonNumberForm
	}
	return ""
}

// Forbidden says whether a number of the pattern can be one that NumberFault forbids.
func (p NumberPattern) Forbidden() bool {
	if NumberFault(string(p)) == ReasonNumberSpaces {
		return true
	}
	if utf8.RuneCountInString(string(p)) > MaxNumberLength || p == "" || strings.Trim(string(p), ".") == "" {
		return true
	}
	plain := strings.NewReplacer("#", "0", "@", "Z", "$", "Z").Replace(string(p))
	if NumberFault(plain) != "" {
		return true
	}
	if len(p) != 32 { // 32 characters can all be hex digits
		return false
	}
	return strings.Trim(strings.NewReplacer("@", "A", "$", "A", "#", "0").Replace(string(p)), "0123456789abcdefABCDEF") == ""
}
