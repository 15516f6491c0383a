package clientbook

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A ClientUpdate names what changes. A nil pointer leaves the value as it is, a pointer to the zero value removes it; details merge
// value by value, metadata is replaced whole. Details of the kind that the client is not are ignored.
type ClientUpdate struct {
	Kind         *ClientKind // required for a new client, immutable afterwards
	Email        *string
	Mobile       *string
	Telephone    *string
	ExternalID   *string
	Joined       *Date
	Person       *PersonUpdate
	Company      *CompanyUpdate
	Metadata     *Metadata // in the order of the keys
	LastActionBy *string

	SecondMobile *string
	Notes        *string
	Number       *string // "": generated, for a new client
	Language     *Language
	ClientType   *string // key or id of a definition, as are the next three; "" for none
	Branch       *string
	Centre       *string
	User         *string // also a user name
	State        *State
	ForeignKey   *string // of a new client

	MainAddress *MainAddress
	IDDocuments *[]IDDocument // take the place of those that have a number; what matches none by its id is new
	Values      *ValuesUpdate
	Comment     *Comment // is added

	// Strict says that a new client must have everything that the book's settings demand, though the update leaves it out.
	Strict bool

	// Faults are what the dialect found against its own limits. The fault of a field is dropped when the update gives the value that
	// the record already holds, so that a value another dialect allowed never bars an update that leaves it alone.
	Faults []*Error
}

// A PersonUpdate is the part of a ClientUpdate that concerns a person.
type PersonUpdate struct {
	FirstName, MiddleName, LastName *string
	BirthDate                       *Date
	Gender                          *Gender
	Nationality, BirthCountry       *Country
	SSN, SocialInsuranceNumber      *string
	NationalIdentityNumber          *string
	TaxIdentificationNumber         *string
}

// A CompanyUpdate is the part of a ClientUpdate that concerns a company.
type CompanyUpdate struct {
	Name                 *string
	Website              *string
	RegistrationNumber   *string
	IncorporationCountry *Country
	IncorporationType    *IncorporationType
}

// A MainAddress takes the place of the main address; nil removes it. Other addresses stay as they are.
type MainAddress struct{ Address *Address }

// Rules are what the rules of a record depend on beside the record.
type Rules struct {
	Settings *Settings
	Now      time.Time
	// Client gives the key of the client that a link names by key or number, false if there is none. Nil: there is none.
	Client func(ref string) (key string, ok bool)
}

// Fault records that a field of the update is at fault.
func (u *ClientUpdate) Fault(f Field, reason string) {
	u.Faults = append(u.Faults, &Error{Kind: KindInvalid, Field: f, Reason: reason})
}

// NewClient gives the client that u describes, without what the book decides: ids, times and number. The error is the fault of the
// lowest field.
func NewClient(u *ClientUpdate, r Rules) (*Client, error) {
	c := &Client{State: r.Settings.InitialState}
	m := merge{old: &Client{}, next: c, update: u, rules: r, create: true}
	switch {
	case u.Kind == nil:
		c.Person = &Person{}
		m.fault(FieldKind, ReasonRequired)
	case *u.Kind == CompanyKind:
		c.Company = &Company{}
		if u.Company == nil {
			m.fault(FieldCompany, ReasonRequired)
		}
	default:
		c.Person = &Person{}
		if u.Person == nil {
			m.fault(FieldPerson, ReasonRequired)
		}
	}
	if c.Person != nil {
		c.ClientType, c.Language = r.Settings.DefaultClientType().Key, r.Settings.Language
	}
	return m.run()
}

// With gives the client as it is after u; c stays as it is. The error is the fault of the lowest field.
func (c *Client) With(u *ClientUpdate, r Rules) (*Client, error) {
	if c.State == StateBlacklisted {
		return c.withStep(u, r)
	}
	return c.with(u, r)
}

func (c *Client) with(u *ClientUpdate, r Rules) (*Client, error) {
	next := *c
	if c.Person != nil {
		next.Person = new(*c.Person)
	}
	if c.Company != nil {
		next.Company = new(*c.Company)
	}
	m := merge{old: c, next: &next, update: u, rules: r}
	if u.Kind != nil && *u.Kind != c.Kind() {
		m.fault(FieldKind, ReasonImmutable)
	}
	return m.run()
}

// A merge is one update on its way into a record. Slices of next are those of old until they are replaced: nothing writes to them.
type merge struct {
	old, next *Client
	update    *ClientUpdate
	rules     Rules
	create    bool
	kept      FieldSet // fields whose given value is the one on record
	faults    []*Error
}

func (m *merge) fault(f Field, reason string) {
	m.faults = append(m.faults, &Error{Kind: KindInvalid, Field: f, Reason: reason})
}

// faultOf records a fault of a part that the caller names.
func (m *merge) faultOf(f Field, param, reason string) {
	m.faults = append(m.faults, &Error{Kind: KindInvalid, Field: f, Param: param, Reason: reason})
}

func (m *merge) run() (*Client, error) {
	c, u := m.next, m.update
	put(m, FieldEmail, &c.Email, u.Email)
	put(m, FieldMobile, &c.Mobile, u.Mobile)
	put(m, FieldTelephone, &c.Telephone, u.Telephone)
	put(m, FieldSecondMobile, &c.SecondMobile, u.SecondMobile)
	put(m, FieldExternalID, &c.ExternalID, u.ExternalID)
	m.date(FieldJoined, &c.Joined, u.Joined)
	if c.Person != nil && u.Person != nil {
		m.person(c.Person, u.Person)
	}
	if c.Company != nil && u.Company != nil {
		m.company(c.Company, u.Company)
	}
	m.metadata()
	put(m, FieldLastActionBy, &c.LastActionBy, u.LastActionBy)
	m.notes()
	m.number()
	m.language()
	m.assignments()
	m.state()
	m.address()
	m.documents()
	m.values()
	m.comment()
	m.required()
	m.report()
	if len(m.faults) == 0 {
		return c, nil
	}
	return nil, slices.MinFunc(m.faults, func(a, b *Error) int { return int(a.Field) - int(b.Field) })
}

