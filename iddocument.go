package clientbook

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// documents takes the ID documents that have a number. Those without one, which whoever sends a list cannot see, stay behind them.
func (m *merge) documents() {
	given := m.update.IDDocuments
	if given == nil {
		if m.create && m.update.Strict || m.retyped() {
			m.documentsDemanded()
		}
		return
	}
	if len(*given) > MaxIDDocuments { // not worth a look
		m.fault(FieldIDDocuments, ReasonTooMany)
		return
	}
	next := make([]IDDocument, 0, len(*given)+len(m.old.IDDocuments))
	var unknown, other []string // positions
	for i, d := range *given {
		if d.ID != (ChildID{}) && slices.ContainsFunc((*given)[:i], func(x IDDocument) bool { return x.ID == d.ID }) {
			m.fault(FieldIDDocuments, ReasonTwice)
		}
		old := m.matching(&d)
		next = append(next, d)
		if old != nil && d == *old {
			continue
		}
		switch t := m.rules.Settings.IDDocumentTemplate(string(d.Template)); {
		case d.Template != "" && t == nil:
			unknown = append(unknown, strconv.Itoa(i))
		case t == nil && !m.rules.Settings.OtherIDDocuments:
			other = append(other, strconv.Itoa(i))
		default:
			m.checkDocument(&d, t)
			if t != nil {
				next[i].Template = t.Key
			}
		}
	}
	for _, d := range m.old.IDDocuments {
		if d.Number == "" {
			next = append(next, d)
		}
	}
	if unknown != nil {
		m.faultOf(FieldIDDocuments, strings.Join(unknown, ","), ReasonTemplate)
	}
	if other != nil {
		m.faultOf(FieldIDDocuments, strings.Join(other, ","), ReasonOther)
	}
	if slices.Equal(next, m.old.IDDocuments) {
		m.kept = m.kept.With(FieldIDDocuments)
		if !m.create && !m.retyped() {
			return
		}
	}
	m.next.IDDocuments = nilled(next)
	if len(next) > MaxIDDocuments {
		m.fault(FieldIDDocuments, ReasonTooMany)
	}
	m.documentsDemanded()
}

// matching gives the stored document that d is to replace. A document that matches none is new, whatever id it came with.
func (m *merge) matching(d *IDDocument) *IDDocument {
	if d.ID != (ChildID{}) {
		for i := range m.old.IDDocuments {
			if old := &m.old.IDDocuments[i]; old.ID == d.ID && old.Number != "" {
				return old
			}
		}
	}
	d.ID = ChildID{}
	return nil
}

func (m *merge) checkDocument(d *IDDocument, t *IDDocumentTemplate) {
	for _, s := range [...]string{d.Type, d.Number, d.Authority} {
		if strings.ContainsFunc(s, unicode.IsControl) {
			m.fault(FieldIDDocuments, ReasonCharacters)
			return
		}
	}
	switch {
	case blank(d.Type) || blank(d.Number):
		m.fault(FieldIDDocuments, ReasonRequired)
	case t != nil && !t.Takes(d):
		m.fault(FieldIDDocuments, ReasonMask)
	}
}

// Takes says whether d is of the form that the template asks for.
func (t *IDDocumentTemplate) Takes(d *IDDocument) bool {
	return d.Type == t.Name && (t.IssuingAuthority == "" || d.Authority == t.IssuingAuthority) && t.Mask.Matches(d.Number)
}

// documentsDemanded makes sure that the documents are there that the settings ask for.
func (m *merge) documentsDemanded() {
	if m.next.Person == nil {
		return
	}
	numbered := func(d IDDocument) bool { return d.Number != "" }
	t := m.rules.Settings.ClientType(string(m.next.ClientType))
	if t != nil && t.RequireID && !slices.ContainsFunc(m.next.IDDocuments, numbered) {
		m.fault(FieldIDDocuments, ReasonMandatory)
		return
	}
	for i := range m.rules.Settings.IDDocumentTemplates {
		t := &m.rules.Settings.IDDocumentTemplates[i]
		if t.Mandatory && !slices.ContainsFunc(m.next.IDDocuments, func(d IDDocument) bool { return d.Template == t.Key }) {
			m.fault(FieldIDDocuments, ReasonMandatory)
			return
		}
	}
}
