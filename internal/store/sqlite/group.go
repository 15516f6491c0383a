package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"clientbook"
)

type stmt = *sqlite.Stmt

// A group is the transaction in progress: what its changes share is written once at its end.
type group struct {
	conn    *conn
	books   map[clientbook.BookID]*bookState
	tallies map[tallyRow]int64
	changes int
}

// A bookState is what the writer knows of a book from one transaction to the next. It is the only writer, so that stays true until
// an update or a rollback.
type bookState struct {
	settings, position int64
	moved              bool // position was advanced in this transaction
}

type tallyRow struct {
	book clientbook.BookID
	key  clientbook.TallyKey
	day  int32
}

func newGroup(c *conn) *group {
	return &group{conn: c, books: map[clientbook.BookID]*bookState{}, tallies: map[tallyRow]int64{}}
}

func (g *group) reset() {
	g.changes = 0
	clear(g.tallies)
}

// forget drops what may no longer be true of the file.
func (g *group) forget() {
	g.reset()
	clear(g.books)
}

func (g *group) committed() {
	for _, b := range g.books {
		b.moved = false
	}
}

func (g *group) wrote() bool { return g.changes > 0 }

const (
	bookNumbers   = `SELECT settings, position FROM book WHERE book = ?1`
	headSoFar     = `SELECT version, state, approved, activated, closed, type, branch, centre, user FROM client WHERE book = ?1 AND client = ?2`
	stateOf       = `SELECT state FROM client WHERE book = ?1 AND client = ?2`
	tokenHolders  = `SELECT client FROM token WHERE book = ?1 AND field = ?2 AND value = ?3 LIMIT 2`
	claimHolder   = `SELECT client FROM claim WHERE book = ?1 AND kind = ?2 AND value = ?3`
	versionHash   = `SELECT hash FROM version WHERE book = ?1 AND client = ?2 AND version = ?3`
	insertVersion = `INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	insertHead = `INSERT INTO client (book, client, version, present, metadata, tokens, updated, digest,
state, type, branch, centre, user, approved, activated, closed, kind, created, live)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?9 <> 7)`
	// SQLite writes an index anew if a column of it is named, changed or not: kind and created never change, and those columns that
	// seldom do are named only then. State 7 is StateDeleted.
	updateHead = `UPDATE client SET version = ?3, present = ?4, metadata = ?5, tokens = ?6, updated = ?7, digest = ?8
WHERE book = ?1 AND client = ?2`
	updateWholeHead = `UPDATE client SET version = ?3, present = ?4, metadata = ?5, tokens = ?6, updated = ?7, digest = ?8,