func (m *merge) person(p *Person, u *PersonUpdate) {
	put(m, FieldFirstName, &p.FirstName, u.FirstName)
	put(m, FieldMiddleName, &p.MiddleName, u.MiddleName)
	put(m, FieldLastName, &p.LastName, u.LastName)
	m.date(FieldBirthDate, &p.BirthDate, u.BirthDate)
	put(m, FieldGender, &p.Gender, u.Gender)
	put(m, FieldNationality, &p.Nationality, u.Nationality)
	put(m, FieldBirthCountry, &p.BirthCountry, u.BirthCountry)
	put(m, FieldSSN, &p.SSN, u.SSN)
	put(m, FieldSocialInsuranceNumber, &p.SocialInsuranceNumber, u.SocialInsuranceNumber)
	put(m, FieldNationalIdentityNumber, &p.NationalIdentityNumber, u.NationalIdentityNumber)
	put(m, FieldTaxIdentificationNumber, &p.TaxIdentificationNumber, u.TaxIdentificationNumber)
}

func (m *merge) company(c *Company, u *CompanyUpdate) {
	put(m, FieldCompanyName, &c.Name, u.Name)
	put(m, FieldWebsite, &c.Website, u.Website)
	put(m, FieldRegistrationNumber, &c.RegistrationNumber, u.RegistrationNumber)
	put(m, FieldIncorporationCountry, &c.IncorporationCountry, u.IncorporationCountry)
	put(m, FieldIncorporationType, &c.IncorporationType, u.IncorporationType)
}

// put takes a given text over. Control characters are refused in every dialect.
func put[S ~string](m *merge, f Field, to *S, given *S) {
	switch {
	case given == nil:
	case *given == *to:
		m.kept = m.kept.With(f)
	default:
		*to = *given
		if strings.ContainsFunc(string(*given), unicode.IsControl) {
			m.fault(f, ReasonCharacters)
		}
	}
}

func (m *merge) date(f Field, to *Date, given *Date) {
	switch {
	case given == nil:
	case *given == *to:
		m.kept = m.kept.With(f)
	default:
		*to = *given
	}
}

// forbidden says whether r may not even stand in a text of several lines.
func forbidden(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }

// blank says whether nothing of s would be seen: it has nothing but space and format characters, such as those without width.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) == ""
}

// maxNotes is the most characters of notes and of a comment.
const maxNotes = 65_535

// lines checks a text of several lines that is new.
func (m *merge) lines(f Field, s string) {
	switch {
	case strings.ContainsFunc(s, forbidden):
		m.fault(f, ReasonCharacters)
	case utf8.RuneCountInString(s) > maxNotes:
		m.fault(f, ReasonTooLong)
	}
}

func (m *merge) notes() {
	switch given := m.update.Notes; {
	case given == nil:
	case *given == m.old.Notes:
		m.kept = m.kept.With(FieldNotes)
	default:
		m.next.Notes = *given
		m.lines(FieldNotes, *given)
	}
}

// comment adds a comment. The book gives it its id and time.
func (m *merge) comment() {
	given := m.update.Comment
	if given == nil {
		return
	}
	m.next.Comments = append(slices.Clip(m.old.Comments), *given)
	switch {
	case blank(given.Text):
		m.fault(FieldComments, ReasonRequired)
	case len(m.next.Comments) > MaxComments:
		m.fault(FieldComments, ReasonTooMany)
	default:
		m.lines(FieldComments, given.Text)
	}
}

func (m *merge) metadata() {
	given := m.update.Metadata
	switch {
	case given == nil:
		return
	case slices.Equal(*given, m.old.Metadata):
		m.kept = m.kept.With(FieldMetadata)
		return
	}
	m.next.Metadata = *given
	for _, e := range *given {
		if strings.ContainsFunc(e.Key, unicode.IsControl) || strings.ContainsFunc(e.Value, forbidden) {
			m.fault(FieldMetadata, ReasonCharacters)
			return
		}
	}
}

// required checks on the merged record what no client is without.
func (m *merge) required() {
	need := func(f Field, v string) {
		if blank(v) {
			m.fault(f, ReasonRequired)
		}
	}
	if p := m.next.Person; p != nil {
		need(FieldFirstName, p.FirstName)
		need(FieldLastName, p.LastName)
	}
	if c := m.next.Company; c != nil {
		need(FieldCompanyName, c.Name)
	}
}

// report adds the dialect's faults that count: not those of the other kind's details, nor those of values that stay.
// They come first, so that of two faults of one field the dialect's is the one reported.
func (m *merge) report() {
	var counted []*Error
	for _, e := range m.update.Faults {
		other := m.next.Company == nil && e.Field >= FieldCompany && e.Field <= FieldIncorporationType ||
			m.next.Person == nil && e.Field >= FieldPerson && e.Field <= FieldTaxIdentificationNumber
		if !other && !m.kept.Has(e.Field) {
			counted = append(counted, e)
		}
	}
	if counted != nil {
		m.faults = append(counted, m.faults...)
	}
}
