package message

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"clientbook"
)

// customPrefix begins placeholders of custom fields.
const customPrefix = "CF:"

// Anything else in braces is plain text, so that a JSON body needs no escapes.
var placeholder = regexp.MustCompile(`\{([A-Z][A-Z0-9_]*|CF:[^{}"\s][^{}"]*)\}`)

// A part is a stretch of a template: a placeholder, or literal text if it has no name.
type part struct{ text, name string }

// parse cuts a template into its parts. Values are put in between them, so what looks like a placeholder in a value stays text.
func parse(s string) (parts []part) {
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			parts = append(parts, part{text: s[at:m[0]]})
		}
		parts = append(parts, part{name: s[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(s) {
		parts = append(parts, part{text: s[at:]})
	}
	return parts
}

// A customRef names a value of a custom field.
type customRef struct {
	entity string // "" in the short form
	field  string
	group  int // clientbook.NoGroup for a plain set
}

// parseCustom reads FIELD_ID, ENTITY:FIELD_ID or ENTITY:FIELD_ID:INDEX. Entries are counted from 0, as on the wire.
func parseCustom(s string) (customRef, bool) {
	ref := customRef{group: clientbook.NoGroup}
	f := strings.Split(s, ":")
	switch len(f) {
	case 1:
		ref.field = f[0]
	case 2:
		ref.entity, ref.field = f[0], f[1]
	case 3:
		ref.entity, ref.field = f[0], f[1]
		n, err := strconv.ParseUint(f[2], 10, 16)
		if err != nil {
			return ref, false
		}
		ref.group = int(n)
	default:
		return ref, false
	}
	return ref, ref.field != "" && (len(f) == 1 || ref.entity != "")
}

// builtIn gives the value of each placeholder that is no custom field's.
var builtIn = map[string]func(d *Data) string{
	"RECIPIENT_NAME":         func(d *Data) string { return d.recipient().name },
	"RECIPIENT_ID":           func(d *Data) string { return d.recipient().id },
	"RECIPIENT_FIRST_NAMES":  func(d *Data) string { return d.recipient().first },
	"RECIPIENT_MIDDLE_NAMES": func(d *Data) string { return d.recipient().middle },
	"RECIPIENT_LAST_NAME":    func(d *Data) string { return d.recipient().last },
	"RECIPIENT_MOBILE_PHONE": func(d *Data) string { return d.recipient().mobile },
	"CLIENT_NAME":            func(d *Data) string { return client(d.Client).name },
	"CLIENT_ID":              func(d *Data) string { return client(d.Client).id },
	"CLIENT_FIRST_NAMES":     func(d *Data) string { return client(d.Client).first },
	"CLIENT_MIDDLE_NAMES":    func(d *Data) string { return client(d.Client).middle },
	"CLIENT_LAST_NAME":       func(d *Data) string { return client(d.Client).last },
	"CLIENT_BIRTH_DATE":      birthDate,
	"CURRENT_DATE_TIME":      now,
	"BRANCH_NAME":            branchName,
}

// party is what the placeholders of the recipient and those of the client have in common.
type party struct{ name, id, first, middle, last, mobile string }

func client(c *clientbook.Client) party {
	p := party{id: c.Number, mobile: mobile(c)}
	switch {
	case c.Company != nil:
		p.name = c.Company.Name
	case c.Person != nil:
		p.name = c.Name()
		p.first, p.middle, p.last = c.Person.FirstName, c.Person.MiddleName, c.Person.LastName
	}
	return p
}

func user(u *clientbook.User) party {
	return party{
		name: strings.TrimSpace(u.FirstName + " " + u.LastName), id: u.ID, first: u.FirstName, last: u.LastName,
	}
}

// mobile gives the number that text messages go to.
func mobile(c *clientbook.Client) string {
	if c.Mobile != "" {
		return c.Mobile
	}
	return c.SecondMobile
}

func birthDate(d *Data) string {
	if d.Client.Person == nil {
		return ""
	}
	return d.Client.Person.BirthDate.String()
}

func now(d *Data) string {
	zone, err := time.LoadLocation(d.Settings.TimeZone)
	if err != nil {
		zone = time.UTC // settings with an unknown zone are refused, so it is the machine that lacks it
	}
	return d.Now.In(zone).Format("2006-01-02 15:04:05")
}

func branchName(d *Data) string {
	if b := d.Settings.Branch(string(d.Client.Branch)); b != nil {
		return b.Name
	}
	return ""
}

// customValue gives the client's value of a custom field, "" for none.
func customValue(d *Data, name string) string {
	ref, ok := parseCustom(name)
	if !ok {
		return ""
	}
	f, _ := d.Settings.CustomField(ref.field)
	if f == nil {
		return ""
	}
	for i := range d.Client.Values {
		if v := &d.Client.Values[i]; v.Field == f.Key && v.Group == ref.group {
			return v.Value
		}
	}
	return ""
}