state = ?9, type = ?10, branch = ?11, centre = ?12, user = ?13, approved = ?14, activated = ?15, closed = ?16, live = ?9 <> 7
WHERE book = ?1 AND client = ?2`
	insertKey      = `INSERT INTO key (book, client, wrapped) VALUES (?1, ?2, ?3)`
	insertClaim    = `INSERT INTO claim (book, kind, value, client) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`
	deleteClaim    = `DELETE FROM claim WHERE book = ?1 AND kind = ?2 AND value = ?3 AND client = ?4`
	insertFeed     = `INSERT INTO feed (book, position, client, version) VALUES (?1, ?2, ?3, ?4)`
	updatePosition = `UPDATE book SET position = ?2 WHERE book = ?1`
	addTally       = `INSERT INTO tally (book, what, day, count) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET count = count + excluded.count`
	deleteToken = `DELETE FROM token WHERE book = ?1 AND field = ?4 AND value = ?5 AND created = ?2 AND client = ?3`
	dropTally   = `DELETE FROM tally WHERE book = ?1 AND what = ?2 AND day = ?3 AND count = 0`
)

func bindClient(b clientbook.BookID, c clientbook.ClientID, version int64) func(stmt) {
	return func(s stmt) {
		bindBook(s, 1, b)
		s.BindBytes(2, c[:])
		s.BindInt64(3, version)
	}
}

// apply writes one change into the open transaction. It looks before it writes, so that a refused change leaves nothing to undo.
func (g *group) apply(c *clientbook.Change) error {
	b, whole, err := g.look(c)
	if err != nil {
		return err
	}
	g.changes++
	if err := g.write(c, whole); err != nil {
		return err
	}
	for _, t := range c.Tallies {
		g.tallies[tallyRow{c.Book, t.Key, t.Day}] += t.Count
	}
	b.position++
	b.moved = true
	return g.conn.exec(insertFeed, func(s stmt) {
		bindBook(s, 1, c.Book)
		s.BindInt64(2, b.position)
		s.BindBytes(3, c.Version.Client[:])
		s.BindInt64(4, c.Version.Number)
	})
}

// look refuses a change that does not fit what is there. It gives the book, and whether the head changes where heads seldom do.
func (g *group) look(c *clientbook.Change) (b *bookState, whole bool, err error) {
	if b, err = g.book(c.Book); err != nil {
		return nil, false, err
	}
	if b.settings != c.Settings {
		return nil, false, &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonSettings}
	}
	var version int64
	if _, err := g.conn.one(headSoFar, func(s stmt) {
		bindBook(s, 1, c.Book)
		s.BindBytes(2, c.Version.Client[:])
	}, func(s stmt) { version, whole = s.ColumnInt64(0), !sameHead(s, &c.Head) }); err != nil {
		return nil, false, err
	}
	if version+1 != c.Version.Number {
		return nil, false, &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonVersion}
	}
	if err := g.free(c); err != nil {
		return nil, false, err
	}
	return b, whole, g.linked(c)
}

// sameHead says whether a row of headSoFar has what h has.
func sameHead(s stmt, h *clientbook.Head) bool {
	return s.ColumnInt64(1) == int64(h.State) && s.ColumnInt64(2) == clientbook.Millis(h.Approved) &&
		s.ColumnInt64(3) == clientbook.Millis(h.Activated) && s.ColumnInt64(4) == clientbook.Millis(h.Closed) &&
		sameText(s, 5, string(h.Type)) && sameText(s, 6, string(h.Branch)) && sameText(s, 7, string(h.Centre)) && sameText(s, 8, string(h.User))
}

// free refuses a change that takes what another client holds.
func (g *group) free(c *clientbook.Change) error {
	for _, claim := range c.Take {
		holder, held, err := holderOf(g.conn, c.Book, claim)
		if err != nil {
			return err
		}
		if held && holder != c.Version.Client {
			return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonClaim, Claim: claim}
		}
	}
	return nil
}

// linked refuses a change that needs a client that is not there, or after which a client would have a token that none may have.
func (g *group) linked(c *clientbook.Change) error {
	for _, id := range c.Need {
		there := false
		if _, err := g.conn.one(stateOf, func(s stmt) {
			bindBook(s, 1, c.Book)
			s.BindBytes(2, id[:])
		}, func(s stmt) { there = clientbook.State(s.ColumnInt64(0)) != clientbook.StateDeleted }); err != nil {
			return err
		}
		if !there {
			return &clientbook.Error{Kind: clientbook.KindConflict, Field: clientbook.FieldValues, Reason: clientbook.ReasonFieldLink}
		}
	}
	for _, t := range c.Forbid {
		referred := slices.Contains(c.Add, t)
		if err := g.conn.rows(tokenHolders, func(s stmt) {
			bindBook(s, 1, c.Book)
			s.BindInt64(2, int64(t.Index()))
			s.BindBytes(3, t.Value[:])
		}, func(s stmt) error {
			var holder clientbook.ClientID
			s.ColumnBytes(0, holder[:])
			referred = referred || holder != c.Version.Client || !slices.Contains(c.Drop, t)
			return nil
		}); err != nil {
			return err
		}
		if referred {
			return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonReferred}
		}
	}
	return nil
}

// book gives what the writer knows of a book, reading it if need be.
func (g *group) book(id clientbook.BookID) (*bookState, error) {
	if b := g.books[id]; b != nil {
		return b, nil
	}
	b := &bookState{}
	found, err := g.conn.one(bookNumbers, func(s stmt) { bindBook(s, 1, id) }, func(s stmt) {
		b.settings, b.position = s.ColumnInt64(0), s.ColumnInt64(1)
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, clientbook.NotFound(clientbook.ReasonBook)
	}
	g.books[id] = b
	return b, nil
}

func holderOf(c *conn, book clientbook.BookID, claim clientbook.Claim) (holder clientbook.ClientID, held bool, err error) {
	held, err = c.one(claimHolder, func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, int64(claim.Kind))
		s.BindBytes(3, claim.Value[:])
	}, func(s stmt) { s.ColumnBytes(0, holder[:]) })
	return holder, held, err
}

// write stores what belongs to the client alone: version, head, key, tokens and claims.
func (g *group) write(c *clientbook.Change, whole bool) error {
	v := &c.Version
	if err := g.conn.exec(insertVersion, func(s stmt) {
		bindClient(c.Book, v.Client, v.Number)(s)
		s.BindInt64(4, clientbook.Millis(v.Time))
		s.BindBytes(5, v.Credential[:])
		s.BindText(6, v.Dialect)
		s.BindText(7, string(v.Action))
		s.BindBytes(8, v.Head[:])
		s.BindBytes(9, v.Hash[:])
		s.BindBytes(10, v.Body)
	}); err != nil {
		return err
	}
	if err := g.head(c, whole); err != nil {
		return err
	}
	if c.Key != nil {
		if err := g.conn.exec(insertKey, func(s stmt) {
			bindBook(s, 1, c.Book)
			s.BindBytes(2, v.Client[:])
			s.BindBytes(3, c.Key)
		}); err != nil {
			return err
		}
	}
	if err := g.tokens(c); err != nil {
		return err
	}
	return g.claims(c)
}

// head stores the head: all of it with the first version, later what changes often, and if whole is set the rest as well.
func (g *group) head(c *clientbook.Change, whole bool) error {
	h := &c.Head
	switch {
	case c.Version.Number == 1:
		return g.conn.exec(insertHead, func(s stmt) {
			bindHead(s, c.Book, h)
			bindRest(s, h)
			s.BindInt64(17, int64(h.Kind))
			s.BindInt64(18, clientbook.Millis(h.Created))
		})
	case whole:
		return g.conn.exec(updateWholeHead, func(s stmt) {
			bindHead(s, c.Book, h)
			bindRest(s, h)
		})
	}
	return g.conn.exec(updateHead, func(s stmt) { bindHead(s, c.Book, h) })
}

func bindHead(s stmt, book clientbook.BookID, h *clientbook.Head) {
	bindClient(book, h.Client, h.Version)(s)
	s.BindInt64(4, int64(h.Present))
	s.BindInt64(5, int64(h.Metadata))
	s.BindInt64(6, int64(h.Tokens))
	s.BindInt64(7, clientbook.Millis(h.Updated))
	s.BindBytes(8, h.Digest[:])
}

func bindRest(s stmt, h *clientbook.Head) {
	s.BindInt64(9, int64(h.State))
	s.BindText(10, string(h.Type))
	s.BindText(11, string(h.Branch))
	s.BindText(12, string(h.Centre))
	s.BindText(13, string(h.User))
	s.BindInt64(14, clientbook.Millis(h.Approved))
	s.BindInt64(15, clientbook.Millis(h.Activated))
	s.BindInt64(16, clientbook.Millis(h.Closed))
}

func (g *group) claims(c *clientbook.Change) error {
	for _, claim := range c.Release {
		if err := g.conn.exec(deleteClaim, bindClaim(c.Book, claim, c.Version.Client)); err != nil {
			return err
		}
	}
	for _, claim := range c.Take {
		if err := g.conn.exec(insertClaim, bindClaim(c.Book, claim, c.Version.Client)); err != nil {
			return err
		}
	}
	return nil
}

func bindClaim(book clientbook.BookID, claim clientbook.Claim, c clientbook.ClientID) func(stmt) {
	return func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, int64(claim.Kind))
		s.BindBytes(3, claim.Value[:])
		s.BindBytes(4, c[:])
	}
}

// maxTokens is how many tokens one statement inserts; an ordinary person has far fewer.
const maxTokens = 128

// tokens drops and adds tokens: those dropped one by one, for SQLite makes a list of rows first where a statement may find several.
func (g *group) tokens(c *clientbook.Change) error {
	bind := func(ts []clientbook.Token) func(stmt) {
		return bindTokens(c.Book, c.Version.Client, c.Head.Created, ts)
	}
	for i := range c.Drop {
		if err := g.conn.exec(deleteToken, bind(c.Drop[i:i+1])); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(c.Add, maxTokens) {
		if err := g.conn.exec(insertTokens[len(part)], bind(part)); err != nil {
			return err
		}
	}
	return nil
}

func bindTokens(book clientbook.BookID, c clientbook.ClientID, created time.Time, ts []clientbook.Token) func(stmt) {
	return func(s stmt) {
		bindBook(s, 1, book)
		s.BindInt64(2, clientbook.Millis(created))
		s.BindBytes(3, c[:])
		for i := range ts {
			s.BindInt64(4+2*i, int64(ts[i].Index()))
			s.BindBytes(5+2*i, ts[i].Value[:])
		}
	}
}

// insertTokens has, for each number of tokens, the statement that inserts them. It may fail half-way, for then the whole transaction is
// rolled back; so SQLite need not keep what would undo the statement alone.
var insertTokens = func() (texts [maxTokens + 1]string) {
	rows := make([]string, maxTokens)
	for i := range rows {
		rows[i] = fmt.Sprintf("(?1, ?%d, ?%d, ?2, ?3)", 4+2*i, 5+2*i)
		texts[i+1] = "INSERT OR FAIL INTO token (book, field, value, created, client) VALUES " + strings.Join(rows[:i+1], ", ")
	}
	return texts
}()

// finish writes what the changes of the transaction share: the tallies and the books' positions.
func (g *group) finish() error {
	rows := make([]tallyRow, 0, len(g.tallies))
	for r, n := range g.tallies {
		if n != 0 {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b tallyRow) int {
		return cmp.Or(cmp.Compare(a.book, b.book), cmp.Compare(a.key, b.key), cmp.Compare(a.day, b.day))
	})
	for _, r := range rows {
		n := g.tallies[r]
		bind := func(s stmt) {
			bindBook(s, 1, r.book)
			s.BindBytes(2, []byte(r.key))
			s.BindInt64(3, int64(r.day))
		}
		if err := g.conn.exec(addTally, func(s stmt) { bind(s); s.BindInt64(4, n) }); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := g.conn.exec(dropTally, bind); err != nil {
			return err
		}
	}
	for id, b := range g.books {
		if !b.moved {
			continue
		}
		if err := g.conn.exec(updatePosition, func(s stmt) {
			bindBook(s, 1, id)
			s.BindInt64(2, b.position)
		}); err != nil {
			return err
		}
	}
	return nil
}
