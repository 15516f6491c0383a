package clientbook_test

import (
	"fmt"
	"testing"
	"time"

	"clientbook"
)

const (
	pending     = clientbook.StatePendingApproval
	idle        = clientbook.StateInactive
	active      = clientbook.StateActive
	exited      = clientbook.StateExited
	blacklisted = clientbook.StateBlacklisted
	rejected    = clientbook.StateRejected
	deleted     = clientbook.StateDeleted
)

// in is a client in a state, with the marks that it has got there by. before is of a blacklisted one.
func in(s, before clientbook.State) *clientbook.Client {
	return ada(func(c *clientbook.Client) {
		c.State, c.Before = s, before
		if s == pending || s == rejected || before == pending {
			c.Approved = time.Time{}
		}
		if s == active || before == active {
			c.Activated = then
		}
		if s == exited || s == blacklisted {
			c.Closed = then
		}
	})
}

// Contract section 7's table, both ways: what it does not list is refused with 312.
func TestSteps(t *testing.T) {
	allowed := map[[3]clientbook.State]bool{ // from, the state before it, to
		{pending, 0, idle}: true, {pending, 0, rejected}: true, {pending, 0, blacklisted}: true,
		{idle, 0, pending}: true, {idle, 0, exited}: true, {idle, 0, blacklisted}: true,
		{active, 0, blacklisted}: true, {active, 0, idle}: true,
		{exited, 0, idle}:                   true,
		{blacklisted, pending, pending}:     true,
		{blacklisted, idle, idle}:           true,
		{blacklisted, active, active}:       true,
		{rejected, 0, pending}:              true,
		{pending, 0, pending}:               true, // the same state: no change, success
		{idle, 0, idle}:                     true,
		{active, 0, active}:                 true,
		{exited, 0, exited}:                 true,
		{rejected, 0, rejected}:             true,
		{blacklisted, pending, blacklisted}: true,
		{blacklisted, idle, blacklisted}:    true,
		{blacklisted, active, blacklisted}:  true,
	}
	froms := [][2]clientbook.State{{pending}, {idle}, {active}, {exited}, {rejected}, {blacklisted, pending}, {blacklisted, idle}, {blacklisted, active}}
	for _, from := range froms {
		for to := clientbook.State(0); to <= deleted+1; to++ {
			t.Run(fmt.Sprintf("%v (%v) to %v", from[0], from[1], to), func(t *testing.T) {
				c := in(from[0], from[1])
				next, err := c.With(&clientbook.ClientUpdate{State: &to}, rules(settings()))
				if !allowed[[3]clientbook.State{from[0], from[1], to}] {
					wantFault(t, err, "state step")
					return
				}
				if !wantFault(t, err, "") {
					return
				}
				want := *c
				want.State = to
				if from[0] != to {
					want.Before, want.Closed = 0, time.Time{}
					switch to {
					case blacklisted:
						want.Before, want.Closed = from[0], now
					case exited:
						want.Closed = now
					}
					switch {
					case from[0] == pending && to == idle:
						want.Approved = now
					case from[0] == idle && to == pending: // undone
						want.Approved = time.Time{}
					}
				}
				equal(t, next, &want)
			})
		}
	}
}

// Contract section 7: a new client is PENDING_APPROVAL or INACTIVE; ACTIVE is accepted as INACTIVE; only then it has an approved date.
func TestStateOfNewClient(t *testing.T) {
	for _, row := range []struct {
		initial, given, want clientbook.State
		fault                string
	}{
		{idle, 0, idle, ""}, {pending, 0, pending, ""},
		{idle, pending, pending, ""}, {pending, pending, pending, ""},
		{idle, idle, idle, ""}, {pending, idle, idle, ""},
		{idle, active, idle, ""}, {pending, active, idle, ""},
		{idle, exited, 0, "state step"}, {idle, blacklisted, 0, "state step"}, {idle, rejected, 0, "state step"},
		{idle, deleted, 0, "state step"}, {pending, exited, 0, "state step"}, {idle, 99, 0, "state step"},
	} {
		t.Run(fmt.Sprintf("%v, given %v", row.initial, row.given), func(t *testing.T) {
			u := person()
			if row.given != 0 {
				u.State = &row.given
			}
			c, err := clientbook.NewClient(u, rules(settings(func(s *clientbook.Settings) { s.InitialState = row.initial })))
			if !wantFault(t, err, row.fault) || err != nil {
				return
			}
			approved := map[clientbook.State]time.Time{idle: now}[row.want]
			if c.State != row.want || c.Approved != approved || !c.Activated.IsZero() || !c.Closed.IsZero() || c.Before != 0 {
				t.Errorf("got %v, approved %v, activated %v, closed %v, before %v, want %v, approved %v", c.State, c.Approved, c.Activated, c.Closed, c.Before, row.want, approved)
			}
		})
	}
}

