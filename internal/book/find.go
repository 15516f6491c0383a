package book

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"clientbook"
)

// maxOpened is how many records one search opens at the most. Only tests change it.
var maxOpened int64 = 20_000

// maxSearches is how many searches of a book may open records at the same time.
const maxSearches = 2

// SearchClients gives up to limit clients that s chooses, after the first offset: by creation and id, or as s sorts them. KindInvalid with
// ReasonTooWide or ReasonUnsortable and the caller's name of the subject where more than maxOpened records would have to be opened, or
// where nothing but opening every record would do.
func (b *Books) SearchClients(ctx context.Context, caller clientbook.Caller, s *Search, offset, limit int64) ([]*clientbook.Client, error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return nil, err
	}
	p, err := ob.plan(s, caller.Kind)
	if err != nil || p.none || limit == 0 {
		return []*clientbook.Client{}, err
	}
	if len(p.open) == 0 && p.natural && p.named == nil {
		p.query.Ascending = !s.Descending
		page, err := b.page(ctx, ob, p.query, offset, limit)
		return page, err
	}
	release, err := b.searching(ctx, ob.id)
	if err != nil {
		return nil, err
	}
	defer release()
	open := b.candidates
	if p.named != nil {
		open = b.byName
	}
	found, err := open(ctx, ob, p, s)
	if err != nil {
		return nil, err
	}
	if !p.natural {
		order := orderOf(ob, s)
		slices.SortStableFunc(found, order)
	}
	found = found[min(offset, int64(len(found))):]
	return found[:min(limit, int64(len(found)))], nil
}

// page reads one page of what a query chooses.
func (b *Books) page(ctx context.Context, ob *openBook, q clientbook.ClientQuery, offset, limit int64) ([]*clientbook.Client, error) {
	var page []*clientbook.Client
	err := b.store.View(ctx, func(r clientbook.Reader) error {
		page = make([]*clientbook.Client, 0, min(limit, 50))
		return r.Page(ob.id, q, offset, limit, func(st *clientbook.Stored) error {
			c, _, err := ob.opened(st)
			page = append(page, c)
			return err
		})
	})
	return page, err
}

// searching waits for its turn to open records of a book.
func (b *Books) searching(ctx context.Context, id clientbook.BookID) (release func(), err error) {
	b.mu.Lock()
	turns := b.searches[id]
	if turns == nil {
		turns = make(chan struct{}, maxSearches)
		b.searches[id] = turns
	}
	b.mu.Unlock()
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, clientbook.Busy(clientbook.ReasonContention, ctx.Err())
	}
}

// candidates opens what the query of a plan chooses and gives what meets the rest of it.
func (b *Books) candidates(ctx context.Context, ob *openBook, p *plan, s *Search) (found []*clientbook.Client, err error) {
	p.query.Ascending = !s.Descending || !p.natural
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		found = nil
		n, err := r.Count(ob.id, p.query)
		if err != nil {
			return err
		}
		if n > maxOpened {
			return p.tooWide(s)
		}
		return r.Page(ob.id, p.query, 0, maxOpened, func(st *clientbook.Stored) error {
			c, _, err := ob.opened(st)
			if err == nil && !slices.ContainsFunc(p.open, func(x *Constraint) bool { return !ob.meets(c, x) }) {
				found = append(found, c)
			}
			return err
		})
	})
	return found, err
}

