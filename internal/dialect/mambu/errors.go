package mambu

import (
	"errors"
	"net/http"
	"strconv"

	"clientbook"
	"clientbook/internal/httpx"
)

// A code is a returnCode.
type code int

// The codes in use. Contract section 14.
const (
	codeSuccess              code = 0
	codeInvalidCredentials   code = 2
	codeInvalidOperation     code = 3
	codeInvalidParameters    code = 4
	codeMethodNotImplemented code = 5
	codeInternal             code = 6
	codeOffsetValue          code = 11
	codeOffsetBounds         code = 12
	codeLimitValue           code = 13
	codeLimitBounds          code = 14
	codeInvalidPermissions   code = 15
	codeFileSize             code = 20
	codeEncoding             code = 22
	codeProtocol             code = 23
	codeExcessiveRequests    code = 24
	codeInconsistentID       code = 25
	codeSyntax               code = 26
	codeObjectNotFound       code = 29
	codeMissingEntity        code = 30
	codeMissingParameter     code = 31
	codeReadOnly             code = 32
	codeInvalidDate          code = 102
	codeInvalidID            code = 149
	codeNoIdentifier         code = 150
	codeFullDetails          code = 202
	codeClientID             code = 301
	codeClientKey            code = 302
	codeClientRole           code = 306
	codeClientRoleKind       code = 307
	codeDependentValue       code = 308
	codeBirthDate            code = 309
	codeDuplicateClient      code = 310
	codeClientState          code = 311
	codeStateTransition      code = 312
	codeClientIDTaken        code = 316
	codeUserName             code = 700
	codeUserID               code = 701
	codeCreditOfficer        code = 702
	codeBranchID             code = 800
	codeBranchKey            code = 801
	codeBranchInactive       code = 803
	codeCentreKey            code = 850
	codeCentreID             code = 851
	codeCentreBranch         code = 852
	codeCentreInactive       code = 853
	codeFieldValue           code = 901
	codeFieldMissing         code = 902
	codeFieldID              code = 903
	codeFieldLength          code = 904
	codeFieldDeactivated     code = 908
	codeFieldRequired        code = 909
	codeFieldNotAvailable    code = 910
	codeFieldLink            code = 911
	codeFieldParent          code = 912
	codeSetType              code = 913
	codeGroupOrder           code = 914
	codeGroupTwice           code = 915
	codeGroupIndex           code = 916
	codeFieldPattern         code = 917
	codeFieldTwice           code = 918
	codeKeyOnCreate          code = 924
	codeUniqueValue          code = 926
	codeReferred             code = 927
	codeIDDocument           code = 950
	codeIDDocumentMissing    code = 951
	codeOtherIDDocuments     code = 952
	codeIDDocumentTemplate   code = 953
	codeAddress              code = 1150
	codeNoAddress            code = 1151
	codeMissingText          code = 1600
	codeTextLength           code = 1601
	codeNotEditable          code = 1906
	codeFieldNotAllowed      code = 2001
	codeFilterValues         code = 2099
	codeFilterSelection      code = 2100
	codeFilterElement        code = 2101
	codeFilterValue          code = 2102
	codeFilterSecondValue    code = 2103
	codeTooManyFilters       code = 2104
	codeFilterItemType       code = 2105
	codeSortColumn           code = 2117
	codeNotSortable          code = 2118
	codeSortOrder            code = 2119
	codeLanguage             code = 2427
	codeResendFailed         code = 2440
	codeMessageState         code = 2441
	codeMessageTwice         code = 2442
	codeTooManyMessages      code = 2443
	codeMessageKey           code = 2502
	codeKeyTwice             code = 2605
	codeNumberSpaces         code = 3303
	codeNoFieldID            code = 3600
	codeBlacklisted          code = 3741
	codeText                 code = 3742
)

