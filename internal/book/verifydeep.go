package book

import (
	"context"
	"errors"
	"slices"

	"clientbook"
)

// record opens a client's current body and compares what was made from it.
func (v *verification) record(r clientbook.Reader, h *clientbook.Head, last *clientbook.Version) error {
	wrapped, err := r.DataKey(v.row.ID, h.Client)
	if err != nil {
		return err
	}
	if wrapped == nil {
		return v.broken(h.Client, h.Version, "the client has no data key")
	}
	c, _, err := v.book.opened(&clientbook.Stored{Version: *last, Key: wrapped})
	if err != nil {
		return v.broken(h.Client, h.Version, "the record does not open: %v", errors.Unwrap(err))
	}
	want := clientbook.NewHead(c)
	want.Tokens = v.book.tokenCount(c)
	if want != *h {
		return v.broken(h.Client, h.Version, "the head is not the record's")
	}
	if err := v.tokens(r, h, c); err != nil {
		return err
	}
	return v.claims(r, h, c)
}

// tokens makes sure that a client has its tokens.
func (v *verification) tokens(r clientbook.Reader, h *clientbook.Head, c *clientbook.Client) error {
	for _, x := range v.book.values(c) {
		var missing error
		v.book.tokensOf(x, func(t clientbook.Token) {
			held, err := r.HasToken(v.row.ID, t, c.Created, c.ID)
			if err == nil && !held {
				err = v.broken(h.Client, h.Version, "a token of %s is missing", x.field)
			}
			if missing == nil {
				missing = err
			}
		})
		if missing != nil {
			return missing
		}
	}
	return nil
}

// claims makes sure that what a client claims is claimed, by itself. What a duplicate rule has it claim may be an older client's that had the
// same value when the rule was switched on, and nobody's once that one has let it go.
func (v *verification) claims(r clientbook.Reader, h *clientbook.Head, c *clientbook.Client) error {
	for _, x := range v.book.claims(c) {
		holder, held, err := r.ClaimHolder(v.row.ID, v.book.claim(x))
		if err != nil {
			return err
		}
		if _, rule := ruleOf[x.kind]; !rule && (!held || holder != c.ID) {
			what := "the claim to one of its values"
			if x.kind == clientbook.ClaimNumber {
				what = "the claim to its number"
			}
			return v.broken(h.Client, h.Version, "%s is missing", what)
		}
	}
	return nil
}

// tallies compares the tallies of each field with a fresh count, each inside one snapshot.
func (v *verification) tallies(ctx context.Context) error {
	for _, f := range append([]clientbook.Field{clientbook.FieldNone}, clientbook.Fields()...) {
		if f != clientbook.FieldNone && f != clientbook.FieldKind && f != clientbook.FieldState && !f.Few() {
			continue
		}
		if err := v.view(ctx, func(r clientbook.Reader) error {
			kept, err := r.Tallies(v.row.ID, f)
			if err != nil {
				return err
			}
			counted, err := r.Recount(v.row.ID, f)
			if err == nil && !slices.Equal(kept, counted) {
				return v.broken(clientbook.ClientID{}, 0, "the tallies of %s are not the numbers of clients", tallied(f))
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// tallied names what the tallies of a field count.
func tallied(f clientbook.Field) string {
	if f == clientbook.FieldNone {
		return "all clients"
	}
	return f.String()
}

// counts makes sure that there are no tokens and claims beyond those that the records have.
func (v *verification) counts(ctx context.Context) error {
	if err := v.view(ctx, func(r clientbook.Reader) error {
		there, said, err := r.TokenCounts(v.row.ID)
		if err == nil && there != said {
			err = v.broken(clientbook.ClientID{}, 0, "there are %d tokens where the records have %d", there, said)
		}
		if err != nil {
			return err
		}
		f := clientbook.FieldNumber
		want, err := r.Presence(v.row.ID, []clientbook.Field{f})
		if err != nil {
			return err
		}
		have, err := r.ClaimCount(v.row.ID, clientbook.ClaimNumber)
		if err == nil && have != want[f] {
			err = v.broken(clientbook.ClientID{}, 0, "there are %d claims of %s for %d values", have, f, want[f])
		}
		return err
	}); err != nil {
		return err
	}
	for _, k := range clientbook.ClaimKinds {
		if k == clientbook.ClaimNumber { // every client has one; they were counted
			continue
		}
		if err := v.holders(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// holders makes sure that whoever holds a claim of a kind has the value.
func (v *verification) holders(ctx context.Context, k clientbook.ClaimKind) error {
	type held struct {
		claim  clientbook.Claim
		client clientbook.ClientID
	}
	var after [16]byte
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.view(ctx, func(r clientbook.Reader) error {
			var list []held
			if err := r.Claims(v.row.ID, k, after, headsAtOnce, func(x clientbook.Claim, c clientbook.ClientID) error {
				list = append(list, held{x, c})
				return nil
			}); err != nil {
				return err
			}
			more = len(list) > 0
			for _, x := range list {
				after = x.claim.Value
				st, err := r.Current(v.row.ID, x.client)
				if err != nil {
					return err
				}
				c, _, err := v.book.opened(&st)
				if err != nil {
					return v.broken(x.client, st.Number, "the record does not open: %v", errors.Unwrap(err))
				}
				if !slices.ContainsFunc(v.book.claims(c), func(y claimed) bool { return v.book.claim(y) == x.claim }) {
					return v.broken(x.client, st.Number, "it holds a claim to a value that it does not have")
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
