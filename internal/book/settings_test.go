package book_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

func speak(l clientbook.Language) edit {
	return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { s.Language = l }
}

func branch(id string) edit {
	return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		s.Branches = append(s.Branches, clientbook.Branch{Definition: defined(id, mint), Active: true})
	}
}

func TestSettingsCountFromTheNextRequest(t *testing.T) {
	w := newWorld(t, book.Options{})
	other := w.another(nil, book.Options{}) // has the old settings open
	if _, err := other.Settings(t.Context(), w.caller); err != nil {
		t.Fatal(err)
	}
	before := w.row().Settings
	report := w.change(speak("GERMAN"))
	if report.Number != before+1 || w.row().Settings != before+1 || report.Old.Language != "ENGLISH" || report.New.Language != "GERMAN" {
		t.Errorf("settings number %d (%d stored), from %s to %s; want %d, from ENGLISH to GERMAN",
			report.Number, w.row().Settings, report.Old.Language, report.New.Language, before+1)
	}
	for name, b := range map[string]*book.Books{"here": w.books, "in another process": other} {
		if c, err := b.CreateClient(t.Context(), w.caller, someone()); err != nil || c.Language != "GERMAN" {
			t.Errorf("the next client %s speaks %q, %v; want GERMAN", name, c.Language, err)
		}
	}
	w.whole()
	w.reopen()
	if got := w.settings(); !reflect.DeepEqual(got, report.New) {
		t.Errorf("after opening again:\n%+v\nwant\n%+v", got, report.New)
	}
	commits := w.store.Commits()
	if again := w.change(speak("GERMAN")); again.Number != 0 || len(again.Problems) > 0 || w.row().Settings != before+1 || w.store.Commits() != commits {
		t.Errorf("the same change again made %+v, and %d commits", again, w.store.Commits()-commits)
	}
}

func TestSettingsOfNoBook(t *testing.T) {
	w := newWorld(t, book.Options{})
	c := changed(speak("GERMAN"))
	c.Mode = clientbook.ModeLive
	_, err := w.books.ChangeSettings(t.Context(), c)
	isRefused(t, "change", err, clientbook.KindNotFound, clientbook.ReasonBook)
	_, err = w.books.BookSettings(t.Context(), "beta", clientbook.ModeTest)
	isRefused(t, "read", err, clientbook.KindNotFound, clientbook.ReasonBook)
	wrong := errors.New("wrong")
	c = changed(nil)
	c.Make = func(*clientbook.Settings, func() clientbook.DefinitionKey, time.Time) (*clientbook.Settings, error) {
		return nil, wrong
	}
	if _, err := w.books.ChangeSettings(t.Context(), c); !errors.Is(err, wrong) {
		t.Errorf("Make's error became %v", err)
	}
}

func TestSettingsChangesRace(t *testing.T) {
	w := newWorld(t, book.Options{})
	other := w.another(nil, book.Options{})
	asked := 0
	first := changed(func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		if asked++; asked == 1 {
			if _, err := other.ChangeSettings(t.Context(), changed(branch("second"))); err != nil {
				t.Error(err)
			}
		}
		branch("first")(s, mint)
	})
	before := w.row().Settings
	report, err := w.books.ChangeSettings(t.Context(), first)
	if err != nil || asked != 2 || report.Number != before+2 || report.Old.Branch("second") == nil {
		t.Errorf("the loser was asked %d times and made number %d, %v; want 2 times, number %d over the winner's", asked, report.Number, err, before+2)
	}
	if s := w.settings(); s.Branch("first") == nil || s.Branch("second") == nil {
		t.Errorf("branches %+v, want both", s.Branches)
	}
	// A new credential is a change of the settings' number too.
	asked = 0
	if _, err := w.books.ChangeSettings(t.Context(), changed(func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		if asked++; asked == 1 {
			if _, err := other.CreateKey(t.Context(), "alpha", clientbook.ModeTest); err != nil {
				t.Error(err)
			}
		}
		branch("third")(s, mint)
	})); err != nil || asked != 2 {
		t.Errorf("beside a new key: asked %d times, %v; want 2", asked, err)
	}
	n := 0
	_, err = w.books.ChangeSettings(t.Context(), changed(func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		n++
		if _, err := other.ChangeSettings(t.Context(), changed(branch(fmt.Sprint("always", n)))); err != nil {
			t.Error(err)
		}
		branch("never")(s, mint)
	}))
	isRefused(t, "a change that always loses", err, clientbook.KindBusy, clientbook.ReasonContention)
	if w.settings().Branch("never") != nil {
		t.Error("it was made all the same")
	}
	w.whole()
}

