package settings

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a time zone is one on every machine

	"clientbook"
)

// sectionNames are the keys of a file, in the order in which one is written.
var sectionNames = []string{
	"book", "duplicates", "clientTypes", "customFieldSets", "idDocumentTemplates", "branches", "centres", "users", "teamMembers",
	"templates", "sending", "webhooks",
}

// read reads the whole file. A section that is there and can't be read counts as named.
func (f *File) read(root value) {
	top := root.object()
	f.spots = root.r.spots
	for _, name := range sectionNames {
		p, named := top.pairs[name]
		v := top.at(name)
		if !named {
			continue
		}
		f.sections[name] = p.place
		f.readSection(name, v)
		f.spots[name] = p.place // where a section is meant, not its first entry
	}
	top.done()
	f.check(root.r)
}

func (f *File) readSection(name string, v value) {
	said := &f.said
	switch name {
	case "book":
		f.readBook(v.object())
	case "duplicates":
		said.Duplicates = readDuplicates(v.object())
	case "clientTypes":
		said.ClientTypes = list(v, readClientType)
	case "customFieldSets":
		said.CustomFieldSets = list(v, readCustomFieldSet)
	case "idDocumentTemplates":
		said.IDDocumentTemplates = list(v, readIDDocumentTemplate)
	case "branches":
		said.Branches = list(v, readBranch)
	case "centres":
		said.Centres = list(v, readCentre)
	case "users":
		said.Users = list(v, readUser)
	case "teamMembers":
		said.TeamMembers = list(v, readTeamMember)
	case "templates":
		said.Templates = list(v, readTemplate)
	case "sending":
		said.Sending = readSending(v.object())
	case "webhooks":
		said.Webhooks = readWebhooks(v.object())
	}
}

func (f *File) readBook(o *object) {
	d := clientbook.DefaultSettings()
	s := &f.said
	s.TimeZone = o.at("timeZone").zone(d.TimeZone)
	s.InitialState = oneOf(o.at("initialState"), states, d.InitialState)
	s.NumberPattern = d.NumberPattern
	if v := o.at("numberPattern"); v.there() {
		s.NumberPattern = v.numberPattern()
	}
	s.Language = oneOf(o.at("language"), languages, d.Language)
	s.MetadataKeys = o.at("metadataKeys").number(1, 50, d.MetadataKeys)
	s.OtherIDDocuments = o.at("otherIDDocuments").flag(d.OtherIDDocuments)
	s.RequireEncodedKey = o.at("requireEncodedKey").flag(d.RequireEncodedKey)
	o.done()
}

// zone reads the IANA name of a time zone. "Local" is none: it is another one on every machine.
func (v value) zone(otherwise string) string {
	s, ok := v.source()
	if !ok {
		return otherwise
	}
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		v.fault("is %s, want the IANA name of a time zone, like Europe/Vienna", short(s))
		return otherwise
	}
	return s
}

func (v value) numberPattern() clientbook.NumberPattern {
	p := clientbook.NumberPattern(v.text())
	if _, ok := v.source(); ok && p.Forbidden() {
		v.r.fault(v.spot(), v.path, "%s can make what is no client number: that is 1 to %d printable characters without space or any of / ? # %% \\, "+
			"not 32 hex digits, not only dots, not \"search\"", short(string(p)), clientbook.MaxNumberLength)
	}
	return p
}

func readDuplicates(o *object) clientbook.Duplicates {
	d := clientbook.Duplicates{Mode: oneOf(o.at("mode"), duplicateModes, clientbook.DuplicatesIgnored)}
	given := eachOnce(o.at("rules"), func(v value) clientbook.DuplicateRule { return oneOf(v, duplicateRules, "") })
	for _, r := range clientbook.DuplicateRules {
		if slices.Contains(given, r) {
			d.Rules = append(d.Rules, r)
		}
	}
	o.done()
	return d
}

// eachOnce reads a list of values none of which may be there twice. What can't be read stays as "", so that positions are paths.
func eachOnce[T ~string](v value, read func(value) T) []T {
	var all []T
	seen := map[T]bool{}
	for _, item := range v.items() {
		t := read(item)
		if t != "" && seen[t] {
			item.fault("%s is here twice", short(string(t)))
		}
		seen[t] = true
		all = append(all, t)
	}
	return all
}

func readSending(o *object) clientbook.Sending {
	s := clientbook.Sending{Allow: eachOnce(o.at("allow"), value.destination)}
	limits := o.at("perMinute").object()
	for _, c := range channels {
		if v := limits.at(c.text); v.there() {
			if s.PerMinute == nil {
				s.PerMinute = map[clientbook.Channel]int{}
			}
			s.PerMinute[c.means] = v.number(1, 1<<31-1, 1)
		}
	}
	limits.done()
	o.done()
	return s
}

// destination reads what a test book may send to.
func (v value) destination() string {
	s := v.text()
	_, is := v.source()
	domain, atDomain := strings.CutPrefix(s, "@")
	switch {
	case !is, atDomain && domainName(domain), emailAddress(s), phonePrefix.MatchString(s), webURL(s):
		return s
	}
	v.fault(`is %s, want an e-mail address, a domain like "@example.com", a phone prefix like "+43" or an http or https URL`, short(s))
	return ""
}

func readWebhooks(o *object) clientbook.Webhooks {
	w := clientbook.Webhooks{AllowPrivate: o.at("allowPrivate").flag(false)}
	o.done()
	return w
}
