package book

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold gives the text by which values are compared where letter case and outer space don't count: NFKC, case folded, trimmed, each inner
// run of space one blank.
func fold(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(cherokee, cases.Fold().String(norm.NFKC.String(s)))
	return strings.Join(strings.FieldsFunc(norm.NFKC.String(s), unicode.IsSpace), " ")
}

// cherokee gives the capital of a small Cherokee letter, to which Unicode folds it. Package cases changes either into the other, at least
// up to golang.org/x/text v0.43.
func cherokee(r rune) rune {
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 0x13f8 + 0x13f0
	}
	return r
}

// plain says whether s is certainly its own folded text: most e-mail addresses and phone numbers are.
func plain(s string) bool {
	space := true // nothing, or a blank, goes before
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf, 'A' <= c && c <= 'Z', c < ' ', c == 0x7f, c == ' ' && space:
			return false
		default:
			space = c == ' '
		}
	}
	return !space || s == ""
}

// prefixLetters is how many letters of a name its prefix token is made from.
const prefixLetters = 3

// prefix gives the first letters of a folded text, all of it if it has fewer.
func prefix(folded string) string {
	n := 0
	for i := range folded {
		if n == prefixLetters {
			return folded[:i]
		}
		n++
	}
	return folded
}

// canonical gives the shortest text of a decimal number, by which numbers are compared.
func canonical(decimal string) string {
	sign, digits := "", strings.TrimPrefix(decimal, "+")
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, part, _ := strings.Cut(digits, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if part = strings.TrimRight(part, "0"); part != "" {
		whole += "." + part
	}
	if whole == "0" {
		return whole
	}
	return sign + whole
}
