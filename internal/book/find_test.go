package book_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

// A town is a book of clients who are easily taken for one another.
type town struct {
	*world
	now   time.Time // of the next create
	names map[clientbook.ClientID]string
	made  map[string]*clientbook.Client
}

// at is a time of the town: minutes after it began.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func newTown(t testing.TB) *town {
	x := &town{names: map[clientbook.ClientID]string{}, made: map[string]*clientbook.Client{}, now: at(0)}
	x.world = newWorld(t, book.Options{Now: func() time.Time { return x.now }})
	x.set(func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		fields(false, field("income", clientbook.NumberField), field("ref", clientbook.StringField), field("since", clientbook.DateField),
			field("pep", clientbook.CheckboxField), field("sponsor", clientbook.ClientLinkField))(s, mint)
		fields(true, field("card", clientbook.StringField), field("limit", clientbook.NumberField))(s, mint)
		for _, id := range []string{"one", "two"} {
			s.Branches = append(s.Branches, clientbook.Branch{Definition: defined(id, mint), Active: true})
			s.Centres = append(s.Centres, clientbook.Centre{Definition: defined(id, mint), Active: true})
			s.ClientTypes = append(s.ClientTypes, clientbook.ClientType{Definition: defined(id, mint), UseDefaultAddress: true})
			officer(id)(s, mint)
		}
	})
	return x
}

// lives adds a client under a name, a minute after the one before.
func (x *town) lives(name, first, middle, last string, more func(u *clientbook.ClientUpdate)) *clientbook.Client {
	x.Helper()
	u := &clientbook.ClientUpdate{Kind: new(clientbook.PersonKind), Person: &clientbook.PersonUpdate{FirstName: &first, LastName: &last}}
	if middle != "" {
		u.Person.MiddleName = &middle
	}
	if more != nil {
		more(u)
	}
	c := x.create(u)
	x.names[c.ID], x.made[name] = name, c
	x.now = x.now.Add(time.Minute)
	return c
}

func (x *town) field(id string) clientbook.DefinitionKey {
	f, _ := x.settings().CustomField(id)
	return f.Key
}

// search gives the names of who was found.
func (x *town) search(s *book.Search) (string, error) {
	found, err := x.books.SearchClients(x.Context(), x.caller, s, 0, 100)
	names := make([]string, len(found))
	for i, c := range found {
		names[i] = x.names[c.ID]
	}
	return strings.Join(names, " "), err
}

func is(s book.Subject, op book.Op, texts ...string) book.Constraint {
	return book.Constraint{Source: fmt.Sprint("subject ", s), Subject: s, Op: op, Texts: texts}
}

func (x *town) custom(id string, op book.Op, texts ...string) book.Constraint {
	return book.Constraint{Source: id, Subject: book.FieldSubject, Field: x.field(id), Op: op, Texts: texts}
}

func days(s book.Subject, first, last string) book.Constraint {
	c := book.Constraint{Source: "days", Subject: s, Op: book.Within}
	c.Days[0], _ = clientbook.ParseDate(first)
	c.Days[1], _ = clientbook.ParseDate(last)
	return c
}

func window(s book.Subject, after, before time.Time) book.Constraint {
	return book.Constraint{Source: "window", Subject: s, Op: book.Within, Window: clientbook.Window{After: after, Before: before}}
}

func (x *town) days(id, first, last string) book.Constraint {
	c := days(book.FieldSubject, first, last)
	c.Field = x.field(id)
	return c
}

// all is a constraint that every client meets, and that narrows a search.
func all() book.Constraint { return window(book.CreatedSubject, at(-1), time.Time{}) }

