package settings

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"clientbook"
)

// A property is one key of the file with the value that some settings have for it.
type property struct {
	key    string
	node   *yaml.Node
	usual  bool // what the file means without the key
	secret bool // not to be shown to people
}

// An entry is a mapping of the file: a section, or one thing that a section defines.
type entry struct {
	id         string
	properties []property
}

// A describer tells settings in the words of the file.
type describer struct {
	settings *clientbook.Settings
	types    directory
	branches directory
	fields   directory
	dangling clientbook.DefinitionKey // a reference to nothing that was met, "" if there was none
}

func newDescriber(s *clientbook.Settings) *describer {
	return &describer{s, directoryOf(s, "clientTypes"), directoryOf(s, "branches"), directoryOf(s, customFields), ""}
}

// Scalars, lists and mappings.

func plain(s, tag string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: s} }

func sequence(nodes ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: nodes}
}

func flowList(nodes ...*yaml.Node) *yaml.Node {
	n := sequence(nodes...)
	n.Style = yaml.FlowStyle
	return n
}

// mapping gives the mapping of the properties that a file needs.
func mapping(properties []property) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, p := range properties {
		if !p.usual {
			n.Content = append(n.Content, scalar(p.key), p.node)
		}
	}
	return n
}

// Properties.

func text(key, s string) property { return property{key: key, node: scalar(s), usual: s == ""} }

func textOr(key, s, usual string) property {
	return property{key: key, node: scalar(s), usual: s == usual}
}

func must(key, s string) property { return property{key: key, node: scalar(s)} }

func flag(key string, b, usual bool) property {
	return property{key: key, node: plain(strconv.FormatBool(b), "!!bool"), usual: b == usual}
}

func texts[T ~string](key string, all []T) property {
	n := flowList()
	for _, s := range all {
		n.Content = append(n.Content, scalar(string(s)))
	}
	return property{key: key, node: n, usual: len(all) == 0}
}

func always(p property) property {
	p.usual = false
	return p
}

// id gives the id of what key names.
func (d *describer) id(in directory, key clientbook.DefinitionKey) string {
	if key == "" {
		return ""
	}
	if e := in.byKey[key]; e != nil {
		return e.ID
	}
	d.dangling = key
	return string(key)
}

func (d *describer) clientTypes(keys []clientbook.DefinitionKey) property {
	ids := make([]string, 0, len(keys))
	for _, k := range keys {
		ids = append(ids, d.id(d.types, k))
	}
	return texts("clientTypes", ids)
}

// definition begins an entry.
func definition(d *clientbook.Definition, name string, more ...property) entry {
	first := []property{must("id", d.ID), text("encodedKey", string(d.Key))}
	if name != "" {
		first = append(first, must(name, d.Name))
	}
	return entry{d.ID, append(first, more...)}
}

func (d *describer) book() []property {
	s := d.settings
	return []property{
		must("timeZone", s.TimeZone), must("initialState", wordFor(states, s.InitialState)), must("numberPattern", string(s.NumberPattern)),
		must("language", string(s.Language)), {key: "metadataKeys", node: plain(strconv.Itoa(s.MetadataKeys), "!!int")},
		always(flag("otherIDDocuments", s.OtherIDDocuments, true)), always(flag("requireEncodedKey", s.RequireEncodedKey, true)),
	}
}

func (d *describer) duplicates() []property {
	return []property{must("mode", wordFor(duplicateModes, d.settings.Duplicates.Mode)), always(texts("rules", d.settings.Duplicates.Rules))}
}

func (d *describer) sending() []property {
	var limits []property
	for _, c := range channels {
		if n, ok := d.settings.Sending.PerMinute[c.means]; ok {
			limits = append(limits, property{key: c.text, node: plain(strconv.Itoa(n), "!!int")})
		}
	}
	return []property{always(texts("allow", d.settings.Sending.Allow)), {key: "perMinute", node: mapping(limits), usual: len(limits) == 0}}
}

func (d *describer) webhooks() []property {
	return []property{always(flag("allowPrivate", d.settings.Webhooks.AllowPrivate, false))}
}

func (d *describer) clientType(t *clientbook.ClientType) entry {
	return definition(&t.Definition, "name",
		textOr("kind", wordFor(clientKinds, t.Group), "CLIENT"), flag("default", t.Default, false),
		text("numberPattern", string(t.NumberPattern)), text("description", t.Description),
		flag("requireID", t.RequireID, false), flag("useDefaultAddress", t.UseDefaultAddress, true),
		flag("canOpenAccounts", t.CanOpenAccounts, true), flag("canGuarantee", t.CanGuarantee, true),
	)
}

// customFieldSet leaves out the fields: they are entries of their own.
func (d *describer) customFieldSet(s *clientbook.CustomFieldSet) entry {
	return definition(&s.Definition, "name", text("notes", s.Notes), textOr("usage", wordFor(usages, s.Grouped), "SINGLE"))
}

