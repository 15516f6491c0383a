package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"clientbook/internal/store/storetest"
)

// TestDump makes a script of a filled store, and a store of the script. With CLIENTBOOK_DUMP=1 it also writes the script to testdata, for
// the programs to come: that is to be done before a migration is added.
func TestDump(t *testing.T) {
	s := fresh(t, Options{})
	filled := storetest.Fill(t, s, 24)
	script := dump(t, s)
	path := filepath.Join(t.TempDir(), "clientbook.db")
	load(t, path, script)
	again := open(t, path, Options{})
	filled.Verify(t, again)
	if dump(t, again) != script {
		t.Error("a store that was made of a dump gives another one")
	}
	if os.Getenv("CLIENTBOOK_DUMP") != "" {
		if err := os.WriteFile(dumpOf(SchemaVersion()), []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// dumpOf names the script that a program with n migrations wrote.
func dumpOf(n int) string { return filepath.Join("testdata", fmt.Sprintf("%04d.sql", n)) }

// load makes a database file of a script.
func load(t *testing.T, path, script string) {
	t.Helper()
	c, err := sqlite.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sqlitex.ExecuteScript(c, script, nil), c.Close()); err != nil {
		t.Fatal(err)
	}
}

// dump gives the script that makes a database like that of s.
func dump(t *testing.T, s *Store) string {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "PRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", applicationID, SchemaVersion())
	read(t, s, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid", func(st stmt) {
		fmt.Fprintf(&out, "%s;\n", st.ColumnText(0))
	})
	for _, table := range tablesOf(t, s) {
		columns := strings.Join(table.columns, ", ")
		for _, row := range rowsOf(t, s, table) {
			fmt.Fprintf(&out, "INSERT INTO %s (%s) VALUES (%s);\n", table.name, columns, row)
		}
	}
	return out.String()
}

// A table is one of the schema, with the columns that are written.
type table struct {
	name    string
	columns []string
}

func tablesOf(t *testing.T, s *Store) (tables []table) {
	t.Helper()
	read(t, s, `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.rowid, c.cid`, func(st stmt) {
		name := st.ColumnText(0)
		if n := len(tables); n == 0 || tables[n-1].name != name {
			tables = append(tables, table{name: name})
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, st.ColumnText(1))
	})
	return tables
}

// rowsOf gives a table's rows as lists of literals, in order.
func rowsOf(t *testing.T, s *Store, of table) (rows []string) {
	t.Helper()
	read(t, s, fmt.Sprintf("SELECT %[1]s FROM %[2]s ORDER BY %[1]s", strings.Join(of.columns, ", "), of.name), func(st stmt) {
		rows = append(rows, strings.Join(literals(st), ", "))
	})
	return rows
}

func literals(st stmt) []string {
	values := make([]string, st.ColumnCount())
	for i := range values {
		switch st.ColumnType(i) {
		case sqlite.TypeInteger:
			values[i] = fmt.Sprint(st.ColumnInt64(i))
		case sqlite.TypeText:
			values[i] = "'" + strings.ReplaceAll(st.ColumnText(i), "'", "''") + "'"
		default:
			values[i] = fmt.Sprintf("x'%x'", blob(st, i))
		}
	}
	return values
}
