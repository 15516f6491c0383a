package settings

import (
	"reflect"
	"time"

	"clientbook"
)

// settle sets the times of definitions that changed, and takes from the old settings whatever is the same: applied again, a file gives
// what is deeply equal.
func (m *merger) settle() {
	s, old := m.new, m.old
	settle(m, s.ClientTypes, old.ClientTypes, func(t *clientbook.ClientType) *clientbook.Definition { return &t.Definition })
	settle(m, s.IDDocumentTemplates, old.IDDocumentTemplates, func(t *clientbook.IDDocumentTemplate) *clientbook.Definition { return &t.Definition })
	settle(m, s.Branches, old.Branches, func(b *clientbook.Branch) *clientbook.Definition { return &b.Definition })
	settle(m, s.Centres, old.Centres, func(c *clientbook.Centre) *clientbook.Definition { return &c.Definition })
	settle(m, s.Users, old.Users, func(u *clientbook.User) *clientbook.Definition { return &u.Definition })
	settle(m, s.Templates, old.Templates, func(t *clientbook.Template) *clientbook.Definition { return &t.Definition })
	m.settleSets()

	keep(&s.Duplicates, old.Duplicates)
	keep(&s.ClientTypes, old.ClientTypes)
	keep(&s.CustomFieldSets, old.CustomFieldSets)
	keep(&s.IDDocumentTemplates, old.IDDocumentTemplates)
	keep(&s.Branches, old.Branches)
	keep(&s.Centres, old.Centres)
	keep(&s.Users, old.Users)
	keep(&s.TeamMembers, old.TeamMembers)
	keep(&s.Templates, old.Templates)
	keep(&s.Sending, old.Sending)
}

// keep makes *now what it was if it means the same.
func keep[T any](now *T, was T) {
	if alike(reflect.ValueOf(*now), reflect.ValueOf(was)) {
		*now = was
	}
}

// settle looks at each definition that was there before.
func settle[T any](m *merger, all, old []T, definition func(*T) *clientbook.Definition) {
	before := map[clientbook.DefinitionKey]*T{}
	for i := range old {
		before[definition(&old[i]).Key] = &old[i]
	}
	for i := range all {
		d := definition(&all[i])
		was := before[d.Key]
		switch {
		case was == nil:
		case alike(reflect.ValueOf(all[i]), reflect.ValueOf(*was)):
			all[i] = *was
		case d.Modified.Equal(definition(was).Modified): // not the built-in type put back as it was
			d.Modified = m.now
		}
	}
}

// settleSets is settle for sets and for fields, wherever they were before. A set changed if it has other fields than before, or in
// another order, not if one of them changed.
func (m *merger) settleSets() {
	var old []clientbook.CustomField
	for _, f := range fields(m.old) {
		old = append(old, *f)
	}
	before := map[clientbook.DefinitionKey]*clientbook.CustomFieldSet{}
	for i := range m.old.CustomFieldSets {
		before[m.old.CustomFieldSets[i].Key] = &m.old.CustomFieldSets[i]
	}
	for i := range m.new.CustomFieldSets {
		set := &m.new.CustomFieldSets[i]
		settle(m, set.Fields, old, func(f *clientbook.CustomField) *clientbook.Definition { return &f.Definition })
		was := before[set.Key]
		if was == nil {
			continue
		}
		keep(&set.Fields, was.Fields)
		if !alike(reflect.ValueOf(outline(*set)), reflect.ValueOf(outline(*was))) {
			set.Modified = m.now
		}
	}
}

// outline gives a set with nothing of its fields but which they are.
func outline(set clientbook.CustomFieldSet) clientbook.CustomFieldSet {
	keys := make([]clientbook.CustomField, 0, len(set.Fields))
	for _, f := range set.Fields {
		keys = append(keys, clientbook.CustomField{Definition: clientbook.Definition{Key: f.Key}})
	}
	set.Fields = keys
	return set
}

// alike is reflect.DeepEqual, but no list is like an empty one, and instants count, not zones.
func alike(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !alike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, k := range a.MapKeys() {
			if v := b.MapIndex(k); !v.IsValid() || !alike(a.MapIndex(k), v) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return alike(a.Elem(), b.Elem())
	case reflect.Struct:
		if t, ok := a.Interface().(time.Time); ok {
			return t.Equal(b.Interface().(time.Time))
		}
		for i := range a.NumField() {
			if !alike(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Interface() == b.Interface()
}
