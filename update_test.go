package clientbook_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clientbook"
)

// equal compares two records.
func equal(t interface {
	Helper()
	Errorf(format string, args ...any)
}, got, want *clientbook.Client) {
	t.Helper()
	x, y := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range x.NumField() {
		if f := x.Field(i).Interface(); !reflect.DeepEqual(f, y.Field(i).Interface()) {
			t.Errorf("%s: got %+v, want %+v", x.Type().Field(i).Name, f, y.Field(i).Interface())
		}
	}
}

// copied gives a copy of a record that shares nothing with it.
func copied(c *clientbook.Client) *clientbook.Client {
	d := *c
	if c.Person != nil {
		d.Person = new(*c.Person)
	}
	if c.Company != nil {
		d.Company = new(*c.Company)
	}
	d.Addresses, d.IDDocuments, d.Values = slices.Clone(c.Addresses), slices.Clone(c.IDDocuments), slices.Clone(c.Values)
	d.Comments, d.Metadata = slices.Clone(c.Comments), slices.Clone(c.Metadata)
	return &d
}

// repeated gives the update that names everything that a record has.
func repeated(c *clientbook.Client) *clientbook.ClientUpdate {
	u := &clientbook.ClientUpdate{
		Kind: new(c.Kind()), Email: &c.Email, Mobile: &c.Mobile, Telephone: &c.Telephone, ExternalID: &c.ExternalID, Joined: &c.Joined,
		Metadata: new(slices.Clone(c.Metadata)), LastActionBy: &c.LastActionBy, SecondMobile: &c.SecondMobile, Notes: &c.Notes, Number: &c.Number,
		Language: &c.Language, ClientType: new(string(c.ClientType)), Branch: new(string(c.Branch)), Centre: new(string(c.Centre)), User: new(string(c.User)),
		State: &c.State, MainAddress: &clientbook.MainAddress{}, Values: &clientbook.ValuesUpdate{Replace: true},
	}
	if p := c.Person; p != nil {
		u.Person = &clientbook.PersonUpdate{
			FirstName: &p.FirstName, MiddleName: &p.MiddleName, LastName: &p.LastName, BirthDate: &p.BirthDate, Gender: &p.Gender, Nationality: &p.Nationality,
			BirthCountry: &p.BirthCountry, SSN: &p.SSN, SocialInsuranceNumber: &p.SocialInsuranceNumber,
			NationalIdentityNumber: &p.NationalIdentityNumber, TaxIdentificationNumber: &p.TaxIdentificationNumber,
		}
	}
	if a := c.MainAddress(); a != nil {
		u.MainAddress.Address = new(*a)
	}
	documents := slices.DeleteFunc(slices.Clone(c.IDDocuments), func(d clientbook.IDDocument) bool { return d.Number == "" })
	u.IDDocuments = &documents
	for _, v := range c.Values {
		x := clientbook.ValueUpdate{ValueName: clientbook.ValueName{Field: string(v.Field), Group: new(v.Group)}, Value: new(v.Value)}
		u.Values.Set = append(u.Values.Set, x)
	}
	return u
}

// Texts of no form that any rule asks for: a record may hold them from elsewhere, and an update that leaves them must pass.
var anyText = rapid.SampledFrom([]string{"", "", "x", "Ada", "a\x00b", "a b", "k-gone", "k-shut", "k-mall", "99", strings.Repeat("x", 3000)})

func anyClient(t *rapid.T) *clientbook.Client {
	text := func(what string) string { return anyText.Draw(t, what) }
	c := ada(func(c *clientbook.Client) {
		c.Email, c.Mobile, c.ExternalID, c.Notes, c.Number = text("email"), text("mobile"), text("external"), text("notes"), text("number")
		c.Language, c.ClientType = clientbook.Language("L"+text("language")), clientbook.DefinitionKey("T"+text("type"))
		c.Branch, c.Centre, c.User = clientbook.DefinitionKey(text("branch")), clientbook.DefinitionKey(text("centre")), clientbook.DefinitionKey(text("user"))
		c.Person.MiddleName, c.Person.Gender = text("middle"), clientbook.Gender(text("gender"))
		c.State = rapid.SampledFrom([]clientbook.State{pending, idle, active, exited, rejected, blacklisted}).Draw(t, "state")
		if c.State == blacklisted {
			c.Before = idle
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "addresses") {
			c.Addresses = append(c.Addresses, clientbook.Address{ID: child(byte(i + 1)), Line1: "x" + text("line"), Latitude: text("latitude"), Main: i == 1})
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "documents") { // those without a number stand behind, as every write leaves them
			d := clientbook.IDDocument{ID: child(byte(i + 20)), Type: text("type"), Number: "x", Template: clientbook.DefinitionKey(text("template"))}
			c.IDDocuments = append(c.IDDocuments, d)
		}
		if rapid.Bool().Draw(t, "hidden") {
			c.IDDocuments = append(c.IDDocuments, clientbook.IDDocument{ID: child(30), Type: "Visa"})
		}
		stored := values("nick=x", "old=y", "special=z", "segment=silver", "tier=high", "iban.0=A", "city.1=Wien", "friend=k-gone", "size=ten")
		for _, v := range stored {
			if rapid.Bool().Draw(t, string(v.Field)) {
				c.Values = append(c.Values, v)
			}
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "comments") {
			c.Comments = append(c.Comments, clientbook.Comment{ID: child(byte(i + 40)), Time: then, Text: "x"})
		}
		if rapid.Bool().Draw(t, "metadata") {
			c.Metadata = clientbook.Metadata{{Key: "a\x01", Value: "b"}}
		}
	})
	return c
}

