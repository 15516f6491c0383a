package complycube

import (
	"errors"
	"net/http"
	"strings"

	"clientbook"
	"clientbook/internal/httpx"
)

// The values of an error's type. Vendor reference, "Errors"; typeTooLarge is ours, because there is none for 413.
const (
	typeInvalid      = "invalid_request"
	typeUnauthorized = "unauthorized" // for 403 too
	typeNotFound     = "resource_not_found"
	typeTooLarge     = "request_too_large"
	typeInternal     = "internal_server_error" // for 503 too
)

// maxID is how many characters of an id that names nothing are shown.
const maxID = 64

// names are the attributes of the fields, as filters, messages and param spell them. A field without one is not on this wire.
var names = [...]string{
	clientbook.FieldKind:                    "type",
	clientbook.FieldEmail:                   "email",
	clientbook.FieldMobile:                  "mobile",
	clientbook.FieldTelephone:               "telephone",
	clientbook.FieldExternalID:              "externalId",
	clientbook.FieldJoined:                  "joinedDate",
	clientbook.FieldPerson:                  "personDetails",
	clientbook.FieldFirstName:               "personDetails.firstName",
	clientbook.FieldMiddleName:              "personDetails.middleName",
	clientbook.FieldLastName:                "personDetails.lastName",
	clientbook.FieldBirthDate:               "personDetails.dob",
	clientbook.FieldGender:                  "personDetails.gender",
	clientbook.FieldNationality:             "personDetails.nationality",
	clientbook.FieldBirthCountry:            "personDetails.birthCountry",
	clientbook.FieldSSN:                     "personDetails.ssn",
	clientbook.FieldSocialInsuranceNumber:   "personDetails.socialInsuranceNumber",
	clientbook.FieldNationalIdentityNumber:  "personDetails.nationalIdentityNumber",
	clientbook.FieldTaxIdentificationNumber: "personDetails.taxIdentificationNumber",
	clientbook.FieldCompany:                 "companyDetails",
	clientbook.FieldCompanyName:             "companyDetails.name",
	clientbook.FieldWebsite:                 "companyDetails.website",
	clientbook.FieldRegistrationNumber:      "companyDetails.registrationNumber",
	clientbook.FieldIncorporationCountry:    "companyDetails.incorporationCountry",
	clientbook.FieldIncorporationType:       "companyDetails.incorporationType",
	clientbook.FieldMetadata:                "metadata",
	clientbook.FieldLastActionBy:            "lastActionBy",
}

// nameOf gives the attribute of a field, "" if it has none.
func nameOf(f clientbook.Field) string {
	if int(f) >= len(names) {
		return ""
	}
	return names[f]
}

// A problem is how one sort of error is answered. In the message, {name} is the attribute or parameter to blame, {own} its JSON type,
// {choices} its allowed values, {id} the id in the path and {detail} the error's Detail.
type problem struct {
	kind    clientbook.Kind
	reason  string // "": any other
	status  int
	typ     string
	message string
}

// problems is the one place that says what an error looks like on this wire. The first row that fits counts, the last one fits all.
var problems = [...]problem{
	{clientbook.KindInvalid, clientbook.ReasonRequired, 400, typeInvalid, "'{name}' is required"},
	{clientbook.KindInvalid, clientbook.ReasonType, 400, typeInvalid, "'{name}' must be {own}"},
	{clientbook.KindInvalid, clientbook.ReasonTooLong, 400, typeInvalid, "'{name}' must be at most 500 characters long"},
	{clientbook.KindInvalid, clientbook.ReasonCharacters, 400, typeInvalid, "'{name}' must not contain control characters"},
	{clientbook.KindInvalid, clientbook.ReasonDate, 400, typeInvalid, "'{name}' must be a date in the format YYYY-MM-DD"},
	{clientbook.KindInvalid, clientbook.ReasonEmail, 400, typeInvalid, "'{name}' must be a valid email address"},
	{clientbook.KindInvalid, clientbook.ReasonURL, 400, typeInvalid, "'{name}' must be an absolute URL that begins with http:// or https://"},
	{clientbook.KindInvalid, clientbook.ReasonCountry, 400, typeInvalid, "'{name}' must be an ISO 3166-1 alpha-2 country code in capital letters"},
	{clientbook.KindInvalid, clientbook.ReasonChoice, 400, typeInvalid, "'{name}' must be one of: {choices}"},
	{clientbook.KindInvalid, clientbook.ReasonImmutable, 400, typeInvalid, "'{name}' cannot be changed"},
	{clientbook.KindInvalid, clientbook.ReasonTooMany, 400, typeInvalid, "'{name}' must have at most {detail} keys"},
	{clientbook.KindInvalid, clientbook.ReasonKey, 400, typeInvalid, "'{name}' must have keys of 1 to 40 characters"},
	{clientbook.KindInvalid, clientbook.ReasonValue, 400, typeInvalid, "'{name}' must have values that are strings of at most 500 characters"},
	{clientbook.KindInvalid, clientbook.ReasonState, 400, typeInvalid, "The client is {detail} and can be neither changed nor deleted"},
	{clientbook.KindInvalid, clientbook.ReasonTooBig, 400, typeInvalid, "The client's attributes take more room than a client may"},
	{clientbook.KindInvalid, clientbook.ReasonNumber, 400, typeInvalid, "'{name}' must be {detail}"},
	{clientbook.KindInvalid, clientbook.ReasonPageTooBig, 400, typeInvalid, "'{name}' must be smaller: these clients are too large for one page, ask for fewer"},
	{clientbook.KindInvalid, clientbook.ReasonBody, 400, typeInvalid, "{detail}"},
	{clientbook.KindInvalid, clientbook.ReasonNoBody, 400, typeInvalid, "{detail}"},
	{clientbook.KindInvalid, clientbook.ReasonSyntax, 400, typeInvalid, "{detail}"},
	{clientbook.KindInvalid, clientbook.ReasonUTF8, 400, typeInvalid, "{detail}"},
	{clientbook.KindInvalid, clientbook.ReasonNUL, 400, typeInvalid, "{detail}"},
	{clientbook.KindInvalid, clientbook.ReasonContentType, 400, typeInvalid, "The 'Content-Type' header must be application/json"},
	{clientbook.KindInvalid, clientbook.ReasonTimeout, 408, typeInvalid, "The body did not arrive in time"},
	{clientbook.KindInvalid, "", 400, typeInvalid, "The request is invalid"},
	{clientbook.KindUnauthorized, "", 401, typeUnauthorized, "The 'Authorization' header is invalid"}, // the vendor's words
	{clientbook.KindForbidden, "", 403, typeUnauthorized, "The API key does not allow this"},
	{clientbook.KindNotFound, clientbook.ReasonClient, 404, typeNotFound, "Invalid client id '{id}'"}, // the vendor's words
	{clientbook.KindNotFound, "", 404, typeNotFound, "There is no such resource"},
	{clientbook.KindMethod, "", 405, typeInvalid, "The method is not allowed here, only {detail}"},
	{clientbook.KindConflict, clientbook.ReasonReferred, 400, typeInvalid, "Another client links to this one, so it cannot be deleted"},
	{clientbook.KindConflict, "", 409, typeInvalid, "The value belongs to another client"},
	{clientbook.KindStale, "", 409, typeInvalid, "The client has changed meanwhile"},
	{clientbook.KindTooLarge, "", 413, typeTooLarge, "{detail}"},
	{clientbook.KindUnsupported, "", 415, typeInvalid, "{detail}"},
	{clientbook.KindBusy, "", 503, typeInternal, "The service is busy, try again"},
	{clientbook.KindInternal, "", 500, typeInternal, "An internal error occurred"},
}

