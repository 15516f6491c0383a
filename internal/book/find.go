package book

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

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

// A plan is how a search is answered: a query of the store, and what is left to be compared in opened records.
type plan struct {
	query    clientbook.ClientQuery
	open     []*Constraint
	named    *Constraint // names the clients by key or number; then everything else is compared in their records
	narrowed bool        // the query has a criterion of its own
	natural  bool        // the store's order is the search's
	none     bool        // nothing can match
}

// plan finds the way to answer a search.
func (ob *openBook) plan(s *Search, kind clientbook.ClientKind) (*plan, error) {
	p := &plan{natural: s.Sort == NoSubject || s.Sort == CreatedSubject}
	p.query.Kind = kind
	for _, presence := range [...]bool{false, true} { // which narrows only what something else has narrowed
		for i := range s.Where {
			x := &s.Where[i]
			if presence == (x.Op == Empty || x.Op == NotEmpty) && !ob.narrow(p, x) {
				p.open = append(p.open, x)
			}
		}
	}
	if len(p.open) > 0 && !p.narrowed && !p.none && p.named == nil {
		return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Param: p.open[0].Source, Reason: clientbook.ReasonTooWide}
	}
	return p, nil
}

// narrow makes a criterion of the query of a constraint. False if it has to be looked at in the opened records, too.
func (ob *openBook) narrow(p *plan, x *Constraint) (whole bool) {
	if x.Op == Empty || x.Op == NotEmpty {
		return p.presence(x)
	}
	switch x.Subject {
	case CreatedSubject, UpdatedSubject, ApprovedSubject, ActivatedSubject, ClosedSubject:
		return p.window(x)
	case StateSubject:
		return p.states(x)
	case ClientTypeSubject:
		return p.types(x)
	case NothingSubject:
		return p.zero(x)
	case BirthDateSubject:
		return ob.months(p, x)
	case KeySubject, NumberSubject:
		if x.Op == Is || x.Op == IsExactly || x.Op == OneOf {
			p.named = x
		}
		return false
	}
	f := x.Subject.field()
	switch {
	case f == clientbook.FieldNone:
		return ob.fullName(p, x)
	case x.Op == Begins && f.Has(clientbook.PrefixToken):
		ob.prefixes(p, f, x.Texts[0])
		return false
	case x.Op == Begins || x.Op == IsNot || x.Op == Less || x.Op == More || x.Op == Between || x.Op == Within:
		return false
	case x.Op == IsExactly && f.Has(clientbook.ExactToken):
		p.any([]clientbook.Token{ob.vault.Token(f, clientbook.ExactToken, "", x.Texts[0])})
		return true
	case !f.Has(clientbook.FoldedToken) && !f.Has(clientbook.ExactToken):
		return false
	}
	var tokens []clientbook.Token
	for _, text := range x.Texts {
		tokens = append(tokens, ob.equal(f, x, text)...)
	}
	if len(tokens) > clientbook.MaxAny {
		return false
	}
	p.any(tokens)
	return x.Op != IsExactly
}

// field gives the field that a subject is about, FieldNone if it is about none, or several.
func (s Subject) field() clientbook.Field {
	return [...]clientbook.Field{
		FirstNameSubject: clientbook.FieldFirstName, MiddleNameSubject: clientbook.FieldMiddleName, LastNameSubject: clientbook.FieldLastName,
		BirthDateSubject: clientbook.FieldBirthDate, GenderSubject: clientbook.FieldGender, StateSubject: clientbook.FieldState,
		ClientTypeSubject: clientbook.FieldClientType, BranchSubject: clientbook.FieldBranch, CentreSubject: clientbook.FieldCentre,
		UserSubject: clientbook.FieldUser, HomePhoneSubject: clientbook.FieldTelephone, MobileSubject: clientbook.FieldMobile,
		EmailSubject: clientbook.FieldEmail, AddressSubject: clientbook.FieldAddresses, NotesSubject: clientbook.FieldNotes,
		LanguageSubject: clientbook.FieldLanguage, NumberSubject: clientbook.FieldNumber, FieldSubject: clientbook.FieldValues,
	}[s]
}

