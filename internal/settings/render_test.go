package settings_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clientbook"
	"clientbook/internal/settings"
)

func rendered(t testing.TB, s *clientbook.Settings) string {
	t.Helper()
	text, err := settings.Render(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A rendered file changes nothing of its own settings, and makes others the same but for the times.
func TestRender(t *testing.T) {
	for name, s := range map[string]*clientbook.Settings{
		"defaults": clientbook.DefaultSettings(),
		"example":  apply(t, read(t, "example.yaml"), clientbook.DefaultSettings(), day(1)),
		"full":     apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1)),
	} {
		t.Run(name, func(t *testing.T) {
			text := rendered(t, s)
			same(t, apply(t, text, s, day(2)), s)
			same(t, apply(t, text, clientbook.DefaultSettings(), day(1)), s)
			same(t, rendered(t, apply(t, text, s, day(2))), text)
			other := apply(t, "branches: [{id: old, name: Old}]\nbook: {language: FRENCH}\n", clientbook.DefaultSettings(), day(3))
			same(t, apply(t, text, other, day(1)), s)
		})
	}
}

func TestRenderDangling(t *testing.T) {
	s := clientbook.DefaultSettings()
	s.Centres = []clientbook.Centre{{Definition: define(1, "c", "C"), Branch: "nothing"}}
	if _, err := settings.Render(s); err == nil || !strings.Contains(err.Error(), `refer to "nothing"`) {
		t.Errorf("error %v", err)
	}
}

// Whatever text a file may hold survives a file.
func TestRenderTexts(t *testing.T) {
	line := rapid.StringOf(rapid.Rune().Filter(func(r rune) bool { return r >= ' ' && (r < 0x7f || r > 0x9f) }))
	tricky := rapid.SampledFrom([]string{"", "null", "~", "true", "no", "#", "@x", "- a", "a: b", "a #b", "'", "\"", "1", "1e3", "0x1", "2020-01-01", "<<", "=",
		"\u2028", "\u0085"[:0], "\ufeff", "{", "[", "%", "`", "&a", "*a", "!x", "|", ">", "?", ":", "\\", "a\\nb", "é", "日本", "\U0001F600", " a", "a "})
	text := rapid.OneOf(line, tricky)
	body := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(text, rapid.SampledFrom([]string{"\t", "", " ", "  x"})), 1, 5).Draw(t, "lines"), "\n")
	})
	rapid.Check(t, func(rt *rapid.T) {
		s := clientbook.DefaultSettings()
		name := func(label string) string { return "n" + cut(text.Draw(rt, label)) }
		at := day(1)
		d := func(id string) clientbook.Definition {
			return clientbook.Definition{Key: clientbook.DefinitionKey("key-" + id), ID: id, Name: name(id), Created: at, Modified: at}
		}
		s.Branches = []clientbook.Branch{{Definition: d("b"), Active: rapid.Bool().Draw(rt, "active"), Phone: cut(text.Draw(rt, "phone")), Notes: body.Draw(rt, "notes")}}
		s.Templates = []clientbook.Template{{
			Definition: d("t"), Channel: clientbook.SMSChannel, Event: clientbook.ClientCreated,
			Body: "x" + strings.NewReplacer("{", "(", "}", ")").Replace(body.Draw(rt, "body")), Recipient: clientbook.ToClient, Active: true,
		}}
		s.CustomFieldSets = []clientbook.CustomFieldSet{{Definition: d("s"), Notes: body.Draw(rt, "set"), Fields: []clientbook.CustomField{{
			Definition: d("f"), Type: clientbook.SelectionField, Active: true, Options: []clientbook.FieldOption{{Key: "o", Value: name("option")}},
		}}}}
		file := rendered(t, s)
		f, problems := settings.Parse([]byte(file))
		if len(problems) > 0 {
			rt.Fatalf("%s\n%s", join(problems), file)
		}
		for _, now := range []time.Time{at, day(2)} {
			old := clientbook.DefaultSettings()
			if now != at {
				old = s
			}
			got, problems := f.Merge(old, minter(), now)
			if len(problems) > 0 {
				rt.Fatalf("%s\n%s", join(problems), file)
			}
			if diff := settings.Diff(s, got); len(diff) > 0 {
				rt.Fatalf("%q\n%s", diff, file)
			}
			same(t, got, s)
		}
	})
}

// cut shortens a text to what a name may have.
func cut(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 254)])
}
