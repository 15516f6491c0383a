package storetest

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"clientbook"
)

// A memStore is the simplest engine that is right, and with a flaw one that is wrong in one way. Its snapshots are copies: a root never
// changes once it is published.
type memStore struct {
	flaw    flaw
	writing sync.Mutex
	root    *atomic.Pointer[memRoot] // shared with what Reopen gives

	mu      sync.Mutex
	ended   *sync.Cond
	running int
	closed  bool

	last    []byte   // for flaws: the body that was read last
	refused bool     // for flaws: the last Apply was refused
	earlier *memRoot // for flaws: what was there some writes ago
	writes  int
	reads   int
}

type memRoot struct {
	books       map[clientbook.BookID]*memBook
	credentials []clientbook.Credential
	keepers     []clientbook.Keeper
}

type memBook struct {
	book    clientbook.Book
	clients map[clientbook.ClientID]*memClient
	tokens  map[memToken]time.Time // created
	claims  map[clientbook.Claim]clientbook.ClientID
	tallies map[clientbook.Tally]int64 // without the count
	feed    []clientbook.FeedEntry

	settings []clientbook.SettingsSet
	cursors  map[string]int64
	messages map[clientbook.MessageID]*clientbook.Message // which never change
}

func newMemBook(b clientbook.Book) *memBook {
	return &memBook{
		book: b, clients: map[clientbook.ClientID]*memClient{}, tokens: map[memToken]time.Time{},
		claims: map[clientbook.Claim]clientbook.ClientID{}, tallies: map[clientbook.Tally]int64{},
		cursors: map[string]int64{}, messages: map[clientbook.MessageID]*clientbook.Message{},
	}
}

type memClient struct {
	head     clientbook.Head
	versions []clientbook.Version
	key      []byte
}

type memToken struct {
	clientbook.Token
	client clientbook.ClientID
}

func newMemStore(f flaw) *memStore {
	root := &atomic.Pointer[memRoot]{}
	root.Store(&memRoot{books: map[clientbook.BookID]*memBook{}})
	return reopenMemStore(f, root)
}

func reopenMemStore(f flaw, root *atomic.Pointer[memRoot]) *memStore {
	s := &memStore{flaw: f, root: root}
	s.ended = sync.NewCond(&s.mu)
	return s
}

func (s *memStore) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed && s.flaw != usableAfterClose {
		return clientbook.Busy(clientbook.ReasonClosed, nil)
	}
	s.running++
	return nil
}

func (s *memStore) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.ended.Broadcast()
}

func (s *memStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for s.running > 0 && s.flaw != closeInAHurry {
		s.ended.Wait()
	}
	return nil
}

// clone gives a copy that may be changed before it is published.
func (r *memRoot) clone() *memRoot {
	return &memRoot{maps.Clone(r.books), slices.Clone(r.credentials), slices.Clone(r.keepers)}
}

func (b *memBook) clone() *memBook {
	c := *b
	c.clients, c.tokens, c.claims, c.tallies = maps.Clone(b.clients), maps.Clone(b.tokens), maps.Clone(b.claims), maps.Clone(b.tallies)
	c.settings, c.cursors, c.messages = slices.Clip(b.settings), maps.Clone(b.cursors), maps.Clone(b.messages)
	return &c
}