// returnStatuses are the names of the codes. Mambu's own list, contract section 14; the spelling of 915 is Mambu's.
var returnStatuses = [...]struct {
	code code
	name string
}{
	{codeSuccess, "SUCCESS"},
	{codeInvalidCredentials, "INVALID_CREDENTIALS"},
	{codeInvalidOperation, "INVALID_API_OPERATION"},
	{codeInvalidParameters, "INVALID_PARAMETERS"},
	{codeMethodNotImplemented, "METHOD_NOT_IMPLEMENTED"},
	{codeInternal, "INTERNAL_ERROR"},
	{codeOffsetValue, "INVALID_PAGINATION_OFFSET_VALUE"},
	{codeOffsetBounds, "OUT_OF_BOUNDS_PAGINATION_OFFSET_VALUE"},
	{codeLimitValue, "INVALID_PAGINATION_LIMIT_VALUE"},
	{codeLimitBounds, "OUT_OF_BOUNDS_PAGINATION_LIMIT_VALUE"},
	{codeInvalidPermissions, "INVALID_PERMISSIONS"},
	{codeFileSize, "MAX_FILE_SIZE_EXCEEDED"},
	{codeEncoding, "UNSUPPORTED_CHARACTER_ENCODING"},
	{codeProtocol, "INVALID_API_PROTOCOL"},
	{codeExcessiveRequests, "EXCESSIVE_INVALID_REQUESTS"},
	{codeInconsistentID, "INCONSISTENT_IDENTIFIER_WITH_JSON"},
	{codeSyntax, "INVALID_JSON_SYNTAX"},
	{codeObjectNotFound, "OBJECT_NOT_FOUND"},
	{codeMissingEntity, "MISSING_ENTITY_JSON"},
	{codeMissingParameter, "MISSING_REQUIRED_PARAMETER"},
	{codeReadOnly, "READ_ONLY_MODE"},
	{codeInvalidDate, "INVALID_DATE"},
	{codeInvalidID, "INVALID_ID"},
	{codeNoIdentifier, "FAILED_TO_GENERATE_IDENTIFIER"},
	{codeFullDetails, "INVALID_FULL_DETAILS"},
	{codeClientID, "INVALID_CLIENT_ID"},
	{codeClientKey, "INVALID_CLIENT_KEY"},
	{codeClientRole, "INVALID_CLIENT_ROLE_KEY"},
	{codeClientRoleKind, "INCONSISTENT_CLIENT_ROLE_WITH_CLIENT_TYPE"},
	{codeDependentValue, "INVALID_DEPENDENT_CUSTOM_FIELD_VALUE"},
	{codeBirthDate, "INVALID_BIRTH_DATE"},
	{codeDuplicateClient, "DUPLICATE_CLIENT"},
	{codeClientState, "INVALID_CLIENT_STATE_TYPE"},
	{codeStateTransition, "INVALID_CLIENT_STATE_TRANSITION"},
	{codeClientIDTaken, "CLIENT_ID_ALREADY_IN_USE"},
	{codeUserName, "INVALID_USER_NAME"},
	{codeUserID, "INVALID_USER_ID"},
	{codeCreditOfficer, "INVALID_CREDIT_OFFICER_KEY"},
	{codeBranchID, "INVALID_BRANCH_ID"},
	{codeBranchKey, "INVALID_BRANCH_KEY"},
	{codeBranchInactive, "BRANCH_IS_NOT_ACTIVE"},
	{codeCentreKey, "INVALID_CENTRE_KEY"},
	{codeCentreID, "INVALID_CENTRE_ID"},
	{codeCentreBranch, "INCONSISTENT_CENTRE_WITH_BRANCH"},
	{codeCentreInactive, "CENTRE_IS_NOT_ACTIVE"},
	{codeFieldValue, "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE"},
	{codeFieldMissing, "REQUIRED_CUSTOM_FIELD_MISSING"},
	{codeFieldID, "INVALID_CUSTOM_FIELD_ID"},
	{codeFieldLength, "MAX_CUSTOM_FIELD_VALUE_LENGTH_EXCEEDED"},
	{codeFieldDeactivated, "CUSTOM_FIELD_DEACTIVATED"},
	{codeFieldRequired, "CUSTOM_FIELD_REQUIRED"},
	{codeFieldNotAvailable, "CUSTOM_FIELD_NOT_AVAILABLE_FOR_ENTITY"},
	{codeFieldLink, "INVALID_CUSTOM_FIELD_LINKED_ENTITY_KEY"},
	{codeFieldParent, "DEPENDENT_CUSTOM_FIELD_VALUE_REQUIRED"},
	{codeSetType, "INCONSISTENT_VALUE_WITH_SET_TYPE"},
	{codeGroupOrder, "GROUPED_INDEXES_NOT_CONSECUTIVE"},
	{codeGroupTwice, "TO_MANY_VALUES_FOR_SAME_GROUPED_CUSTOM_FIELD"},
	{codeGroupIndex, "INVALID_CUSTOM_FIELD_GROUP_INDEX"},
	{codeFieldPattern, "INCONSISTENT_CUSTOM_FIELD_VALUE_WITH_PATTERN"},
	{codeFieldTwice, "DUPLICATE_CUSTOM_FIELD_VALUES"},
	{codeKeyOnCreate, "ENCODED_KEY_MUST_BE_EMPTY_ON_CREATE"},
	{codeUniqueValue, "DUPLICATE_UNIQUE_VALUE"},
	{codeReferred, "REFERRED_IN_CUSTOM_FIELD"},
	{codeIDDocument, "INVALID_ID_DOCUMENT"},
	{codeIDDocumentMissing, "REQUIRED_ID_DOCUMENT_MISSING"},
	{codeOtherIDDocuments, "ADDING_OTHER_ID_DOCUMENTS_IS_DISABLED"},
	{codeIDDocumentTemplate, "INVALID_ID_DOCUMENT_TEMPLATE_KEY"},
	{codeAddress, "INVALID_ADDRESS"},
	{codeNoAddress, "CLIENT_ROLE_DOES_NOT_ALLOW_ADDRESS"},
	{codeMissingText, "MISSING_TEXT"},
	{codeTextLength, "MAX_TEXT_LENGTH_EXCEEDED"},
	{codeNotEditable, "FIELD_IS_NOT_EDITABLE"},
	{codeFieldNotAllowed, "FIELD_NOT_ALLOWED"},
	{codeFilterValues, "INVALID_FILTER_VALUES"},
	{codeFilterSelection, "INVALID_FILTER_SELECTION"},
	{codeFilterElement, "INVALID_FILTER_ELEMENT"},
	{codeFilterValue, "INVALID_FILTER_VALUE"},
	{codeFilterSecondValue, "INVALID_FILTER_SECOND_VALUE"},
	{codeTooManyFilters, "TOO_MANY_FILTERS_PROVIDED"},
	{codeFilterItemType, "INVALID_FILTER_DATA_ITEM_TYPE"},
	{codeSortColumn, "INVALID_SORTING_COLUMN"},
	{codeNotSortable, "COLUMN_NOT_SORTABLE"},
	{codeSortOrder, "INVALID_SORTING_ORDER"},
	{codeLanguage, "INVALID_LANGUAGE"},
	{codeResendFailed, "RESEND_FAILED_NOTIFICATION_FAILED"},
	{codeMessageState, "INVALID_NOTIFICATION_MESSAGE_STATE"},
	{codeMessageTwice, "DUPLICATED_NOTIFICATION_ENCODED_KEY"},
	{codeTooManyMessages, "MAXIMUM_NUMBER_OF_NOTIFICATIONS_TO_RESEND_EXCEEDED"},
	{codeMessageKey, "INVALID_COMMUNICATION_MESSAGE_ENCODED_KEY"},
	{codeKeyTwice, "DUPLICATE_ENCODED_KEY"},
	{codeNumberSpaces, "ID_CONTAINS_SPACES"},
	{codeNoFieldID, "EMPTY_CUSTOM_FIELD_ID"},
	{codeBlacklisted, "BLACKLISTED_CLIENT_NOT_EDITABLE"},
	{codeText, "INVALID_STRING_VALUE"},
}

