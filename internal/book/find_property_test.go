package book_test

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// likeness is what texts are compared by, said another way than the code does.
func likeness(s string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))), " ")
}

// answers gives the values of a client for a constraint, by the design's words.
func answers(x *town, c *clientbook.Client, s book.Subject, f clientbook.DefinitionKey) (vs []string) {
	one := map[book.Subject]string{
		book.KeySubject: c.Key(x.caller.Book), book.NumberSubject: c.Number, book.FullNameSubject: c.Name(), book.FirstNameSubject: c.Person.FirstName,
		book.MiddleNameSubject: c.Person.MiddleName, book.LastNameSubject: c.Person.LastName, book.BirthDateSubject: c.Person.BirthDate.String(),
		book.GenderSubject: string(c.Person.Gender), book.StateSubject: c.State.String(), book.ClientTypeSubject: string(c.ClientType), book.BranchSubject: string(c.Branch),
		book.HomePhoneSubject: c.Telephone, book.MobileSubject: c.Mobile, book.EmailSubject: c.Email, book.NotesSubject: c.Notes, book.NothingSubject: "0",
	}
	if s == book.FieldSubject {
		for _, v := range c.Values {
			if v.Field == f {
				vs = append(vs, v.Value)
			}
		}
		return vs
	}
	if one[s] != "" {
		vs = append(vs, one[s])
	}
	return vs
}

func moment(c *clientbook.Client, s book.Subject) time.Time {
	return map[book.Subject]time.Time{
		book.CreatedSubject: c.Created, book.UpdatedSubject: c.Updated, book.ApprovedSubject: c.Approved, book.ClosedSubject: c.Closed,
	}[s]
}

