package mambu

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"clientbook"
	"clientbook/internal/book"
)

// searchSettings are those of an institution in Vienna, an hour ahead of UTC in winter.
func searchSettings() *clientbook.Settings {
	def := func(id string) clientbook.Definition {
		return clientbook.Definition{Key: clientbook.DefinitionKey("key-" + id), ID: id, Name: id}
	}
	s := clientbook.DefaultSettings()
	s.TimeZone = "Europe/Vienna"
	s.Branches = []clientbook.Branch{{Definition: def("north"), Active: true}}
	s.Centres = []clientbook.Centre{{Definition: def("market"), Active: true}}
	s.Users = []clientbook.User{{Definition: def("7"), Username: "anna", Active: true}}
	s.CustomFieldSets = []clientbook.CustomFieldSet{{Definition: def("kyc"), Fields: []clientbook.CustomField{
		{Definition: def("job"), Type: clientbook.StringField, Active: true},
		{Definition: def("income"), Type: clientbook.NumberField, Active: true},
		{Definition: def("pep"), Type: clientbook.CheckboxField, Active: true},
		{Definition: def("seen"), Type: clientbook.DateField, Active: true},
		{Definition: def("segment"), Type: clientbook.SelectionField, Options: []clientbook.FieldOption{{Key: "key-gold", Value: "gold"}}},
		{Definition: def("adviser"), Type: clientbook.UserLinkField},
	}}}
	return s
}

// A Wednesday. In Vienna it is a day later already.
var searchTime = time.Date(2020, 1, 7, 23, 30, 0, 0, time.UTC)

func parseSearch(t *testing.T, body string) (*search, error) {
	t.Helper()
	in := new(searchIn)
	if err := json.Unmarshal([]byte(body), in); err != nil {
		if name, ok := wrongType(err); ok {
			return nil, refusal(codeInvalidParameters, name)
		}
		t.Fatal(err)
	}
	return clientSearch(in, searchSettings(), searchTime)
}

// show writes a constraint as text: subject, field, operator, and what it compares with.
func show(c *book.Constraint) string {
	day := func(d clientbook.Date) string {
		if d == (clientbook.Date{}) {
			return "-"
		}
		return d.String()
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Format("2006-01-02T15:04:05.000")
	}
	parts := []string{fmt.Sprint(c.Subject)}
	if c.Field != "" {
		parts = append(parts, string(c.Field))
	}
	parts = append(parts, fmt.Sprint(c.Op))
	parts = append(parts, c.Texts...)
	if c.Op == book.Within && c.Window.Open() {
		parts = append(parts, day(c.Days[0]), day(c.Days[1]))
	} else if c.Op == book.Within {
		parts = append(parts, at(c.Window.After), at(c.Window.Before))
	}
	return strings.Join(parts, " ")
}

