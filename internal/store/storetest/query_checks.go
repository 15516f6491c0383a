package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clientbook"

	"pgregory.net/rapid"
)

// describe prints a query so that a reader sees which criteria it has.
func describe(q clientbook.ClientQuery) string {
	var parts []string
	add := func(has bool, format string, args ...any) {
		if has {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	name := func(t clientbook.Token) string { return fmt.Sprintf("%v %d %x", t.Field, t.Kind, t.Value[:4]) }
	add(q.Kind != 0, "kind %d", q.Kind)
	for _, t := range q.Tokens {
		add(true, "%s", name(t))
	}
	for _, list := range q.Any {
		var names []string
		for _, t := range list[:min(4, len(list))] {
			names = append(names, name(t))
		}
		add(true, "any of %d: %s", len(list), strings.Join(names, " or "))
	}
	add(len(q.States) > 0, "states %v", q.States)
	add(len(q.Types) > 0, "types %q", q.Types)
	for i, w := range windowsOf(&q) {
		what := []string{"created", "updated", "approved", "activated", "closed"}[i]
		add(!w.After.IsZero(), "%s after %s", what, w.After.Format(time.RFC3339Nano))
		add(!w.Before.IsZero(), "%s before %s", what, w.Before.Format(time.RFC3339Nano))
	}
	add(q.Present != 0, "present %b", q.Present)
	add(q.Absent != 0, "absent %b", q.Absent)
	add(q.Ascending, "oldest first")
	return "{" + strings.Join(parts, ", ") + "}"
}

func windowsOf(q *clientbook.ClientQuery) []*clientbook.Window {
	return []*clientbook.Window{&q.Created, &q.Updated, &q.Approved, &q.Activated, &q.Closed}
}

// moments are the few times of the property's clients, so that many are equal and windows end on them.
var moments = []time.Time{
	start.Add(-48 * time.Hour), start, start.Add(time.Millisecond), start.Add(2 * time.Millisecond), start.Add(12 * time.Hour),
	start.Add(24 * time.Hour),
}

// values sets the searched-for values of a draft; there are few of each.
func values(rt *rapid.T) func(*draft) {
	email := rapid.SampledFrom([]string{"", "ada@example.com", "Ada@example.com"}).Draw(rt, "email")
	ref := rapid.SampledFrom([]string{"", "1", "2"}).Draw(rt, "reference")
	name := rapid.SampledFrom([]string{"Ada", "Bo"}).Draw(rt, "name")
	gender := rapid.SampledFrom([]clientbook.Gender{"", "male", "female"}).Draw(rt, "gender")
	country := rapid.SampledFrom([]clientbook.Country{"", "GB", "DE"}).Draw(rt, "country")
	a := rapid.SampledFrom([]string{"", "x", "y"}).Draw(rt, "metadata a")
	b := rapid.SampledFrom([]string{"", "x"}).Draw(rt, "metadata b")
	updated := rapid.SampledFrom(moments).Draw(rt, "updated")
	state := rapid.SampledFrom([]clientbook.State{clientbook.StateActive, clientbook.StateInactive, clientbook.StatePendingApproval}).Draw(rt, "state")
	kind := rapid.SampledFrom([]clientbook.DefinitionKey{"", "retail", "staff"}).Draw(rt, "type")
	times := rapid.SliceOfN(rapid.SampledFrom(append(moments, time.Time{}, time.Time{}, time.Time{})), 3, 3).Draw(rt, "approved, activated, closed")
	tags := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"One", "two", "TWO"}), 0, 3, rapid.ID).Draw(rt, "tags")
	born := rapid.SampledFrom([]clientbook.Date{{}, {Year: 1990, Month: 1, Day: 2}, {Year: 1990, Month: 1, Day: 3}, {Year: 1990, Month: 2, Day: 2}}).Draw(rt, "born")
	return func(d *draft) {
		d.Email, d.ExternalID, d.Updated, d.State, d.ClientType, d.Metadata = email, ref, updated, state, kind, nil
		d.Approved, d.Activated, d.Closed = times[0], times[1], times[2]
		d.Values = nil
		for i, tag := range tags {
			d.Values = append(d.Values, clientbook.FieldValue{Field: "tag", Group: i, Value: tag})
		}
		if d.Person != nil {
			d.Person.BirthDate = born
		}
		if d.Company != nil {
			d.Company.Name, d.Company.IncorporationCountry = name, country
		} else {
			d.Person.FirstName, d.Person.Gender, d.Person.Nationality = name, gender, country
		}
		for _, m := range []clientbook.MetadataEntry{{Key: "a", Value: a}, {Key: "b", Value: b}} {
			if m.Value != "" {
				d.Metadata = append(d.Metadata, m)
			}
		}
	}
}