// name gives the returnStatus of a code.
func (c code) name() string {
	for i := range returnStatuses {
		if returnStatuses[i].code == c {
			return returnStatuses[i].name
		}
	}
	return ""
}

// refusal gives the error of a request that this wire refuses with 400 and that code; source is what to name in errorSource, "" for
// nothing. Its reason is the code's name, so that a refusal can say what no other wire has a word for.
func refusal(c code, source string) *clientbook.Error {
	return &clientbook.Error{Kind: clientbook.KindInvalid, Param: source, Reason: c.name()}
}

// notFound is refusal with 404.
func notFound(c code, source string) *clientbook.Error {
	return &clientbook.Error{Kind: clientbook.KindNotFound, Param: source, Reason: c.name()}
}

// names are the properties of the fields, as errorSource spells them. A field without one is not on this wire.
var names = [...]string{
	clientbook.FieldEmail:        "emailAddress",
	clientbook.FieldMobile:       "mobilePhone1",
	clientbook.FieldTelephone:    "homePhone",
	clientbook.FieldPerson:       "client",
	clientbook.FieldFirstName:    "firstName",
	clientbook.FieldMiddleName:   "middleName",
	clientbook.FieldLastName:     "lastName",
	clientbook.FieldBirthDate:    "birthDate",
	clientbook.FieldGender:       "gender",
	clientbook.FieldNumber:       "id",
	clientbook.FieldState:        "state",
	clientbook.FieldSecondMobile: "mobilePhone2",
	clientbook.FieldNotes:        "notes",
	clientbook.FieldLanguage:     "preferredLanguage",
	clientbook.FieldClientType:   "clientRole",
	clientbook.FieldBranch:       "assignedBranchKey",
	clientbook.FieldCentre:       "assignedCentreKey",
	clientbook.FieldUser:         "assignedUserKey",
	clientbook.FieldForeignKey:   "encodedKey",
	clientbook.FieldAddresses:    "addresses",
	clientbook.FieldIDDocuments:  "idDocuments",
	clientbook.FieldValues:       "customInformation",
	clientbook.FieldComments:     "comment",
}

