package mambu

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"clientbook"
	"clientbook/internal/book"
)

const (
	defaultLimit = 50
	maxLimit     = 1000

	// maxOffset is behind the last client of any book, with room for a page behind it.
	maxOffset = math.MaxInt64 - maxLimit
)

// page reads the paging parameters of a list or search.
func (a *API) page(r *http.Request) (offset, limit int64, err error) {
	return paging(r.URL.RawQuery)
}

// paging reads offset and limit. Vendor reference, "Pagination"; a parameter that is there twice is no integer.
func paging(raw string) (offset, limit int64, err error) {
	offset, limit = 0, defaultLimit
	var seen [2]bool
	err = eachParam(raw, func(name, value string, _ bool) error {
		switch name {
		case "offset":
			return number(&offset, value, &seen[0], maxOffset, codeOffsetValue, codeOffsetBounds, name)
		case "limit":
			return number(&limit, value, &seen[1], maxLimit, codeLimitValue, codeLimitBounds, name)
		}
		return nil
	})
	return offset, limit, err
}

// number reads an integer from 0 to most. An offset that is larger is as good as the largest.
func number(to *int64, value string, seen *bool, most int64, bad, bounds code, name string) error {
	digits := strings.TrimPrefix(value, "-")
	if *seen || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return refusal(bad, name)
	}
	*seen = true
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case digits != value && strings.Trim(digits, "0") != "":
		return refusal(bounds, name)
	case err == nil && n <= most:
		*to = n
	case most == maxOffset:
		*to = maxOffset
	default:
		return refusal(bounds, name)
	}
	return nil
}

// fullDetails says whether a request asks for clients with all that hangs on them.
func fullDetails(r *http.Request) (full bool, err error) {
	if r.URL.RawQuery == "" {
		return false, nil
	}
	err = eachParam(r.URL.RawQuery, func(name, value string, _ bool) error {
		if name != "fullDetails" {
			return nil
		}
		full = strings.EqualFold(value, "true") // some clients write what their language prints
		if !full && !strings.EqualFold(value, "false") {
			return refusal(codeFullDetails, name)
		}
		return nil
	})
	return full, err
}

// parseFilter reads the filters of GET /api/clients. Those that are no filter are ignored; contract section 3.4.
func parseFilter(raw string, s *clientbook.Settings) (book.ClientFilter, error) {
	f := book.ClientFilter{Kind: clientbook.PersonKind, Ascending: true, NoTotal: true}
	err := eachParam(raw, func(name, value string, ok bool) error {
		if !ok { // nothing has such a value
			value = ""
		}
		return addFilter(&f, s, name, value)
	})
	return f, err
}

// addFilter takes one filter into f.
func addFilter(f *book.ClientFilter, s *clientbook.Settings, name, value string) error {
	equal := func(field clientbook.Field, value string) {
		f.Values = append(f.Values, book.FieldValue{Field: field, Value: value})
		f.None = f.None || value == ""
	}
	switch name {
	case "firstName":
		equal(clientbook.FieldFirstName, value)
	case "lastName":
		equal(clientbook.FieldLastName, value)
	case "idDocument":
		equal(clientbook.FieldIDDocuments, value)
	case "birthDate", "birthdate":
		if _, ok := clientbook.ParseDate(value); !ok {
			return refusal(codeBirthDate, name)
		}
		equal(clientbook.FieldBirthDate, value)
	case "branchId":
		b := s.Branch(value)
		if b == nil {
			return refusal(codeBranchID, name)
		}
		equal(clientbook.FieldBranch, string(b.Key))
	case "centreId":
		c := s.Centre(value)
		if c == nil {
			return refusal(codeCentreID, name)
		}
		equal(clientbook.FieldCentre, string(c.Key))
	case "creditOfficerUsername":
		key := userNamed(s, value)
		if key == "" {
			return refusal(codeUserName, name)
		}
		equal(clientbook.FieldUser, string(key))
	case "state":
		state, ok := parseState(value)
		if !ok {
			return refusal(codeClientState, name)
		}
		f.None = f.None || f.State != 0 && f.State != state
		f.State = state
	}
	return nil
}

// userNamed gives the key of the user with that user name, "" if there is none. A key or id is no user name.
func userNamed(s *clientbook.Settings, name string) clientbook.DefinitionKey {
	for i := range s.Users {
		if u := &s.Users[i]; u.Username == name && name != "" {
			return u.Key
		}
	}
	return ""
}