func timed(s book.Subject) bool {
	return s == book.CreatedSubject || s == book.UpdatedSubject || s == book.ApprovedSubject || s == book.ClosedSubject
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

// meets is the naive filter.
func meets(x *town, c *clientbook.Client, k *book.Constraint) bool {
	numeric := k.Subject == book.NothingSubject || k.Subject == book.FieldSubject && (k.Field == x.field("income") || k.Field == x.field("limit"))
	if timed(k.Subject) {
		t := moment(c, k.Subject)
		switch k.Op {
		case book.Empty:
			return t.IsZero()
		case book.NotEmpty:
			return !t.IsZero()
		}
		return !t.IsZero() && t.After(k.Window.After) && (k.Window.Before.IsZero() || t.Before(k.Window.Before))
	}
	vs := answers(x, c, k.Subject, k.Field)
	equal := func(v, text string) bool {
		if numeric {
			return rat(v).Cmp(rat(text)) == 0
		}
		return likeness(v) == likeness(text)
	}
	some := func(is func(v string) bool) bool { return slices.ContainsFunc(vs, is) }
	switch k.Op {
	case book.Is:
		return some(func(v string) bool { return equal(v, k.Texts[0]) })
	case book.IsExactly:
		return slices.Contains(vs, k.Texts[0])
	case book.IsNot:
		return !some(func(v string) bool { return equal(v, k.Texts[0]) })
	case book.OneOf:
		return some(func(v string) bool { return slices.ContainsFunc(k.Texts, func(t string) bool { return equal(v, t) }) })
	case book.Begins:
		return some(func(v string) bool { return strings.HasPrefix(likeness(v), likeness(k.Texts[0])) })
	case book.Less:
		return some(func(v string) bool { return rat(v).Cmp(rat(k.Texts[0])) < 0 })
	case book.More:
		return some(func(v string) bool { return rat(v).Cmp(rat(k.Texts[0])) > 0 })
	case book.Between:
		return some(func(v string) bool { return rat(v).Cmp(rat(k.Texts[0])) >= 0 && rat(v).Cmp(rat(k.Texts[1])) <= 0 })
	case book.Within:
		first, last := k.Days[0].String(), k.Days[1].String()
		return some(func(v string) bool { return v >= first && (last == "" || v <= last) })
	case book.Empty:
		return len(vs) == 0
	}
	return len(vs) > 0
}

// TestSearchesLikeANaiveFilter compares whatever is not refused with a filter over all clients.
func TestSearchesLikeANaiveFilter(t *testing.T) {
	x := newTown(t)
	random := func(t *rapid.T, label string, pool ...string) string { return rapid.SampledFrom(pool).Draw(t, label) }
	names := []string{"Ada", "ADA", "Adam", "ada  b", "Jo", "Jo Ann", "JOSÉ", "jose\u0301", "José", "Straße", "STRASSE", "ﬁ", "fi", "Al", "007", "7", "Ann", "Ann Lee", "Lee"}
	numbers := []string{"0", "-0.0", "1", "01.0", "1.00", "-5", "1000", "1e", "12345678901234567890.1"}
	numbers = slices.DeleteFunc(numbers, func(s string) bool { return !clientbook.Decimal(s) })
	born := []string{"1999-12-31", "2000-01-01", "2000-01-31", "2000-02-01", "2000-02-29", "2009-12-31", "2010-01-01"}
	phones := []string{"+43 1", "+43  1", "0043", "43", "43.0"}
	emails := []string{"a@example.com", "A@example.com", "b@example.com"}
	genders := []string{"male", "female", "other"}
	branches := []string{string(x.settings().Branch("one").Key), string(x.settings().Branch("two").Key)}
	types := []string{string(x.settings().ClientType("one").Key), string(x.settings().DefaultClientType().Key)}
	pools := map[book.Subject][]string{
		book.FirstNameSubject: names, book.MiddleNameSubject: names, book.LastNameSubject: names, book.FullNameSubject: append(slices.Clone(names), "Jo Ann Lee", "ada b al", "Ada Ann"),
		book.BirthDateSubject: born, book.GenderSubject: genders, book.BranchSubject: branches, book.ClientTypeSubject: types,
		book.HomePhoneSubject: phones, book.MobileSubject: phones, book.EmailSubject: emails, book.NotesSubject: names, book.NothingSubject: numbers,
		book.StateSubject: {"inactive", "exited", "pending approval"}, book.KeySubject: nil, book.NumberSubject: nil,
	}
	pick := func(n int, pool []string) string { return pool[n*7919/3%len(pool)] }
	var clients []*clientbook.Client
	for n := range 70 {
		c := x.lives("", pick(n, names), "", pick(n*3+1, names), func(u *clientbook.ClientUpdate) {
			if n%3 == 0 {
				u.Person.MiddleName = new(pick(n+2, names))
			}
			if n%4 > 0 {
				u.Person.BirthDate, u.Person.Gender = new(date(t, pick(n+5, born))), new(clientbook.Gender(pick(n, genders)))
			}
			if n%5 > 1 {
				u.Email, u.Telephone, u.Mobile = new(pick(n, emails)), new(pick(n+1, phones)), new(pick(n+3, phones))
				u.Values = setting("income", pick(n, numbers), "ref", pick(n+4, names), "since", pick(n+1, born))
			}
			if n%6 == 0 {
				u.Notes, u.Branch, u.ClientType = new(pick(n, names)), new([]string{"one", "two"}[n/6%2]), new("one")
			}
		})
		if n%7 == 3 {
			x.now = x.now.Add(time.Minute)
			c = x.update(c.ID, &clientbook.ClientUpdate{State: new(clientbook.StateExited)})
		}
		if n%9 == 8 {
			x.delete(c.ID)
			continue
		}
		clients = append(clients, c)
		pools[book.KeySubject], pools[book.NumberSubject] = append(pools[book.KeySubject], c.Key(x.caller.Book)), append(pools[book.NumberSubject], c.Number)
	}
	slices.SortFunc(clients, func(a, b *clientbook.Client) int {
		return cmp.Or(a.Created.Compare(b.Created), slices.Compare(a.ID[:], b.ID[:]))
	})
	var subjects []book.Subject
	for s := book.KeySubject; s <= book.FieldSubject; s++ {
		if pools[s] != nil || timed(s) || s == book.FieldSubject {
			subjects = append(subjects, s)
		}
	}
	custom := map[clientbook.DefinitionKey][]string{x.field("income"): numbers, x.field("ref"): names, x.field("since"): born}
	keys := []clientbook.DefinitionKey{x.field("income"), x.field("ref"), x.field("since")}
	draw := func(t *rapid.T) book.Constraint {
		k := book.Constraint{Source: "source", Subject: rapid.SampledFrom(subjects).Draw(t, "subject")}
		pool := pools[k.Subject]
		dates, numeric := k.Subject == book.BirthDateSubject, k.Subject == book.NothingSubject
		if k.Subject == book.FieldSubject {
			k.Field = rapid.SampledFrom(keys).Draw(t, "field")
			pool, dates, numeric = custom[k.Field], k.Field == x.field("since"), k.Field == x.field("income")
		}
		ops := []book.Op{book.Is, book.IsExactly, book.IsNot, book.OneOf, book.Begins, book.Empty, book.NotEmpty}
		switch {
		case timed(k.Subject):
			ops = []book.Op{book.Within, book.Within, book.Within, book.Empty, book.NotEmpty}
		case dates:
			ops = []book.Op{book.Within, book.Within, book.Within, book.Empty, book.NotEmpty}
		case numeric:
			ops = []book.Op{book.Is, book.IsExactly, book.IsNot, book.Less, book.More, book.Between, book.Empty, book.NotEmpty}
		}
		if k.Op = rapid.SampledFrom(ops).Draw(t, "op"); k.Op == book.Empty || k.Op == book.NotEmpty {
			return k
		}
		switch {
		case timed(k.Subject):
			k.Window.After = at(rapid.IntRange(-2, 80).Draw(t, "after"))
			if rapid.Bool().Draw(t, "bounded") {
				k.Window.Before = at(rapid.IntRange(-2, 80).Draw(t, "before"))
			}
		case dates:
			k.Days[0] = date(x.TB, random(t, "first", pool...))
			k.Days[1] = date(x.TB, random(t, "last", pool...))
		default:
			n := map[book.Op]int{book.OneOf: rapid.IntRange(0, 4).Draw(t, "n"), book.Between: 2}[k.Op]
			if k.Op != book.OneOf && n == 0 {
				n = 1
			}
			for range n {
				text := random(t, "text", pool...)
				if k.Op == book.Begins {
					runes := []rune(text)
					text = string(runes[:rapid.IntRange(1, len(runes)).Draw(t, "letters")])
				}
				k.Texts = append(k.Texts, text)
			}
		}
		return k
	}
	served, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := &book.Search{Descending: rapid.Bool().Draw(t, "descending"), SortSource: "sort"}
		for range rapid.IntRange(0, 3).Draw(t, "constraints") {
			s.Where = append(s.Where, draw(t))
		}
		if rapid.Bool().Draw(t, "sorted") {
			s.Sort = rapid.SampledFrom(append([]book.Subject{book.NoSubject}, subjects...)).Draw(t, "sort")
			s.SortField = rapid.SampledFrom(keys).Draw(t, "sort field")
		}
		var want []*clientbook.Client
		for _, c := range clients {
			if !slices.ContainsFunc(s.Where, func(k book.Constraint) bool { return !meets(x, c, &k) }) {
				want = append(want, c)
			}
		}
		want = sorted(x, want, s)
		offset, limit := rapid.Int64Range(0, 5).Draw(t, "offset"), rapid.Int64Range(0, 100).Draw(t, "limit")
		want = want[min(int(offset), len(want)):]
		want = want[:min(int(limit), len(want))]
		caller := x.caller
		if rapid.Bool().Draw(t, "persons") {
			caller.Kind = clientbook.PersonKind
		}
		got, err := x.books.SearchClients(x.Context(), caller, s, offset, limit)
		if err != nil {
			isRefused(x.TB, "search", err, clientbook.KindInvalid, clientbook.ReasonTooWide)
			refused++
			return
		}
		served++
		if !slices.EqualFunc(got, want, func(a, b *clientbook.Client) bool { return a.ID == b.ID && a.Version == b.Version }) {
			t.Fatalf("%+v from %d, %d: found %d, want %d:\n%s\n%s", s, offset, limit, len(got), len(want), listed(got), listed(want))
		}
	})
	t.Logf("%d served, %d refused", served, refused)
}