// What a record holds never bars an update that repeats it, whatever the settings ask for now.
func TestRepetitionProperty(t *testing.T) {
	s := settings(field("pep", required), field("bic", required), func(s *clientbook.Settings) {
		s.OtherIDDocuments, s.IDDocumentTemplates[0].Mandatory = false, true
	})
	rapid.Check(t, func(t *rapid.T) {
		c := anyClient(t)
		u := repeated(c)
		for _, f := range clientbook.Fields() { // what the dialect thinks of values that stay counts no more
			if f != clientbook.FieldKind && f != clientbook.FieldPerson && f != clientbook.FieldCompany && f != clientbook.FieldForeignKey && f != clientbook.FieldComments &&
				f != clientbook.FieldSSN && (f != clientbook.FieldAddresses || c.MainAddress() != nil) {
				u.Fault(f, clientbook.ReasonTooLong)
			}
		}
		next, err := c.With(u, rules(s))
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		equal(t, next, c)
	})
}

// With never changes its receiver, nor the update.
func TestReceiverProperty(t *testing.T) {
	s := settings()
	rapid.Check(t, func(t *rapid.T) {
		c := anyClient(t)
		if c.State == blacklisted {
			c.State = idle
		}
		// Capacity to spare, so that an append in place shows.
		c.Addresses, c.IDDocuments = slices.Grow(c.Addresses, 4), slices.Grow(c.IDDocuments, 4)
		c.Values, c.Comments = slices.Grow(c.Values, 4), slices.Grow(c.Comments, 4)
		before := copied(c)
		spare := c.Comments[:len(c.Comments)+1]
		u := &clientbook.ClientUpdate{
			Email: new(anyText.Draw(t, "e")), Person: &clientbook.PersonUpdate{FirstName: new(anyText.Draw(t, "f"))}, Comment: &clientbook.Comment{Text: anyText.Draw(t, "c")},
			IDDocuments: &[]clientbook.IDDocument{document(20, "Card|1||card"), document(0, "X|1")},
			MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{ID: child(2), Line1: anyText.Draw(t, "l")}},
			Values:      update(rapid.Bool().Draw(t, "replace"), "nick=y", "size=1"), State: new(rapid.SampledFrom([]clientbook.State{pending, exited}).Draw(t, "s")),
		}
		if !u.Values.Replace && rapid.Bool().Draw(t, "remove") {
			u.Values.Remove = []clientbook.ValueName{name("iban.0")}
		}
		documents := slices.Clone(*u.IDDocuments)
		first, errFirst := c.With(u, rules(s))
		equal(t, c, before)
		if spare[len(spare)-1] != (clientbook.Comment{}) {
			t.Errorf("wrote behind the comments: %+v", spare)
		}
		if !slices.Equal(*u.IDDocuments, documents) {
			t.Errorf("the update's documents became %+v", *u.IDDocuments)
		}
		second, errSecond := c.With(u, rules(s)) // as after a lost race
		if fault(errFirst) != fault(errSecond) {
			t.Fatalf("first %v, then %v", errFirst, errSecond)
		}
		if errFirst == nil {
			equal(t, second, first)
		}
	})
}

