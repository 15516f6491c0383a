package clientbook

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most characters of a string field's value.
const (
	maxShortValue = 255
	maxLongValue  = 2048
)

// A ValuesUpdate says what becomes of a client's custom field values.
type ValuesUpdate struct {
	Replace bool // the values become exactly those that are set; else the others stay
	Set     []ValueUpdate
	Remove  []ValueName
}

// A ValueName names a value by its field's key or id. In a grouped set, Group is the entry; nil stands for none given.
type ValueName struct {
	Field string
	Group *int
}

// A ValueUpdate is one value, or the key or number of what a link field links to. Where the others stay, values of a grouped set
// without an entry, or with NoGroup, make a new entry together.
type ValueUpdate struct {
	ValueName
	Value *string
	Link  *string
}

// values takes the values of custom fields, and makes sure that those of a client with a new type suit it.
func (m *merge) values() {
	before := len(m.faults)
	m.takeValues()
	if m.retyped() && len(m.faults) == before {
		m.requiredValues()
		m.valuesOfType()
	}
}

// valuesOfType makes sure that the client has values only of fields that its type has.
func (m *merge) valuesOfType() {
	for _, x := range m.next.Values {
		if f, _ := m.rules.Settings.CustomField(string(x.Field)); f != nil && !f.AvailableTo(m.next.ClientType) {
			m.faultOf(FieldValues, f.ID, ReasonFieldType)
		}
	}
}

func (m *merge) takeValues() {
	given := m.update.Values
	if given == nil {
		if m.create && m.update.Strict {
			m.requiredValues()
		}
		return
	}
	if len(given.Set) > MaxValues { // not worth a look
		m.fault(FieldValues, ReasonTooMany)
		return
	}
	before := len(m.faults)
	v := valueMerge{merge: m, replace: given.Replace, was: m.old.Values, fresh: map[DefinitionKey]int{}}
	if !given.Replace {
		v.result = slices.Clone(m.old.Values)
	}
	for i := range given.Remove {
		v.remove(&given.Remove[i])
	}
	if given.Remove != nil && !given.Replace {
		v.was = slices.Clone(v.result)
	}
	for i := range given.Set {
		v.set(&given.Set[i])
	}
	if slices.Equal(v.result, m.old.Values) {
		if len(m.faults) == before {
			m.kept = m.kept.With(FieldValues)
		}
		if !m.create {
			return
		}
	}
	m.next.Values = nilled(v.result)
	if len(v.result) > MaxValues {
		m.fault(FieldValues, ReasonTooMany)
	}
	if len(m.faults) > before {
		return
	}
	v.entries()
	v.parents()
	if given.Replace || m.create && m.update.Strict {
		m.requiredValues()
		return
	}
	v.requiredInFresh()
}

// A valueMerge is the values of one update on their way into a record.
type valueMerge struct {
	*merge
	replace bool
	was     []FieldValue // what this update's values are compared with: the values on record, without those that it removes
	result  []FieldValue
	given   []FieldValue          // what this update has set so far
	fresh   map[DefinitionKey]int // by set: the number of the entry that this update makes
}

// resolve gives the field that a name means, nil after a fault.
func (v *valueMerge) resolve(n *ValueName) (*CustomField, *CustomFieldSet) {
	if n.Field == "" {
		v.faultOf(FieldValues, "", ReasonNoField)
		return nil, nil
	}
	f, set := v.rules.Settings.CustomField(n.Field)
	if f == nil {
		v.faultOf(FieldValues, n.Field, ReasonField)
	}
	return f, set
}

func (v *valueMerge) remove(n *ValueName) {
	f, set := v.resolve(n)
	if f == nil {
		return
	}
	group, ok := v.entry(n, f, set)
	if !ok {
		return
	}
	i := indexOf(v.result, f.Key, group)
	if i < 0 {
		if set.Grouped {
			v.faultOf(FieldValues, n.Field, ReasonEntry)
		}
		return
	}
	v.result = slices.Delete(v.result, i, i+1)
	last := set.Grouped && !slices.ContainsFunc(v.result, func(x FieldValue) bool { return x.Group == group && inSet(set, x.Field) })
	if f.Required && !last {
		v.faultOf(FieldValues, n.Field, ReasonFieldKept)
	}
	if !last {
		return
	}
	for j := range v.result { // the entry is gone: those behind it move up
		if x := &v.result[j]; x.Group > group && inSet(set, x.Field) {
			x.Group--
		}
	}
}

func inSet(set *CustomFieldSet, key DefinitionKey) bool {
	return slices.ContainsFunc(set.Fields, func(f CustomField) bool { return f.Key == key })
}

func indexOf(values []FieldValue, field DefinitionKey, group int) int {
	return slices.IndexFunc(values, func(x FieldValue) bool { return x.Field == field && x.Group == group })
}