// A problem is how one sort of error is answered. An empty reason and a zero field stand for any.
type problem struct {
	kind   clientbook.Kind
	reason string
	field  clientbook.Field
	status int
	code   code
}

// problems is the one place that says what an error looks like on this wire, refusals aside, which say it themselves. The first row
// that fits counts, the last one fits all.
var problems = [...]problem{
	{clientbook.KindInvalid, clientbook.ReasonRequired, clientbook.FieldIDDocuments, 400, codeIDDocument},
	{clientbook.KindInvalid, clientbook.ReasonRequired, clientbook.FieldComments, 400, codeMissingText},
	{clientbook.KindInvalid, clientbook.ReasonTooLong, clientbook.FieldComments, 400, codeTextLength},
	{clientbook.KindInvalid, clientbook.ReasonTooLong, 0, 400, codeText},
	{clientbook.KindInvalid, clientbook.ReasonCharacters, 0, 400, codeText},
	{clientbook.KindInvalid, clientbook.ReasonDate, clientbook.FieldBirthDate, 400, codeBirthDate},
	{clientbook.KindInvalid, clientbook.ReasonDate, 0, 400, codeInvalidDate},
	{clientbook.KindInvalid, clientbook.ReasonFuture, clientbook.FieldBirthDate, 400, codeBirthDate},
	{clientbook.KindInvalid, clientbook.ReasonFuture, 0, 400, codeInvalidDate},
	{clientbook.KindInvalid, clientbook.ReasonChoice, clientbook.FieldState, 400, codeClientState},
	{clientbook.KindInvalid, clientbook.ReasonLanguage, 0, 400, codeLanguage},
	{clientbook.KindInvalid, clientbook.ReasonType, clientbook.FieldLanguage, 400, codeLanguage},
	{clientbook.KindInvalid, clientbook.ReasonImmutable, 0, 400, codeNotEditable},
	{clientbook.KindInvalid, clientbook.ReasonState, 0, 400, codeBlacklisted},
	{clientbook.KindInvalid, clientbook.ReasonStep, 0, 400, codeStateTransition},
	{clientbook.KindInvalid, clientbook.ReasonNumberForm, 0, 400, codeInvalidID},
	{clientbook.KindInvalid, clientbook.ReasonNumberSpaces, 0, 400, codeNumberSpaces},
	{clientbook.KindInvalid, clientbook.ReasonExhausted, 0, 400, codeNoIdentifier},
	{clientbook.KindInvalid, clientbook.ReasonRange, clientbook.FieldAddresses, 400, codeAddress},
	{clientbook.KindInvalid, clientbook.ReasonNoAddress, 0, 400, codeNoAddress},
	{clientbook.KindInvalid, clientbook.ReasonUnknown, clientbook.FieldClientType, 400, codeClientRole},
	{clientbook.KindInvalid, clientbook.ReasonUnknown, clientbook.FieldBranch, 400, codeBranchKey},
	{clientbook.KindInvalid, clientbook.ReasonUnknown, clientbook.FieldCentre, 400, codeCentreKey},
	{clientbook.KindInvalid, clientbook.ReasonUnknown, clientbook.FieldUser, 400, codeCreditOfficer},
	{clientbook.KindInvalid, clientbook.ReasonInactive, clientbook.FieldBranch, 400, codeBranchInactive},
	{clientbook.KindInvalid, clientbook.ReasonInactive, clientbook.FieldCentre, 400, codeCentreInactive},
	{clientbook.KindInvalid, clientbook.ReasonInactive, clientbook.FieldUser, 400, codeCreditOfficer},
	{clientbook.KindInvalid, clientbook.ReasonGroup, 0, 400, codeClientRoleKind},
	{clientbook.KindInvalid, clientbook.ReasonBranch, 0, 400, codeCentreBranch},
	{clientbook.KindInvalid, clientbook.ReasonTwice, 0, 400, codeKeyTwice},
	{clientbook.KindInvalid, clientbook.ReasonTemplate, 0, 400, codeIDDocumentTemplate},
	{clientbook.KindInvalid, clientbook.ReasonMask, 0, 400, codeIDDocument},
	{clientbook.KindInvalid, clientbook.ReasonMandatory, 0, 400, codeIDDocumentMissing},
	{clientbook.KindInvalid, clientbook.ReasonOther, 0, 400, codeOtherIDDocuments},
	{clientbook.KindInvalid, clientbook.ReasonField, 0, 400, codeFieldID},
	{clientbook.KindInvalid, clientbook.ReasonNoField, 0, 400, codeNoFieldID},
	{clientbook.KindInvalid, clientbook.ReasonFieldValue, 0, 400, codeFieldValue},
	{clientbook.KindInvalid, clientbook.ReasonFieldLong, 0, 400, codeFieldLength},
	{clientbook.KindInvalid, clientbook.ReasonFieldPattern, 0, 400, codeFieldPattern},
	{clientbook.KindInvalid, clientbook.ReasonFieldRequired, 0, 400, codeFieldMissing},
	{clientbook.KindInvalid, clientbook.ReasonFieldKept, 0, 400, codeFieldRequired},
	{clientbook.KindInvalid, clientbook.ReasonFieldInactive, 0, 400, codeFieldDeactivated},
	{clientbook.KindInvalid, clientbook.ReasonFieldType, 0, 400, codeFieldNotAvailable},
	{clientbook.KindInvalid, clientbook.ReasonFieldParent, 0, 400, codeFieldParent},
	{clientbook.KindInvalid, clientbook.ReasonFieldChoice, 0, 400, codeDependentValue},
	{clientbook.KindInvalid, clientbook.ReasonFieldLink, 0, 400, codeFieldLink},
	{clientbook.KindInvalid, clientbook.ReasonFieldTwice, 0, 400, codeFieldTwice},
	{clientbook.KindInvalid, clientbook.ReasonEntryForm, 0, 400, codeSetType},
	{clientbook.KindInvalid, clientbook.ReasonEntryOrder, 0, 400, codeGroupOrder},
	{clientbook.KindInvalid, clientbook.ReasonEntryTwice, 0, 400, codeGroupTwice},
	{clientbook.KindInvalid, clientbook.ReasonEntry, 0, 400, codeGroupIndex},
	{clientbook.KindInvalid, clientbook.ReasonReferred, 0, 400, codeReferred},
	{clientbook.KindInvalid, clientbook.ReasonMessage, 0, 400, codeMessageKey},
	{clientbook.KindInvalid, clientbook.ReasonMessageState, 0, 400, codeMessageState},
	{clientbook.KindInvalid, clientbook.ReasonTooWide, 0, 400, codeFilterElement},
	{clientbook.KindInvalid, clientbook.ReasonUnsortable, 0, 400, codeNotSortable},
	{clientbook.KindInvalid, clientbook.ReasonPageTooBig, 0, 400, codeLimitBounds},
	{clientbook.KindInvalid, clientbook.ReasonNoBody, 0, 400, codeMissingEntity},
	{clientbook.KindInvalid, clientbook.ReasonSyntax, 0, 400, codeSyntax},
	{clientbook.KindInvalid, clientbook.ReasonUTF8, 0, 400, codeEncoding},
	{clientbook.KindInvalid, clientbook.ReasonNUL, 0, 400, codeText},
	{clientbook.KindInvalid, clientbook.ReasonTimeout, 0, 408, codeInvalidParameters},
	{clientbook.KindInvalid, clientbook.ReasonHeaders, 0, 431, codeInvalidParameters},
	// Another type than the property's, too many entries, a record too large, and whatever has no word of its own.
	{clientbook.KindInvalid, "", 0, 400, codeInvalidParameters},
	{clientbook.KindUnauthorized, "", 0, 401, codeInvalidCredentials},
	{clientbook.KindForbidden, "", 0, 403, codeInvalidPermissions},
	{clientbook.KindNotFound, clientbook.ReasonClient, 0, 404, codeClientID},
	{clientbook.KindNotFound, clientbook.ReasonPath, 0, 404, codeInvalidOperation},
	{clientbook.KindNotFound, clientbook.ReasonMessage, 0, 400, codeMessageKey}, // only a body names messages
	{clientbook.KindNotFound, "", 0, 404, codeObjectNotFound},
	{clientbook.KindMethod, "", 0, 405, codeMethodNotImplemented},
	{clientbook.KindConflict, clientbook.ReasonReferred, 0, 400, codeReferred},
	{clientbook.KindConflict, clientbook.ReasonExhausted, 0, 400, codeNoIdentifier},
	{clientbook.KindConflict, clientbook.ReasonMessageState, 0, 400, codeMessageState},
	{clientbook.KindConflict, "", 0, 409, codeInvalidParameters},
	{clientbook.KindStale, "", 0, 409, codeInvalidParameters},
	{clientbook.KindTooLarge, "", 0, 413, codeFileSize},
	{clientbook.KindUnsupported, "", 0, 415, codeInvalidParameters},
	{clientbook.KindBusy, clientbook.ReasonExhausted, 0, 400, codeNoIdentifier},
	{clientbook.KindBusy, clientbook.ReasonContention, 0, 429, codeExcessiveRequests},
	{clientbook.KindBusy, "", 0, 503, codeReadOnly},
	{clientbook.KindInternal, "", 0, 500, codeInternal},
}

