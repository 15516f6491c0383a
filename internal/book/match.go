package book

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"clientbook"
)

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

// sortText gives what a search sorts a client by, "" if it has no such value. It is a text of its own: a part of the record's would keep
// all of that in memory.
func (ob *openBook) sortText(c *clientbook.Client, s *Search) string {
	if texts := ob.texts(c, s.Sort, s.SortField); len(texts) > 0 {
		return strings.Clone(texts[0])
	}
	return ""
}

// orderOf gives how a search sorts; what has no value comes last, and what is equal keeps its order.
func orderOf(ob *openBook, s *Search) func(a, b match) int {
	numbers := ob.numbers(s.Sort, s.SortField)
	return func(a, b match) int {
		x, y := a.text, b.text
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
