package app

import "testing"

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"/srv/data-1": "/srv/data-1", "": "''", "my data": "'my data'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "~x": "'~x'",
	} {
		if got := quote(s); got != want {
			t.Errorf("quote(%q) = %s, want %s", s, got, want)
		}
	}
}
