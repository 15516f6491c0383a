package book_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"clientbook"
	"clientbook/internal/book"
)

// hit makes sure that err is the conflict of a claim of that kind.
func hit(t testing.TB, what string, err error, kind clientbook.ClaimKind) {
	t.Helper()
	e, ok := errors.AsType[*clientbook.Error](err)
	if !ok || e.Kind != clientbook.KindConflict || e.Reason != clientbook.ReasonClaim || e.Claim.Kind != kind {
		t.Errorf("%s: %v, want the conflict of claim kind %d", what, err, kind)
	}
}

func date(t testing.TB, s string) clientbook.Date {
	t.Helper()
	d, ok := clientbook.ParseDate(s)
	if !ok {
		t.Fatalf("%q is no date", s)
	}
	return d
}

func TestDuplicateRules(t *testing.T) {
	type do = func(u *clientbook.ClientUpdate)
	document := func(numbers ...string) do {
		return func(u *clientbook.ClientUpdate) {
			u.IDDocuments = &[]clientbook.IDDocument{}
			for _, n := range numbers {
				*u.IDDocuments = append(*u.IDDocuments, clientbook.IDDocument{Type: "Passport", Number: n})
			}
		}
	}
	phone := func(s string) do { return func(u *clientbook.ClientUpdate) { u.Telephone = &s } }
	mobile := func(s string) do { return func(u *clientbook.ClientUpdate) { u.Mobile = &s } }
	email := func(s string) do { return func(u *clientbook.ClientUpdate) { u.Email = &s } }
	name := func(first, last string) do {
		return func(u *clientbook.ClientUpdate) { u.Person.FirstName, u.Person.LastName = &first, &last }
	}
	born := func(last, day string) do {
		return func(u *clientbook.ClientUpdate) {
			u.Person.LastName = &last
			if day != "" {
				u.Person.BirthDate = new(date(t, day))
			}
		}
	}
	for _, x := range []struct {
		rule  clientbook.DuplicateRule
		kind  clientbook.ClaimKind
		first do
		same  []do
		other []do
		empty do
		away  do // changes the value
	}{
		{clientbook.DuplicateIDDocument, clientbook.ClaimIDDocument, document("P 12", "X1"), []do{document("p  12 "), document("new", "x1")}, []do{document("P12"), document("P 1")}, document(), document("P 13", "X2")},
		{clientbook.DuplicateHomePhone, clientbook.ClaimHomePhone, phone("+43 1"), []do{phone(" +43 1 ")}, []do{phone("+431"), mobile("+43 1")}, phone(""), phone("+43 2")},
		{clientbook.DuplicateMobilePhone, clientbook.ClaimMobilePhone, mobile("+43 1"), []do{mobile("+43  1")}, []do{mobile("+43 12"), phone("+43 1")}, mobile(""), mobile("+43 2")},
		{clientbook.DuplicateEmail, clientbook.ClaimEmail, email("Ada@Example.com"), []do{email("ada@example.COM"), email(" ada@example.com")}, []do{email("ada@example.org")}, email(""), email("a@example.com")},
		{clientbook.DuplicateName, clientbook.ClaimName, name("José", "Marsh"), []do{name("JOSE\u0301", " marsh"), name("ｊosé", "MARSH")}, []do{name("Jose", "Marsh"), name("José", "Marshall")}, nil, name("José", "Marshal")},
		{clientbook.DuplicateNameAndBirthDate, clientbook.ClaimNameAndBirthDate, born("Straße", "1990-02-28"), []do{born("STRASSE", "1990-02-28")}, []do{born("Straße", "1990-02-27"), born("Gasse", "1990-02-28")}, born("Straße", ""), born("Weg", "1990-02-28")},
	} {
		t.Run(string(x.rule), func(t *testing.T) {
			w := newWorld(t, book.Options{})
			w.set(rules(x.rule))
			make := func(d do) (*clientbook.Client, error) {
				u := someone()
				if d != nil {
					d(u)
				}
				return w.books.CreateClient(t.Context(), w.caller, u) // nothing is Strict, as of a ComplyCube create
			}
			first, err := make(x.first)
			if err != nil {
				t.Fatal(err)
			}
			second := w.create(someone())
			for i, same := range x.same {
				_, err := make(same)
				hit(t, fmt.Sprintf("create %d", i), err, x.kind)
				u := someone()
				same(u)
				_, err = w.books.UpdateClient(t.Context(), w.caller, second.ID, u)
				hit(t, fmt.Sprintf("update %d", i), err, x.kind)
			}
			for i, other := range x.other {
				if _, err := make(other); err != nil {
					t.Errorf("other %d: %v", i, err)
				}
			}
			for range 2 {
				if _, err := make(x.empty); err != nil {
					t.Errorf("without a value: %v", err)
				}
			}
			w.whole()
			changes := someone()
			x.away(changes)
			w.update(first.ID, changes)
			third, err := make(x.first)
			if err != nil {
				t.Fatalf("after the value was changed: %v", err)
			}
			w.delete(third.ID)
			fourth, err := make(x.same[0])
			if err != nil {
				t.Fatalf("after the client was deleted: %v", err)
			}
			_, err = make(x.first)
			hit(t, "again", err, x.kind)
			w.update(fourth.ID, &clientbook.ClientUpdate{Notes: new("its own value does not bar it")})
			w.whole()
		})
	}
}

