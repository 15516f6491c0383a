package settings_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/settings"
)

// minter makes keys that tell which is which.
func minter() func() clientbook.DefinitionKey {
	n := 0
	return func() clientbook.DefinitionKey {
		n++
		return clientbook.DefinitionKey(fmt.Sprintf("%032x", n))
	}
}

func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

// apply merges a file that has no problems.
func apply(t *testing.T, text string, old *clientbook.Settings, now time.Time) *clientbook.Settings {
	t.Helper()
	f, problems := settings.Parse([]byte(text))
	if len(problems) > 0 {
		t.Fatalf("parse: %s", join(problems))
	}
	n := 0
	mint := func() clientbook.DefinitionKey {
		n++
		return clientbook.DefinitionKey(fmt.Sprintf("minted-%d-%d", now.Day(), n))
	}
	s, problems := f.Merge(old, mint, now)
	if len(problems) > 0 {
		t.Fatalf("merge: %s", join(problems))
	}
	return s
}

// wrong gives the problems that a file has with old settings.
func wrong(t *testing.T, text string, old *clientbook.Settings) []string {
	t.Helper()
	f, problems := settings.Parse([]byte(text))
	if f != nil {
		_, problems = f.Merge(old, minter(), day(20))
	}
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n  %+v\nwant\n  %+v", got, want)
	}
}

func define(n int, id, name string) clientbook.Definition {
	return clientbook.Definition{Key: clientbook.DefinitionKey(fmt.Sprintf("minted-1-%d", n)), ID: id, Name: name, Created: day(1), Modified: day(1)}
}

// example.yaml is the example of the contract.
func TestExample(t *testing.T) {
	old := clientbook.DefaultSettings()
	got := apply(t, read(t, "example.yaml"), old, day(1))
	same(t, old, clientbook.DefaultSettings())

	want := clientbook.DefaultSettings()
	want.TimeZone, want.NumberPattern = "Europe/Vienna", "@@@######"
	want.ClientTypes = []clientbook.ClientType{
		// It takes over the key of the built-in type, so that the printed example of a create works beside this file too.
		{Definition: clientbook.Definition{Key: "d9df8bc78a0234ccc934a845c", ID: "retail", Name: "Retail", Modified: day(1)}, Default: true, UseDefaultAddress: true, CanOpenAccounts: true, CanGuarantee: true},
		{Definition: define(1, "pending", "Applicant"), RequireID: true, UseDefaultAddress: true, CanOpenAccounts: true, CanGuarantee: true},
	}
	want.CustomFieldSets = []clientbook.CustomFieldSet{{Definition: define(2, "kyc", "Know your customer"), Fields: []clientbook.CustomField{
		{Definition: define(3, "occupation", "Occupation"), Type: clientbook.StringField, Active: true},
		{Definition: define(4, "income", "Monthly income"), Type: clientbook.NumberField, Active: true},
		{Definition: define(5, "reviewed_on", "Reviewed on"), Type: clientbook.DateField, Active: true},
		{Definition: define(6, "pep", "Politically exposed"), Type: clientbook.CheckboxField, Active: true},
		{Definition: define(7, "segment", "Segment"), Type: clientbook.SelectionField, Active: true, Options: []clientbook.FieldOption{
			{Key: "minted-1-9", Value: "gold", Score: "10"}, {Key: "minted-1-10", Value: "silver"},
		}},
	}}}
	want.Templates = []clientbook.Template{{
		Definition: define(8, "welcome", "Welcome"), Channel: clientbook.EmailChannel, Event: clientbook.ClientCreated,
		Subject: "Welcome, {CLIENT_FIRST_NAMES}", Body: "Your number is {CLIENT_ID}.", Recipient: clientbook.ToClient, Active: true,
	}}
	want.Sending.Allow = []string{"@example.com"}
	v, w := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range v.NumField() {
		t.Run(v.Type().Field(i).Name, func(t *testing.T) { same(t, v.Field(i).Interface(), w.Field(i).Interface()) })
	}
}