func TestSettingsChangesAtOnce(t *testing.T) {
	w := newWorld(t, book.Options{})
	var wait sync.WaitGroup
	for n := range 8 {
		b := w.another(nil, book.Options{})
		wait.Go(func() {
			if _, err := b.ChangeSettings(t.Context(), changed(branch(fmt.Sprint("b", n)))); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := len(w.settings().Branches); got != 8 {
		t.Errorf("%d branches after 8 changes at once", got)
	}
}

// officer adds a user whom clients can be assigned to.
func officer(id string) edit {
	return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		s.Users = append(s.Users, clientbook.User{Definition: defined(id, mint), Username: id, Active: true, CreditOfficer: true, Email: id + "@bank.example.com"})
	}
}

func TestDefinitionsInUseStay(t *testing.T) {
	both := func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		for _, id := range []string{"used", "unused"} {
			s.ClientTypes = append(s.ClientTypes, clientbook.ClientType{Definition: defined(id, mint), UseDefaultAddress: true})
			s.Branches = append(s.Branches, clientbook.Branch{Definition: defined(id, mint), Active: true})
			s.Centres = append(s.Centres, clientbook.Centre{Definition: defined(id, mint), Active: true})
			s.IDDocumentTemplates = append(s.IDDocumentTemplates, clientbook.IDDocumentTemplate{Definition: defined(id, mint)})
			officer(id)(s, mint)
			fields(false, field(id+"field", clientbook.StringField), field(id+"link", clientbook.UserLinkField))(s, mint)
		}
	}
	gone := func(id string) func(clientbook.Definition) bool {
		return func(d clientbook.Definition) bool { return d.ID == id }
	}
	withUser := func(id string) func(*clientbook.Settings) {
		return func(s *clientbook.Settings) {
			s.Users = slices.DeleteFunc(s.Users, func(x clientbook.User) bool { return x.ID == id })
		}
	}
	for _, x := range []struct {
		name, section string
		use           func(u *clientbook.ClientUpdate)
		remove        func(id string) func(*clientbook.Settings)
		id            string // of the definition, if it is not that
	}{
		{"client type", "clientTypes", func(u *clientbook.ClientUpdate) { u.ClientType = new("used") }, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				s.ClientTypes = slices.DeleteFunc(s.ClientTypes, func(x clientbook.ClientType) bool { return gone(id)(x.Definition) })
			}
		}, ""},
		{"branch", "branches", func(u *clientbook.ClientUpdate) { u.Branch = new("used") }, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				s.Branches = slices.DeleteFunc(s.Branches, func(x clientbook.Branch) bool { return gone(id)(x.Definition) })
			}
		}, ""},
		{"centre", "centres", func(u *clientbook.ClientUpdate) { u.Centre = new("used") }, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				s.Centres = slices.DeleteFunc(s.Centres, func(x clientbook.Centre) bool { return gone(id)(x.Definition) })
			}
		}, ""},
		{"credit officer", "users", func(u *clientbook.ClientUpdate) { u.User = new("used") }, withUser, ""},
		{"writer of a comment", "users", func(u *clientbook.ClientUpdate) { u.Comment = &clientbook.Comment{Text: "called"} }, withUser, ""},
		{"linked user", "users", func(u *clientbook.ClientUpdate) { u.Values = setting("usedlink", "used") }, withUser, ""},
		{"ID document template", "idDocumentTemplates", func(u *clientbook.ClientUpdate) {
			u.IDDocuments = &[]clientbook.IDDocument{{Type: "used", Number: "1", Template: "used"}, {Type: "used", Number: "2", Template: "used"}}
		}, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				s.IDDocumentTemplates = slices.DeleteFunc(s.IDDocumentTemplates, func(x clientbook.IDDocumentTemplate) bool { return gone(id)(x.Definition) })
			}
		}, ""},
		{"custom field", "customFields", func(u *clientbook.ClientUpdate) { u.Values = setting("usedfield", "x") }, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				_, set := s.CustomField(id + "field")
				set.Fields = slices.DeleteFunc(set.Fields, func(x clientbook.CustomField) bool { return x.ID == id+"field" })
			}
		}, "usedfield"},
		{"set with a used field", "customFields", func(u *clientbook.ClientUpdate) { u.Values = setting("usedfield", "x") }, func(id string) func(*clientbook.Settings) {
			return func(s *clientbook.Settings) {
				s.CustomFieldSets = slices.DeleteFunc(s.CustomFieldSets, func(x clientbook.CustomFieldSet) bool { return x.Fields[0].ID == id+"field" })
			}
		}, "usedfield"},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := newWorld(t, book.Options{})
			w.set(both)
			w.caller.Claim = "used"
			var made []*clientbook.Client
			for range 2 {
				u := someone()
				x.use(u)
				made = append(made, w.create(u))
			}
			w.create(with("unusedlink", "unused")) // must not matter to the rest
			if x.section == "users" {
				w.update(w.create(with("unusedlink", "used")).ID, &clientbook.ClientUpdate{Values: &clientbook.ValuesUpdate{Replace: true}})
			}
			id := x.id
			if id == "" {
				id = "used"
			}
			removal := func(id string) edit {
				return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { x.remove(id)(s) }
			}
			if text := w.refuse(x.section, id, removal("used")); !strings.Contains(text, "2 clients") {
				t.Errorf("it says %q, want the count 2", text)
			}
			w.delete(made[0].ID)
			if text := w.refuse(x.section, id, removal("used")); !strings.Contains(text, "1 client ") {
				t.Errorf("it says %q, want the count 1", text)
			}
			w.whole()
			if x.section != "users" && !strings.HasPrefix(x.name, "set") { // those are linked to
				w.set(removal("unused"))
			}
			w.delete(made[1].ID)
			w.set(removal("used"))
			w.whole()
		})
	}
}