// enough is how long the random histories may take altogether; those still to come are then left out.
const enough = 4 * time.Second

// checkQueries writes random histories into two books, several clients at once, and compares counts and pages with the model.
func checkQueries(t testing.TB, e Engine) {
	s := e.Open(t)
	began, failed, histories := time.Now(), false, 0
	rapid.Check(t, func(rt *rapid.T) {
		if time.Since(began) > enough && !failed { // once failed, rapid repeats what failed
			return
		}
		histories++
		defer func() { failed = failed || rt.Failed() }()
		pair := []*book{newBook(rt, s), newBook(rt, s)}
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			b := rapid.SampledFrom(pair).Draw(rt, "book")
			b.applyTogether(rt, writes(rt, b)...)
			askAtRandom(rt, b)
			askAtRandom(rt, b)
		}
		for range 3 {
			askAtRandom(rt, pair[0])
			askAtRandom(rt, pair[1])
		}
		rapid.SampledFrom(pair).Draw(rt, "verified").verify(rt)
	})
	t.Logf("%d random histories were run, whatever rapid says", histories)
}

// writes draws one write for each of some clients, old and new.
func writes(rt *rapid.T, b *book) []*state {
	var made []*state
	for _, s := range b.list(clientbook.ClientQuery{}) {
		switch rapid.IntRange(0, 5).Draw(rt, "write") {
		case 0, 1:
			made = append(made, next(s, values(rt)))
		case 2:
			made = append(made, next(s, remove))
		}
	}
	for range rapid.IntRange(0, 3).Draw(rt, "new clients") {
		created := rapid.SampledFrom(moments).Draw(rt, "created")
		asCompany, edit := rapid.IntRange(0, 3).Draw(rt, "company") == 0, values(rt)
		made = append(made, b.createAt(created, func(d *draft) {
			if asCompany {
				d.Person, d.Company = nil, &clientbook.Company{}
			}
			edit(d)
		}))
	}
	return made
}

// tokensOf gives the tokens that the property's clients can have, and one that none has.
func tokensOf() []clientbook.Token {
	folded, month, prefix := clientbook.FoldedToken, clientbook.MonthToken, clientbook.PrefixToken
	return []clientbook.Token{
		exact(clientbook.FieldEmail, "", "ada@example.com"), exact(clientbook.FieldEmail, "", "Ada@example.com"),
		exact(clientbook.FieldExternalID, "", "1"), exact(clientbook.FieldExternalID, "", "2"),
		exact(clientbook.FieldFirstName, "", "Ada"), exact(clientbook.FieldLastName, "", "Marsh"),
		exact(clientbook.FieldGender, "", "male"), exact(clientbook.FieldNationality, "", "GB"),
		exact(clientbook.FieldCompanyName, "", "Ada"), exact(clientbook.FieldIncorporationCountry, "", "GB"),
		exact(clientbook.FieldMetadata, "a", "x"), exact(clientbook.FieldMetadata, "b", "x"),
		exact(clientbook.FieldMobile, "", "nobody's"),
		tokenOf(folded, clientbook.FieldEmail, "", "ada@example.com"), tokenOf(folded, clientbook.FieldFirstName, "", "ada"),
		tokenOf(folded, clientbook.FieldValues, "tag", "one"), tokenOf(folded, clientbook.FieldValues, "tag", "two"),
		tokenOf(month, clientbook.FieldBirthDate, "", "1990-01"), tokenOf(month, clientbook.FieldBirthDate, "", "1990-02"),
		tokenOf(prefix, clientbook.FieldLastName, "", "mar"), tokenOf(prefix, clientbook.FieldFirstName, "", "ada"),
	}
}

