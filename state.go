package clientbook

import (
	"reflect"
	"slices"
	"time"
)

// steps are the states that can be reached from each. From StateBlacklisted it is the state before alone.
var steps = map[State][]State{
	StatePendingApproval: {StateInactive, StateRejected, StateBlacklisted},
	StateInactive:        {StatePendingApproval, StateExited, StateBlacklisted},
	StateActive:          {StateBlacklisted, StateInactive},
	StateExited:          {StateInactive},
	StateRejected:        {StatePendingApproval},
}

// state takes a step of the state, and the marks of time that come with it.
func (m *merge) state() {
	given := m.update.State
	switch {
	case given == nil:
		m.approve()
	case m.create:
		m.firstState(*given)
	case *given == m.old.State:
		m.kept = m.kept.With(FieldState)
	case !m.old.canBecome(*given):
		m.fault(FieldState, ReasonStep)
	default:
		m.step(*given)
	}
}

// firstState is the state that a new client is given. It can't be active, since it has no accounts, and is inactive instead.
func (m *merge) firstState(given State) {
	switch given {
	case StateActive:
		given = StateInactive
	case StateInactive, StatePendingApproval:
	default:
		m.fault(FieldState, ReasonStep)
	}
	m.next.State = given
	m.approve()
}

// approve marks a new client that needs no approval.
func (m *merge) approve() {
	if m.create && m.next.State == StateInactive {
		m.next.Approved = m.rules.Now
	}
}

func (c *Client) canBecome(s State) bool {
	if c.State == StateBlacklisted {
		return s == c.Before
	}
	return slices.Contains(steps[c.State], s)
}

func (m *merge) step(to State) {
	c, from := m.next, m.old.State
	c.State, c.Before, c.Closed = to, 0, time.Time{}
	switch to {
	case StateBlacklisted:
		c.Before, c.Closed = from, m.rules.Now
	case StateExited:
		c.Closed = m.rules.Now
	}
	switch {
	case from == StatePendingApproval && to == StateInactive:
		c.Approved = m.rules.Now
	case from == StateInactive && to == StatePendingApproval:
		c.Approved = time.Time{}
	}
}

// ActionOf gives the action of the write that made next of old.
func ActionOf(old, next *Client) Action {
	switch {
	case old == nil:
		return ActionCreate
	case next.State == StateDeleted:
		return ActionDelete
	case old.State == StatePendingApproval && next.State == StateInactive:
		return ActionApprove
	case old.State != StateRejected && next.State == StateRejected:
		return ActionReject
	}
	return ActionUpdate
}

// withStep is With for a blacklisted client: a step of its state is all that can be done with it.
func (c *Client) withStep(u *ClientUpdate, r Rules) (*Client, error) {
	if u.State == nil {
		return nil, blacklisted()
	}
	step, err := c.with(&ClientUpdate{State: u.State}, r)
	if err != nil {
		return nil, err
	}
	if next, err := c.with(u, r); err != nil || !reflect.DeepEqual(step, next) {
		return nil, blacklisted()
	}
	return step, nil
}

// Deleted gives the client as it is when it is deleted.
func (c *Client) Deleted() (*Client, error) {
	if c.State == StateBlacklisted {
		return nil, blacklisted()
	}
	next := *c
	next.State = StateDeleted
	return &next, nil
}

func blacklisted() *Error {
	return &Error{Kind: KindInvalid, Field: FieldState, Reason: ReasonState, Detail: StateBlacklisted.String()}
}