func settled(t testing.TB) *town {
	x := newTown(t)
	type u = *clientbook.ClientUpdate
	born := func(u u, day string) { u.Person.BirthDate = new(date(t, day)) }
	x.lives("ada", "Ada", "", "Marsh", func(u u) {
		u.Email, u.Telephone, u.Mobile = new("ada@example.com"), new("+43 1"), new("0043")
		born(u, "2000-01-31")
		u.Person.Gender = new(clientbook.Gender("female"))
		u.Values = setting("income", "1000", "ref", "007", "since", "2020-01-01", "pep", "TRUE")
		u.Branch, u.Centre, u.User, u.ClientType = new("one"), new("one"), new("one"), new("one")
		u.Number = new("007")
	})
	x.lives("ADA", "ADA", "", "MARSH", func(u u) {
		u.Email, u.Telephone, u.Mobile = new("ADA@example.com"), new("+43  1 "), new("43")
		born(u, "2000-02-01")
		u.Person.Gender = new(clientbook.Gender("other"))
		u.Values = setting("income", "1000.00", "ref", "7", "since", "2020-01-02")
		u.Branch, u.Number = new("two"), new("7")
	})
	x.lives("adam", "Adam", "B.", "Marshall", func(u u) {
		born(u, "2000-02-29")
		u.Person.Gender = new(clientbook.Gender("male"))
		u.Values = setting("income", "-5", "ref", "A-1")
		u.Language, u.Notes = new(clientbook.Language("GERMAN")), new("calls in the morning\nor not")
		u.Number = new("ABC1")
	})
	x.lives("jose", "José", "", "Al", func(u u) { born(u, "2009-12-31"); u.Email = new("jose@example.com") })
	x.lives("jose2", "JOSE\u0301", "", "AL", func(u u) { born(u, "2010-01-01"); u.Notes = new("x") })
	x.lives("jo", "Jo", "", "Ann Lee", func(u u) { u.State = new(clientbook.StatePendingApproval) })
	x.lives("joann", "Jo Ann", "", "Lee", func(u u) {
		u.MainAddress = &clientbook.MainAddress{Address: &clientbook.Address{Line1: "1 Main  St", City: "Graz"}}
		u.Values = &clientbook.ValuesUpdate{Replace: true, Set: []clientbook.ValueUpdate{
			{ValueName: clientbook.ValueName{Field: "card", Group: new(0)}, Value: new("Visa")}, {ValueName: clientbook.ValueName{Field: "limit", Group: new(0)}, Value: new("20")},
			{ValueName: clientbook.ValueName{Field: "card", Group: new(1)}, Value: new("amex")}, {ValueName: clientbook.ValueName{Field: "limit", Group: new(1)}, Value: new("3")},
		}}
	})
	x.lives("joAnnLee", " Jo", "Ann", "Lee ", nil)
	x.lives("zoe", "Zoë", "Æ", "ﬁsh", func(u u) { u.ForeignKey = new("8a8187366b2c8a3e016b2c8f0a0b0c0d") })
	x.lives("gone", "Ada", "", "Marsh", func(u u) { u.Email = new("ada@example.com"); u.Number = new("GONE") })
	x.delete(x.made["gone"].ID)
	x.now = at(100)
	x.update(x.made["adam"].ID, &clientbook.ClientUpdate{State: new(clientbook.StateExited)})
	x.now = at(200)
	x.update(x.made["jo"].ID, &clientbook.ClientUpdate{State: new(clientbook.StateInactive)})
	return x
}

