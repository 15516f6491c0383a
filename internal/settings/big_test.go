package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/settings"
)

// filled repeats a format with a number, up to a quarter of what a file may have.
func filled(format string) string {
	var b strings.Builder
	for i := 0; b.Len() < settings.MaxBytes/4; i++ {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// What takes a moment for each line takes no more than a moment for each, however many there are: what grew with their square would hang.
func TestBig(t *testing.T) {
	for name, text := range map[string]string{
		"branches":     "branches:\n" + filled("- {id: a%d, name: x, encodedKey: k%d}\n"),
		"team members": "teamMembers:\n" + filled("- {firstName: a%d, lastName: x}\n"),
		"fields":       "customFieldSets:\n- id: s\n  name: s\n  fields:\n" + filled("  - {id: a%d, name: x, type: SELECTION, parent: a1%d, options: [{value: x}]}\n"),
		"allow":        "sending:\n  allow:\n" + filled("  - +%d\n"),
		"unended list": "branches: [" + filled("{},"),
		"numbers":      "branches: [" + filled("1,") + "]",
		"unknown keys": filled("k%d: 1\n"),
		"keys twice":   filled("k: 1\n"),
		"flow lists":   "a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
		"mappings":     strings.Repeat("{a: ", 9000),
		"lists":        strings.Repeat("- ", 9000),
		"keys":         strings.Repeat("? ", 9000),
		"comments":     "branches:\n" + filled("- a # %d\n"),
		"references":   "centres:\n" + filled("- {id: a%d, name: x, branch: b}\n"),
		"web hooks":    "templates:\n" + filled("- {id: a%d, name: a%d, channel: WEB_HOOK, event: CLIENT_CREATED, url: 'http://x/{Y}', body: '{CF:x}', headers: {a: b}}\n"),
		"unended text": "a: \"" + strings.Repeat("x\n", 500000),
		"anchors":      "a: [" + filled("&a%d x,") + "]",
	} {
		t.Run(name, func(t *testing.T) {
			f, problems := settings.Parse([]byte(text))
			if f == nil {
				if len(problems) == 0 {
					t.Fatal("neither a file nor a problem")
				}
				return
			}
			s, _ := f.Merge(clientbook.DefaultSettings(), minter(), day(1))
			if s == nil {
				return
			}
			if len(settings.Diff(clientbook.DefaultSettings(), s)) == 0 {
				t.Error("nothing differs")
			}
			rendered(t, s)
		})
	}
}
