package clientbook

import "slices"

// Settings are what a book's institution decided. They are shared: nobody may write to them once a book is open.
type Settings struct {
	TimeZone          string // IANA name; the zone of dates on wires that show local time
	InitialState      State  // of a new client: StateInactive or StatePendingApproval
	NumberPattern     NumberPattern
	Language          Language // of a new client
	MetadataKeys      int      // most keys that a client's metadata may have
	OtherIDDocuments  bool     // ID documents without a template are allowed
	RequireEncodedKey bool     // an update with a client object must name the client's key in it too
	Duplicates        Duplicates

	ClientTypes         []ClientType // never empty; exactly one that is for persons is the default
	CustomFieldSets     []CustomFieldSet
	IDDocumentTemplates []IDDocumentTemplate
	Branches            []Branch
	Centres             []Centre
	Users               []User
	TeamMembers         []TeamMember
	Templates           []Template
	Sending             Sending
	Webhooks            Webhooks
}

// DefaultSettings are those of a book whose institution decided nothing.
func DefaultSettings() *Settings {
	return &Settings{
		TimeZone: "UTC", InitialState: StateInactive, NumberPattern: "#########", Language: "ENGLISH", MetadataKeys: 20,
		OtherIDDocuments: true, RequireEncodedKey: true,
		ClientTypes: []ClientType{BuiltInClientType()},
	}
}

// BuiltInClientType is the client type of a book that defines none.
func BuiltInClientType() ClientType {
	return ClientType{
		Definition: Definition{Key: "d9df8bc78a0234ccc934a845c", ID: "client", Name: "Client"}, // the key in Mambu's own example of a create
		Default:    true, UseDefaultAddress: true, CanOpenAccounts: true, CanGuarantee: true,
	}
}

// Duplicates say which clients count as the same, and what becomes of the second.
type Duplicates struct {
	Mode  DuplicateMode
	Rules []DuplicateRule // each once, in the order of the constants
}

// DuplicateMode says what a hit does.
type DuplicateMode string

// The modes. Only DuplicatesRefused refuses anything.
const (
	DuplicatesIgnored DuplicateMode = ""
	DuplicatesWarned  DuplicateMode = "warning"
	DuplicatesRefused DuplicateMode = "error"
)

// A DuplicateRule names the values that two clients may not share. The texts are those of the settings file.
type DuplicateRule string

// The rules. Values are compared trimmed and without letter case; an empty one is like no other.
const (
	DuplicateIDDocument       DuplicateRule = "idDocument"
	DuplicateHomePhone        DuplicateRule = "homePhone"
	DuplicateMobilePhone      DuplicateRule = "mobilePhone"
	DuplicateEmail            DuplicateRule = "email"
	DuplicateName             DuplicateRule = "name"
	DuplicateNameAndBirthDate DuplicateRule = "nameAndBirthDate"
)

// DuplicateRules lists the rules.
var DuplicateRules = []DuplicateRule{
	DuplicateIDDocument, DuplicateHomePhone, DuplicateMobilePhone, DuplicateEmail, DuplicateName, DuplicateNameAndBirthDate,
}

// Refuses says whether a hit of the rule refuses a write.
func (d *Duplicates) Refuses(r DuplicateRule) bool {
	return d.Mode == DuplicatesRefused && slices.Contains(d.Rules, r)
}

// Languages lists the languages, spelt as Mambu spells them.
var Languages = []Language{
	"ENGLISH", "PORTUGESE", "SPANISH", "RUSSIAN", "FRENCH", "GEORGIAN", "CHINESE", "INDONESIAN", "ROMANIAN", "BURMESE", "GERMAN", "PHRASE",
}

// Sending bounds what messages leave the server.
type Sending struct {
	// Allow lists what a test book may send to: e-mail addresses, domains ("@example.com"), phone prefixes ("+43"), URLs. A live book
	// sends to everybody.
	Allow     []string
	PerMinute map[Channel]int // most messages of a channel; none: no limit
}

// Webhooks bound the addresses that messages to web hooks may go to.
type Webhooks struct {
	AllowPrivate bool // also such that are not public
}

// DefaultClientType gives the client type of persons who are given none.
func (s *Settings) DefaultClientType() *ClientType {
	for i := range s.ClientTypes {
		if t := &s.ClientTypes[i]; t.Default && !t.Group {
			return t
		}
	}
	return &s.ClientTypes[0]
}

// ClientType gives the client type with that key or id, nil if there is none.
func (s *Settings) ClientType(ref string) *ClientType { return find(s.ClientTypes, ref) }

// Branch gives the branch with that key or id, nil if there is none.
func (s *Settings) Branch(ref string) *Branch { return find(s.Branches, ref) }

// Centre gives the centre with that key or id, nil if there is none.
func (s *Settings) Centre(ref string) *Centre { return find(s.Centres, ref) }

// User gives the user with that key, id or user name, nil if there is none.
func (s *Settings) User(ref string) *User {
	if u := find(s.Users, ref); u != nil || ref == "" {
		return u
	}
	for i := range s.Users {
		if s.Users[i].Username == ref {
			return &s.Users[i]
		}
	}
	return nil
}

// Template gives the template with that key or id, nil if there is none.
func (s *Settings) Template(ref string) *Template { return find(s.Templates, ref) }

// IDDocumentTemplate gives the ID document template with that key or id, nil if there is none.
func (s *Settings) IDDocumentTemplate(ref string) *IDDocumentTemplate {
	return find(s.IDDocumentTemplates, ref)
}

// CustomField gives the custom field with that key or id and its set, nil if there is none.
func (s *Settings) CustomField(ref string) (*CustomField, *CustomFieldSet) {
	for i := range s.CustomFieldSets {
		set := &s.CustomFieldSets[i]
		if f := find(set.Fields, ref); f != nil {
			return f, set
		}
	}
	return nil, nil
}

// find gives the entry with that key or id. There are few of them, so they are looked through.
func find[D any, P interface {
	*D
	definition() *Definition
}](all []D, ref string) P {
	if ref == "" {
		return nil
	}
	for i := range all {
		if d := P(&all[i]).definition(); string(d.Key) == ref || d.ID == ref {
			return &all[i]
		}
	}
	return nil
}
