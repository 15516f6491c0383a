package clientbook_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"clientbook"
)

// now is when the tests' writes happen, then when their records were made.
var (
	now  = time.UnixMilli(1_700_000_000_123).UTC()
	then = time.UnixMilli(1_600_000_000_123).UTC()
)

func child(n byte) clientbook.ChildID { return clientbook.ChildID{0: 1, 11: n} }

// def gives a definition whose key is not its id.
func def(id string) clientbook.Definition {
	return clientbook.Definition{Key: clientbook.DefinitionKey("k-" + id), ID: id, Name: id}
}

// settings has one of everything that rules of a record ask about.
func settings(edits ...func(*clientbook.Settings)) *clientbook.Settings {
	s := clientbook.DefaultSettings()
	s.ClientTypes = []clientbook.ClientType{
		{Definition: def("retail"), Default: true, UseDefaultAddress: true},
		{Definition: def("applicant"), UseDefaultAddress: true, RequireID: true},
		{Definition: def("nomad")},
		{Definition: def("club"), Group: true, UseDefaultAddress: true},
	}
	options := func(values ...string) (all []clientbook.FieldOption) {
		for _, v := range values {
			value, parents, _ := strings.Cut(v, "<")
			all = append(all, clientbook.FieldOption{Key: clientbook.DefinitionKey("o-" + value), Value: value, Parents: strings.Fields(parents)})
		}
		return all
	}
	s.CustomFieldSets = []clientbook.CustomFieldSet{
		{Definition: def("kyc"), Fields: []clientbook.CustomField{
			{Definition: def("nick"), Type: clientbook.StringField, Active: true},
			{Definition: def("story"), Type: clientbook.StringField, Active: true, Long: true},
			{Definition: def("code"), Type: clientbook.StringField, Active: true, Pattern: "@#-$"},
			{Definition: def("size"), Type: clientbook.NumberField, Active: true},
			{Definition: def("segment"), Type: clientbook.SelectionField, Active: true, Options: options("gold", "silver")},
			{Definition: def("tier"), Type: clientbook.SelectionField, Active: true, Parent: "k-segment", Options: options("high<gold", "low<gold silver", "any")},
			{Definition: def("pep"), Type: clientbook.CheckboxField, Active: true},
			{Definition: def("since"), Type: clientbook.DateField, Active: true},
			{Definition: def("friend"), Type: clientbook.ClientLinkField, Active: true},
			{Definition: def("team"), Type: clientbook.GroupLinkField, Active: true},
			{Definition: def("officer"), Type: clientbook.UserLinkField, Active: true},
			{Definition: def("old"), Type: clientbook.StringField},
			{Definition: def("special"), Type: clientbook.StringField, Active: true, ClientTypes: []clientbook.DefinitionKey{"k-applicant"}},
		}},
		{Definition: def("accounts"), Grouped: true, Fields: []clientbook.CustomField{
			{Definition: def("iban"), Type: clientbook.StringField, Active: true},
			{Definition: def("bic"), Type: clientbook.StringField, Active: true},
			{Definition: def("land"), Type: clientbook.SelectionField, Active: true, Options: options("AT", "DE")},
			{Definition: def("city"), Type: clientbook.SelectionField, Active: true, Parent: "k-land", Options: options("Wien<AT", "Berlin<DE")},
		}},
		{Definition: def("children"), Grouped: true, Fields: []clientbook.CustomField{{Definition: def("name"), Type: clientbook.StringField, Active: true}}},
	}
	s.IDDocumentTemplates = []clientbook.IDDocumentTemplate{
		{Definition: clientbook.Definition{Key: "k-passport", ID: "passport", Name: "Passport"}, IssuingAuthority: "State", Mask: "@######"},
		{Definition: clientbook.Definition{Key: "k-card", ID: "card", Name: "Card"}},
	}
	s.Branches = []clientbook.Branch{{Definition: def("north"), Active: true}, {Definition: def("south"), Active: true}, {Definition: def("shut")}}
	s.Centres = []clientbook.Centre{
		{Definition: def("square"), Branch: "k-north", Active: true}, {Definition: def("mall"), Branch: "k-south", Active: true},
		{Definition: def("free"), Active: true}, {Definition: def("gone"), Branch: "k-north"},
	}
	s.Users = []clientbook.User{
		{Definition: def("u1"), Username: "ann", Active: true, CreditOfficer: true}, {Definition: def("u2"), Username: "bob", CreditOfficer: true},
		{Definition: def("u3"), Username: "cat", Active: true},
	}
	for _, edit := range edits {
		edit(s)
	}
	return s
}

// field gives an edit of settings that changes one custom field.
func field(id string, edit func(*clientbook.CustomField)) func(*clientbook.Settings) {
	return func(s *clientbook.Settings) {
		f, _ := s.CustomField(id)
		edit(f)
	}
}