func (s *memStore) View(ctx context.Context, fn func(clientbook.Reader) error) error {
	if err := ctx.Err(); err != nil && s.flaw != ignoresContext {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if s.flaw == viewBlocksWriter {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	err := fn(&memReader{s, s.root.Load()})
	if err != nil && s.flaw == hidesErrors {
		err = clientbook.NotFound("hidden")
	}
	return err
}

func (s *memStore) Apply(ctx context.Context, c *clientbook.Change) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if ctx.Err() != nil && s.flaw != appliesCancelled {
		return ctx.Err()
	}
	if s.flaw == linksEarly {
		if err := s.linked(s.root.Load(), c); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	root := s.root.Load().clone()
	b := root.books[c.Book]
	if b == nil && s.flaw == makesBooks {
		tx := &memTx{memReader{s, root}, root}
		_ = tx.AddBook(clientbook.Book{ID: c.Book, Settings: c.Settings})
		b = root.books[c.Book]
	}
	if b == nil {
		return &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonSettings}
	}
	b = b.clone()
	root.books[c.Book] = b
	if s.flaw == hurtsNeighbours && s.refused {
		s.refused = false
		return context.Canceled
	}
	err := s.refuse(b, c)
	if err == nil && s.flaw != linksEarly {
		err = s.linked(root, c)
	}
	if err != nil {
		s.refused = true
		s.remains(b, c)
		s.root.Store(root)
		return err
	}
	if s.writes++; s.writes == 10 {
		s.earlier = s.root.Load().clone()
	}
	s.write(root, b, c)
	s.root.Store(root)
	if s.flaw == appliesCancelled {
		return ctx.Err()
	}
	return nil
}

func (s *memStore) refuse(b *memBook, c *clientbook.Change) error {
	var version int64
	if known := b.clients[c.Head.Client]; known != nil && s.flaw != createsOverExisting {
		version = known.head.Version
	}
	skips := s.flaw == allowsSkipping && c.Version.Number > version
	switch {
	case c.Version.Number != version+1 && !skips && s.flaw != createsOverExisting:
		if s.flaw == everyRacerWins {
			return nil
		}
		return &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonVersion}
	case c.Settings != b.book.Settings && s.flaw != ignoresSettings:
		return &clientbook.Error{Kind: clientbook.KindStale, Reason: clientbook.ReasonSettings}
	}
	for i, claim := range c.Take {
		holder, held := b.claims[claim]
		switch {
		case !held || s.flaw == ignoresClaims || holder == c.Head.Client && s.flaw != refusesOwnClaim:
		case s.flaw == leavesFirstClaims && i > 0:
			b.claims[c.Take[0]] = c.Head.Client
			fallthrough
		default:
			if s.flaw == claimsUnnamed {
				claim = clientbook.Claim{}
			}
			return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonClaim, Claim: claim}
		}
	}
	return nil
}

// linked refuses a change whose links go nowhere, and one that cuts another's links.
func (s *memStore) linked(root *memRoot, c *clientbook.Change) error {
	b := root.books[c.Book]
	for i, id := range c.Need {
		there := b.clients[id]
		for _, o := range root.books {
			if s.flaw == needsOfAllBooks && there == nil {
				there = o.clients[id]
			}
		}
		switch {
		case s.flaw == ignoresNeed || s.flaw == needsOne && i > 0 || s.flaw == needsDeleted && there != nil:
		case there == nil || there.head.State == clientbook.StateDeleted:
			e := &clientbook.Error{Kind: clientbook.KindConflict, Field: clientbook.FieldValues, Reason: clientbook.ReasonFieldLink}
			if s.flaw == needUnnamed {
				e.Field = clientbook.FieldNone
			}
			return e
		}
	}
	for i, t := range c.Forbid {
		for held := range b.tokens {
			own := held.client == c.Head.Client && (slices.Contains(c.Drop, t) && s.flaw != forbidsDropped || s.flaw == allowsOwn)
			same := held.Token == t || s.flaw == forbidsValues && held.Value == t.Value
			if same && !own && s.flaw != ignoresForbid && (s.flaw != forbidsOne || i == 0) {
				return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonReferred}
			}
		}
	}
	return nil
}

// remains does what a flawed engine leaves behind of a refused change.
func (s *memStore) remains(b *memBook, c *clientbook.Change) {
	switch s.flaw {
	case keepsRefusedTokens:
		for _, t := range c.Add {
			b.tokens[memToken{t, c.Head.Client}] = c.Head.Created
		}
	case keepsRefusedTallies:
		for _, t := range c.Tallies {
			b.tally(t, 1)
		}
	case keepsRefusedPosition:
		b.book.Position++
	}
}

func (b *memBook) tally(t clientbook.Tally, sign int64) {
	k := clientbook.Tally{Key: t.Key, Day: t.Day}
	if b.tallies[k] += sign * t.Count; b.tallies[k] == 0 {
		delete(b.tallies, k)
	}
}

func (s *memStore) write(root *memRoot, b *memBook, c *clientbook.Change) {
	known := b.clients[c.Head.Client]
	next := &memClient{head: c.Head}
	if known != nil {
		next.versions, next.key = slices.Clone(known.versions), known.key
	}
	if c.Key != nil {
		next.key = bytes.Clone(c.Key)
	}
	v := c.Version
	v.Body = bytes.Clone(v.Body)
	switch {
	case s.flaw == cutsBodies && len(v.Body) > 1<<16:
		v.Body = v.Body[:1<<16]
	case s.flaw == textBodies:
		v.Body = bytes.ToValidUTF8(v.Body, []byte("?"))
	case s.flaw == keepsSeconds:
		v.Time, next.head.Approved = v.Time.Truncate(time.Second), next.head.Approved.Truncate(time.Second)
	case s.flaw == zeroTimes && next.head.Closed.IsZero():
		next.head.Closed = time.UnixMilli(0).UTC()
	case s.flaw == tokensUnsaid:
		next.head.Tokens = 0
	}
	next.versions = append(next.versions, v)
	b.clients[c.Head.Client] = next
	if s.flaw == forgetsDeleted && c.Head.State == clientbook.StateDeleted {
		delete(b.clients, c.Head.Client)
	}
	s.index(b, c)
	if s.flaw == sharedPositions {
		for id, other := range root.books {
			other = other.clone()
			other.book.Position++
			root.books[id] = other
		}
		return
	}
	if b.book.Position++; s.flaw == skipsPosition && b.book.Position%7 == 0 {
		b.book.Position++
	}
	if s.flaw != losesFeed || len(b.feed)%9 != 8 {
		e := clientbook.FeedEntry{Position: b.book.Position, Client: c.Head.Client, Version: v.Number}
		b.feed = append(slices.Clip(b.feed), e)
	}
	if n := len(b.feed); s.flaw == reordersFeed && n > 2 {
		b.feed[n-1].Client, b.feed[n-2].Client = b.feed[n-2].Client, b.feed[n-1].Client
		b.feed[n-1].Version, b.feed[n-2].Version = b.feed[n-2].Version, b.feed[n-1].Version
	}
}

