package book

import (
	"cmp"
	"slices"
	"strings"

	"clientbook"
)

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