func askAtRandom(rt *rapid.T, b *book) {
	token := rapid.SampledFrom(tokensOf())
	rarely := func(what string) bool { return rapid.IntRange(0, 3).Draw(rt, what) == 0 }
	q := clientbook.ClientQuery{
		Kind:      clientbook.ClientKind(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "kind")),
		Tokens:    rapid.SliceOfNDistinct(token, 0, 4, rapid.ID).Draw(rt, "tokens"),
		Ascending: rapid.Bool().Draw(rt, "ascending"),
	}
	for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(rt, "lists") {
		q.Any = append(q.Any, rapid.SliceOfNDistinct(token, 1, 6, rapid.ID).Draw(rt, "any"))
	}
	if rarely("states") {
		q.States = rapid.SliceOfN(rapid.SampledFrom([]clientbook.State{2, 3, 1, clientbook.StateDeleted}), 1, 3).Draw(rt, "states")
	}
	if rarely("types") {
		q.Types = rapid.SliceOfN(rapid.SampledFrom([]clientbook.DefinitionKey{"", "retail", "staff", "none"}), 1, 3).Draw(rt, "types")
	}
	for _, w := range windowsOf(&q) {
		for _, bound := range []*time.Time{&w.After, &w.Before} {
			if rapid.IntRange(0, 6).Draw(rt, "bounded") == 0 {
				*bound = rapid.SampledFrom(moments).Draw(rt, "bound").Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "ms")) * time.Millisecond)
			}
		}
	}
	for _, set := range []*clientbook.FieldSet{&q.Present, &q.Absent} {
		if rarely("fields") {
			*set = set.With(rapid.SampledFrom([]clientbook.Field{clientbook.FieldEmail, clientbook.FieldMetadata, clientbook.FieldGender}).Draw(rt, "field"))
		}
	}
	offset := rapid.SampledFrom([]int64{0, 0, 0, 1, 2, 6}).Draw(rt, "offset")
	limit := rapid.SampledFrom([]int64{all, all, all, 0, 1, 2, 5}).Draw(rt, "limit")
	view(rt, b.store, func(r clientbook.Reader) error {
		b.verifyPage(rt, r, q, offset, limit)
		return nil
	})
}

// checkWindows asks for windows that end a millisecond before, at and after the times of clients, with and without other criteria:
// each combination may be another statement.
func checkWindows(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	var made []*state
	for i, ms := range []int{0, 1, 1, 2, 86400000} {
		at := start.Add(time.Duration(ms) * time.Millisecond)
		made = append(made, b.createAt(at, func(d *draft) {
			person(i)(d)
			d.Email = "same@example.com"
			d.Updated, d.Approved, d.Activated, d.Closed = at.Add(time.Hour), at.Add(2*time.Hour), at.Add(3*time.Hour), at.Add(4*time.Hour)
		}))
	}
	made = append(made, b.createAt(start, func(d *draft) { // with none of the later times
		person(9)(d)
		d.Email = "same@example.com"
	}))
	b.applyTogether(t, made...)
	email := exact(clientbook.FieldEmail, "", "same@example.com")
	gender := exact(clientbook.FieldGender, "", "male")
	months := []clientbook.Token{
		tokenOf(clientbook.MonthToken, clientbook.FieldBirthDate, "", "1980-01"), tokenOf(clientbook.MonthToken, clientbook.FieldBirthDate, "", "1981-02"),
	}
	bases := []clientbook.ClientQuery{
		{}, {Kind: clientbook.PersonKind}, {Tokens: []clientbook.Token{gender}}, {Tokens: []clientbook.Token{email}},
		{Tokens: []clientbook.Token{email, gender}}, {Kind: clientbook.PersonKind, Tokens: []clientbook.Token{email}},
		{States: []clientbook.State{clientbook.StateInactive}}, {Types: []clientbook.DefinitionKey{"retail", "staff"}},
		{Any: [][]clientbook.Token{months}},
	}
	view(t, b.store, func(r clientbook.Reader) error {
		for _, q := range bases {
			for after := -1; after < 4; after++ {
				for before := -1; before < 4; before++ {
					b.verifyWindows(t, r, q, after, before)
				}
			}
			q.Created = clientbook.Window{After: clientbook.DayStart(clientbook.DayOf(start))}
			b.verifyPage(t, r, q, 0, all)
			q.Created = clientbook.Window{Before: clientbook.DayStart(clientbook.DayOf(start) + 1)}
			b.verifyPage(t, r, q, 0, all)
		}
		return nil
	})
}

