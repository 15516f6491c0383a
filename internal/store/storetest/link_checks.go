package storetest

import (
	"errors"
	"testing"
	"time"

	"clientbook"
)

// linksTo gives an edit that makes a client link to others and need them.
func linksTo(ids ...clientbook.ClientID) func(*draft) {
	return func(d *draft) {
		d.Values, d.Need = nil, ids
		for i, id := range ids {
			d.Values = append(d.Values, clientbook.FieldValue{Field: "friend", Group: i, Value: id.String()})
		}
	}
}

// linkTo gives the token of a link to a client.
func linkTo(id clientbook.ClientID) clientbook.Token {
	return tokenOf(clientbook.FoldedToken, clientbook.FieldValues, "friend", id.String())
}

// removeUnlinked deletes a client to which nobody links.
func removeUnlinked(d *draft) {
	remove(d)
	d.Forbid = []clientbook.Token{linkTo(d.ID)}
}

// checkLinks applies changes that need other clients, and some that forbid tokens.
func checkLinks(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada, eve, kim, gone := b.create(person(1)), b.create(person(2)), b.create(person(3)), b.create(person(4))
	b.apply(t, ada, eve, kim, gone)
	b.update(t, gone, remove)
	stranger := other.createAt(start.Add(time.Hour), linksTo())
	other.apply(t, stranger)

	for what, ids := range map[string][]clientbook.ClientID{
		"a deleted client": {gone.id()}, "an unknown client": {b.newID(start)}, "another book's client": {stranger.id()},
		"one of two that is deleted": {eve.id(), gone.id()},
	} {
		b.refuse(t, "needs "+what, b.change(b.edit(ada, linksTo(ids...))), clientbook.KindConflict, clientbook.ReasonFieldLink)
		err := b.offer(t, b.change(b.create(linksTo(ids...))), nil)
		wantError(t, "Apply: a new client needs "+what, err, clientbook.KindConflict, clientbook.ReasonFieldLink)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Field != clientbook.FieldValues {
			t.Errorf("Apply: a new client needs %s: %v blames %v, want %v", what, err, e.Field, clientbook.FieldValues)
		}
	}
	b.verify(t)
	b.apply(t, b.edit(ada, linksTo(eve.id(), kim.id(), ada.id())))
	other.apply(t, other.create(func(d *draft) { // links without need, as the domain never does: books know nothing of each other
		linksTo(gone.id(), eve.id())(d)
		d.Need = nil
	}))
	b.verify(t)

	referred := func(what string, s *state) {
		t.Helper()
		b.refuse(t, what, b.change(s), clientbook.KindConflict, clientbook.ReasonReferred)
	}
	referred("deleted while ada links to it", b.edit(eve, removeUnlinked))
	referred("one of two tokens is there", b.edit(eve, func(d *draft) {
		remove(d)
		d.Forbid = []clientbook.Token{linkTo(b.newID(start)), linkTo(kim.id())}
	}))
	referred("a token that it has itself and keeps", b.edit(ada, func(d *draft) { d.Forbid = []clientbook.Token{linkTo(ada.id())} }))
	b.verify(t)
	b.apply(t, b.edit(eve, func(d *draft) { // the same digest, but of another kind or field
		d.Forbid = []clientbook.Token{{Field: clientbook.FieldValues, Value: linkTo(eve.id()).Value},
			{Field: clientbook.FieldEmail, Kind: clientbook.FoldedToken, Value: linkTo(eve.id()).Value}}
	}))
	b.apply(t, b.edit(ada, linksTo(kim.id(), ada.id())))
	b.apply(t, b.edit(eve, removeUnlinked)) // ada does so no more
	b.apply(t, b.edit(ada, removeUnlinked)) // its link to itself goes with it
	b.apply(t, b.edit(kim, removeUnlinked)) // the client that linked to it is deleted
	b.verify(t)
	other.verify(t)
}

// checkLinkRace has one client deleted unless others link to it, while others begin to link to it: never do both come about.
func checkLinkRace(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for round := range 12 {
		target := b.create(person(10 * round))
		b.apply(t, target)
		old := b.create(person(10*round + 1))
		b.apply(t, old)
		racers := []*state{next(target, removeUnlinked), next(old, linksTo(target.id())), b.create(linksTo(target.id()))}
		errs := make([]error, len(racers))
		together(len(racers), func(i int) {
			i = (i + round) % len(racers) // each is first at times
			errs[i] = b.offer(t, b.change(racers[i]), racers[i])
		})
		deleted, linked := errs[0] == nil, errs[1] == nil || errs[2] == nil
		if deleted == linked {
			t.Errorf("deleting a client and linking to it at once: got %v, want either", errs)
		}
		for i, err := range errs {
			switch {
			case err == nil:
			case i == 0:
				wantError(t, "deleting a client that others begin to link to", err, clientbook.KindConflict, clientbook.ReasonReferred)
			default:
				wantError(t, "linking to a client that is being deleted", err, clientbook.KindConflict, clientbook.ReasonFieldLink)
			}
		}
	}
	b.verify(t)
}
