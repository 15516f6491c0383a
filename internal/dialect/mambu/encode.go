package mambu

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"clientbook"
	"clientbook/internal/httpx"
)

// keepBuffer is the largest buffer that goes back to the pool.
const keepBuffer = 128 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// answer writes 200 with what fill appends.
func answer(w http.ResponseWriter, fill func(b []byte) []byte) {
	buf := buffers.Get().(*[]byte)
	b := fill((*buf)[:0])
	httpx.WriteBytes(w, http.StatusOK, b)
	if cap(b) <= keepBuffer {
		*buf = b
		buffers.Put(buf)
	}
}

// success is the answer to writes that have no record of their own to give.
func success(w http.ResponseWriter) {
	answer(w, func(b []byte) []byte { return appendError(b, codeSuccess, "") })
}

// appendFullClient appends a client with all that hangs on it. Every array is there, empty or not. Contract section 2.5.
func appendFullClient(b []byte, book clientbook.BookID, s *clientbook.Settings, c *clientbook.Client) []byte {
	b = append(b, `{"client":`...)
	b, parent := appendKeyedClient(b, book, c)
	b = append(b, `,"customInformation":[`...)
	if len(c.Values) > 0 {
		b = appendValues(b, book, fieldsOf(s), c.Values, parent)
	}
	b = append(b, `],"idDocuments":[`...)
	b = appendDocuments(b, book, c.IDDocuments, parent)
	b = append(b, `],"addresses":[`...)
	if a := c.MainAddress(); a != nil {
		b = appendAddress(b, book, a, parent)
	}
	return append(b, `],"groupKeys":[]}`...)
}

// A span is where a text stands in a buffer, so that it can be repeated in it.
type span struct{ start, end int }

// appendClient appends the client alone, "flat".
func appendClient(b []byte, book clientbook.BookID, c *clientbook.Client) []byte {
	b, _ = appendKeyedClient(b, book, c)
	return b
}

// appendKeyedClient appends the client alone and says where its quoted key stands. What has no value is left out. Contract section 2.1.
func appendKeyedClient(b []byte, book clientbook.BookID, c *clientbook.Client) ([]byte, span) {
	b = append(b, `{"encodedKey":`...)
	key := span{start: len(b)}
	if c.ForeignKey != "" {
		b = quote(b, c.ForeignKey)
	} else {
		b = appendKey(b, book, c.ID)
	}
	key.end = len(b)
	b = append(b, `,"state":"`...)
	b = append(b, stateOf(c.State)...)
	b = append(b, '"')
	b = appendText(b, `,"id":`, c.Number)
	b = appendTime(b, `,"creationDate":`, c.Created)
	b = appendTime(b, `,"lastModifiedDate":`, c.Updated)
	b = appendTime(b, `,"approvedDate":`, c.Approved)
	b = appendTime(b, `,"activationDate":`, c.Activated)
	b = appendTime(b, `,"closedDate":`, c.Closed)
	b = appendPerson(b, c)
	b = appendText(b, `,"notes":`, c.Notes)
	b = append(b, `,"loanCycle":0,"groupLoanCycle":0`...)
	b = appendText(b, `,"preferredLanguage":`, string(c.Language))
	b = appendText(b, `,"assignedBranchKey":`, string(c.Branch))
	b = appendText(b, `,"assignedCentreKey":`, string(c.Centre))
	b = appendText(b, `,"assignedUserKey":`, string(c.User))
	if c.ClientType != "" { // only the key of it: contract A13
		b = quote(append(b, `,"clientRole":{"encodedKey":`...), string(c.ClientType))
		b = append(b, '}')
	}
	return append(b, '}'), key
}

// appendPerson appends names, contact data, birth date and gender. A gender that this wire has no word for is not shown.
func appendPerson(b []byte, c *clientbook.Client) []byte {
	p := c.Person
	if p == nil { // companies are not found here; this is for safety alone
		p = new(clientbook.Person)
	}
	b = appendText(b, `,"firstName":`, p.FirstName)
	b = appendText(b, `,"lastName":`, p.LastName)
	b = appendText(b, `,"middleName":`, p.MiddleName)
	b = appendText(b, `,"homePhone":`, c.Telephone)
	b = appendText(b, `,"mobilePhone1":`, c.Mobile)
	b = appendText(b, `,"mobilePhone2":`, c.SecondMobile)
	b = appendText(b, `,"emailAddress":`, c.Email)
	b = appendDay(b, `,"birthDate":`, p.BirthDate)
	for _, g := range genders {
		if g.value == p.Gender {
			b = appendText(b, `,"gender":`, g.name)
		}
	}
	return b
}

