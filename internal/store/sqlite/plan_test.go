package sqlite

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/store/storetest"
)

// harmless are the scans of what a statement brings itself, of a page's ids (p), and of tables with a row for each book, key or keeper.
var harmless = regexp.MustCompile(`^SCAN (p|keeper|book|credential|sqlite_schema|CONSTANT ROW|\d+-ROW VALUES CLAUSE)\b`)

// TestPlansDoNotScan prepares every statement of the engine by using it, and looks at its plan. A table with rows for clients is
// searched, never scanned.
func TestPlansDoNotScan(t *testing.T) {
	s := fresh(t, Options{})
	storetest.Fill(t, s, 20)
	useEveryStatement(t, s)
	var plans int
	s.seen.Range(func(key, _ any) bool {
		query := key.(string)
		if !strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "INSERT") && !strings.HasPrefix(query, "UPDATE") && !strings.HasPrefix(query, "DELETE") {
			return true
		}
		plans++
		if err := s.writer.do(t.Context(), &job{raw: func(c *conn) error {
			return c.rows("EXPLAIN QUERY PLAN "+query, nil, func(st stmt) error {
				detail := st.ColumnText(3)
				if strings.HasPrefix(detail, "SCAN ") && !harmless.MatchString(detail) {
					t.Errorf("%s\nhas the plan %s", query, detail)
				}
				return nil
			})
		}}); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		return true
	})
	if plans < 1000 {
		t.Errorf("%d statements were looked at; this test must see them all", plans)
	}
	for _, query := range constantStatements(t) {
		if _, ok := s.seen.Load(query); !ok {
			t.Errorf("never prepared here, so its plan is not known: %s", query)
		}
	}
}

// TestCountsReadOnlyIndexes looks at the plans of counts with one criterion: they read no client.
func TestCountsReadOnlyIndexes(t *testing.T) {
	s := fresh(t, Options{})
	window := clientbook.Window{After: time.UnixMilli(1), Before: time.UnixMilli(5)}
	month := clientbook.Token{Field: clientbook.FieldBirthDate, Kind: clientbook.MonthToken}
	tag := clientbook.Token{Field: clientbook.FieldValues, Kind: clientbook.FoldedToken}
	for _, q := range []clientbook.ClientQuery{
		{Kind: clientbook.PersonKind, Created: window}, {States: []clientbook.State{2}, Created: window}, {States: []clientbook.State{1, 2}},
		{Types: []clientbook.DefinitionKey{"a"}}, {Types: []clientbook.DefinitionKey{"a", "b", "c"}, Created: window},
		{Created: window}, {Updated: window, Created: window}, {Approved: window}, {Activated: window}, {Closed: window},
		{Tokens: []clientbook.Token{month}}, {Any: [][]clientbook.Token{{month, {Field: month.Field, Kind: month.Kind, Value: [16]byte{1}}}}},
		{Tokens: []clientbook.Token{tag}, Any: [][]clientbook.Token{{tag, month}}},
	} {
		read(t, s, "EXPLAIN QUERY PLAN "+newSelection(testBook, plain(q)).count(), func(st stmt) {
			if step := st.ColumnText(3); strings.HasPrefix(step, "SEARCH client") && !strings.Contains(step, "COVERING INDEX") {
				t.Errorf("a count of %+v has the step %s", q, step)
			}
		})
	}
}

// constantStatements gives the statements that stand in the package's source as constants.
func constantStatements(t *testing.T) (queries []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			ast.Inspect(g, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, err := strconv.Unquote(lit.Value)
					verb, _, _ := strings.Cut(text, " ")
					if err == nil && slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE"}, verb) && !strings.Contains(text, "%") {
						queries = append(queries, text)
					}
				}
				return true
			})
		}
	}
	return queries
}