func TestDuplicateRulesOfOtherModes(t *testing.T) {
	for _, mode := range []clientbook.DuplicateMode{clientbook.DuplicatesIgnored, clientbook.DuplicatesWarned} {
		w := newWorld(t, book.Options{})
		w.change(func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
			s.Duplicates = clientbook.Duplicates{Mode: mode, Rules: clientbook.DuplicateRules}
		})
		w.create(person("a@example.com", "A", "B"))
		w.create(person("a@example.com", "A", "B"))
		w.whole()
	}
}

func TestOneOfManyCreatesWins(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(rules(clientbook.DuplicateEmail))
	w.set(fields(false, field("tax", clientbook.StringField)))
	w.set(unique("tax", true))
	other := w.another(nil, book.Options{})
	for round := range 3 {
		for _, x := range []struct {
			kind clientbook.ClaimKind
			make func() *clientbook.ClientUpdate
		}{
			{clientbook.ClaimEmail, func() *clientbook.ClientUpdate {
				return person(fmt.Sprintf("same%d@example.com", round), "Same", "One")
			}},
			{clientbook.ClaimFieldValue, func() *clientbook.ClientUpdate { return with("tax", fmt.Sprint(round)) }},
			{clientbook.ClaimNumber, func() *clientbook.ClientUpdate {
				u := someone()
				u.Number = new(fmt.Sprint("N", round))
				return u
			}},
		} {
			var wait sync.WaitGroup
			var mu sync.Mutex
			won := 0
			for n := range 32 {
				b := w.books
				if n%2 == 1 {
					b = other
				}
				u := x.make()
				wait.Go(func() {
					_, err := b.CreateClient(t.Context(), w.caller, u)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					} else {
						hit(t, "a loser", err, x.kind)
					}
				})
			}
			wait.Wait()
			if won != 1 {
				t.Errorf("claim kind %d: %d of 32 creates with one value won", x.kind, won)
			}
		}
	}
	w.whole()
}

func TestRulesOnAndOff(t *testing.T) {
	w := newWorld(t, book.Options{Now: ticking()})
	oldest := w.create(person("a@example.com", "Ada", "Marsh"))
	younger := w.create(person("A@example.com", "Bea", "Marsh"))
	youngest := w.create(person("a@example.com ", "Ada", "Marsh"))
	report := w.change(rules(clientbook.DuplicateEmail, clientbook.DuplicateName))
	if report.Number == 0 || len(report.Notes) != 2 || !strings.Contains(report.Notes[0]+report.Notes[1], "2 clients") || !strings.Contains(report.Notes[0]+report.Notes[1], "1 client ") {
		t.Errorf("got %+v, want notes of 2 clients by e-mail and 1 by name", report)
	}
	w.view(func(r clientbook.Reader) error {
		return r.Claims(w.caller.Book, clientbook.ClaimEmail, [16]byte{}, 10, func(_ clientbook.Claim, c clientbook.ClientID) error {
			if c != oldest.ID {
				t.Error("not the oldest holds the claim")
			}
			return nil
		})
	})
	if n := w.claimCount(clientbook.ClaimEmail); n != 1 {
		t.Errorf("%d claims of e-mail, want 1", n)
	}
	w.whole()
	_, err := w.books.CreateClient(t.Context(), w.caller, person("A@EXAMPLE.com", "New", "One"))
	hit(t, "a third", err, clientbook.ClaimEmail)
	w.update(younger.ID, &clientbook.ClientUpdate{Notes: new("stays as it is")})
	w.update(younger.ID, &clientbook.ClientUpdate{Email: new("b@example.com")})
	_, err = w.books.UpdateClient(t.Context(), w.caller, younger.ID, &clientbook.ClientUpdate{Email: new("a@example.com")})
	hit(t, "back", err, clientbook.ClaimEmail)
	w.whole()
	w.delete(oldest.ID) // the claim goes with it, and the youngest still has the value
	w.whole()
	w.update(youngest.ID, &clientbook.ClientUpdate{Notes: new("x")})
	w.whole()
	w.set(noRules)
	for _, k := range []clientbook.ClaimKind{clientbook.ClaimEmail, clientbook.ClaimName} {
		if n := w.claimCount(k); n != 0 {
			t.Errorf("%d claims of kind %d are left", n, k)
		}
	}
	w.create(person("a@example.com", "Ada", "Marsh"))
	w.whole()
}

