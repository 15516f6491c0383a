package clientbook

// Field names one part of the record. Its number stands in tokens, presence bits and tallies: it never changes and is never used again.
// Where several fields of one request are at fault, the lowest number is reported.
type Field uint8

// The fields, in the order in which their faults are reported.
const (
	FieldNone                    Field = 0
	FieldKind                    Field = 1
	FieldEmail                   Field = 2
	FieldMobile                  Field = 3
	FieldTelephone               Field = 4
	FieldExternalID              Field = 5
	FieldJoined                  Field = 6
	FieldPerson                  Field = 7
	FieldFirstName               Field = 8
	FieldMiddleName              Field = 9
	FieldLastName                Field = 10
	FieldBirthDate               Field = 11
	FieldGender                  Field = 12
	FieldNationality             Field = 13
	FieldBirthCountry            Field = 14
	FieldSSN                     Field = 15
	FieldSocialInsuranceNumber   Field = 16
	FieldNationalIdentityNumber  Field = 17
	FieldTaxIdentificationNumber Field = 18
	FieldCompany                 Field = 19
	FieldCompanyName             Field = 20
	FieldWebsite                 Field = 21
	FieldRegistrationNumber      Field = 22
	FieldIncorporationCountry    Field = 23
	FieldIncorporationType       Field = 24
	FieldMetadata                Field = 25
	FieldLastActionBy            Field = 26
	FieldNumber                  Field = 27
	FieldState                   Field = 28
	fieldCount                         = 29
)

// fieldTable is the one place that says how a field can be asked for. Presence bits have room for 63 fields.
var fieldTable = [fieldCount]struct {
	name  string
	exact bool // has exact tokens, so that equality can be asked for
	few   bool // has few possible values, so that each is tallied by day
}{
	FieldKind:                    {name: "kind"},
	FieldEmail:                   {name: "email", exact: true},
	FieldMobile:                  {name: "mobile", exact: true},
	FieldTelephone:               {name: "telephone", exact: true},
	FieldExternalID:              {name: "external_id", exact: true},
	FieldJoined:                  {name: "joined", exact: true},
	FieldPerson:                  {name: "person"},
	FieldFirstName:               {name: "person.first_name", exact: true},
	FieldMiddleName:              {name: "person.middle_name", exact: true},
	FieldLastName:                {name: "person.last_name", exact: true},
	FieldBirthDate:               {name: "person.birth_date", exact: true},
	FieldGender:                  {name: "person.gender", exact: true, few: true},
	FieldNationality:             {name: "person.nationality", exact: true, few: true},
	FieldBirthCountry:            {name: "person.birth_country", exact: true, few: true},
	FieldSSN:                     {name: "person.ssn"},
	FieldSocialInsuranceNumber:   {name: "person.social_insurance_number"},
	FieldNationalIdentityNumber:  {name: "person.national_identity_number"},
	FieldTaxIdentificationNumber: {name: "person.tax_identification_number"},
	FieldCompany:                 {name: "company"},
	FieldCompanyName:             {name: "company.name", exact: true},
	FieldWebsite:                 {name: "company.website", exact: true},
	FieldRegistrationNumber:      {name: "company.registration_number", exact: true},
	FieldIncorporationCountry:    {name: "company.incorporation_country", exact: true, few: true},
	FieldIncorporationType:       {name: "company.incorporation_type", exact: true, few: true},
	FieldMetadata:                {name: "metadata", exact: true},
	FieldLastActionBy:            {name: "last_action_by"},
	FieldNumber:                  {name: "number"},
	FieldState:                   {name: "state"},
}

// String gives the field's own name, "" for FieldNone; a dialect has names of its own.
func (f Field) String() string {
	if int(f) >= len(fieldTable) {
		return "field?"
	}
	return fieldTable[f].name
}

// Exact says whether the field has exact tokens.
func (f Field) Exact() bool { return int(f) < len(fieldTable) && fieldTable[f].exact }

// Few says whether each value of the field is tallied.
func (f Field) Few() bool { return int(f) < len(fieldTable) && fieldTable[f].few }

// Fields gives every field in order.
func Fields() []Field {
	fs := make([]Field, 0, fieldCount-1)
	for f := Field(1); f < fieldCount; f++ {
		fs = append(fs, f)
	}
	return fs
}

// A FieldSet is a set of fields; bit n stands for Field(n).
type FieldSet uint64

// With gives the set with f in it.
func (s FieldSet) With(f Field) FieldSet { return s | 1<<f }

// Has says whether f is in the set.
func (s FieldSet) Has(f Field) bool { return s&(1<<f) != 0 }