// ComplyCube's writes name no part that settings have demands of, and meet none.
func TestDemandsOfSettings(t *testing.T) {
	s := settings(field("size", required), func(s *clientbook.Settings) {
		s.OtherIDDocuments, s.ClientTypes[0].RequireID, s.ClientTypes[0].UseDefaultAddress = false, true, false
		s.IDDocumentTemplates[0].Mandatory = true
	})
	u := person()
	u.Email, u.Metadata = new("ada@example.com"), &clientbook.Metadata{{Key: "a", Value: "b"}}
	c, err := clientbook.NewClient(u, rules(s))
	if !wantFault(t, err, "") {
		return
	}
	for _, u := range []*clientbook.ClientUpdate{
		{}, {Email: new("b@example.com")}, {Person: &clientbook.PersonUpdate{FirstName: new("Bea")}}, {Kind: new(clientbook.PersonKind), Metadata: &clientbook.Metadata{}},
		{Joined: &clientbook.Date{Year: 2024, Month: 1, Day: 1}}, {Notes: new("x")}, {State: new(exited)}, {Comment: &clientbook.Comment{Text: "x"}},
	} {
		_, err := c.With(u, rules(s))
		wantFault(t, err, "")
	}
	_, err = clientbook.NewClient(&clientbook.ClientUpdate{Kind: new(clientbook.CompanyKind), Strict: true, Company: &clientbook.CompanyUpdate{Name: new("Co")}}, rules(s))
	wantFault(t, err, "") // they are demands on persons
	_, err = clientbook.NewClient(person(strict), rules(s))
	wantFault(t, err, "id_documents mandatory")
}

// Contract section 2.1: neither name may become empty. Section 3.2: nor blank.
func TestNames(t *testing.T) {
	for _, blank := range []string{
		"", " ", "\u00a0", "\u2003 ", "\u3000",
		"\u200b", "\u200c\u200d", "\ufeff", "\u2060 \u200b", "\u200e", "\u202e\u202c", "\u2066 \u2069", "\u00ad", "\u061c", "\U000e0020", // shown by nobody
	} {
		for want, p := range map[string]*clientbook.PersonUpdate{
			"person.first_name required": {FirstName: &blank}, "person.last_name required": {LastName: &blank},
		} {
			_, err := ada().With(&clientbook.ClientUpdate{Person: p}, rules(settings()))
			wantFault(t, err, want)
		}
		u := person()
		u.Person.LastName = &blank
		_, err := clientbook.NewClient(u, rules(settings()))
		wantFault(t, err, "person.last_name required")
	}
	for want, u := range map[string]*clientbook.ClientUpdate{
		"kind required":              {Person: &clientbook.PersonUpdate{FirstName: new("A"), LastName: new("B")}},
		"person required":            {Kind: new(clientbook.PersonKind)},
		"person.first_name required": {Kind: new(clientbook.PersonKind), Person: &clientbook.PersonUpdate{}},
		"company required":           {Kind: new(clientbook.CompanyKind)},
		"company.name required":      {Kind: new(clientbook.CompanyKind), Company: &clientbook.CompanyUpdate{Name: new(" ")}},
	} {
		_, err := clientbook.NewClient(u, rules(settings()))
		wantFault(t, err, want)
	}
	_, err := ada().With(&clientbook.ClientUpdate{Kind: new(clientbook.CompanyKind)}, rules(settings()))
	wantFault(t, err, "kind immutable")
	for _, name := range []string{"\u200bAnn", "A\u200d", "\u202eנעה\u202c", "می\u200cخواهم", "-"} { // what shows stands as it was given
		next, err := ada().With(&clientbook.ClientUpdate{Person: &clientbook.PersonUpdate{FirstName: &name}}, rules(settings()))
		if wantFault(t, err, "") && next.Person.FirstName != name {
			t.Errorf("got %q, want %q", next.Person.FirstName, name)
		}
	}
	next, err := ada().With(&clientbook.ClientUpdate{Person: &clientbook.PersonUpdate{MiddleName: new(" "), FirstName: new(" Ann ")}}, rules(settings()))
	if wantFault(t, err, "") && (next.Person.MiddleName != " " || next.Person.FirstName != " Ann " || next.Person.LastName != "Marsh") {
		t.Errorf("A7, text is kept as given: got %+v", next.Person)
	}
}