// TestSharingIsCountedByClient has one client that shares two values with older ones.
func TestSharingIsCountedByClient(t *testing.T) {
	w := newWorld(t, book.Options{Now: ticking()})
	for _, numbers := range [][]string{{"1"}, {"2"}, {"1", "2"}} {
		u := someone()
		u.IDDocuments = &[]clientbook.IDDocument{}
		for _, n := range numbers {
			*u.IDDocuments = append(*u.IDDocuments, clientbook.IDDocument{Type: "Passport", Number: n})
		}
		w.create(u)
	}
	report := w.change(rules(clientbook.DuplicateIDDocument))
	if len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "1 client ") {
		t.Errorf("notes %q, want one of 1 client", report.Notes)
	}
	w.whole()
}

// TestOtherRulesKeepClaims switches one rule on beside another, under which clients are alike already.
func TestOtherRulesKeepClaims(t *testing.T) {
	w := newWorld(t, book.Options{Now: ticking()})
	w.create(person("a@example.com", "Ada", "Marsh"))
	w.create(person("a@example.com", "Ada", "Marsh"))
	w.set(rules(clientbook.DuplicateEmail))
	if report := w.change(rules(clientbook.DuplicateEmail, clientbook.DuplicateName)); len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "name") {
		t.Errorf("notes %q, want one of the new rule", report.Notes)
	}
	w.set(rules(clientbook.DuplicateName))
	if e, n := w.claimCount(clientbook.ClaimEmail), w.claimCount(clientbook.ClaimName); e != 0 || n != 1 {
		t.Errorf("%d claims of e-mail and %d of name, want 0 and 1", e, n)
	}
	w.whole()
}

func link(field, ref string) *clientbook.ValuesUpdate {
	return &clientbook.ValuesUpdate{Set: []clientbook.ValueUpdate{{ValueName: clientbook.ValueName{Field: field}, Link: &ref}}}
}

