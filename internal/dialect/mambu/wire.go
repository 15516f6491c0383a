package mambu

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// bodyIn is the body of a create, an update or a patch. Unknown properties are not in it, so whatever they hold is skipped: clients send
// several, and whole records as they read them. Contract section 13.
type bodyIn struct {
	Client            nested[clientIn]  `json:"client"`
	CustomInformation array[valueIn]    `json:"customInformation"`
	IDDocuments       array[documentIn] `json:"idDocuments"`
	Addresses         array[addressIn]  `json:"addresses"`
}

type clientIn struct {
	EncodedKey        attr           `json:"encodedKey"`
	ID                attr           `json:"id"`
	State             attr           `json:"state"`
	FirstName         attr           `json:"firstName"`
	MiddleName        attr           `json:"middleName"`
	LastName          attr           `json:"lastName"`
	HomePhone         attr           `json:"homePhone"`
	MobilePhone1      attr           `json:"mobilePhone1"`
	MobilePhone2      attr           `json:"mobilePhone2"`
	EmailAddress      attr           `json:"emailAddress"`
	BirthDate         attr           `json:"birthDate"`
	Gender            attr           `json:"gender"`
	Notes             attr           `json:"notes"`
	PreferredLanguage attr           `json:"preferredLanguage"`
	AssignedBranchKey attr           `json:"assignedBranchKey"`
	AssignedCentreKey attr           `json:"assignedCentreKey"`
	AssignedUserKey   attr           `json:"assignedUserKey"`
	ClientRole        nested[roleIn] `json:"clientRole"`   // of POST
	ClientRoleID      attr           `json:"clientRoleId"` // of PATCH

	// What a PATCH may not name; a POST does not mind.
	CreationDate        mark `json:"creationDate"`
	LastModifiedDate    mark `json:"lastModifiedDate"`
	ApprovedDate        mark `json:"approvedDate"`
	ActivationDate      mark `json:"activationDate"`
	ClosedDate          mark `json:"closedDate"`
	LoanCycle           mark `json:"loanCycle"`
	GroupLoanCycle      mark `json:"groupLoanCycle"`
	IDPattern           mark `json:"idPattern"`
	ProfilePictureKey   mark `json:"profilePictureKey"`
	ProfileSignatureKey mark `json:"profileSignatureKey"`
	PortalPreferences   mark `json:"portalPreferences"`
	MigrationEvent      mark `json:"migrationEvent"`
}

type roleIn struct {
	EncodedKey attr `json:"encodedKey"`
}

type addressIn struct {
	EncodedKey  attr `json:"encodedKey"`
	Line1       attr `json:"line1"`
	Line2       attr `json:"line2"`
	City        attr `json:"city"`
	Region      attr `json:"region"`
	Postcode    attr `json:"postcode"`
	Country     attr `json:"country"`
	Latitude    attr `json:"latitude"`
	Longitude   attr `json:"longitude"`
	AddressType attr `json:"addressType"`
	ToBeDeleted flag `json:"toBeDeleted"`
}

type documentIn struct {
	EncodedKey       attr `json:"encodedKey"`
	DocumentType     attr `json:"documentType"`
	DocumentID       attr `json:"documentId"`
	IssuingAuthority attr `json:"issuingAuthority"`
	ValidUntil       attr `json:"validUntil"`
	TemplateKey      attr `json:"identificationDocumentTemplateKey"`
	ToBeDeleted      flag `json:"toBeDeleted"`
}

type valueIn struct {
	CustomFieldID            attr   `json:"customFieldID"`
	Value                    scalar `json:"value"`
	LinkedEntityKeyValue     attr   `json:"linkedEntityKeyValue"`
	CustomFieldSetGroupIndex index  `json:"customFieldSetGroupIndex"`
	ToBeDeleted              flag   `json:"toBeDeleted"`
}

// A form says what stood in the place of a property. Another JSON type than the property's is no error of the decoding: the rest of
// the body is wanted all the same.
type form uint8

const (
	absent form = iota
	null
	given // a value of the property's own JSON type, or one that is taken for it
	other // a value of another type
)

// An attr is a property whose own type is string; a number is taken as its text, since one of the clients makes numbers of texts that
// look like some. Text is "" unless one was given.
type attr struct {
	form form
	text string
}

// UnmarshalJSONFrom takes any value.
func (a *attr) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return a.read(d, d.PeekKind() == jsontext.KindNumber)
}

// read takes any value. alike says that the next one is to be taken as its text, though it is no string.
func (a *attr) read(d *jsontext.Decoder, alike bool) error {
	*a = attr{form: given}
	if !alike {
		a.form = formOf(d, jsontext.KindString)
	}
	if a.form != given {
		return d.SkipValue()
	}
	t, err := d.ReadToken()
	if err != nil {
		return err
	}
	a.text = t.String()
	return nil
}

// A scalar is an attr that takes booleans too.
type scalar struct{ attr }

// UnmarshalJSONFrom takes any value.
func (s *scalar) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	k := d.PeekKind()
	return s.read(d, k == jsontext.KindNumber || k == jsontext.KindTrue || k == jsontext.KindFalse)
}

// An index is a property whose own type is an integer, as number or as text.
type index struct {
	form   form
	number int
}

// UnmarshalJSONFrom takes any value.
func (x *index) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var a attr
	if err := a.UnmarshalJSONFrom(d); err != nil {
		return err
	}
	*x = index{form: a.form}
	if a.form == given {
		n, err := strconv.Atoi(a.text)
		if err != nil {
			x.form = other
			return nil
		}
		x.number = n
	}
	return nil
}

// A flag is a property whose own type is boolean; "true" as text will do. Anything else is false.
type flag bool

// UnmarshalJSONFrom takes any value.
func (f *flag) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var s scalar
	if err := s.UnmarshalJSONFrom(d); err != nil {
		return err
	}
	*f = s.text == "true"
	return nil
}

// A mark is a property of which no more matters than that it is there with a value.
type mark bool

// UnmarshalJSONFrom takes any value.
func (m *mark) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*m = d.PeekKind() != jsontext.KindNull
	return d.SkipValue()
}

// nested is a property whose own type is object, with properties of its own.
type nested[T any] struct {
	form  form
	value T
}

// UnmarshalJSONFrom takes any value.
func (v *nested[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if v.form = formOf(d, jsontext.KindBeginObject); v.form != given {
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &v.value)
}

// array is a property whose own type is an array of objects. One with something else in it is of another type.
type array[T any] struct {
	form  form
	items []T
}

// UnmarshalJSONFrom takes any value.
func (v *array[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if v.form = formOf(d, jsontext.KindBeginArray); v.form != given {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != jsontext.KindEndArray {
		if d.PeekKind() != jsontext.KindBeginObject {
			v.form = other
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		var item T
		if err := json.UnmarshalDecode(d, &item); err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := d.ReadToken()
	return err
}

// formOf says what comes next, for a property whose own JSON type is own.
func formOf(d *jsontext.Decoder, own jsontext.Kind) form {
	switch d.PeekKind() {
	case own:
		return given
	case jsontext.KindNull:
		return null
	}
	return other // or broken JSON, which whoever reads it finds
}