func TestFieldsInUseStayAsTheyAre(t *testing.T) {
	options := func(values ...string) (os []clientbook.FieldOption) {
		for _, v := range values {
			os = append(os, clientbook.FieldOption{Key: clientbook.DefinitionKey("key-" + v), Value: v})
		}
		return os
	}
	type do = func(f *clientbook.CustomField, set *clientbook.CustomFieldSet)
	for _, x := range []struct {
		name    string
		field   clientbook.CustomField
		value   string
		broken  do // does not suit the value
		allowed do // does
	}{
		{"type", field("f", clientbook.StringField), "12",
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Type = clientbook.NumberField },
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Description = "a number" }},
		{"options", clientbook.CustomField{Definition: clientbook.Definition{ID: "f"}, Type: clientbook.SelectionField, Options: options("gold", "silver")}, "gold",
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Options = options("silver", "bronze") },
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Options = options("bronze", "gold") }},
		{"pattern", field("f", clientbook.StringField), "AB12",
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Pattern = "@@@#" },
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Pattern = "@@##" }},
		{"length", clientbook.CustomField{Definition: clientbook.Definition{ID: "f"}, Type: clientbook.StringField, Long: true}, strings.Repeat("x", 256),
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Long = false },
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Name = "other" }},
		{"length that suits", clientbook.CustomField{Definition: clientbook.Definition{ID: "f"}, Type: clientbook.StringField, Long: true}, "short", nil,
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Long = false }},
		{"grouped", field("f", clientbook.DateField), "2026-01-31",
			func(_ *clientbook.CustomField, set *clientbook.CustomFieldSet) { set.Grouped = true },
			func(_ *clientbook.CustomField, set *clientbook.CustomFieldSet) { set.Notes = "dates" }},
		{"required and inactive", field("f", clientbook.StringField), "x", nil,
			func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Required, f.Active = true, false }},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := newWorld(t, book.Options{})
			w.set(fields(false, x.field))
			w.set(fields(false, field("other", clientbook.StringField)))
			w.create(with("other", "y"))
			var made []*clientbook.Client
			for range 3 {
				made = append(made, w.create(with("f", x.value)))
			}
			if x.broken != nil {
				if text := w.refuse("customFields", "f", redefine("f", x.broken)); !strings.Contains(text, "3 clients") {
					t.Errorf("it says %q, want the count 3", text)
				}
			}
			w.set(redefine("f", x.allowed))
			w.whole()
			w.change(redefine("f", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Active, f.Required = true, false }))
			for i, c := range made {
				if i%2 == 0 {
					w.delete(c.ID)
				} else {
					w.update(c.ID, &clientbook.ClientUpdate{Values: &clientbook.ValuesUpdate{Remove: []clientbook.ValueName{{Field: "f"}}}})
				}
			}
			if x.broken != nil {
				w.set(redefine("f", x.broken))
			}
			w.whole()
		})
	}
}

// viewsOf gives how many snapshots a change that must be made takes. Each look at a slice of clients is one.
func viewsOf(t *testing.T, w *world, e edit) (views int) {
	t.Helper()
	b := w.another(&hooked{Store: w.store, before: func(call string) error {
		if call == "view" {
			views++
		}
		return nil
	}}, book.Options{})
	if report, err := b.ChangeSettings(t.Context(), changed(e)); err != nil || report.Number == 0 {
		t.Errorf("the change was not made: %+v, %v", report.Problems, err)
	}
	return views
}