func TestSearches(t *testing.T) {
	x := settled(t)
	key := func(name string) string { return x.made[name].Key(x.caller.Book) }
	branch := func(id string) string { return string(x.settings().Branch(id).Key) }
	const everybody = "ada ADA adam jose jose2 jo joann joAnnLee zoe"
	for _, c := range []struct {
		name  string
		where []book.Constraint
		want  string
	}{
		{"nothing", nil, everybody},
		// Equality: byte for byte, or without letter case and outer space.
		{"exactly", []book.Constraint{is(book.FirstNameSubject, book.IsExactly, "Ada")}, "ada"},
		{"equal", []book.Constraint{is(book.FirstNameSubject, book.Is, " aDA")}, "ada ADA"},
		{"accents count", []book.Constraint{is(book.FirstNameSubject, book.Is, "jose")}, ""},
		{"NFKC", []book.Constraint{is(book.FirstNameSubject, book.Is, "jose\u0301")}, "jose jose2"},
		{"exactly, another form", []book.Constraint{is(book.FirstNameSubject, book.IsExactly, "José")}, "jose"},
		{"ligature", []book.Constraint{is(book.LastNameSubject, book.Is, "FISH")}, "zoe"},
		{"middle name", []book.Constraint{is(book.MiddleNameSubject, book.Is, "æ")}, "zoe"},
		{"one of", []book.Constraint{is(book.LastNameSubject, book.OneOf, "AL", "fish", "nobody", "al")}, "jose jose2 zoe"},
		{"one of none", []book.Constraint{is(book.LastNameSubject, book.OneOf)}, ""},
		{"e-mail", []book.Constraint{is(book.EmailSubject, book.Is, "Ada@Example.com")}, "ada ADA"},
		{"e-mail exactly", []book.Constraint{is(book.EmailSubject, book.IsExactly, "ada@example.com")}, "ada"},
		{"phone", []book.Constraint{is(book.HomePhoneSubject, book.Is, "+43 1")}, "ada ADA"},
		{"mobile is text", []book.Constraint{is(book.MobileSubject, book.Is, "0043")}, "ada"},
		{"gender", []book.Constraint{is(book.GenderSubject, book.Is, "female")}, "ada"},
		{"genders", []book.Constraint{is(book.GenderSubject, book.OneOf, "female", "male")}, "ada adam"},
		{"branch", []book.Constraint{is(book.BranchSubject, book.Is, branch("one"))}, "ada"},
		{"branches", []book.Constraint{is(book.BranchSubject, book.OneOf, branch("one"), branch("two"), "none")}, "ada ADA"},
		{"centre", []book.Constraint{is(book.CentreSubject, book.IsExactly, string(x.settings().Centre("one").Key))}, "ada"},
		{"user", []book.Constraint{is(book.UserSubject, book.Is, string(x.settings().User("one").Key))}, "ada"},
		{"client type", []book.Constraint{is(book.ClientTypeSubject, book.Is, string(x.settings().ClientType("one").Key))}, "ada"},
		{"client types", []book.Constraint{is(book.ClientTypeSubject, book.OneOf, string(x.settings().ClientType("one").Key), string(x.settings().ClientType("two").Key))}, "ada"},
		{"client type twice", []book.Constraint{is(book.ClientTypeSubject, book.Is, string(x.settings().ClientType("one").Key)), is(book.ClientTypeSubject, book.Is, string(x.settings().ClientType("two").Key))}, ""},
		{"state", []book.Constraint{is(book.StateSubject, book.Is, "exited")}, "adam"},
		{"states", []book.Constraint{is(book.StateSubject, book.OneOf, "exited", "rejected", "deleted", "nonsense")}, "adam"},
		{"no state", []book.Constraint{is(book.StateSubject, book.Is, "deleted")}, ""},
		{"two states", []book.Constraint{is(book.StateSubject, book.Is, "inactive"), is(book.StateSubject, book.Is, "exited")}, ""},
		{"not a state", []book.Constraint{is(book.LastNameSubject, book.OneOf, "Marsh", "Marshall"), is(book.StateSubject, book.IsNot, "inactive")}, "adam"},
		// Custom fields.
		{"number", []book.Constraint{x.custom("income", book.Is, "+1000.0")}, "ada ADA"},
		{"number exactly", []book.Constraint{x.custom("income", book.IsExactly, "1000")}, "ada"},
		{"text that looks like a number", []book.Constraint{x.custom("ref", book.Is, "7")}, "ADA"},
		{"text", []book.Constraint{x.custom("ref", book.Is, "a-1")}, "adam"},
		{"entry of a grouped set", []book.Constraint{x.custom("card", book.Is, "AMEX")}, "joann"},
		{"checkbox", []book.Constraint{x.custom("pep", book.Is, "TRUE")}, "ada"},
		{"a field of nobody", []book.Constraint{{Subject: book.FieldSubject, Field: "nothing", Op: book.Is, Texts: []string{"7"}}}, ""},
		{"more", []book.Constraint{all(), x.custom("income", book.More, "999.99")}, "ada ADA"},
		{"less", []book.Constraint{all(), x.custom("income", book.Less, "-4.9")}, "adam"},
		{"between", []book.Constraint{all(), x.custom("income", book.Between, "-5", "1000")}, "ada ADA adam"},
		{"not the number", []book.Constraint{is(book.LastNameSubject, book.OneOf, "marsh", "marshall"), x.custom("income", book.IsNot, "1000.000")}, "adam"},
		{"not the text", []book.Constraint{is(book.LastNameSubject, book.Is, "marsh"), x.custom("ref", book.IsNot, "7")}, "ada"},
		{"not one of entries", []book.Constraint{is(book.LastNameSubject, book.Is, "lee"), x.custom("card", book.IsNot, "visa")}, "joAnnLee"},
		{"day of a field", []book.Constraint{is(book.LastNameSubject, book.Is, "marsh"), x.days("since", "2020-01-02", "2020-01-02")}, "ADA"},
		{"days of a field, open", []book.Constraint{all(), x.days("since", "", "2020-01-01")}, "ada"},
		{"field begins", []book.Constraint{all(), x.custom("ref", book.Begins, "a")}, "adam"},
		{"field empty", []book.Constraint{is(book.LastNameSubject, book.OneOf, "marsh", "marshall"), x.custom("since", book.Empty)}, "adam"},
		{"field there", []book.Constraint{all(), x.custom("since", book.NotEmpty)}, "ada ADA"},
		// Beginnings.
		{"begins", []book.Constraint{is(book.FirstNameSubject, book.Begins, "ada")}, "ada ADA adam"},
		{"begins with more", []book.Constraint{is(book.FirstNameSubject, book.Begins, "ADAM ")}, "adam"},
		{"begins with a form", []book.Constraint{is(book.FirstNameSubject, book.Begins, "JOS\u00c9")}, "jose jose2"},
		{"begins across words", []book.Constraint{is(book.LastNameSubject, book.Begins, "ann l")}, "jo"},
		{"short beginning beside", []book.Constraint{all(), is(book.LastNameSubject, book.Begins, "al")}, "jose jose2"},
		// Full names.
		{"full name", []book.Constraint{is(book.FullNameSubject, book.Is, "ada marsh")}, "ada ADA"},
		{"full name exactly", []book.Constraint{is(book.FullNameSubject, book.IsExactly, "ADA MARSH")}, "ADA"},
		{"full name, wherever it is cut", []book.Constraint{is(book.FullNameSubject, book.Is, "jo ann lee")}, "jo joann joAnnLee"},
		{"full name with a middle name", []book.Constraint{is(book.FullNameSubject, book.Is, "Adam b. Marshall")}, "adam"},
		{"full name without it", []book.Constraint{is(book.FullNameSubject, book.Is, "Adam Marshall")}, ""},
		{"full name of one word", []book.Constraint{is(book.FullNameSubject, book.Is, "ada")}, ""},
		{"full name begins", []book.Constraint{is(book.FullNameSubject, book.Begins, "jo an")}, "jo joann joAnnLee"},
		{"full name begins with one word", []book.Constraint{is(book.FullNameSubject, book.Begins, "ada")}, "ada ADA adam"},
		{"full name begins with a short word", []book.Constraint{is(book.FullNameSubject, book.Begins, "jo ")}, "?"},
		{"full name is not", []book.Constraint{is(book.LastNameSubject, book.Is, "lee"), is(book.FullNameSubject, book.IsNot, "Jo Ann LEE")}, ""},
		// Birth dates.
		{"day", []book.Constraint{days(book.BirthDateSubject, "2000-02-29", "2000-02-29")}, "adam"},
		{"end of a month", []book.Constraint{days(book.BirthDateSubject, "2000-01-31", "2000-02-01")}, "ada ADA"},
		{"within a month", []book.Constraint{days(book.BirthDateSubject, "2000-02-02", "2000-02-28")}, ""},
		{"120 months", []book.Constraint{days(book.BirthDateSubject, "2000-01-31", "2009-12-31")}, "ada ADA adam jose"},
		{"120 months, cut", []book.Constraint{days(book.BirthDateSubject, "2000-02-01", "2010-01-01")}, "ADA adam jose jose2"},
		{"ends before it begins", []book.Constraint{days(book.BirthDateSubject, "2001-01-01", "2000-12-31")}, ""},
		{"open end beside", []book.Constraint{all(), days(book.BirthDateSubject, "2000-02-29", "")}, "adam jose jose2"},
		{"open beginning beside", []book.Constraint{all(), days(book.BirthDateSubject, "", "2000-02-01")}, "ada ADA"},
		// Times, whose bounds are outside.
		{"created after", []book.Constraint{window(book.CreatedSubject, at(7), time.Time{})}, "zoe"},
		{"created before", []book.Constraint{window(book.CreatedSubject, time.Time{}, at(1))}, "ada"},
		{"created between", []book.Constraint{window(book.CreatedSubject, at(0), at(2))}, "ADA"},
		{"two windows", []book.Constraint{window(book.CreatedSubject, at(0), at(4)), window(book.CreatedSubject, at(1), at(9))}, "adam jose"},
		{"updated", []book.Constraint{window(book.UpdatedSubject, at(99), time.Time{})}, "adam jo"},
		{"updated at the bound", []book.Constraint{window(book.UpdatedSubject, at(100), time.Time{})}, "jo"},
		{"approved", []book.Constraint{window(book.ApprovedSubject, at(6), at(201))}, "jo joAnnLee zoe"},
		{"closed", []book.Constraint{window(book.ClosedSubject, time.Time{}, at(500))}, "adam"},
		{"activated", []book.Constraint{window(book.ActivatedSubject, time.Time{}, at(500))}, ""},
		{"closed beside a name", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), window(book.ClosedSubject, time.Time{}, at(500))}, "adam"},
		{"never closed", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), is(book.ClosedSubject, book.Empty)}, "ada ADA"},
		{"once closed", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), is(book.ClosedSubject, book.NotEmpty)}, "adam"},
		// Presence.
		{"empty", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), is(book.EmailSubject, book.Empty)}, "adam"},
		{"not empty", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), is(book.EmailSubject, book.NotEmpty)}, "ada ADA"},
		{"empty first", []book.Constraint{is(book.BirthDateSubject, book.Empty), window(book.CreatedSubject, at(3), time.Time{})}, "jo joann joAnnLee zoe"},
		{"no middle name", []book.Constraint{all(), is(book.MiddleNameSubject, book.NotEmpty)}, "adam joAnnLee zoe"},
		{"no address", []book.Constraint{is(book.LastNameSubject, book.Is, "lee"), is(book.AddressSubject, book.Empty)}, "joAnnLee"},
		{"no branch", []book.Constraint{is(book.FirstNameSubject, book.Begins, "ada"), is(book.BranchSubject, book.Empty)}, "adam"},
		{"no first name", []book.Constraint{all(), is(book.FirstNameSubject, book.Empty)}, ""},
		{"no state", []book.Constraint{is(book.StateSubject, book.Empty)}, ""},
		{"two presences", []book.Constraint{all(), is(book.EmailSubject, book.NotEmpty), is(book.BranchSubject, book.Empty)}, "jose"},
		// What is only compared in opened records.
		{"notes", []book.Constraint{all(), is(book.NotesSubject, book.Is, "Calls in the morning or not")}, "adam"},
		{"notes begin", []book.Constraint{all(), is(book.NotesSubject, book.Begins, "CALLS")}, "adam"},
		{"language", []book.Constraint{all(), is(book.LanguageSubject, book.Is, "GERMAN")}, "adam"},
		{"address", []book.Constraint{all(), is(book.AddressSubject, book.Is, "1 main st graz")}, "joann"},
		{"not the e-mail", []book.Constraint{is(book.LastNameSubject, book.Begins, "mar"), is(book.EmailSubject, book.IsNot, "ADA@EXAMPLE.COM")}, "adam"},
		{"not the phone, which is text", []book.Constraint{is(book.LastNameSubject, book.Is, "marsh"), is(book.MobileSubject, book.IsNot, "43")}, "ada"},
		{"not the number, which is text", []book.Constraint{is(book.LastNameSubject, book.Is, "marsh"), is(book.NumberSubject, book.IsNot, "7")}, "ada"},
		// Keys and numbers.
		{"number", []book.Constraint{is(book.NumberSubject, book.Is, "007")}, "ada"},
		{"another number", []book.Constraint{is(book.NumberSubject, book.Is, "7")}, "ADA"},
		{"number in small letters", []book.Constraint{is(book.NumberSubject, book.Is, "abc1")}, "adam"},
		{"number exactly", []book.Constraint{is(book.NumberSubject, book.IsExactly, "abc1")}, ""},
		{"numbers", []book.Constraint{is(book.NumberSubject, book.OneOf, "abc1", "7", "ABC1", "none")}, "ADA adam"},
		{"number of a deleted client", []book.Constraint{is(book.NumberSubject, book.Is, "GONE")}, ""},
		{"number and a wrong name", []book.Constraint{is(book.NumberSubject, book.Is, "7"), is(book.FirstNameSubject, book.IsExactly, "Ada")}, ""},
		{"number and what needs opening", []book.Constraint{is(book.NotesSubject, book.NotEmpty), is(book.NumberSubject, book.Is, "abc1"), is(book.EmailSubject, book.Empty)}, "adam"},
		{"key", []book.Constraint{is(book.KeySubject, book.Is, key("jo"))}, "jo"},
		{"keys", []book.Constraint{is(book.KeySubject, book.OneOf, key("zoe"), key("jo"), key("gone"), key("ada"))}, "ada jo zoe"},
		{"key and number", []book.Constraint{is(book.KeySubject, book.Is, key("ada")), is(book.NumberSubject, book.Is, "7")}, ""},
		{"key and a window", []book.Constraint{is(book.KeySubject, book.Is, key("ada")), window(book.CreatedSubject, at(0), time.Time{})}, ""},
		{"foreign key", []book.Constraint{is(book.KeySubject, book.IsExactly, "8a8187366b2c8a3e016b2c8f0a0b0c0d")}, "zoe"},
		{"no key", []book.Constraint{is(book.KeySubject, book.Is, "nothing")}, ""},
		// A number that is 0 for everybody.
		{"zero", []book.Constraint{is(book.NothingSubject, book.Is, "0.0")}, everybody},
		{"not zero", []book.Constraint{is(book.NothingSubject, book.IsNot, "0")}, ""},
		{"not five", []book.Constraint{is(book.NothingSubject, book.IsNot, "5")}, everybody},
		{"above", []book.Constraint{is(book.NothingSubject, book.More, "-1"), is(book.LastNameSubject, book.Is, "al")}, "jose jose2"},
		{"below", []book.Constraint{is(book.NothingSubject, book.Less, "0")}, ""},
		{"about", []book.Constraint{is(book.NothingSubject, book.Between, "0", "1"), is(book.LastNameSubject, book.Is, "al")}, "jose jose2"},
		{"no zero", []book.Constraint{is(book.NothingSubject, book.Empty)}, ""},
	} {
		got, err := x.search(&book.Search{Where: c.where})
		if c.want == "?" {
			isRefused(t, c.name, err, clientbook.KindInvalid, clientbook.ReasonTooWide)
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
		back := strings.Fields(c.want)
		slices.Reverse(back)
		if got, err := x.search(&book.Search{Where: c.where, Descending: true}); err != nil || got != strings.Join(back, " ") {
			t.Errorf("%s, descending: %q, %v; want %q", c.name, got, err, back)
		}
	}
	x.whole()
}

