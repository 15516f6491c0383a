package sqlite

import (
	"fmt"
	"strings"
	"time"
	"zombiezen.com/go/sqlite"

	"clientbook"
)

const (
	headRows = `SELECT client, version, kind, state, type, branch, centre, user, present, metadata,
created, updated, approved, activated, closed, digest, tokens, live = (state <> 7)
FROM client WHERE book = ?1 AND client > ?2 ORDER BY client LIMIT ?3+0`
	versionRows = `SELECT version, time, credential, dialect, action, head, hash, body
FROM version WHERE book = ?1 AND client = ?2 AND version > ?3 ORDER BY version LIMIT ?4+0`
	feedRows   = `SELECT position, client, version FROM feed WHERE book = ?1 AND position > ?2 ORDER BY position LIMIT ?3+0`
	actionRows = `SELECT f.position, f.client, f.version, v.action FROM feed f
CROSS JOIN version v ON v.book = ?1 AND v.client = f.client AND v.version = f.version
WHERE f.book = ?1 AND f.position > ?2 ORDER BY f.position LIMIT ?3+0`
	countVersion = `SELECT count(*) FROM version WHERE book = ?1`
	keyRow       = `SELECT wrapped FROM key WHERE book = ?1 AND client = ?2`
	tokenRow     = `SELECT 1 FROM token WHERE book = ?1 AND field = ?2 AND value = ?3 AND created = ?4 AND client = ?5`
	countToken   = `SELECT count(*) FROM token WHERE book = ?1`
	sumTokens    = `SELECT sum(tokens) FROM client WHERE book = ?1`
	countClaim   = `SELECT count(*) FROM claim WHERE book = ?1 AND kind = ?2`
	claimRows    = `SELECT value, client FROM claim WHERE book = ?1 AND kind = ?2 AND value > ?3 ORDER BY value LIMIT ?4+0`
	tallyRows    = `SELECT what, day, count FROM tally WHERE book = ?1 AND what >= ?2 AND what < ?3 ORDER BY what, day`

	recountAll = `SELECT x'00', (created - ((created % 86400000) + 86400000) % 86400000) / 86400000 AS day, count(*)
FROM client WHERE book = ?1 AND live = 1 GROUP BY 2 ORDER BY 2`
	recountHead = `SELECT %[1]s, (created - ((created %% 86400000) + 86400000) %% 86400000) / 86400000 AS day, count(*)
FROM client WHERE book = ?1 AND live = 1 GROUP BY 1, 2 ORDER BY 1, 2`
	recountTokens = `SELECT value, (created - ((created % 86400000) + 86400000) % 86400000) / 86400000 AS day, count(*)
FROM token WHERE book = ?1 AND field = ?2 GROUP BY 1, 2 ORDER BY 1, 2`
)

// Heads implements clientbook.AuditReader.
func (r *reader) Heads(book clientbook.BookID, after clientbook.ClientID, limit int, fn func(*clientbook.Head) error) error {
	var h clientbook.Head
	return translate(r.rows(headRows, func(s stmt) {
		bindClient(book, after, int64(limit))(s)
	}, func(s stmt) error {
		h = clientbook.Head{
			Version: s.ColumnInt64(1), Kind: clientbook.ClientKind(s.ColumnInt64(2)), State: clientbook.State(s.ColumnInt64(3)),
			Type: clientbook.DefinitionKey(s.ColumnText(4)), Branch: clientbook.DefinitionKey(s.ColumnText(5)),
			Centre: clientbook.DefinitionKey(s.ColumnText(6)), User: clientbook.DefinitionKey(s.ColumnText(7)),
			Present: clientbook.FieldSet(s.ColumnInt64(8)), Metadata: int(s.ColumnInt64(9)),
			Tokens: int(s.ColumnInt64(16)), Created: millis(s, 10), Updated: millis(s, 11), Approved: millis(s, 12), Activated: millis(s, 13), Closed: millis(s, 14),
		}
		s.ColumnBytes(0, h.Client[:])
		if s.ColumnBool(17) { // else whoever compares finds a head that is not what its digest says
			s.ColumnBytes(15, h.Digest[:])
		}
		return fn(&h)
	}))
}

// Versions implements clientbook.AuditReader.
func (r *reader) Versions(book clientbook.BookID, c clientbook.ClientID, after int64, limit int, fn func(*clientbook.Version) error) error {
	var v clientbook.Version
	return translate(r.rows(versionRows, func(s stmt) {
		bindClient(book, c, after)(s)
		s.BindInt64(4, int64(limit))
	}, func(s stmt) error {
		r.reset()
		v.Client = c
		r.version(s, &v)
		return fn(&v)
	}))
}

// Feed implements clientbook.AuditReader.
func (r *reader) Feed(book clientbook.BookID, after int64, limit int, fn func(clientbook.FeedEntry) error) error {
	return r.feed(feedRows, book, after, limit, func(_ stmt, e clientbook.FeedEntry) error { return fn(e) })
}

// Actions implements clientbook.AuditReader.
func (r *reader) Actions(book clientbook.BookID, after int64, limit int, fn func(clientbook.FeedEntry, clientbook.Action) error) error {
	return r.feed(actionRows, book, after, limit, func(s stmt, e clientbook.FeedEntry) error {
		return fn(e, clientbook.Action(r.word(s, 3)))
	})
}

func (r *reader) feed(query string, book clientbook.BookID, after int64, limit int, each func(stmt, clientbook.FeedEntry) error) error {
	return translate(r.rows(query, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, after)
		s.BindInt64(3, int64(limit))
	}, func(s stmt) error {
		e := clientbook.FeedEntry{Position: s.ColumnInt64(0), Version: s.ColumnInt64(2)}
		s.ColumnBytes(1, e.Client[:])
		return each(s, e)
	}))
}