// verifyWindows asks for a window of each kind, some milliseconds from the time that the first client has, and for its open halves.
func (b *book) verifyWindows(t tb, r clientbook.Reader, q clientbook.ClientQuery, after, before int) {
	t.Helper()
	for i := range windowsOf(&q) {
		from := start.Add(time.Duration(i)*time.Hour + time.Duration(after)*time.Millisecond)
		to := start.Add(time.Duration(i)*time.Hour + time.Duration(before)*time.Millisecond)
		for _, w := range []clientbook.Window{{After: from, Before: to}, {After: from}, {Before: to}} {
			asked := q
			*windowsOf(&asked)[i] = w
			b.verifyPage(t, r, asked, 0, all)
		}
	}
}

// checkPageOrder lists clients with equal times, and clients whose ids say another order than their times.
func checkPageOrder(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	var made []*state
	for i := range 12 {
		at := start.Add(time.Duration(i%3) * time.Hour)
		id := idOf(start.Add(-time.Duration(i)*24*time.Hour), i) // the later, the older by its id
		made = append(made, first(id, at, person(i)))
	}
	b.applyTogether(t, made...)
	old := first(b.newID(start), time.Date(1999, 12, 31, 23, 59, 59, 999e6, time.UTC), person(50)) // came from elsewhere
	b.apply(t, old)
	b.apply(t, b.edit(made[4], func(d *draft) { d.Updated = start.Add(1000 * time.Hour) })) // order knows nothing of updates
	b.verify(t)
	view(t, b.store, func(r clientbook.Reader) error {
		for _, tokens := range [][]clientbook.Token{
			{exact(clientbook.FieldGender, "", "male")}, {exact(clientbook.FieldMetadata, "b", "same")},
			{exact(clientbook.FieldMetadata, "b", "same"), exact(clientbook.FieldLastName, "", "Marsh")},
		} {
			b.verifyPage(t, r, clientbook.ClientQuery{Tokens: tokens}, 0, all)
			b.verifyPage(t, r, clientbook.ClientQuery{Kind: clientbook.PersonKind, Tokens: tokens}, 1, 2)
			b.verifyPage(t, r, clientbook.ClientQuery{Tokens: tokens, Ascending: true}, 1, 2)
		}
		for _, q := range []clientbook.ClientQuery{
			{}, {Kind: clientbook.PersonKind}, {States: []clientbook.State{clientbook.StateInactive}}, {Types: []clientbook.DefinitionKey{"retail"}},
			{Updated: clientbook.Window{After: start}}, {Updated: clientbook.Window{After: start.Add(-1000 * time.Hour), Before: start.Add(time.Hour)}},
			{Any: [][]clientbook.Token{{
				exact(clientbook.FieldLastName, "", "Marsh"), exact(clientbook.FieldLastName, "", "Byron"), exact(clientbook.FieldLastName, "", "King")}}},
		} {
			for _, q.Ascending = range []bool{false, true} {
				b.verifyPage(t, r, q, 0, all)
				b.verifyPage(t, r, q, 3, 4)
			}
		}
		return nil
	})
}

