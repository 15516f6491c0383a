package book_test

import (
	"math/big"
	"testing"
	"unicode"

	"clientbook"
	"clientbook/internal/book"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"", ""}, {" ", ""}, {"ada", "ada"}, {"Ada", "ada"}, {" Ada  Marsh ", "ada marsh"}, {"a b", "a b"}, {"a ", "a"}, {" a", "a"},
		{"Straße", "strasse"}, {"JOSE\u0301", "josé"}, {"ﬁsh", "fish"}, {"ＡＤＡ", "ada"}, {"ΟΔΥΣΣΕΥΣ", "οδυσσευσ"}, {"οδυσσευς", "οδυσσευσ"},
		{"a\u00a0\tb\r\nc", "a b c"}, {"\u3000a\u2003b", "a b"}, {"I", "i"}, {"A-B_1", "a-b_1"}, {"İ", "i\u0307"}, {"℡", "tel"}, {"Ꭰꭰ", "ᎠᎠ"}, {"Ᏸᏸ", "ᏰᏰ"}, {"a\x7fb", "a\x7fb"},
	} {
		if got := book.Fold(x.in); got != x.want {
			t.Errorf("fold(%q) = %q, want %q", x.in, got, x.want)
		}
	}
}

// TestFoldedStaysFolded: a folded text stands for itself in tokens, so folding it again must change nothing.
func TestFoldedStaysFolded(t *testing.T) {
	for r := rune(1); r < 0x20000; r++ { // above are Han and private use
		if !unicode.IsOneOf([]*unicode.RangeTable{unicode.Letter, unicode.Mark, unicode.Space, unicode.Symbol}, r) || unicode.Is(unicode.Han, r) {
			continue
		}
		for _, s := range [...]string{string(r), "a" + string(r), string(r) + "\u0301"} {
			if once := book.Fold(s); book.Fold(once) != once {
				t.Errorf("fold(%+q) = %+q, which folds to %+q", s, once, book.Fold(once))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := book.Fold(s); book.Fold(once) != once {
			t.Errorf("fold(%+q) = %+q, which folds to %+q", s, once, book.Fold(once))
		}
	})
}

func TestCanonicalNumbers(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"0", "0"}, {"-0", "0"}, {"+0.00", "0"}, {"-0.50", "-0.5"}, {"+5", "5"}, {"007", "7"}, {"1.0", "1"}, {"10", "10"}, {"00.10", "0.1"}, {"-12.340", "-12.34"},
	} {
		if got := book.Canonical(x.in); got != x.want {
			t.Errorf("canonical(%q) = %q, want %q", x.in, got, x.want)
		}
	}
	decimal := rapid.StringMatching(`[+-]?[0-9]{1,4}(\.[0-9]{1,4})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimal.Draw(t, "a"), decimal.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if (book.Canonical(a) == book.Canonical(b)) != (x.Cmp(y) == 0) || !clientbook.Decimal(book.Canonical(a)) {
			t.Errorf("%s is %s, %s is %s", a, book.Canonical(a), b, book.Canonical(b))
		}
	})
}
