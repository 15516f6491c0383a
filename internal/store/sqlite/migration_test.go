package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"clientbook"
	"clientbook/internal/store/storetest"
)

// messageBefore2 is what no program with schema 1 wrote, though its schema has the table.
const messageBefore2 = `INSERT INTO message (book, message, client, position, template, channel, state, created, due, leased, attempts, outcome, sealed)
VALUES (1019014375, x'019b7526f3c44ab9b0817000', x'019b7526f3c44ab9b081707f', 3, 'welcome', 'email', 1, 1767197045700, 1767197045701, 0, 2, '', x'00ff');`

// TestMigrations brings the stores of earlier programs, as their dumps have them, to today's schema. What is in them stays, and is read
// and written as what today's program makes.
func TestMigrations(t *testing.T) {
	for n := 1; n < SchemaVersion(); n++ {
		script, err := os.ReadFile(dumpOf(n))
		if err != nil {
			t.Fatalf("a dump of what the program with %d migrations wrote: %v", n, err)
		}
		if n == 1 {
			script = append(script, messageBefore2...)
		}
		path := filepath.Join(t.TempDir(), "clientbook.db")
		load(t, path, string(script))
		s := open(t, path, Options{})
		for _, of := range tablesIn(string(script)) {
			got, want := rowsOf(t, s, of), insertedInto(string(script), of.name)
			slices.Sort(got)
			slices.Sort(want)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("from schema %d: table %s has %d rows, not the %d that it had", n, of.name, len(got), len(want))
			}
		}
		storetest.Check(t, s)
		completeTokens(t, s)
		writeOn(t, s)
		storetest.Check(t, s)
	}
}

var insertion = regexp.MustCompile(`(?m)^INSERT INTO (\w+) \(([^)]*)\)\s+VALUES \((.*)\);$`)

// tablesIn gives the tables that a script fills, with their columns.
func tablesIn(script string) (tables []table) {
	for _, m := range insertion.FindAllStringSubmatch(script, -1) {
		if !slices.ContainsFunc(tables, func(of table) bool { return of.name == m[1] }) {
			tables = append(tables, table{m[1], strings.Split(m[2], ", ")})
		}
	}
	return tables
}

func insertedInto(script, name string) (rows []string) {
	for _, m := range insertion.FindAllStringSubmatch(script, -1) {
		if m[1] == name {
			rows = append(rows, m[3])
		}
	}
	return rows
}

// completeTokens does what a book does that finds itself not indexed: it gives each client the tokens that it lacks.
func completeTokens(t *testing.T, s *Store) {
	t.Helper()
	for _, b := range booksOf(t, s) {
		if b.Indexed != 1 {
			t.Errorf("book %s says that it is indexed up to %d, want 1", b.ID, b.Indexed)
		}
		for _, h := range headsOf(t, s, b.ID) {
			if h.Tokens != 0 {
				t.Errorf("%s says that it has %d tokens, want 0 until it is indexed", h.Client, h.Tokens)
			}
			total := 0
			read(t, s, fmt.Sprintf("SELECT count(*) FROM token WHERE client = x'%s'", h.Client), func(st stmt) { total = st.ColumnInt(0) })
			var add []clientbook.Token
			if h.State != clientbook.StateDeleted {
				add, total = []clientbook.Token{{Field: clientbook.FieldEmail, Kind: clientbook.FoldedToken, Value: [16]byte(h.Digest)}}, total+1
			}
			if err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddTokens(b.ID, h.Client, h.Created, add, total) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.SetIndexed(b.ID, clientbook.IndexLevel) }); err != nil {
			t.Fatal(err)
		}
	}
}

// writeOn writes another version of each client.
func writeOn(t *testing.T, s *Store) {
	t.Helper()
	for _, b := range booksOf(t, s) {
		for _, h := range headsOf(t, s, b.ID) {
			if h.State == clientbook.StateDeleted {
				continue
			}
			h.Version++
			h.Branch, h.Updated = "north", h.Updated.Add(time.Second)
			h.Digest = h.Sum()
			v := clientbook.Version{Client: h.Client, Number: h.Version, Time: h.Updated, Dialect: "test", Action: clientbook.ActionUpdate,
				Head: h.Digest, Body: []byte{1}}
			if err := s.Apply(t.Context(), &clientbook.Change{Book: b.ID, Settings: b.Settings, Version: v, Head: h}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func booksOf(t *testing.T, s *Store) (books []clientbook.Book) {
	t.Helper()
	if err := s.View(t.Context(), func(r clientbook.Reader) (err error) {
		books, err = r.Books()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return books
}

func headsOf(t *testing.T, s *Store, book clientbook.BookID) (heads []clientbook.Head) {
	t.Helper()
	if err := s.View(t.Context(), func(r clientbook.Reader) error {
		return r.Heads(book, clientbook.ClientID{}, 1000, func(h *clientbook.Head) error {
			heads = append(heads, *h)
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return heads
}

func TestForeignAndNewerFilesAreRefused(t *testing.T) {
	for _, x := range []struct{ name, script, want string }{
		{"another program's", "CREATE TABLE things (a); PRAGMA application_id = 1;", "not made by clientbook"},
		{"a newer program's", "CREATE TABLE book (a); PRAGMA application_id = 1129071153; PRAGMA user_version = 99;", "use the newer program"},
	} {
		path := filepath.Join(t.TempDir(), "clientbook.db")
		c, err := sqlite.OpenConn(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := sqlitex.ExecuteScript(c, x.script, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{})
		if err == nil {
			s.Close()
		}
		if after, e := os.ReadFile(path); e != nil || !bytes.Equal(before, after) {
			t.Errorf("%s file was changed, %v", x.name, e)
		}
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s file: %v, want an error that says %q", x.name, err, x.want)
		}
	}
}
