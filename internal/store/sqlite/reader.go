package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"clientbook"
)

// A reader reads one snapshot, or what the transaction in progress sees. A snapshot's transaction begins with its second statement: most
// read one client and no more, and for them the statement that is not reset yet holds the snapshot as well.
type reader struct {
	*conn
	ctx   context.Context // bounds long statements; nil inside of the writer
	held  stmt            // the first statement, while nothing else holds the snapshot
	began bool            // a transaction holds the snapshot
}

// first is one for what may well be all that is read.
func (r *reader) first(query string, bind, row func(stmt)) (found bool, err error) {
	if r.began || r.held != nil {
		return r.one(query, bind, row)
	}
	s, err := r.stmt(query)
	if err != nil {
		return false, err
	}
	bind(s)
	r.held = s
	if found, err = s.Step(); found {
		row(s)
	}
	return found, err
}

func (r *reader) begin() error {
	if r.began {
		return nil
	}
	err := r.exec("BEGIN", nil)
	r.began = err == nil
	if r.held != nil {
		err = errors.Join(err, r.held.Reset())
		r.held = nil
	}
	return err
}

// end gives the snapshot up.
func (r *reader) end() error {
	switch {
	case r.held != nil:
		return r.held.Reset()
	case r.began:
		return r.exec("ROLLBACK", nil)
	}
	return nil
}

func (r *reader) one(query string, bind, row func(stmt)) (bool, error) {
	if err := r.begin(); err != nil {
		return false, err
	}
	return r.conn.one(query, bind, row)
}

func (r *reader) rows(query string, bind func(stmt), each func(stmt) error) error {
	if err := r.begin(); err != nil {
		return err
	}
	return r.conn.rows(query, bind, each)
}

// maxRead is how long one statement may read: the log can't begin anew while a snapshot of it is in use.
const maxRead = 2 * time.Second

// bounded runs fn under the request's context and the time limit of reads.
func (r *reader) bounded(fn func() error) error {
	if r.ctx == nil {
		return fn()
	}
	if err := r.begin(); err != nil { // SetInterrupt resets the statement that may hold the snapshot
		return translate(err)
	}
	ctx, cancel := context.WithTimeout(r.ctx, maxRead)
	defer cancel()
	r.SetInterrupt(ctx.Done())
	defer r.SetInterrupt(nil)
	return translate(fn())
}

const (
	currentVersion = `SELECT v.version, v.time, v.credential, v.dialect, v.action, v.head, v.hash, v.body,
(SELECT wrapped FROM key k WHERE k.book = ?1 AND k.client = ?2), (SELECT settings FROM book b WHERE b.book = ?1)
FROM version v WHERE v.book = ?1 AND v.client = ?2 ORDER BY v.version DESC LIMIT 1`
	// listedVersion follows the statement for a page's ids, which leads: CROSS JOIN keeps SQLite from choosing another order. All are
	// joins, for SQLite opens what a subquery reads anew for each row.
	listedVersion = `SELECT v.version, v.time, v.credential, v.dialect, v.action, v.head, v.hash, v.body, k.wrapped, p.client, p.created
FROM (%s) p
CROSS JOIN client c ON c.book = ?1 AND c.client = p.client
CROSS JOIN version v ON v.book = ?1 AND v.client = p.client AND v.version = c.version
LEFT JOIN key k ON k.book = ?1 AND k.client = p.client`
)

// Current implements clientbook.ClientReader.
func (r *reader) Current(book clientbook.BookID, id clientbook.ClientID) (clientbook.Stored, error) {
	st := clientbook.Stored{Version: clientbook.Version{Client: id}}
	r.reset()
	found, err := r.first(currentVersion, func(s stmt) {
		bindBook(s, 1, book)
		s.BindBytes(2, id[:])
	}, func(s stmt) {
		r.version(s, &st.Version)
		st.Key, st.Settings = r.scratch(s, 8), s.ColumnInt64(9)
	})
	if err == nil && !found {
		err = clientbook.NotFound(clientbook.ReasonClient)
	}
	return st, translate(err)
}