func TestLinks(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("sponsor", clientbook.ClientLinkField), field("officer", clientbook.UserLinkField)))
	w.set(officer("eva"))
	target := w.create(someone())
	company := someone()
	company.Kind, company.Person, company.Company = new(clientbook.CompanyKind), nil, &clientbook.CompanyUpdate{Name: new("Acme")}
	firm := w.create(company)
	gone := w.create(someone())
	w.delete(gone.ID)
	key := target.Key(w.caller.Book)
	linked := func(ref string) (*clientbook.Client, error) {
		u := someone()
		u.Values = link("sponsor", ref)
		return w.books.CreateClient(t.Context(), w.caller, u)
	}
	var referrers []*clientbook.Client
	for _, ref := range []string{key, target.Number} {
		c, err := linked(ref)
		if err != nil || c.Values[0].Value != key {
			t.Fatalf("a link by %q: %+v, %v; want the key %s", ref, c, err, key)
		}
		referrers = append(referrers, c)
	}
	for _, ref := range []string{"nobody", gone.Number, gone.Key(w.caller.Book), clientbook.KeyOf(w.caller.Book, clientbook.ClientID{1}), strings.ToUpper(key), "eva"} {
		_, err := linked(ref)
		isRefused(t, "a link to "+ref, err, clientbook.KindInvalid, clientbook.ReasonFieldLink)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != "sponsor" {
			t.Errorf("a link to %s: the field named is %q", ref, e.Param)
		}
	}
	if _, err := linked(firm.Key(w.caller.Book)); err != nil {
		t.Errorf("a link to a company, by a caller that sees both: %v", err)
	}
	w.caller.Kind = clientbook.PersonKind
	_, err := linked(firm.Key(w.caller.Book))
	isRefused(t, "a link to a company, by one that sees persons", err, clientbook.KindInvalid, clientbook.ReasonFieldLink)

	w.update(referrers[0].ID, &clientbook.ClientUpdate{Values: link("officer", "eva")})
	isRefused(t, "delete of a target", w.books.DeleteClient(t.Context(), w.caller, target.ID), clientbook.KindConflict, clientbook.ReasonReferred)
	w.delete(referrers[0].ID)
	isRefused(t, "delete of a target of one", w.books.DeleteClient(t.Context(), w.caller, target.ID), clientbook.KindConflict, clientbook.ReasonReferred)
	w.update(referrers[1].ID, &clientbook.ClientUpdate{Values: link("sponsor", referrers[1].Number)}) // to itself
	w.delete(target.ID)
	w.delete(referrers[1].ID)
	w.whole()
}

// TestLinkOrDelete has clients linked to and deleted at the same time: one of both is refused.
func TestLinkOrDelete(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("sponsor", clientbook.ClientLinkField)))
	other := w.another(nil, book.Options{})
	links, deletions := 0, 0
	for round := range 150 {
		target, from := w.create(someone()), w.create(someone())
		var wait sync.WaitGroup
		var linked, deleted error
		wait.Go(func() {
			u := &clientbook.ClientUpdate{Values: link("sponsor", target.Number)}
			if round%2 == 0 {
				_, linked = other.UpdateClient(t.Context(), w.caller, from.ID, u)
			} else {
				u.Kind, u.Person = someone().Kind, someone().Person
				_, linked = w.books.CreateClient(t.Context(), w.caller, u)
			}
		})
		wait.Go(func() { deleted = w.books.DeleteClient(t.Context(), w.caller, target.ID) })
		wait.Wait()
		switch {
		case linked == nil && deleted == nil, linked != nil && deleted != nil:
			t.Fatalf("round %d: link %v, delete %v; want one of them refused", round, linked, deleted)
		case linked != nil:
			isRefused(t, "link", linked, clientbook.KindInvalid, clientbook.ReasonFieldLink)
			deletions++
		default:
			isRefused(t, "delete", deleted, clientbook.KindConflict, clientbook.ReasonReferred)
			links++
		}
	}
	t.Logf("%d links and %d deletions won", links, deletions)
	w.whole()
}

// TestLinkToWhatGoesMeanwhile deletes the target between the decision and the write.
func TestLinkToWhatGoesMeanwhile(t *testing.T) {
	for _, create := range []bool{true, false} {
		w := newWorld(t, book.Options{})
		w.set(fields(false, field("sponsor", clientbook.ClientLinkField)))
		target, from := w.create(someone()), w.create(someone())
		slow := w.another(&hooked{Store: w.store, before: once("apply", func() { w.delete(target.ID) })}, book.Options{})
		u := &clientbook.ClientUpdate{Values: link("sponsor", target.Number)}
		var err error
		if create {
			u.Kind, u.Person = someone().Kind, someone().Person
			_, err = slow.CreateClient(t.Context(), w.caller, u)
		} else {
			_, err = slow.UpdateClient(t.Context(), w.caller, from.ID, u)
		}
		isRefused(t, "link", err, clientbook.KindInvalid, clientbook.ReasonFieldLink)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != "sponsor" {
			t.Errorf("the field named is %q", e.Param)
		}
		w.whole()
	}
}

