package sqlite

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"clientbook"
)

// A selection is a ClientQuery as SQL: one index leads, in the order of lists where it can, and the rest is looked up for each of its
// entries. Nothing here scans the book.
type selection struct {
	query    clientbook.ClientQuery
	from     string // FROM, with its index
	where    []string
	row      string // prefix of the columns created and client
	repeated bool   // a client may be found more than once
	args     []any  // parameter n+1 of the statement
}

// A span is a closed range of milliseconds.
type span struct{ low, high int64 }

// between gives the milliseconds strictly inside of a window.
func between(w clientbook.Window) span {
	s := span{math.MinInt64, math.MaxInt64}
	if !w.After.IsZero() {
		s.low = w.After.UnixMilli() + 1
	}
	if !w.Before.IsZero() {
		s.high = w.Before.Add(time.Millisecond-1).UnixMilli() - 1
	}
	return s
}

// newSelection takes a query that is plain.
func newSelection(book clientbook.BookID, q clientbook.ClientQuery) *selection {
	s := &selection{query: q}
	s.args = append(s.args, int64(book))
	if lists := tokenLists(q); len(lists) > 0 {
		s.byTokens(lists)
	} else {
		s.byHeads()
	}
	return s
}

// plain gives a query that chooses the same, with each criterion in its simplest form: what a list of one says is said by a token, and
// nothing is listed twice.
func plain(q clientbook.ClientQuery) clientbook.ClientQuery {
	q.States, q.Types = unique(q.States), unique(q.Types)
	lists := q.Any
	q.Tokens, q.Any = slices.Clone(q.Tokens), nil
	for _, list := range lists {
		switch {
		case len(list) > 1:
			q.Any = append(q.Any, list)
		case !slices.Contains(q.Tokens, list[0]):
			q.Tokens = append(q.Tokens, list[0])
		}
	}
	return q
}

func unique[E cmp.Ordered](list []E) []E { return slices.Compact(slices.Sorted(slices.Values(list))) }

// tokenLists gives what is asked of tokens: of each list a client has at least one. What the fewest clients are likely to have is first.
func tokenLists(q clientbook.ClientQuery) [][]clientbook.Token {
	lists := make([][]clientbook.Token, 0, len(q.Tokens)+len(q.Any))
	for i := range q.Tokens {
		lists = append(lists, q.Tokens[i:i+1])
	}
	lists = append(lists, q.Any...)
	slices.SortStableFunc(lists, func(a, b []clientbook.Token) int { return commonness(a) - commonness(b) })
	return lists
}

// commonness ranks lists by how many clients are likely to have one of their tokens.
func commonness(list []clientbook.Token) (rank int) {
	for _, t := range list {
		rank = max(rank, commonnessOf(t))
	}
	return rank
}

func commonnessOf(t clientbook.Token) int {
	switch t.Kind {
	case clientbook.MonthToken:
		return 4
	case clientbook.PrefixToken:
		return 3
	}
	switch t.Field {
	case clientbook.FieldEmail, clientbook.FieldMobile, clientbook.FieldTelephone, clientbook.FieldSecondMobile, clientbook.FieldExternalID,
		clientbook.FieldRegistrationNumber, clientbook.FieldWebsite, clientbook.FieldCompanyName, clientbook.FieldIDDocuments:
		return 0
	case clientbook.FieldLastName, clientbook.FieldFirstName, clientbook.FieldMiddleName, clientbook.FieldBirthDate:
		return 1
	case clientbook.FieldJoined:
		return 2
	case clientbook.FieldMetadata, clientbook.FieldValues:
		return 5
	}
	return 6
}

// byTokens lets the first list lead; the others, and what the head says, are looked up. The look-ups are subqueries that give a value:
// SQLite makes joins of EXISTS, and then reads all that the tokens of a list find instead of the first of each.
func (s *selection) byTokens(lists [][]clientbook.Token) {
	s.from, s.row, s.repeated = "token t", "t.", severalOf(lists[0])
	s.and("t.book = ?1 AND %s", s.oneOf("t", lists[0]))
	s.window("t.created", s.query.Created, math.MinInt64)
	for _, list := range lists[1:] {
		s.and("(SELECT 1 FROM token u WHERE u.book = ?1 AND %s AND u.created = t.created AND u.client = t.client)", s.oneOf("u", list))
	}
	head := &selection{query: s.query, args: s.args}
	head.head("c.")
	s.args = head.args
	if len(head.where) > 0 {
		s.and("(SELECT %s FROM client c WHERE c.book = ?1 AND c.client = t.client)", strings.Join(head.where, " AND "))
	}
}

// severalOf says whether one client may have several tokens of the list.
func severalOf(list []clientbook.Token) bool {
	switch list[0].Field {
	case clientbook.FieldMetadata, clientbook.FieldIDDocuments, clientbook.FieldValues:
		return len(list) > 1
	}
	return !sameIndex(list)
}

func sameIndex(list []clientbook.Token) bool {
	return !slices.ContainsFunc(list, func(t clientbook.Token) bool { return t.Index() != list[0].Index() })
}