// entry gives the entry that a name means: NoGroup in a plain set.
func (v *valueMerge) entry(n *ValueName, f *CustomField, set *CustomFieldSet) (group int, ok bool) {
	given := n.Group != nil && *n.Group != NoGroup
	switch {
	case !set.Grouped && given, set.Grouped && !given && v.replace:
		v.faultOf(FieldValues, n.Field, ReasonEntryForm)
		return 0, false
	case !set.Grouped:
		return NoGroup, true
	case given && *n.Group < 0:
		v.faultOf(FieldValues, n.Field, ReasonEntryOrder)
		return 0, false
	case given:
		return *n.Group, true
	}
	group, made := v.fresh[set.Key]
	if !made {
		group = v.entriesOf(set)
		v.fresh[set.Key] = group
	}
	return group, true
}

// entriesOf counts the entries that a grouped set has so far.
func (v *valueMerge) entriesOf(set *CustomFieldSet) (n int) {
	for _, x := range v.result {
		if x.Group >= n && inSet(set, x.Field) {
			n = x.Group + 1
		}
	}
	return n
}

func (v *valueMerge) set(u *ValueUpdate) {
	f, set := v.resolve(&u.ValueName)
	if f == nil {
		return
	}
	named := u.Group != nil && *u.Group != NoGroup
	group, ok := v.entry(&u.ValueName, f, set)
	if !ok {
		return
	}
	if indexOf(v.given, f.Key, group) >= 0 {
		reason := ReasonFieldTwice
		if set.Grouped {
			reason = ReasonEntryTwice
		}
		v.faultOf(FieldValues, u.Field, reason)
		return
	}
	if set.Grouped && named && !v.replace && group >= v.entriesOf(set) {
		v.faultOf(FieldValues, u.Field, ReasonEntry)
		return
	}
	x := FieldValue{Field: f.Key, Group: group}
	i, text := indexOf(v.was, f.Key, group), u.text(f)
	if i >= 0 {
		x.ID = v.was[i].ID
		if text == v.was[i].Value {
			v.put(v.was[i])
			return
		}
	}
	var reason string
	if x.Value, reason = v.read(text, f, i >= 0); reason != "" {
		v.faultOf(FieldValues, u.Field, reason)
		return
	}
	v.put(x)
}

// put sets a value in its place.
func (v *valueMerge) put(x FieldValue) {
	v.given = append(v.given, x)
	if i := indexOf(v.result, x.Field, x.Group); i >= 0 {
		v.result[i] = x
		return
	}
	v.result = append(v.result, x)
}

// text gives what u gives f, "" for nothing. Of a link that is what it links to, which older callers send as the value.
func (u *ValueUpdate) text(f *CustomField) string {
	switch {
	case f.Type.Link() && u.Link != nil:
		return *u.Link
	case u.Value != nil:
		return *u.Value
	}
	return ""
}

// read gives a value as it is stored, or says why it can't be. stored says whether it is to take the place of one on record.
func (v *valueMerge) read(text string, f *CustomField, stored bool) (value, reason string) {
	switch {
	case !f.Active:
		return "", ReasonFieldInactive
	case !f.AvailableTo(v.next.ClientType):
		return "", ReasonFieldType
	case blank(text) && f.Required && stored && !v.replace:
		return "", ReasonFieldKept
	case blank(text):
		return "", ReasonFieldValue
	case f.Type.Link():
		return v.link(text, f)
	}
	return f.read(text)
}

// AvailableTo says whether clients of that type have the field.
func (f *CustomField) AvailableTo(t DefinitionKey) bool {
	return len(f.ClientTypes) == 0 || slices.Contains(f.ClientTypes, t)
}

func (v *valueMerge) link(ref string, f *CustomField) (key, reason string) {
	switch {
	case f.Type == UserLinkField:
		if user := v.rules.Settings.User(ref); user != nil {
			return string(user.Key), ""
		}
	case f.Type == ClientLinkField && v.rules.Client != nil:
		if key, ok := v.rules.Client(ref); ok {
			return key, ""
		}
	}
	return "", ReasonFieldLink
}

// read gives the value of a field that is no link as it is stored, or says why it can't be.
func (f *CustomField) read(s string) (value, reason string) {
	ok := false
	switch f.Type {
	case StringField:
		return s, f.textFault(s)
	case NumberField:
		ok = Decimal(s)
	case DateField:
		_, ok = ParseDate(s)
	case CheckboxField:
		s = strings.ToUpper(s)
		ok = s == "TRUE" || s == "FALSE"
	case SelectionField:
		ok = slices.ContainsFunc(f.Options, func(o FieldOption) bool { return o.Value == s })
	}
	if !ok {
		return "", ReasonFieldValue
	}
	return s, ""
}

