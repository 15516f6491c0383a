package sqlite

import (
	"slices"
	"strings"
	"time"

	"clientbook"
)

// A tx changes what is about no single client, and what jobs make, inside of the writer.
type tx struct{ reader }

func newTx(c *conn) *tx { return &tx{reader{conn: c, began: true}} }

const (
	insertBook = `INSERT INTO book (book, name, mode, created, settings, position, sealing, tokens, chain, indexed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	insertCredential = `INSERT INTO credential (credential, book, hash, created, revoked) VALUES (?1, ?2, ?3, ?4, ?5)`
	revokeCredential = `UPDATE credential SET revoked = ?2 WHERE credential = ?1`
	countSettings    = `UPDATE book SET settings = settings + 1 WHERE book = ?1`
	nextSettings     = `UPDATE book SET settings = ?2 WHERE book = ?1 AND settings = ?2 - 1`
	insertSettings   = `INSERT INTO definition (book, settings, kind, key, sealed) VALUES (?1, ?2, 'settings', '', ?3)`
	updateIndexed    = `UPDATE book SET indexed = ?2 WHERE book = ?1`
	updateTokens     = `UPDATE client SET tokens = ?3 WHERE book = ?1 AND client = ?2`
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
		s.BindInt64(10, int64(b.Indexed))
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
	return t.change(clientbook.ReasonBook, countSettings, func(s stmt) { bindBook(s, 1, b) })
}

// change runs an update of one row; reason says what is missing if there is none.
func (t *tx) change(reason, query string, bind func(stmt)) error {
	if err := t.exec(query, bind); err != nil {
		return translate(err)
	}
	if t.Changes() == 0 {
		return clientbook.NotFound(reason)
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

// AddSettings implements clientbook.Tx.
func (t *tx) AddSettings(set clientbook.SettingsSet) error {
	bind := func(s stmt) {
		bindBook(s, 1, set.Book)
		s.BindInt64(2, set.Number)
	}
	if err := t.change(clientbook.ReasonBook, nextSettings, bind); clientbook.KindOf(err) == clientbook.KindNotFound {
		if _, err := t.Book(set.Book); err != nil {
			return err
		}
		return &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonSettings}
	} else if err != nil {
		return err
	}
	return translate(t.exec(insertSettings, func(s stmt) {
		bind(s)
		s.BindBytes(3, set.Sealed)
	}))
}

// SetIndexed implements clientbook.Tx.
func (t *tx) SetIndexed(book clientbook.BookID, level int) error {
	return t.change(clientbook.ReasonBook, updateIndexed, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, int64(level))
	})
}

// AddTokens implements clientbook.Tx.
func (t *tx) AddTokens(book clientbook.BookID, c clientbook.ClientID, created time.Time, add []clientbook.Token, total int) error {
	if err := t.change(clientbook.ReasonClient, updateTokens, bindClient(book, c, int64(total))); err != nil {
		return err
	}
	for part := range slices.Chunk(add, maxTokens) {
		query := strings.Replace(insertTokens[len(part)], "OR FAIL", "OR IGNORE", 1)
		if err := t.exec(query, bindTokens(book, c, created, part)); err != nil {
			return translate(err)
		}
	}
	return nil
}

// AddClaim implements clientbook.Tx.
func (t *tx) AddClaim(book clientbook.BookID, claim clientbook.Claim, c clientbook.ClientID) (bool, error) {
	if err := t.exec(insertClaim, bindClaim(book, claim, c)); err != nil {
		return false, translate(err)
	}
	holder, _, err := t.ClaimHolder(book, claim)
	return holder == c, err
}

// DropClaim implements clientbook.Tx.
func (t *tx) DropClaim(book clientbook.BookID, claim clientbook.Claim, c clientbook.ClientID) error {
	return translate(t.exec(deleteClaim, bindClaim(book, claim, c)))
}
