package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
)

// backupPages is how much of a copy is made between two transactions: about a millisecond of work, so that writers feel no stall.
const backupPages = 64

// Backup writes a consistent copy of the store to a new file at path while reading and writing go on. The copy is made by the writer
// between its transactions, because SQLite carries changes of that connection over into what is already copied. The file appears under
// its name when it is whole and flushed. progress is told the pages done and in all; it may be nil.
func (s *Store) Backup(ctx context.Context, path string, progress func(done, all int)) (err error) {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return err
	}
	part := f.Name()
	if err := f.Close(); err != nil {
		return err
	}
	defer func() {
		if e := os.Remove(part); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}()
	if err := s.copyTo(ctx, part, progress); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return publish(part, path)
}

func (s *Store) copyTo(ctx context.Context, part string, progress func(done, all int)) error {
	to, err := openConn(part, sqlite.OpenReadWrite, nil, "synchronous=FULL")
	if err != nil {
		return err
	}
	var b *sqlite.Backup
	source := s.writer.do // on the writing connection, between transactions
	var from *conn
	err = source(ctx, &job{raw: func(c *conn) (err error) {
		from = c
		b, err = sqlite.NewBackup(to.Conn, "main", c.Conn, "main")
		return err
	}})
	for more := err == nil; more && err == nil; {
		if err = ctx.Err(); err != nil {
			break
		}
		err = source(ctx, &job{raw: func(c *conn) (err error) {
			if c != from {
				return errors.New("the store was reopened meanwhile")
			}
			more, err = b.Step(backupPages)
			return err
		}})
		if err == nil && progress != nil {
			progress(b.PageCount()-b.Remaining(), b.PageCount())
		}
	}
	if b != nil {
		err = errors.Join(err, source(context.WithoutCancel(ctx), &job{raw: func(*conn) error { return b.Close() }}))
	}
	return errors.Join(err, to.Close())
}

// publish gives a finished file its name, without ever replacing another, and flushes both.
func publish(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(part, path); err != nil {
		return err
	}
	return syncDir(path)
}