// TestConstraints reads one filter of each sort. Contract section 3.5.
func TestConstraints(t *testing.T) {
	is := func(s book.Subject, op book.Op, rest string) string {
		return strings.TrimSpace(fmt.Sprintf("%d %d %s", s, op, rest))
	}
	field := func(key string, op book.Op, rest string) string {
		return strings.TrimSpace(fmt.Sprintf("%d %s %d %s", book.FieldSubject, key, op, rest))
	}
	const custom = `,"dataFieldType":"CUSTOM"`
	for _, x := range []struct{ filter, want string }{
		{`"LAST_NAME","filterElement":"EQUALS","value":"Marsh"`, is(book.LastNameSubject, book.Is, "Marsh")},
		{`"FIRST_NAME","filterElement":"EQUALS_CASE_SENSITIVE","value":"Ada","dataFieldType":"NATIVE","dataItemType":"CLIENT"`, is(book.FirstNameSubject, book.IsExactly, "Ada")},
		{`"FULL_NAME","filterElement":"STARTS_WITH","value":"Ada K"`, is(book.FullNameSubject, book.Begins, "Ada K")},
		{`"MIDDLE_NAME","filterElement":"DIFFERENT_THAN","value":"K"`, is(book.MiddleNameSubject, book.IsNot, "K")},
		{`"MIDDLE_NAME","filterElement":"EMPTY"`, is(book.MiddleNameSubject, book.Empty, "")},
		{`"EMAIL_ADDRESS","filterElement":"NOT_EMPTY","value":null,"secondValue":null,"values":null`, is(book.EmailSubject, book.NotEmpty, "")},
		{`"ID","filterElement":"EQUALS","value":123`, is(book.NumberSubject, book.Is, "123")},
		{`"ENCODED_KEY","filterElement":"IN","values":["a",2]`, is(book.KeySubject, book.OneOf, "a 2")},
		{`"GENDER","filterElement":"EQUALS","value":"FEMALE"`, is(book.GenderSubject, book.Is, "female")},
		{`"CLIENT_STATE","filterElement":"IN","values":["PENDING_APPROVAL","EXITED"]`, is(book.StateSubject, book.OneOf, "pending approval exited")},
		{`"PREFERRED_LANGUAGE","filterElement":"DIFFERENT_THAN","value":"PORTUGESE"`, is(book.LanguageSubject, book.IsNot, "PORTUGESE")},
		{`"CLIENT_ROLE_KEY","filterElement":"EQUALS","value":"client"`, is(book.ClientTypeSubject, book.Is, "d9df8bc78a0234ccc934a845c")},
		{`"BRANCH_KEY","filterElement":"EQUALS","value":"north"`, is(book.BranchSubject, book.Is, "key-north")},
		{`"CENTRE_KEY","filterElement":"IN","values":["key-market","x"]`, is(book.CentreSubject, book.OneOf, "key-market x")},
		{`"CREDIT_OFFICER_KEY","filterElement":"EQUALS","value":"anna"`, is(book.UserSubject, book.Is, "key-7")},
		{`"LOANS_BALANCE","filterElement":"BETWEEN","value":-1.5,"secondValue":"2"`, is(book.NothingSubject, book.Between, "-1.5 2")},

		{`"BIRTHDATE","filterElement":"ON","value":"2000-02-29"`, is(book.BirthDateSubject, book.Within, "2000-02-29 2000-02-29")},
		{`"BIRTHDATE","filterElement":"EQUALS_CASE_SENSITIVE","value":"2000-02-29"`, is(book.BirthDateSubject, book.Within, "2000-02-29 2000-02-29")},
		{`"BIRTH_DATE","filterElement":"BETWEEN","value":"2000-01-01","secondValue":"2001-01-01"`, is(book.BirthDateSubject, book.Within, "2000-01-01 2001-01-01")},
		{`"BIRTHDATE","filterElement":"ON","value":"2000-02-28T23:00:00+0000"`, is(book.BirthDateSubject, book.Within, "2000-02-28 2000-02-28")},
		{`"BIRTHDATE","filterElement":"AFTER","value":"1999-12-31"`, is(book.BirthDateSubject, book.Within, "2000-01-01 -")},
		{`"BIRTHDATE","filterElement":"BEFORE","value":"2000-03-01"`, is(book.BirthDateSubject, book.Within, "- 2000-02-29")},
		{`"BIRTHDATE","filterElement":"TODAY"`, is(book.BirthDateSubject, book.Within, "2020-01-08 2020-01-08")},
		{`"BIRTHDATE","filterElement":"THIS_WEEK"`, is(book.BirthDateSubject, book.Within, "2020-01-06 2020-01-12")},
		{`"BIRTHDATE","filterElement":"THIS_MONTH"`, is(book.BirthDateSubject, book.Within, "2020-01-01 2020-01-31")},
		{`"BIRTHDATE","filterElement":"THIS_YEAR"`, is(book.BirthDateSubject, book.Within, "2020-01-01 2020-12-31")},
		{`"BIRTHDATE","filterElement":"LAST_DAYS","value":8`, is(book.BirthDateSubject, book.Within, "2019-12-31 2020-01-08")},

		// Times: the days of Vienna, both ends of a window left out.
		{`"CREATION_DATE","filterElement":"ON","value":"2020-01-08"`, is(book.CreatedSubject, book.Within, "2020-01-07T22:59:59.999 2020-01-08T23:00:00.000")},
		{`"CREATION_DATE","filterElement":"TODAY"`, is(book.CreatedSubject, book.Within, "2020-01-07T22:59:59.999 2020-01-08T23:00:00.000")},
		{`"CREATION_DATE","filterElement":"ON","value":"2020-07-01"`, is(book.CreatedSubject, book.Within, "2020-06-30T21:59:59.999 2020-07-01T22:00:00.000")},
		{`"LAST_MODIFIED_DATE","filterElement":"AFTER","value":"2020-01-08"`, is(book.UpdatedSubject, book.Within, "2020-01-08T22:59:59.999 -")},
		{`"APPROVED_DATE","filterElement":"BEFORE","value":"2020-01-08"`, is(book.ApprovedSubject, book.Within, "- 2020-01-07T23:00:00.000")},
		{`"CLOSED_DATE","filterElement":"BETWEEN","value":"2020-01-01","secondValue":"2020-01-02"`, is(book.ClosedSubject, book.Within, "2019-12-31T22:59:59.999 2020-01-02T23:00:00.000")},
		{`"ACTIVATION_DATE","filterElement":"THIS_MONTH"`, is(book.ActivatedSubject, book.Within, "2019-12-31T22:59:59.999 2020-01-31T23:00:00.000")},
		{`"CREATION_DATE","filterElement":"ON","value":"2020-01-07T23:30:00Z"`, is(book.CreatedSubject, book.Within, "2020-01-07T22:59:59.999 2020-01-08T23:00:00.000")},
		{`"CREATION_DATE","filterElement":"AFTER","value":"2020-01-07T12:00:00+01:00"`, is(book.CreatedSubject, book.Within, "2020-01-07T11:00:00.000 -")},
		{`"CREATION_DATE","filterElement":"BETWEEN","value":"2020-01-07T12:00:00+0000","secondValue":"2020-01-07T13:00:00+0000"`, is(book.CreatedSubject, book.Within, "2020-01-07T11:59:59.999 2020-01-07T13:00:00.001")},

		{`"key-job","filterElement":"EQUALS","value":"Baker"` + custom, field("key-job", book.Is, "Baker")},
		{`"job","filterElement":"EQUALS","value":"Baker"` + custom, field("key-job", book.Is, "Baker")},
		{`"income","filterElement":"MORE_THAN","value":"1000.50"` + custom, field("key-income", book.More, "1000.50")},
		{`"income","filterElement":"LESS_THAN","value":7` + custom, field("key-income", book.Less, "7")},
		{`"pep","filterElement":"EQUALS","value":"true"` + custom, field("key-pep", book.Is, "TRUE")},
		{`"seen","filterElement":"ON","value":"2020-01-01"` + custom, field("key-seen", book.Is, "2020-01-01")},
		{`"seen","filterElement":"THIS_YEAR"` + custom, field("key-seen", book.Within, "2020-01-01 2020-12-31")},
		{`"segment","filterElement":"EQUALS","value":"key-gold"` + custom, field("key-segment", book.Is, "gold")},
		{`"segment","filterElement":"IN","values":["silver"]` + custom, field("key-segment", book.OneOf, "silver")},
		{`"adviser","filterElement":"EQUALS","value":"anna"` + custom, field("key-adviser", book.Is, "key-7")},
	} {
		body := `{"filterConstraints":[{"filterSelection":` + x.filter + `}]}`
		q, err := parseSearch(t, body)
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if q.none || len(q.Where) != 1 {
			t.Errorf("%s: none %t, %d constraints", body, q.none, len(q.Where))
			continue
		}
		if got := show(&q.Where[0]); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", body, got, x.want)
		}
	}
}

