package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"clientbook"
)

// person gives an edit that sets values of many fields, all of them derived from n.
func person(n int) func(*draft) {
	return func(d *draft) {
		d.Email = fmt.Sprintf("ada%d@example.com", n)
		d.ExternalID = fmt.Sprintf("ref-%d", n)
		d.Number = fmt.Sprintf("%09d", n)
		d.Person.FirstName, d.Person.LastName = fmt.Sprintf("Ada%d", n), []string{"Marsh", "Byron", "King"}[n%3]
		d.Person.Gender = clientbook.Genders[n%3]
		d.Person.BirthDate = clientbook.Date{Year: int16(1980 + n%2), Month: uint8(1 + n%3), Day: uint8(1 + n%28)}
		d.ClientType, d.Branch = []clientbook.DefinitionKey{"retail", "staff"}[n%2], []clientbook.DefinitionKey{"", "north", "south"}[n%3]
		d.Values = []clientbook.FieldValue{{Field: "tag", Group: 0, Value: "Same"}, {Field: "tag", Group: 1, Value: fmt.Sprint("Tag", n)}}
		d.IDDocuments = []clientbook.IDDocument{{Number: fmt.Sprint("P", n)}, {Number: "twice"}, {Number: "twice"}}
		d.Person.Nationality = []clientbook.Country{"GB", "DE"}[n%2]
		d.Metadata = clientbook.Metadata{{Key: "a", Value: fmt.Sprint(n)}, {Key: "b", Value: "same"}}
	}
}

func company(n int) func(*draft) {
	return func(d *draft) {
		d.Person, d.Company = nil, &clientbook.Company{
			Name: fmt.Sprintf("Marsh %d", n), IncorporationCountry: []clientbook.Country{"GB", "DE"}[n%2],
			IncorporationType: clientbook.IncorporationTypes[n%4],
		}
		d.Email = "office@example.com"
		d.Metadata = clientbook.Metadata{{Key: "a", Value: fmt.Sprint(n)}}
	}
}

func remove(d *draft) { d.State = clientbook.StateDeleted }

// checkWrites writes one after the other, and reads everything back after each.
func checkWrites(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	b.verify(t)
	ada := b.create(person(1))
	b.apply(t, ada)
	b.verify(t)
	acme := b.create(company(2))
	b.apply(t, acme)
	b.apply(t, b.edit(ada, person(3)))
	b.verify(t)
	b.apply(t, b.edit(ada, func(d *draft) {
		d.Email, d.Metadata, d.Person.Gender, d.State = "", nil, "", clientbook.StateActive
		d.Approved, d.Activated = start.Add(time.Hour), start.Add(2*time.Hour)
	}))
	b.apply(t, b.edit(acme, nil)) // says nothing new: a version all the same
	b.verify(t)
	b.apply(t, b.edit(acme, remove))
	b.verify(t)
	b.apply(t, b.edit(ada, remove))
	b.verify(t)
}

// outcomes applies changes at once and gives the state that was accepted; all others must have been refused in the same way.
func outcomes(t tb, b *book, states []*state, kind clientbook.Kind, reason string) *state {
	t.Helper()
	errs := make([]error, len(states))
	together(len(states), func(i int) { errs[i] = b.offer(t, b.change(states[i]), nil) })
	won := -1
	for i, err := range errs {
		switch {
		case err != nil:
			wantError(t, fmt.Sprintf("Apply(%s) that lost a race of %d", states[i], len(states)), err, kind, reason)
		case won >= 0:
			t.Errorf("Apply(%s): both racers %d and %d of %d were accepted, want one", states[i], won, i, len(states))
		default:
			won = i
			b.accept(states[i])
		}
	}
	if won < 0 {
		t.Fatalf("no racer of %d was accepted: %v", len(states), errs)
	}
	return states[won]
}

func checkVersionRace(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	ada := b.create(person(1))
	b.apply(t, ada)
	for round := range 8 {
		racers := make([]*state, 8)
		for i := range racers {
			racers[i] = b.edit(ada, person(10*round+i+2))
		}
		outcomes(t, b, racers, clientbook.KindStale, clientbook.ReasonVersion)
	}
	b.verify(t)
}

