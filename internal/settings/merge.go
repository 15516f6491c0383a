package settings

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/message"
)

// Merge gives the settings that f makes of old, which it doesn't change: sections that f doesn't name stay, the others become what it
// says. A definition that was there keeps its key and times, and is as modified now only if something of it changed. It is the one with the
// same id, else the one with the encodedKey that the file gives, if that one's id is not in the file: its id changes. Keys that are
// neither known nor given come from mint. Nothing is given if there are problems; those of Parse are among them.
func (f *File) Merge(old *clientbook.Settings, mint func() clientbook.DefinitionKey, now time.Time) (*clientbook.Settings, []Problem) {
	m := &merger{file: f, old: old, new: f.over(old), mint: mint, now: clientbook.Cut(now), problems: slices.Clone(f.problems)}
	for _, k := range kinds {
		if m.named(k.section) {
			m.assign(k.section)
		}
	}
	if m.named("customFieldSets") {
		m.assignOptions()
	}
	if m.named("teamMembers") {
		m.assignMembers()
	}
	m.resolve()
	m.uniqueKeys()
	m.checkTemplates()
	if len(m.problems) > 0 {
		return nil, tidy(m.problems)
	}
	m.settle()
	return m.new, nil
}

// over gives old with the sections that f names, which may then be changed in place.
func (f *File) over(old *clientbook.Settings) *clientbook.Settings {
	s, said := *old, &f.said
	take := map[string]func(){
		"book": func() {
			s.TimeZone, s.InitialState, s.NumberPattern, s.Language = said.TimeZone, said.InitialState, said.NumberPattern, said.Language
			s.MetadataKeys, s.OtherIDDocuments, s.RequireEncodedKey = said.MetadataKeys, said.OtherIDDocuments, said.RequireEncodedKey
		},
		"duplicates":          func() { s.Duplicates = said.Duplicates },
		"clientTypes":         func() { s.ClientTypes = slices.Clone(said.ClientTypes) },
		"customFieldSets":     func() { s.CustomFieldSets = cloneSets(said.CustomFieldSets) },
		"idDocumentTemplates": func() { s.IDDocumentTemplates = slices.Clone(said.IDDocumentTemplates) },
		"branches":            func() { s.Branches = slices.Clone(said.Branches) },
		"centres":             func() { s.Centres = slices.Clone(said.Centres) },
		"users":               func() { s.Users = slices.Clone(said.Users) },
		"teamMembers":         func() { s.TeamMembers = slices.Clone(said.TeamMembers) },
		"templates":           func() { s.Templates = cloneTemplates(said.Templates) },
		"sending":             func() { s.Sending = said.Sending },
		"webhooks":            func() { s.Webhooks = said.Webhooks },
	}
	for name := range f.sections {
		take[name]()
	}
	return &s
}

func cloneSets(sets []clientbook.CustomFieldSet) []clientbook.CustomFieldSet {
	sets = slices.Clone(sets)
	for i := range sets {
		sets[i].Fields = slices.Clone(sets[i].Fields)
		for j := range sets[i].Fields {
			f := &sets[i].Fields[j]
			f.Options, f.ClientTypes = slices.Clone(f.Options), slices.Clone(f.ClientTypes)
		}
	}
	return sets
}

func cloneTemplates(templates []clientbook.Template) []clientbook.Template {
	templates = slices.Clone(templates)
	for i := range templates {
		templates[i].ClientTypes = slices.Clone(templates[i].ClientTypes)
	}
	return templates
}

type merger struct {
	file     *File
	old, new *clientbook.Settings
	mint     func() clientbook.DefinitionKey
	now      time.Time
	problems []Problem
	was      map[string]directory // by section, once looked for
}

// named says whether the file says what is in the section.
func (m *merger) named(section string) bool {
	_, ok := m.file.sections[fileSection(section)]
	return ok
}

