package clientbook

import "time"

// A DefinitionKey is the key of what a book's settings define: opaque text, 32 hex digits where it was made here.
type DefinitionKey string

// A Definition is what all things that settings define have in common.
type Definition struct {
	Key               DefinitionKey // never changes
	ID                string        // 1 to 64 of A-Z a-z 0-9 _ -
	Name              string
	Created, Modified time.Time // zero for what is built in
}

func (d *Definition) definition() *Definition { return d }

// A ClientType is a sort of client with rules of its own.
type ClientType struct {
	Definition
	Description       string
	Group             bool // for groups, not persons
	Default           bool // the type of a person who is given none
	NumberPattern     NumberPattern
	RequireID         bool // a client has at least one ID document
	UseDefaultAddress bool // false: a client has no address
	CanOpenAccounts   bool
	CanGuarantee      bool
}

// A CustomFieldSet is a group of custom fields, with one value for each field or a list of entries.
type CustomFieldSet struct {
	Definition
	Notes   string
	Grouped bool // a client has any number of entries, each with a value for some of the fields
	Fields  []CustomField
}

// A CustomField is what an institution added to the form of a client. Its id is unique in the book.
type CustomField struct {
	Definition
	Description string
	Type        FieldType
	Long        bool          // of StringField: 2,048 characters rather than 255
	Pattern     Pattern       // of StringField; "": any text
	Options     []FieldOption // of SelectionField, at least one
	Parent      DefinitionKey // of SelectionField: the selection that says which options are allowed; "": none
	Required    bool
	Unique      bool
	Default     bool            // shown on the form by default
	Active      bool            // false: values stay and none can be given
	ClientTypes []DefinitionKey // the types whose clients have it; none: all
}

// FieldType says what values a custom field takes.
type FieldType uint8

// The field types, as stored. The value of a link is the key of the client, group or user.
const (
	StringField     FieldType = 1
	NumberField     FieldType = 2 // a decimal number
	SelectionField  FieldType = 3
	CheckboxField   FieldType = 4 // TRUE or FALSE
	DateField       FieldType = 5 // YYYY-MM-DD
	ClientLinkField FieldType = 6
	GroupLinkField  FieldType = 7
	UserLinkField   FieldType = 8
)

// Link says whether values name another record.
func (t FieldType) Link() bool { return t >= ClientLinkField }

// A FieldOption is one value of a selection.
type FieldOption struct {
	Key     DefinitionKey
	Value   string
	Score   string   // a decimal number, "" for none
	Parents []string // values of the parent field that allow it; none: all
}

// An IDDocumentTemplate says what ID documents of one type look like.
type IDDocumentTemplate struct {
	Definition       // the name is the document type
	IssuingAuthority string
	Mask             Pattern
	Mandatory        bool // a client has one
	Attachments      bool
}

// A PostalAddress is the address of a branch or centre.
type PostalAddress struct{ Line1, Line2, City, Region, Postcode, Country string }

// A Branch is an office of the institution.
type Branch struct {
	Definition
	Active              bool
	Phone, Email, Notes string
	Address             *PostalAddress // nil: none
}

// A Centre is a meeting place of a branch.
type Centre struct {
	Definition
	Branch     DefinitionKey // "": none
	Active     bool
	Notes      string
	MeetingDay string
	Address    *PostalAddress // nil: none
}

// A User is someone whom clients can be assigned to. The name is first and last name.
type User struct {
	Definition
	Username, FirstName, LastName, Email string
	Branch                               DefinitionKey // "": none
	CreditOfficer, Administrator, Active bool
}

// A TeamMember is someone of the institution as ComplyCube shows them.
type TeamMember struct {
	ID                        string // 17 letters and digits
	FirstName, LastName, Role string
}

// A Template is the text of a message, and when it is sent.
type Template struct {
	Definition
	Channel     Channel
	Event       Event
	Subject     string // of EmailChannel
	Body        string
	URL         string // of WebhookChannel, with ContentType, Method and Headers
	Method      string // POST, PUT or PATCH
	ContentType string
	Headers     []Header
	Recipient   Recipient
	OptIn       bool // only for who was added to it
	Active      bool
	ClientTypes []DefinitionKey // of the clients it is for; none: all
}

// A Header is one line of a web hook's request.
type Header struct{ Name, Value string }

// Channel is the way a message goes: "email", "sms" or "webhook".
type Channel string

// The channels, as stored.
const (
	EmailChannel   Channel = "email"
	SMSChannel     Channel = "sms"
	WebhookChannel Channel = "webhook"
)

// Channels lists the channels.
var Channels = []Channel{EmailChannel, SMSChannel, WebhookChannel}

// Event is what happened to a client that a message is sent for.
type Event string

// The events.
const (
	ClientCreated  Event = "client_created"
	ClientApproved Event = "client_approved"
	ClientRejected Event = "client_rejected"
	ClientActivity Event = "client_activity" // any change of a client that is there, its deletion aside: who was deleted is not written to
)

// Recipient is whom a message is for.
type Recipient string

// The recipients.
const (
	ToClient        Recipient = "client"
	ToCreditOfficer Recipient = "credit_officer"
)
