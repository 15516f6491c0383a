package clientbook

import (
	"errors"
	"strings"
)

// Kind says what a caller should do about an error.
type Kind uint8

// The kinds of error that a caller may see. The zero value is KindInternal, so that an error nobody classified shows nothing.
const (
	KindInternal     Kind = iota // nothing: it is ours, logged in full and shown without detail
	KindInvalid                  // change the request; Field and Reason say where and why
	KindUnauthorized             // show a valid credential
	KindForbidden                // stop: the credential does not allow this
	KindNotFound                 // stop; also the answer for what this caller may not see
	KindConflict                 // choose another value: Claim says which one is taken
	KindStale                    // read again, then write
	KindBusy                     // try again unchanged, after a while
	KindMethod                   // the path is known, the method is not
	KindTooLarge                 // send less
	KindUnsupported              // send it in another form: content type or encoding
)

var kindNames = [...]string{
	"internal", "invalid", "unauthorized", "forbidden", "not found", "conflict", "stale", "busy",
	"method", "too large", "unsupported",
}

// String gives the kind in lower-case words.
func (k Kind) String() string { return kindNames[k] }

// An Error is the one kind of error that crosses layers with a meaning. Everything in it except Err may be shown to a caller, and
// none of it may hold personal data.
type Error struct {
	Kind   Kind
	Field  Field  // the field of the record that is to blame, if one is
	Param  string // what is to blame where that is no field of the record: a query parameter, a header
	Reason string // a stable word that dialects map to their codes
	Detail string // for people
	Claim  Claim  // of KindConflict with ReasonClaim: the one that is taken
	Err    error  // for the log only
}

