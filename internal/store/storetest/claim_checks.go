package storetest

import (
	"fmt"
	"testing"
	"time"

	"clientbook"
)

// numbered gives an edit that sets the client number alone.
func numbered(n string) func(*draft) { return func(d *draft) { d.Number = n } }

// checkClaimRace has many clients take one value at once, as new clients and as clients that are there.
func checkClaimRace(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	for round := range 4 {
		creates, updates := make([]*state, 8), make([]*state, 8)
		for i := range creates {
			creates[i] = b.create(numbered(fmt.Sprintf("new-%d", round)))
			before := b.create(numbered(fmt.Sprintf("own-%d-%d", round, i)))
			b.apply(t, before)
			updates[i] = next(before, numbered(fmt.Sprintf("moved-%d", round)))
		}
		outcomes(t, b, creates, clientbook.KindConflict, clientbook.ReasonClaim)
		outcomes(t, b, updates, clientbook.KindConflict, clientbook.ReasonClaim)
	}
	b.verify(t)
}

// checkClaimMoves passes one value from client to client.
func checkClaimMoves(t testing.TB, e Engine) {
	b := newBook(t, e.Open(t))
	ada, eve, kim := b.create(numbered("A")), b.create(numbered("E")), b.create(nil)
	b.apply(t, ada, eve, kim)
	take := func(s *state, n string) *clientbook.Change { return b.change(b.edit(s, numbered(n))) }
	conflict := func(what string, c *clientbook.Change) {
		t.Helper()
		b.refuse(t, what, c, clientbook.KindConflict, clientbook.ReasonClaim)
	}

	conflict("the number of ada, taken by kim", take(kim, "A"))
	b.apply(t, b.edit(ada, numbered("")))
	b.verify(t)
	b.apply(t, b.edit(kim, numbered("A")))
	b.verify(t)
	conflict("the number that ada gave up, taken back while kim has it", take(ada, "A"))
	b.update(t, eve, numbered("E2"))
	b.update(t, ada, numbered("E"))
	b.update(t, eve, numbered("E3"))
	b.update(t, kim, numbered("E2"))
	b.update(t, ada, numbered("A"))
	b.verify(t)

	again := b.edit(ada, func(d *draft) { d.Email = "ada@example.com" })
	c := b.change(again)
	c.Take = append(c.Take, again.claims...)
	if err := b.offer(t, c, again); err != nil {
		t.Errorf("Apply(%s) that takes the claim it holds: %v, want it applied", again, err)
	}
	b.verify(t)

	// Two hand a value over while others who want it are refused or served, each whole.
	for i := range 6 {
		wanted := fmt.Sprintf("hot-%d", i)
		holder := b.create(numbered(wanted))
		b.apply(t, holder)
		gone, heir := next(holder, numbered("")), b.create(numbered(wanted))
		var errs [2]error
		together(2, func(i int) { errs[i] = b.offer(t, b.change([]*state{gone, heir}[i]), []*state{gone, heir}[i]) })
		if errs[0] != nil {
			t.Errorf("Apply(%s) that releases %q: %v, want it applied", gone, wanted, errs[0])
		}
		if errs[1] != nil {
			wantError(t, "Apply that takes what is being released", errs[1], clientbook.KindConflict, clientbook.ReasonClaim)
		}
	}
	b.verify(t)
}

// checkClaimKinds has claims of one value that differ in kind or book.
func checkClaimKinds(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	claims := func(cs ...clientbook.Claim) func(*draft) { return func(d *draft) { d.Extra = cs } }
	ada, eve := b.create(claims(claimOf(2, "x"), claimOf(3, "y"))), b.create(claims(claimOf(2, "y"), claimOf(3, "x")))
	kim := b.createAt(start.Add(time.Hour), numbered("x"))
	b.apply(t, ada, eve, kim)
	other.apply(t, other.create(claims(claimOf(2, "x"))), other.create(numbered("x")))
	b.refuse(t, "a value of kind 3", b.change(b.create(claims(claimOf(2, "z"), claimOf(3, "y")))),
		clientbook.KindConflict, clientbook.ReasonClaim)
	b.verify(t)
	b.apply(t, b.edit(ada, claims(claimOf(3, "y")))) // what others hold of the value stays
	b.verify(t)
	b.apply(t, b.edit(kim, claims(claimOf(2, "x"))))
	b.verify(t)
	other.verify(t)
}
