package clientbook

import (
	"strings"
	"time"
)

// A Client is one person or company on record; exactly one of Person and Company is set. Text is kept as it was given, "" is no value.
type Client struct {
	ID      ClientID
	Version int64     // 1 at first, up by one on every write that changes something
	Created time.Time // never changes
	Updated time.Time // when this version was written
	State   State
	Number  string // the client number, "" for a company

	ClientType DefinitionKey // key of the client type
	Language   Language      // the language to write in, "" for a company
	Branch     DefinitionKey // key of the branch that the client is assigned to, "" for none
	Centre     DefinitionKey // of that branch, if both are there; "" for none
	User       DefinitionKey // key of the credit officer, "" for none
	ForeignKey string        // the key that the client had in the system it came from, "" if it was made here

	Email, Mobile, Telephone string
	SecondMobile             string
	ExternalID               string // the caller's own reference, not unique
	Notes                    string
	Joined                   Date // when the institution took the client on
	Person                   *Person
	Company                  *Company
	Addresses                []Address // at most one is the main one
	IDDocuments              []IDDocument
	Values                   []FieldValue // of custom fields
	Comments                 []Comment    // oldest first
	Metadata                 Metadata
	LastActionBy             string // who the caller last said it acts for: a claim, never checked

	Approved, Activated, Closed time.Time // zero until the state was first reached; Closed also when it was left again, Approved when that is undone
	Before                      State     // of a blacklisted client: the state it was in before, to which alone it can go back
}

// A Person is what is known of a natural person. First and last name are never blank.
type Person struct {
	FirstName, MiddleName, LastName string
	BirthDate                       Date
	Gender                          Gender
	Nationality, BirthCountry       Country
	SSN                             string // US social security number
	SocialInsuranceNumber           string
	NationalIdentityNumber          string
	TaxIdentificationNumber         string
}

// A Company is what is known of a legal entity. The name is never blank.
type Company struct {
	Name                 string
	Website              string
	RegistrationNumber   string
	IncorporationCountry Country
	IncorporationType    IncorporationType
}

// A ChildID is the id of an address, ID document, value or comment. It is made like a ClientID.
type ChildID = ClientID

// An Address is a place where a client can be found.
type Address struct {
	ID                  ChildID
	Main                bool
	Line1, Line2        string
	City, Region        string
	Postcode, Country   string // the country as it was given, be it a code or not
	Latitude, Longitude string // decimal degrees, "" for unknown
	Kind                string // as the caller calls it
}

// An IDDocument is a paper that says who a client is. One without a number is not seen by everybody.
type IDDocument struct {
	ID         ChildID
	Type       string // as the caller calls it
	Number     string
	Authority  string
	ValidUntil Date
	Template   DefinitionKey // "" for none
}

// A FieldValue is one client's answer to a custom field. There is one for each field and entry.
type FieldValue struct {
	ID    ChildID
	Field DefinitionKey
	Group int    // the entry of a grouped set, from 0; NoGroup in a plain set
	Value string // never ""; of a link the key of what it links to
}

// NoGroup is the entry of values in plain sets.
const NoGroup = -1

// A Comment is a remark about a client.
type Comment struct {
	ID   ChildID
	Time time.Time
	User DefinitionKey // the user whose name the caller claimed, "" if it is none
	Text string
}

// The most that one client may have, on whatever path it comes.
const (
	MaxAddresses   = 100
	MaxIDDocuments = 100
	MaxValues      = 500
	MaxComments    = 500
)

// A MetadataEntry is one key with its text.
type MetadataEntry struct{ Key, Value string }

// Metadata is a set of entries in the order of their keys, each key once.
type Metadata []MetadataEntry

// ClientKind tells persons from companies.
type ClientKind uint8

// The client kinds, as stored.
const (
	PersonKind  ClientKind = 1
	CompanyKind ClientKind = 2
)

// Key gives the key that names c outside of the book: the one it came with, or the book's four bytes and its id as 32 hex digits.
func (c *Client) Key(b BookID) string {
	if c.ForeignKey != "" {
		return c.ForeignKey
	}
	return KeyOf(b, c.ID)
}

// MainAddress gives the main address, nil if there is none.
func (c *Client) MainAddress() *Address {
	for i := range c.Addresses {
		if c.Addresses[i].Main {
			return &c.Addresses[i]
		}
	}
	return nil
}

// Kind says whether c is a person or a company.
func (c *Client) Kind() ClientKind {
	if c.Company != nil {
		return CompanyKind
	}
	return PersonKind
}