// full.yaml uses every key of the contract.
func TestFull(t *testing.T) {
	s := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	same(t, s.Duplicates, clientbook.Duplicates{Mode: clientbook.DuplicatesRefused, Rules: []clientbook.DuplicateRule{
		clientbook.DuplicateIDDocument, clientbook.DuplicateEmail, clientbook.DuplicateNameAndBirthDate,
	}})
	same(t, []any{s.TimeZone, s.InitialState, s.NumberPattern, s.Language, s.MetadataKeys, s.OtherIDDocuments, s.RequireEncodedKey},
		[]any{"Asia/Tbilisi", clientbook.StatePendingApproval, clientbook.NumberPattern("@@@###"), clientbook.Language("GEORGIAN"), 50, false, false})
	group := s.ClientType("group")
	same(t, *group, clientbook.ClientType{Definition: group.Definition, Group: true, Description: "Several\npeople", NumberPattern: "G$#", RequireID: true})
	same(t, s.ClientType("007").Key, clientbook.DefinitionKey("8a8b8c8d8e8f80818283848586878889"))
	same(t, s.ClientType("007").Name, "true")

	city, set := s.CustomField("city")
	same(t, city.Parent, mustField(s, "country").Key)
	same(t, []bool{set.Grouped, city.Required, city.Unique, city.Default, city.Active, city.Long}, []bool{true, true, false, true, true, false})
	same(t, city.ClientTypes, []clientbook.DefinitionKey{group.Key, s.ClientType("007").Key})
	same(t, city.Options, []clientbook.FieldOption{
		{Key: "city-wien", Value: "Wien", Score: "-1.50", Parents: []string{"AT"}}, {Key: city.Options[1].Key, Value: "Nowhere"},
	})
	code := mustField(s, "code")
	same(t, []any{code.Pattern, code.Long, code.Unique, code.Active, code.Type}, []any{clientbook.Pattern("@##"), true, true, false, clientbook.StringField})

	passport := s.IDDocumentTemplates[0]
	same(t, passport, clientbook.IDDocumentTemplate{Definition: passport.Definition, IssuingAuthority: "Ministry", Mask: "@#######", Mandatory: true, Attachments: true})
	same(t, passport.Name, "Passport")

	b, c, u := s.Branch("b1"), s.Centre("c1"), s.User("ada")
	same(t, *b, clientbook.Branch{Definition: b.Definition, Phone: "+43 1 1", Email: "b1@example.com", Notes: "n",
		Address: &clientbook.PostalAddress{Line1: "1", Line2: "2", City: "3", Region: "4", Postcode: "05", Country: "AT"}})
	same(t, *c, clientbook.Centre{Definition: c.Definition, Branch: b.Key, Active: true, Notes: "c", MeetingDay: "FRIDAY", Address: &clientbook.PostalAddress{City: "Wien"}})
	same(t, *u, clientbook.User{Definition: u.Definition, Username: "ada", FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Branch: b.Key,
		CreditOfficer: true, Administrator: true})
	same(t, u.Name, "Ada Lovelace")
	same(t, s.TeamMembers[0], clientbook.TeamMember{ID: "A1b2C3d4E5f6G7h8I", FirstName: "Grace", LastName: "Hopper", Role: "Admiral"})
	if m := s.TeamMembers[1]; len(m.ID) != 17 || m.FirstName != "Alan" {
		t.Errorf("made %+v", m)
	}

	hook := s.Template("hook")
	same(t, *hook, clientbook.Template{Definition: hook.Definition, Channel: clientbook.WebhookChannel, Event: clientbook.ClientActivity,
		Body: "{\n  \"id\": \"{CLIENT_ID}\"\n}\n", URL: "https://example.com/{CLIENT_ID}?x=1", Method: "PATCH", ContentType: "application/json; charset=utf-8",
		Headers:   []clientbook.Header{{Name: "X-Second", Value: "2"}, {Name: "Authorization", Value: "Bearer x"}, {Name: "A", Value: "true"}},
		Recipient: clientbook.ToCreditOfficer, OptIn: true, ClientTypes: []clientbook.DefinitionKey{group.Key}})
	plain := s.Template("plain-hook")
	same(t, []any{plain.Method, plain.ContentType, plain.Recipient, plain.OptIn, plain.Active}, []any{"POST", "application/json", clientbook.ToClient, false, true})
	same(t, s.Sending, clientbook.Sending{Allow: []string{"ada@example.com", "@example.com", "+43", "https://example.com/hook"},
		PerMinute: map[clientbook.Channel]int{clientbook.EmailChannel: 60, clientbook.SMSChannel: 5, clientbook.WebhookChannel: 600}})
	same(t, s.Webhooks.AllowPrivate, true)
}

func mustField(s *clientbook.Settings, id string) *clientbook.CustomField {
	f, _ := s.CustomField(id)
	return f
}

func TestNothing(t *testing.T) {
	old := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	for _, text := range []string{"", "\n", "# nothing\n", "---\n", "{}\n", "\ufeff# nothing\n"} {
		same(t, apply(t, text, old, day(2)), old)
	}
}

