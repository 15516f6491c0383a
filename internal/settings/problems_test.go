package settings_test

import (
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/settings"
)

// Every kind of problem, each with its place. A want is how a problem begins; all of them are wanted, in that order.
var problemCases = []struct {
	name, text string
	want       []string
}{
	// What is no YAML, or more than a settings file may use of it.
	{"a list", "- book\n", []string{"1:1: is a list, want a mapping"}},
	{"text", "hello\n", []string{"1:1: is text, want a mapping"}},
	{"null", "~\n", []string{"1:1: is nothing, want a mapping"}},
	{"two documents", "book: {}\n---\nbook: {}\n", []string{"2:1: a second document"}},
	{"an empty second document", "book: {}\n---\n", []string{"2:1: a second document"}},
	{"no YAML", "book:\n  timeZone: UTC\n language: GERMAN\n", []string{"3:1: not YAML: did not find expected key"}},
	{"no YAML in the first line", "book: ]\n", []string{"1:1: not YAML: "}},
	{"a second colon", "book:\n  timeZone: a: b\n", []string{"2:1: not YAML: mapping values are not allowed"}},
	{"a tab", "book:\n\ttimeZone: UTC\n", []string{"2:1: not YAML: "}},
	{"unquoted @", "book:\n  numberPattern: @@@###\n", []string{"2:1: not YAML: found character that cannot start any token: text that begins with"}},
	{"unquoted @ in a list", "sending:\n  allow: [@example.com]\n", []string{`2:1: not YAML: found character that cannot start any token: text that begins with "#" or "@"`}},
	{"unquoted @ in a mapping", "clientTypes:\n  - {id: a, numberPattern: @@}\n", []string{"2:1: not YAML: found character that cannot start any token: text that begins"}},
	{"unquoted #", "book:\n  numberPattern: ####\n  language: GERMAN\n", []string{`2:3: book.numberPattern: has no value; text that begins with "#" or "@" must be quoted`}},
	{"unquoted # at the end", "book:\n  numberPattern: ####\n", []string{"2:3: book.numberPattern: has no value; text that begins"}},
	{"null values", "book:\n  timeZone: null\n  language: ~\nusers:\nbranches:\n  -\n", []string{
		"2:13: book.timeZone: has no value", "3:13: book.language: has no value", "4:1: users: has no value", "6:4: branches[0]: has no value",
	}},
	{"anchors and aliases", "branches:\n  - &a {id: a, name: A}\n  - *a\n", []string{"2:5: anchors are not allowed", "3:5: aliases are not allowed"}},
	{"an alias of nothing", "book:\n  timeZone: *zone\n  language: GERMAN\n  metadataKeys: 4\n", []string{"2:1: not YAML: unknown anchor 'zone'"}},
	{"tags", "book:\n  timeZone: !!str UTC\n  language: ! GERMAN\nusers: !x []\n", []string{
		"2:13: tags are not allowed", "3:13: tags are not allowed", "4:8: tags are not allowed",
	}},
	{"not UTF-8", "book:\n  timeZone: ü\xff\n", []string{"2:14: not UTF-8"}},
	{"NUL", "book:\n  timeZone: \"\x00\"\n", []string{"2:14: a character that no file may have (U+0000)"}},
	{"too large", "# " + strings.Repeat("x", settings.MaxBytes) + "\n", []string{"1:1: a settings file has at most 1048576 bytes"}},
	{"nested too deeply", "book: " + strings.Repeat("[", 14) + strings.Repeat("]", 14) + "\n", []string{"1:7: book: is a list, want a mapping", "1:18: nested too deeply"}},
	{"nested beyond reason", strings.Repeat("[", 100_000), []string{"1:1: not YAML: exceeded max depth"}},
	{"a key twice", "book:\n  language: GERMAN\n  language: FRENCH\nbook: {}\n", []string{"3:3: book.language: is here twice, first in line 2", "4:1: book: is here twice, first in line 1"}},
	{"unknown keys", "books: {}\nbook:\n  zone: UTC\n\"a\\nb\": 1\n<<: {}\n", []string{
		"1:1: books: unknown key", "3:3: book.zone: unknown key", `4:1: ["a\nb"]: unknown key`, `5:1: ["<<"]: unknown key`,
	}},
	{"keys that are none", "? [a]\n: 1\n? {b: c}\n: 1\n", []string{"1:3: a key here is a list", "3:3: a key here is a mapping"}},

	// Values of the wrong type.
	{"types", "book: []\nbranches: {}\nwebhooks: yes\nusers: 7\nsending:\n  allow: \"@example.com\"\n", []string{
		"1:7: book: is a list, want a mapping", "2:11: branches: is a mapping, want a list", "3:11: webhooks: is text, want a mapping",
		"4:8: users: is text, want a list", "6:10: sending.allow: is text, want a list",
	}},
	{"entries", "branches:\n  - a\n  - [b]\n", []string{"2:5: branches[0]: is text, want a mapping", "3:5: branches[1]: is a list, want a mapping"}},
	{"text", "branches:\n  - id: [a]\n    name: {}\n", []string{"2:9: branches[0].id: is a list, want text", "3:11: branches[0].name: is a mapping, want text"}},
	{"flags", "webhooks: {allowPrivate: yes}\nbook: {otherIDDocuments: \"true\", requireEncodedKey: 1}\n", []string{
		"1:26: webhooks.allowPrivate: want true or false", "2:26: book.otherIDDocuments: want true", "2:53: book.requireEncodedKey: want true",
	}},
	{"integers", "book:\n  metadataKeys: 5.5\nsending:\n  perMinute: {EMAIL: \"5\", SMS: 0, WEB_HOOK: 0x10}\n", []string{
		"2:17: book.metadataKeys: want an integer from 1 to 50", "4:22: sending.perMinute.EMAIL: want an integer from 1 to",
		"4:32: sending.perMinute.SMS: want", "4:45: sending.perMinute.WEB_HOOK: want",
	}},

	// The book.
	{"time zones", "book: {timeZone: Mars/Olympus}\n", []string{`1:18: book.timeZone: is "Mars/Olympus", want the IANA name`}},
	{"local time", "book: {timeZone: Local}\n", []string{"1:18: book.timeZone: is"}},
	{"no time zone", "book: {timeZone: \"\"}\n", []string{"1:18: book.timeZone: is"}},
	{"states", "book: {initialState: ACTIVE}\n", []string{`1:22: book.initialState: is "ACTIVE", want INACTIVE or PENDING_APPROVAL`}},
	{"languages", "book: {language: german}\n", []string{`1:18: book.language: is "german", want ENGLISH, PORTUGESE`}},
	{"metadata keys", "book: {metadataKeys: 51}\n", []string{"1:22: book.metadataKeys: want an integer from 1 to 50"}},
	{"no metadata keys", "book: {metadataKeys: 0}\n", []string{"1:22: book.metadataKeys: want an integer"}},
	{"number patterns", "book: {numberPattern: \"a b\"}\nclientTypes: [{id: a, name: A, default: true, numberPattern: \"a/#\"}]\n", []string{
		`1:23: book.numberPattern: "a b" can make what is no client number`, `2:62: clientTypes[0].numberPattern: "a/#" can make`,
	}},
	{"no number pattern", "book: {numberPattern: \"\"}\n", []string{`1:23: book.numberPattern: "" can make`}},
	{"duplicates", "duplicates:\n  mode: on\n  rules: [name, email, name, shoes]\n", []string{
		`2:9: duplicates.mode: is "on", want off, warning or error`, `3:24: duplicates.rules[2]: "name" is here twice`,
		`3:30: duplicates.rules[3]: is "shoes", want idDocument`,
	}},
	{"destinations", "sending:\n  allow:\n    - Ada <ada@example.com>\n    - \"@exa mple\"\n    - \"+\"\n    - ftp://example.com\n    - http://\n    - example.com\n    - \"+43\"\n    - \"+43\"\n", []string{
		"3:7: sending.allow[0]: is", "4:7: sending.allow[1]: is", "5:7: sending.allow[2]: is", "6:7: sending.allow[3]: is",
		"7:7: sending.allow[4]: is", `8:7: sending.allow[5]: is "example.com", want an e-mail address`, `10:7: sending.allow[7]: "+43" is here twice`,
	}},
	{"unknown channel", "sending: {perMinute: {FAX: 1}}\n", []string{"1:23: sending.perMinute.FAX: unknown key"}},

	// Definitions.
	{"what is required", "clientTypes:\n  - {default: true}\nusers:\n  - {}\nteamMembers:\n  - {}\nidDocumentTemplates:\n  - {}\n", []string{
		"2:5: clientTypes[0].id: is missing", "2:5: clientTypes[0].name: is missing", "4:5: users[0].firstName: is missing",
		"4:5: users[0].id: is missing", "4:5: users[0].lastName: is missing", "4:5: users[0].username: is missing",
		"6:5: teamMembers[0].firstName: is missing", "6:5: teamMembers[0].lastName: is missing",
		"8:5: idDocumentTemplates[0].documentType: is missing", "8:5: idDocumentTemplates[0].id: is missing",
	}},
	{"ids", "branches:\n  - {id: \"\", name: A}\n  - {id: a b, name: A}\n  - {id: " + strings.Repeat("x", 65) + ", name: A}\n  - {id: ü, name: A}\n", []string{
		`2:10: branches[0].id: is "", want 1 to 64 of`, `3:10: branches[1].id: is "a b"`, "4:10: branches[2].id: is", `5:10: branches[3].id: is "ü"`,
	}},
	{"ids twice", "branches:\n  - {id: a, name: A}\n  - {name: B, id: a}\ncentres:\n  - {id: a, name: C}\n", []string{`3:19: branches[1].id: "a" is here twice, first in line 2`}},
	{"blank names", "branches:\n  - {id: a, name: \"\"}\n  - {id: b, name: \" \\t\"}\n", []string{
		"2:19: branches[0].name: is blank", "3:19: branches[1].name: has a control character (U+0009)", "3:19: branches[1].name: is blank",
	}},
	{"long texts", "branches:\n  - id: a\n    name: " + strings.Repeat("ü", 256) + "\n    phone: " + strings.Repeat("1", 255) + "\n    notes: " + strings.Repeat("n", 65536) + "\n", []string{
		"3:11: branches[0].name: has 256 characters, at most 255", "5:12: branches[0].notes: has 65536 characters, at most 65535",
	}},
	{"control characters", "branches:\n  - id: a\n    name: \"a\\nb\"\n    notes: \"a\\n\\tb\\u0007\"\n", []string{
		"3:11: branches[0].name: has a control character (U+000A)", "4:12: branches[0].notes: has a control character (U+0007)",
	}},
	{"keys", "branches:\n  - {id: a, name: A, encodedKey: a/b}\n  - {id: b, name: B, encodedKey: a b}\n  - {id: c, name: C, encodedKey: \"\"}\n  - {id: d, name: D, encodedKey: " + strings.Repeat("k", 65) + "}\n", []string{
		`2:34: branches[0].encodedKey: is "a/b", want 1 to 64 printable characters`, "3:34: branches[1].encodedKey: is", "4:34: branches[2].encodedKey: is",
		"5:34: branches[3].encodedKey: is",
	}},
	{"keys twice", "branches:\n  - {id: a, name: A, encodedKey: k1}\ncentres:\n  - {id: a, name: A, encodedKey: k1}\nusers:\n  - {id: u, username: u, firstName: U, lastName: U, encodedKey: d9df8bc78a0234ccc934a845c}\n", []string{
		`4:34: centres[0].encodedKey: "k1" is the key of branch a too`,
		`6:65: users[0].encodedKey: "d9df8bc78a0234ccc934a845c" is the key of client type client too`,
		`6:65: users[0].encodedKey: is the key of client type client`,
	}},
	{"a key that is an id", "branches:\n  - {id: a, name: A, encodedKey: a}\n  - {id: b, name: B, encodedKey: a2}\n  - {id: a2, name: C}\n", []string{
		`3:34: branches[1].encodedKey: "a2" is the id of another branch`,
	}},
	{"another key", "clientTypes:\n  - {id: client, name: Client, default: true, encodedKey: other}\n", []string{
		"2:59: clientTypes[0].encodedKey: the key of client type client is d9df8bc78a0234ccc934a845c and can't change",
	}},

	// Client types.
	{"no default", "clientTypes:\n  - {id: a, name: A}\n", []string{"1:1: clientTypes: exactly one type of kind CLIENT must say default"}},
	{"two defaults", "clientTypes:\n  - {id: a, name: A, default: true}\n  - {id: b, name: B, default: true}\n", []string{"3:31: clientTypes[1].default: exactly one"}},
	{"a group is the default", "clientTypes:\n  - {id: a, name: A, default: true}\n  - {id: b, name: B, default: true, kind: GROUP}\n", []string{"3:31: clientTypes[1].default: only a type of kind CLIENT"}},
	{"kinds", "clientTypes:\n  - {id: a, name: A, default: true, kind: PERSON}\n", []string{`2:43: clientTypes[0].kind: is "PERSON", want CLIENT or GROUP`}},

	// Custom fields.
	{"sets", "customFieldSets:\n  - {id: s, name: S, entity: LOAN, usage: MANY}\n", []string{
		`2:30: customFieldSets[0].entity: is "LOAN", want CLIENT`, `2:43: customFieldSets[0].usage: is "MANY", want SINGLE or GROUPED`,
	}},
	{"no type", "customFieldSets:\n  - id: s\n    name: S\n    fields:\n      - {id: a, name: A, options: [{value: x}]}\n", []string{"5:9: customFieldSets[0].fields[0].type: is missing"}},
	{"types of fields", "customFieldSets:\n  - id: s\n    name: S\n    fields:\n      - {id: a, name: A, type: TEXT}\n", []string{`5:32: customFieldSets[0].fields[0].type: is "TEXT", want STRING, NUMBER`}},
	{"fields twice", "customFieldSets:\n  - {id: s, name: S, fields: [{id: a, name: A, type: DATE}]}\n  - {id: t, name: T, fields: [{id: a, name: A, type: DATE}]}\n", []string{
		`3:36: customFieldSets[1].fields[0].id: "a" is here twice, first in line 2`,
	}},
	{"what suits a type", inSet("- {id: a, name: A, type: NUMBER, length: LONG, pattern: \"#\"}", "- {id: b, name: B, type: CLIENT_LINK, options: [{value: x}], pattern: x}",
		"- {id: c, name: C, type: CHECKBOX, unique: true}", "- {id: d, name: D, type: STRING, required: true, active: false, parent: a}",
		"- {id: e, name: E, type: STRING, length: MEDIUM}", "- {id: f, name: F, type: SELECTION}", "- {id: g, name: G, type: SELECTION, options: []}"), []string{
		"5:48: customFieldSets[0].fields[0].length: is only for STRING", "5:63: customFieldSets[0].fields[0].pattern: is only for STRING",
		"6:54: customFieldSets[0].fields[1].options: is only for SELECTION", "6:77: customFieldSets[0].fields[1].pattern: is only for STRING",
		"7:50: customFieldSets[0].fields[2].unique: a CHECKBOX", "8:50: customFieldSets[0].fields[3].required: a field that takes no values",
		"8:79: customFieldSets[0].fields[3].parent: is only for SELECTION", `9:48: customFieldSets[0].fields[4].length: is "MEDIUM", want SHORT or LONG`,
		"10:9: customFieldSets[0].fields[5].options: is missing", "11:52: customFieldSets[0].fields[6].options: a SELECTION has at least one option",
	}},
	{"options", inSet("- {id: a, name: A, type: SELECTION, options: [{value: x, score: ten}, {value: \" \"}, {value: x}, {}, {value: y, parents: [x]}]}"), []string{
		`5:71: customFieldSets[0].fields[0].options[0].score: is "ten", want a decimal number`,
		"5:85: customFieldSets[0].fields[0].options[1].value: is blank", `5:99: customFieldSets[0].fields[0].options[2].value: "x" is here twice, first in line 5`,
		"5:103: customFieldSets[0].fields[0].options[3].value: is missing", "5:127: customFieldSets[0].fields[0].options[4].parents: is only for the options of a field with a parent",
	}},
	{"parents", inSet("- {id: a, name: A, type: SELECTION, parent: a, options: [{value: x}]}", "- {id: b, name: B, type: SELECTION, parent: c, options: [{value: x}]}",
		"- {id: c, name: C, type: SELECTION, parent: b, options: [{value: x}]}", "- {id: d, name: D, type: SELECTION, parent: nothing, options: [{value: x}]}",
		"- {id: e, name: E, type: SELECTION, parent: f, options: [{value: x}]}", "- {id: f, name: F, type: STRING}",
		"- {id: g, name: G, type: SELECTION, parent: h, options: [{value: x, parents: [y, z]}]}", "- {id: h, name: H, type: SELECTION, options: [{value: y}]}",
		"- {id: i, name: I, type: SELECTION, parent: b, options: [{value: x}]}"), []string{
		"5:51: customFieldSets[0].fields[0].parent: the parents go in a circle", "6:51: customFieldSets[0].fields[1].parent: the parents go in a circle",
		"7:51: customFieldSets[0].fields[2].parent: the parents go in a circle", `8:51: customFieldSets[0].fields[3].parent: there is no other field "nothing" in this set`,
		`9:51: customFieldSets[0].fields[4].parent: "f" is no SELECTION`, `11:88: customFieldSets[0].fields[6].options[0].parents[1]: "z" is no value of "h"`,
	}},
	{"client types of a field", inSet("- {id: a, name: A, type: DATE, clientTypes: [client, client, retail]}"), []string{
		`5:60: customFieldSets[0].fields[0].clientTypes[1]: "client" is here twice`, `5:68: customFieldSets[0].fields[0].clientTypes[2]: there is no client type "retail"`,
	}},

	// Branches, centres, users, team members.
	{"references", "centres:\n  - {id: c, name: C, branch: b}\nusers:\n  - {id: u, username: u, firstName: U, lastName: U, branch: b}\n", []string{
		`2:30: centres[0].branch: there is no branch "b"`, `4:61: users[0].branch: there is no branch "b"`,
	}},
	{"meeting days", "centres:\n  - {id: c, name: C, meetingDay: Monday}\n", []string{`2:34: centres[0].meetingDay: is "Monday", want MONDAY`}},
	{"addresses", "branches:\n  - {id: b, name: B, address: {street: x}}\n", []string{"2:32: branches[0].address.street: unknown key"}},
	{"users", "users:\n  - {id: u, username: u, firstName: U, lastName: U, email: nobody}\n  - {id: v, username: u, firstName: U, lastName: U}\n  - {id: w, username: \"a:b\", firstName: U, lastName: U}\n", []string{
		"2:60: users[0].email: is no e-mail address", `3:23: users[1].username: "u" is here twice, first in line 2`, "4:23: users[2].username: has a colon",
	}},
	{"team members", "teamMembers:\n  - {id: short, firstName: A, lastName: B}\n  - {id: abcdefghijklmnopq, firstName: A, lastName: B}\n  - {id: abcdefghijklmnopq, firstName: C, lastName: D}\n", []string{
		`2:10: teamMembers[0].id: is "short", want 17 letters and digits`, `4:10: teamMembers[2].id: "abcdefghijklmnopq" is here twice, first in line 3`,
	}},

	// Templates.
	{"templates", "templates:\n  - {id: a, name: A}\n  - {id: b, name: A, channel: PIGEON, event: CLIENT_EATEN, body: x, recipient: ALL, option: MAYBE}\n", []string{
		"2:5: templates[0].body: is missing", "2:5: templates[0].channel: is missing", "2:5: templates[0].event: is missing",
		`3:19: templates[1].name: "A" is here twice, first in line 2`, `3:31: templates[1].channel: is "PIGEON", want EMAIL, SMS or WEB_HOOK`,
		`3:46: templates[1].event: is "CLIENT_EATEN", want CLIENT_CREATED`, `3:80: templates[1].recipient: is "ALL", want CLIENT or CREDIT_OFFICER`,
		`3:93: templates[1].option: is "MAYBE", want OPT_OUT or OPT_IN`,
	}},
	{"subjects", "templates:\n  - {id: a, name: A, channel: EMAIL, event: CLIENT_CREATED, body: x}\n  - {id: b, name: B, channel: SMS, event: CLIENT_CREATED, body: x, subject: s}\n", []string{
		"2:5: templates[0].subject: is missing", "3:77: templates[1].subject: is only for EMAIL",
	}},
	{"bodies", "templates:\n  - {id: a, name: A, channel: SMS, event: CLIENT_CREATED, body: \" \\n\"}\n  - {id: b, name: B, channel: SMS, event: CLIENT_CREATED, body: \"x\\r\"}\n  - {id: c, name: C, channel: SMS, event: CLIENT_CREATED, body: " + strings.Repeat("x", 64<<10+1) + "}\n", []string{
		"2:65: templates[0].body: is blank", "3:65: templates[1].body: has a control character (U+000D)", "4:65: templates[2].body: has 65537 bytes",
	}},
	{"only for web hooks", "templates:\n  - id: a\n    name: A\n    channel: SMS\n    event: CLIENT_CREATED\n    body: x\n    url: https://example.com\n    method: PUT\n    contentType: text/plain\n    headers: {A: b}\n", []string{
		"7:10: templates[0].url: is only for WEB_HOOK", "8:13: templates[0].method: is only for WEB_HOOK",
		"9:18: templates[0].contentType: is only for WEB_HOOK", "10:14: templates[0].headers: is only for WEB_HOOK",
	}},
	{"web hooks", "templates:\n  - {id: a, name: A, channel: WEB_HOOK, event: CLIENT_CREATED, body: \"{}\"}\n  - id: b\n    name: B\n    channel: WEB_HOOK\n    event: CLIENT_CREATED\n    body: \"{}\"\n    url: example.com/x\n    method: GET\n    contentType: json\n    headers:\n      \"a b\": c\n      Host: x\n      X-One: \"1\\n2\"\n      x-one: 2\n      X-Two:\n", []string{
		"2:5: templates[0].url: is missing", `8:10: templates[1].url: is "example.com/x", want an absolute http or https URL`,
		`9:13: templates[1].method: is "GET", want POST, PUT or PATCH`, `10:18: templates[1].contentType: is "json", want a media type`,
		`12:7: templates[1].headers["a b"]: "a b" can't be the name of a header`, "13:7: templates[1].headers.Host: is set by the server",
		"14:14: templates[1].headers.X-One: has a control character (U+000A)", "15:7: templates[1].headers.x-one: is here twice", "16:7: templates[1].headers.X-Two: has no value",
	}},
	{"placeholders", "templates:\n  - id: a\n    name: A\n    channel: EMAIL\n    event: CLIENT_CREATED\n    subject: \"{NOTHING}\"\n    body: \"{CLIENT_ID} {CF:none}\"\n    clientTypes: [x]\n", []string{
		"6:14: templates[0].subject: {NOTHING}", "7:11: templates[0].body: {CF:none}", `8:19: templates[0].clientTypes[0]: there is no client type "x"`,
	}},
	{"a password in a URL", "templates:\n  - {id: a, name: A, channel: WEB_HOOK, event: CLIENT_CREATED, body: \"{}\", url: \"https://user:secret@example.com/x@y\"}\n  - {id: b, name: B, channel: WEB_HOOK, event: CLIENT_CREATED, body: \"{}\", url: \"https://example.com/x@y?z=a@b\"}\n", []string{
		"2:81: templates[0].url: must hold no user name and no password, since it is shown in the log of messages: give a header",
	}},
	{"placeholders of headers", "templates:\n  - id: a\n    name: A\n    channel: WEB_HOOK\n    event: CLIENT_CREATED\n    body: \"{}\"\n    url: \"https://example.com/{WHO}\"\n    headers:\n      X.Who: \"{WHO}\"\n", []string{
		"7:10: templates[0].url: {WHO}", `9:14: templates[0].headers["X.Who"]: {WHO}`,
	}},
}