// checkPageCuts cuts lists into pages of every size, and asks for pages that lie at and beyond the end.
func checkPageCuts(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	var made []*state
	for i := range 7 {
		made = append(made, b.createAt(start.Add(time.Duration(i%2)*time.Minute), person(i)))
	}
	b.applyTogether(t, made...)
	same := clientbook.ClientQuery{Tokens: []clientbook.Token{exact(clientbook.FieldMetadata, "b", "same")}}
	none := clientbook.ClientQuery{Tokens: []clientbook.Token{exact(clientbook.FieldEmail, "", "nobody@example.com")}}
	view(t, b.store, func(r clientbook.Reader) error {
		for _, q := range []clientbook.ClientQuery{{}, {Kind: clientbook.PersonKind}, {Kind: clientbook.CompanyKind}, same, none} {
			for size := int64(1); size <= 8; size++ {
				for offset := int64(0); offset <= 9; offset += size {
					b.verifyPage(t, r, q, offset, size)
				}
			}
			for _, c := range [][2]int64{
				{0, 0}, {3, 0}, {7, 1}, {1 << 40, 5}, {1<<63 - 1, 5}, {0, 1<<63 - 1}, {2, 1<<63 - 1}, {1<<63 - 1, 1<<63 - 1},
			} {
				b.verifyPage(t, r, q, c[0], c[1])
			}
		}
		return nil
	})
}

// checkRanges reads the ranges of an AuditReader in slices.
func checkRanges(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for i := range 5 {
		s := b.createAt(start.Add(-time.Duration(i)*time.Hour), person(i))
		b.apply(t, s)
		b.update(t, s, nil, nil, nil)
	}
	b.verify(t)
	view(t, b.store, func(r clientbook.Reader) error {
		heads := readHeads(t, r, b.id)
		for size := range 7 {
			b.verifyRanges(t, r, heads, size)
		}
		return nil
	})
}

func (b *book) verifyRanges(t tb, r clientbook.Reader, heads []clientbook.Head, size int) {
	t.Helper()
	for after := range heads {
		want := heads[after+1:]
		want = want[:min(size, len(want))]
		var got []clientbook.Head
		err := r.Heads(b.id, heads[after].Client, size, func(h *clientbook.Head) error {
			got = append(got, *h)
			return nil
		})
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("Heads(after the %d. of %d, limit %d): error %v, %s", after+1, len(heads), size, err, difference(got, want))
		}
		versions := b.clients[heads[after].Client].history()[after:]
		versions = versions[:min(size, len(versions))]
		i := 0
		err = r.Versions(b.id, heads[after].Client, int64(after), size, func(v *clientbook.Version) error {
			if i < len(versions) {
				compareVersions(t, "Versions in slices", v, &versions[i].version)
			}
			i++
			return nil
		})
		if i != len(versions) || err != nil {
			t.Errorf("Versions(after %d, limit %d): got %d, %v, want %d", after, size, i, err, len(versions))
		}
	}
	for after := range len(b.feed) + 2 {
		want := b.feed[min(after, len(b.feed)):]
		want = want[:min(size, len(want))]
		var got []clientbook.FeedEntry
		err := r.Feed(b.id, int64(after), size, func(e clientbook.FeedEntry) error {
			got = append(got, e)
			return nil
		})
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("Feed(after %d, limit %d): error %v, %s", after, size, err, difference(got, want))
		}
		got = nil
		err = r.Actions(b.id, int64(after), size, func(e clientbook.FeedEntry, _ clientbook.Action) error {
			got = append(got, e)
			return nil
		})
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("Actions(after %d, limit %d): error %v, %s", after, size, err, difference(got, want))
		}
	}
	if size > 0 {
		holders := map[clientbook.Claim]clientbook.ClientID{}
		for id, s := range b.clients {
			for _, c := range s.claims {
				holders[c] = id
			}
		}
		b.verifyClaims(t, r, clientbook.ClaimNumber, holders, size)
	}
}