func TestSearchSorts(t *testing.T) {
	x := settled(t)
	in := func(names ...string) []book.Constraint {
		c := is(book.KeySubject, book.OneOf)
		for _, n := range names {
			c.Texts = append(c.Texts, x.made[n].Key(x.caller.Book))
		}
		return []book.Constraint{c}
	}
	for _, c := range []struct {
		name     string
		where    []book.Constraint
		sort     book.Subject
		field    string
		up, down string
	}{
		{"created", nil, book.CreatedSubject, "", "ada ADA adam jose jose2 jo joann joAnnLee zoe", "zoe joAnnLee joann jo jose2 jose adam ADA ada"},
		{"last name", nil, book.LastNameSubject, "", "jose2 jose jo zoe joann joAnnLee ADA ada adam", "adam ada ADA joAnnLee joann zoe jo jose jose2"},
		{"birth date", nil, book.BirthDateSubject, "", "ada ADA adam jose jose2 jo joann joAnnLee zoe", "jose2 jose adam ADA ada jo joann joAnnLee zoe"},
		{"e-mail", nil, book.EmailSubject, "", "ADA ada jose adam jose2 jo joann joAnnLee zoe", "jose ada ADA adam jose2 jo joann joAnnLee zoe"},
		{"updated", in("jo", "ada", "adam"), book.UpdatedSubject, "", "ada adam jo", "jo adam ada"},
		{"closed", in("jo", "adam", "ada"), book.ClosedSubject, "", "adam ada jo", "adam ada jo"},
		{"income", nil, book.FieldSubject, "income", "adam ada ADA jose jose2 jo joann joAnnLee zoe", "ada ADA adam jose jose2 jo joann joAnnLee zoe"},
		{"entry", in("ada", "joann"), book.FieldSubject, "limit", "joann ada", "joann ada"},
		{"ref", in("ada", "ADA", "adam"), book.FieldSubject, "ref", "ada ADA adam", "adam ADA ada"},
		{"number", in("ada", "ADA", "adam"), book.NumberSubject, "", "ada ADA adam", "adam ADA ada"},
		{"nothing", in("ada", "jo", "adam"), book.NothingSubject, "", "ada adam jo", "ada adam jo"},
		{"by key, as they came", in("jo", "adam", "ada"), book.NoSubject, "", "ada adam jo", "jo adam ada"},
		{"beside a filter", []book.Constraint{is(book.FirstNameSubject, book.Begins, "ada")}, book.FullNameSubject, "", "ADA ada adam", "adam ada ADA"},
	} {
		s := &book.Search{Where: c.where, Sort: c.sort, SortSource: "SORT"}
		if c.field != "" {
			s.SortField = x.field(c.field)
		}
		for _, want := range []string{c.up, c.down} {
			if got, err := x.search(s); err != nil || got != want {
				t.Errorf("%s, descending %v: %q, %v; want %q", c.name, s.Descending, got, err, want)
			}
			all := strings.Fields(want)
			for offset := range len(all) + 1 { // pages are cut out of the whole
				page, err := x.books.SearchClients(t.Context(), x.caller, s, int64(offset), 2)
				if err != nil || len(page) != min(2, len(all)-offset) || len(page) > 0 && x.names[page[0].ID] != all[offset] {
					t.Errorf("%s: page at %d has %d clients, %v", c.name, offset, len(page), err)
				}
			}
			s.Descending = true
		}
	}
}