func checkCreateRace(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for round := range 4 {
		racers := make([]*state, 8)
		created := start.Add(time.Duration(round) * time.Hour)
		id := b.newID(created)
		for i := range racers {
			racers[i] = first(id, created, person(10*round+i))
		}
		outcomes(t, b, racers, clientbook.KindStale, clientbook.ReasonVersion)
	}
	b.verify(t)
}

// A refusal is one way to make a change that must be refused. ada and eve are clients at version 2; every change has something to add,
// drop, take, release and count wherever it can.
type refusal struct {
	name   string
	kind   clientbook.Kind
	reason string
	change func(b *book, ada, eve *state, n int) *clientbook.Change
}

var refusals = []refusal{
	{"a version that exists", clientbook.KindStale, clientbook.ReasonVersion, func(b *book, ada, _ *state, n int) *clientbook.Change {
		return b.change(next(b.newest(ada.id()).before, person(n)))
	}},
	{"a version that skips one", clientbook.KindStale, clientbook.ReasonVersion, func(b *book, ada, _ *state, n int) *clientbook.Change {
		return b.change(next(b.edit(ada, nil), person(n)))
	}},
	{"version 0", clientbook.KindStale, clientbook.ReasonVersion, func(b *book, ada, _ *state, n int) *clientbook.Change {
		return b.change(b.edit(ada, func(d *draft) {
			person(n)(d)
			d.Client.Version = 0
		}))
	}},
	{"a client that exists, made again", clientbook.KindStale, clientbook.ReasonVersion,
		func(b *book, ada, _ *state, n int) *clientbook.Change {
			return b.change(first(ada.id(), ada.head.Created, person(n)))
		}},
	{"version 2 of a client that is unknown", clientbook.KindStale, clientbook.ReasonVersion,
		func(b *book, _, _ *state, n int) *clientbook.Change {
			return b.change(next(b.create(person(n)), person(n+1)))
		}},
	{"older settings", clientbook.KindStale, clientbook.ReasonSettings, func(b *book, ada, _ *state, n int) *clientbook.Change {
		return b.edit(ada, person(n)).change(b.id, b.settings-1)
	}},
	{"settings to come", clientbook.KindStale, clientbook.ReasonSettings, func(b *book, _, _ *state, n int) *clientbook.Change {
		return b.create(person(n)).change(b.id, b.settings+1)
	}},
	{"an update that takes another's number", clientbook.KindConflict, clientbook.ReasonClaim,
		func(b *book, ada, eve *state, n int) *clientbook.Change {
			return b.change(b.edit(ada, func(d *draft) {
				person(n)(d)
				d.Number = b.newest(eve.id()).client.Number
			}))
		}},
	{"a new client that takes another's number", clientbook.KindConflict, clientbook.ReasonClaim,
		func(b *book, _, eve *state, n int) *clientbook.Change {
			return b.change(b.create(func(d *draft) {
				person(n)(d)
				d.Number = b.newest(eve.id()).client.Number
			}))
		}},
	{"one claim of three that is another's", clientbook.KindConflict, clientbook.ReasonClaim,
		func(b *book, ada, eve *state, n int) *clientbook.Change {
			c := b.change(b.edit(ada, person(n)))
			mine := claimOf(2, fmt.Sprint("mine", n))
			c.Take = append(c.Take, b.newest(eve.id()).claims[0], mine)
			return c
		}},
	{"a client that is needed and unknown", clientbook.KindConflict, clientbook.ReasonFieldLink,
		func(b *book, ada, eve *state, n int) *clientbook.Change {
			return b.change(b.edit(ada, func(d *draft) {
				person(n)(d)
				d.Need = []clientbook.ClientID{eve.id(), b.newID(start)}
			}))
		}},
	{"a token that may not be and is", clientbook.KindConflict, clientbook.ReasonReferred,
		func(b *book, ada, eve *state, n int) *clientbook.Change {
			return b.change(b.edit(ada, func(d *draft) {
				remove(d)
				d.Forbid = []clientbook.Token{exact(clientbook.FieldEmail, "", fmt.Sprint(n)), b.newest(eve.id()).tokens[0]}
			}))
		}},
}

// refusalBook has the two clients of the refusals.
func refusalBook(t tb, s clientbook.Store) (b *book, ada, eve *state) {
	t.Helper()
	b = newBook(t, s)
	ada, eve = b.create(person(1)), b.create(person(2))
	b.apply(t, ada, eve)
	b.apply(t, b.edit(ada, person(3)), b.edit(eve, person(4)))
	if t.Failed() {
		t.Fatalf("two clients could not be written")
	}
	return b, ada, eve
}

