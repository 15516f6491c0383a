package sqlite

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"clientbook"
)

// A conn is one connection with its prepared statements. One goroutine uses it at a time.
type conn struct {
	*sqlite.Conn
	stmts    map[string]*kept
	prepared func(query string) // told of every statement when it is first prepared
	buf      []byte             // what the last row's blobs were copied to
	words    map[string]string  // texts that rows share, such as dialects
	used     int                // statements run, for the tests that bound them
}

// A kept is a statement that is kept for its next use.
type kept struct {
	*sqlite.Stmt
	used int // the connection's count when it was last used
}

// maxStatements bounds what a connection keeps prepared: the engine has some hundred statements, and as many again for the searches of
// an ordinary day; but searches can be put together in more ways than memory can hold.
const maxStatements = 256

// Cache sizes in KiB. The readers' caches lose their content whenever another connection writes, so size helps them little.
const (
	writerCache = 16 << 10
	readerCache = 8 << 10
)

func openConn(path string, flags sqlite.OpenFlags, prepared func(string), pragmas ...string) (*conn, error) {
	c, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	c.SetBusyTimeout(5 * time.Second)
	for _, p := range pragmas {
		if err := sqlitex.ExecuteTransient(c, "PRAGMA "+p, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("pragma %s: %w", p, err), c.Close())
		}
	}
	return &conn{Conn: c, stmts: map[string]*kept{}, words: map[string]string{}, prepared: prepared}, nil
}

func openWriter(path string, prepared func(string)) (*conn, error) {
	useLogVFS()
	uri := url.URL{Scheme: "file", Path: path, RawQuery: "vfs=" + logVFS}
	if !filepath.IsAbs(path) {
		uri = url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: uri.RawQuery}
	}
	return openConn(uri.String(), sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenURI, prepared,
		"journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "secure_delete=ON", "temp_store=MEMORY",
		fmt.Sprintf("cache_size=-%d", writerCache))
}

func openReader(path string, prepared func(string)) (*conn, error) {
	return openConn(path, sqlite.OpenReadWrite, prepared,
		"query_only=ON", "temp_store=MEMORY", fmt.Sprintf("cache_size=-%d", readerCache))
}

// stmt gives the prepared statement, reset and ready to be bound.
func (c *conn) stmt(query string) (*sqlite.Stmt, error) {
	c.used++
	if p, ok := c.stmts[query]; ok {
		p.used = c.used
		return p.Stmt, p.Reset()
	}
	if err := c.makeRoom(); err != nil {
		return nil, err
	}
	s, err := c.Prepare(query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = &kept{s, c.used}
	if c.prepared != nil {
		c.prepared(query)
	}
	return s, nil
}

// makeRoom gives up the statement that was not used for the longest time, if there are too many. It is none that is still being read:
// no callback runs so many others meanwhile.
func (c *conn) makeRoom() error {
	if len(c.stmts) < maxStatements {
		return nil
	}
	oldest := ""
	for query, p := range c.stmts {
		if first := c.stmts[oldest]; first == nil || p.used < first.used {
			oldest = query
		}
	}
	s := c.stmts[oldest]
	delete(c.stmts, oldest)
	return s.Finalize()
}

// exec runs a statement that gives no rows; bind sets its parameters.
func (c *conn) exec(query string, bind func(*sqlite.Stmt)) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	if bind != nil {
		bind(s)
	}
	_, err = s.Step()
	return errors.Join(err, s.Reset())
}

// rows runs a statement and calls each for every row, until each fails.
func (c *conn) rows(query string, bind func(*sqlite.Stmt), each func(*sqlite.Stmt) error) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	if bind != nil {
		bind(s)
	}
	for {
		more, err := s.Step()
		if err != nil {
			return errors.Join(err, s.Reset())
		}
		if !more {
			return s.Reset()
		}
		if err := each(s); err != nil {
			return errors.Join(err, s.Reset())
		}
	}
}

// one runs a statement for its first row; false if there is none.
func (c *conn) one(query string, bind func(*sqlite.Stmt), row func(*sqlite.Stmt)) (bool, error) {
	s, err := c.stmt(query)
	if err != nil {
		return false, err
	}
	if bind != nil {
		bind(s)
	}
	found, err := s.Step()
	if found {
		row(s)
	}
	return found, errors.Join(err, s.Reset())
}

// blob gives a copy of a column's bytes in fresh memory.
func blob(s *sqlite.Stmt, col int) []byte {
	b := make([]byte, s.ColumnLen(col))
	s.ColumnBytes(col, b)
	return b
}

// scratch gives a copy of a column's bytes that is valid until reset is called.
func (c *conn) scratch(s *sqlite.Stmt, col int) []byte {
	n, at := s.ColumnLen(col), len(c.buf)
	if cap(c.buf)-at < n {
		c.buf = make([]byte, 0, max(4096, 2*n))
		at = 0
	}
	c.buf = c.buf[:at+n]
	s.ColumnBytes(col, c.buf[at:])
	return c.buf[at : at+n : at+n]
}

func (c *conn) reset() { c.buf = c.buf[:0] }

// word gives a column's text, one of a few, in memory that all rows share.
func (c *conn) word(s *sqlite.Stmt, col int) string {
	var short [32]byte
	n := s.ColumnBytes(col, short[:])
	if n == len(short) { // there may be more of it
		return s.ColumnText(col)
	}
	w, known := c.words[string(short[:n])]
	if !known {
		if w = s.ColumnText(col); len(c.words) < 64 {
			c.words[w] = w
		}
	}
	return w
}

// sameText says whether a column has that text.
func sameText(s *sqlite.Stmt, col int, text string) bool {
	var short [64]byte
	n := s.ColumnLen(col)
	switch {
	case n != len(text):
		return false
	case n > len(short):
		return s.ColumnText(col) == text
	}
	return string(short[:s.ColumnBytes(col, short[:n])]) == text
}

// bindBook binds a book's id.
func bindBook(s *sqlite.Stmt, param int, b clientbook.BookID) { s.BindInt64(param, int64(b)) }

func millis(s *sqlite.Stmt, col int) time.Time { return clientbook.FromMillis(s.ColumnInt64(col)) }

// translate gives a driver's error the meaning that callers act on. Errors that have one already stay as they are.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*clientbook.Error](err); ok {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultFull, sqlite.ResultIOErr, sqlite.ResultReadOnly,
		sqlite.ResultCantOpen, sqlite.ResultNoMem, sqlite.ResultInterrupt:
		return clientbook.Busy(clientbook.ReasonStore, err)
	}
	return err
}

func isConstraint(err error) bool { return sqlite.ErrCode(err).ToPrimary() == sqlite.ResultConstraint }

// Damaged says whether err means that the file is no database, or one whose content is broken.
func Damaged(err error) bool {
	code := sqlite.ErrCode(err).ToPrimary()
	return code == sqlite.ResultCorrupt || code == sqlite.ResultNotADB
}
