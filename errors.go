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
	ReasonBody         = "body"         // the body is missing, or is no JSON object
	ReasonBodyTooLarge = "body_size"    // more bytes than the route takes
	ReasonContentType  = "content_type" // the body is not declared as JSON
	ReasonEncoding     = "encoding"     // a Content-Encoding that is not served
	ReasonHeaders      = "headers"      // headers too large or malformed
	ReasonTimeout      = "timeout"      // the request did not arrive in time
	ReasonNumber       = "number"       // not an integer in the range of the parameter
	ReasonExhausted    = "exhausted"    // no free client number was found
)

// NotFound is the error for a thing that is not there; reason says what it is.
func NotFound(reason string) *Error { return &Error{Kind: KindNotFound, Reason: reason} }

// Busy is the error for a store that can't take the request now.
func Busy(reason string, cause error) *Error {
	return &Error{Kind: KindBusy, Reason: reason, Err: cause}
}