func TestTwice(t *testing.T) {
	for _, name := range []string{"example.yaml", "full.yaml"} {
		once := apply(t, read(t, name), clientbook.DefaultSettings(), day(1))
		same(t, apply(t, read(t, name), once, day(2)), once)
		same(t, settings.Diff(once, apply(t, read(t, name), once, day(2))), []string(nil))
	}
}

// What came back from a store may have empty lists where there were none.
func TestTwiceWithEmptyLists(t *testing.T) {
	old := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	old.CustomFieldSets = slices.Clone(old.CustomFieldSets)
	old.CustomFieldSets[0].Fields = slices.Clone(old.CustomFieldSets[0].Fields)
	old.CustomFieldSets[0].Fields[0].ClientTypes = []clientbook.DefinitionKey{}
	old.Templates = slices.Clone(old.Templates)
	old.Templates[1].Headers = []clientbook.Header{}
	same(t, apply(t, read(t, "full.yaml"), old, day(2)), old)

	old = clientbook.DefaultSettings()
	old.Branches, old.Sending.PerMinute = []clientbook.Branch{}, map[clientbook.Channel]int{}
	same(t, apply(t, "branches: []\nsending: {}\n", old, day(2)), old)
}

func TestSectionsAreWhole(t *testing.T) {
	old := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	got := apply(t, "book: {language: GERMAN}\nduplicates: {}\nsending: {}\nwebhooks: {}\nteamMembers: []\n", old, day(2))
	d := clientbook.DefaultSettings()
	same(t, []any{got.TimeZone, got.NumberPattern, got.Language, got.MetadataKeys}, []any{"UTC", d.NumberPattern, clientbook.Language("GERMAN"), 20})
	same(t, []any{len(got.TeamMembers), got.Webhooks, got.Sending.Allow, got.Duplicates}, []any{0, clientbook.Webhooks{}, []string(nil), clientbook.Duplicates{}})
	same(t, got.Templates, old.Templates)
}

func TestModified(t *testing.T) {
	old := apply(t, read(t, "example.yaml"), clientbook.DefaultSettings(), day(1))
	got := apply(t, strings.Replace(read(t, "example.yaml"), "Monthly income", "Income", 1), old, day(2).Add(1500*time.Microsecond))
	income, set := got.CustomField("income")
	was, wasSet := old.CustomField("income")
	same(t, income.Definition, clientbook.Definition{Key: was.Key, ID: "income", Name: "Income", Created: day(1), Modified: day(2).Add(time.Millisecond)})
	same(t, set.Definition, wasSet.Definition)
	same(t, *mustField(got, "segment"), *mustField(old, "segment"))

	got = apply(t, strings.Replace(read(t, "example.yaml"), "id: pep,", "id: exposed,", 1), old, day(2))
	exposed, set := got.CustomField("exposed")
	same(t, []time.Time{exposed.Created, exposed.Modified, set.Created, set.Modified}, []time.Time{day(2), day(2), day(1), day(2)})

	got = apply(t, strings.Replace(read(t, "example.yaml"), "{value: silver}", "{value: lead}, {value: silver}", 1), old, day(2))
	segment, before := mustField(got, "segment"), mustField(old, "segment")
	same(t, []any{segment.Options[0], segment.Options[2], segment.Modified}, []any{before.Options[0], before.Options[1], day(2)})
}

func TestBuiltInType(t *testing.T) {
	old := apply(t, "clientTypes: [{id: client, name: Person, default: true}]\n", clientbook.DefaultSettings(), day(1))
	same(t, old.ClientTypes[0].Definition, clientbook.Definition{Key: "d9df8bc78a0234ccc934a845c", ID: "client", Name: "Person", Modified: day(1)})
	got := apply(t, "clientTypes: []\n", old, day(2))
	same(t, got, clientbook.DefaultSettings())
	same(t, apply(t, "clientTypes: []\n", got, day(3)), got)

	// A type of one's own may take over the key of Mambu's example.
	got = apply(t, "clientTypes: [{id: retail, name: Retail, default: true, encodedKey: d9df8bc78a0234ccc934a845c}]\n", clientbook.DefaultSettings(), day(1))
	same(t, got.ClientTypes[0].Definition, clientbook.Definition{Key: "d9df8bc78a0234ccc934a845c", ID: "retail", Name: "Retail", Modified: day(1)})
}