// TestEverAndNever reads filters that hold for every client, or for none.
func TestEverAndNever(t *testing.T) {
	for _, x := range []struct {
		filter string
		none   bool
	}{
		{`"GROUP_KEY","filterElement":"EMPTY"`, false},
		{`"GROUP_ID","filterElement":"DIFFERENT_THAN","value":"1"`, false},
		{`"GROUP_KEY","filterElement":"NOT_EMPTY"`, true},
		{`"GROUP_KEY","filterElement":"EQUALS","value":"1"`, true},
		{`"PORTAL_STATE","filterElement":"IN","values":["ACTIVATED"]`, true},
		{`"BIRTHDATE","filterElement":"BETWEEN","value":"2000-01-02","secondValue":"2000-01-01"`, true},
		{`"CREATION_DATE","filterElement":"BETWEEN","value":"2000-01-02","secondValue":"2000-01-01"`, true},
		{`"BIRTHDATE","filterElement":"AFTER","value":"9999-12-31"`, true},
		{`"BIRTHDATE","filterElement":"BEFORE","value":"0001-01-01"`, true},
	} {
		q, err := parseSearch(t, `{"filterConstraints":[{"filterSelection":`+x.filter+`}]}`)
		if err != nil || q.none != x.none || len(q.Where) != 0 {
			t.Errorf("%s: %+v, %v; want none %t", x.filter, q, err, x.none)
		}
	}
}

