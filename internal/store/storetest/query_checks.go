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
	if q.Kind != 0 {
		parts = append(parts, fmt.Sprintf("kind %d", q.Kind))
	}
	for _, t := range q.Tokens {
		parts = append(parts, fmt.Sprintf("%v %x", t.Field, t.Value[:4]))
	}
	for _, w := range []struct {
		name string
		at   time.Time
	}{
		{"created after", q.CreatedAfter}, {"created before", q.CreatedBefore},
		{"updated after", q.UpdatedAfter}, {"updated before", q.UpdatedBefore},
	} {
		if !w.at.IsZero() {
			parts = append(parts, w.name+" "+w.at.Format(time.RFC3339Nano))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
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
	inactive := rapid.Bool().Draw(rt, "inactive")
	return func(d *draft) {
		d.Email, d.ExternalID, d.Updated, d.State, d.Metadata = email, ref, updated, clientbook.StateActive, nil
		if inactive {
			d.State = clientbook.StateInactive
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
	return []clientbook.Token{
		tokenOf(clientbook.FieldEmail, "", "ada@example.com"), tokenOf(clientbook.FieldEmail, "", "Ada@example.com"),
		tokenOf(clientbook.FieldExternalID, "", "1"), tokenOf(clientbook.FieldExternalID, "", "2"),
		tokenOf(clientbook.FieldFirstName, "", "Ada"), tokenOf(clientbook.FieldLastName, "", "Marsh"),
		tokenOf(clientbook.FieldGender, "", "male"), tokenOf(clientbook.FieldNationality, "", "GB"),
		tokenOf(clientbook.FieldCompanyName, "", "Ada"), tokenOf(clientbook.FieldIncorporationCountry, "", "GB"),
		tokenOf(clientbook.FieldMetadata, "a", "x"), tokenOf(clientbook.FieldMetadata, "b", "x"),
		tokenOf(clientbook.FieldMobile, "", "nobody's"),
	}
}

func askAtRandom(rt *rapid.T, b *book) {
	q := clientbook.ClientQuery{
		Kind:   clientbook.ClientKind(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "kind")),
		Tokens: rapid.SliceOfNDistinct(rapid.SampledFrom(tokensOf()), 0, 4, rapid.ID).Draw(rt, "tokens"),
	}
	for _, w := range []*time.Time{&q.CreatedAfter, &q.CreatedBefore, &q.UpdatedAfter, &q.UpdatedBefore} {
		if rapid.IntRange(0, 3).Draw(rt, "bounded") == 0 {
			*w = rapid.SampledFrom(moments).Draw(rt, "bound").Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "ms")) * time.Millisecond)
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
			d.Updated = at.Add(time.Hour)
		}))
	}
	b.applyTogether(t, made...)
	email := tokenOf(clientbook.FieldEmail, "", "same@example.com")
	gender := tokenOf(clientbook.FieldGender, "", "male")
	bases := []clientbook.ClientQuery{
		{}, {Kind: clientbook.PersonKind}, {Tokens: []clientbook.Token{gender}}, {Tokens: []clientbook.Token{email}},
		{Tokens: []clientbook.Token{email, gender}}, {Kind: clientbook.PersonKind, Tokens: []clientbook.Token{email}},
	}
	view(t, b.store, func(r clientbook.Reader) error {
		for _, q := range bases {
			for after := -1; after < 4; after++ {
				for before := -1; before < 4; before++ {
					from, to := start.Add(time.Duration(after)*time.Millisecond), start.Add(time.Duration(before)*time.Millisecond)
					q.CreatedAfter, q.CreatedBefore = from, to
					q.UpdatedAfter, q.UpdatedBefore = time.Time{}, time.Time{}
					b.verifyPage(t, r, q, 0, all)
					q.CreatedAfter, q.CreatedBefore = time.Time{}, time.Time{}
					q.UpdatedAfter, q.UpdatedBefore = from.Add(time.Hour), to.Add(time.Hour)
					b.verifyPage(t, r, q, 0, all)
				}
			}
			q.CreatedAfter, q.CreatedBefore = clientbook.DayStart(clientbook.DayOf(start)), time.Time{}
			q.UpdatedAfter, q.UpdatedBefore = time.Time{}, time.Time{}
			b.verifyPage(t, r, q, 0, all)
			q.CreatedAfter, q.CreatedBefore = time.Time{}, clientbook.DayStart(clientbook.DayOf(start)+1)
			b.verifyPage(t, r, q, 0, all)
		}
		return nil
	})
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
			{tokenOf(clientbook.FieldGender, "", "male")}, {tokenOf(clientbook.FieldMetadata, "b", "same")},
			{tokenOf(clientbook.FieldMetadata, "b", "same"), tokenOf(clientbook.FieldLastName, "", "Marsh")},
		} {
			b.verifyPage(t, r, clientbook.ClientQuery{Tokens: tokens}, 0, all)
			b.verifyPage(t, r, clientbook.ClientQuery{Kind: clientbook.PersonKind, Tokens: tokens}, 1, 2)
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
	same := clientbook.ClientQuery{Tokens: []clientbook.Token{tokenOf(clientbook.FieldMetadata, "b", "same")}}
	none := clientbook.ClientQuery{Tokens: []clientbook.Token{tokenOf(clientbook.FieldEmail, "", "nobody@example.com")}}
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
		b.verifyPage(t, r, clientbook.ClientQuery{CreatedAfter: start.Add(-time.Hour)}, 0, all)
		b.verifyPage(t, r, clientbook.ClientQuery{UpdatedAfter: start.Add(-time.Hour)}, 0, all)
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