func (m *merger) fault(path, format string, args ...any) {
	m.problems = append(m.problems, m.file.fault(path, fmt.Sprintf(format, args...)))
}

// assign gives the definitions of a section the keys and times that they had, or new ones.
func (m *merger) assign(section string) {
	if section == "teamMembers" { // have no keys
		return
	}
	if section == "clientTypes" {
		m.succeed()
	}
	old, stays := m.before(section), directoryOf(m.new, section)
	for path, d := range definitions(m.new, section) {
		was := old.byID[d.ID]
		if w := old.byKey[d.Key]; was == nil && w != nil && stays.byID[w.ID] == nil {
			was = w
		}
		if was == nil {
			m.begin(section, path, d)
			continue
		}
		if d.Key != "" && d.Key != was.Key {
			m.fault(path+".encodedKey", "the key of %s %s is %s and can't change", wordOf(section), d.ID, was.Key)
		}
		d.Key, d.Created, d.Modified = was.Key, was.Created, was.Modified
	}
	if section == "clientTypes" && len(m.new.ClientTypes) == 0 {
		m.new.ClientTypes = clientbook.DefaultSettings().ClientTypes
	}
}

// succeed lets the first default type of a book's own take over the key of the built-in type, unless the file names that type or its key:
// clients that have it already are then of that type, and so is who is created with the key of Mambu's printed example.
func (m *merger) succeed() {
	built := clientbook.BuiltInClientType()
	was := m.old.ClientType(string(built.Key))
	if was == nil || was.ID != built.ID {
		return
	}
	for _, t := range m.new.ClientTypes {
		if t.ID == built.ID || t.Key == built.Key {
			return
		}
	}
	for i := range m.new.ClientTypes {
		if t := &m.new.ClientTypes[i]; t.Default && !t.Group && t.Key == "" {
			t.Key = built.Key
			return
		}
	}
}

// begin makes d a new definition. Keys of other sorts of things are not taken over: what was stored with them would change its meaning.
func (m *merger) begin(section, path string, d *clientbook.Definition) {
	d.Created, d.Modified = m.now, m.now
	if d.Key == "" {
		d.Key = m.mint()
		return
	}
	for _, k := range kinds {
		if o := m.before(k.section).byKey[d.Key]; o != nil && k.section != section {
			m.fault(path+".encodedKey", "is the key of %s %s", k.word, o.ID)
		}
	}
}

// assignOptions gives the options of selections the keys that they had, or new ones. One is known by its value.
func (m *merger) assignOptions() {
	before := map[clientbook.DefinitionKey]*clientbook.CustomField{}
	for _, f := range fields(m.old) {
		before[f.Key] = f
	}
	for path, f := range fields(m.new) {
		had := map[string]clientbook.DefinitionKey{}
		if was := before[f.Key]; was != nil {
			for _, o := range was.Options {
				had[o.Value] = o.Key
			}
		}
		for i := range f.Options {
			o := &f.Options[i]
			key := had[o.Value]
			switch {
			case o.Key != "" && key != "" && o.Key != key:
				m.fault(index(path+".options", i)+".encodedKey", "the key of option %s is %s and can't change", short(o.Value), key)
			case o.Key == "" && key != "":
				o.Key = key
			case o.Key == "":
				o.Key = m.mint()
			}
		}
	}
}

// assignMembers gives team members without an id that of the old one with the same name and role, or a new one.
func (m *merger) assignMembers() {
	taken := map[string]bool{}
	for _, t := range m.new.TeamMembers {
		taken[t.ID] = true
	}
	free := map[clientbook.TeamMember][]string{} // ids by all else
	for _, t := range m.old.TeamMembers {
		if !taken[t.ID] {
			id := t.ID
			t.ID = ""
			free[t] = append(free[t], id)
		}
	}
	for i := range m.new.TeamMembers {
		t := &m.new.TeamMembers[i]
		if t.ID != "" {
			continue
		}
		if ids := free[*t]; len(ids) > 0 {
			free[*t] = ids[1:]
			t.ID = ids[0]
		} else {
			t.ID = rand.Text()[:17] // of 32 letters and digits: 85 bits
		}
	}
}

