package book

import (
	"cmp"

	"clientbook"
	"clientbook/internal/record"
)

// change gives the change that makes next the newest version of a client. cur is what it replaces; its client is nil at first.
func (ob *openBook) change(caller clientbook.Caller, action clientbook.Action, cur *current, next *clientbook.Client) (*clientbook.Change, error) {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	*buf = record.Append((*buf)[:0], next, caller.Claim)
	if len(*buf) > clientbook.MaxBodyBytes {
		return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonTooBig}
	}
	body, err := cur.key.Seal(nil, *buf, next.Version)
	if err != nil {
		return nil, err
	}
	c := &clientbook.Change{Book: ob.id, Settings: ob.number, Head: clientbook.NewHead(next)}
	c.Version = clientbook.Version{
		Client: next.ID, Number: next.Version, Time: next.Updated, Credential: caller.Credential, Dialect: caller.Dialect,
		Action: action, Head: c.Head.Digest, Body: body,
	}
	c.Version.Hash = ob.vault.Link(cur.hash, &c.Version)
	ob.retoken(c, cur.client, next)
	recount(c, cur.client, next)
	if cur.client == nil && next.Number != "" {
		c.Take = []clientbook.Claim{ob.vault.Claim(clientbook.ClaimNumber, next.Number)}
	}
	return c, nil
}

// A value is one value that can be asked for by equality.
type value struct {
	field clientbook.Field
	key   string
	text  string
}

// values gives what can be asked for of a client, by field and key: nothing of none and of a deleted one.
func values(c *clientbook.Client) []value {
	if c == nil || c.State == clientbook.StateDeleted {
		return nil
	}
	vs := make([]value, 0, 24)
	c.EachValue(func(f clientbook.Field, key, text string) { vs = append(vs, value{f, key, text}) })
	return vs
}

// retoken sets the tokens that the change drops and adds, and with them the tallies of fields that have few values. What stays the same is
// not even computed.
func (ob *openBook) retoken(c *clientbook.Change, old, next *clientbook.Client) {
	was, is := values(old), values(next)
	token := func(v value, n int64) clientbook.Token {
		t := ob.vault.Token(v.field, v.key, v.text)
		if v.field.Few() {
			count(c, clientbook.TallyOf(t), n)
		}
		return t
	}
	for len(was) > 0 || len(is) > 0 {
		var order int
		switch {
		case len(was) == 0:
			order = 1
		case len(is) == 0:
			order = -1
		default:
			order = cmp.Or(cmp.Compare(was[0].field, is[0].field), cmp.Compare(was[0].key, is[0].key))
		}
		if order == 0 && was[0].text == is[0].text {
			was, is = was[1:], is[1:]
			continue
		}
		if order <= 0 {
			c.Drop = append(c.Drop, token(was[0], -1))
			was = was[1:]
		}
		if order >= 0 {
			c.Add = append(c.Add, token(is[0], +1))
			is = is[1:]
		}
	}
}

// recount sets how the change moves the tallies of all clients, of its kind and of the states.
func recount(c *clientbook.Change, old, next *clientbook.Client) {
	counted := func(x *clientbook.Client) bool { return x != nil && x.State != clientbook.StateDeleted }
	before, after := counted(old), counted(next)
	if before && after && old.State == next.State {
		return
	}
	if before != after {
		n := int64(+1)
		if before {
			n = -1
		}
		count(c, clientbook.TallyAll, n)
		count(c, clientbook.TallyOfKind(next.Kind()), n)
	}
	if before {
		count(c, clientbook.TallyOfState(old.State), -1)
	}
	if after {
		count(c, clientbook.TallyOfState(next.State), +1)
	}
}

// count adds n to a tally of the day on which the client was created.
func count(c *clientbook.Change, key clientbook.TallyKey, n int64) {
	c.Tallies = append(c.Tallies, clientbook.Tally{Key: key, Day: clientbook.DayOf(c.Head.Created), Count: n})
}