func (s *memStore) index(b *memBook, c *clientbook.Change) {
	for i, t := range c.Drop {
		if s.flaw != dropsFewTokens || i < 20 {
			delete(b.tokens, memToken{t, c.Head.Client})
		}
	}
	for _, t := range c.Add {
		b.tokens[memToken{t, c.Head.Client}] = c.Head.Created
	}
	for _, claim := range c.Release {
		if b.claims[claim] == c.Head.Client || s.flaw == releasesOthers {
			delete(b.claims, claim)
		}
		for other := range b.claims {
			if s.flaw == releasesEveryKind && other.Value == claim.Value {
				delete(b.claims, other)
			}
		}
	}
	for _, claim := range c.Take {
		b.claims[claim] = c.Head.Client
	}
	if c.Head.State == clientbook.StateDeleted && s.flaw == dropsClaimsOfDeleted {
		maps.DeleteFunc(b.claims, func(_ clientbook.Claim, id clientbook.ClientID) bool { return id == c.Head.Client })
	}
	for _, t := range c.Tallies {
		switch {
		case s.flaw == talliesDrift && t.Count < 0 && len(c.Tallies) > 5:
			continue
		case s.flaw == talliesOneDay:
			t.Day = clientbook.DayOf(c.Head.Updated)
		}
		b.tally(t, 1)
	}
}