// TestDefinitionsThatClientsDoNotSuit makes sure that a definition stays as long as clients have what a change of it would not allow, that
// other changes of it are made, and that those which can't touch any client look at none.
func TestDefinitionsThatClientsDoNotSuit(t *testing.T) {
	options := func(texts ...string) (all []clientbook.FieldOption) { // "high<gold silver": high, if the parent is gold or silver
		for _, text := range texts {
			value, parents, _ := strings.Cut(text, "<")
			all = append(all, clientbook.FieldOption{Key: clientbook.DefinitionKey("key-" + value), Value: value, Parents: strings.Fields(parents)})
		}
		return all
	}
	selection := func(id string, texts ...string) clientbook.CustomField {
		f := field(id, clientbook.SelectionField)
		f.Options = options(texts...)
		return f
	}
	dependent := func(id, parent string) edit {
		return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
			f, _ := s.CustomField(id)
			p, _ := s.CustomField(parent)
			f.Parent = p.Key
		}
	}
	optioned := func(id string, texts ...string) edit {
		return redefine(id, func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Options = options(texts...) })
	}
	scored := redefine("tier", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) {
		f.Options = slices.Clone(f.Options)
		f.Options[0].Score = "10"
	})
	typed := func(id string, types ...string) edit {
		return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
			f, _ := s.CustomField(id)
			f.ClientTypes = nil
			for _, t := range types {
				f.ClientTypes = append(f.ClientTypes, s.ClientType(t).Key)
			}
		}
	}
	clientType := func(id string, do func(*clientbook.ClientType)) edit {
		return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
			if s.ClientType(id) == nil {
				s.ClientTypes = append(s.ClientTypes, clientbook.ClientType{Definition: defined(id, mint), UseDefaultAddress: true})
			}
			do(s.ClientType(id))
		}
	}
	patterned := func(p clientbook.Pattern) edit {
		return redefine("f", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Pattern = p })
	}
	nothing := func(*clientbook.ClientType) {}
	forGroups := func(t *clientbook.ClientType) { t.Group = true }
	template := func(id string, do func(*clientbook.IDDocumentTemplate)) edit {
		return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
			if s.IDDocumentTemplate(id) == nil {
				s.IDDocumentTemplates = append(s.IDDocumentTemplates, clientbook.IDDocumentTemplate{Definition: defined(id, mint)})
			}
			do(s.IDDocumentTemplate(id))
		}
	}
	formed := func(name, mask, authority string) edit {
		return template("pass", func(t *clientbook.IDDocumentTemplate) {
			t.Name, t.Mask, t.IssuingAuthority = name, clientbook.Pattern(mask), authority
		})
	}
	having := func(do func(*clientbook.ClientUpdate)) *clientbook.ClientUpdate {
		u := someone()
		do(u)
		return u
	}
	ofType := func(id string, values ...string) *clientbook.ClientUpdate {
		return having(func(u *clientbook.ClientUpdate) { u.ClientType, u.Values = &id, setting(values...) })
	}
	// papers gives someone with documents, each "type|number|authority", of the template pass.
	papers := func(texts ...string) *clientbook.ClientUpdate {
		return having(func(u *clientbook.ClientUpdate) {
			u.IDDocuments = &[]clientbook.IDDocument{{Type: "Card", Number: "?"}}
			for _, text := range texts {
				p := strings.Split(text, "|")
				*u.IDDocuments = append(*u.IDDocuments, clientbook.IDDocument{Type: p[0], Number: p[1], Authority: p[2], Template: "pass"})
			}
		})
	}
	entries := func(values ...string) *clientbook.ClientUpdate { // land and city in turn
		return having(func(u *clientbook.ClientUpdate) {
			u.Values = &clientbook.ValuesUpdate{Replace: true}
			for i := range values {
				x := clientbook.ValueName{Field: []string{"land", "city"}[i%2], Group: new(i / 2)}
				u.Values.Set = append(u.Values.Set, clientbook.ValueUpdate{ValueName: x, Value: &values[i]})
			}
		})
	}
	plain := fields(false, selection("segment", "gold", "silver"), selection("tier", "high<gold", "low<gold silver", "any"), selection("colour", "red", "blue"))
	least := viewsOf(t, newWorld(t, book.Options{}), speak("FRENCH"))
	type list = []*clientbook.ClientUpdate
	type edits = []edit
	for _, x := range []struct {
		name        string
		first       edits
		clients     list
		broken      edit
		section, id string
		want        string
		suits       edits // changes that are made all the same
		still       edits // changes that look at no client
	}{
		{"parents of an option", edits{plain, dependent("tier", "segment")},
			list{with("segment", "gold", "tier", "low"), with("segment", "silver", "tier", "low"), with("segment", "silver", "tier", "low"), with("segment", "silver")},
			optioned("tier", "high<gold", "low<gold", "any"),
			"customFields", "tier", "tier can't be defined like this: the values of 2 clients do not suit it",
			edits{optioned("tier", "high<silver", "low<silver gold", "any"), optioned("tier", "low<gold silver")},
			edits{scored, optioned("tier", "any", "low<silver gold", "high<gold"), optioned("tier", "high<silver gold", "low", "any", "new<gold")}},
		{"parents where there were none", edits{plain, dependent("tier", "segment")},
			list{with("segment", "gold", "tier", "any"), with("segment", "silver", "tier", "any"), with("segment", "gold", "tier", "high")},
			optioned("tier", "high<gold", "low<gold silver", "any<silver"),
			"customFields", "tier", "tier can't be defined like this: the values of 1 client do not suit it",
			edits{optioned("tier", "high<gold", "low<gold", "any<silver gold")}, nil},
		{"a first parent", edits{plain}, list{with("colour", "red"), with("colour", "red", "segment", "gold"), with("segment", "gold"), with("colour", "blue")},
			dependent("colour", "segment"),
			"customFields", "colour", "colour can't be defined like this: the values of 2 clients do not suit it",
			edits{dependent("tier", "segment")}, nil},
		{"another parent", edits{plain, dependent("tier", "segment")}, list{with("segment", "gold", "tier", "any"), with("segment", "gold", "tier", "any", "colour", "red")},
			dependent("tier", "colour"),
			"customFields", "tier", "tier can't be defined like this: the values of 1 client do not suit it", nil,
			edits{redefine("tier", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) {
				f.Parent, f.Options = "", options("high", "low", "any")
			})}},
		{"parents in entries", edits{fields(true, selection("land", "AT", "DE"), selection("city", "Wien<AT", "Berlin<DE", "Linz")), dependent("city", "land")},
			list{entries("AT", "Wien", "DE", "Linz"), entries("DE", "Berlin", "AT", "Linz"), entries("DE", "Linz", "DE", "Linz")},
			optioned("city", "Wien<AT", "Berlin<DE", "Linz<AT"), // somebody's second entry is an Austrian one
			"customFields", "city", "city can't be defined like this: the values of 2 clients do not suit it",
			edits{optioned("city", "Wien<AT", "Berlin<DE", "Linz<AT DE")}, nil},
		{"client types of a field", edits{clientType("a", nothing), clientType("b", nothing), fields(false, field("f", clientbook.StringField))},
			list{ofType("a", "f", "x"), ofType("b", "f", "x"), ofType("b", "f", "y"), with("f", "x"), ofType("b")},
			typed("f", "a", "client"),
			"customFields", "f", "f can't be defined like this: the values of 2 clients do not suit it",
			edits{typed("f", "a", "b", "client")}, edits{typed("f")}},
		{"fewer client types of a field", edits{clientType("a", nothing), clientType("b", nothing), fields(false, field("f", clientbook.StringField)), typed("f", "a", "b")},
			list{ofType("a", "f", "x"), ofType("b", "f", "x"), with()},
			typed("f", "a"),
			"customFields", "f", "f can't be defined like this: the values of 1 client do not suit it",
			nil, edits{typed("f", "client", "b", "a"), typed("f")}},
		{"pattern of a field", edits{fields(false, field("f", clientbook.StringField)), patterned("$$##")}, list{with("f", "AB12"), with("f", "1234")}, patterned("####"),
			"customFields", "f", "f can't be defined like this: the values of 1 client do not suit it", nil, edits{patterned("")}},
		{"two faults of a field count once", edits{clientType("a", nothing), plain, dependent("tier", "segment")},
			list{ofType("a", "segment", "gold", "tier", "high"), ofType("a", "segment", "silver", "tier", "any")},
			func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
				optioned("tier", "any")(s, mint)
				typed("tier", "client")(s, mint)
			},
			"customFields", "tier", "tier can't be defined like this: the values of 2 clients do not suit it", nil, nil},
		{"kind of a client type", edits{clientType("a", nothing), clientType("unused", nothing)}, list{ofType("a"), ofType("a"), with()},
			clientType("a", forGroups),
			"clientTypes", "a", "a can't be for groups: 2 clients use it",
			edits{clientType("unused", forGroups)},
			edits{clientType("a", func(t *clientbook.ClientType) { t.Name, t.RequireID, t.UseDefaultAddress = "other", true, false }),
				clientType("unused", func(t *clientbook.ClientType) { t.Name = "another" })}},
		{"kind of a client type with one client", edits{clientType("a", nothing)}, list{ofType("a")}, clientType("a", forGroups),
			"clientTypes", "a", "a can't be for groups: 1 client uses it", nil, nil},
		{"mask of a template", edits{formed("Pass", "", "")}, list{papers("Pass|AB12|"), papers("Pass|1234|", "Pass|1|"), papers("Pass|12345|"), papers(), with()},
			formed("Pass", "####", ""),
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 3 clients do not suit it",
			nil, edits{template("pass", func(t *clientbook.IDDocumentTemplate) { t.Mandatory, t.Attachments = true, true })}},
		{"another mask", edits{formed("Pass", "##$$", "")}, list{papers("Pass|1234|"), papers("Pass|12AB|")}, formed("Pass", "####", ""),
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 1 client do not suit it",
			edits{formed("Pass", "$$$$", "")}, edits{formed("Pass", "", "")}},
		{"document type of a template", edits{formed("Pass", "", "")}, list{papers("Pass|1|"), papers("Pass|2|")}, formed("Passport", "", ""),
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 2 clients do not suit it", nil, nil},
		{"issuing authority of a template", edits{formed("Pass", "", "")}, list{papers("Pass|1|State"), papers("Pass|2|"), papers("Pass|3|Town")},
			formed("Pass", "", "State"),
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 2 clients do not suit it", nil, nil},
		{"another issuing authority", edits{formed("Pass", "", "State")}, list{papers("Pass|1|State")}, formed("Pass", "", "Town"),
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 1 client do not suit it", nil, edits{formed("Pass", "", "")}},
		{"a template with the id changed too", edits{formed("Pass", "", "")}, list{papers("Pass|A|")},
			func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
				formed("Pass", "#", "")(s, mint)
				s.IDDocumentTemplate("pass").ID = "passport"
			},
			"idDocumentTemplates", "pass", "pass can't be defined like this: the documents of 1 client do not suit it", nil, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := newWorld(t, book.Options{})
			for _, e := range x.first {
				w.set(e)
			}
			var made []*clientbook.Client
			for _, u := range x.clients {
				made = append(made, w.create(u))
			}
			if got := w.refuse(x.section, x.id, x.broken); got != x.want {
				t.Errorf("it says %q, want %q", got, x.want)
			}
			for i, e := range x.suits {
				if report := w.change(e); len(report.Problems) > 0 || report.Number == 0 {
					t.Errorf("change %d that suits all: %+v", i, report.Problems)
				}
			}
			for i, e := range x.still {
				if n := viewsOf(t, w, e); n != least {
					t.Errorf("change %d, which touches no client: %d views, want %d", i, n, least)
				}
			}
			w.whole()
			for _, c := range made {
				w.delete(c.ID)
			}
			w.set(x.broken)
			w.whole()
		})
	}
}