// checkDeleted deletes clients that have everything, and looks for what is left of them.
func checkDeleted(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	ada, eve, acme := b.create(person(1)), b.create(person(2)), b.create(company(3))
	b.apply(t, ada, eve, acme)
	b.apply(t, b.edit(ada, person(4)))
	gone := b.edit(ada, remove)
	b.apply(t, gone, b.edit(acme, remove))
	b.verify(t)
	view(t, b.store, func(r clientbook.Reader) error {
		now, err := r.Current(b.id, ada.id())
		if err != nil || now.Action != clientbook.ActionDelete || now.Number != 3 {
			t.Errorf("Current of a deleted client: got action %q of version %d, %v, want %q of 3", now.Action, now.Number, err,
				clientbook.ActionDelete)
		}
		for _, token := range gone.before.tokens {
			b.verifyPage(t, r, clientbook.ClientQuery{Tokens: []clientbook.Token{token}}, 0, all)
		}
		b.verifyPage(t, r, clientbook.ClientQuery{Kind: clientbook.PersonKind}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{Kind: clientbook.CompanyKind}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{States: []clientbook.State{clientbook.StateDeleted}}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{States: []clientbook.State{clientbook.StateDeleted, clientbook.StateInactive}}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{Types: []clientbook.DefinitionKey{"", "retail", "staff"}}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{Created: clientbook.Window{After: start.Add(-time.Hour)}}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{Updated: clientbook.Window{After: start.Add(-time.Hour)}}, 0, all)
		return nil
	})
	b.refuse(t, "the number of a deleted client", b.change(b.edit(eve, numbered(gone.client.Number))),
		clientbook.KindConflict, clientbook.ReasonClaim)
	b.refuse(t, "a deleted client, made again", b.change(first(ada.id(), ada.head.Created, person(9))),
		clientbook.KindStale, clientbook.ReasonVersion)
	b.refuse(t, "a version that the deletion overtook", b.change(next(gone.before, person(9))),
		clientbook.KindStale, clientbook.ReasonVersion)
	b.apply(t, b.edit(eve, func(d *draft) { // a delete that keeps no claim
		remove(d)
		d.Number = ""
	}))
	b.apply(t, b.create(numbered(eve.client.Number)))
	b.verify(t)
}