func TestAgainstOld(t *testing.T) {
	old := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	branch := string(old.Branch("b1").Key)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"old types are known", "templates: [{id: a, name: A, channel: SMS, event: CLIENT_CREATED, body: x, clientTypes: [group]}]\n", nil},
		{"old fields are known", "templates: [{id: a, name: A, channel: SMS, event: CLIENT_CREATED, body: \"{CF:code}\"}]\n", nil},
		{"types that are used", "book: {}\nclientTypes: [{id: other, name: Other, default: true}]\n", []string{
			"2:1: clientTypes: client type 007 is not here, and custom field city refers to it", "2:1: clientTypes: client type group is not here, and custom field city refers to it",
			"2:1: clientTypes: client type group is not here, and template hook refers to it",
		}},
		{"branches that are used", "branches: []\n", []string{
			"1:1: branches: branch b1 is not here, and centre c1 refers to it", "1:1: branches: branch b1 is not here, and user u1 refers to it",
		}},
		{"fields that templates use", "customFieldSets: []\n", []string{"1:1: customFieldSets: template mail, body: {CF:code}"}},
		{"a known id", "branches:\n  - {id: b1, name: B, encodedKey: other}\n", []string{"2:35: branches[0].encodedKey: the key of branch b1 is " + branch + " and can't change"}},
		{"another's key", "centres:\n  - {id: c2, name: C, encodedKey: " + branch + "}\n", []string{
			`2:35: centres[0].encodedKey: "` + branch + `" is the key of branch b1 too`, "2:35: centres[0].encodedKey: is the key of branch b1",
		}},
		{"an option's key", inSet("- {id: city, name: C, type: SELECTION, options: [{value: Wien, encodedKey: x}, {value: y}, {value: z, encodedKey: city-wien}]}", "- {id: code, name: C, type: STRING}"), []string{
			"5:82: customFieldSets[0].fields[0].options[0].encodedKey: the key of option \"Wien\" is city-wien and can't change",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := wrong(t, c.text, old)
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("problems:\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

// A key that the file gives carries a definition over to another id, with all that refers to it.
func TestRename(t *testing.T) {
	old := apply(t, read(t, "full.yaml"), clientbook.DefaultSettings(), day(1))
	b := old.Branch("b1")
	got := apply(t, "branches: [{id: first, name: B, encodedKey: "+string(b.Key)+"}]\n", old, day(2))
	same(t, got.Branches[0].Definition, clientbook.Definition{Key: b.Key, ID: "first", Name: "B", Created: day(1), Modified: day(2)})
	same(t, got.Centre("c1").Branch, b.Key)
}

func TestTeamMembersWithoutIDs(t *testing.T) {
	const text = "teamMembers:\n  - {firstName: A, lastName: B, role: r}\n  - {firstName: A, lastName: B, role: r}\n"
	old := apply(t, text, clientbook.DefaultSettings(), day(1))
	if old.TeamMembers[0].ID == old.TeamMembers[1].ID {
		t.Fatal("one id for two")
	}
	got := apply(t, text+"  - {firstName: C, lastName: D}\n", old, day(2))
	same(t, got.TeamMembers[:2], old.TeamMembers)
	got = apply(t, text+"  - {firstName: E, lastName: F, id: "+old.TeamMembers[0].ID+"}\n", old, day(2))
	same(t, got.TeamMembers[0].ID, old.TeamMembers[1].ID)
	if id := got.TeamMembers[1].ID; id == old.TeamMembers[0].ID || id == old.TeamMembers[1].ID {
		t.Error("an id twice")
	}
}

func TestAt(t *testing.T) {
	f, problems := settings.Parse([]byte("# a comment\nbranches:\n  - {id: b1, name: B}\n  - id: b2\n    name: B\ncustomFieldSets:\n  - id: s\n    name: S\n    fields:\n      - {id: f, name: F, type: DATE}\n"))
	if len(problems) > 0 {
		t.Fatal(join(problems))
	}
	for _, c := range []struct{ section, id, want string }{
		{"branches", "b1", "3:5: branches[0]: is used"},
		{"branches", "b2", "4:5: branches[1]: is used"},
		{"branches", "b3", "2:1: branches: is used"},
		{"branches", "", "2:1: branches: is used"},
		{"customFieldSets", "s", "7:5: customFieldSets[0]: is used"},
		{"customFields", "f", "10:9: customFieldSets[0].fields[0]: is used"},
		{"customFields", "g", "6:1: customFieldSets: is used"},
		{"centres", "c", "1:1: is used"},
		{"duplicates", "", "1:1: is used"},
		{"nonsense", "b1", "1:1: is used"},
	} {
		same(t, f.At(c.section, c.id, "is used").String(), c.want)
	}
}