// resolve makes the references of the sections named keys, and complains of those, of any section, that name nothing.
func (m *merger) resolve() {
	now := map[string]directory{}
	for _, k := range kinds {
		now[k.section] = directoryOf(m.new, k.section)
	}
	for _, r := range references(m.new) {
		if m.named(r.from) {
			m.resolveID(r, now[r.to])
		} else if m.named(r.to) && now[r.to].byKey[*r.key] == nil {
			m.dangling(r)
		}
	}
}

func (m *merger) resolveID(r reference, now directory) {
	switch d := now.byID[string(*r.key)]; {
	case d != nil:
		*r.key = d.Key
	case r.to != customFields: // check says it better
		m.fault(r.path, "there is no %s %s", wordOf(r.to), short(string(*r.key)))
	}
}

// dangling complains of what is not there any more though a section that stays refers to it.
func (m *merger) dangling(r reference) {
	if was := m.before(r.to).byKey[*r.key]; was != nil {
		m.fault(r.to, "%s %s is not here, and %s refers to it", wordOf(r.to), was.ID, r.by)
	}
}

// before finds what the old settings define.
func (m *merger) before(section string) directory {
	if m.was == nil {
		m.was = map[string]directory{}
	}
	d, ok := m.was[section]
	if !ok {
		d = directoryOf(m.old, section)
		m.was[section] = d
	}
	return d
}

// uniqueKeys complains of keys that two definitions have, where the file gives one.
func (m *merger) uniqueKeys() {
	owners := map[clientbook.DefinitionKey]string{}
	add := func(path, owner string, key clientbook.DefinitionKey) {
		if first, ok := owners[key]; ok && key != "" {
			m.fault(path+".encodedKey", "%s is the key of %s too", short(string(key)), first)
			return
		}
		owners[key] = owner
	}
	for _, named := range []bool{false, true} { // what stays comes first: the file can't be told a place there
		for _, k := range kinds {
			if m.named(k.section) != named {
				continue
			}
			ids := directoryOf(m.new, k.section).byID
			for path, d := range definitions(m.new, k.section) {
				add(path, k.word+" "+d.ID, d.Key)
				if other := ids[string(d.Key)]; named && other != nil && other != d && d.Key != "" { // things are found by either
					m.fault(path+".encodedKey", "%s is the id of another %s", short(string(d.Key)), k.word)
				}
			}
		}
		if m.named(customFields) != named {
			continue
		}
		for path, f := range fields(m.new) {
			for i, o := range f.Options {
				add(index(path+".options", i), "option "+short(o.Value)+" of custom field "+f.ID, o.Key)
			}
		}
	}
}

// checkTemplates complains of texts that can't be sent, where the file brought that about.
func (m *merger) checkTemplates() {
	if !m.named("templates") && !m.named("customFieldSets") {
		return
	}
	said := map[string]bool{}
	for _, p := range m.file.problems {
		said[p.Path] = true
	}
	for i := range m.new.Templates {
		t := &m.new.Templates[i]
		var known []message.Fault
		if !m.named("templates") {
			known = message.Check(t, m.old)
		}
		for _, fault := range message.Check(t, m.new) {
			if slices.Contains(known, fault) {
				continue
			}
			if !m.named("templates") {
				m.fault("customFieldSets", "template %s, %s: %s", t.ID, fault.Part, fault.Text)
			} else if path := partPath(index("templates", i), fault.Part); !said[path] { // Parse says it better
				m.fault(path, "%s", fault.Text)
			}
		}
	}
}

// partPath gives the path of a part of the template at path.
func partPath(path, part string) string {
	if name, ok := strings.CutPrefix(part, "headers."); ok {
		return join(path+".headers", name)
	}
	return join(path, part)
}