// byName opens the clients that a constraint names by key or number and gives those that meet all of a search.
func (b *Books) byName(ctx context.Context, ob *openBook, p *plan, s *Search) (found []*clientbook.Client, err error) {
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		found = nil
		for _, text := range p.named.Texts {
			id, known, err := ob.lookUp(r, p.named.Subject, text)
			if err != nil {
				return err
			}
			if !known || slices.ContainsFunc(found, func(c *clientbook.Client) bool { return c.ID == id }) {
				continue
			}
			st, err := r.Current(ob.id, id)
			if clientbook.KindOf(err) == clientbook.KindNotFound || err == nil && st.Action == clientbook.ActionDelete {
				continue
			}
			var c *clientbook.Client
			if err == nil {
				c, _, err = ob.opened(&st)
			}
			if err != nil {
				return err
			}
			wrong := func(x Constraint) bool { return !ob.meets(c, &x) }
			if (p.query.Kind == 0 || c.Kind() == p.query.Kind) && !slices.ContainsFunc(s.Where, wrong) {
				found = append(found, c)
			}
		}
		return nil
	})
	slices.SortFunc(found, func(x, y *clientbook.Client) int {
		order := cmp.Or(x.Created.Compare(y.Created), slices.Compare(x.ID[:], y.ID[:]))
		if s.Descending && p.natural {
			return -order
		}
		return order
	})
	return found, err
}

// lookUp gives the client that has a key or number.
func (ob *openBook) lookUp(r clientbook.Reader, subject Subject, text string) (id clientbook.ClientID, known bool, err error) {
	kind := clientbook.ClaimNumber
	if subject == KeySubject {
		if id, known = clientbook.ParseKey(ob.id, text); known {
			return id, true, nil
		}
		kind = clientbook.ClaimForeignKey
	}
	id, known, err = r.ClaimHolder(ob.id, ob.vault.Claim(kind, text))
	if err != nil || known || kind != clientbook.ClaimNumber {
		return id, known, err
	}
	return r.ClaimHolder(ob.id, ob.vault.Claim(kind, strings.ToUpper(text))) // numbers made here have capital letters
}

// tooWide names what would have needed more records than may be opened.
func (p *plan) tooWide(s *Search) error {
	if len(p.open) > 0 {
		return &clientbook.Error{Kind: clientbook.KindInvalid, Param: p.open[0].Source, Reason: clientbook.ReasonTooWide}
	}
	return &clientbook.Error{Kind: clientbook.KindInvalid, Param: s.SortSource, Reason: clientbook.ReasonUnsortable}
}

// maxNames is how many clients a search by name looks at.
const maxNames = 2000

// SearchNames gives up to limit clients whose number, key, e-mail address, or name is text, or one of whose names begins with it if it has
// three letters or more; letter case does not count. What fits
// better comes first, then the oldest.
func (b *Books) SearchNames(ctx context.Context, caller clientbook.Caller, text string, limit int64) ([]*clientbook.Client, error) {
	found := []*clientbook.Client{}
	add := func(cs ...*clientbook.Client) {
		for _, c := range cs {
			if int64(len(found)) < limit && !slices.ContainsFunc(found, func(x *clientbook.Client) bool { return x.ID == c.ID }) {
				found = append(found, c)
			}
		}
	}
	for _, x := range []Constraint{
		{Subject: KeySubject, Op: Is}, {Subject: NumberSubject, Op: Is}, {Subject: EmailSubject, Op: Is}, {Subject: FullNameSubject, Op: Is},
		{Subject: LastNameSubject, Op: Is}, {Subject: FirstNameSubject, Op: Is}, {Subject: MiddleNameSubject, Op: Is},
		{Subject: MobileSubject, Op: Is}, {Subject: HomePhoneSubject, Op: Is},
		{Subject: LastNameSubject, Op: Begins}, {Subject: FirstNameSubject, Op: Begins}, {Subject: MiddleNameSubject, Op: Begins}, {Subject: FullNameSubject, Op: Begins},
	} {
		if int64(len(found)) >= limit || fold(text) == "" {
			break
		}
		x.Texts = []string{text}
		cs, err := b.SearchClients(ctx, caller, &Search{Where: []Constraint{x}}, 0, min(limit, maxNames))
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Reason == clientbook.ReasonTooWide {
			continue
		}
		if err != nil {
			return nil, err
		}
		add(cs...)
	}
	return found, nil
}