// TestSearchFaults reads bodies that are refused. Contract section 3.5; which fault goes before which is a decision.
func TestSearchFaults(t *testing.T) {
	one := func(filter string) string { return `{"filterConstraints":[{"filterSelection":` + filter + `}]}` }
	sorted := func(s string) string { return `{"sortDetails":{` + s + `}}` }
	for _, x := range []struct {
		body   string
		code   code
		source string
	}{
		{one(`"SHOE_SIZE","filterElement":"EQUALS","value":"1"`), codeFilterSelection, "SHOE_SIZE"},
		{one(`"last_name","filterElement":"EQUALS","value":"1"`), codeFilterSelection, "last_name"},
		{one(`"job","filterElement":"EQUALS","value":"1"`), codeFilterSelection, "job"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":"1","dataFieldType":"CUSTOM"`), codeFilterSelection, "LAST_NAME"},
		{`{"filterConstraints":[{}]}`, codeFilterSelection, ""},
		{one(`"LAST_NAME","filterElement":"LIKE","value":"1"`), codeFilterElement, "LAST_NAME"},
		{one(`"LAST_NAME","value":"1"`), codeFilterElement, "LAST_NAME"},
		{one(`"LAST_NAME","filterElement":"MORE_THAN","value":"1"`), codeFilterElement, "LAST_NAME"},
		{one(`"LAST_NAME","filterElement":"IN","values":["1"]`), codeFilterElement, "LAST_NAME"},
		{one(`"LAST_NAME","filterElement":"TODAY"`), codeFilterElement, "LAST_NAME"},
		{one(`"GENDER","filterElement":"STARTS_WITH","value":"MALE"`), codeFilterElement, "GENDER"},
		{one(`"BIRTHDATE","filterElement":"EQUALS","value":"2000-01-01"`), codeFilterElement, "BIRTHDATE"},
		{one(`"BIRTHDATE","filterElement":"DIFFERENT_THAN","value":"2000-01-01"`), codeFilterElement, "BIRTHDATE"},
		{one(`"LOANS_BALANCE","filterElement":"ON","value":"2000-01-01"`), codeFilterElement, "LOANS_BALANCE"},
		{one(`"LAST_NAME","filterElement":"EQUALS"`), codeFilterValue, "LAST_NAME"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":""`), codeFilterValue, "LAST_NAME"},
		{one(`"GENDER","filterElement":"EQUALS","value":"female"`), codeFilterValue, "GENDER"},
		{one(`"CLIENT_STATE","filterElement":"EQUALS","value":"DELETED"`), codeFilterValue, "CLIENT_STATE"},
		{one(`"LOANS_BALANCE","filterElement":"EQUALS","value":"much"`), codeFilterValue, "LOANS_BALANCE"},
		{one(`"BIRTHDATE","filterElement":"ON","value":"2001-02-29"`), codeFilterValue, "BIRTHDATE"},
		{one(`"BIRTHDATE","filterElement":"ON"`), codeFilterValue, "BIRTHDATE"},
		{one(`"CREATION_DATE","filterElement":"ON","value":"01-02-2000"`), codeFilterValue, "CREATION_DATE"},
		{one(`"CREATION_DATE","filterElement":"LAST_DAYS","value":"0"`), codeFilterValue, "CREATION_DATE"},
		{one(`"CREATION_DATE","filterElement":"LAST_DAYS","value":"-3"`), codeFilterValue, "CREATION_DATE"},
		{one(`"pep","filterElement":"EQUALS","value":"yes","dataFieldType":"CUSTOM"`), codeFilterValue, "pep"},
		{one(`"BIRTHDATE","filterElement":"BETWEEN","value":"2000-01-01"`), codeFilterSecondValue, "BIRTHDATE"},
		{one(`"LOANS_BALANCE","filterElement":"BETWEEN","value":"1","secondValue":"x"`), codeFilterSecondValue, "LOANS_BALANCE"},
		{one(`"GENDER","filterElement":"IN","value":"MALE"`), codeFilterValues, "GENDER"},
		{one(`"GENDER","filterElement":"IN","values":[]`), codeFilterValues, "GENDER"},
		{one(`"GENDER","filterElement":"IN","values":["MALE","x"]`), codeFilterValues, "GENDER"},
		{one(`"BRANCH_KEY","filterElement":"IN","values":["x"` + strings.Repeat(`,"x"`, maxFilterValues) + `]`), codeFilterValues, "BRANCH_KEY"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":"1","dataItemType":"GROUP"`), codeFilterItemType, "GROUP"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":"1","dataFieldType":"OTHER"`), codeInvalidParameters, "dataFieldType"},
		{`{"filterConstraints":[{}` + strings.Repeat(",{}", maxFilters) + `]}`, codeTooManyFilters, "filterConstraints"},
		{`{"filterConstraints":{}}`, codeInvalidParameters, "filterConstraints"},
		{`{"filterConstraints":[1]}`, codeInvalidParameters, "filterConstraints"},
		{one(`["LAST_NAME"]`), codeInvalidParameters, "filterSelection"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":{}`), codeInvalidParameters, "value"},
		{one(`"LAST_NAME","filterElement":"EQUALS","value":true`), codeInvalidParameters, "value"},
		{one(`"LAST_NAME","filterElement":"IN","values":"x"`), codeInvalidParameters, "values"},
		{one(`"LAST_NAME","filterElement":"IN","values":["x",[]]`), codeInvalidParameters, "values"},
		{`{"sortDetails":[]}`, codeInvalidParameters, "sortDetails"},
		{sorted(``), codeSortColumn, ""},
		{sorted(`"sortingColumn":"SHOE_SIZE"`), codeSortColumn, "SHOE_SIZE"},
		{sorted(`"sortingColumn":"job"`), codeSortColumn, "job"},
		{sorted(`"sortingColumn":"LAST_NAME","sortingOrder":"UP"`), codeSortOrder, "UP"},
		{sorted(`"sortingColumn":"LAST_NAME","dataItemType":"GROUP"`), codeFilterItemType, "GROUP"},
		{sorted(`"sortingColumn":"GROUP_ID"`), codeNotSortable, "GROUP_ID"},
	} {
		_, err := parseSearch(t, x.body)
		e, ok := err.(*clientbook.Error)
		if !ok || e.Kind != clientbook.KindInvalid || e.Reason != x.code.name() || e.Param != x.source {
			t.Errorf("%.200s: %v, want %s %q", x.body, err, x.code.name(), x.source)
		}
	}
}

// TestSearchSort reads what results are sorted by.
func TestSearchSort(t *testing.T) {
	for _, x := range []struct {
		details string
		subject book.Subject
		field   clientbook.DefinitionKey
		down    bool
	}{
		{`null`, book.NoSubject, "", false},
		{`{"sortingColumn":"LAST_NAME"}`, book.LastNameSubject, "", false},
		{`{"sortingColumn":"LAST_NAME","sortingOrder":"ASC"}`, book.LastNameSubject, "", false},
		{`{"sortingColumn":"CREATION_DATE","sortingOrder":"DESCENDING","dataItemType":"CLIENT"}`, book.CreatedSubject, "", true},
		{`{"sortingColumn":"BIRTH_DATE","sortingOrder":"DESC"}`, book.BirthDateSubject, "", true},
		{`{"sortingColumn":"income","sortingOrder":"ASCENDING","dataFieldType":"CUSTOM"}`, book.FieldSubject, "key-income", false},
		{`{"sortingColumn":"LOANS_BALANCE"}`, book.NoSubject, "", false},
	} {
		q, err := parseSearch(t, `{"sortDetails":`+x.details+`}`)
		if err != nil || q.Sort != x.subject || q.SortField != x.field || q.Descending != x.down {
			t.Errorf("%s: %+v, %v", x.details, q, err)
		}
		if err == nil && q.Sort != book.NoSubject && !strings.Contains(x.details, `"`+q.SortSource+`"`) {
			t.Errorf("%s: source %q", x.details, q.SortSource)
		}
	}
}

// TestEmptySearch makes sure that a search without constraints is one of all clients.
func TestEmptySearch(t *testing.T) {
	for _, body := range []string{`{}`, `{"filterConstraints":null,"sortDetails":null}`, `{"filterConstraints":[],"other":[{}]}`} {
		if q, err := parseSearch(t, body); err != nil || q.none || len(q.Where) != 0 || q.Sort != book.NoSubject {
			t.Errorf("%s: %+v, %v", body, q, err)
		}
	}
}

// TestSearchTypes reads the types of GET /api/search as the official Java client writes them, and without its brackets.
func TestSearchTypes(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"", "CLIENT GROUP"},
		{"[]", "CLIENT GROUP"},
		{"[CLIENT,GROUP]", "CLIENT GROUP"},
		{"[GROUP, CLIENT]", "GROUP CLIENT"},
		{"CLIENT", "CLIENT"},
		{"CLIENT,CLIENT", "CLIENT"},
		{"[LOAN_ACCOUNT]", "LOAN_ACCOUNT"},
		{"[PET]", "!"},
		{"client", "!"},
	} {
		types, err := readTypes(x.in)
		got := strings.Join(types, " ")
		if err != nil {
			got = "!"
		}
		if got != x.want {
			t.Errorf("%q: %s, want %s", x.in, got, x.want)
		}
	}
	if !slices.Equal(searchTypes[:2], []string{"CLIENT", "GROUP"}) {
		t.Error("the types were changed")
	}
}
