package settings_test

import (
	"os"
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/settings"
)

func FuzzParse(f *testing.F) {
	for _, name := range []string{"example.yaml", "full.yaml"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, c := range problemCases {
		if len(c.text) < 10_000 {
			f.Add([]byte(c.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, problems := settings.Parse(text)
		if file == nil && len(problems) == 0 {
			t.Fatal("neither a file nor a problem")
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Text == "" || strings.ContainsAny(p.String(), "\n\r\x00") {
				t.Fatalf("problem %q", p)
			}
		}
		if file == nil {
			return
		}
		s, merged := file.Merge(clientbook.DefaultSettings(), minter(), day(1))
		if s == nil {
			if len(merged) == 0 {
				t.Fatal("neither settings nor a problem")
			}
			return
		}
		again, merged := file.Merge(s, minter(), day(2))
		if len(merged) > 0 {
			t.Fatalf("again: %s", join(merged))
		}
		same(t, again, s)
		text, err := settings.Render(s)
		if err != nil {
			t.Fatal(err)
		}
		if file, problems = settings.Parse(text); len(problems) > 0 {
			t.Fatalf("%s\n%s", join(problems), text)
		}
		again, merged = file.Merge(s, minter(), day(2))
		if len(merged) > 0 {
			t.Fatalf("%s\n%s", join(merged), text)
		}
		same(t, again, s)
	})
}
