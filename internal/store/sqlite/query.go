package sqlite

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"clientbook"
)

// A selection is a ClientQuery as SQL: one index leads, in the order of lists where it can, and the rest is looked up for each of its
// entries. Nothing here scans the book.
type selection struct {
	query   clientbook.ClientQuery
	created span
	updated span
	from    string // FROM, with its index
	where   []string
	row     string // prefix of the columns created and client
	args    []any  // parameter n+1 of the statement
}

// A span is a closed range of milliseconds.
type span struct{ low, high int64 }

func (s span) open() bool { return s.low == math.MinInt64 && s.high == math.MaxInt64 }

// between gives the milliseconds strictly after one instant and strictly before the other; the zero time is no bound.
func between(after, before time.Time) span {
	s := span{math.MinInt64, math.MaxInt64}
	if !after.IsZero() {
		s.low = after.UnixMilli() + 1
	}
	if !before.IsZero() {
		s.high = before.Add(time.Millisecond-1).UnixMilli() - 1
	}
	return s
}

func newSelection(book clientbook.BookID, q clientbook.ClientQuery) *selection {
	s := &selection{query: q, created: between(q.CreatedAfter, q.CreatedBefore), updated: between(q.UpdatedAfter, q.UpdatedBefore)}
	s.args = append(s.args, int64(book))
	switch {
	case len(q.Tokens) > 0:
		s.byTokens()
	case !s.updated.open():
		s.heads("client_updated")
		s.window("updated", s.updated)
		s.kind()
	case q.Kind != 0:
		s.heads("client_kind")
		s.kind()
	default:
		s.heads("client_created")
	}
	if !s.created.open() {
		s.window(s.row+"created", s.created)
	}
	return s
}

// arg adds a parameter and gives its place.
func (s *selection) arg(v any) string {
	s.args = append(s.args, v)
	return fmt.Sprintf("?%d", len(s.args))
}

func (s *selection) and(format string, args ...any) {
	s.where = append(s.where, fmt.Sprintf(format, args...))
}

func (s *selection) heads(index string) {
	s.from = "client INDEXED BY " + index
	s.and("book = ?1 AND live = 1")
}

func (s *selection) kind() {
	if s.query.Kind != 0 {
		s.and("kind = %s", s.arg(int64(s.query.Kind)))
	}
}

func (s *selection) window(column string, w span) {
	s.and("%s BETWEEN %s AND %s", column, s.arg(w.low), s.arg(w.high))
}

// byTokens lets the token lead whose field has the most values; the others, and what the head says, are looked up.
func (s *selection) byTokens() {
	tokens := slices.Clone(s.query.Tokens)
	slices.SortStableFunc(tokens, func(a, b clientbook.Token) int { return commonness(a.Field) - commonness(b.Field) })
	s.from, s.row = "token t", "t."
	s.and("t.book = ?1 AND t.field = %s AND t.value = %s", s.arg(int64(tokens[0].Field)), s.arg(tokens[0].Value[:]))
	for _, t := range tokens[1:] {
		s.and(`EXISTS (SELECT 1 FROM token u WHERE u.book = ?1 AND u.field = %s AND u.value = %s AND u.created = t.created AND u.client = t.client)`,
			s.arg(int64(t.Field)), s.arg(t.Value[:]))
	}
	if s.query.Kind == 0 && s.updated.open() {
		return
	}
	head := &selection{query: s.query, args: s.args}
	head.and("c.book = ?1 AND c.client = t.client")
	if s.query.Kind != 0 {
		head.and("c.kind = %s", head.arg(int64(s.query.Kind)))
	}
	if !s.updated.open() {
		head.window("c.updated", s.updated)
	}
	s.args = head.args
	s.and("EXISTS (SELECT 1 FROM client c WHERE %s)", strings.Join(head.where, " AND "))
}

