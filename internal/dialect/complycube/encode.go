package complycube

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"clientbook"
	"clientbook/internal/httpx"
)

// keepBuffer is the largest buffer that goes back to the pool; a page of a hundred clients takes less.
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

// appendList appends a page of clients in the envelope that every list has. Vendor reference, "Pagination".
func appendList(b []byte, page, pageSize, total int64, clients []*clientbook.Client) []byte {
	b = strconv.AppendInt(append(b, `{"page":`...), page, 10)
	b = strconv.AppendInt(append(b, `,"pageSize":`...), pageSize, 10)
	b = strconv.AppendInt(append(b, `,"totalItems":`...), total, 10)
	pages := total / pageSize
	if total%pageSize > 0 {
		pages++
	}
	b = strconv.AppendInt(append(b, `,"pages":`...), pages, 10)
	b = append(b, `,"items":[`...)
	for i, c := range clients {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendClient(b, c)
	}
	return append(b, ']', '}')
}

// appendClient appends the client object. What has no value is left out, so a person shows no companyDetails and a company no
// personDetails: the PHP SDK takes even a null for details.
func appendClient(b []byte, c *clientbook.Client) []byte {
	b = append(b, `{"id":"`...)
	b = appendHex(b, c.ID[:])
	b = append(b, `","type":"`...)
	b = append(b, kinds[c.Kind()]...)
	b = append(b, '"')
	b = appendName(b, c)
	b = appendText(b, `,"email":`, c.Email)
	b = appendText(b, `,"mobile":`, c.Mobile)
	b = appendText(b, `,"telephone":`, c.Telephone)
	b = appendText(b, `,"externalId":`, c.ExternalID)
	b = appendDate(b, `,"joinedDate":`, c.Joined)
	if c.Person != nil {
		b = appendPerson(b, c.Person)
	}
	if c.Company != nil {
		b = appendCompany(b, c.Company)
	}
	b = appendMetadata(b, c.Metadata)
	b = appendText(b, `,"lastActionBy":`, c.LastActionBy)
	b = append(b, `,"createdAt":"`...)
	b = appendTime(b, c.Created)
	b = append(b, `","updatedAt":"`...)
	b = appendTime(b, c.Updated)
	return append(b, '"', '}')
}

// appendName appends entityName: what clientbook.Client.Name gives, without making a text of it.
func appendName(b []byte, c *clientbook.Client) []byte {
	b = append(b, `,"entityName":`...)
	if c.Company != nil {
		return quote(b, c.Company.Name)
	}
	start := len(b)
	for _, part := range [...]string{c.Person.FirstName, c.Person.MiddleName, c.Person.LastName} {
		switch end := len(b) - 1; {
		case part == "":
		case end < start:
			b = quote(b, part)
		default: // over the closing quote; the opening one then becomes the space
			b = quote(b[:end], part)
			b[end] = ' '
		}
	}
	return b
}

func appendPerson(b []byte, p *clientbook.Person) []byte {
	b = append(b, `,"personDetails":{"firstName":`...)
	b = quote(b, p.FirstName)
	b = appendText(b, `,"middleName":`, p.MiddleName)
	b = appendText(b, `,"lastName":`, p.LastName)
	b = appendDate(b, `,"dob":`, p.BirthDate)
	b = appendText(b, `,"gender":`, string(p.Gender))
	b = appendText(b, `,"nationality":`, string(p.Nationality))
	b = appendText(b, `,"birthCountry":`, string(p.BirthCountry))
	b = appendText(b, `,"ssn":`, p.SSN)
	b = appendText(b, `,"socialInsuranceNumber":`, p.SocialInsuranceNumber)
	b = appendText(b, `,"nationalIdentityNumber":`, p.NationalIdentityNumber)
	b = appendText(b, `,"taxIdentificationNumber":`, p.TaxIdentificationNumber)
	return append(b, '}')
}

func appendCompany(b []byte, c *clientbook.Company) []byte {
	b = append(b, `,"companyDetails":{"name":`...)
	b = quote(b, c.Name)
	b = appendText(b, `,"website":`, c.Website)
	b = appendText(b, `,"registrationNumber":`, c.RegistrationNumber)
	b = appendText(b, `,"incorporationCountry":`, string(c.IncorporationCountry))
	b = appendText(b, `,"incorporationType":`, string(c.IncorporationType))
	return append(b, '}')
}

func appendMetadata(b []byte, m clientbook.Metadata) []byte {
	if len(m) == 0 {
		return b
	}
	b = append(b, `,"metadata":`...)
	separator := byte('{')
	for _, e := range m {
		b = quote(append(b, separator), e.Key)
		b = quote(append(b, ':'), e.Value)
		separator = ','
	}
	return append(b, '}')
}

// appendText appends prefix and the quoted text, nothing if there is no text.
func appendText(b []byte, prefix, s string) []byte {
	if s == "" {
		return b
	}
	return quote(append(b, prefix...), s)
}

func appendDate(b []byte, prefix string, d clientbook.Date) []byte {
	if d == (clientbook.Date{}) {
		return b
	}
	b = append(append(b, prefix...), '"')
	return append(d.AppendTo(b), '"')
}

// appendTime appends YYYY-MM-DDTHH:MM:SS.mmmZ, always with three decimals, as in the starting document's example.
func appendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	ms := t.Nanosecond() / 1e6
	b = append(b, digit(year/1000), digit(year/100), digit(year/10), digit(year), '-', digit(int(month)/10), digit(int(month)), '-',
		digit(day/10), digit(day), 'T', digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':',
		digit(second/10), digit(second), '.', digit(ms/100), digit(ms/10), digit(ms), 'Z')
	return b
}

// digit gives the last digit of n.
func digit(n int) byte { return '0' + byte(n%10) }

func appendHex(b, src []byte) []byte {
	const digits = "0123456789abcdef"
	for _, c := range src {
		b = append(b, digits[c>>4], digits[c&15])
	}
	return b
}

// quote appends s as a JSON string.
func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // its error is invalid UTF-8, which the record never holds; it is replaced
	return b
}