// inSet gives a file with fields in one set; the first is in line 5.
func inSet(fields ...string) string {
	return "customFieldSets:\n  - id: s\n    name: S\n    fields:\n      " + strings.Join(fields, "\n      ") + "\n"
}

func TestProblems(t *testing.T) {
	for _, c := range problemCases {
		t.Run(c.name, func(t *testing.T) {
			f, problems := settings.Parse([]byte(c.text))
			if f != nil {
				var s *clientbook.Settings
				if s, problems = f.Merge(clientbook.DefaultSettings(), minter(), day(1)); s != nil {
					t.Fatal("settings are given")
				}
			}
			ok := len(problems) == len(c.want)
			for i := 0; ok && i < len(problems); i++ {
				ok = strings.HasPrefix(problems[i].String(), c.want[i])
			}
			if !ok {
				t.Errorf("problems:\n  %s\nwant:\n  %s", join(problems), strings.Join(c.want, "\n  "))
			}
		})
	}
}

// Problems that can be seen without the old settings are Parse's already.
func TestParseProblems(t *testing.T) {
	f, problems := settings.Parse([]byte("book: {timeZone: X}\nbranches: [{id: a}]\ncentres: [{id: c, name: C, branch: b}]\n"))
	if got := join(problems); f == nil || !strings.HasPrefix(got, "1:18: book.timeZone") || len(problems) != 2 {
		t.Errorf("problems: %s", got)
	}
	if _, problems := f.Merge(clientbook.DefaultSettings(), minter(), day(1)); len(problems) != 3 {
		t.Errorf("problems of the merge: %s", join(problems))
	}
}

func join(problems []settings.Problem) string {
	var lines []string
	for _, p := range problems {
		s := p.String()
		lines = append(lines, s[:min(len(s), 200)])
	}
	return strings.Join(lines, "\n  ")
}
