package complycube

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"clientbook"
)

const (
	maxText = 500 // characters of a text and of a metadata value; the vendor documents the latter
	maxKey  = 40  // characters of a metadata key: vendor reference, "Update a client"
)

// kinds are the values of the attribute type.
var kinds = [...]string{clientbook.PersonKind: "person", clientbook.CompanyKind: "company"}

// decode reads the body of a create or an update.
func decode(body []byte) (*clientIn, error) {
	in := new(clientIn)
	if err := json.Unmarshal(body, in); err != nil {
		// The cause quotes the body. What httpx.ReadJSON let through does not come here.
		return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonBody, Detail: "the body is broken JSON"}
	}
	return in, nil
}

// A reading turns a decoded body into the update that it asks for. Attributes at fault are noted in the update and don't end the
// reading, because whether the client exists is to be found first.
//
// null and "" are no value: as if absent on create, on update the removal of the attribute (contract D3).
type reading struct {
	update *clientbook.ClientUpdate
	create bool
}

// readUpdate gives the update that in asks for; its texts are those of in. metadataKeys is the book's limit.
func readUpdate(in *clientIn, create bool, metadataKeys int) *clientbook.ClientUpdate {
	u := new(clientbook.ClientUpdate)
	r := reading{u, create}
	u.Kind = r.kind(&in.Type)
	u.Email = r.email(&in.Email)
	u.Mobile = r.text(clientbook.FieldMobile, &in.Mobile)
	u.Telephone = r.text(clientbook.FieldTelephone, &in.Telephone)
	u.ExternalID = r.text(clientbook.FieldExternalID, &in.ExternalID)
	u.Joined = r.date(clientbook.FieldJoined, &in.JoinedDate)
	if r.object(clientbook.FieldPerson, in.PersonDetails.form) {
		u.Person = r.person(&in.PersonDetails.value)
	}
	if r.object(clientbook.FieldCompany, in.CompanyDetails.form) {
		u.Company = r.company(&in.CompanyDetails.value)
	}
	u.Metadata = r.metadata(&in.Metadata, metadataKeys)
	u.LastActionBy = r.text(clientbook.FieldLastActionBy, &in.LastActionBy)
	return u
}

// kind reads the attribute type. The record says what an absent one means.
func (r *reading) kind(a *attr) *clientbook.ClientKind {
	switch {
	case a.form == absent:
	case a.form == other:
		r.update.Fault(clientbook.FieldKind, clientbook.ReasonType)
	case a.text == "":
		r.update.Fault(clientbook.FieldKind, clientbook.ReasonRequired)
	case a.text == kinds[clientbook.PersonKind]:
		return new(clientbook.PersonKind)
	case a.text == kinds[clientbook.CompanyKind]:
		return new(clientbook.CompanyKind)
	default:
		r.update.Fault(clientbook.FieldKind, clientbook.ReasonChoice)
	}
	return nil
}

// email reads the one contact value that this dialect demands, though the record does not.
func (r *reading) email(a *attr) *string {
	v := r.text(clientbook.FieldEmail, a)
	switch {
	case a.form == other:
	case a.text != "":
		r.check(clientbook.FieldEmail, validEmail(a.text), clientbook.ReasonEmail)
	case r.create || a.form != absent:
		r.update.Fault(clientbook.FieldEmail, clientbook.ReasonRequired)
	}
	return v
}

// object says whether the details of a client were given. To take them away is impossible.
func (r *reading) object(f clientbook.Field, v form) bool {
	switch {
	case v == other:
		r.update.Fault(f, clientbook.ReasonType)
	case v == null && !r.create:
		r.update.Fault(f, clientbook.ReasonRequired)
	}
	return v == given
}

func (r *reading) person(in *personIn) *clientbook.PersonUpdate {
	return &clientbook.PersonUpdate{
		FirstName:               r.text(clientbook.FieldFirstName, &in.FirstName),
		MiddleName:              r.text(clientbook.FieldMiddleName, &in.MiddleName),
		LastName:                r.text(clientbook.FieldLastName, &in.LastName),
		BirthDate:               r.date(clientbook.FieldBirthDate, &in.DOB),
		Gender:                  choice(r, clientbook.FieldGender, &in.Gender, clientbook.Genders),
		Nationality:             r.country(clientbook.FieldNationality, &in.Nationality),
		BirthCountry:            r.country(clientbook.FieldBirthCountry, &in.BirthCountry),
		SSN:                     r.text(clientbook.FieldSSN, &in.SSN),
		SocialInsuranceNumber:   r.text(clientbook.FieldSocialInsuranceNumber, &in.SocialInsuranceNumber),
		NationalIdentityNumber:  r.text(clientbook.FieldNationalIdentityNumber, &in.NationalIdentityNumber),
		TaxIdentificationNumber: r.text(clientbook.FieldTaxIdentificationNumber, &in.TaxIdentificationNumber),
	}
}