// appendValues appends the values of the fields that the settings define.
func appendValues(b []byte, book clientbook.BookID, fields *fieldTexts, values []clientbook.FieldValue, parent span) []byte {
	n := 0
	for i := range values {
		f := fields.field(values[i].Field)
		if f == nil {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, book, f, &values[i], n, parent)
		n++
	}
	return b
}

// appendValue appends a custom field value with the whole definition of its field, which clients read. Contract section 2.4.
func appendValue(b []byte, book clientbook.BookID, f *fieldText, v *clientbook.FieldValue, index int, parent span) []byte {
	b = appendKey(append(b, `{"encodedKey":`...), book, v.ID)
	b = append(b, `,"parentKey":`...)
	b = append(b, b[parent.start:parent.end]...)
	b = quote(append(b, `,"customFieldKey":`...), string(v.Field))
	b = quote(append(b, `,"customFieldID":`...), f.ID)
	b = append(append(b, `,"customField":`...), f.JSON...)
	if f.Link {
		b = quote(append(b, `,"linkedEntityKeyValue":`...), v.Value)
	} else {
		b = quote(append(b, `,"value":`...), v.Value)
	}
	b = strconv.AppendInt(append(b, `,"indexInList":`...), int64(index), 10)
	b = strconv.AppendInt(append(b, `,"customFieldSetGroupIndex":`...), int64(v.Group), 10)
	return append(b, '}')
}

// appendDocuments appends the ID documents that have a number; those without one are not for this wire.
func appendDocuments(b []byte, book clientbook.BookID, documents []clientbook.IDDocument, parent span) []byte {
	n := 0
	for i := range documents {
		d := &documents[i]
		if d.Number == "" {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		b = appendKey(append(b, `{"encodedKey":`...), book, d.ID)
		b = append(b, `,"clientKey":`...)
		b = append(b, b[parent.start:parent.end]...)
		b = quote(append(b, `,"documentType":`...), d.Type)
		b = quote(append(b, `,"documentId":`...), d.Number)
		b = appendText(b, `,"issuingAuthority":`, d.Authority)
		b = appendDay(b, `,"validUntil":`, d.ValidUntil)
		b = strconv.AppendInt(append(b, `,"indexInList":`...), int64(n), 10)
		b = appendText(b, `,"identificationDocumentTemplateKey":`, string(d.Template))
		b = append(b, '}')
		n++
	}
	return b
}

func appendAddress(b []byte, book clientbook.BookID, a *clientbook.Address, parent span) []byte {
	b = appendKey(append(b, `{"encodedKey":`...), book, a.ID)
	b = append(b, `,"parentKey":`...)
	b = append(b, b[parent.start:parent.end]...)
	b = appendText(b, `,"line1":`, a.Line1)
	b = appendText(b, `,"line2":`, a.Line2)
	b = appendText(b, `,"city":`, a.City)
	b = appendText(b, `,"region":`, a.Region)
	b = appendText(b, `,"postcode":`, a.Postcode)
	b = appendText(b, `,"country":`, a.Country)
	b = appendText(b, `,"latitude":`, decimal(a.Latitude))
	b = appendText(b, `,"longitude":`, decimal(a.Longitude))
	b = append(b, `,"indexInList":0`...)
	b = appendText(b, `,"addressType":`, a.Kind)
	return append(b, '}')
}

// appendText appends prefix and the quoted text, nothing if there is no text.
func appendText(b []byte, prefix, s string) []byte {
	if s == "" {
		return b
	}
	return quote(append(b, prefix...), s)
}

// appendDay appends a calendar day as its midnight: one client reads nothing else. Nothing for no day.
func appendDay(b []byte, prefix string, d clientbook.Date) []byte {
	if d == (clientbook.Date{}) {
		return b
	}
	b = append(append(b, prefix...), '"')
	return append(d.AppendTo(b), `T00:00:00+0000"`...)
}

// appendTime appends YYYY-MM-DDTHH:MM:SS+0000, nothing for the zero time.
func appendTime(b []byte, prefix string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = append(append(b, prefix...), '"',
		digit(year/1000), digit(year/100), digit(year/10), digit(year), '-', digit(int(month)/10), digit(int(month)), '-',
		digit(day/10), digit(day), 'T', digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':',
		digit(second/10), digit(second))
	return append(b, `+0000"`...)
}

// digit gives the last digit of n.
func digit(n int) byte { return '0' + byte(n%10) }

// appendKey appends the quoted key of what was made in a book: what clientbook.KeyOf gives, without making a text of it.
func appendKey(b []byte, book clientbook.BookID, id clientbook.ClientID) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, digits[book>>shift&15])
	}
	for _, c := range id {
		b = append(b, digits[c>>4], digits[c&15])
	}
	return append(b, '"')
}

// quote appends s as a JSON string.
func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // its error is invalid UTF-8, which the record never holds; it is replaced
	return b
}
