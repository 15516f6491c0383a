package mambu

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

const (
	maxFilters      = 50
	maxFilterValues = 200 // in one list of IN
	maxLastDays     = 36_500
)

// searchClients serves POST /api/clients/search.
func (a *API) searchClients(w http.ResponseWriter, r *http.Request) error {
	in, err := readSearch(r)
	if err != nil {
		return err
	}
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	full, err := fullDetails(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	s, err := a.books.Settings(r.Context(), caller)
	if err != nil {
		return err
	}
	q, err := clientSearch(in, s, a.now())
	if err != nil {
		return err
	}
	var found []*clientbook.Client
	if !q.none {
		if found, err = a.books.SearchClients(r.Context(), caller, &q.Search, offset, limit); err != nil {
			return err
		}
	}
	answer(w, func(b []byte) []byte { return appendClients(b, caller.Book, s, found, full) })
	return nil
}

// A sort says which filter elements suit a column. That of FilterElement in the models of the official Java client, 9.6, is wider than
// the contract's table: it also lets enumerations, keys and numbers be DIFFERENT_THAN.
type sort uint8

const (
	textSort sort = iota
	numberSort
	dateSort // a calendar day
	timeSort
	enumSort
	keySort
	flagSort // TRUE or FALSE
)

// A column is what clients can be searched and sorted by.
type column struct {
	subject book.Subject // NoSubject: something that no client has
	sort    sort
	words   []string // of enumSort: the wire's words
	values  []string // and what the record has for them
	open    bool     // of enumSort: there are more words, which the record has nothing for
	field   *clientbook.CustomField
}

// genders are the wire's words for them; other genders have none.
var (
	genderWords    = []string{"MALE", "FEMALE"}
	genderValues   = []string{"male", "female"}
	languageValues = func() (all []string) {
		for _, l := range clientbook.Languages {
			all = append(all, string(l))
		}
		return all
	}()
	searchedStates = []clientbook.State{
		clientbook.StatePendingApproval, clientbook.StateInactive, clientbook.StateActive, clientbook.StateExited,
		clientbook.StateBlacklisted, clientbook.StateRejected,
	}
	stateWords, stateValues = func() (words, values []string) {
		for _, s := range searchedStates {
			words, values = append(words, stateOf(s)), append(values, s.String())
		}
		return words, values
	}()
)

// columns are the native ones. Contract section 3.5.
var columns = map[string]column{
	"ENCODED_KEY":         {subject: book.KeySubject, sort: keySort},
	"ID":                  {subject: book.NumberSubject},
	"FULL_NAME":           {subject: book.FullNameSubject},
	"FIRST_NAME":          {subject: book.FirstNameSubject},
	"MIDDLE_NAME":         {subject: book.MiddleNameSubject},
	"LAST_NAME":           {subject: book.LastNameSubject},
	"BIRTHDATE":           {subject: book.BirthDateSubject, sort: dateSort},
	"BIRTH_DATE":          {subject: book.BirthDateSubject, sort: dateSort},
	"GENDER":              {subject: book.GenderSubject, sort: enumSort, words: genderWords, values: genderValues},
	"CREATION_DATE":       {subject: book.CreatedSubject, sort: timeSort},
	"LAST_MODIFIED_DATE":  {subject: book.UpdatedSubject, sort: timeSort},
	"APPROVED_DATE":       {subject: book.ApprovedSubject, sort: timeSort},
	"ACTIVATION_DATE":     {subject: book.ActivatedSubject, sort: timeSort},
	"CLOSED_DATE":         {subject: book.ClosedSubject, sort: timeSort},
	"CLIENT_STATE":        {subject: book.StateSubject, sort: enumSort, words: stateWords, values: stateValues},
	"CLIENT_ROLE_KEY":     {subject: book.ClientTypeSubject, sort: keySort},
	"BRANCH_KEY":          {subject: book.BranchSubject, sort: keySort},
	"CENTRE_KEY":          {subject: book.CentreSubject, sort: keySort},
	"CREDIT_OFFICER_KEY":  {subject: book.UserSubject, sort: keySort},
	"GROUP_KEY":           {sort: keySort},
	"GROUP_ID":            {},
	"HOME_PHONE_NUMBER":   {subject: book.HomePhoneSubject},
	"MOBILE_PHONE_NUMBER": {subject: book.MobileSubject},
	"EMAIL_ADDRESS":       {subject: book.EmailSubject},
	"CLIENT_ADDRESS":      {subject: book.AddressSubject},
	"NOTES":               {subject: book.NotesSubject},
	"PREFERRED_LANGUAGE":  {subject: book.LanguageSubject, sort: enumSort, words: languageValues, values: languageValues},
	"PORTAL_STATE":        {sort: enumSort},

	"LOAN_CYCLE":           {subject: book.NothingSubject, sort: numberSort},
	"GROUP_LOAN_CYCLE":     {subject: book.NothingSubject, sort: numberSort},
	"DEPOSITS_BALANCE":     {subject: book.NothingSubject, sort: numberSort},
	"LOANS_BALANCE":        {subject: book.NothingSubject, sort: numberSort},
	"PENDING_LOAN_AMOUNT":  {subject: book.NothingSubject, sort: numberSort},
	"APPROVED_LOAN_AMOUNT": {subject: book.NothingSubject, sort: numberSort},
	"TOTAL_BALANCE":        {subject: book.NothingSubject, sort: numberSort},
	"DEPOSITS_DUE":         {subject: book.NothingSubject, sort: numberSort},
	"LOANS_DUE":            {subject: book.NothingSubject, sort: numberSort},
	"TOTAL_DUE":            {subject: book.NothingSubject, sort: numberSort},
}

// fieldSorts say what elements suit custom fields of each type.
var fieldSorts = [...]sort{
	clientbook.StringField:     textSort,
	clientbook.NumberField:     numberSort,
	clientbook.SelectionField:  enumSort,
	clientbook.CheckboxField:   flagSort,
	clientbook.DateField:       dateSort,
	clientbook.ClientLinkField: keySort,
	clientbook.GroupLinkField:  keySort,
	clientbook.UserLinkField:   keySort,
}

// columnOf gives the column of a selection: a native one, or a custom field by its key or id.
func columnOf(s *clientbook.Settings, name string, custom bool) (column, bool) {
	if !custom {
		c, ok := columns[name]
		return c, ok
	}
	f, _ := s.CustomField(name)
	if f == nil {
		return column{}, false
	}
	return column{subject: book.FieldSubject, sort: fieldSorts[f.Type], field: f}, true
}

// An element compares a column with values.
type element struct {
	op     book.Op
	sorts  []sort
	values int // 0, 1, 2, or list
	// days gives first and last day that a Within allows, from today and the values; zero is no bound.
	days func(today clientbook.Date, values []clientbook.Date, n int) (first, last clientbook.Date)
}

const list = -1 // of element.values

var (
	datesOnly = []sort{dateSort, timeSort}
	most      = []sort{textSort, numberSort, enumSort, keySort, flagSort}
	every     = append(slices.Clone(most), datesOnly...)
)

// elements are the operators. Mambu compares texts with EQUALS without letter case.
var elements = map[string]element{
	"EQUALS":                {op: book.Is, sorts: most, values: 1},
	"EQUALS_CASE_SENSITIVE": {op: book.IsExactly, sorts: most, values: 1},
	"DIFFERENT_THAN":        {op: book.IsNot, sorts: most, values: 1},
	"MORE_THAN":             {op: book.More, sorts: []sort{numberSort}, values: 1},
	"LESS_THAN":             {op: book.Less, sorts: []sort{numberSort}, values: 1},
	"BETWEEN":               {op: book.Between, sorts: []sort{numberSort, dateSort, timeSort}, values: 2, days: between},
	"ON":                    {op: book.Within, sorts: datesOnly, values: 1, days: on},
	"AFTER":                 {op: book.Within, sorts: datesOnly, values: 1, days: after},
	"BEFORE":                {op: book.Within, sorts: datesOnly, values: 1, days: before},
	"STARTS_WITH":           {op: book.Begins, sorts: []sort{textSort}, values: 1},
	"IN":                    {op: book.OneOf, sorts: []sort{enumSort, keySort}, values: list},
	"TODAY":                 {op: book.Within, sorts: datesOnly, days: today},
	"THIS_WEEK":             {op: book.Within, sorts: datesOnly, days: thisWeek},
	"THIS_MONTH":            {op: book.Within, sorts: datesOnly, days: thisMonth},
	"THIS_YEAR":             {op: book.Within, sorts: datesOnly, days: thisYear},
	"LAST_DAYS":             {op: book.Within, sorts: datesOnly, values: 1, days: lastDays},
	"EMPTY":                 {op: book.Empty, sorts: every},
	"NOT_EMPTY":             {op: book.NotEmpty, sorts: every},
}

// A search is a decoded one; none says that nothing can match.
type search struct {
	book.Search
	none bool
}

// clientSearch turns a decoded body into a search of clients. Faults are found constraint by constraint, then in the sort.
func clientSearch(in *searchIn, s *clientbook.Settings, now time.Time) (*search, error) {
	p := searchParser{settings: s, zone: zoneOf(s), now: now}
	q := new(search)
	if len(in.FilterConstraints.items) > maxFilters {
		return nil, refusal(codeTooManyFilters, "filterConstraints")
	}
	for i := range in.FilterConstraints.items {
		c, holds, err := p.constraint(&in.FilterConstraints.items[i])
		switch {
		case err != nil:
			return nil, err
		case holds == never:
			q.none = true
		case holds == sometimes:
			q.Where = append(q.Where, c)
		}
	}
	return q, p.sort(q, in.SortDetails)
}

// zoneOf gives the zone of a book's dates. Settings are checked when they are applied.
func zoneOf(s *clientbook.Settings) *time.Location {
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// truth says whether a constraint holds whatever the client is.
type truth uint8

const (
	sometimes truth = iota
	always
	never
)

type searchParser struct {
	settings *clientbook.Settings
	zone     *time.Location
	now      time.Time
}

// constraint reads one filter.
func (p *searchParser) constraint(in *filterIn) (book.Constraint, truth, error) {
	custom, err := in.check("CLIENT")
	if err != nil {
		return book.Constraint{}, sometimes, err
	}
	col, ok := columnOf(p.settings, in.FilterSelection.text, custom)
	if !ok {
		return book.Constraint{}, sometimes, refusal(codeFilterSelection, in.FilterSelection.text)
	}
	c, err := p.compare(in, &col)
	switch {
	case err != nil:
		return c, sometimes, err
	case col.subject == book.NoSubject:
		return c, truthOfNothing(c.Op), nil
	case impossible(&c):
		return c, never, nil
	}
	return c, sometimes, nil
}

// compare reads how a filter compares its column, and with what.
func (p *searchParser) compare(in *filterIn, col *column) (book.Constraint, error) {
	c := book.Constraint{Source: in.FilterSelection.text, Subject: col.subject}
	e, day, ok := elementOf(in.FilterElement.text, col.sort)
	if !ok {
		return c, refusal(codeFilterElement, c.Source)
	}
	c.Op = e.op
	if col.field != nil {
		c.Field = col.field.Key
	}
	switch {
	case day:
		c.Op = book.Within
		return c, p.within(&c, in, e, col.sort)
	case e.values == 0: // EMPTY and NOT_EMPTY
		return c, nil
	}
	return c, p.texts(&c, in, e, col)
}

// elementOf gives the element of that name, if it suits the sort, and whether it compares days. EQUALS_CASE_SENSITIVE suits dates too and
// means ON.
func elementOf(name string, s sort) (e element, day, ok bool) {
	dates := slices.Contains(datesOnly, s)
	if dates && name == "EQUALS_CASE_SENSITIVE" {
		name = "ON"
	}
	e, ok = elements[name]
	return e, dates && e.days != nil, ok && slices.Contains(e.sorts, s)
}

// truthOfNothing says whether a comparison holds for something that no client has.
func truthOfNothing(op book.Op) truth {
	if op == book.Empty || op == book.IsNot {
		return always
	}
	return never
}

// impossible says whether nothing lies within the bounds.
func impossible(c *book.Constraint) bool {
	first, last := c.Days[0], c.Days[1]
	w := c.Window
	return last != (clientbook.Date{}) && dayNumber(last) < dayNumber(first) ||
		!w.After.IsZero() && !w.Before.IsZero() && w.Before.Sub(w.After) <= time.Millisecond // the record's times have no parts of one
}

// texts reads what an element compares with, other than days.
func (p *searchParser) texts(c *book.Constraint, in *filterIn, e element, col *column) error {
	given, faults := []filterText{in.Value}, []code{codeFilterValue}
	switch e.values {
	case list:
		if n := len(in.Values.items); n == 0 || n > maxFilterValues {
			return refusal(codeFilterValues, c.Source)
		}
		given, faults = in.Values.items, slices.Repeat([]code{codeFilterValues}, len(in.Values.items))
	case 2:
		given, faults = append(given, in.SecondValue), append(faults, codeFilterSecondValue)
	}
	for i := range given {
		text, ok := p.value(col, given[i].text)
		if !ok {
			return refusal(faults[i], c.Source)
		}
		c.Texts = append(c.Texts, text)
	}
	return nil
}

// value gives what the record has for a value of the wire. False if it can be no value of the column. Keys and options that nothing is
// known of are values all the same, which no client has.
func (p *searchParser) value(col *column, v string) (string, bool) {
	if v == "" {
		return "", false
	}
	switch col.sort {
	case numberSort:
		return v, clientbook.Decimal(v)
	case flagSort:
		v = strings.ToUpper(v)
		return v, v == "TRUE" || v == "FALSE"
	case keySort:
		return p.key(col, v), true
	case enumSort:
		if col.field != nil {
			return option(col.field, v), true
		}
		if col.subject == book.NoSubject {
			return v, true
		}
		if i := slices.Index(col.words, v); i >= 0 {
			return col.values[i], true
		}
		return v, col.open && strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
	}
	return v, true
}

// key gives the key of what the settings define under that id or key.
func (p *searchParser) key(col *column, ref string) string {
	var key clientbook.DefinitionKey
	switch {
	case col.subject == book.ClientTypeSubject:
		if t := p.settings.ClientType(ref); t != nil {
			key = t.Key
		}
	case col.subject == book.BranchSubject:
		if b := p.settings.Branch(ref); b != nil {
			key = b.Key
		}
	case col.subject == book.CentreSubject:
		if c := p.settings.Centre(ref); c != nil {
			key = c.Key
		}
	case col.subject == book.UserSubject, col.field != nil && col.field.Type == clientbook.UserLinkField:
		if u := p.settings.User(ref); u != nil {
			key = u.Key
		}
	}
	if key == "" {
		return ref
	}
	return string(key)
}

// option gives the value of a selection's option, which may be named by its key.
func option(f *clientbook.CustomField, v string) string {
	for i := range f.Options {
		if string(f.Options[i].Key) == v {
			return f.Options[i].Value
		}
	}
	return v
}

// sortingOrders say which of them go down. Mambu's documents write the short forms too.
var sortingOrders = map[string]bool{"": false, "ASCENDING": false, "ASC": false, "DESCENDING": true, "DESC": true}

// sort reads sortDetails, nil if there are none.
func (p *searchParser) sort(q *search, in *sortIn) error {
	if in == nil {
		return nil
	}
	name := in.SortingColumn.text
	custom, err := in.check("CLIENT")
	if err != nil {
		return err
	}
	col, ok := columnOf(p.settings, name, custom)
	if !ok {
		return refusal(codeSortColumn, name)
	}
	down, ok := sortingOrders[in.SortingOrder.text]
	if !ok {
		return refusal(codeSortOrder, in.SortingOrder.text)
	}
	if col.subject == book.NoSubject {
		return refusal(codeNotSortable, name)
	}
	q.Sort, q.SortSource, q.Descending = col.subject, name, down
	if col.field != nil {
		q.SortField = col.field.Key
	}
	if col.subject == book.NothingSubject { // all are alike
		q.Sort = book.NoSubject
	}
	return nil
}

// searchTypes are what GET /api/search can look for. Contract section 15, and the last two from SearchType in the models of the official
// Java client, 9.6.
var searchTypes = []string{
	"CLIENT", "GROUP", "LOAN_ACCOUNT", "SAVINGS_ACCOUNT", "USER", "BRANCH", "CENTRE", "CREDIT_OFFICER", "GL_ACCOUNT", "LINE_OF_CREDIT",
	"CUSTOM_FIELD_SELECTION", "FILTER_CUSTOM_FIELD_SELECTION",
}

// searchAll serves GET /api/search: a map of type to results. That it is such a map, and that the parameter type is a list in brackets,
// is from SearchService and ServiceExecutor of the official Java client (mambu-gmbh/Mambu-APIs-Java, 9.8), which reads it as a
// Map<SearchType, List<SearchResult>>; the properties of a result are those of SearchResult in its models, 9.6: selectionType,
// displayString, resultID, resultKey, score. There is no score here. Only clients are found.
func (a *API) searchAll(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	query := strings.TrimSpace(q.Get("query"))
	if query == "" {
		return refusal(codeMissingParameter, "query")
	}
	types, err := readTypes(q.Get("type"))
	if err != nil {
		return err
	}
	_, limit, err := a.page(r)
	if err != nil {
		return err
	}
	if !q.Has("limit") {
		limit = 100
	}
	caller := callerOf(r)
	var found []*clientbook.Client
	if slices.Contains(types, "CLIENT") {
		if found, err = a.books.SearchNames(r.Context(), caller, query, limit); err != nil {
			return err
		}
	}
	answer(w, func(b []byte) []byte {
		o := newObject(b)
		for _, t := range types {
			if t != "CLIENT" {
				o.raw(t, []byte("[]"))
				continue
			}
			o.array(t, len(found), func(b []byte, i int) []byte { return appendResult(b, caller.Book, found[i]) })
		}
		return o.end()
	})
	return nil
}

// readTypes reads a list of types, in brackets or not; without one it is the two that hold clients.
func readTypes(s string) ([]string, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	var types []string
	for t := range strings.SplitSeq(s, ",") {
		t = strings.TrimSpace(t)
		switch {
		case t == "", slices.Contains(types, t):
		case slices.Contains(searchTypes, t):
			types = append(types, t)
		default:
			return nil, refusal(codeInvalidParameters, "type")
		}
	}
	if types == nil {
		types = searchTypes[:2]
	}
	return types, nil
}

func appendResult(b []byte, id clientbook.BookID, c *clientbook.Client) []byte {
	o := newObject(b)
	o.text("selectionType", "CLIENT")
	o.text("displayString", c.Name())
	o.text("resultID", c.Number)
	o.text("resultKey", c.Key(id))
	return o.end()
}