func TestSearchRefusals(t *testing.T) {
	x := settled(t)
	long := make([]string, clientbook.MaxAny)
	for i := range long {
		long[i] = fmt.Sprint("Name", i)
	}
	source := func(s string, c book.Constraint) book.Constraint {
		c.Source = s
		return c
	}
	for _, c := range []struct {
		name  string
		where []book.Constraint
		param string
	}{
		{"other than", []book.Constraint{source("A", is(book.LastNameSubject, book.IsNot, "Marsh"))}, "A"},
		{"short beginning", []book.Constraint{source("A", is(book.LastNameSubject, book.Begins, "ma"))}, "A"},
		{"space is no letter", []book.Constraint{source("A", is(book.LastNameSubject, book.Begins, " ma "))}, "A"},
		{"other beginning", []book.Constraint{source("A", is(book.EmailSubject, book.Begins, "ada@"))}, "A"},
		{"notes", []book.Constraint{source("A", is(book.NotesSubject, book.Is, "x"))}, "A"},
		{"address", []book.Constraint{source("A", is(book.AddressSubject, book.Is, "x"))}, "A"},
		{"language", []book.Constraint{source("A", is(book.LanguageSubject, book.Is, "GERMAN"))}, "A"},
		{"number range", []book.Constraint{source("A", x.custom("income", book.More, "1"))}, "A"},
		{"121 months", []book.Constraint{source("A", days(book.BirthDateSubject, "2000-01-31", "2010-01-01"))}, "A"},
		{"half a range", []book.Constraint{source("A", days(book.BirthDateSubject, "2000-01-31", ""))}, "A"},
		{"empty alone", []book.Constraint{source("A", is(book.EmailSubject, book.Empty))}, "A"},
		{"not empty alone", []book.Constraint{source("A", is(book.NotesSubject, book.NotEmpty))}, "A"},
		{"field empty alone", []book.Constraint{source("A", x.custom("ref", book.Empty))}, "A"},
		{"address empty alone", []book.Constraint{source("A", is(book.AddressSubject, book.Empty))}, "A"},
		{"long list", []book.Constraint{source("A", is(book.LastNameSubject, book.OneOf, long...))}, "A"},
		{"number begins", []book.Constraint{source("A", is(book.NumberSubject, book.Begins, "007"))}, "A"},
		{"none of two", []book.Constraint{source("A", is(book.NothingSubject, book.Is, "0")), source("B", is(book.NotesSubject, book.Is, "x"))}, "B"},
	} {
		_, err := x.search(&book.Search{Where: c.where})
		isRefused(t, c.name, err, clientbook.KindInvalid, clientbook.ReasonTooWide)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != c.param {
			t.Errorf("%s: %q is named, want %q", c.name, e.Param, c.param)
		}
	}
}