// version reads the columns version to body, beginning with the first.
func (r *reader) version(s stmt, v *clientbook.Version) {
	v.Number = s.ColumnInt64(0)
	v.Time = millis(s, 1)
	s.ColumnBytes(2, v.Credential[:])
	v.Dialect = r.word(s, 3)
	v.Action = clientbook.Action(r.word(s, 4))
	s.ColumnBytes(5, v.Head[:])
	s.ColumnBytes(6, v.Hash[:])
	v.Body = r.scratch(s, 7)
}

// Page implements clientbook.ClientReader.
func (r *reader) Page(book clientbook.BookID, q clientbook.ClientQuery, offset, limit int64, fn func(*clientbook.Stored) error) error {
	if limit <= 0 {
		return nil
	}
	var st clientbook.Stored
	var last clientbook.ClientID
	before := int64(math.MaxInt64) // creation time of last
	return r.bounded(func() error {
		sel := newSelection(book, q)
		return r.rows(fmt.Sprintf(listedVersion, sel.page()), func(s stmt) { sel.bind(s, limit, offset) }, func(s stmt) error {
			r.reset()
			r.version(s, &st.Version)
			st.Key = r.scratch(s, 8)
			s.ColumnBytes(9, st.Client[:])
			created := s.ColumnInt64(10)
			if created > before || created == before && bytes.Compare(st.Client[:], last[:]) >= 0 { // SQLite promises no order of a join
				return errors.New("SQLite gave a page in another order than was asked for")
			}
			last, before = st.Client, created
			return fn(&st)
		})
	})
}

// ClaimHolder implements clientbook.ClientReader.
func (r *reader) ClaimHolder(book clientbook.BookID, claim clientbook.Claim) (clientbook.ClientID, bool, error) {
	if err := r.begin(); err != nil {
		return clientbook.ClientID{}, false, translate(err)
	}
	return holderOf(r.conn, book, claim)
}

const (
	allKeepers     = `SELECT keeper, kind, wrapped, created FROM keeper ORDER BY created, keeper`
	allCredentials = `SELECT credential, book, hash, created, revoked FROM credential ORDER BY created, credential`
	oneCredential  = `SELECT credential, book, hash, created, revoked FROM credential WHERE credential = ?1`
	allBooks       = `SELECT book, name, mode, created, settings, position, sealing, tokens, chain FROM book ORDER BY name, mode`
	oneBook        = `SELECT book, name, mode, created, settings, position, sealing, tokens, chain FROM book WHERE book = ?1`
)

// Books implements clientbook.BookReader.
func (r *reader) Books() (bs []clientbook.Book, err error) {
	err = r.rows(allBooks, nil, func(s stmt) error {
		bs = append(bs, scanBook(s))
		return nil
	})
	return bs, translate(err)
}

// Book implements clientbook.BookReader.
func (r *reader) Book(id clientbook.BookID) (b clientbook.Book, err error) {
	found, err := r.one(oneBook, func(s stmt) { bindBook(s, 1, id) }, func(s stmt) { b = scanBook(s) })
	if err == nil && !found {
		err = clientbook.NotFound(clientbook.ReasonBook)
	}
	return b, translate(err)
}

func scanBook(s stmt) clientbook.Book {
	return clientbook.Book{
		ID: clientbook.BookID(s.ColumnInt64(0)), Name: s.ColumnText(1), Mode: clientbook.Mode(s.ColumnText(2)),
		Created: millis(s, 3), Settings: s.ColumnInt64(4), Position: s.ColumnInt64(5),
		Keys: clientbook.BookKeys{Sealing: blob(s, 6), Tokens: blob(s, 7), Chain: blob(s, 8)},
	}
}

// Credential implements clientbook.BookReader.
func (r *reader) Credential(id clientbook.CredentialID) (c clientbook.Credential, err error) {
	found, err := r.one(oneCredential, func(s stmt) { s.BindBytes(1, id[:]) }, func(s stmt) { c = scanCredential(s) })
	if err == nil && !found {
		err = clientbook.NotFound(clientbook.ReasonCredential)
	}
	return c, translate(err)
}

// Credentials implements clientbook.BookReader.
func (r *reader) Credentials() (cs []clientbook.Credential, err error) {
	err = r.rows(allCredentials, nil, func(s stmt) error {
		cs = append(cs, scanCredential(s))
		return nil
	})
	return cs, translate(err)
}