// Contract section 7: editing a blacklisted client is refused with 3741; design §6: by every dialect, steps of the state aside.
func TestBlacklistedIsNotEdited(t *testing.T) {
	back, none := &clientbook.ClientUpdate{State: new(idle)}, &clientbook.ClientUpdate{State: new(blacklisted)}
	with := func(base *clientbook.ClientUpdate, edit func(*clientbook.ClientUpdate)) *clientbook.ClientUpdate {
		u := *base
		edit(&u)
		return &u
	}
	edits := map[string]func(*clientbook.ClientUpdate){
		"name":      func(u *clientbook.ClientUpdate) { u.Person = &clientbook.PersonUpdate{FirstName: new("Eve")} },
		"e-mail":    func(u *clientbook.ClientUpdate) { u.Email = new("a@example.com") },
		"notes":     func(u *clientbook.ClientUpdate) { u.Notes = new("x") },
		"values":    func(u *clientbook.ClientUpdate) { u.Values = patch("nick=x") },
		"documents": func(u *clientbook.ClientUpdate) { u.IDDocuments = &[]clientbook.IDDocument{document(0, "Card|1")} },
		"address": func(u *clientbook.ClientUpdate) {
			u.MainAddress = &clientbook.MainAddress{Address: &clientbook.Address{City: "Graz"}}
		},
		"comment":  func(u *clientbook.ClientUpdate) { u.Comment = &clientbook.Comment{Text: "x"} },
		"number":   func(u *clientbook.ClientUpdate) { u.Number = new("N-1") },
		"type":     func(u *clientbook.ClientUpdate) { u.ClientType = new("applicant") },
		"user":     func(u *clientbook.ClientUpdate) { u.User = new("ann") },
		"metadata": func(u *clientbook.ClientUpdate) { u.Metadata = &clientbook.Metadata{{Key: "a", Value: "b"}} },
		"bad edit": func(u *clientbook.ClientUpdate) { u.Values = patch("shoe=x") },
		"fault":    func(u *clientbook.ClientUpdate) { u.Fault(clientbook.FieldEmail, clientbook.ReasonEmail) },
	}
	for what, edit := range edits {
		for when, base := range map[string]*clientbook.ClientUpdate{"alone": {}, "with the step back": back, "with the same state": none} {
			t.Run(what+" "+when, func(t *testing.T) {
				_, err := in(blacklisted, idle).With(with(base, edit), rules(settings()))
				wantFault(t, err, "state state")
			})
		}
	}
	_, err := in(blacklisted, idle).With(&clientbook.ClientUpdate{}, rules(settings()))
	wantFault(t, err, "state state")
	_, err = in(blacklisted, idle).Deleted()
	wantFault(t, err, "state state")
	// What repeats the record edits nothing.
	same := func(u *clientbook.ClientUpdate) {
		u.Person, u.Number = &clientbook.PersonUpdate{FirstName: new("Ada")}, new("123456789")
	}
	next, err := in(blacklisted, idle).With(with(back, same), rules(settings()))
	if wantFault(t, err, "") && next.State != idle {
		t.Errorf("state %v", next.State)
	}
	// The step is looked at first.
	_, err = in(blacklisted, pending).With(with(back, edits["name"]), rules(settings()))
	wantFault(t, err, "state step")
}

// Other things can change together with a step.
func TestStepWithEdits(t *testing.T) {
	next, err := in(pending, 0).With(&clientbook.ClientUpdate{State: new(idle), Notes: new("checked")}, rules(settings()))
	if wantFault(t, err, "") && (next.State != idle || next.Notes != "checked") {
		t.Errorf("got %v, %q", next.State, next.Notes)
	}
	next, err = in(idle, 0).With(&clientbook.ClientUpdate{State: new(blacklisted), Notes: new("fraud")}, rules(settings()))
	if wantFault(t, err, "") && (next.State != blacklisted || next.Notes != "fraud") {
		t.Errorf("got %v, %q", next.State, next.Notes)
	}
}

func TestDeleted(t *testing.T) {
	for _, s := range []clientbook.State{pending, idle, active, exited, rejected} {
		c := in(s, 0)
		next, err := c.Deleted()
		if wantFault(t, err, "") && (next.State != deleted || c.State != s || next.Number != c.Number) {
			t.Errorf("%v: got %v, was left %v", s, next.State, c.State)
		}
	}
}

func TestActionOf(t *testing.T) {
	of := func(s clientbook.State) *clientbook.Client { return &clientbook.Client{State: s} }
	for _, row := range []struct {
		old, next *clientbook.Client
		want      clientbook.Action
	}{
		{nil, of(idle), clientbook.ActionCreate}, {nil, of(pending), clientbook.ActionCreate},
		{of(idle), of(idle), clientbook.ActionUpdate}, {of(pending), of(pending), clientbook.ActionUpdate}, {of(rejected), of(rejected), clientbook.ActionUpdate},
		{of(pending), of(idle), clientbook.ActionApprove}, {of(pending), of(rejected), clientbook.ActionReject},
		{of(idle), of(pending), clientbook.ActionUpdate}, {of(rejected), of(pending), clientbook.ActionUpdate}, {of(exited), of(idle), clientbook.ActionUpdate},
		{of(active), of(idle), clientbook.ActionUpdate}, {of(blacklisted), of(idle), clientbook.ActionUpdate}, {of(idle), of(blacklisted), clientbook.ActionUpdate},
		{of(pending), of(blacklisted), clientbook.ActionUpdate}, {of(idle), of(exited), clientbook.ActionUpdate},
		{of(idle), of(deleted), clientbook.ActionDelete}, {of(pending), of(deleted), clientbook.ActionDelete}, {of(rejected), of(deleted), clientbook.ActionDelete},
	} {
		if got := clientbook.ActionOf(row.old, row.next); got != row.want {
			t.Errorf("from %v to %v: %s, want %s", row.old, row.next.State, got, row.want)
		}
	}
}
