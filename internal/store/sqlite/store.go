// Package sqlite is the embedded engine: one SQLite file, one writing connection that commits many waiting changes with one flush,
// several reading connections that never wait for it, and a checkpointer beside them. Its README lists its caveats.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"zombiezen.com/go/sqlite"

	"clientbook"
)

// Options are what may be chosen when a Store is opened.
type Options struct {
	Log     *slog.Logger // for trouble that no caller hears of; nil: nowhere
	Readers int          // reading connections; 0: one for each processor, at least four

	commit func(do func() error) error // stands around each COMMIT, for tests of lost commits; nil: do()
}

// A Store is an open database file. It implements clientbook.Store.
type Store struct {
	path    string
	log     *slog.Logger
	readers *pool
	writer  *writer
	check   *checkpointer

	mu     sync.RWMutex // held for reading while a call is in progress
	closed bool

	seen sync.Map // text of every statement that was prepared, for the test of query plans
}

var _ clientbook.Store = (*Store)(nil)

// Open opens the database file at path, or makes it, and brings its schema up to date. Nobody else may have it open for writing.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Readers == 0 {
		o.Readers = max(4, runtime.NumCPU())
	}
	if err := touch(path); err != nil {
		return nil, err
	}
	if err := peek(path, func(c *conn) error { return known(c.Conn) }); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{path: path, log: o.Log, readers: newPool(o.Readers)}
	w, err := openWriter(path, s.saw)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := migrate(ctx, w.Conn); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), w.Close())
	}
	for range o.Readers {
		r, err := openReader(path, s.saw)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.readers.close(), w.Close())
		}
		s.readers.put(r)
	}
	s.writer = newWriter(s, w, o.commit)
	if s.check, err = newCheckpointer(s); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.writer.close(), s.readers.close())
	}
	return s, nil
}

// Keepers reads the keepers of the database file at path and changes nothing there, so that a wrong key can be refused before the file
// is opened in earnest. Nobody may write to the file meanwhile.
func Keepers(path string) (ks []clientbook.Keeper, err error) {
	err = peek(path, func(c *conn) error {
		r := &reader{conn: c, began: true}
		var found bool
		if err := r.rows("SELECT 1 FROM sqlite_schema WHERE name = 'keeper'", nil, func(*sqlite.Stmt) error {
			found = true
			return nil
		}); err != nil || !found {
			return err
		}
		ks, err = r.Keepers()
		return err
	})
	return ks, err
}

// peek lets fn read the file at path without a change to it or beside it.
func peek(path string, fn func(*conn) error) (err error) {
	how, after, err := untouched(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, after()) }()
	uri := url.URL{Scheme: "file", Path: path, RawQuery: how}
	c, err := openConn(uri.String(), sqlite.OpenReadOnly|sqlite.OpenURI, nil)
	if err != nil {
		return err
	}
	return errors.Join(fn(c), c.Close())
}

// logHeader is the length of a log that holds nothing: SQLite, "WAL-mode File Format", 4.1.
const logHeader = 32

// untouched gives the URI parameters by which SQLite reads a file that nobody writes without making or changing the log or its index,
// and what is to be done afterwards. A database without a log is read as one that can't change. With a log that a crash left behind,
// SQLite rebuilds the index in its own memory if it may not write to the one that is there; where that one is missing SQLite insists
// on making it, and it is removed.
func untouched(path string) (how string, after func() error, err error) {
	nothing := func() error { return nil }
	log, err := os.Stat(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() <= logHeader {
		return "immutable=1", nothing, nil
	}
	if err != nil {
		return "", nil, err
	}
	index := path + "-shm"
	if _, err := os.Stat(index); errors.Is(err, fs.ErrNotExist) {
		return "", func() error { return os.Remove(index) }, nil
	}
	return "readonly_shm=1", nothing, nil
}

// touch makes the file if it is missing, so that its mode is right from its first moment, and so its directory entry is durable.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(path)
}

// syncDir makes the entry of a file durable.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// enter lets a call in, unless the store is closed; leave must follow.
func (s *Store) enter() error {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return clientbook.Busy(clientbook.ReasonClosed, nil)
	}
	return nil
}

func (s *Store) leave() { s.mu.RUnlock() }

func (s *Store) saw(query string) { s.seen.Store(query, true) }

// View implements clientbook.Store.
func (s *Store) View(ctx context.Context, fn func(clientbook.Reader) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	c, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	defer s.readers.put(c)
	r := &reader{conn: c, ctx: ctx}
	err = fn(r)
	if e := r.end(); err == nil {
		err = e
	}
	return translate(err)
}

// Apply implements clientbook.Store.
func (s *Store) Apply(ctx context.Context, c *clientbook.Change) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	return translate(s.writer.do(ctx, &job{change: c}))
}

// Update implements clientbook.Store.
func (s *Store) Update(ctx context.Context, fn func(clientbook.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	return translate(s.writer.do(ctx, &job{update: fn}))
}

// Close implements clientbook.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.check.close(), s.readers.close(), s.writer.close())
}

// Commits gives how many transactions were committed, each with one flush, since the store was opened.
func (s *Store) Commits() int64 { return s.writer.commits.Load() }