func (d *describer) customField(f *clientbook.CustomField) entry {
	choices := sequence()
	for _, o := range f.Options {
		choices.Content = append(choices.Content, mapping([]property{
			must("value", o.Value), text("encodedKey", string(o.Key)), text("score", o.Score), texts("parents", o.Parents),
		}))
	}
	return definition(&f.Definition, "name",
		text("description", f.Description), must("type", wordFor(fieldTypes, f.Type)),
		textOr("length", wordFor(lengths, f.Long), "SHORT"), text("pattern", string(f.Pattern)),
		text("parent", d.id(d.fields, f.Parent)), property{key: "options", node: choices, usual: len(f.Options) == 0},
		flag("required", f.Required, false), flag("unique", f.Unique, false), flag("default", f.Default, false), flag("active", f.Active, true),
		d.clientTypes(f.ClientTypes),
	)
}

func (d *describer) idDocumentTemplate(t *clientbook.IDDocumentTemplate) entry {
	return definition(&t.Definition, "documentType",
		text("issuingAuthority", t.IssuingAuthority), text("mask", string(t.Mask)),
		flag("mandatory", t.Mandatory, false), flag("attachments", t.Attachments, false),
	)
}

func address(a *clientbook.PostalAddress) property {
	if a == nil {
		a = &clientbook.PostalAddress{}
	}
	return property{key: "address", usual: *a == clientbook.PostalAddress{}, node: mapping([]property{
		text("line1", a.Line1), text("line2", a.Line2), text("city", a.City), text("region", a.Region),
		text("postcode", a.Postcode), text("country", a.Country),
	})}
}

func (d *describer) branch(b *clientbook.Branch) entry {
	return definition(&b.Definition, "name",
		flag("active", b.Active, true), text("phone", b.Phone), text("email", b.Email), text("notes", b.Notes), address(b.Address))
}

func (d *describer) centre(c *clientbook.Centre) entry {
	return definition(&c.Definition, "name",
		text("branch", d.id(d.branches, c.Branch)), flag("active", c.Active, true), text("notes", c.Notes),
		text("meetingDay", c.MeetingDay), address(c.Address))
}

func (d *describer) user(u *clientbook.User) entry {
	return definition(&u.Definition, "",
		must("username", u.Username), must("firstName", u.FirstName), must("lastName", u.LastName), text("email", u.Email),
		text("branch", d.id(d.branches, u.Branch)), flag("creditOfficer", u.CreditOfficer, false),
		flag("administrator", u.Administrator, false), flag("active", u.Active, true))
}

func (d *describer) teamMember(m *clientbook.TeamMember) entry {
	return entry{m.ID, []property{must("id", m.ID), must("firstName", m.FirstName), must("lastName", m.LastName), text("role", m.Role)}}
}

func (d *describer) template(t *clientbook.Template) entry {
	var headers []property
	for _, h := range t.Headers {
		headers = append(headers, must(h.Name, h.Value))
	}
	return definition(&t.Definition, "name",
		must("channel", wordFor(channels, t.Channel)), must("event", wordFor(events, t.Event)),
		text("url", t.URL), text("method", t.Method), text("contentType", t.ContentType),
		property{key: "headers", node: mapping(headers), usual: len(headers) == 0, secret: true}, // often a password
		text("subject", t.Subject), must("body", t.Body),
		textOr("recipient", wordFor(recipients, t.Recipient), "CLIENT"), textOr("option", wordFor(options, t.OptIn), "OPT_OUT"),
		flag("active", t.Active, true), d.clientTypes(t.ClientTypes),
	)
}

// entriesOf gives what a section of s defines.
func (d *describer) entriesOf(section string) []entry {
	s := d.settings
	switch section {
	case "clientTypes":
		return describeAll(s.ClientTypes, d.clientType)
	case "customFieldSets":
		return describeAll(s.CustomFieldSets, d.customFieldSet)
	case customFields:
		var all []entry
		for _, f := range fields(s) {
			all = append(all, d.customField(f))
		}
		return all
	case "idDocumentTemplates":
		return describeAll(s.IDDocumentTemplates, d.idDocumentTemplate)
	case "branches":
		return describeAll(s.Branches, d.branch)
	case "centres":
		return describeAll(s.Centres, d.centre)
	case "users":
		return describeAll(s.Users, d.user)
	case "teamMembers":
		return describeAll(s.TeamMembers, d.teamMember)
	case "templates":
		return describeAll(s.Templates, d.template)
	}
	return nil
}

func describeAll[T any](all []T, describe func(*T) entry) []entry {
	entries := make([]entry, 0, len(all))
	for i := range all {
		entries = append(entries, describe(&all[i]))
	}
	return entries
}

// single gives the properties of a section that is a mapping.
func (d *describer) single(section string) []property {
	switch section {
	case "book":
		return d.book()
	case "duplicates":
		return d.duplicates()
	case "sending":
		return d.sending()
	case "webhooks":
		return d.webhooks()
	}
	return nil
}
