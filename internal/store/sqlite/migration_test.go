package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"clientbook/internal/store/storetest"
)

// TestMigrations brings a store that every earlier program could have left, with data, to today's schema.
func TestMigrations(t *testing.T) {
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	for n := range scripts {
		path := filepath.Join(t.TempDir(), "clientbook.db")
		var filled *storetest.Filled
		if n > 0 {
			old := open(t, path, Options{schema: n})
			filled = storetest.Fill(t, old, 50)
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
		}
		s := open(t, path, Options{})
		if filled == nil {
			filled = storetest.Fill(t, s, 50)
		}
		filled.Verify(t, s)
		storetest.Check(t, s)
	}
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