func (r *reading) company(in *companyIn) *clientbook.CompanyUpdate {
	u := &clientbook.CompanyUpdate{
		Name:                 r.text(clientbook.FieldCompanyName, &in.Name),
		Website:              r.text(clientbook.FieldWebsite, &in.Website),
		RegistrationNumber:   r.text(clientbook.FieldRegistrationNumber, &in.RegistrationNumber),
		IncorporationCountry: r.country(clientbook.FieldIncorporationCountry, &in.IncorporationCountry),
		IncorporationType:    choice(r, clientbook.FieldIncorporationType, &in.IncorporationType, clientbook.IncorporationTypes),
	}
	if w := in.Website.text; w != "" {
		r.check(clientbook.FieldWebsite, validWebsite(w), clientbook.ReasonURL)
	}
	return u
}

// text gives the value of an attribute, nil if the record shall keep its own. One that is too long is given all the same, with a fault:
// the record forgives it if it holds the same.
func (r *reading) text(f clientbook.Field, a *attr) *string {
	switch {
	case a.form == absent, a.text == "" && r.create && a.form != other:
		return nil
	case a.form == other:
		r.update.Fault(f, clientbook.ReasonType)
		return nil
	case tooLong(a.text, maxText):
		r.update.Fault(f, clientbook.ReasonTooLong)
	}
	return &a.text
}

// check notes a fault of a value that is not ok. The fault that was noted first is the one that counts.
func (r *reading) check(f clientbook.Field, ok bool, reason string) {
	if !ok {
		r.update.Fault(f, reason)
	}
}

func (r *reading) date(f clientbook.Field, a *attr) *clientbook.Date {
	switch {
	case a.form == absent, a.text == "" && r.create && a.form != other:
		return nil
	case a.form == other:
		r.update.Fault(f, clientbook.ReasonType)
		return nil
	case a.text == "":
		return new(clientbook.Date)
	}
	d, ok := clientbook.ParseDate(a.text)
	if !ok {
		r.update.Fault(f, clientbook.ReasonDate)
		return nil
	}
	return &d
}

func (r *reading) country(f clientbook.Field, a *attr) *clientbook.Country {
	v := (*clientbook.Country)(r.text(f, a))
	if v != nil && *v != "" {
		r.check(f, v.Valid(), clientbook.ReasonCountry)
	}
	return v
}

func choice[S ~string](r *reading, f clientbook.Field, a *attr, allowed []S) *S {
	v := r.text(f, a)
	if v == nil {
		return nil
	}
	if *v != "" {
		r.check(f, slices.Contains(allowed, S(*v)), clientbook.ReasonChoice)
	}
	return new(S(*v))
}

// metadata is replaced whole; null and {} remove it.
func (r *reading) metadata(in *metadataIn, limit int) *clientbook.Metadata {
	switch {
	case in.form == other:
		r.update.Fault(clientbook.FieldMetadata, clientbook.ReasonType)
		return nil
	case in.mixed:
		r.update.Fault(clientbook.FieldMetadata, clientbook.ReasonValue)
		return nil
	case in.form == absent, r.create && len(in.entries) == 0:
		return nil
	}
	slices.SortFunc(in.entries, func(a, b clientbook.MetadataEntry) int { return cmp.Compare(a.Key, b.Key) })
	if reason := metadataFault(in.entries, limit); reason != "" {
		r.update.Faults = append(r.update.Faults, &clientbook.Error{Kind: clientbook.KindInvalid, Field: clientbook.FieldMetadata,
			Reason: reason, Detail: strconv.Itoa(limit)})
	}
	return &in.entries
}

// metadataFault gives the reason for which entries are refused, "" if there is none.
func metadataFault(entries clientbook.Metadata, limit int) string {
	if len(entries) > limit {
		return clientbook.ReasonTooMany
	}
	for _, e := range entries {
		switch {
		case e.Key == "" || tooLong(e.Key, maxKey):
			return clientbook.ReasonKey
		case tooLong(e.Value, maxText):
			return clientbook.ReasonValue
		}
	}
	return ""
}

func tooLong(s string, limit int) bool {
	return len(s) > limit && utf8.RuneCountInString(s) > limit
}

// validEmail says whether s has one @, something before it, behind it names joined by dots, and no space.
func validEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && !strings.Contains(domain, "@") &&
		strings.Contains(domain, ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") &&
		!strings.Contains(domain, "..") && !strings.ContainsFunc(s, unicode.IsSpace)
}

// validWebsite says whether s is an absolute URL of http or https, with a host and without a space.
func validWebsite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsFunc(s, unicode.IsSpace)
}