func TestSearchBounds(t *testing.T) {
	x := settled(t)
	defer book.SetMaxOpened(4)()
	try := func(name string, s *book.Search, want, reason, param string) {
		t.Helper()
		got, err := x.search(s)
		if reason == "" {
			if err != nil || got != want {
				t.Errorf("%s: %q, %v; want %q", name, got, err, want)
			}
			return
		}
		isRefused(t, name, err, clientbook.KindInvalid, reason)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != param {
			t.Errorf("%s: %q is named, want %q", name, e.Param, param)
		}
	}
	notes := is(book.NotesSubject, book.NotEmpty)
	notes.Source = "NOTES"
	income := x.custom("income", book.More, "0")
	four, five := window(book.CreatedSubject, at(-1), at(4)), window(book.CreatedSubject, at(-1), at(5))
	try("four are opened", &book.Search{Where: []book.Constraint{four, income}}, "ada ADA", "", "")
	try("five are not", &book.Search{Where: []book.Constraint{five, income}}, "", clientbook.ReasonTooWide, "income")
	try("five are listed", &book.Search{Where: []book.Constraint{five}}, "ada ADA adam jose jose2", "", "")
	try("four are sorted", &book.Search{Where: []book.Constraint{four}, Sort: book.LastNameSubject}, "jose ADA ada adam", "", "")
	try("five are not sorted", &book.Search{Where: []book.Constraint{five}, Sort: book.LastNameSubject, SortSource: "SORT"}, "", clientbook.ReasonUnsortable, "SORT")
	try("the book is not sorted", &book.Search{Sort: book.LastNameSubject, SortSource: "SORT"}, "", clientbook.ReasonUnsortable, "SORT")
	// Presence bits narrow what is opened, whatever stands first, and need no opening themselves.
	try("presence bits", &book.Search{Where: []book.Constraint{five, notes}}, "adam jose2", "", "")
	try("presence bits first", &book.Search{Where: []book.Constraint{notes, five}}, "adam jose2", "", "")
	try("presence bits first, of many", &book.Search{Where: []book.Constraint{is(book.FirstNameSubject, book.NotEmpty), five}}, "ada ADA adam jose jose2", "", "")
	try("presence bits first, opened", &book.Search{Where: []book.Constraint{notes, five, income}}, "", "", "")
}