// commonness ranks fields by how many clients are likely to share a value.
func commonness(f clientbook.Field) int {
	switch f {
	case clientbook.FieldEmail, clientbook.FieldMobile, clientbook.FieldTelephone, clientbook.FieldExternalID,
		clientbook.FieldRegistrationNumber, clientbook.FieldWebsite, clientbook.FieldCompanyName:
		return 0
	case clientbook.FieldLastName, clientbook.FieldFirstName, clientbook.FieldMiddleName, clientbook.FieldBirthDate:
		return 1
	case clientbook.FieldJoined:
		return 2
	case clientbook.FieldMetadata:
		return 3
	}
	return 4
}

// page gives the statement for the ids and creation times of one page; limit and offset are its last parameters. They are sums because SQLite plans for the
// value of a bare parameter there, and prepares the statement anew whenever it is bound.
func (s *selection) page() string {
	n := len(s.args)
	return fmt.Sprintf("SELECT %[1]sclient, %[1]screated FROM %[2]s WHERE %[3]s ORDER BY %[1]screated DESC, %[1]sclient DESC LIMIT ?%[4]d+0 OFFSET ?%[5]d+0",
		s.row, s.from, strings.Join(s.where, " AND "), n+1, n+2)
}

// count gives the statement that counts the matches.
func (s *selection) count() string {
	return fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", s.from, strings.Join(s.where, " AND "))
}

func (s *selection) bind(st stmt, more ...int64) {
	for i, a := range s.args {
		switch a := a.(type) {
		case int64:
			st.BindInt64(i+1, a)
		case []byte:
			st.BindBytes(i+1, a)
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

// Count implements clientbook.ClientReader. What a tally counts is read from there, whole days at a time; the parts of days at the ends
// of a window, and every other choice, are counted in an index.
func (r *reader) Count(book clientbook.BookID, q clientbook.ClientQuery) (n int64, err error) {
	err = r.bounded(func() error {
		key, tallied := tallyFor(q)
		if !tallied {
			n, err = r.countRows(book, q)
			return err
		}
		n, err = r.countDays(book, q, key)
		return err
	})
	return n, err
}

// tallyFor gives the tally that counts the clients of q, its creation window aside.
func tallyFor(q clientbook.ClientQuery) (clientbook.TallyKey, bool) {
	switch {
	case !q.UpdatedAfter.IsZero() || !q.UpdatedBefore.IsZero():
		return "", false
	case len(q.Tokens) == 0 && q.Kind == 0:
		return clientbook.TallyAll, true
	case len(q.Tokens) == 0:
		return clientbook.TallyOfKind(q.Kind), true
	case len(q.Tokens) == 1 && q.Kind == 0 && q.Tokens[0].Field.Few():
		return clientbook.TallyOf(q.Tokens[0]), true
	}
	return "", false
}

func (r *reader) countRows(book clientbook.BookID, q clientbook.ClientQuery) (n int64, err error) {
	sel := newSelection(book, q)
	_, err = r.one(sel.count(), func(s stmt) { sel.bind(s) }, func(s stmt) { n = s.ColumnInt64(0) })
	return n, err
}

func (r *reader) countDays(book clientbook.BookID, q clientbook.ClientQuery, key clientbook.TallyKey) (int64, error) {
	w := between(q.CreatedAfter, q.CreatedBefore)
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
	n, err := r.countTally(book, key, first, last)
	if err != nil {
		return 0, err
	}
	for _, edge := range []struct {
		cut           bool
		after, before time.Time
	}{
		{w.low != math.MinInt64 && first*dayMillis > w.low, q.CreatedAfter, time.UnixMilli(first * dayMillis)},
		{w.high != math.MaxInt64 && (last+1)*dayMillis <= w.high, time.UnixMilli((last+1)*dayMillis - 1), q.CreatedBefore},
	} {
		if !edge.cut {
			continue
		}
		part := q
		part.CreatedAfter, part.CreatedBefore = edge.after, edge.before
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
