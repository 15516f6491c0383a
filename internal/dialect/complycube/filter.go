package complycube

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clientbook"
	"clientbook/internal/book"
)

const (
	defaultPageSize = 100
	maxPageSize     = 1000

	// maxOffset is behind the last client of any book, with room for a page behind it.
	maxOffset = math.MaxInt64 - maxPageSize
)

// A listQuery is the query of a list of clients.
type listQuery struct {
	page, pageSize int64
	filter         book.ClientFilter
}

// offset gives the number of clients on the pages before.
func (q *listQuery) offset() int64 {
	if q.page-1 > maxOffset/q.pageSize {
		return maxOffset
	}
	return (q.page - 1) * q.pageSize
}

// parseList reads a query string. Of its parameters only page and pageSize can be at fault; a filter that can't be understood chooses
// nothing, without an error. Vendor reference, "Filtering"; contract D7 and D8.
func parseList(raw string) (listQuery, error) {
	q := listQuery{page: 1, pageSize: defaultPageSize}
	var pages, sizes []string
	for raw != "" {
		var piece string
		if piece, raw, _ = strings.Cut(raw, "&"); piece == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(piece, "=")
		name, okName := unescape(rawName)
		value, okValue := unescape(rawValue)
		switch {
		case okName && name == "page":
			pages = append(pages, value)
		case okName && name == "pageSize":
			sizes = append(sizes, value)
		case !okName || !okValue:
			q.filter.None = true
		default:
			q.add(name, value)
		}
	}
	if !number(pages, math.MaxInt64, &q.page) {
		return q, badNumber("page", "an integer that is at least 1")
	}
	if !number(sizes, maxPageSize, &q.pageSize) {
		return q, badNumber("pageSize", "an integer from 1 to 1000")
	}
	return q, nil
}

// unescape decodes a name or value. False if the encoding is broken or hides text that is no UTF-8, or if a semicolon stands in it,
// which some take for a separator; then it gives something that is no number either.
func unescape(s string) (string, bool) {
	v, err := url.QueryUnescape(s)
	if err != nil || strings.Contains(s, ";") || !utf8.ValidString(v) {
		return "", false
	}
	return v, true
}

// number reads the one value of a parameter that was given, an integer from 1 to most. Two values are none.
func number(values []string, most int64, to *int64) bool {
	if len(values) == 0 {
		return true
	}
	if len(values) > 1 || values[0] == "" || strings.Trim(values[0], "0123456789") != "" {
		return false
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	*to = n
	return err == nil && n >= 1 && n <= most
}

func badNumber(param, detail string) error {
	return &clientbook.Error{Kind: clientbook.KindInvalid, Param: param, Reason: clientbook.ReasonNumber, Detail: detail}
}

// add takes one filter into the query.
func (q *listQuery) add(name, value string) {
	f := &q.filter
	var ok bool
	switch name {
	case "createdAfter":
		ok = after(&f.Created.After, value)
	case "createdBefore":
		ok = before(&f.Created.Before, value)
	case "updatedAfter":
		ok = after(&f.Updated.After, value)
	case "updatedBefore":
		ok = before(&f.Updated.Before, value)
	case names[clientbook.FieldKind]:
		ok = q.kind(value)
	default:
		var v book.FieldValue
		v.Field, v.Key = attribute(name)
		v.Value = value
		f.Values = append(f.Values, v)
		ok = v.Field != clientbook.FieldNone
	}
	f.None = f.None || !ok
}

func (q *listQuery) kind(value string) bool {
	i := slices.Index(kinds[1:], value) + 1
	if i == 0 || q.filter.Kind != 0 && q.filter.Kind != clientbook.ClientKind(i) {
		return false
	}
	q.filter.Kind = clientbook.ClientKind(i)
	return true
}

// attribute gives the field that a filter's name means, and the key if that is metadata; FieldNone if clients can't be filtered by it.
// Nested attributes are written with a dot or, as the PHP SDK does, with brackets.
func attribute(name string) (clientbook.Field, string) {
	if object, rest, ok := strings.Cut(name, "["); ok && !strings.Contains(object, ".") {
		inner, ok := strings.CutSuffix(rest, "]")
		if !ok {
			return clientbook.FieldNone, ""
		}
		name = object + "." + inner
	}
	if key, ok := strings.CutPrefix(name, names[clientbook.FieldMetadata]+"."); ok {
		if key == "" {
			return clientbook.FieldNone, ""
		}
		return clientbook.FieldMetadata, key
	}
	f := clientbook.Field(max(slices.Index(names[:], name), 0))
	if !f.Exact() || f == clientbook.FieldMetadata {
		return clientbook.FieldNone, ""
	}
	return f, ""
}

// after takes a lower bound over; of several the latest counts.
func after(to *time.Time, value string) bool {
	t, ok := parseTime(value)
	if ok && t.After(*to) {
		*to = t
	}
	return ok
}

// before takes an upper bound over; of several the earliest counts.
func before(to *time.Time, value string) bool {
	t, ok := parseTime(value)
	if !ok || !t.After(time.Time{}) { // nothing was before the zero time, which would mean no bound
		return false
	}
	if to.IsZero() || t.Before(*to) {
		*to = t
	}
	return true
}

// parseTime reads an RFC 3339 timestamp, or a date, which is its midnight in UTC.
func parseTime(s string) (time.Time, bool) {
	if d, ok := clientbook.ParseDate(s); ok {
		return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, time.UTC), true
	}
	// time.Parse is laxer than the standard: it takes an hour of one digit, and a comma before the fraction.
	if len(s) <= len("2006-01-02T15") || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err == nil
}