// checkCallbackErrors stops every read from its callback.
func checkCallbackErrors(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	ada, eve := b.create(person(1)), b.create(person(2))
	b.apply(t, ada, eve)
	b.apply(t, b.edit(ada, person(3)))
	b.settle(t)
	update(t, b.store, func(tx clientbook.Tx) error {
		return errors.Join(tx.AddMessage(messageOf(b, ada, 1)), tx.AddMessage(messageOf(b, ada, 2)))
	})
	stop := errors.New("stop")
	reads := map[string]func(r clientbook.Reader, fn func() error) error{
		"Page": func(r clientbook.Reader, fn func() error) error {
			return r.Page(b.id, clientbook.ClientQuery{}, 0, all, func(*clientbook.Stored) error { return fn() })
		},
		"Heads": func(r clientbook.Reader, fn func() error) error {
			return r.Heads(b.id, clientbook.ClientID{}, all, func(*clientbook.Head) error { return fn() })
		},
		"Versions": func(r clientbook.Reader, fn func() error) error {
			return r.Versions(b.id, ada.id(), 0, all, func(*clientbook.Version) error { return fn() })
		},
		"Feed": func(r clientbook.Reader, fn func() error) error {
			return r.Feed(b.id, 0, all, func(clientbook.FeedEntry) error { return fn() })
		},
		"Actions": func(r clientbook.Reader, fn func() error) error {
			return r.Actions(b.id, 0, all, func(clientbook.FeedEntry, clientbook.Action) error { return fn() })
		},
		"Claims": func(r clientbook.Reader, fn func() error) error {
			return r.Claims(b.id, clientbook.ClaimNumber, [16]byte{}, all, func(clientbook.Claim, clientbook.ClientID) error { return fn() })
		},
		"Messages": func(r clientbook.Reader, fn func() error) error {
			return r.Messages(b.id, clientbook.MessageQuery{}, 0, all, func(*clientbook.Message) error { return fn() })
		},
		"DueMessages": func(r clientbook.Reader, fn func() error) error {
			return r.DueMessages(clientbook.EmailChannel, start.Add(1000*time.Hour), all, func(*clientbook.Message) error { return fn() })
		},
	}
	for name, read := range reads {
		calls := 0
		err := b.store.View(t.Context(), func(r clientbook.Reader) error {
			err := read(r, func() error {
				calls++
				return stop
			})
			if !errors.Is(err, stop) {
				t.Errorf("%s whose callback fails: got error %v, want the callback's", name, err)
			}
			b.verifyPage(t, r, clientbook.ClientQuery{}, 0, all) // the snapshot is still good
			return stop
		})
		if calls != 1 || err != stop {
			t.Errorf("%s: %d calls and View's error %v, want 1 and fn's own", name, calls, err)
		}
	}
	update := b.store.Update(t.Context(), func(clientbook.Tx) error { return stop })
	if !errors.Is(update, stop) {
		t.Errorf("Update whose fn fails: got error %v, want fn's", update)
	}
	b.verify(t)
}

// checkLists asks for clients that have one of several tokens: with tokens of different kinds and fields in a list, with several matches
// of one client, with tokens that stand in two lists, and with lists of every length.
func checkLists(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	var made []*state
	for i := range 12 {
		made = append(made, b.createAt(start.Add(time.Duration(i%5)*time.Hour), person(i)))
	}
	b.applyTogether(t, made...)
	b.update(t, made[3], remove)
	other.apply(t, other.create(person(3)))
	tag := func(v string) clientbook.Token {
		return tokenOf(clientbook.FoldedToken, clientbook.FieldValues, "tag", v)
	}
	month := func(v string) clientbook.Token {
		return tokenOf(clientbook.MonthToken, clientbook.FieldBirthDate, "", v)
	}
	email, male := exact(clientbook.FieldEmail, "", "ada4@example.com"), exact(clientbook.FieldGender, "", "male")
	prefix := tokenOf(clientbook.PrefixToken, clientbook.FieldFirstName, "", "ada")
	tags := []clientbook.Token{tag("same"), tag("tag1"), tag("tag2"), tag("nobody's")}
	months := []clientbook.Token{month("1980-01"), month("1981-02"), month("1980-03"), month("1999-01")}
	lists := [][][]clientbook.Token{
		{tags}, {months}, {{tag("same")}}, {{email}}, {{prefix}}, {tags, months}, {months, tags}, {tags, tags}, {tags, {tag("tag1"), tag("tag2")}},
		{{email, tag("tag2"), month("1980-01"), prefix}}, {{male, email}, {prefix}, months}, {{tag("nobody's")}}, {{tag("nobody's"), month("1999-01")}, tags},
		{{exact(clientbook.FieldFirstName, "", "ada1"), tokenOf(clientbook.FoldedToken, clientbook.FieldFirstName, "", "ada1")}},
		{{exact(clientbook.FieldFirstName, "", "ada1"), exact(clientbook.FieldFirstName, "", "ada2")}}, // folded they are Ada1 and Ada2
		{{exact(clientbook.FieldIDDocuments, "", "twice"), exact(clientbook.FieldIDDocuments, "", "P1"), exact(clientbook.FieldIDDocuments, "", "P2")}},
	}
	for _, n := range []int{3, 5, 31, clientbook.MaxAny} {
		var long []clientbook.Token
		for i := range n - 2 {
			long = append(long, tag(fmt.Sprint("nobody's ", i)))
		}
		long = append(long, tags[:2]...)
		lists = append(lists, [][]clientbook.Token{long}, [][]clientbook.Token{months, long})
	}
	view(t, s, func(r clientbook.Reader) error {
		for _, list := range lists {
			for _, q := range []clientbook.ClientQuery{
				{}, {Tokens: []clientbook.Token{email}}, {Tokens: []clientbook.Token{male}}, {Tokens: []clientbook.Token{tag("same")}},
				{Tokens: []clientbook.Token{tag("same"), prefix, male}}, {Tokens: []clientbook.Token{prefix, male, email}},
				{Kind: clientbook.PersonKind}, {States: []clientbook.State{clientbook.StateInactive, clientbook.StateActive}},
				{Types: []clientbook.DefinitionKey{"staff"}}, {Created: clientbook.Window{After: start, Before: start.Add(4 * time.Hour)}},
				{Updated: clientbook.Window{After: start}}, {Present: clientbook.FieldSet(0).With(clientbook.FieldBranch)},
				{Absent: clientbook.FieldSet(0).With(clientbook.FieldBranch)},
			} {
				q.Any = list
				for _, q.Ascending = range []bool{false, true} {
					b.verifyPage(t, r, q, 0, all)
					b.verifyPage(t, r, q, 2, 3)
				}
				other.verifyPage(t, r, q, 0, all)
			}
		}
		return nil
	})
}

