package book

import (
	"context"

	"clientbook"
)

// indexedAtOnce is how many clients get their missing tokens in one transaction.
const indexedAtOnce = 200

// Index gives the clients of every book the tokens that an earlier program did not make. It is done before the books are used; where there
// is nothing to do it costs one read. What was done before it was interrupted stays done. progress may be nil.
func (b *Books) Index(ctx context.Context, progress func(clients int64)) error {
	var rows []clientbook.Book
	if err := b.store.View(ctx, func(r clientbook.Reader) (err error) {
		rows, err = r.Books()
		return err
	}); err != nil {
		return err
	}
	var done int64
	for _, row := range rows {
		if row.Indexed >= clientbook.IndexLevel {
			continue
		}
		ob, err := b.book(ctx, row.ID)
		if err != nil {
			return err
		}
		for after := (clientbook.ClientID{}); ; {
			n, last, err := b.indexSome(ctx, ob, after)
			if err != nil {
				return err
			}
			if after = last; n == 0 {
				break
			}
			if done += int64(n); progress != nil {
				progress(done)
			}
		}
		if err := b.store.Update(ctx, func(tx clientbook.Tx) error { return tx.SetIndexed(row.ID, clientbook.IndexLevel) }); err != nil {
			return err
		}
	}
	return nil
}

// indexSome does so for some clients behind one, and gives their number and the last of them.
func (b *Books) indexSome(ctx context.Context, ob *openBook, after clientbook.ClientID) (n int, last clientbook.ClientID, err error) {
	err = b.store.Update(ctx, func(tx clientbook.Tx) error {
		n, last = 0, after
		var ids []clientbook.ClientID
		if err := tx.Heads(ob.id, after, indexedAtOnce, func(h *clientbook.Head) error {
			n, last = n+1, h.Client
			if h.State != clientbook.StateDeleted {
				ids = append(ids, h.Client)
			}
			return nil
		}); err != nil {
			return err
		}
		for _, id := range ids {
			st, err := tx.Current(ob.id, id)
			if err != nil {
				return err
			}
			c, _, err := ob.opened(&st)
			if err != nil {
				return err
			}
			var add []clientbook.Token
			all := 0
			for _, v := range ob.values(c) {
				ob.tokensOf(v, func(t clientbook.Token) {
					if all++; t.Kind != clientbook.ExactToken { // every level has those
						add = append(add, t)
					}
				})
			}
			if err := tx.AddTokens(ob.id, id, c.Created, add, all); err != nil {
				return err
			}
		}
		return nil
	})
	return n, last, err
}