func (p *problem) fits(e *clientbook.Error) bool {
	return p.kind == e.Kind && (p.reason == "" || p.reason == e.Reason) && (p.field == clientbook.FieldNone || p.field == e.Field)
}

// problemOf gives status and code of an error.
func problemOf(e *clientbook.Error) (status int, c code) {
	if e.Kind == clientbook.KindInvalid || e.Kind == clientbook.KindNotFound {
		for i := range returnStatuses {
			if returnStatuses[i].name != e.Reason {
				continue
			}
			if e.Kind == clientbook.KindNotFound {
				return http.StatusNotFound, returnStatuses[i].code
			}
			return http.StatusBadRequest, returnStatuses[i].code
		}
	}
	if e.Kind == clientbook.KindConflict && e.Reason == clientbook.ReasonClaim {
		return http.StatusBadRequest, takenCode(e.Claim.Kind)
	}
	for i := range problems {
		if p := &problems[i]; p.fits(e) {
			return p.status, p.code
		}
	}
	return http.StatusInternalServerError, codeInternal
}

// takenCode gives the code for a value that is another client's.
func takenCode(k clientbook.ClaimKind) code {
	switch k {
	case clientbook.ClaimNumber:
		return codeClientIDTaken
	case clientbook.ClaimForeignKey:
		return codeKeyTwice
	case clientbook.ClaimFieldValue:
		return codeUniqueValue
	}
	return codeDuplicateClient // by one of the duplicate rules
}