// useEveryStatement calls everything that the engine can do, with every sort of choice.
func useEveryStatement(t *testing.T, s *Store) {
	t.Helper()
	addBook(t, s)
	for _, c := range []*clientbook.Change{ordinary(1, 1), ordinary(1, 2), ordinary(2, 1)} {
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	gone := ordinary(1, 3)
	gone.Version.Action, gone.Head.State = clientbook.ActionDelete, clientbook.StateDeleted
	gone.Head.Digest = gone.Head.Sum()
	gone.Version.Head = gone.Head.Digest
	gone.Release = []clientbook.Claim{{Kind: clientbook.ClaimNumber, Value: testToken(clientbook.FieldNumber, "1").Value}}
	gone.Tallies = []clientbook.Tally{{Key: clientbook.TallyAll, Day: clientbook.DayOf(gone.Head.Created), Count: -1}}
	if err := s.Apply(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	moved := ordinary(2, 2)
	moved.Head.Branch, moved.Need = "north", []clientbook.ClientID{moved.Version.Client}
	moved.Forbid = []clientbook.Token{testToken(clientbook.FieldValues, "nobody's")}
	if err := s.Apply(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx clientbook.Tx) error { return writeEverything(tx, moved) }); err != nil {
		t.Fatal(err)
	}
	if err := s.writer.do(t.Context(), &job{raw: func(c *conn) error {
		_, err := c.one(versionHash, bindClient(testBook, gone.Version.Client, 1), func(stmt) {})
		return err
	}}); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(r clientbook.Reader) error { return readEverything(r, gone.Version.Client) }); err != nil {
		t.Fatal(err)
	}
}