// DataKey implements clientbook.AuditReader.
func (r *reader) DataKey(book clientbook.BookID, c clientbook.ClientID) (wrapped []byte, err error) {
	_, err = r.one(keyRow, func(s stmt) {
		bindBook(s, 1, book)
		s.BindBytes(2, c[:])
	}, func(s stmt) { wrapped = blob(s, 0) })
	return wrapped, translate(err)
}

// HasToken implements clientbook.AuditReader.
func (r *reader) HasToken(book clientbook.BookID, t clientbook.Token, created time.Time, c clientbook.ClientID) (bool, error) {
	found, err := r.one(tokenRow, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, int64(t.Index()))
		s.BindBytes(3, t.Value[:])
		s.BindInt64(4, clientbook.Millis(created))
		s.BindBytes(5, c[:])
	}, func(stmt) {})
	return found, translate(err)
}

// VersionCount implements clientbook.AuditReader.
func (r *reader) VersionCount(book clientbook.BookID) (int64, error) {
	return r.number(countVersion, book, 0)
}

// TokenCounts implements clientbook.AuditReader.
func (r *reader) TokenCounts(book clientbook.BookID) (there, said int64, err error) {
	if there, err = r.number(countToken, book, 0); err != nil {
		return 0, 0, err
	}
	said, err = r.number(sumTokens, book, 0)
	return there, said, err
}

// ClaimCount implements clientbook.AuditReader.
func (r *reader) ClaimCount(book clientbook.BookID, k clientbook.ClaimKind) (int64, error) {
	return r.number(countClaim, book, int64(k))
}

// Claims implements clientbook.AuditReader.
func (r *reader) Claims(
	book clientbook.BookID, k clientbook.ClaimKind, after [16]byte, limit int, fn func(clientbook.Claim, clientbook.ClientID) error,
) error {
	return translate(r.rows(claimRows, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, int64(k))
		s.BindBytes(3, after[:])
		s.BindInt64(4, int64(limit))
	}, func(s stmt) error {
		claim, holder := clientbook.Claim{Kind: k}, clientbook.ClientID{}
		s.ColumnBytes(0, claim.Value[:])
		s.ColumnBytes(1, holder[:])
		return fn(claim, holder)
	}))
}

// number runs a statement that counts; of is its second parameter, if it has one.
func (r *reader) number(query string, book clientbook.BookID, of int64) (n int64, err error) {
	_, err = r.one(query, func(s stmt) {
		bindBook(s, 1, book)
		if s.BindParamCount() > 1 {
			s.BindInt64(2, of)
		}
	}, func(s stmt) { n = s.ColumnInt64(0) })
	return n, translate(err)
}

// Presence implements clientbook.AuditReader.
func (r *reader) Presence(book clientbook.BookID, fields []clientbook.Field) (map[clientbook.Field]int64, error) {
	sums := make([]string, len(fields))
	for i, f := range fields {
		sums[i] = fmt.Sprintf("sum((present >> %d) & 1)", f)
		if f == clientbook.FieldMetadata {
			sums[i] = "sum(metadata)"
		}
	}
	found := make(map[clientbook.Field]int64, len(fields))
	_, err := r.one("SELECT "+strings.Join(sums, ", ")+" FROM client WHERE book = ?1", func(s stmt) { bindBook(s, 1, book) }, func(s stmt) {
		for i, f := range fields {
			found[f] = s.ColumnInt64(i)
		}
	})
	return found, translate(err)
}

// Tallies implements clientbook.AuditReader.
func (r *reader) Tallies(book clientbook.BookID, f clientbook.Field) ([]clientbook.Tally, error) {
	return r.tallies(tallyRows, "", func(s stmt) {
		bindBook(s, 1, book)
		s.BindBytes(2, []byte{byte(f)})
		s.BindBytes(3, []byte{byte(f) + 1})
	})
}

// Recount implements clientbook.AuditReader.
func (r *reader) Recount(book clientbook.BookID, f clientbook.Field) ([]clientbook.Tally, error) {
	one := func(s stmt) { bindBook(s, 1, book) }
	switch f {
	case clientbook.FieldNone:
		return r.tallies(recountAll, "", one)
	case clientbook.FieldKind:
		return r.tallies(fmt.Sprintf(recountHead, "kind"), clientbook.TallyKey(byte(f)), one)
	case clientbook.FieldState:
		return r.tallies(fmt.Sprintf(recountHead, "state"), clientbook.TallyKey(byte(f)), one)
	}
	return r.tallies(recountTokens, clientbook.TallyKey(byte(f)), func(s stmt) {
		one(s)
		s.BindInt64(2, int64(f))
	})
}

// tallies reads rows of key, day and count; a key that is a number is one byte of the tally's key.
func (r *reader) tallies(query string, prefix clientbook.TallyKey, bind func(stmt)) (ts []clientbook.Tally, err error) {
	err = r.rows(query, bind, func(s stmt) error {
		var key clientbook.TallyKey
		if s.ColumnType(0) == sqlite.TypeInteger {
			key = clientbook.TallyKey([]byte{byte(s.ColumnInt64(0))})
		} else {
			key = clientbook.TallyKey(blob(s, 0))
		}
		ts = append(ts, clientbook.Tally{Key: prefix + key, Day: int32(s.ColumnInt64(1)), Count: s.ColumnInt64(2)})
		return nil
	})
	return ts, translate(err)
}
