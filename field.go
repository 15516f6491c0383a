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
	FieldSecondMobile            Field = 29
	FieldNotes                   Field = 30
	FieldLanguage                Field = 31
	FieldClientType              Field = 32
	FieldBranch                  Field = 33
	FieldCentre                  Field = 34
	FieldUser                    Field = 35
	FieldForeignKey              Field = 36
	FieldAddresses               Field = 37
	FieldIDDocuments             Field = 38
	FieldValues                  Field = 39
	FieldComments                Field = 40
	fieldCount                         = 41
)

// fieldTable is the one place that says how a field can be asked for. Presence bits have room for 63 fields.
var fieldTable = [fieldCount]struct {
	label string
	exact bool // has exact tokens, so that equality can be asked for
	few   bool // has few possible values, so that each is tallied by day
	fold  bool // has folded tokens, so that equality without letter case can be asked for
	name  bool // has prefix tokens, so that beginnings can be asked for
	month bool // has month tokens, so that ranges of days can be asked for
}{
	FieldKind:                    {label: "kind"},
	FieldEmail:                   {label: "email", exact: true, fold: true},
	FieldMobile:                  {label: "mobile", exact: true, fold: true},
	FieldTelephone:               {label: "telephone", exact: true, fold: true},
	FieldExternalID:              {label: "external_id", exact: true},
	FieldJoined:                  {label: "joined", exact: true},
	FieldPerson:                  {label: "person"},
	FieldFirstName:               {label: "person.first_name", exact: true, fold: true, name: true},
	FieldMiddleName:              {label: "person.middle_name", exact: true, fold: true, name: true},
	FieldLastName:                {label: "person.last_name", exact: true, fold: true, name: true},
	FieldBirthDate:               {label: "person.birth_date", exact: true, month: true},
	FieldGender:                  {label: "person.gender", exact: true, few: true},
	FieldNationality:             {label: "person.nationality", exact: true, few: true},
	FieldBirthCountry:            {label: "person.birth_country", exact: true, few: true},
	FieldSSN:                     {label: "person.ssn"},
	FieldSocialInsuranceNumber:   {label: "person.social_insurance_number"},
	FieldNationalIdentityNumber:  {label: "person.national_identity_number"},
	FieldTaxIdentificationNumber: {label: "person.tax_identification_number"},
	FieldCompany:                 {label: "company"},
	FieldCompanyName:             {label: "company.name", exact: true},
	FieldWebsite:                 {label: "company.website", exact: true},
	FieldRegistrationNumber:      {label: "company.registration_number", exact: true},
	FieldIncorporationCountry:    {label: "company.incorporation_country", exact: true, few: true},
	FieldIncorporationType:       {label: "company.incorporation_type", exact: true, few: true},
	FieldMetadata:                {label: "metadata", exact: true},
	FieldLastActionBy:            {label: "last_action_by"},
	FieldNumber:                  {label: "number"},
	FieldState:                   {label: "state"},
	FieldSecondMobile:            {label: "second_mobile", exact: true, fold: true},
	FieldNotes:                   {label: "notes"},
	FieldLanguage:                {label: "language"},
	FieldClientType:              {label: "client_type"},
	FieldBranch:                  {label: "branch", exact: true},
	FieldCentre:                  {label: "centre", exact: true},
	FieldUser:                    {label: "user", exact: true},
	FieldForeignKey:              {label: "foreign_key"},
	FieldAddresses:               {label: "addresses"},
	FieldIDDocuments:             {label: "id_documents", exact: true},
	FieldValues:                  {label: "values", fold: true},
	FieldComments:                {label: "comments"},
}

// String gives the field's own name, "" for FieldNone; a dialect has names of its own.
func (f Field) String() string {
	if int(f) >= len(fieldTable) {
		return "field?"
	}
	return fieldTable[f].label
}

// Exact says whether the field has exact tokens.
func (f Field) Exact() bool { return int(f) < len(fieldTable) && fieldTable[f].exact }

// Few says whether each value of the field is tallied.
func (f Field) Few() bool { return int(f) < len(fieldTable) && fieldTable[f].few }

// Has says whether the field has tokens of that kind.
func (f Field) Has(k TokenKind) bool {
	if int(f) >= len(fieldTable) {
		return false
	}
	row := &fieldTable[f]
	switch k {
	case ExactToken:
		return row.exact
	case FoldedToken:
		return row.fold
	case PrefixToken:
		return row.name
	case MonthToken:
		return row.month
	}
	return false
}

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