// Error gives kind, field, reason and cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	for _, s := range []string{e.Field.String(), e.Param, e.Reason, e.Detail} {
		if s != "" {
			b.WriteString(": ")
			b.WriteString(s)
		}
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first Error in err's chain, KindInternal if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// ReasonOf gives the reason of the first Error in err's chain, "" if there is none.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// Reasons: why something was refused, in words that stay the same.
const (
	ReasonRequired     = "required"     // the value is missing or empty
	ReasonType         = "type"         // the value has another JSON type than the field
	ReasonTooLong      = "too_long"     // more characters than the dialect allows
	ReasonCharacters   = "characters"   // a control character where none may be
	ReasonDate         = "date"         // not a calendar day written YYYY-MM-DD
	ReasonEmail        = "email"        // not an e-mail address
	ReasonURL          = "url"          // not an absolute http or https URL
	ReasonCountry      = "country"      // not an assigned ISO 3166-1 alpha-2 code
	ReasonChoice       = "choice"       // not one of the allowed values
	ReasonImmutable    = "immutable"    // can't be changed once set
	ReasonTooMany      = "too_many"     // more entries than allowed
	ReasonKey          = "key"          // a metadata key of the wrong length
	ReasonValue        = "value"        // a metadata value that is no string, or too long
	ReasonState        = "state"        // the client's state forbids it
	ReasonTooBig       = "too_big"      // the record would be larger than a record may be
	ReasonClient       = "client"       // no such client
	ReasonBook         = "book"         // no such book
	ReasonCredential   = "credential"   // no such credential
	ReasonVersion      = "version"      // that version exists already, or its predecessor does not
	ReasonSettings     = "settings"     // decided under settings that are no longer in force
	ReasonClaim        = "claim"        // the value is another client's
	ReasonExists       = "exists"       // a thing of that name exists
	ReasonClosed       = "closed"       // the store is closed
	ReasonStore        = "store"        // the store is away or full
	ReasonContention   = "contention"   // too many writes to one record
	ReasonPath         = "path"         // no such path
	ReasonMethod       = "method"       // the path has other methods; Detail is the Allow header's value
	ReasonBody         = "body"         // the body is no JSON object, or was cut short
	ReasonNoBody       = "no_body"      // the body is empty
	ReasonSyntax       = "syntax"       // the body is broken JSON, repeats a name or is nested too deep
	ReasonUTF8         = "utf8"         // the body is not UTF-8
	ReasonNUL          = "nul"          // a NUL in the body
	ReasonBodyTooLarge = "body_size"    // more bytes than the route takes
	ReasonContentType  = "content_type" // the body is not declared as JSON
	ReasonEncoding     = "encoding"     // a Content-Encoding that is not served
	ReasonHeaders      = "headers"      // headers too large or malformed
	ReasonTimeout      = "timeout"      // the request did not arrive in time
	ReasonNumber       = "number"       // not an integer in the range of the parameter
	ReasonExhausted    = "exhausted"    // no free client number was found

	ReasonNumberForm   = "number_form"   // not the form of a client number
	ReasonNumberSpaces = "number_spaces" // a space in a client number
	ReasonFuture       = "future"        // a date that has not come yet
	ReasonRange        = "range"         // a number outside of its range
	ReasonLanguage     = "language"      // not a language
	ReasonUnknown      = "unknown"       // names nothing that the book's settings define; Field says what sort of thing
	ReasonInactive     = "inactive"      // names something that is switched off
	ReasonGroup        = "group"         // a client type for groups
	ReasonBranch       = "branch"        // a centre of another branch
	ReasonStep         = "step"          // the state can't be reached from the one the client is in
	ReasonReferred     = "referred"      // another client links to this one
	ReasonTwice        = "twice"         // two entries for one and the same thing
	ReasonNoAddress    = "no_address"    // a client of this type has no address
	ReasonTemplate     = "template"      // names no ID document template; Param lists the positions
	ReasonMask         = "mask"          // not of the form that the ID document template asks for
	ReasonMandatory    = "mandatory"     // an ID document that must be there is missing
	ReasonOther        = "other"         // ID documents without a template are not allowed; Param lists the positions

	// Of custom field values; Param is the field as the caller named it.
	ReasonField         = "field"          // no such custom field
	ReasonNoField       = "no_field"       // a value without a field
	ReasonFieldValue    = "field_value"    // the value does not suit the field's type
	ReasonFieldLong     = "field_long"     // more characters than the field takes
	ReasonFieldPattern  = "field_pattern"  // not of the form that the field asks for
	ReasonFieldRequired = "field_required" // a required value is missing
	ReasonFieldKept     = "field_kept"     // a required value can't be removed
	ReasonFieldInactive = "field_inactive" // the field takes no values any more
	ReasonFieldType     = "field_type"     // clients of this type don't have the field
	ReasonFieldParent   = "field_parent"   // the value of the parent field is missing
	ReasonFieldChoice   = "field_choice"   // the option is not allowed with the parent field's value
	ReasonFieldLink     = "field_link"     // links to nothing
	ReasonFieldTwice    = "field_twice"    // two values for one field
	ReasonEntryForm     = "entry_form"     // an entry's index where none may be, or none where one must be
	ReasonEntryOrder    = "entry_order"    // the entries are not numbered 0, 1, 2 and so on
	ReasonEntryTwice    = "entry_twice"    // two values for one field in one entry
	ReasonEntry         = "entry"          // no entry of that number

	ReasonMessage      = "message"       // no such message
	ReasonMessageState = "message_state" // the message is in a state that forbids it
	ReasonTooWide      = "too_wide"      // a search that would have to open too many records
	ReasonUnsortable   = "unsortable"    // a sort that would have to open too many records
	ReasonPageTooBig   = "page_too_big"  // fewer clients must be asked for at once
)

// NotFound is the error for a thing that is not there; reason says what it is.
func NotFound(reason string) *Error { return &Error{Kind: KindNotFound, Reason: reason} }

// Busy is the error for a store that can't take the request now.
func Busy(reason string, cause error) *Error {
	return &Error{Kind: KindBusy, Reason: reason, Err: cause}
}