// TestFieldTypeWithoutValues makes sure that what was indexed as one type is found as the other afterwards.
func TestFieldTypeWithoutValues(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("f", clientbook.StringField)))
	w.set(redefine("f", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Type = clientbook.NumberField }))
	w.create(with("f", "01.50"))
	f, _ := w.settings().CustomField("f")
	got, err := w.books.SearchClients(t.Context(), w.caller, &book.Search{Where: []book.Constraint{{Subject: book.FieldSubject, Field: f.Key, Op: book.Is, Texts: []string{"1.5"}}}}, 0, 9)
	if err != nil || len(got) != 1 {
		t.Errorf("found %d, %v", len(got), err)
	}
	w.whole()
}

func TestUniqueOnAndOff(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("tax", clientbook.StringField), field("score", clientbook.NumberField)))
	a, b, c := w.create(with("tax", "AT 1", "score", "1.0")), w.create(with("tax", " at  1", "score", "2")), w.create(with("tax", "AT 2", "score", "01"))
	d := w.create(with("tax", "At 1", "score", "7"))
	for id, want := range map[string]string{"tax": "2 clients", "score": "1 client "} { // all but the oldest
		if text := w.refuse("customFields", id, unique(id, true)); !strings.Contains(text, want) {
			t.Errorf("%s: it says %q, want %q in it", id, text, want)
		}
	}
	if n := w.claimCount(clientbook.ClaimFieldValue); n != 0 {
		t.Errorf("%d claims after what was refused", n)
	}
	w.whole()
	w.update(b.ID, &clientbook.ClientUpdate{Values: setting("tax", "AT 3")})
	w.delete(d.ID)
	w.set(unique("tax", true))
	if n := w.claimCount(clientbook.ClaimFieldValue); n != 3 {
		t.Errorf("%d claims, want 3", n)
	}
	w.whole()
	taken := func(what string, err error) {
		t.Helper()
		e, ok := errors.AsType[*clientbook.Error](err)
		if !ok || e.Kind != clientbook.KindConflict || e.Reason != clientbook.ReasonClaim || e.Claim.Kind != clientbook.ClaimFieldValue || e.Param != "tax" {
			t.Errorf("%s: %+v, want the conflict of a claim that names the field tax", what, err)
		}
	}
	_, err := w.books.CreateClient(t.Context(), w.caller, with("tax", "at 1"))
	taken("a create with the value", err)
	_, err = w.books.UpdateClient(t.Context(), w.caller, c.ID, &clientbook.ClientUpdate{Values: setting("tax", "AT 1 ")})
	taken("an update to the value", err)
	w.update(a.ID, &clientbook.ClientUpdate{Values: setting("tax", "at 1")}) // one's own value in another letter case
	w.update(a.ID, &clientbook.ClientUpdate{Values: setting("tax", "AT 9")})
	w.create(with("tax", "AT 1"))
	w.delete(c.ID)
	w.create(with("tax", "AT 2"))
	w.create(someone())
	w.whole()
	w.set(unique("tax", false))
	if n := w.claimCount(clientbook.ClaimFieldValue); n != 0 {
		t.Errorf("%d claims are left", n)
	}
	w.create(with("tax", "AT 2"))
	w.whole()
}

