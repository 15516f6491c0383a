package settings

import (
	"fmt"
	"iter"

	"clientbook"
)

// customFields is a section of Problem.At and of Diff that lies within another one of the file.
const customFields = "customFields"

// kinds are the sections that define things, and what people call one of them.
var kinds = []struct{ section, word string }{
	{"clientTypes", "client type"}, {"customFieldSets", "custom field set"}, {customFields, "custom field"},
	{"idDocumentTemplates", "ID document template"}, {"branches", "branch"}, {"centres", "centre"}, {"users", "user"},
	{"teamMembers", "team member"}, {"templates", "template"},
}

// wordOf gives what people call a definition of the section.
func wordOf(section string) string {
	for _, k := range kinds {
		if k.section == section {
			return k.word
		}
	}
	return section
}

// fileSection gives the section of the file that a section lies in.
func fileSection(section string) string {
	if section == customFields {
		return "customFieldSets"
	}
	return section
}

// definitions gives the path and definition of each entry of a section of s, to change in place. A team member's is a copy with an id.
func definitions(s *clientbook.Settings, section string) iter.Seq2[string, *clientbook.Definition] {
	switch section {
	case "clientTypes":
		return each(section, s.ClientTypes, func(t *clientbook.ClientType) *clientbook.Definition { return &t.Definition })
	case "customFieldSets":
		return each(section, s.CustomFieldSets, func(t *clientbook.CustomFieldSet) *clientbook.Definition { return &t.Definition })
	case customFields:
		return func(yield func(string, *clientbook.Definition) bool) {
			for path, f := range fields(s) {
				if !yield(path, &f.Definition) {
					return
				}
			}
		}
	case "idDocumentTemplates":
		return each(section, s.IDDocumentTemplates, func(t *clientbook.IDDocumentTemplate) *clientbook.Definition { return &t.Definition })
	case "branches":
		return each(section, s.Branches, func(b *clientbook.Branch) *clientbook.Definition { return &b.Definition })
	case "centres":
		return each(section, s.Centres, func(c *clientbook.Centre) *clientbook.Definition { return &c.Definition })
	case "users":
		return each(section, s.Users, func(u *clientbook.User) *clientbook.Definition { return &u.Definition })
	case "teamMembers":
		return each(section, s.TeamMembers, func(m *clientbook.TeamMember) *clientbook.Definition {
			return &clientbook.Definition{ID: m.ID, Name: m.FirstName + " " + m.LastName}
		})
	case "templates":
		return each(section, s.Templates, func(t *clientbook.Template) *clientbook.Definition { return &t.Definition })
	}
	return func(func(string, *clientbook.Definition) bool) {}
}

// A directory finds the definitions of a section.
type directory struct {
	byID  map[string]*clientbook.Definition
	byKey map[clientbook.DefinitionKey]*clientbook.Definition
}

func directoryOf(s *clientbook.Settings, section string) directory {
	d := directory{map[string]*clientbook.Definition{}, map[clientbook.DefinitionKey]*clientbook.Definition{}}
	for _, e := range definitions(s, section) {
		d.byID[e.ID], d.byKey[e.Key] = e, e
	}
	return d
}

func each[T any](section string, all []T, definition func(*T) *clientbook.Definition) iter.Seq2[string, *clientbook.Definition] {
	return func(yield func(string, *clientbook.Definition) bool) {
		for i := range all {
			if !yield(index(section, i), definition(&all[i])) {
				return
			}
		}
	}
}

// fields gives the path of each custom field.
func fields(s *clientbook.Settings) iter.Seq2[string, *clientbook.CustomField] {
	return func(yield func(string, *clientbook.CustomField) bool) {
		for i := range s.CustomFieldSets {
			path := index("customFieldSets", i) + ".fields"
			all := s.CustomFieldSets[i].Fields
			for j := range all {
				if !yield(index(path, j), &all[j]) {
					return
				}
			}
		}
	}
}

// index gives the path of an entry of a list.
func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// A reference is a key by which one definition names another.
type reference struct {
	path string
	by   string // what names it, for people
	from string // the section of the file that it is in
	to   string // the section of what it names
	key  *clientbook.DefinitionKey
}

// references gives every reference of s that names something, to change in place.
func references(s *clientbook.Settings) []reference {
	var all []reference
	add := func(from, path, attribute string, d *clientbook.Definition, to string, key *clientbook.DefinitionKey) {
		if *key != "" {
			all = append(all, reference{path + "." + attribute, wordOf(from) + " " + d.ID, fileSection(from), to, key})
		}
	}
	types := func(from, path string, d *clientbook.Definition, keys []clientbook.DefinitionKey) {
		for i := range keys {
			add(from, path, index("clientTypes", i), d, "clientTypes", &keys[i])
		}
	}
	for path, f := range fields(s) {
		add(customFields, path, "parent", &f.Definition, customFields, &f.Parent)
		types(customFields, path, &f.Definition, f.ClientTypes)
	}
	for i := range s.Centres {
		c := &s.Centres[i]
		add("centres", index("centres", i), "branch", &c.Definition, "branches", &c.Branch)
	}
	for i := range s.Users {
		u := &s.Users[i]
		add("users", index("users", i), "branch", &u.Definition, "branches", &u.Branch)
	}
	for i := range s.Templates {
		t := &s.Templates[i]
		types("templates", index("templates", i), &t.Definition, t.ClientTypes)
	}
	return all
}