// writeEverything changes everything that is about no single client.
func writeEverything(tx clientbook.Tx, c *clientbook.Change) error {
	id, client := clientbook.CredentialID{1}, c.Version.Client
	claim := clientbook.Claim{Kind: clientbook.ClaimEmail, Value: [16]byte{1}}
	m := &clientbook.Message{Book: testBook, ID: client, Client: client, State: clientbook.MessageQueued, Created: time.UnixMilli(1), Sealed: []byte{1}}
	for _, do := range []func() error{
		func() error {
			return tx.AddCredential(clientbook.Credential{ID: id, Book: testBook, Created: time.UnixMilli(1)})
		},
		func() error { return tx.RevokeCredential(id, time.UnixMilli(2)) },
		func() error {
			return tx.AddKeeper(clientbook.Keeper{ID: "x", Kind: "file", Wrapped: []byte{1}, Created: time.UnixMilli(1)})
		},
		func() error {
			return tx.AddSettings(clientbook.SettingsSet{Book: testBook, Number: 4, Sealed: []byte{1}})
		},
		func() error { return tx.SetIndexed(testBook, 2) },
		func() error { return tx.AddTokens(testBook, client, c.Head.Created, c.Add, 14) },
		func() error { _, err := tx.AddClaim(testBook, claim, client); return err },
		func() error { return tx.DropClaim(testBook, claim, client) },
		func() error { return tx.SetCursor(testBook, "x", clientbook.None, 1) },
		func() error { return tx.SetCursor(testBook, "x", 1, clientbook.None) },
		func() error { return tx.AddMessage(m) },
		func() error { return tx.SetMessage(m) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// queries gives a query of every form: each criterion alone and with others, in windows open and bounded, long and short.
func queries() (qs []clientbook.ClientQuery) {
	now := time.Now()
	few := func(k clientbook.TokenKind, fs ...clientbook.Field) (list []clientbook.Token) {
		for _, f := range fs {
			list = append(list, clientbook.Token{Field: f, Kind: k, Value: [16]byte{1}}, clientbook.Token{Field: f, Kind: k, Value: [16]byte{2}},
				clientbook.Token{Field: f, Kind: k, Value: [16]byte{3}})
		}
		return list
	}
	months, tags := few(clientbook.MonthToken, clientbook.FieldBirthDate), few(clientbook.FoldedToken, clientbook.FieldValues)
	mixed := few(clientbook.FoldedToken, clientbook.FieldEmail, clientbook.FieldFirstName)
	tokens := []clientbook.ClientQuery{{}, {Any: [][]clientbook.Token{months}}, {Any: [][]clientbook.Token{tags}}, {Any: [][]clientbook.Token{mixed, months, tags}}}
	for n := range 5 {
		var q clientbook.ClientQuery
		for i := range n {
			q.Tokens = append(q.Tokens, testToken(clientbook.Field(2+i), "x"))
		}
		tokens = append(tokens, q)
	}
	tokens = append(tokens, clientbook.ClientQuery{Tokens: tags[:1], Any: [][]clientbook.Token{mixed, months}})
	edits := []func(*clientbook.ClientQuery){
		func(q *clientbook.ClientQuery) { q.Kind = clientbook.PersonKind },
		func(q *clientbook.ClientQuery) { q.States = []clientbook.State{1} },
		func(q *clientbook.ClientQuery) { q.States = []clientbook.State{1, 2, 3} },
		func(q *clientbook.ClientQuery) { q.Types = []clientbook.DefinitionKey{"a", "b"} },
		func(q *clientbook.ClientQuery) { q.Present, q.Absent = 4, 8 },
	}
	for i := range 5 {
		for _, w := range []clientbook.Window{{After: now.AddDate(0, -3, 0), Before: now}, {After: now.AddDate(0, 0, -3)}} {
			edits = append(edits, func(q *clientbook.ClientQuery) {
				*[]*clientbook.Window{&q.Created, &q.Updated, &q.Approved, &q.Activated, &q.Closed}[i] = w
			})
		}
	}
	for _, q := range tokens {
		qs = append(qs, q)
		for i, edit := range edits {
			one := q
			edit(&one)
			qs = append(qs, one)
			for _, other := range edits[i+1:] {
				two := one
				other(&two)
				qs = append(qs, two)
			}
		}
	}
	return qs
}

func readEverything(r clientbook.Reader, c clientbook.ClientID) error {
	now := time.UnixMilli(1_700_000_500_000)
	for _, q := range queries() {
		if _, err := r.Count(testBook, q); err != nil {
			return err
		}
		for _, q.Ascending = range []bool{false, true} {
			if err := r.Page(testBook, q, 1, 10, func(*clientbook.Stored) error { return nil }); err != nil {
				return err
			}
		}
	}
	nothing := func(*clientbook.Message) error { return nil }
	var errs []error
	try := func(_ any, err error) {
		if err != nil && clientbook.KindOf(err) != clientbook.KindNotFound {
			errs = append(errs, err)
		}
	}
	try(r.Current(testBook, c))
	try(nil, r.Page(testBook, clientbook.ClientQuery{}, 0, 10, func(*clientbook.Stored) error { return nil }))
	try(r.Books())
	try(r.Book(testBook))
	try(r.Credential(clientbook.CredentialID{}))
	try(r.Credentials())
	try(r.Keepers())
	try(nil, r.Heads(testBook, clientbook.ClientID{}, 10, func(*clientbook.Head) error { return nil }))
	try(nil, r.Versions(testBook, c, 0, 10, func(*clientbook.Version) error { return nil }))
	try(nil, r.Feed(testBook, 0, 10, func(clientbook.FeedEntry) error { return nil }))
	try(r.VersionCount(testBook))
	try(r.DataKey(testBook, c))
	try(r.HasToken(testBook, testToken(clientbook.FieldEmail, "1"), now, c))
	for _, client := range []clientbook.ClientID{{}, c} {
		for _, w := range []clientbook.Window{{}, {After: now}} {
			try(nil, r.Messages(testBook, clientbook.MessageQuery{Client: client, Created: w}, 1, 10, nothing))
		}
	}
	try(r.Message(testBook, c))
	try(nil, r.DueMessages(clientbook.EmailChannel, now, 10, nothing))
	_, _, err := r.Cursor(testBook, "x")
	try(nil, err)
	_, _, err = r.TokenCounts(testBook)
	try(nil, err)
	try(r.Version(testBook, c, 1))
	try(r.Settings(testBook))
	try(nil, r.Actions(testBook, 0, 10, func(clientbook.FeedEntry, clientbook.Action) error { return nil }))
	try(nil, r.Claims(testBook, clientbook.ClaimNumber, [16]byte{}, 10, func(clientbook.Claim, clientbook.ClientID) error { return nil }))
	try(r.ClaimCount(testBook, clientbook.ClaimNumber))
	try(r.Presence(testBook, []clientbook.Field{clientbook.FieldEmail, clientbook.FieldMetadata}))
	for _, f := range []clientbook.Field{clientbook.FieldNone, clientbook.FieldKind, clientbook.FieldState, clientbook.FieldGender} {
		try(r.Tallies(testBook, f))
		try(r.Recount(testBook, f))
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}