// TestUniqueInEntries makes sure that one client may have a value twice, and that of a client with two shared values one is counted.
func TestUniqueInEntries(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(true, field("card", clientbook.StringField)))
	entries := func(values ...string) *clientbook.ClientUpdate {
		u := someone()
		u.Values = &clientbook.ValuesUpdate{Replace: true}
		for i, v := range values {
			u.Values.Set = append(u.Values.Set, clientbook.ValueUpdate{ValueName: clientbook.ValueName{Field: "card", Group: new(i)}, Value: &v})
		}
		return u
	}
	w.create(entries("1", "1", "2"))
	shared := w.create(entries("1", "2"))
	if text := w.refuse("customFields", "card", unique("card", true)); !strings.Contains(text, "1 client ") {
		t.Errorf("it says %q, want the count 1", text)
	}
	w.delete(shared.ID)
	w.set(unique("card", true))
	if n := w.claimCount(clientbook.ClaimFieldValue); n != 2 {
		t.Errorf("%d claims, want 2", n)
	}
	w.whole()
}

func TestDryRunChangesNothing(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("tax", clientbook.StringField)))
	w.create(with("tax", "1"))
	w.create(person("p@example.com", "A", "B"))
	w.create(person("P@example.com", "C", "D"))
	before, commits := w.row(), w.store.Commits()
	c := changed(func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		unique("tax", true)(s, mint)
		rules(clientbook.DuplicateEmail)(s, mint)
		s.Templates = append(s.Templates, clientbook.Template{Definition: defined("t", mint), Channel: clientbook.EmailChannel, Event: clientbook.ClientCreated, Active: true})
	})
	c.Dry = true
	report, err := w.books.ChangeSettings(t.Context(), c)
	if err != nil || report.Number != 0 || len(report.Problems) > 0 || len(report.Notes) != 1 || report.New.Duplicates.Mode != clientbook.DuplicatesRefused {
		t.Errorf("a dry run gave %+v, %v; want the note of 1 client and no number", report, err)
	}
	if w.row().Settings != before.Settings || w.store.Commits() != commits || w.claimCount(clientbook.ClaimFieldValue)+w.claimCount(clientbook.ClaimEmail) != 0 {
		t.Error("a dry run changed something")
	}
	w.view(func(r clientbook.Reader) error {
		if _, follows, err := r.Cursor(w.caller.Book, "messages"); follows {
			t.Errorf("a dry run made a cursor, %v", err)
		}
		return nil
	})
	c = changed(redefine("tax", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Type = clientbook.DateField }))
	c.Dry = true
	if report, err := w.books.ChangeSettings(t.Context(), c); err != nil || len(report.Problems) != 1 {
		t.Errorf("a dry run of what is refused gave %+v, %v; want one problem", report, err)
	}
	w.create(with("tax", "1"))
	w.whole()
}