// Name gives first, middle and last name joined by single spaces, or the company's name.
func (c *Client) Name() string {
	if c.Company != nil {
		return c.Company.Name
	}
	parts := make([]string, 0, 3)
	for _, s := range [...]string{c.Person.FirstName, c.Person.MiddleName, c.Person.LastName} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// State is where a client stands in its life with the institution.
type State uint8

// The states, as stored. A deleted client has only its history and its number left.
const (
	StatePendingApproval State = 1
	StateInactive        State = 2
	StateActive          State = 3
	StateExited          State = 4
	StateBlacklisted     State = 5
	StateRejected        State = 6
	StateDeleted         State = 7
)

var stateNames = [...]string{"", "pending approval", "inactive", "active", "exited", "blacklisted", "rejected", "deleted"}

// String gives the state in lower-case words.
func (s State) String() string {
	if int(s) >= len(stateNames) {
		return "state?"
	}
	return stateNames[s]
}

// Gender is "male", "female", "other" or no value.
type Gender string

// Genders lists the values of Gender.
var Genders = []Gender{"male", "female", "other"}

// IncorporationType is the legal form of a company, one of IncorporationTypes or no value.
type IncorporationType string

// IncorporationTypes lists the values of IncorporationType.
var IncorporationTypes = []IncorporationType{
	"sole_proprietorship", "private_limited_company", "public_limited_company", "limited_partnership", "holding_company",
	"non_government_organisation", "statutory_company", "subsidiary_company", "unlimited_partnership",
	"charitable_incorporated_organisation", "chartered_company",
}

// Language is the language that messages to a client are written in, by its English name in capitals.
type Language string

// MaxBodyBytes is the most that the encoded record of one client may take.
const MaxBodyBytes = 256 << 10

// Present gives the fields that have a value. Client type and language are not among them: every person has them, and heads of earlier
// programs don't show them.
func (c *Client) Present() FieldSet {
	var s FieldSet
	c.EachValue(func(f Field, _, _ string) { s = s.With(f) })
	put := func(f Field, v string) {
		if v != "" {
			s = s.With(f)
		}
	}
	put(FieldNumber, c.Number)
	put(FieldLastActionBy, c.LastActionBy)
	put(FieldNotes, c.Notes)
	put(FieldForeignKey, c.ForeignKey)
	if len(c.Addresses) > 0 {
		s = s.With(FieldAddresses)
	}
	if len(c.Values) > 0 {
		s = s.With(FieldValues)
	}
	if len(c.Comments) > 0 {
		s = s.With(FieldComments)
	}
	if p := c.Person; p != nil {
		put(FieldSSN, p.SSN)
		put(FieldSocialInsuranceNumber, p.SocialInsuranceNumber)
		put(FieldNationalIdentityNumber, p.NationalIdentityNumber)
		put(FieldTaxIdentificationNumber, p.TaxIdentificationNumber)
	}
	return s
}

// EachValue calls fn for every value that can be asked for by equality, in the order of the fields; the numbers of ID documents in the
// order of the documents. key is the metadata key, "" for every other field. Values of custom fields are not among them.
func (c *Client) EachValue(fn func(f Field, key, value string)) {
	put := func(f Field, v string) {
		if v != "" {
			fn(f, "", v)
		}
	}
	put(FieldEmail, c.Email)
	put(FieldMobile, c.Mobile)
	put(FieldTelephone, c.Telephone)
	put(FieldExternalID, c.ExternalID)
	put(FieldJoined, c.Joined.String())
	if p := c.Person; p != nil {
		put(FieldFirstName, p.FirstName)
		put(FieldMiddleName, p.MiddleName)
		put(FieldLastName, p.LastName)
		put(FieldBirthDate, p.BirthDate.String())
		put(FieldGender, string(p.Gender))
		put(FieldNationality, string(p.Nationality))
		put(FieldBirthCountry, string(p.BirthCountry))
	}
	if co := c.Company; co != nil {
		put(FieldCompanyName, co.Name)
		put(FieldWebsite, co.Website)
		put(FieldRegistrationNumber, co.RegistrationNumber)
		put(FieldIncorporationCountry, string(co.IncorporationCountry))
		put(FieldIncorporationType, string(co.IncorporationType))
	}
	for _, e := range c.Metadata {
		fn(FieldMetadata, e.Key, e.Value)
	}
	put(FieldSecondMobile, c.SecondMobile)
	put(FieldBranch, string(c.Branch))
	put(FieldCentre, string(c.Centre))
	put(FieldUser, string(c.User))
	for i := range c.IDDocuments {
		put(FieldIDDocuments, c.IDDocuments[i].Number)
	}
}