// checkHeads asks for states, types and the presence of fields, and for combinations of all.
func checkHeads(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	var made []*state
	for i := range 24 {
		made = append(made, b.createAt(start.Add(time.Duration(i%5)*7*time.Hour), func(d *draft) {
			if i%4 == 3 {
				company(i)(d)
			} else {
				person(i)(d)
			}
			d.State, d.ClientType = clientbook.State(1+i%6), []clientbook.DefinitionKey{"", "retail", "staff", "retail 2"}[i/3%4]
			if i%2 == 0 {
				d.Email = ""
			}
		}))
	}
	b.applyTogether(t, made...)
	b.update(t, made[1], func(d *draft) { d.State, d.ClientType, d.Branch = clientbook.StateExited, "staff", "" })
	b.update(t, made[2], remove)
	with := func(fs ...clientbook.Field) (set clientbook.FieldSet) {
		for _, f := range fs {
			set = set.With(f)
		}
		return set
	}
	email, metadata, gender := clientbook.FieldEmail, clientbook.FieldMetadata, clientbook.FieldGender
	day := clientbook.Window{After: start.Add(-time.Hour), Before: start.Add(20 * time.Hour)}
	view(t, b.store, func(r clientbook.Reader) error {
		for _, states := range [][]clientbook.State{nil, {1}, {6}, {2, 3}, {3, 2, 3, 5}, {clientbook.StateDeleted}, {1, 2, 3, 4, 5, 6}} {
			for _, types := range [][]clientbook.DefinitionKey{nil, {""}, {"retail"}, {"staff", "retail 2", "staff"}, {"none"}} {
				for _, q := range []clientbook.ClientQuery{
					{}, {Created: day}, {Kind: clientbook.PersonKind}, {Updated: day, Kind: clientbook.CompanyKind}, {Present: with(email)},
					{Absent: with(email)}, {Present: with(email, gender)}, {Present: with(email, gender), Absent: with(metadata)}, {Present: with(email), Absent: with(email)},
					{Absent: with(gender, clientbook.FieldNumber)}, {Present: with(metadata), Created: day},
					{Tokens: []clientbook.Token{exact(gender, "", "male")}}, {Tokens: []clientbook.Token{exact(gender, "", "male")}, Absent: with(email)},
				} {
					q.States, q.Types = states, types
					b.verifyPage(t, r, q, 0, all)
					q.Ascending = true
					b.verifyPage(t, r, q, 1, 4)
				}
			}
		}
		return nil
	})
	b.verify(t)
}