func applicants(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
	s.ClientTypes = append(s.ClientTypes, clientbook.ClientType{Definition: defined("applicant", mint), UseDefaultAddress: true})
}

func passes(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
	s.IDDocumentTemplates = append(s.IDDocumentTemplates, clientbook.IDDocumentTemplate{Definition: defined("pass", mint)})
}

// TestNoteOfClientsAlike has clients that stay as they are though a new rule would not let them be made now.
func TestNoteOfClientsAlike(t *testing.T) {
	w := newWorld(t, book.Options{})
	for _, phone := range []string{"1", "2", "1", "2", "1"} {
		u := someone()
		u.Telephone = &phone
		w.create(u)
	}
	for range 2 {
		u := someone()
		u.Mobile = new("7")
		w.create(u)
	}
	report := w.change(rules(clientbook.DuplicateHomePhone, clientbook.DuplicateMobilePhone))
	want := []string{
		"duplicates.rules: homePhone: 3 clients that are like an older one stay as they are",
		"duplicates.rules: mobilePhone: 1 client that is like an older one stays as it is",
	}
	slices.Sort(report.Notes)
	if !slices.Equal(report.Notes, want) {
		t.Errorf("notes %q, want %q", report.Notes, want)
	}
}

// TestWritesDuringASurvey has clients written after the survey, just before the transaction.
func TestWritesDuringASurvey(t *testing.T) {
	for _, x := range []struct {
		name    string
		first   []edit
		clients []*clientbook.ClientUpdate
		meant   func(w *world, made []*clientbook.Client)
		change  edit
		problem string // "" for none
		note    string
		claims  map[clientbook.ClaimKind]int64
	}{
		{name: "a branch comes into use", first: []edit{branch("b")},
			meant: func(w *world, _ []*clientbook.Client) {
				u := someone()
				u.Branch = new("b")
				w.create(u)
			},
			change: func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { s.Branches = nil }, problem: "1 client "},
		{name: "a branch goes out of use", first: []edit{branch("b")},
			clients: []*clientbook.ClientUpdate{{Branch: new("b")}, {Branch: new("b")}},
			meant: func(w *world, made []*clientbook.Client) {
				w.update(made[0].ID, &clientbook.ClientUpdate{Branch: new("")})
				w.delete(made[1].ID)
			},
			change: func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { s.Branches = nil }},
		{name: "a value comes", first: []edit{fields(false, field("f", clientbook.StringField))},
			meant:   func(w *world, _ []*clientbook.Client) { w.create(with("f", "x")); w.create(with("f", "2")) },
			change:  redefine("f", func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Pattern = "#" }),
			problem: "1 client "},
		{name: "a client comes to a type that is to be for groups", first: []edit{applicants},
			meant: func(w *world, _ []*clientbook.Client) {
				u := someone()
				u.ClientType = new("applicant")
				w.create(u)
			},
			change: func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
				s.ClientType("applicant").Group = true
			},
			problem: "applicant can't be for groups: 1 client uses it"},
		{name: "a document comes", first: []edit{passes},
			meant: func(w *world, _ []*clientbook.Client) {
				u := someone()
				u.IDDocuments = &[]clientbook.IDDocument{{Type: "pass", Number: "A", Template: "pass"}}
				w.create(u)
			},
			change: func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
				s.IDDocumentTemplate("pass").Mask = "#"
			},
			problem: "the documents of 1 client do not suit it"},
		{name: "a value is shared", first: []edit{fields(false, field("f", clientbook.StringField))},
			clients: []*clientbook.ClientUpdate{{Values: setting("f", "x")}},
			meant:   func(w *world, _ []*clientbook.Client) { w.create(with("f", "X")) },
			change:  unique("f", true), problem: "1 client "},
		{name: "values move", first: []edit{fields(false, field("f", clientbook.StringField))},
			clients: []*clientbook.ClientUpdate{{Values: setting("f", "x")}, {Values: setting("f", "y")}, {Values: setting("f", "z")}},
			meant: func(w *world, made []*clientbook.Client) {
				w.update(made[0].ID, &clientbook.ClientUpdate{Values: setting("f", "w")})
				w.update(made[1].ID, &clientbook.ClientUpdate{Values: setting("f", "x")})
				w.delete(made[2].ID)
				w.create(with("f", "z"))
			},
			change: unique("f", true), claims: map[clientbook.ClaimKind]int64{clientbook.ClaimFieldValue: 3}},
		{name: "rules on", clients: []*clientbook.ClientUpdate{{Email: new("a@example.com")}, {Email: new("b@example.com")}},
			meant: func(w *world, made []*clientbook.Client) {
				w.update(made[0].ID, &clientbook.ClientUpdate{Email: new("c@example.com")})
				w.create(person("B@example.com", "New", "One"))
				w.create(person("a@example.com", "New", "Two"))
			},
			change: rules(clientbook.DuplicateEmail), note: "1 client ", claims: map[clientbook.ClaimKind]int64{clientbook.ClaimEmail: 3}},
		{name: "rules off", first: []edit{rules(clientbook.DuplicateEmail)}, clients: []*clientbook.ClientUpdate{{Email: new("a@example.com")}},
			meant: func(w *world, made []*clientbook.Client) {
				w.update(made[0].ID, &clientbook.ClientUpdate{Email: new("c@example.com")})
				w.create(person("a@example.com", "New", "Two"))
			},
			change: noRules, claims: map[clientbook.ClaimKind]int64{clientbook.ClaimEmail: 0}},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := newWorld(t, book.Options{})
			for _, e := range x.first {
				w.set(e)
			}
			var made []*clientbook.Client
			for _, u := range x.clients {
				all := someone()
				all.Branch, all.Values = u.Branch, u.Values
				if u.Email != nil {
					all.Email = u.Email
				}
				made = append(made, w.create(all))
			}
			other := w.another(&hooked{Store: w.store, before: once("update", func() { x.meant(w, made) })}, book.Options{})
			report, err := other.ChangeSettings(t.Context(), changed(x.change))
			switch {
			case err != nil:
				t.Fatal(err)
			case x.problem == "" && (len(report.Problems) > 0 || report.Number == 0):
				t.Errorf("refused: %+v", report.Problems)
			case x.problem != "" && (len(report.Problems) != 1 || !strings.Contains(report.Problems[0].Text, x.problem)):
				t.Errorf("problems %+v, want one that says %q", report.Problems, x.problem)
			case x.note != "" && (len(report.Notes) != 1 || !strings.Contains(report.Notes[0], x.note)), x.note == "" && len(report.Notes) > 0:
				t.Errorf("notes %q, want %q", report.Notes, x.note)
			}
			for k, n := range x.claims {
				if got := w.claimCount(k); got != n {
					t.Errorf("%d claims of kind %d, want %d", got, k, n)
				}
			}
			w.whole()
		})
	}
}

