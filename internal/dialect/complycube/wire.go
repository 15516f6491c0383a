package complycube

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"clientbook"
)

// clientIn is the body of a create or an update. Unknown and read-only attributes are not in it, so whatever they hold is skipped.
type clientIn struct {
	Type           attr               `json:"type"`
	Email          attr               `json:"email"`
	Mobile         attr               `json:"mobile"`
	Telephone      attr               `json:"telephone"`
	ExternalID     attr               `json:"externalId"`
	JoinedDate     attr               `json:"joinedDate"`
	PersonDetails  details[personIn]  `json:"personDetails"`
	CompanyDetails details[companyIn] `json:"companyDetails"`
	Metadata       metadataIn         `json:"metadata"`
	LastActionBy   attr               `json:"lastActionBy"`
}

type personIn struct {
	FirstName               attr `json:"firstName"`
	MiddleName              attr `json:"middleName"`
	LastName                attr `json:"lastName"`
	DOB                     attr `json:"dob"`
	Gender                  attr `json:"gender"`
	Nationality             attr `json:"nationality"`
	BirthCountry            attr `json:"birthCountry"`
	SSN                     attr `json:"ssn"`
	SocialInsuranceNumber   attr `json:"socialInsuranceNumber"`
	NationalIdentityNumber  attr `json:"nationalIdentityNumber"`
	TaxIdentificationNumber attr `json:"taxIdentificationNumber"`
}

type companyIn struct {
	Name                 attr `json:"name"`
	Website              attr `json:"website"`
	RegistrationNumber   attr `json:"registrationNumber"`
	IncorporationCountry attr `json:"incorporationCountry"`
	IncorporationType    attr `json:"incorporationType"`
}

// A form says what stood in the place of an attribute. Another JSON type than the attribute's is no error of the decoding: the rest of
// the body is wanted all the same.
type form uint8

const (
	absent form = iota
	null
	given // a value of the attribute's own JSON type
	other // a value of another type
)

// An attr is an attribute whose own type is string. Text is "" unless one was given.
type attr struct {
	form form
	text string
}

// UnmarshalJSONFrom takes any value.
func (a *attr) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*a = attr{}
	if a.form = formOf(d, jsontext.KindString); a.form != given {
		return d.SkipValue()
	}
	t, err := d.ReadToken()
	if err != nil {
		return err
	}
	a.text = t.String()
	return nil
}

// details is an attribute whose own type is object, with attributes of its own.
type details[T any] struct {
	form  form
	value T
}

// UnmarshalJSONFrom takes any value.
func (v *details[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if v.form = formOf(d, jsontext.KindBeginObject); v.form != given {
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &v.value)
}

// metadataIn is an object of strings.
type metadataIn struct {
	form    form
	entries clientbook.Metadata // as they came
	mixed   bool                // a value was no string; entries lacks it
}

// UnmarshalJSONFrom takes any value.
func (m *metadataIn) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*m = metadataIn{}
	if m.form = formOf(d, jsontext.KindBeginObject); m.form != given {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != jsontext.KindEndObject {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		key := t.String()
		var value attr
		if err := value.UnmarshalJSONFrom(d); err != nil {
			return err
		}
		if value.form != given {
			m.mixed = true
			continue
		}
		m.entries = append(m.entries, clientbook.MetadataEntry{Key: key, Value: value.text})
	}
	_, err := d.ReadToken()
	return err
}

// formOf says what comes next, for an attribute whose own JSON type is own.
func formOf(d *jsontext.Decoder, own jsontext.Kind) form {
	switch d.PeekKind() {
	case own:
		return given
	case jsontext.KindNull:
		return null
	}
	return other // or broken JSON, which whoever reads it finds
}
