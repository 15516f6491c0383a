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
	if plans < 60 {
		t.Errorf("%d statements were looked at; this test must see them all", plans)
	}
	for _, query := range constantStatements(t) {
		if _, ok := s.seen.Load(query); !ok {
			t.Errorf("never prepared here, so its plan is not known: %s", query)
		}
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
	if err := s.Update(t.Context(), func(tx clientbook.Tx) error {
		id := clientbook.CredentialID{1}
		if err := tx.AddCredential(clientbook.Credential{ID: id, Book: testBook, Created: time.UnixMilli(1)}); err != nil {
			return err
		}
		if err := tx.AddKeeper(clientbook.Keeper{ID: "x", Kind: "file", Wrapped: []byte{1}, Created: time.UnixMilli(1)}); err != nil {
			return err
		}
		return tx.RevokeCredential(id, time.UnixMilli(2))
	}); err != nil {
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

func readEverything(r clientbook.Reader, c clientbook.ClientID) error {
	now := time.UnixMilli(1_700_000_500_000)
	for kind := range clientbook.ClientKind(3) {
		for tokens := range 5 {
			for windows := range 4 {
				q := clientbook.ClientQuery{Kind: kind}
				for i := range tokens {
					q.Tokens = append(q.Tokens, testToken(clientbook.Field(2+i), "x"))
				}
				if windows&1 != 0 {
					q.CreatedAfter, q.CreatedBefore = now.AddDate(0, -3, 0), now
				}
				if windows&2 != 0 {
					q.UpdatedAfter = now.AddDate(0, -3, 0)
				}
				if _, err := r.Count(testBook, q); err != nil {
					return err
				}
				if err := r.Page(testBook, q, 1, 10, func(*clientbook.Stored) error { return nil }); err != nil {
					return err
				}
			}
		}
	}
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
	try(r.TokenCount(testBook, clientbook.FieldEmail))
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