func listed(cs []*clientbook.Client) string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Number+" "+c.Name())
	}
	return strings.Join(names, "; ")
}

// sorted orders like a search: what has no value comes last, what is equal as it was created.
func sorted(x *town, cs []*clientbook.Client, s *book.Search) []*clientbook.Client {
	cs = slices.Clone(cs)
	if s.Sort == book.NoSubject || s.Sort == book.CreatedSubject {
		if s.Descending {
			slices.Reverse(cs)
		}
		return cs
	}
	slices.SortStableFunc(cs, func(a, b *clientbook.Client) int {
		var order int
		if timed(s.Sort) {
			p, q := moment(a, s.Sort), moment(b, s.Sort)
			if p.IsZero() || q.IsZero() {
				return map[bool]int{true: 1}[p.IsZero()] - map[bool]int{true: 1}[q.IsZero()]
			}
			order = p.Compare(q)
		} else {
			p, q := answers(x, a, s.Sort, s.SortField), answers(x, b, s.Sort, s.SortField)
			switch {
			case len(p) == 0 || len(q) == 0:
				return min(1, len(q)) - min(1, len(p))
			case s.Sort == book.NothingSubject || s.Sort == book.FieldSubject && s.SortField == x.field("income"):
				order = rat(p[0]).Cmp(rat(q[0]))
			default:
				order = cmp.Or(cmp.Compare(likeness(p[0]), likeness(q[0])), cmp.Compare(p[0], q[0]))
			}
		}
		if s.Descending {
			return -order
		}
		return order
	})
	return cs
}