// any adds a list of which a client has at least one.
func (p *plan) any(tokens []clientbook.Token) {
	slices.SortFunc(tokens, func(a, b clientbook.Token) int {
		return cmp.Or(cmp.Compare(a.Index(), b.Index()), slices.Compare(a.Value[:], b.Value[:]))
	})
	tokens = slices.Compact(tokens)
	p.narrowed = true
	if len(tokens) == 0 {
		p.none = true
		return
	}
	if len(tokens) == 1 {
		if !slices.Contains(p.query.Tokens, tokens[0]) {
			p.query.Tokens = append(p.query.Tokens, tokens[0])
		}
		return
	}
	p.query.Any = append(p.query.Any, tokens)
}

// equal gives the tokens of which a client has one whose value equals text, letter case aside.
func (ob *openBook) equal(f clientbook.Field, x *Constraint, text string) []clientbook.Token {
	if f == clientbook.FieldValues {
		return []clientbook.Token{ob.vault.Token(f, clientbook.FoldedToken, string(x.Field), ob.comparable(&clientbook.FieldValue{Field: x.Field, Value: text}))}
	}
	if !f.Has(clientbook.FoldedToken) {
		return []clientbook.Token{ob.vault.Token(f, clientbook.ExactToken, "", text)}
	}
	folded := fold(text) // a value that is its own folded text has no folded token
	return []clientbook.Token{ob.vault.Token(f, clientbook.FoldedToken, "", folded), ob.vault.Token(f, clientbook.ExactToken, "", folded)}
}

// prefixes narrows to the clients whose name begins like text.
func (ob *openBook) prefixes(p *plan, f clientbook.Field, text string) {
	folded := fold(text)
	if first := prefix(folded); len([]rune(first)) == prefixLetters {
		p.any([]clientbook.Token{ob.vault.Token(f, clientbook.PrefixToken, "", first)})
	}
}

// fullName narrows by first and last name where the full name is asked for.
func (ob *openBook) fullName(p *plan, x *Constraint) bool {
	if x.Op != Is && x.Op != IsExactly && x.Op != Begins || len(x.Texts) != 1 {
		return false
	}
	words := strings.Split(fold(x.Texts[0]), " ")
	if x.Op == Begins {
		// The first name is the text's first words, or goes on behind it.
		text := strings.Join(words, " ")
		tokens := []clientbook.Token{ob.vault.Token(clientbook.FieldFirstName, clientbook.PrefixToken, "", prefix(text))}
		if first, _, more := strings.Cut(text, " "); more && first != "" {
			tokens = append(tokens, ob.vault.Token(clientbook.FieldFirstName, clientbook.PrefixToken, "", prefix(first)))
		} else if len([]rune(text)) < prefixLetters {
			return false
		}
		p.any(tokens)
		return false
	}
	var first, last []clientbook.Token
	for i := 1; i < len(words) && i < clientbook.MaxAny/2; i++ {
		first = append(first, ob.equal(clientbook.FieldFirstName, x, strings.Join(words[:i], " "))...)
		last = append(last, ob.equal(clientbook.FieldLastName, x, strings.Join(words[i:], " "))...)
	}
	if first == nil { // everybody has two names
		p.none = true
		return true
	}
	p.any(first)
	p.any(last)
	return false
}

// presence narrows by whether there is a value at all. It chooses nothing by itself: most clients have most values.
func (p *plan) presence(x *Constraint) bool {
	f := x.Subject.field()
	switch x.Subject {
	case NothingSubject, KeySubject, FullNameSubject, CreatedSubject, UpdatedSubject, StateSubject, ClientTypeSubject, LanguageSubject:
		p.none = p.none || x.Op == Empty
		return true
	case ApprovedSubject, ActivatedSubject, ClosedSubject, FieldSubject, AddressSubject:
		return false
	}
	if x.Op == Empty {
		p.query.Absent = p.query.Absent.With(f)
	} else {
		p.query.Present = p.query.Present.With(f)
	}
	return p.narrowed
}

func (p *plan) window(x *Constraint) bool {
	if x.Op != Within {
		return false
	}
	p.narrowed = true
	w := map[Subject]*clientbook.Window{
		CreatedSubject: &p.query.Created, UpdatedSubject: &p.query.Updated, ApprovedSubject: &p.query.Approved,
		ActivatedSubject: &p.query.Activated, ClosedSubject: &p.query.Closed,
	}[x.Subject]
	if x.Window.After.After(w.After) {
		w.After = x.Window.After
	}
	if b := x.Window.Before; !b.IsZero() && (w.Before.IsZero() || b.Before(w.Before)) {
		w.Before = b
	}
	return true
}