func scanCredential(s stmt) clientbook.Credential {
	c := clientbook.Credential{Book: clientbook.BookID(s.ColumnInt64(1)), Created: millis(s, 3), Revoked: millis(s, 4)}
	s.ColumnBytes(0, c.ID[:])
	s.ColumnBytes(2, c.Hash[:])
	return c
}

// Keepers implements clientbook.BookReader.
func (r *reader) Keepers() (ks []clientbook.Keeper, err error) {
	err = r.rows(allKeepers, nil, func(s stmt) error {
		ks = append(ks, clientbook.Keeper{ID: s.ColumnText(0), Kind: s.ColumnText(1), Wrapped: blob(s, 2), Created: millis(s, 3)})
		return nil
	})
	return ks, translate(err)
}

// A tx changes what is about no single client, inside of the writer.
type tx struct{ reader }

func newTx(c *conn) *tx { return &tx{reader{conn: c, began: true}} }

const (
	insertBook       = `INSERT INTO book (book, name, mode, created, settings, position, sealing, tokens, chain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	insertCredential = `INSERT INTO credential (credential, book, hash, created, revoked) VALUES (?1, ?2, ?3, ?4, ?5)`
	revokeCredential = `UPDATE credential SET revoked = ?2 WHERE credential = ?1`
	countSettings    = `UPDATE book SET settings = settings + 1 WHERE book = ?1`
	insertKeeper     = `INSERT INTO keeper (keeper, kind, wrapped, created) VALUES (?1, ?2, ?3, ?4)`
)

// insert runs an insert whose constraint violation means that such a thing exists.
func (t *tx) insert(query string, bind func(stmt)) error {
	err := t.exec(query, bind)
	if isConstraint(err) {
		return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonExists, Err: err}
	}
	return translate(err)
}

// AddBook implements clientbook.Tx.
func (t *tx) AddBook(b clientbook.Book) error {
	return t.insert(insertBook, func(s stmt) {
		bindBook(s, 1, b.ID)
		s.BindText(2, b.Name)
		s.BindText(3, string(b.Mode))
		s.BindInt64(4, clientbook.Millis(b.Created))
		s.BindInt64(5, b.Settings)
		s.BindInt64(6, b.Position)
		s.BindBytes(7, b.Keys.Sealing)
		s.BindBytes(8, b.Keys.Tokens)
		s.BindBytes(9, b.Keys.Chain)
	})
}

// AddCredential implements clientbook.Tx.
func (t *tx) AddCredential(c clientbook.Credential) error {
	err := t.insert(insertCredential, func(s stmt) {
		s.BindBytes(1, c.ID[:])
		bindBook(s, 2, c.Book)
		s.BindBytes(3, c.Hash[:])
		s.BindInt64(4, clientbook.Millis(c.Created))
		s.BindInt64(5, clientbook.Millis(c.Revoked))
	})
	if err != nil {
		return err
	}
	return t.count(c.Book)
}

// RevokeCredential implements clientbook.Tx.
func (t *tx) RevokeCredential(id clientbook.CredentialID, at time.Time) error {
	c, err := t.Credential(id)
	if err != nil || !c.Revoked.IsZero() {
		return err
	}
	if err := t.exec(revokeCredential, func(s stmt) {
		s.BindBytes(1, id[:])
		s.BindInt64(2, clientbook.Millis(at))
	}); err != nil {
		return translate(err)
	}
	return t.count(c.Book)
}

func (t *tx) count(b clientbook.BookID) error {
	if err := t.exec(countSettings, func(s stmt) { bindBook(s, 1, b) }); err != nil {
		return translate(err)
	}
	if t.Changes() == 0 {
		return clientbook.NotFound(clientbook.ReasonBook)
	}
	return nil
}

// AddKeeper implements clientbook.Tx.
func (t *tx) AddKeeper(k clientbook.Keeper) error {
	return t.insert(insertKeeper, func(s stmt) {
		s.BindText(1, k.ID)
		s.BindText(2, k.Kind)
		s.BindBytes(3, k.Wrapped)
		s.BindInt64(4, clientbook.Millis(k.Created))
	})
}
