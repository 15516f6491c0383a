package clientbook_test

import (
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"

	"clientbook"
)

// Design §3: 1 to 32 printable characters without space or / ? # % \, not 32 hex digits, not only dots, not "search".
func TestNumberFault(t *testing.T) {
	for _, row := range []struct{ rule, number, want string }{
		{"digits", "123456789", ""},
		{"one character", "x", ""},
		{"32 characters", strings.Repeat("z", 32), ""},
		{"32 characters beyond ASCII", strings.Repeat("ß", 32), ""},
		{"beyond ASCII", "Zürich-漢", ""},
		{"punctuation", "A-1_2.3:4;5,6+7=8@9!$&'()*[]{}<>|^~`\"", clientbook.ReasonNumberForm}, // 37 characters
		{"punctuation", "A-1_2.3:4;5,6+7=8@9!$&'()*[]{}", ""},
		{"dots among others", "..a", ""},
		{"31 hex digits", strings.Repeat("a", 31), ""},
		{"32 letters and digits, not all hex", strings.Repeat("a", 31) + "g", ""},
		{"Search in other letter case", "Search", ""},
		{"search and more", "search1", ""},

		{"empty", "", clientbook.ReasonNumberForm},
		{"33 characters", strings.Repeat("z", 33), clientbook.ReasonNumberForm},
		{"33 characters beyond ASCII", strings.Repeat("ß", 33), clientbook.ReasonNumberForm},
		{"slash", "a/b", clientbook.ReasonNumberForm},
		{"question mark", "a?b", clientbook.ReasonNumberForm},
		{"hash", "a#b", clientbook.ReasonNumberForm},
		{"per cent", "a%b", clientbook.ReasonNumberForm},
		{"backslash", `a\b`, clientbook.ReasonNumberForm},
		{"32 hex digits", "0123456789abcdef0123456789abcdef", clientbook.ReasonNumberForm},
		{"32 hex digits in capitals", "0123456789ABCDEF0123456789ABCDEF", clientbook.ReasonNumberForm},
		{"32 digits", strings.Repeat("7", 32), clientbook.ReasonNumberForm},
		{"a dot", ".", clientbook.ReasonNumberForm},
		{"two dots", "..", clientbook.ReasonNumberForm},
		{"32 dots", strings.Repeat(".", 32), clientbook.ReasonNumberForm},
		{"search", "search", clientbook.ReasonNumberForm},
		{"NUL", "a\x00b", clientbook.ReasonNumberForm},
		{"control character", "a\x1bb", clientbook.ReasonNumberForm},
		{"DEL", "a\x7fb", clientbook.ReasonNumberForm},
		{"zero-width space", "a\u200bb", clientbook.ReasonNumberForm},
		{"right-to-left override", "a\u202eb", clientbook.ReasonNumberForm},
		{"byte order mark", "\ufeffa", clientbook.ReasonNumberForm},
		{"unassigned", "a\U000e0fffb", clientbook.ReasonNumberForm},

		{"14: space, 3303", "a b", clientbook.ReasonNumberSpaces},
		{"14: outer space, 3303", " a", clientbook.ReasonNumberSpaces},
		{"14: space alone, 3303", " ", clientbook.ReasonNumberSpaces},
		{"14: tab, 3303", "a\tb", clientbook.ReasonNumberSpaces},
		{"14: line end, 3303", "a\n", clientbook.ReasonNumberSpaces},
		{"14: no-break space, 3303", "a\u00a0b", clientbook.ReasonNumberSpaces},
		{"14: ideographic space, 3303", "a\u3000b", clientbook.ReasonNumberSpaces},
	} {
		if got := clientbook.NumberFault(row.number); got != row.want {
			t.Errorf("%s, %q: got %q, want %q", row.rule, row.number, got, row.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, row := range []struct {
		rule, stored, given, want, fault string
	}{
		{"3.6: changed", "123", "N-1", "N-1", ""},
		{"3.6: the same", "123", "123", "123", ""},
		{"a stored one of another form stays", "a b", "a b", "a b", ""},
		{"149: its form", "123", "a/b", "", "number number_form"},
		{"149: taken away", "123", "", "", "number number_form"},
		{"3303: spaces", "123", "1 2", "", "number number_spaces"},
	} {
		next, err := ada(func(c *clientbook.Client) { c.Number = row.stored }).With(&clientbook.ClientUpdate{Number: &row.given}, rules(settings()))
		if got := fault(err); got != row.fault || err == nil && next.Number != row.want {
			t.Errorf("%s: got %+v, %q, want %q, %q", row.rule, next, got, row.want, row.fault)
		}
	}
	for _, row := range []struct{ given, want, fault string }{
		{"N-1", "N-1", ""}, {"", "", ""}, {"search", "", "number number_form"}, {"1 2", "", "number number_spaces"},
	} {
		c, err := clientbook.NewClient(person(func(u *clientbook.ClientUpdate) { u.Number = &row.given }), rules(settings()))
		if got := fault(err); got != row.fault || err == nil && c.Number != row.want {
			t.Errorf("a new client with %q: got %+v, %q, want %q, %q", row.given, c, got, row.want, row.fault)
		}
	}
}

// A client keeps the key that it came with, and none is given to it later.
func TestForeignKey(t *testing.T) {
	c, err := clientbook.NewClient(person(func(u *clientbook.ClientUpdate) { u.ForeignKey = new("old-key") }), rules(settings()))
	if !wantFault(t, err, "") || c.ForeignKey != "old-key" || c.Key(7) != "old-key" {
		t.Fatalf("got %+v", c)
	}
	next, err := c.With(&clientbook.ClientUpdate{ForeignKey: new("new-key")}, rules(settings()))
	if wantFault(t, err, "") && next.ForeignKey != "old-key" {
		t.Errorf("the key became %q", next.ForeignKey)
	}
}

func TestPatternForbidden(t *testing.T) {
	for _, row := range []struct {
		rule    string
		pattern clientbook.NumberPattern
		want    bool
	}{
		{"the default", "#########", false},
		{"of another tenant", "@@@###", false},
		{"itself", "C-$$$$", false},
		{"32 characters", clientbook.NumberPattern(strings.Repeat("#", 31) + "X"), false},
		{"31 placeholders", clientbook.NumberPattern(strings.Repeat("@", 31)), false},
		{"beyond ASCII", "Zürich-####", false},
		{"32 characters beyond ASCII", clientbook.NumberPattern("ü" + strings.Repeat("#", 31)), false},
		{"a letter's capitals are never search", "@earch", false},
		{"dots with a digit", "..#", false},

		{"empty", "", true},
		{"33 characters", clientbook.NumberPattern(strings.Repeat("#", 33)), true},
		{"space", "## ##", true},
		{"tab", "##\t##", true},
		{"slash", "##/##", true},
		{"question mark", "##?", true},
		{"per cent", "%##", true},
		{"backslash", `\##`, true},
		{"control character", "##\x00", true},
		{"search", "search", true},
		{"only dots", "...", true},
		{"32 digits", clientbook.NumberPattern(strings.Repeat("#", 32)), true},
		{"32 letters, which can be A to F", clientbook.NumberPattern(strings.Repeat("@", 32)), true},
		{"32 of either", clientbook.NumberPattern(strings.Repeat("$", 32)), true},
		{"hex digits and placeholders, 32 together", clientbook.NumberPattern("abcdefABCDEF0123" + strings.Repeat("@#$$", 4)), true},
		{"32 hex digits as they stand", "0123456789abcdef0123456789abcdef", true},
	} {
		if got := row.pattern.Forbidden(); got != row.want {
			t.Errorf("%s, %q: got %v, want %v", row.rule, row.pattern, got, row.want)
		}
	}
}

// What a pattern that is not forbidden makes is never a forbidden number, and has the pattern's form.
func TestGenerateProperty(t *testing.T) {
	signs := []rune("@@##$$.aAfFzZ0-/ %?ü\x00")
	rapid.Check(t, func(t *rapid.T) {
		p := clientbook.NumberPattern(rapid.SliceOfN(rapid.SampledFrom(signs), 0, 34).Draw(t, "pattern"))
		if p.Forbidden() {
			return
		}
		random := rapid.SliceOfN(rapid.Byte(), 600, 600).Draw(t, "random")
		n, err := p.Generate(strings.NewReader(string(random)))
		if errors.Is(err, io.EOF) {
			return // drew too often what it could not use
		}
		if err != nil || clientbook.NumberFault(n) != "" || utf8.RuneCountInString(n) != utf8.RuneCountInString(string(p)) {
			t.Fatalf("%q made %q, %v: %s", p, n, err, clientbook.NumberFault(n))
		}
		if !clientbook.Pattern(p).Matches(n) {
			t.Fatalf("%q made %q, which has not its form", p, n)
		}
	})
}

func TestGenerate(t *testing.T) {
	n, err := clientbook.NumberPattern("ü-@@@###$$").Generate(rand.Reader)
	if form := regexp.MustCompile(`^ü-[A-Z]{3}[0-9]{3}[A-Z0-9]{2}$`); err != nil || !form.MatchString(n) {
		t.Errorf("got %q, %v, want the form %v", n, err, form)
	}
	if _, err := clientbook.NumberPattern("#").Generate(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without randomness: %v", err)
	}
}

// Contract sections 6 and 10: '#' a digit, '@' a letter, '$' either, all else itself.
func TestPatternMatches(t *testing.T) {
	for _, row := range []struct {
		pattern clientbook.Pattern
		text    string
		want    bool
	}{
		{"", "", true}, {"", "anything", true},
		{"#", "0", true}, {"#", "9", true}, {"#", "a", false}, {"#", "", false}, {"#", "12", false}, {"#", "٣", false}, {"#", "#", false},
		{"@", "a", true}, {"@", "Z", true}, {"@", "ä", true}, {"@", "Ж", true}, {"@", "漢", true}, {"@", "1", false}, {"@", "-", false}, {"@", "_", false},
		{"@", "@", false}, {"@", "a\u0308", false}, {"@", "😀", false},
		{"$", "a", true}, {"$", "Ü", true}, {"$", "5", true}, {"$", " ", false}, {"$", "$", false},
		{"AT-@@##", "AT-ab12", true}, {"AT-@@##", "at-ab12", false}, {"AT-@@##", "AT-ab1", false}, {"AT-@@##", "AT-ab123", false}, {"AT-@@##", "AT-äö12", true},
		{"ä#", "ä1", true}, {"ä#", "a1", false}, {".*", "ab", false}, {".*", ".*", true}, {"@@", "漢字", true}, {"@@", "漢字x", false},
	} {
		if got := row.pattern.Matches(row.text); got != row.want {
			t.Errorf("%q matches %q: %v, want %v", row.pattern, row.text, got, row.want)
		}
	}
}