// Design §8: control characters are refused, tab and line ends in notes and metadata aside.
func TestTexts(t *testing.T) {
	long := strings.Repeat("ä", 65_535)
	for _, row := range []struct {
		rule  string
		given clientbook.ClientUpdate
		want  string
	}{
		{"notes with tab and line ends", clientbook.ClientUpdate{Notes: new("a\tb\nc\r\nd")}, ""},
		{"notes with HTML", clientbook.ClientUpdate{Notes: new("<b>bold</b>")}, ""},
		{"notes cleared", clientbook.ClientUpdate{Notes: new("")}, ""},
		{"notes of 65,535", clientbook.ClientUpdate{Notes: &long}, ""},
		{"notes of 65,536", clientbook.ClientUpdate{Notes: new(long + "x")}, "notes too_long"},
		{"notes with NUL", clientbook.ClientUpdate{Notes: new("a\x00")}, "notes characters"},
		{"notes with escape", clientbook.ClientUpdate{Notes: new("a\x1b[0m")}, "notes characters"},
		{"notes with form feed", clientbook.ClientUpdate{Notes: new("a\f")}, "notes characters"},
		{"notes with DEL", clientbook.ClientUpdate{Notes: new("a\x7f")}, "notes characters"},
		{"notes with C1", clientbook.ClientUpdate{Notes: new("a\u0085")}, "notes characters"},
		{"metadata with line ends", clientbook.ClientUpdate{Metadata: &clientbook.Metadata{{Key: "k", Value: "a\r\n\tb"}}}, ""},
		{"metadata with NUL", clientbook.ClientUpdate{Metadata: &clientbook.Metadata{{Key: "k", Value: "\x00"}}}, "metadata characters"},
		{"metadata key with line end", clientbook.ClientUpdate{Metadata: &clientbook.Metadata{{Key: "k\n", Value: "x"}}}, "metadata characters"},
		{"name with line end", clientbook.ClientUpdate{Person: &clientbook.PersonUpdate{FirstName: new("A\nB")}}, "person.first_name characters"},
		{"second mobile with tab", clientbook.ClientUpdate{SecondMobile: new("1\t2")}, "second_mobile characters"},
		{"comment with line ends", clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: "a\r\n\tb"}}, ""},
		{"comment of 65,536", clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: long + "x"}}, "comments too_long"},
		{"comment with NUL", clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: "\x00"}}, "comments characters"},
		{"comment without text, 1600", clientbook.ClientUpdate{Comment: &clientbook.Comment{}}, "comments required"},
		{"comment of nothing to be seen, 1600", clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: "\u200b\n\u200f"}}, "comments required"},
		{"comment of space, 1600", clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: " \n"}}, "comments required"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := ada().With(&row.given, rules(settings()))
			wantFault(t, err, row.want)
		})
	}
	c := ada(func(c *clientbook.Client) { c.Notes, c.Email = "a\x00", "b\x00" })
	_, err := c.With(&clientbook.ClientUpdate{Notes: new("a\x00"), Email: new("b\x00")}, rules(settings()))
	wantFault(t, err, "")
}

func TestComments(t *testing.T) {
	c := ada(func(c *clientbook.Client) {
		c.Comments = []clientbook.Comment{{ID: child(1), Time: then, Text: "first"}}
	})
	next, err := c.With(&clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: "second", User: "k-u1"}}, rules(settings()))
	if want := []clientbook.Comment{c.Comments[0], {Text: "second", User: "k-u1"}}; !wantFault(t, err, "") || !slices.Equal(next.Comments, want) {
		t.Errorf("got %+v, want %+v", next, want)
	}
	full := ada(func(c *clientbook.Client) {
		c.Comments = slices.Repeat([]clientbook.Comment{{Text: "x"}}, clientbook.MaxComments)
	})
	_, err = full.With(&clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: "x"}}, rules(settings()))
	wantFault(t, err, "comments too_many")
	_, err = full.With(&clientbook.ClientUpdate{Notes: new("x")}, rules(settings()))
	wantFault(t, err, "")
}

// The dialect's faults count where the value changes, come first, and not at all for the other kind's details.
func TestDialectFaults(t *testing.T) {
	u := &clientbook.ClientUpdate{Email: new("x"), Notes: new("a\x00")}
	u.Fault(clientbook.FieldNotes, clientbook.ReasonTooLong)
	u.Fault(clientbook.FieldCompanyName, clientbook.ReasonRequired)
	_, err := ada().With(u, rules(settings()))
	wantFault(t, err, "notes too_long")
	u.Fault(clientbook.FieldEmail, clientbook.ReasonEmail)
	_, err = ada().With(u, rules(settings()))
	wantFault(t, err, "email email")
	_, err = ada(func(c *clientbook.Client) { c.Email = "x" }).With(u, rules(settings()))
	wantFault(t, err, "notes too_long")
}

func TestNewClientHasOnlyWhatWasGiven(t *testing.T) {
	c, err := clientbook.NewClient(person(strict), rules(settings()))
	if wantFault(t, err, "") {
		equal(t, c, &clientbook.Client{State: idle, Approved: now, ClientType: "k-retail", Language: "ENGLISH", Person: &clientbook.Person{FirstName: "Ada", LastName: "Marsh"}})
	}
	c, err = clientbook.NewClient(person(), clientbook.Rules{Settings: clientbook.DefaultSettings(), Now: time.Time{}.Add(time.Hour)})
	if wantFault(t, err, "") && c.ClientType != "d9df8bc78a0234ccc934a845c" {
		t.Errorf("client type %q", c.ClientType)
	}
}