// problemOf gives the row of an error.
func problemOf(e *clientbook.Error) *problem {
	for i := range problems {
		if p := &problems[i]; p.kind == e.Kind && (p.reason == "" || p.reason == e.Reason) {
			return p
		}
	}
	return &problems[len(problems)-1]
}

// Fail answers a request with err. It is an httpx.Fail, and needs no caller: where no dialect is to be known, it serves as well as any.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*clientbook.Error](err)
	if !ok {
		e = &clientbook.Error{Kind: clientbook.KindInternal}
	}
	p := problemOf(e)
	switch p.status {
	case http.StatusMethodNotAllowed:
		w.Header()["Allow"] = []string{e.Detail}
	case http.StatusServiceUnavailable:
		w.Header()["Retry-After"] = []string{"1"}
	}
	httpx.WriteBytes(w, p.status, appendError(nil, p.typ, p.text(e, r.PathValue("id")), paramOf(e)))
}

// Rejection gives the body of an answer to a request that net/http refused before any handler saw it. It is an httpx.Rejection.
func Rejection(status int) []byte {
	message := "The request is malformed"
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		message = "The request's headers are too large"
	case http.StatusExpectationFailed:
		message = "The 'Expect' header is not supported"
	case http.StatusNotImplemented:
		message = "The transfer encoding is not supported"
	case http.StatusHTTPVersionNotSupported:
		message = "The HTTP version is not supported"
	}
	return appendError(nil, typeInvalid, message, "")
}

func appendError(b []byte, typ, message, param string) []byte {
	b = quote(append(b, `{"type":`...), typ)
	b = quote(append(b, `,"message":`...), message)
	b = appendText(b, `,"param":`, param)
	return append(b, '}')
}

// paramOf gives the attribute or query parameter that is to blame, "" if none is: a header is no attribute.
func paramOf(e *clientbook.Error) string {
	switch {
	case e.Kind != clientbook.KindInvalid:
		return ""
	case e.Reason == clientbook.ReasonNumber:
		return e.Param
	case e.Reason == clientbook.ReasonPageTooBig:
		return "pageSize"
	}
	return nameOf(e.Field)
}

// text gives the message of an error. Nothing that the caller sent is in it but the id.
func (p *problem) text(e *clientbook.Error, id string) string {
	if !strings.Contains(p.message, "{") {
		return p.message
	}
	name := paramOf(e)
	if name == "" && strings.Contains(p.message, "{name}") { // a field that only other wires have
		return "The request is invalid"
	}
	detail := e.Detail
	if p.message == "{detail}" && detail != "" { // a sentence of its own
		detail = strings.ToUpper(detail[:1]) + detail[1:]
	}
	return strings.NewReplacer("{name}", name, "{detail}", detail, "{id}", shorten(id),
		"{own}", ownType(e.Field), "{choices}", choices(e.Field)).Replace(p.message)
}

// ownType gives the JSON type of a field's attribute.
func ownType(f clientbook.Field) string {
	switch f {
	case clientbook.FieldPerson, clientbook.FieldCompany, clientbook.FieldMetadata:
		return "an object"
	}
	return "a string"
}

// choices lists the allowed values of a field that has few.
func choices(f clientbook.Field) string {
	switch f {
	case clientbook.FieldKind:
		return strings.Join(kinds[1:], ", ")
	case clientbook.FieldGender:
		return list(clientbook.Genders)
	case clientbook.FieldIncorporationType:
		return list(clientbook.IncorporationTypes)
	}
	return ""
}

func list[S ~string](values []S) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// shorten gives the first characters of an id, all of it if there are not more than maxID.
func shorten(id string) string {
	n := 0
	for i := range id {
		if n++; n > maxID {
			return id[:i] + "…"
		}
	}
	return id
}