func (p *plan) states(x *Constraint) bool {
	if x.Op != Is && x.Op != IsExactly && x.Op != OneOf || p.query.States != nil {
		return false
	}
	for s := clientbook.StatePendingApproval; s < clientbook.StateDeleted; s++ {
		if slices.Contains(x.Texts, s.String()) {
			p.query.States = append(p.query.States, s)
		}
	}
	p.none = p.none || p.query.States == nil
	p.narrowed = true
	return true
}

func (p *plan) types(x *Constraint) bool {
	if x.Op != Is && x.Op != IsExactly && x.Op != OneOf || p.query.Types != nil {
		return false
	}
	for _, text := range x.Texts {
		if key := clientbook.DefinitionKey(text); !slices.Contains(p.query.Types, key) {
			p.query.Types = append(p.query.Types, key)
		}
	}
	p.none = p.none || p.query.Types == nil
	p.narrowed = true
	return true
}

// zero answers what is asked of a number that is 0 for everybody.
func (p *plan) zero(x *Constraint) bool {
	p.none = p.none || holds(x, "0", true) == (x.Op == IsNot)
	return true
}

// maxMonths is how many months a range of birth dates may have.
const maxMonths = 120

// months narrows by the months of a range of days; the days at its ends are compared in the records.
func (ob *openBook) months(p *plan, x *Constraint) (whole bool) {
	if x.Op != Within {
		return false
	}
	from, to := x.Days[0], x.Days[1]
	switch {
	case from == (clientbook.Date{}) || to == (clientbook.Date{}):
		return false
	case to.String() < from.String():
		p.none = true
		return true
	case from == to:
		p.any([]clientbook.Token{ob.vault.Token(clientbook.FieldBirthDate, clientbook.ExactToken, "", from.String())})
		return true
	}
	n := (int(to.Year)-int(from.Year))*12 + int(to.Month) - int(from.Month) + 1
	if n > maxMonths {
		return false
	}
	tokens := make([]clientbook.Token, n)
	for i := range tokens {
		m := int(from.Month) - 1 + i
		first := clientbook.Date{Year: from.Year + int16(m/12), Month: uint8(m%12 + 1), Day: 1}
		tokens[i] = ob.vault.Token(clientbook.FieldBirthDate, clientbook.MonthToken, "", first.String()[:len("2006-01")])
	}
	p.any(tokens)
	return false
}

// meets says whether an opened record meets a constraint.
func (ob *openBook) meets(c *clientbook.Client, x *Constraint) bool {
	if t, ok := timeOf(c, x.Subject); ok && x.Op == Within {
		return !t.IsZero() && (x.Window.After.IsZero() || t.After(x.Window.After)) && (x.Window.Before.IsZero() || t.Before(x.Window.Before))
	}
	texts, numbers := ob.texts(c, x.Subject, x.Field), ob.numbers(x.Subject, x.Field)
	switch x.Op {
	case Empty:
		return len(texts) == 0
	case NotEmpty:
		return len(texts) > 0
	case IsNot:
		return !slices.ContainsFunc(texts, func(s string) bool { return holds(x, s, numbers) })
	}
	return slices.ContainsFunc(texts, func(s string) bool { return holds(x, s, numbers) })
}

// numbers says whether the values of a subject are numbers.
func (ob *openBook) numbers(s Subject, field clientbook.DefinitionKey) bool {
	f, _ := ob.settings.CustomField(string(field))
	return s == NothingSubject || s == FieldSubject && f != nil && f.Type == clientbook.NumberField
}

