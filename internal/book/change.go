package book

import (
	"slices"

	"clientbook"
	"clientbook/internal/record"
)

// change gives the change that makes next the newest version of a client. cur is what it replaces; its client is nil at first.
func (ob *openBook) change(caller clientbook.Caller, cur *current, next *clientbook.Client) (*clientbook.Change, error) {
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
		Action: clientbook.ActionOf(cur.client, next), Head: c.Head.Digest, Body: body,
	}
	c.Version.Hash = ob.vault.Link(cur.hash, &c.Version)
	ob.retoken(c, cur.client, next)
	recount(c, cur.client, next)
	ob.reclaim(c, cur.client, next)
	if c.Version.Action == clientbook.ActionDelete {
		c.Forbid = ob.referrals(next)
	}
	return c, nil
}

// referrals gives the tokens that clients have who link to c.
func (ob *openBook) referrals(c *clientbook.Client) (tokens []clientbook.Token) {
	for i := range ob.settings.CustomFieldSets {
		for j := range ob.settings.CustomFieldSets[i].Fields {
			if f := &ob.settings.CustomFieldSets[i].Fields[j]; f.Type == clientbook.ClientLinkField {
				tokens = append(tokens, ob.vault.Token(clientbook.FieldValues, clientbook.FoldedToken, string(f.Key), fold(c.Key(ob.id))))
			}
		}
	}
	return tokens
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

// children gives the parts of a new version that have no id yet one, and a comment its time and user. Slices that were those of the
// version before are copied first.
func (b *Books) children(ob *openBook, caller clientbook.Caller, next *clientbook.Client) (err error) {
	id := func(to *clientbook.ChildID) {
		if *to == (clientbook.ChildID{}) && err == nil {
			*to, err = clientbook.NewClientID(next.Updated, b.random)
		}
	}
	if slices.ContainsFunc(next.Addresses, func(a clientbook.Address) bool { return a.ID == clientbook.ChildID{} }) {
		next.Addresses = slices.Clone(next.Addresses)
		for i := range next.Addresses {
			id(&next.Addresses[i].ID)
		}
	}
	if slices.ContainsFunc(next.IDDocuments, func(d clientbook.IDDocument) bool { return d.ID == clientbook.ChildID{} }) {
		next.IDDocuments = slices.Clone(next.IDDocuments)
		for i := range next.IDDocuments {
			id(&next.IDDocuments[i].ID)
		}
	}
	if slices.ContainsFunc(next.Values, func(v clientbook.FieldValue) bool { return v.ID == clientbook.ChildID{} }) {
		next.Values = slices.Clone(next.Values)
		for i := range next.Values {
			id(&next.Values[i].ID)
		}
	}
	if n := len(next.Comments); n > 0 && next.Comments[n-1].Time.IsZero() {
		next.Comments = slices.Clone(next.Comments)
		c := &next.Comments[n-1]
		id(&c.ID)
		c.Time = next.Updated
		if u := ob.settings.User(caller.Claim); u != nil {
			c.User = u.Key
		}
	}
	return err
}
