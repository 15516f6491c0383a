package settings_test

import (
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/settings"
)

func TestDiff(t *testing.T) {
	base := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	edit := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(rendered(t, base)) }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", edit(), nil},
		{"the book", "book: {timeZone: Europe/Vienna, initialState: PENDING_APPROVAL, numberPattern: \"@@@###\", language: GEORGIAN, requireEncodedKey: false}\n", []string{
			"~ book.timeZone: Asia/Tbilisi -> Europe/Vienna", "~ book.metadataKeys: 50 -> 20", "~ book.otherIDDocuments: false -> true",
		}},
		{"one of each", "branches: [{id: b1, name: 1st, active: false, phone: +43 1 1, email: b1@example.com, notes: n}, {id: b3, name: Third}]\n", []string{
			"- branch b2", `~ branch b1: name First -> 1st, address {line1: 1, line2: 2, city: 3, region: 4, postcode: 05, country: AT} -> {}`, "+ branch b3",
		}},
		{"a field", edit("type: CLIENT_LINK", "type: NUMBER", "score: \"-1.50\"", "score: 2"), []string{
			`~ custom field city: options [{value: Wien, score: -1.50, parents: [AT]}, {value: Nowhere}] -> [{value: Wien, score: 2, parents: [AT]}, {value: Nowhere}]`,
			"~ custom field friend: type CLIENT_LINK -> NUMBER",
		}},
		{"secrets", edit("Bearer x", "Bearer y"), []string{"~ template hook: headers changed"}},
		{"long texts", edit("Your code: {CF:code}", strings.Repeat("long ", 50)), []string{"~ template mail: body changed"}},
		{"lists", "sending: {allow: [\"+43\"], perMinute: {EMAIL: 60}}\nwebhooks: {}\n", []string{
			`~ sending.allow: [ada@example.com, @example.com, +43, https://example.com/hook] -> [+43]`,
			"~ sending.perMinute: {EMAIL: 60, SMS: 5, WEB_HOOK: 600} -> {EMAIL: 60}", "~ webhooks.allowPrivate: true -> false",
		}},
		{"order", "branches: [{id: b2, name: Second}, {id: b1, name: First, active: false, phone: +43 1 1, email: b1@example.com, notes: n, " +
			"address: {line1: 1, line2: 2, city: 3, region: 4, postcode: 05, country: AT}}]\n", []string{"~ branches: order changed"}},
		{"fields move", "customFieldSets:\n  - {id: other, name: Other, fields: [{id: club, name: Club, type: GROUP_LINK}]}\n  - id: empty\n    name: Empty\n    fields:\n" +
			"      - {id: code, name: Code, type: STRING, length: LONG, pattern: \"@##\", unique: true, active: false}\n      - {id: new, name: New, type: DATE}\n", []string{
			"- custom field set places", "- custom field country", "- custom field city", "- custom field friend", "- custom field officer", "+ custom field new",
			"~ custom field set other: fields [code, club] -> [club]", "~ custom field set empty: fields [] -> [code]",
		}},
		{"references", "users: [{id: u1, username: ada, firstName: Ada, lastName: Lovelace, email: ada@example.com, branch: b2, creditOfficer: true, administrator: true, active: false}]\n",
			[]string{"~ user u1: branch b1 -> b2"}},
		{"duplicates", "duplicates: {rules: [idDocument]}\n", []string{"~ duplicates.mode: error -> off", "~ duplicates.rules: [idDocument, email, nameAndBirthDate] -> [idDocument]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := settings.Diff(base, apply(t, c.text, base, day(2)))
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}
