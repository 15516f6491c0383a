package clientbook

import (
	"slices"
)

// number takes a client number that the caller gives.
func (m *merge) number() {
	given := m.update.Number
	switch {
	case given == nil || *given == "" && m.create:
	case *given == m.old.Number:
		m.kept = m.kept.With(FieldNumber)
	default:
		m.next.Number = *given
		if reason := NumberFault(*given); reason != "" {
			m.fault(FieldNumber, reason)
		}
	}
	if key := m.update.ForeignKey; key != nil && m.create {
		m.next.ForeignKey = *key
	}
}

func (m *merge) language() {
	given := m.update.Language
	switch {
	case given == nil:
	case *given == m.old.Language:
		m.kept = m.kept.With(FieldLanguage)
	default:
		m.next.Language = *given
		if !slices.Contains(Languages, *given) {
			m.fault(FieldLanguage, ReasonLanguage)
		}
	}
}

// assignments takes what a client is assigned to. What it is assigned to already stays, even if nobody could be assigned to it now.
func (m *merge) assignments() {
	s, c := m.rules.Settings, m.next
	assign(m, FieldClientType, &c.ClientType, m.update.ClientType, func(ref string) (DefinitionKey, string) {
		switch t := s.ClientType(ref); {
		case t == nil:
			return "", ReasonUnknown
		case t.Group:
			return t.Key, ReasonGroup
		default:
			return t.Key, ""
		}
	})
	if c.ClientType == "" && c.Person != nil { // taken away: every person has one
		c.ClientType = s.DefaultClientType().Key
	}
	assign(m, FieldBranch, &c.Branch, m.update.Branch, func(ref string) (DefinitionKey, string) {
		b := s.Branch(ref)
		if b == nil {
			return "", ReasonUnknown
		}
		return b.Key, active(b.Active)
	})
	assign(m, FieldCentre, &c.Centre, m.update.Centre, func(ref string) (DefinitionKey, string) {
		x := s.Centre(ref)
		if x == nil {
			return "", ReasonUnknown
		}
		return x.Key, active(x.Active)
	})
	assign(m, FieldUser, &c.User, m.update.User, func(ref string) (DefinitionKey, string) {
		u := s.User(ref)
		if u == nil {
			return "", ReasonUnknown
		}
		return u.Key, active(u.Active && u.CreditOfficer)
	})
	if m.old.Branch == c.Branch && m.old.Centre == c.Centre {
		return
	}
	if x := s.Centre(string(c.Centre)); x != nil && c.Branch != "" && x.Branch != "" && x.Branch != c.Branch {
		m.fault(FieldCentre, ReasonBranch)
	}
}

// retyped says whether the update gives a client that is there another type. All that the type asks of clients then counts, whether the
// update sends it or not.
func (m *merge) retyped() bool {
	return !m.create && m.update.ClientType != nil && m.next.ClientType != m.old.ClientType
}

func active(yes bool) (reason string) {
	if !yes {
		return ReasonInactive
	}
	return ""
}

// assign sets to to the key of what given names.
func assign(m *merge, f Field, to *DefinitionKey, given *string, resolve func(ref string) (key DefinitionKey, reason string)) {
	switch {
	case given == nil:
	case DefinitionKey(*given) == *to:
		m.kept = m.kept.With(f)
	case *given == "":
		*to = ""
	default:
		key, reason := resolve(*given)
		switch {
		case key == *to && key != "": // named by its id
			m.kept = m.kept.With(f)
		case reason != "":
			m.fault(f, reason)
		default:
			*to = key
		}
	}
}