func (f *CustomField) textFault(s string) (reason string) {
	most := maxShortValue
	if f.Long {
		most = maxLongValue
	}
	switch {
	case utf8.RuneCountInString(s) > most:
		return ReasonFieldLong
	case strings.ContainsFunc(s, func(r rune) bool { return forbidden(r) || !f.Long && unicode.IsControl(r) }):
		return ReasonCharacters
	case !f.Pattern.Matches(s):
		return ReasonFieldPattern
	}
	return ""
}

// entries makes sure that the entries of each grouped set are numbered from 0 without a gap.
func (v *valueMerge) entries() {
	for i := range v.rules.Settings.CustomFieldSets {
		set := &v.rules.Settings.CustomFieldSets[i]
		if !set.Grouped {
			continue
		}
		there := map[int]bool{}
		for _, x := range v.result {
			if inSet(set, x.Field) {
				there[x.Group] = true
			}
		}
		if n := v.entriesOf(set); n != len(there) {
			v.faultOf(FieldValues, set.ID, ReasonEntryOrder)
		}
	}
}

// parents makes sure that each selection that depends on another has an option that the other's value allows.
func (v *valueMerge) parents() {
	for _, x := range v.result {
		f, _ := v.rules.Settings.CustomField(string(x.Field))
		if f == nil || f.Parent == "" || slices.Contains(v.was, x) && v.parentKept(f, x.Group) {
			continue
		}
		if reason := f.choiceFault(&x, v.result); reason != "" {
			v.faultOf(FieldValues, f.ID, reason)
		}
	}
}

// choiceFault says why x, a value of f, can't be there with all others of its client, "" if it can.
func (f *CustomField) choiceFault(x *FieldValue, all []FieldValue) (reason string) {
	if f.Parent == "" {
		return ""
	}
	i := indexOf(all, f.Parent, x.Group)
	if i < 0 {
		return ReasonFieldParent
	}
	o := slices.IndexFunc(f.Options, func(o FieldOption) bool { return o.Value == x.Value })
	if o < 0 || len(f.Options[o].Parents) > 0 && !slices.Contains(f.Options[o].Parents, all[i].Value) {
		return ReasonFieldChoice
	}
	return ""
}

// Allows says whether x, a value of f, can be there with all values of its client: what f depends on must allow it.
func (f *CustomField) Allows(x *FieldValue, all []FieldValue) bool {
	return f.choiceFault(x, all) == ""
}

// parentKept says whether the value that f depends on stays as it is.
func (v *valueMerge) parentKept(f *CustomField, group int) bool {
	was, is := indexOf(v.was, f.Parent, group), indexOf(v.result, f.Parent, group)
	return was >= 0 && is >= 0 && v.was[was].Value == v.result[is].Value
}

// requiredValues makes sure that every required field has a value: those of plain sets one, those of grouped sets one in each entry.
func (m *merge) requiredValues() {
	for i := range m.rules.Settings.CustomFieldSets {
		set := &m.rules.Settings.CustomFieldSets[i]
		entries := []int{NoGroup}
		if set.Grouped {
			entries = entries[:0]
			for _, x := range m.next.Values {
				if inSet(set, x.Field) && !slices.Contains(entries, x.Group) {
					entries = append(entries, x.Group)
				}
			}
		}
		m.requiredIn(set, entries...)
	}
}

// requiredInFresh makes sure that the entries that the update makes have a value for every required field.
func (v *valueMerge) requiredInFresh() {
	for i := range v.rules.Settings.CustomFieldSets {
		set := &v.rules.Settings.CustomFieldSets[i]
		if group, made := v.fresh[set.Key]; made {
			v.requiredIn(set, group)
		}
	}
}

// requiredIn makes sure that every required field of a set has a value in each of those entries.
func (m *merge) requiredIn(set *CustomFieldSet, entries ...int) {
	if m.next.Person == nil {
		return
	}
	for i := range set.Fields {
		f := &set.Fields[i]
		if !f.Required || !f.Active || !f.AvailableTo(m.next.ClientType) {
			continue
		}
		for _, group := range entries {
			if indexOf(m.next.Values, f.Key, group) < 0 {
				m.faultOf(FieldValues, f.ID, ReasonFieldRequired)
			}
		}
	}
}

// Takes says whether a value that is stored could be one of the field's as it is now defined in a set; whether the field still takes new
// ones, and for which clients, does not matter.
func (f *CustomField) Takes(x *FieldValue, set *CustomFieldSet) bool {
	if set.Grouped != (x.Group != NoGroup) {
		return false
	}
	if f.Type.Link() {
		return true
	}
	value, reason := f.read(x.Value)
	return reason == "" && value == x.Value
}