// TestSearchesTakeTurns has more searches at once than may open records.
func TestSearchesTakeTurns(t *testing.T) {
	x := settled(t)
	var mu sync.Mutex
	now, most := 0, 0
	slow := x.another(&hooked{Store: x.store,
		before: func(string) error {
			mu.Lock()
			defer mu.Unlock()
			now++
			most = max(most, now)
			return nil
		},
		after: func(string) error {
			time.Sleep(2 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			now--
			return nil
		},
	}, book.Options{})
	s := &book.Search{Sort: book.LastNameSubject}
	if _, err := slow.SearchClients(t.Context(), x.caller, s, 0, 10); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := slow.SearchClients(t.Context(), x.caller, s, 0, 10); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if most > book.MaxSearches {
		t.Errorf("%d at once, at most %d", most, book.MaxSearches)
	}
	// Who waits may give up.
	ctx, cancel := context.WithCancel(t.Context())
	held := make(chan struct{})
	var once sync.Once
	stuck := x.another(&hooked{Store: x.store, before: func(string) error {
		once.Do(func() { close(held) })
		<-ctx.Done()
		return nil
	}}, book.Options{})
	for range book.MaxSearches {
		wait.Go(func() { _, _ = stuck.SearchClients(t.Context(), x.caller, s, 0, 10) })
	}
	<-held
	gone, stop := context.WithCancel(t.Context())
	stop()
	_, err := slow.SearchClients(gone, x.caller, s, 0, 10)
	if err == nil {
		t.Error("a search whose caller has gone was made")
	}
	cancel()
	wait.Wait()
}

func TestSearchNames(t *testing.T) {
	x := settled(t)
	for _, c := range []struct{ text, want string }{
		{"007", "ada"}, {"abc1", "adam"}, {"ABC1", "adam"}, {x.made["zoe"].Key(x.caller.Book), "zoe"}, {x.made["jo"].Key(x.caller.Book), "jo"},
		{"ADA@example.com", "ada ADA"}, {"ada marsh", "ada ADA"}, {"al", "jose jose2"}, {"+43 1", "ada ADA"}, {"43", "ADA"},
		{"ada", "ada ADA adam"}, {"marsh", "ada ADA adam"}, {"mar", "ada ADA adam"}, {"lee", "joann joAnnLee"}, {"jo ann", "joann jo joAnnLee"},
		{"ann", "joAnnLee jo"}, {"æ", "zoe"}, {"ma", ""}, {"", ""}, {" ", ""}, {"nobody", ""}, {"GONE", ""},
	} {
		found, err := x.books.SearchNames(t.Context(), x.caller, c.text, 10)
		var names []string
		for _, f := range found {
			names = append(names, x.names[f.ID])
		}
		if got := strings.Join(names, " "); err != nil || got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.want)
		}
	}
	if found, err := x.books.SearchNames(t.Context(), x.caller, "ada", 2); err != nil || len(found) != 2 {
		t.Errorf("two of three: %d, %v", len(found), err)
	}
}