// oneOf gives the condition that a row of the table token is one of the list.
func (s *selection) oneOf(row string, list []clientbook.Token) string {
	if sameIndex(list) {
		field := s.arg(int64(list[0].Index()))
		values := make([]any, len(list))
		for i := range list {
			values[i] = list[i].Value[:]
		}
		return fmt.Sprintf("%[1]s.field = %[2]s AND %[1]s.value %[3]s", row, field, s.among(values))
	}
	pairs := make([]string, padded(len(list)))
	for i := range pairs {
		t := &list[min(i, len(list)-1)]
		pairs[i] = "(" + s.arg(int64(t.Index())) + ", " + s.arg(t.Value[:]) + ")"
	}
	return fmt.Sprintf("(%[1]s.field, %[1]s.value) IN (VALUES %[2]s)", row, strings.Join(pairs, ", "))
}

// among gives the condition that what stands before it is one of the values.
func (s *selection) among(values []any) string {
	if len(values) == 1 {
		return "= " + s.arg(values[0])
	}
	places := make([]string, padded(len(values)))
	for i := range places {
		places[i] = s.arg(values[min(i, len(values)-1)])
	}
	return "IN (" + strings.Join(places, ", ") + ")"
}

// padded gives the length to which a list of n is brought by repeating its last, so that there are few different statements.
func padded(n int) int { return 1 << bits.Len(uint(n-1)) }

// arg adds a parameter and gives its place.
func (s *selection) arg(v any) string {
	s.args = append(s.args, v)
	return fmt.Sprintf("?%d", len(s.args))
}

func (s *selection) and(format string, args ...any) {
	s.where = append(s.where, fmt.Sprintf(format, args...))
}

// window bounds a time; least is the smallest number that stands for one.
func (s *selection) window(column string, w clientbook.Window, least int64) {
	if w.Open() {
		return
	}
	in := between(w)
	s.and("%s BETWEEN %s AND %s", column, s.arg(max(in.low, least)), s.arg(in.high))
}

// head asks what the columns of the head say, the time of creation aside.
func (s *selection) head(row string) {
	q := &s.query
	if q.Kind != 0 {
		s.and("%skind = %s", row, s.arg(int64(q.Kind)))
	}
	if len(q.States) > 0 {
		s.and("%sstate %s", row, s.among(values(q.States, func(n clientbook.State) any { return int64(n) })))
	}
	if len(q.Types) > 0 {
		s.and("%stype %s", row, s.among(values(q.Types, func(k clientbook.DefinitionKey) any { return string(k) })))
	}
	s.window(row+"updated", q.Updated, math.MinInt64)
	s.window(row+"approved", q.Approved, 1)
	s.window(row+"activated", q.Activated, 1)
	s.window(row+"closed", q.Closed, 1)
	if q.Present != 0 {
		set := s.arg(int64(q.Present))
		s.and("%spresent & %s = %s", row, set, set)
	}
	if q.Absent != 0 {
		s.and("%spresent & %s = 0", row, s.arg(int64(q.Absent)))
	}
}

func values[E any](list []E, value func(E) any) []any {
	vs := make([]any, len(list))
	for i, e := range list {
		vs[i] = value(e)
	}
	return vs
}

// byHeads lets the index lead that is likely to find the fewest.
func (s *selection) byHeads() {
	s.and("book = ?1 AND live = 1")
	index, q := "client_created", &s.query
	switch {
	case !q.Closed.Open():
		index = "client_closed"
		s.and("closed > 0") // or SQLite does not see that the index has them all
	case !q.Activated.Open():
		index = "client_activated"
		s.and("activated > 0")
	case narrow(q.Approved):
		index = "client_approved"
	case narrow(q.Updated):
		index = "client_updated"
	case len(q.Types) > 0:
		index = "client_type"
	case len(q.States) > 0:
		index = "client_state"
	case !q.Approved.Open() && !narrow(q.Created):
		index = "client_approved"
	case !q.Updated.Open() && !narrow(q.Created):
		index = "client_updated"
	case q.Kind != 0:
		index = "client_kind"
	}
	s.from = "client INDEXED BY " + index
	s.head("")
	s.window("created", q.Created, math.MinInt64)
}

// narrow says whether a window is of a month at most, so that few clients are likely to be in it.
func narrow(w clientbook.Window) bool {
	const month = 31 * 24 * time.Hour
	if w.After.IsZero() {
		return false
	}
	if w.Before.IsZero() {
		return time.Since(w.After) <= month
	}
	return w.Before.Sub(w.After) <= month
}

// page gives the statement for the ids and creation times of one page; limit and offset are its last parameters. They are sums because
// SQLite plans for the value of a bare parameter there, and prepares the statement anew whenever it is bound.
func (s *selection) page() string {
	choice, order := "", " DESC"
	if s.repeated {
		choice = "DISTINCT "
	}
	if s.query.Ascending {
		order = ""
	}
	n := len(s.args)
	return fmt.Sprintf("SELECT %[1]s%[2]sclient, %[2]screated FROM %[3]s WHERE %[4]s ORDER BY %[2]screated%[5]s, %[2]sclient%[5]s LIMIT ?%[6]d+0 OFFSET ?%[7]d+0",
		choice, s.row, s.from, strings.Join(s.where, " AND "), order, n+1, n+2)
}