func TestForeignKeys(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("sponsor", clientbook.ClientLinkField)))
	const key = "8a8187366b2c8a3e016b2c8f0a0b0c0d"
	u := someone()
	u.ForeignKey = new(key)
	made := w.create(u)
	if got := made.Key(w.caller.Book); got != key {
		t.Errorf("its key is %s, want %s", got, key)
	}
	for _, ref := range []string{key, made.Number} {
		if id, err := w.books.FindClient(t.Context(), w.caller, ref); err != nil || id != made.ID {
			t.Errorf("find by %s: %s, %v", ref, id, err)
		}
		if c, err := w.books.BookClient(t.Context(), "alpha", clientbook.ModeTest, ref); err != nil || c.ID != made.ID {
			t.Errorf("book client %s: %v", ref, err)
		}
	}
	again := someone()
	again.ForeignKey = new(key)
	_, err := w.books.CreateClient(t.Context(), w.caller, again)
	hit(t, "a second one", err, clientbook.ClaimForeignKey)
	w.update(made.ID, &clientbook.ClientUpdate{Notes: new("x"), ForeignKey: new("other")})
	if c, _ := w.books.Client(t.Context(), w.caller, made.ID); c.ForeignKey != key {
		t.Errorf("an update made the key %s", c.ForeignKey)
	}
	referrer := w.create(&clientbook.ClientUpdate{Kind: u.Kind, Person: u.Person, Values: link("sponsor", key)})
	if referrer.Values[0].Value != key {
		t.Errorf("the link is to %s, want the foreign key", referrer.Values[0].Value)
	}
	isRefused(t, "delete of what is linked by a foreign key", w.books.DeleteClient(t.Context(), w.caller, made.ID), clientbook.KindConflict, clientbook.ReasonReferred)
	w.whole()
	w.delete(referrer.ID)
	w.delete(made.ID)
	_, err = w.books.FindClient(t.Context(), w.caller, key)
	isRefused(t, "find what is deleted", err, clientbook.KindNotFound, clientbook.ReasonClient)
	_, err = w.books.BookClient(t.Context(), "alpha", clientbook.ModeTest, made.Number)
	isRefused(t, "book client that is deleted", err, clientbook.KindNotFound, clientbook.ReasonClient)
	again.Person.FirstName = new("Free")
	w.create(again)
	w.whole()
}

func TestCallersSeeTheirKind(t *testing.T) {
	w := newWorld(t, book.Options{})
	u := &clientbook.ClientUpdate{Kind: new(clientbook.CompanyKind), Email: new("a@example.com"), Company: &clientbook.CompanyUpdate{Name: new("Acme")}}
	firm := w.create(u)
	ada := w.create(person("a@example.com", "Ada", "Marsh"))
	persons := w.caller
	persons.Kind = clientbook.PersonKind
	if _, err := w.books.Client(t.Context(), w.caller, firm.ID); err != nil {
		t.Errorf("a caller that sees both: %v", err)
	}
	_, err := w.books.Client(t.Context(), persons, firm.ID)
	isRefused(t, "read", err, clientbook.KindNotFound, clientbook.ReasonClient)
	_, err = w.books.UpdateClient(t.Context(), persons, firm.ID, &clientbook.ClientUpdate{Notes: new("x")})
	isRefused(t, "update", err, clientbook.KindNotFound, clientbook.ReasonClient)
	isRefused(t, "delete", w.books.DeleteClient(t.Context(), persons, firm.ID), clientbook.KindNotFound, clientbook.ReasonClient)
	for name, s := range map[string]*book.Search{
		"all": {}, "e-mail": {Where: []book.Constraint{{Subject: book.EmailSubject, Op: book.Is, Texts: []string{"a@example.com"}}}},
		"key":    {Where: []book.Constraint{{Subject: book.KeySubject, Op: book.OneOf, Texts: []string{firm.Key(w.caller.Book), ada.Key(w.caller.Book)}}}},
		"sorted": {Sort: book.EmailSubject},
	} {
		if got, err := w.books.SearchClients(t.Context(), persons, s, 0, 10); err != nil || len(got) != 1 || got[0].ID != ada.ID {
			t.Errorf("%s: %d clients, %v; want the person", name, len(got), err)
		}
		if got, err := w.books.SearchClients(t.Context(), w.caller, s, 0, 10); err != nil || len(got) != 2 {
			t.Errorf("%s, without a kind: %d clients, %v; want both", name, len(got), err)
		}
	}
	if got, err := w.books.SearchNames(t.Context(), persons, firm.Key(w.caller.Book), 10); err != nil || len(got) != 0 {
		t.Errorf("search by the company's key: %d clients, %v", len(got), err)
	}
}
