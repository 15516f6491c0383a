package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitemigration"
	"zombiezen.com/go/sqlite/sqlitex"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the file as one of ours; it was drawn at random.
const applicationID int32 = 0x434c4231

// migrations gives the scripts in the order of their numbers; the file's user_version counts those that ran.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	scripts := make([]string, len(names))
	for i, name := range names {
		b, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		scripts[i] = string(b)
	}
	return scripts, nil
}

// known refuses a file of another program, or one that a newer clientbook wrote. An empty file is as good as ours.
func known(c *sqlite.Conn) error {
	scripts, err := migrations()
	if err != nil {
		return err
	}
	var version, app, tables int
	for _, q := range []struct {
		sql string
		to  *int
	}{
		{"PRAGMA user_version", &version}, {"PRAGMA application_id", &app}, {"SELECT count(*) FROM sqlite_schema", &tables},
	} {
		if *q.to, err = sqlitex.ResultInt(c.Prep(q.sql)); err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
	}
	switch {
	case app != int(applicationID) && tables > 0:
		return errors.New("the database file was not made by clientbook")
	case version > len(scripts):
		return fmt.Errorf("the database file has schema %d, this clientbook knows %d: use the newer program", version, len(scripts))
	}
	return nil
}

// migrate brings the file's schema up to date.
func migrate(ctx context.Context, c *sqlite.Conn) error {
	scripts, err := migrations()
	if err != nil {
		return err
	}
	return sqlitemigration.Migrate(ctx, c, sqlitemigration.Schema{AppID: applicationID, Migrations: scripts})
}

// SchemaVersion gives the number of migrations that this program knows, which is the schema of every file it has opened.
func SchemaVersion() int {
	scripts, err := migrations()
	if err != nil {
		panic(err) // they are part of the program
	}
	return len(scripts)
}
