package book

import (
	"cmp"
	"slices"

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
	c.Tallies = ob.retally(cur.client, next)
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

// retoken sets the tokens that the change drops and adds. What stays the same is not even computed.
func (ob *openBook) retoken(c *clientbook.Change, old, next *clientbook.Client) {
	was, is := values(old), values(next)
	token := func(v value) clientbook.Token { return ob.vault.Token(v.field, v.key, v.text) }
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
			c.Drop = append(c.Drop, token(was[0]))
			was = was[1:]
		}
		if order >= 0 {
			c.Add = append(c.Add, token(is[0]))
			is = is[1:]
		}
	}
}

// retally gives how the tallies change when next takes the place of old, on the day that the client was created.
func (ob *openBook) retally(old, next *clientbook.Client) []clientbook.Tally {
	day := clientbook.DayOf(next.Created)
	var ts []clientbook.Tally
	add := func(key clientbook.TallyKey, n int64) {
		if i := slices.IndexFunc(ts, func(t clientbook.Tally) bool { return t.Key == key }); i >= 0 {
			ts[i].Count += n
			return
		}
		ts = append(ts, clientbook.Tally{Key: key, Day: day, Count: n})
	}
	for _, side := range []struct {
		c *clientbook.Client
		n int64
	}{{old, -1}, {next, +1}} {
		for _, key := range ob.tallyKeys(side.c, old, next) {
			add(key, side.n)
		}
	}
	return slices.DeleteFunc(ts, func(t clientbook.Tally) bool { return t.Count == 0 })
}

// tallyKeys gives the tallies that count c. Those of fields that old and next agree on are left out, for they don't change.
func (ob *openBook) tallyKeys(c, old, next *clientbook.Client) []clientbook.TallyKey {
	if c == nil || c.State == clientbook.StateDeleted {
		return nil
	}
	keys := []clientbook.TallyKey{clientbook.TallyAll, clientbook.TallyOfKind(c.Kind()), clientbook.TallyOfState(c.State)}
	was, is := values(old), values(next)
	for _, v := range values(c) {
		if v.field.Few() && !(slices.Contains(was, v) && slices.Contains(is, v)) {
			keys = append(keys, clientbook.TallyOf(ob.vault.Token(v.field, v.key, v.text)))
		}
	}
	return keys
}