// Fail answers a request with err. It is an httpx.Fail, and needs no caller.
func Fail(w http.ResponseWriter, _ *http.Request, err error) {
	e, ok := errors.AsType[*clientbook.Error](err)
	if !ok {
		e = &clientbook.Error{Kind: clientbook.KindInternal}
	}
	if e.Kind == clientbook.KindInvalid && e.Reason == codeProtocol.name() {
		failProtocol(w)
		return
	}
	status, c := problemOf(e)
	switch status {
	case http.StatusUnauthorized:
		w.Header()["Www-Authenticate"] = []string{`Basic realm="clientbook"`}
	case http.StatusMethodNotAllowed:
		w.Header()["Allow"] = []string{e.Detail}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header()["Retry-After"] = []string{"1"}
	}
	httpx.WriteBytes(w, status, appendError(nil, c, sourceOf(e, c)))
}

// Rejection gives the body of an answer to a request that net/http refused before any handler saw it. It is an httpx.Rejection.
func Rejection(int) []byte { return appendError(nil, codeInvalidParameters, "") }

// appendError appends the body of an error, or of a success without a record.
func appendError(b []byte, c code, source string) []byte {
	b = strconv.AppendInt(append(b, `{"returnCode":`...), int64(c), 10)
	b = quote(append(b, `,"returnStatus":`...), c.name())
	b = appendText(b, `,"errorSource":`, source)
	return append(b, '}')
}

// maxSource is how many characters of what the caller sent an errorSource repeats.
const maxSource = 256

// sourceOf gives what is to blame: a property, a parameter, a header, the id of a custom field, positions of ID documents; "" for nothing.
func sourceOf(e *clientbook.Error, c code) string {
	switch {
	case e.Kind == clientbook.KindNotFound && e.Reason == clientbook.ReasonClient, e.Kind == clientbook.KindStale,
		e.Kind == clientbook.KindBusy, e.Kind == clientbook.KindInternal:
		return ""
	case e.Param != "":
		return shorten(e.Param)
	case c == codeClientIDTaken:
		return names[clientbook.FieldNumber]
	case e.Reason == clientbook.ReasonPageTooBig:
		return "limit"
	case c == codeNoFieldID:
		return "customFieldID"
	case c == codeDuplicateClient, c == codeReferred, c == codeBlacklisted, int(e.Field) >= len(names):
		return ""
	}
	return names[e.Field]
}

// shorten gives the first characters of a text, all of it if there are not more than maxSource.
func shorten(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxSource {
			return s[:i] + "…"
		}
	}
	return s
}