func required(f *clientbook.CustomField) { f.Required = true }
func ofApplicants(f *clientbook.CustomField) {
	f.ClientTypes = []clientbook.DefinitionKey{"k-applicant"}
}
func inactive(f *clientbook.CustomField) { f.Active = false }

// both gives an edit that does both.
func both(x, y func(*clientbook.CustomField)) func(*clientbook.CustomField) {
	return func(f *clientbook.CustomField) { x(f); y(f) }
}

// rules knows one client, A-1 with key k-A-1.
func rules(s *clientbook.Settings) clientbook.Rules {
	return clientbook.Rules{Settings: s, Now: now, Client: func(ref string) (string, bool) { return "k-A-1", ref == "A-1" || ref == "k-A-1" }}
}

// ada is a person on record.
func ada(edits ...func(*clientbook.Client)) *clientbook.Client {
	c := &clientbook.Client{
		ID: child(200), Version: 3, Created: then, Updated: then, State: clientbook.StateInactive, Approved: then, Number: "123456789",
		ClientType: "k-retail", Language: "ENGLISH", Person: &clientbook.Person{FirstName: "Ada", LastName: "Marsh"},
	}
	for _, edit := range edits {
		edit(c)
	}
	return c
}

// person is an update that creates a person.
func person(edits ...func(*clientbook.ClientUpdate)) *clientbook.ClientUpdate {
	u := &clientbook.ClientUpdate{Kind: new(clientbook.PersonKind), Person: &clientbook.PersonUpdate{FirstName: new("Ada"), LastName: new("Marsh")}}
	for _, edit := range edits {
		edit(u)
	}
	return u
}

func strict(u *clientbook.ClientUpdate) { u.Strict = true }

// fault gives field, param and reason of a refusal, "" for none.
func fault(err error) string {
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*clientbook.Error](err)
	if !ok || e.Kind != clientbook.KindInvalid {
		return "no refusal: " + err.Error()
	}
	return strings.Join(strings.Fields(e.Field.String()+" "+e.Param+" "+e.Reason), " ")
}

// wantFault says whether err is the fault that a row wants, and complains if it is not.
func wantFault(t *testing.T, err error, want string) bool {
	t.Helper()
	if got := fault(err); got != want {
		t.Errorf("got %q, want %q", got, want)
		return false
	}
	return true
}

// name reads "field" and "field.group".
func name(s string) clientbook.ValueName {
	id, group, ok := strings.Cut(s, ".")
	if !ok {
		return clientbook.ValueName{Field: id}
	}
	n, err := strconv.Atoi(group)
	if err != nil {
		panic(err)
	}
	return clientbook.ValueName{Field: id, Group: &n}
}

// update reads "nick=x", "iban.0=x", "friend>A-1" for a link, "nick" for no value and, without replacing, "-nick" for a removal.
func update(replace bool, texts ...string) *clientbook.ValuesUpdate {
	u := &clientbook.ValuesUpdate{Replace: replace}
	for _, s := range texts {
		if removed, ok := strings.CutPrefix(s, "-"); ok {
			u.Remove = append(u.Remove, name(removed))
			continue
		}
		var v clientbook.ValueUpdate
		if i := strings.IndexAny(s, "=>"); i >= 0 {
			v.ValueName = name(s[:i])
			if text := s[i+1:]; s[i] == '=' {
				v.Value = &text
			} else {
				v.Link = &text
			}
		} else {
			v.ValueName = name(s)
		}
		u.Set = append(u.Set, v)
	}
	return u
}

func replace(texts ...string) *clientbook.ValuesUpdate { return update(true, texts...) }
func patch(texts ...string) *clientbook.ValuesUpdate   { return update(false, texts...) }

// values reads "nick=x" and "iban.0=x"; ids count from 1.
func values(texts ...string) (all []clientbook.FieldValue) {
	for i, s := range texts {
		n, value, _ := strings.Cut(s, "=")
		v := clientbook.FieldValue{ID: child(byte(i + 1)), Group: clientbook.NoGroup, Value: value}
		x := name(n)
		if v.Field = clientbook.DefinitionKey("k-" + x.Field); x.Group != nil {
			v.Group = *x.Group
		}
		all = append(all, v)
	}
	return all
}

// show is the inverse of values, with the id behind each value: "nick=x#1". A value without an id, a new one, has "#".
func show(values []clientbook.FieldValue) string {
	var all []string
	for _, v := range values {
		group, id := "", ""
		if v.Group != clientbook.NoGroup {
			group = fmt.Sprintf(".%d", v.Group)
		}
		if v.ID != (clientbook.ChildID{}) {
			id = strconv.Itoa(int(v.ID[11]))
		}
		all = append(all, fmt.Sprintf("%s%s=%s#%s", strings.TrimPrefix(string(v.Field), "k-"), group, v.Value, id))
	}
	return strings.Join(all, " ")
}
