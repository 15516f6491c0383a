package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
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
	oneVersion = `SELECT version, time, credential, dialect, action, head, hash, body,
(SELECT wrapped FROM key k WHERE k.book = ?1 AND k.client = ?2)
FROM version WHERE book = ?1 AND client = ?2 AND version = ?3`
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

// Version implements clientbook.ClientReader.
func (r *reader) Version(book clientbook.BookID, id clientbook.ClientID, number int64) (clientbook.Stored, error) {
	st := clientbook.Stored{Version: clientbook.Version{Client: id}}
	r.reset()
	found, err := r.one(oneVersion, bindClient(book, id, number), func(s stmt) {
		r.version(s, &st.Version)
		st.Key = r.scratch(s, 8)
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
	order := pageOrder{ascending: q.Ascending}
	q = plain(q)
	return r.bounded(func() error {
		sel := newSelection(book, q)
		return r.rows(fmt.Sprintf(listedVersion, sel.page()), func(s stmt) { sel.bind(s, limit, offset) }, func(s stmt) error {
			r.reset()
			r.version(s, &st.Version)
			st.Key = r.scratch(s, 8)
			s.ColumnBytes(9, st.Client[:])
			if err := order.next(s.ColumnInt64(10), st.Client); err != nil {
				return err
			}
			return fn(&st)
		})
	})
}

// A pageOrder sees to it that the rows of a page come in their order: SQLite promises none of a join.
type pageOrder struct {
	ascending, begun bool
	time             int64 // of the last row
	id               clientbook.ClientID
}

func (o *pageOrder) next(time int64, id clientbook.ClientID) error {
	c := cmp.Or(cmp.Compare(time, o.time), bytes.Compare(id[:], o.id[:]))
	if o.begun && (c == 0 || (c > 0) != o.ascending) {
		return errors.New("SQLite gave a page in another order than was asked for")
	}
	o.begun, o.time, o.id = true, time, id
	return nil
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
	allBooks       = `SELECT book, name, mode, created, settings, position, indexed, sealing, tokens, chain FROM book ORDER BY name, mode`
	newestSettings = `SELECT settings, sealed FROM definition WHERE book = ?1 AND kind = 'settings' AND key = '' ORDER BY settings DESC LIMIT 1`
	oneBook        = `SELECT book, name, mode, created, settings, position, indexed, sealing, tokens, chain FROM book WHERE book = ?1`
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
		Created: millis(s, 3), Settings: s.ColumnInt64(4), Position: s.ColumnInt64(5), Indexed: int(s.ColumnInt64(6)),
		Keys: clientbook.BookKeys{Sealing: blob(s, 7), Tokens: blob(s, 8), Chain: blob(s, 9)},
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

// Settings implements clientbook.BookReader.
func (r *reader) Settings(book clientbook.BookID) (clientbook.SettingsSet, error) {
	set := clientbook.SettingsSet{Book: book}
	found, err := r.one(newestSettings, func(s stmt) { bindBook(s, 1, book) }, func(s stmt) { set.Number, set.Sealed = s.ColumnInt64(0), blob(s, 1) })
	if err == nil && !found {
		err = clientbook.NotFound(clientbook.ReasonSettings)
	}
	return set, translate(err)
}