// texts gives the values that a client has for a subject.
func (ob *openBook) texts(c *clientbook.Client, s Subject, field clientbook.DefinitionKey) (list []string) {
	add := func(text string) {
		if text != "" {
			list = append(list, text)
		}
	}
	p := c.Person
	if p == nil {
		p = &clientbook.Person{}
	}
	if t, ok := timeOf(c, s); ok {
		add(instant(t))
		return list
	}
	switch s {
	case KeySubject:
		add(c.Key(ob.id))
	case NumberSubject:
		add(c.Number)
	case FullNameSubject:
		add(c.Name())
	case FirstNameSubject:
		add(p.FirstName)
	case MiddleNameSubject:
		add(p.MiddleName)
	case LastNameSubject:
		add(p.LastName)
	case BirthDateSubject:
		add(p.BirthDate.String())
	case GenderSubject:
		add(string(p.Gender))
	case StateSubject:
		add(c.State.String())
	case ClientTypeSubject:
		add(string(c.ClientType))
	case BranchSubject:
		add(string(c.Branch))
	case CentreSubject:
		add(string(c.Centre))
	case UserSubject:
		add(string(c.User))
	case HomePhoneSubject:
		add(c.Telephone)
	case MobileSubject:
		add(c.Mobile)
	case EmailSubject:
		add(c.Email)
	case NotesSubject:
		add(c.Notes)
	case LanguageSubject:
		add(string(c.Language))
	case AddressSubject:
		if a := c.MainAddress(); a != nil {
			add(strings.Join(strings.Fields(strings.Join([]string{a.Line1, a.Line2, a.City, a.Region, a.Postcode, a.Country}, " ")), " "))
		}
	case NothingSubject:
		add("0")
	case FieldSubject:
		for i := range c.Values {
			if c.Values[i].Field == field {
				add(c.Values[i].Value)
			}
		}
	}
	return list
}

// timeOf gives the time that a subject is about, false if it is about none.
func timeOf(c *clientbook.Client, s Subject) (time.Time, bool) {
	switch s {
	case CreatedSubject:
		return c.Created, true
	case UpdatedSubject:
		return c.Updated, true
	case ApprovedSubject:
		return c.Approved, true
	case ActivatedSubject:
		return c.Activated, true
	case ClosedSubject:
		return c.Closed, true
	}
	return time.Time{}, false
}

// instant gives a time as a text that sorts like it.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000")
}

// holds says whether one value meets a constraint; of IsNot, whether it is equal.
func holds(x *Constraint, s string, numbers bool) bool {
	equal := func(t string) bool { return numbers && canonical(s) == canonical(t) || fold(s) == fold(t) }
	switch x.Op {
	case Is, IsNot:
		return equal(x.Texts[0])
	case IsExactly:
		return s == x.Texts[0]
	case OneOf:
		return slices.ContainsFunc(x.Texts, equal)
	case Begins:
		return strings.HasPrefix(fold(s), fold(x.Texts[0]))
	case Less, More, Between:
		return compares(x, s)
	case Within:
		return (x.Days[0] == clientbook.Date{} || s >= x.Days[0].String()) && (x.Days[1] == clientbook.Date{} || s <= x.Days[1].String())
	}
	return false
}

// compares compares decimal numbers of whatever size.
func compares(x *Constraint, s string) bool {
	v, ok := new(big.Rat).SetString(s)
	if !ok || !clientbook.Decimal(s) {
		return false
	}
	bound := func(i int) int {
		b, ok := new(big.Rat).SetString(x.Texts[i])
		if !ok {
			return 0
		}
		return v.Cmp(b)
	}
	switch x.Op {
	case Less:
		return bound(0) < 0
	case More:
		return bound(0) > 0
	}
	return bound(0) >= 0 && bound(1) <= 0
}

// orderOf gives how a search sorts; what has no value comes last, and what is equal keeps its order.
func orderOf(ob *openBook, s *Search) func(a, b *clientbook.Client) int {
	numbers := ob.numbers(s.Sort, s.SortField)
	first := func(c *clientbook.Client) string {
		if texts := ob.texts(c, s.Sort, s.SortField); len(texts) > 0 {
			return texts[0]
		}
		return ""
	}
	return func(a, b *clientbook.Client) int {
		x, y := first(a), first(b)
		if x == "" || y == "" {
			return cmp.Compare(btoi(x == ""), btoi(y == ""))
		}
		order := 0
		if numbers {
			p, _ := new(big.Rat).SetString(x)
			q, _ := new(big.Rat).SetString(y)
			order = p.Cmp(q)
		} else {
			order = cmp.Or(cmp.Compare(fold(x), fold(y)), cmp.Compare(x, y))
		}
		if s.Descending {
			return -order
		}
		return order
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// maxNames is how many clients a search by name looks at.
const maxNames = 2000

// SearchNames gives up to limit clients whose number, key, e-mail address, or name is text, or one of whose names begins with it if it has
// three letters or more; letter case does not count. What fits better comes first, then
// the oldest.
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
