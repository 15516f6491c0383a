package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"clientbook"
)

// Diff says in sentences what differs, for people: "+ template welcome", "- branch b1", "~ book.timeZone: UTC -> Europe/Vienna",
// "~ custom field income: type NUMBER -> STRING". Times don't count, and what headers of web hooks say is not shown. There are no
// sentences if nothing differs.
func Diff(old, new *clientbook.Settings) []string {
	a, b := newDescriber(old), newDescriber(new)
	var all []string
	for _, section := range sectionNames {
		for _, c := range changes(a.single(section), b.single(section)) {
			all = append(all, "~ "+section+"."+strings.Replace(c, " ", ": ", 1))
		}
		for _, k := range kinds {
			if fileSection(k.section) == section {
				all = append(all, diffEntries(k.word, section, a.entriesOf(k.section), b.entriesOf(k.section))...)
			}
		}
		if section == "customFieldSets" {
			all = append(all, diffFieldOrder(old, new)...)
		}
	}
	return all
}

// diffEntries compares what a section defines, by id.
func diffEntries(word, section string, old, new []entry) []string {
	before, after := byID(old), byID(new)
	var all []string
	for _, e := range old {
		if after[e.id] == nil {
			all = append(all, "- "+word+" "+e.id)
		}
	}
	for _, e := range new {
		was := before[e.id]
		if was == nil {
			all = append(all, "+ "+word+" "+e.id)
			continue
		}
		if c := changes(was.properties, e.properties); len(c) > 0 {
			all = append(all, "~ "+word+" "+e.id+": "+strings.Join(c, ", "))
		}
	}
	// The order of fields is that of their sets, and is compared there.
	if word != wordOf(customFields) && !slices.Equal(common(old, after), common(new, before)) {
		all = append(all, "~ "+section+": order changed")
	}
	return all
}

// diffFieldOrder compares which fields a set has of those that are in both settings, and in which order.
func diffFieldOrder(old, new *clientbook.Settings) []string {
	before, after := directoryOf(old, customFields).byID, directoryOf(new, customFields).byID
	ids := func(set *clientbook.CustomFieldSet) (ids []string) {
		for _, f := range set.Fields {
			if before[f.ID] != nil && after[f.ID] != nil {
				ids = append(ids, f.ID)
			}
		}
		return ids
	}
	was := map[string][]string{}
	for i := range old.CustomFieldSets {
		was[old.CustomFieldSets[i].ID] = ids(&old.CustomFieldSets[i])
	}
	var all []string
	for i := range new.CustomFieldSets {
		set := &new.CustomFieldSets[i]
		if now := ids(set); !slices.Equal(now, was[set.ID]) {
			all = append(all, fmt.Sprintf("~ custom field set %s: fields %s -> %s", set.ID, bounded(was[set.ID]), bounded(now)))
		}
	}
	return all
}

func byID(entries []entry) map[string]*entry {
	m := map[string]*entry{}
	for i := range entries {
		m[entries[i].id] = &entries[i]
	}
	return m
}

// common gives the ids of the entries that are in the other settings too, in order.
func common(entries []entry, other map[string]*entry) []string {
	var ids []string
	for _, e := range entries {
		if other[e.id] != nil {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// changes compares the properties of two entries of one sort, which have the same keys.
func changes(old, new []property) []string {
	var all []string
	for i, p := range new {
		was := old[i]
		if equal(was.node, p.node) {
			continue
		}
		a, b := show(was.node), show(p.node)
		if p.secret || a == b || long(a) || long(b) {
			all = append(all, p.key+" changed")
			continue
		}
		all = append(all, p.key+" "+a+" -> "+b)
	}
	return all
}

func equal(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, equal)
}

// show gives a value in one line. The keys of options are left out: they are nobody's choice.
func show(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, show(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i].Value; key != "encodedKey" {
				parts = append(parts, key+": "+show(n.Content[i+1]))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if s := n.Value; s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, `,[]{}"\`) || strings.Contains(s, "->") ||
		strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return n.Value
}

// long says whether a text is too much for a sentence.
func long(s string) bool { return utf8.RuneCountInString(s) > 100 }

func bounded(ids []string) string {
	s := "[" + strings.Join(ids, ", ") + "]"
	if long(s) {
		return fmt.Sprintf("%d of them", len(ids))
	}
	return s
}
