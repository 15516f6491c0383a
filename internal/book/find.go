package book

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"clientbook"
)

// maxOpened is how many records one search opens at the most. Only tests change it.
var maxOpened int64 = 20_000

// maxOpenedBytes is how many bytes the sealed records have that one search opens: as many as twenty thousand large clients, or a thousand
// of the largest.
const maxOpenedBytes = 256 << 20

// Of the searches of a book that open records, maxSearches may do so at the same time, and maxWaiting more may wait for their turn: who
// comes later is better told at once than kept with all that its request holds.
const (
	maxSearches = 2
	maxWaiting  = 16
)

// SearchClients gives up to limit clients that s chooses, after the first offset: by creation and id, or as s sorts them. KindInvalid with
// ReasonTooWide or ReasonUnsortable and the caller's name of the subject where more than maxOpened records or maxOpenedBytes would have to
// be opened, or where nothing but opening every record would do; with ReasonPageTooBig where the clients are too large for one page.
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
		return b.page(ctx, ob, p.query, offset, limit)
	}
	release, err := b.searching(ctx, ob.id)
	if err != nil {
		return nil, err
	}
	defer release()
	offset, limit = min(offset, maxOpened), min(limit, maxOpened) // there are not more matches
	var page []*clientbook.Client
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		w := walk{ob: ob, plan: p, search: s, enough: int(offset + limit)}
		if err := w.run(r); err != nil {
			return err
		}
		found := w.found[min(int(offset), len(w.found)):]
		page, err = ob.reopened(r, found[:min(int(limit), len(found))])
		return err
	})
	return page, err
}

// page reads one page of what a query chooses.
func (b *Books) page(ctx context.Context, ob *openBook, q clientbook.ClientQuery, offset, limit int64) ([]*clientbook.Client, error) {
	var page filling
	err := b.store.View(ctx, func(r clientbook.Reader) error {
		page = filling{ClientPage: ClientPage{Clients: make([]*clientbook.Client, 0, min(limit, 50))}}
		return r.Page(ob.id, q, offset, limit, func(st *clientbook.Stored) error { return page.add(ob, st) })
	})
	return page.Clients, err
}

// reopened opens the clients of a page, which the same snapshot has already shown.
func (ob *openBook) reopened(r clientbook.Reader, found []match) ([]*clientbook.Client, error) {
	page := filling{ClientPage: ClientPage{Clients: make([]*clientbook.Client, 0, len(found))}}
	for i := range found {
		st, err := r.Current(ob.id, found[i].id)
		if err == nil {
			err = page.add(ob, &st)
		}
		if err != nil {
			return nil, err
		}
	}
	return page.Clients, nil
}

// The turns of a book hold one entry for each search that opens records, and one for each that waits until it may.
type turns struct{ open, waiting chan struct{} }

// turnsOf gives the turns of a book.
func (b *Books) turnsOf(id clientbook.BookID) *turns {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.searches[id] == nil {
		b.searches[id] = &turns{make(chan struct{}, maxSearches), make(chan struct{}, maxWaiting)}
	}
	return b.searches[id]
}

// searching waits for its turn to open records of a book, unless too many do so already.
func (b *Books) searching(ctx context.Context, id clientbook.BookID) (release func(), err error) {
	t := b.turnsOf(id)
	release = func() { <-t.open }
	select {
	case t.open <- struct{}{}: // overtakes nobody: while somebody waits there is no room, for a turn that ends is handed on
		return release, nil
	default:
	}
	select {
	case t.waiting <- struct{}{}:
		defer func() { <-t.waiting }()
	default:
		return nil, clientbook.Busy(clientbook.ReasonContention, nil)
	}
	select {
	case t.open <- struct{}{}:
		return release, nil
	case <-ctx.Done():
		return nil, clientbook.Busy(clientbook.ReasonContention, ctx.Err())
	}
}

// A match is what a search keeps of a client until its page is known: of twenty thousand whole ones there may be gigabytes.
type match struct {
	id      clientbook.ClientID
	created time.Time
	text    string // that is sorted by, unless the order is the natural one
}

// A walk is one search's way through the records that it has to open.
type walk struct {
	ob     *openBook
	plan   *plan
	search *Search
	enough int // matches of which the page can be cut if they are in order
	opened int64
	bytes  int // of the sealed records opened
	found  []match
}

// run finds what meets the search, in its order.
func (w *walk) run(r clientbook.Reader) error {
	find := w.candidates
	if w.plan.named != nil {
		find = w.byName
	}
	if err := find(r); err != nil {
		return err
	}
	if !w.plan.natural {
		slices.SortStableFunc(w.found, orderOf(w.ob, w.search))
	}
	return nil
}

// candidates looks at what the query of the plan chooses, in natural order only until the page is full.
func (w *walk) candidates(r clientbook.Reader) error {
	q := w.plan.query
	q.Ascending = !w.search.Descending || !w.plan.natural
	n, err := r.Count(w.ob.id, q)
	if err != nil {
		return err
	}
	if n > maxOpened { // whatever page is asked for, so that a search is not refused halfway through its pages
		return w.plan.tooWide(w.search)
	}
	err = r.Page(w.ob.id, q, 0, maxOpened, func(st *clientbook.Stored) error {
		if err := w.look(st); err != nil {
			return err
		}
		if w.plan.natural && len(w.found) == w.enough {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// byName looks at the clients that a constraint names by key or number, in the order of the names, and puts what it found into natural order.
func (w *walk) byName(r clientbook.Reader) error {
	seen := map[clientbook.ClientID]bool{}
	for _, text := range w.plan.named.Texts {
		id, known, err := w.ob.lookUp(r, w.plan.named.Subject, text)
		if err != nil {
			return err
		}
		if !known || seen[id] {
			continue
		}
		seen[id] = true
		st, err := r.Current(w.ob.id, id)
		if clientbook.KindOf(err) == clientbook.KindNotFound || err == nil && st.Action == clientbook.ActionDelete {
			continue
		}
		if err == nil {
			err = w.look(&st)
		}
		if err != nil {
			return err
		}
	}
	slices.SortFunc(w.found, func(x, y match) int {
		order := cmp.Or(x.created.Compare(y.created), slices.Compare(x.id[:], y.id[:]))
		if w.search.Descending && w.plan.natural {
			return -order
		}
		return order
	})
	return nil
}

// look opens a record and keeps of it what is needed if it meets the search.
func (w *walk) look(st *clientbook.Stored) error {
	w.opened++
	w.bytes += len(st.Body)
	if w.opened > maxOpened || w.bytes > maxOpenedBytes {
		return w.plan.tooWide(w.search)
	}
	c, _, err := w.ob.opened(st)
	if err != nil || !w.meets(c) {
		return err
	}
	m := match{id: c.ID, created: c.Created}
	if !w.plan.natural {
		m.text = w.ob.sortText(c, w.search)
	}
	w.found = append(w.found, m)
	return nil
}

// meets says whether a client meets what the query has not chosen by. Of clients that are named, no query chose any.
func (w *walk) meets(c *clientbook.Client) bool {
	if w.plan.named == nil {
		return !slices.ContainsFunc(w.plan.open, func(x *Constraint) bool { return !w.ob.meets(c, x) })
	}
	kind := w.plan.query.Kind
	return (kind == 0 || c.Kind() == kind) && !slices.ContainsFunc(w.search.Where, func(x Constraint) bool { return !w.ob.meets(c, &x) })
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