func (s *memStore) Update(ctx context.Context, fn func(clientbook.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if s.flaw != losesUpdates {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	root := s.root.Load().clone()
	tx := &memTx{memReader{s, root}, root}
	if s.flaw == blindUpdates {
		tx.memReader.root = s.root.Load()
	}
	err := fn(tx)
	if err == nil || s.flaw == commitsFailedUpdates {
		s.root.Store(tx.root)
	}
	return err
}

type memTx struct {
	memReader
	root *memRoot // what it changes
}

func exists() error {
	return &clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonExists}
}

func (tx *memTx) AddBook(b clientbook.Book) error {
	for _, o := range tx.root.books {
		if o.book.ID == b.ID || o.book.Name == b.Name && o.book.Mode == b.Mode {
			return exists()
		}
	}
	if tx.store.flaw == indexesBooks {
		b.Indexed = clientbook.IndexLevel
	}
	tx.root.books[b.ID] = newMemBook(b)
	return nil
}

// count counts a change of the settings.
func (tx *memTx) count(id clientbook.BookID) error {
	b := tx.root.books[id]
	if b == nil {
		return clientbook.NotFound(clientbook.ReasonBook)
	}
	b = b.clone()
	if tx.store.flaw != settingsStay {
		b.book.Settings++
	}
	tx.root.books[id] = b
	return nil
}

func (tx *memTx) AddCredential(c clientbook.Credential) error {
	if _, err := tx.Credential(c.ID); err == nil {
		return exists()
	}
	tx.root.credentials = append(tx.root.credentials, c)
	if tx.store.flaw == losesUpdates {
		time.Sleep(time.Millisecond)
	}
	return tx.count(c.Book)
}

func (tx *memTx) RevokeCredential(id clientbook.CredentialID, t time.Time) error {
	for i := range tx.root.credentials {
		c := &tx.root.credentials[i]
		if c.ID != id {
			continue
		}
		if c.Revoked.IsZero() || tx.store.flaw == revokesAgain {
			c.Revoked = t
		}
		return tx.count(c.Book)
	}
	return clientbook.NotFound(clientbook.ReasonCredential)
}

func (tx *memTx) AddKeeper(k clientbook.Keeper) error {
	if slices.ContainsFunc(tx.root.keepers, func(o clientbook.Keeper) bool { return o.ID == k.ID }) {
		return exists()
	}
	tx.root.keepers = append(tx.root.keepers, k)
	return nil
}

// change gives a copy of the book, in the transaction, that may be changed.
func (tx *memTx) change(id clientbook.BookID) (*memBook, error) {
	b := tx.root.books[id]
	if b == nil {
		return nil, clientbook.NotFound(clientbook.ReasonBook)
	}
	b = b.clone()
	tx.root.books[id] = b
	return b, nil
}

func stale(reason string) error {
	return &clientbook.Error{Kind: clientbook.KindStale, Reason: reason}
}

func (tx *memTx) AddSettings(set clientbook.SettingsSet) error {
	b, err := tx.change(set.Book)
	switch {
	case err != nil:
		return err
	case set.Number != b.book.Settings+1 && tx.store.flaw != anySettings:
		return stale(clientbook.ReasonSettings)
	}
	if tx.store.flaw != settingsUncounted {
		b.book.Settings = set.Number
	}
	set.Sealed = bytes.Clone(set.Sealed)
	b.settings = append(b.settings, set)
	return nil
}

func (tx *memTx) SetIndexed(id clientbook.BookID, level int) error {
	b, err := tx.change(id)
	if err == nil && tx.store.flaw != indexedStays {
		b.book.Indexed = level
	}
	return err
}

func (tx *memTx) AddTokens(id clientbook.BookID, c clientbook.ClientID, created time.Time, add []clientbook.Token, total int) error {
	b, err := tx.change(id)
	if err != nil {
		return err
	}
	known := *b.clients[c]
	known.head.Tokens = total
	if tx.store.flaw == countsAdded {
		known.head.Tokens = b.clients[c].head.Tokens + len(add)
	}
	b.clients[c] = &known
	if tx.store.flaw == replacesTokens {
		maps.DeleteFunc(b.tokens, func(t memToken, _ time.Time) bool { return t.client == c })
	}
	for _, t := range add {
		b.tokens[memToken{t, c}] = created
	}
	return nil
}

func (tx *memTx) AddClaim(id clientbook.BookID, claim clientbook.Claim, c clientbook.ClientID) (bool, error) {
	b, err := tx.change(id)
	if err != nil {
		return false, err
	}
	if holder, held := b.claims[claim]; held && tx.store.flaw != jobsSteal {
		return holder == c && tx.store.flaw != claimsOnce, nil
	}
	b.claims[claim] = c
	return true, nil
}

func (tx *memTx) DropClaim(id clientbook.BookID, claim clientbook.Claim, c clientbook.ClientID) error {
	b, err := tx.change(id)
	if err == nil && (b.claims[claim] == c || tx.store.flaw == jobsDrop) {
		delete(b.claims, claim)
	}
	return err
}

func (tx *memTx) SetCursor(id clientbook.BookID, follower string, from, to int64) error {
	b, err := tx.change(id)
	if err != nil {
		return err
	}
	at, follows := b.cursors[follower]
	if !follows && tx.store.flaw != startsAtZero {
		at = clientbook.None
	}
	switch {
	case at != from && tx.store.flaw != movesAnyCursor:
		return stale(clientbook.ReasonVersion)
	case to == clientbook.None && tx.store.flaw != keepsCursors:
		delete(b.cursors, follower)
	default:
		b.cursors[follower] = to
	}
	if tx.store.flaw == losesUpdates {
		time.Sleep(time.Millisecond)
	}
	return nil
}

func (tx *memTx) AddMessage(m *clientbook.Message) error {
	b, err := tx.change(m.Book)
	if err != nil {
		return err
	}
	for _, o := range b.messages {
		sameCause := o.Position == m.Position && o.Template == m.Template && tx.store.flaw != messagesTwice ||
			o.Position == m.Position && tx.store.flaw == onePerPosition
		if o.ID == m.ID && tx.store.flaw != replacesMessages || sameCause {
			return exists()
		}
	}
	kept := *m
	kept.Sealed = bytes.Clone(m.Sealed)
	b.messages[m.ID] = &kept
	return nil
}

func (tx *memTx) SetMessage(m *clientbook.Message) error {
	b, err := tx.change(m.Book)
	if err != nil {
		return err
	}
	known := b.messages[m.ID]
	if known == nil {
		if tx.store.flaw == setsNothing {
			return nil
		}
		return clientbook.NotFound(clientbook.ReasonMessage)
	}
	kept := *known
	kept.State, kept.Due, kept.Leased, kept.Sent, kept.Attempts, kept.Outcome = m.State, m.Due, m.Leased, m.Sent, m.Attempts, m.Outcome
	switch tx.store.flaw {
	case setsAll:
		kept = *m
	case neverClears:
		if m.Sent.IsZero() {
			kept.Sent = known.Sent
		}
	}
	b.messages[m.ID] = &kept
	return nil
}

type memReader struct {
	store *memStore
	root  *memRoot
}

// at gives the book of the snapshot, an empty one if there is none.
func (r *memReader) at(id clientbook.BookID) *memBook {
	root := r.root
	if r.store.flaw == noSnapshots {
		root = r.store.root.Load()
	}
	if b := root.books[id]; b != nil {
		return b
	}
	return newMemBook(clientbook.Book{})
}

func (r *memReader) stored(b *memBook, c *memClient) clientbook.Stored {
	v := c.versions[len(c.versions)-1]
	v.Body = bytes.Clone(v.Body)
	if r.store.flaw == mixesBodies {
		r.store.mu.Lock()
		defer r.store.mu.Unlock()
		if r.store.reads++; r.store.reads%7 == 0 && r.store.last != nil {
			v.Body = r.store.last
		}
		r.store.last = bytes.Clone(v.Body)
	}
	return clientbook.Stored{Version: v, Key: bytes.Clone(c.key), Settings: b.book.Settings}
}

func (r *memReader) Current(book clientbook.BookID, id clientbook.ClientID) (clientbook.Stored, error) {
	b := r.at(book)
	c := b.clients[id]
	if c == nil || r.store.flaw == hidesDeleted && c.head.State == clientbook.StateDeleted {
		return clientbook.Stored{}, clientbook.NotFound(clientbook.ReasonClient)
	}
	return r.stored(b, c), nil
}

func (r *memReader) Version(book clientbook.BookID, id clientbook.ClientID, number int64) (clientbook.Stored, error) {
	c := r.at(book).clients[id]
	if c == nil {
		return clientbook.Stored{}, clientbook.NotFound(clientbook.ReasonClient)
	}
	if r.store.flaw == newestVersion || r.store.flaw == versionsClamped && number > c.head.Version {
		number = c.head.Version
	}
	i := slices.IndexFunc(c.versions, func(v clientbook.Version) bool { return v.Number == number })
	if i < 0 {
		return clientbook.Stored{}, clientbook.NotFound(clientbook.ReasonClient)
	}
	v := c.versions[i]
	v.Body = bytes.Clone(v.Body)
	return clientbook.Stored{Version: v, Key: bytes.Clone(c.key)}, nil
}

func (r *memReader) Page(book clientbook.BookID, q clientbook.ClientQuery, offset, limit int64, fn func(*clientbook.Stored) error) error {
	b := r.at(book)
	found := r.chosen(b, q)
	slices.SortFunc(found, func(x, y *memClient) int {
		id := bytes.Compare(y.head.Client[:], x.head.Client[:])
		switch r.store.flaw {
		case ordersByID:
			return id
		case ordersTiesUp:
			id = -id
		}
		down := cmp.Or(y.head.Created.Compare(x.head.Created), id)
		if q.Ascending && r.store.flaw != alwaysDescending {
			if r.store.flaw == ascendsByTime {
				return cmp.Or(x.head.Created.Compare(y.head.Created), id)
			}
			return -down
		}
		return down
	})
	n := int64(len(found))
	from := min(offset, n)
	to := from + min(limit, n-from)
	switch {
	case r.store.flaw == overflows:
		to = max(from, min(offset+limit, n))
	case r.store.flaw == zeroIsNoLimit && limit == 0:
		to = n
	case r.store.flaw == pagesOverlap && offset > 0:
		from--
	}
	for _, c := range found[max(from, 0):to] {
		s := r.stored(b, c)
		if err := fn(&s); err != nil && r.store.flaw != goesOn {
			return err
		}
	}
	return nil
}

func (r *memReader) chosen(b *memBook, q clientbook.ClientQuery) []*memClient {
	var found []*memClient
	for id, c := range b.clients {
		h := &c.head
		if (h.State != clientbook.StateDeleted || r.store.flaw == listsDeleted) && (q.Kind == 0 || q.Kind == h.Kind) && r.hasTokens(b, q, id) &&
			r.inWindows(q, h) && r.hasHead(q, h) {
			for range r.matches(b, q, id) {
				found = append(found, c)
			}
		}
	}
	return found
}

// matches gives how often a client is found.
func (r *memReader) matches(b *memBook, q clientbook.ClientQuery, id clientbook.ClientID) (n int) {
	if r.store.flaw != oncePerMatch || len(q.Any) == 0 {
		return 1
	}
	for _, t := range q.Any[0] {
		if _, has := b.tokens[memToken{t, id}]; has {
			n++
		}
	}
	return n
}

func (r *memReader) hasTokens(b *memBook, q clientbook.ClientQuery, id clientbook.ClientID) bool {
	f := r.store.flaw
	has := func(t clientbook.Token) bool {
		_, there := b.tokens[memToken{t, id}]
		for k := range clientbook.PrefixToken + 1 {
			if f == ignoresTokenKind {
				t.Kind = k
				_, one := b.tokens[memToken{t, id}]
				there = there || one
			}
		}
		if f == tokensOfAllBooks {
			for _, o := range r.root.books {
				_, one := o.tokens[memToken{t, id}]
				there = there || one
			}
		}
		return there
	}
	for i, t := range q.Tokens {
		if !has(t) && (f != twoTokens || i <= 1) {
			return false
		}
	}
	for i, list := range q.Any {
		switch f {
		case firstOfList:
			list = list[:1]
		case shortLists:
			list = list[:min(16, len(list))]
		case allOfList:
			if slices.ContainsFunc(list, func(t clientbook.Token) bool { return !has(t) }) {
				return false
			}
		}
		if !slices.ContainsFunc(list, has) && (f != oneList || i == 0) {
			return false
		}
	}
	return true
}

func (r *memReader) inWindows(q clientbook.ClientQuery, h *clientbook.Head) bool {
	f := r.store.flaw
	times := []time.Time{h.Created, h.Updated, h.Approved, h.Activated, h.Closed}
	for i, w := range windowsOf(&q) {
		if f == twoWindows && i > 1 {
			break
		}
		at := times[i]
		switch {
		case w.Open(), at.IsZero() && f == zeroInWindows && w.After.IsZero():
		case at.IsZero(), !w.After.IsZero() && !at.After(w.After) && (f != looseWindows || !at.Equal(w.After)),
			!w.Before.IsZero() && !at.Before(w.Before):
			return false
		}
	}
	return true
}

func (r *memReader) hasHead(q clientbook.ClientQuery, h *clientbook.Head) bool {
	f := r.store.flaw
	if f == oneState && len(q.States) > 0 {
		q.States = q.States[:1]
	}
	return (len(q.States) == 0 || slices.Contains(q.States, h.State) || f == ignoresStates) &&
		(len(q.Types) == 0 || slices.Contains(q.Types, h.Type) || f == ignoresTypes) &&
		(h.Present&q.Present == q.Present || f == presentAny && h.Present&q.Present != 0) && (h.Present&q.Absent == 0 || f == ignoresAbsent)
}

func (r *memReader) Count(book clientbook.BookID, q clientbook.ClientQuery) (int64, error) {
	return int64(len(r.chosen(r.at(book), q))), nil
}

func (r *memReader) ClaimHolder(book clientbook.BookID, c clientbook.Claim) (clientbook.ClientID, bool, error) {
	id, ok := r.at(book).claims[c]
	return id, ok, nil
}

func (r *memReader) Books() ([]clientbook.Book, error) {
	var all []clientbook.Book
	for _, b := range r.root.books {
		all = append(all, b.book)
	}
	slices.SortFunc(all, func(a, b clientbook.Book) int {
		name := cmp.Compare(a.Name, b.Name)
		if r.store.flaw == foldsNames {
			name = bytes.Compare(bytes.ToLower([]byte(a.Name)), bytes.ToLower([]byte(b.Name)))
		}
		return cmp.Or(name, cmp.Compare(a.Mode, b.Mode))
	})
	return all, nil
}

func (r *memReader) Book(id clientbook.BookID) (clientbook.Book, error) {
	if b := r.root.books[id]; b != nil {
		return b.book, nil
	}
	return clientbook.Book{}, clientbook.NotFound(clientbook.ReasonBook)
}

func (r *memReader) Credential(id clientbook.CredentialID) (clientbook.Credential, error) {
	for _, c := range r.root.credentials {
		if c.ID == id {
			return c, nil
		}
	}
	return clientbook.Credential{}, clientbook.NotFound(clientbook.ReasonCredential)
}

func (r *memReader) Credentials() ([]clientbook.Credential, error) {
	return slices.SortedFunc(slices.Values(r.root.credentials), func(a, b clientbook.Credential) int {
		return a.Created.Compare(b.Created)
	}), nil
}

func (r *memReader) Keepers() ([]clientbook.Keeper, error) {
	if r.store.flaw == keepersAsAdded {
		return r.root.keepers, nil
	}
	return slices.SortedFunc(slices.Values(r.root.keepers), func(a, b clientbook.Keeper) int { return a.Created.Compare(b.Created) }), nil
}

func (r *memReader) Heads(book clientbook.BookID, after clientbook.ClientID, limit int, fn func(*clientbook.Head) error) error {
	b := r.at(book)
	ids := slices.SortedFunc(maps.Keys(b.clients), func(x, y clientbook.ClientID) int { return bytes.Compare(x[:], y[:]) })
	for _, id := range ids {
		if bytes.Compare(id[:], after[:]) <= 0 {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		h := b.clients[id].head
		if err := fn(&h); err != nil {
			return err
		}
	}
	return nil
}

func (r *memReader) Versions(
	book clientbook.BookID, id clientbook.ClientID, after int64, limit int, fn func(*clientbook.Version) error,
) error {
	c := r.at(book).clients[id]
	if c == nil {
		return nil
	}
	for _, v := range c.versions {
		if v.Number <= after && r.store.flaw != rangesInclusive || v.Number < after {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		if err := fn(&v); err != nil {
			return err
		}
	}
	return nil
}

func (r *memReader) Feed(book clientbook.BookID, after int64, limit int, fn func(clientbook.FeedEntry) error) error {
	feed := r.at(book).feed
	for _, e := range feed[min(int(after), len(feed)):] {
		if limit--; limit < 0 {
			break
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func (r *memReader) VersionCount(book clientbook.BookID) (n int64, err error) {
	for _, c := range r.at(book).clients {
		n += int64(len(c.versions))
	}
	return n, nil
}

func (r *memReader) DataKey(book clientbook.BookID, id clientbook.ClientID) ([]byte, error) {
	if c := r.at(book).clients[id]; c != nil {
		return bytes.Clone(c.key), nil
	}
	return nil, nil
}

func (r *memReader) HasToken(book clientbook.BookID, t clientbook.Token, created time.Time, id clientbook.ClientID) (bool, error) {
	at, ok := r.at(book).tokens[memToken{t, id}]
	return ok && at.Equal(created), nil
}

func (r *memReader) TokenCounts(book clientbook.BookID) (there, said int64, err error) {
	b := r.at(book)
	for _, c := range b.clients {
		said += int64(c.head.Tokens)
	}
	return int64(len(b.tokens)), said, nil
}

func (r *memReader) Claims(
	book clientbook.BookID, k clientbook.ClaimKind, after [16]byte, limit int, fn func(clientbook.Claim, clientbook.ClientID) error,
) error {
	b := r.at(book)
	for _, c := range slices.SortedFunc(maps.Keys(b.claims), compareClaims) {
		below := bytes.Compare(c.Value[:], after[:])
		if c.Kind != k && r.store.flaw != claimsOfAllKinds || below < 0 || below == 0 && r.store.flaw != rangesInclusive {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		if err := fn(c, b.claims[c]); err != nil {
			return err
		}
	}
	return nil
}

func (r *memReader) Actions(book clientbook.BookID, after int64, limit int, fn func(clientbook.FeedEntry, clientbook.Action) error) error {
	return r.Feed(book, after, limit, func(e clientbook.FeedEntry) error {
		number := e.Version
		if r.store.flaw == newestAction {
			number = r.at(book).clients[e.Client].head.Version
		}
		v, _ := r.Version(book, e.Client, number)
		return fn(e, v.Action)
	})
}

func (r *memReader) Settings(book clientbook.BookID) (clientbook.SettingsSet, error) {
	sets := r.at(book).settings
	if len(sets) == 0 {
		return clientbook.SettingsSet{}, clientbook.NotFound(clientbook.ReasonSettings)
	}
	if r.store.flaw == oldestSettings {
		return sets[0], nil
	}
	return sets[len(sets)-1], nil
}

func (r *memReader) Cursor(book clientbook.BookID, follower string) (int64, bool, error) {
	at, ok := r.at(book).cursors[follower]
	for _, o := range r.root.books {
		if one, there := o.cursors[follower]; there && r.store.flaw == sharedCursors {
			at, ok = one, true
		}
	}
	return at, ok, nil
}

// read gives a message as it is read.
func (r *memReader) read(b *memBook, m *clientbook.Message) clientbook.Message {
	got := *m
	if c := b.clients[m.Client]; c != nil && r.store.flaw != messagesKeyless {
		got.Key = c.key
	}
	return got
}

func (r *memReader) Message(book clientbook.BookID, id clientbook.MessageID) (clientbook.Message, error) {
	b := r.at(book)
	if m := b.messages[id]; m != nil {
		return r.read(b, m), nil
	}
	return clientbook.Message{}, clientbook.NotFound(clientbook.ReasonMessage)
}

func (r *memReader) Messages(
	book clientbook.BookID, q clientbook.MessageQuery, offset, limit int64, fn func(*clientbook.Message) error,
) error {
	b, f := r.at(book), r.store.flaw
	var found []*clientbook.Message
	for _, m := range b.messages {
		if (q.Client == clientbook.ClientID{} || m.Client == q.Client || f == messagesOfAll) && (inside(m.Created, q.Created) || f == messagesAnytime) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(x, y *clientbook.Message) int { return bytes.Compare(y.ID[:], x.ID[:]) })
	if f == oldestMessages {
		slices.Reverse(found)
	}
	n := int64(len(found))
	from := min(offset, n)
	if f == messagesUncut {
		limit = n
	}
	for _, m := range found[from : from+min(limit, n-from)] {
		got := r.read(b, m)
		if err := fn(&got); err != nil && f != messagesGoOn {
			return err
		}
	}
	return nil
}

func (r *memReader) DueMessages(c clientbook.Channel, now time.Time, limit int, fn func(*clientbook.Message) error) error {
	f := r.store.flaw
	var found []clientbook.Message
	for _, b := range r.root.books {
		for _, m := range b.messages {
			due := !m.Due.After(now) && (f != dueLate || m.Due.Before(now))
			if (m.State == clientbook.MessageQueued || f == dueOnceMore) && (m.Channel == c || f == dueOnAll) && due && (f != dueUnleased || m.Leased.IsZero()) {
				found = append(found, r.read(b, m))
			}
		}
	}
	slices.SortFunc(found, func(x, y clientbook.Message) int {
		if f == dueByID {
			return bytes.Compare(x.ID[:], y.ID[:])
		}
		return x.Due.Compare(y.Due)
	})
	for i := range found[:min(limit, len(found))] {
		if err := fn(&found[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *memReader) ClaimCount(book clientbook.BookID, k clientbook.ClaimKind) (n int64, err error) {
	for c := range r.at(book).claims {
		if c.Kind == k {
			n++
		}
	}
	return n, nil
}

func (r *memReader) Presence(book clientbook.BookID, fields []clientbook.Field) (map[clientbook.Field]int64, error) {
	n := map[clientbook.Field]int64{}
	for _, c := range r.at(book).clients {
		for _, f := range fields {
			switch {
			case f == clientbook.FieldMetadata && r.store.flaw != metadataOnce:
				n[f] += int64(c.head.Metadata)
			case c.head.Present.Has(f):
				n[f]++
			}
		}
	}
	return n, nil
}

func (r *memReader) Tallies(book clientbook.BookID, f clientbook.Field) ([]clientbook.Tally, error) {
	return listTallies(r.at(book).tallies, f), nil
}

func listTallies(counts map[clientbook.Tally]int64, f clientbook.Field) []clientbook.Tally {
	var found []clientbook.Tally
	for t, n := range counts {
		if t.Key[0] == byte(f) {
			t.Count = n
			found = append(found, t)
		}
	}
	slices.SortFunc(found, compareTallies)
	return found
}

func (r *memReader) Recount(book clientbook.BookID, f clientbook.Field) ([]clientbook.Tally, error) {
	b := r.at(book)
	counts := map[clientbook.Tally]int64{}
	for _, c := range b.clients {
		if c.head.State == clientbook.StateDeleted {
			continue
		}
		for _, k := range []clientbook.TallyKey{
			clientbook.TallyAll, clientbook.TallyOfKind(c.head.Kind), clientbook.TallyOfState(c.head.State),
		} {
			counts[clientbook.Tally{Key: k, Day: clientbook.DayOf(c.head.Created)}]++
		}
	}
	for t, created := range b.tokens {
		if t.Kind == clientbook.ExactToken && t.Field.Few() {
			counts[clientbook.Tally{Key: clientbook.TallyOf(t.Token), Day: clientbook.DayOf(created)}]++
		}
	}
	return listTallies(counts, f), nil
}

// kill gives a store over the data as it is now; what this one writes from now on is lost.
func (s *memStore) kill() *memStore {
	s.writing.Lock()
	defer s.writing.Unlock()
	root := &atomic.Pointer[memRoot]{}
	kept := s.root.Load().clone()
	if s.flaw == losesCommitted && s.earlier != nil {
		kept = s.earlier
	}
	for id, b := range kept.books {
		b = b.clone()
		if s.flaw == tornByKill && len(b.feed) > 0 {
			last := b.feed[len(b.feed)-1].Client
			maps.DeleteFunc(b.tokens, func(t memToken, _ time.Time) bool { return t.client == last })
		}
		kept.books[id] = b
	}
	root.Store(kept)
	return reopenMemStore(s.flaw, root)
}