// count gives the statement that counts the matches.
func (s *selection) count() string {
	where := strings.Join(s.where, " AND ")
	if s.repeated {
		return fmt.Sprintf("SELECT count(*) FROM (SELECT DISTINCT %[1]screated, %[1]sclient FROM %[2]s WHERE %[3]s) p", s.row, s.from, where)
	}
	return fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", s.from, where)
}

func (s *selection) bind(st stmt, more ...int64) {
	for i, a := range s.args {
		switch a := a.(type) {
		case int64:
			st.BindInt64(i+1, a)
		case []byte:
			st.BindBytes(i+1, a)
		case string:
			st.BindText(i+1, a)
		}
	}
	for i, n := range more {
		st.BindInt64(len(s.args)+1+i, n)
	}
}

const (
	sumTally  = `SELECT sum(count) FROM tally WHERE book = ?1 AND what = ?2 AND day BETWEEN ?3 AND ?4`
	dayMillis = 24 * 60 * 60 * 1000
)

// Count implements clientbook.ClientReader. What tallies count is read from there, whole days at a time; the parts of days at the ends
// of a window, and every other choice, are counted in an index.
func (r *reader) Count(book clientbook.BookID, q clientbook.ClientQuery) (n int64, err error) {
	q = plain(q)
	err = r.bounded(func() error {
		if keys := talliesFor(q); len(keys) > 0 {
			n, err = r.countDays(book, q, keys)
		} else {
			n, err = r.countRows(book, q)
		}
		return err
	})
	return n, err
}

// talliesFor gives the tallies that together count the clients of q, its creation window aside; none if q has a criterion that is not
// tallied, or more than one.
func talliesFor(q clientbook.ClientQuery) (keys []clientbook.TallyKey) {
	criteria := len(q.Tokens)
	for _, has := range [...]bool{q.Kind != 0, len(q.States) > 0} {
		if has {
			criteria++
		}
	}
	for _, w := range [...]clientbook.Window{q.Updated, q.Approved, q.Activated, q.Closed} {
		if !w.Open() {
			return nil
		}
	}
	switch {
	case criteria > 1 || len(q.Any) > 0 || len(q.Types) > 0 || q.Present != 0 || q.Absent != 0:
		return nil
	case criteria == 0:
		return append(keys, clientbook.TallyAll)
	case q.Kind != 0:
		return append(keys, clientbook.TallyOfKind(q.Kind))
	case len(q.Tokens) > 0:
		if t := q.Tokens[0]; t.Kind == clientbook.ExactToken && t.Field.Few() {
			keys = append(keys, clientbook.TallyOf(t))
		}
		return keys
	}
	for _, state := range q.States {
		keys = append(keys, clientbook.TallyOfState(state))
	}
	return keys
}

func (r *reader) countRows(book clientbook.BookID, q clientbook.ClientQuery) (n int64, err error) {
	sel := newSelection(book, q)
	_, err = r.one(sel.count(), func(s stmt) { sel.bind(s) }, func(s stmt) { n = s.ColumnInt64(0) })
	return n, err
}

func (r *reader) countDays(book clientbook.BookID, q clientbook.ClientQuery, keys []clientbook.TallyKey) (n int64, err error) {
	w := between(q.Created)
	if w.low > w.high {
		return 0, nil
	}
	first, last := int64(math.MinInt32), int64(math.MaxInt32) // whole days
	if w.low != math.MinInt64 {
		first = floorDay(w.low + dayMillis - 1)
	}
	if w.high != math.MaxInt64 {
		last = floorDay(w.high+1) - 1
	}
	if first > last {
		return r.countRows(book, q)
	}
	for _, key := range keys {
		m, err := r.countTally(book, key, first, last)
		if err != nil {
			return 0, err
		}
		n += m
	}
	for _, edge := range []struct {
		cut  bool
		part clientbook.Window
	}{
		{w.low != math.MinInt64 && first*dayMillis > w.low, clientbook.Window{After: q.Created.After, Before: time.UnixMilli(first * dayMillis)}},
		{w.high != math.MaxInt64 && (last+1)*dayMillis <= w.high,
			clientbook.Window{After: time.UnixMilli((last+1)*dayMillis - 1), Before: q.Created.Before}},
	} {
		if !edge.cut {
			continue
		}
		part := q
		part.Created = edge.part
		m, err := r.countRows(book, part)
		if err != nil {
			return 0, err
		}
		n += m
	}
	return n, nil
}

func (r *reader) countTally(book clientbook.BookID, key clientbook.TallyKey, first, last int64) (n int64, err error) {
	_, err = r.one(sumTally, func(s stmt) {
		bindBook(s, 1, book)
		s.BindBytes(2, []byte(key))
		s.BindInt64(3, first)
		s.BindInt64(4, last)
	}, func(s stmt) { n = s.ColumnInt64(0) })
	return n, err
}

func floorDay(ms int64) int64 {
	if ms < 0 {
		ms -= dayMillis - 1
	}
	return ms / dayMillis
}