// checkRefusals compares the whole book before and after each refusal. What the model has is what was there before.
func checkRefusals(t testing.TB, e Engine) {
	b, ada, eve := refusalBook(t, e.Open(t))
	b.verify(t)
	for i, r := range refusals {
		b.refuse(t, r.name, r.change(b, ada, eve, 100+10*i), r.kind, r.reason)
		b.verify(t)
		if t.Failed() {
			t.Fatalf("after the refusal of %s", r.name)
		}
	}
	b.apply(t, b.edit(ada, person(5)), b.edit(eve, remove))
	b.verify(t)
}

// checkRefusalsAmongNeighbours applies each kind of refused change together with good ones, which an engine may well commit as one group.
func checkRefusalsAmongNeighbours(t testing.TB, e Engine) {
	b, ada, eve := refusalBook(t, e.Open(t))
	var known []*state
	for round := range 4 {
		var good []*state
		for _, s := range known {
			good = append(good, b.edit(s, person(1000+100*round+len(good))))
		}
		for len(good) < 12 {
			s := b.create(person(1000 + 100*round + len(good)))
			good, known = append(good, s), append(known, s)
		}
		bad := make([]*clientbook.Change, len(refusals))
		for i, r := range refusals {
			bad[i] = r.change(b, ada, eve, 5000+100*round+10*i)
		}
		known = known[:min(len(known), 6)]
		together(len(good)+len(bad), func(i int) {
			if i%2 == 0 && i/2 < len(bad) {
				r := refusals[i/2]
				wantError(t, "Apply among neighbours: "+r.name, b.offer(t, bad[i/2], nil), r.kind, r.reason)
				return
			}
			s := good[i-min(i/2+i%2, len(bad))]
			if err := b.offer(t, b.change(s), s); err != nil {
				t.Errorf("Apply(%s) beside refused changes: %v, want it applied", s, err)
			}
		})
		b.verify(t)
	}
}

// checkSettingsInForce counts the settings up and applies what was decided before.
func checkSettingsInForce(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada := b.create(person(1))
	b.apply(t, ada)
	early := b.change(b.edit(ada, person(2)))
	id := clientbook.CredentialID{9, byte(b.id)}
	update(t, s, func(tx clientbook.Tx) error {
		return tx.AddCredential(clientbook.Credential{ID: id, Book: b.id, Created: start})
	})
	b.settings++
	b.refuse(t, "decided before a credential was added", early, clientbook.KindStale, clientbook.ReasonSettings)
	b.verify(t)
	b.apply(t, b.edit(ada, person(2)))
	early = b.change(b.edit(ada, person(3)))
	update(t, s, func(tx clientbook.Tx) error { return tx.RevokeCredential(id, start.Add(time.Hour)) })
	b.settings++
	b.refuse(t, "decided before a credential was revoked", early, clientbook.KindStale, clientbook.ReasonSettings)
	b.verify(t)
	other.apply(t, other.create(person(1))) // its settings are as they were
	other.verify(t)
}

func checkUnknownBook(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	unknown := b.id + 1
	c := b.create(person(1)).change(unknown, b.settings)
	if err := s.Apply(t.Context(), c); err == nil {
		t.Errorf("Apply to book %s, which is not there: got no error", unknown)
	}
	view(t, s, func(r clientbook.Reader) error {
		_, err := r.Book(unknown)
		wantError(t, "Book of an unknown book", err, clientbook.KindNotFound, clientbook.ReasonBook)
		_, err = r.Current(unknown, c.Head.Client)
		wantError(t, "Current in an unknown book", err, clientbook.KindNotFound, clientbook.ReasonClient)
		if n, err := r.VersionCount(unknown); n != 0 || err != nil {
			t.Errorf("VersionCount of an unknown book: got %d, %v, want 0", n, err)
		}
		return nil
	})
	b.verify(t)
	stored := readBooks(t, s)
	if !slices.ContainsFunc(stored, func(x clientbook.Book) bool { return x.ID == b.id }) || len(stored) != 1 {
		t.Errorf("Books: got %v, want %s alone", stored, b.id)
	}
}
