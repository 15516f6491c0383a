package clientbook

import (
	"slices"
	"strings"
	"unicode"
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

// Fault records that a field of the update is at fault.
func (u *ClientUpdate) Fault(f Field, reason string) {
	u.Faults = append(u.Faults, &Error{Kind: KindInvalid, Field: f, Reason: reason})
}

// NewClient gives the client that u describes, without what the book decides: id, times, state, number and defaults.
// The error is the fault of the lowest field.
func NewClient(u *ClientUpdate) (*Client, error) {
	c := &Client{Person: &Person{}}
	var required *Error
	switch {
	case u.Kind == nil:
		required = &Error{Kind: KindInvalid, Field: FieldKind, Reason: ReasonRequired}
	case *u.Kind == CompanyKind:
		c.Person, c.Company = nil, &Company{}
		if u.Company == nil {
			required = &Error{Kind: KindInvalid, Field: FieldCompany, Reason: ReasonRequired}
		}
	case u.Person == nil:
		required = &Error{Kind: KindInvalid, Field: FieldPerson, Reason: ReasonRequired}
	}
	m := merge{old: &Client{}, next: c, update: u}
	if required != nil {
		m.faults = append(m.faults, required)
	}
	return m.run()
}

// With gives the client as it is after u; c stays as it is. The error is the fault of the lowest field.
func (c *Client) With(u *ClientUpdate) (*Client, error) {
	if c.State == StateBlacklisted {
		return nil, blacklisted()
	}
	next := *c
	if c.Person != nil {
		next.Person = new(*c.Person)
	}
	if c.Company != nil {
		next.Company = new(*c.Company)
	}
	m := merge{old: c, next: &next, update: u}
	if u.Kind != nil && *u.Kind != c.Kind() {
		m.fault(FieldKind, ReasonImmutable)
	}
	return m.run()
}

// A merge is one update on its way into a record.
type merge struct {
	old, next *Client
	update    *ClientUpdate
	kept      FieldSet // fields whose given value is the one on record
	faults    []*Error
}

func (m *merge) fault(f Field, reason string) {
	m.faults = append(m.faults, &Error{Kind: KindInvalid, Field: f, Reason: reason})
}

func (m *merge) run() (*Client, error) {
	c, u := m.next, m.update
	put(m, FieldEmail, &c.Email, u.Email)
	put(m, FieldMobile, &c.Mobile, u.Mobile)
	put(m, FieldTelephone, &c.Telephone, u.Telephone)
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
	line := func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }
	for _, e := range *given {
		if strings.ContainsFunc(e.Key, unicode.IsControl) || strings.ContainsFunc(e.Value, line) {
			m.fault(FieldMetadata, ReasonCharacters)
			return
		}
	}
}

// required checks on the merged record what no client is without.
func (m *merge) required() {
	need := func(f Field, v string) {
		if strings.TrimSpace(v) == "" {
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

// Deleted gives the client as it is when it is deleted.
func (c *Client) Deleted() (*Client, error) {
	if c.State == StateBlacklisted {
		return nil, blacklisted()
	}
	next := *c
	next.State = StateDeleted
	return &next, nil
}

func blacklisted() *Error {
	return &Error{Kind: KindInvalid, Field: FieldState, Reason: ReasonState, Detail: StateBlacklisted.String()}
}