// TestSettingsChangeWhileInUse turns claims on and off beside writers and verifiers.
func TestSettingsChangeWhileInUse(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("f", clientbook.StringField)))
	stop := make(chan struct{})
	var wait sync.WaitGroup
	running := func() bool {
		select {
		case <-stop:
			return false
		default:
			return true
		}
	}
	for n := range 3 {
		wait.Go(func() {
			var mine []*clientbook.Client
			for i := 0; running(); i++ {
				u := with("f", fmt.Sprintf("%d-%d", n, i))
				if i%4 == 0 {
					u.Email = new("shared@example.com")
				}
				c, err := w.books.CreateClient(t.Context(), w.caller, u)
				if err == nil {
					mine = append(mine, c)
				}
				if i%3 == 2 && len(mine) > 0 {
					err = w.books.DeleteClient(t.Context(), w.caller, mine[0].ID)
					mine = mine[1:]
				}
				if k := clientbook.KindOf(err); err != nil && k != clientbook.KindConflict && k != clientbook.KindBusy {
					t.Errorf("beside changes of settings: %v", err)
					return
				}
			}
		})
	}
	wait.Go(func() {
		b := w.another(nil, book.Options{})
		for running() {
			if _, err := b.Verify(t.Context(), book.VerifyOptions{Deep: true}); err != nil {
				t.Errorf("verify beside changes of settings: %v", err)
				return
			}
		}
	})
	for range 10 {
		for _, e := range []edit{unique("f", true), rules(clientbook.DuplicateEmail, clientbook.DuplicateName), unique("f", false), noRules} {
			if _, err := w.books.ChangeSettings(t.Context(), changed(e)); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	wait.Wait()
	w.whole()
}
