package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/store/storetest"
)

func open(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func fresh(t testing.TB, o Options) *Store {
	return open(t, filepath.Join(t.TempDir(), "clientbook.db"), o)
}

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Engine{
		Open: func(t testing.TB) clientbook.Store { return fresh(t, Options{}) },
		Reopen: func(t testing.TB, s clientbook.Store) clientbook.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, s.(*Store).path, Options{})
		},
		Kill: func(t testing.TB, s clientbook.Store) clientbook.Store {
			return open(t, copyFiles(t, s.(*Store)), Options{})
		},
	})
}

// copyFiles copies the database file, then its log, while nothing is committed: what a process leaves that is killed at that moment.
// A checkpoint may go on meanwhile, for it takes nothing away from the log.
func copyFiles(t testing.TB, s *Store) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "clientbook.db")
	if err := s.writer.do(t.Context(), &job{raw: func(*conn) error {
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(s.path + suffix)
			if err == nil {
				err = os.WriteFile(to+suffix, b, 0o600)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}}); err != nil {
		t.Fatal(err)
	}
	return to
}

const testBook clientbook.BookID = 7

func addBook(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx clientbook.Tx) error {
		return tx.AddBook(clientbook.Book{ID: testBook, Name: "alpha", Mode: clientbook.ModeTest, Created: time.UnixMilli(1), Settings: 1, Indexed: clientbook.IndexLevel,
			Keys: clientbook.BookKeys{Sealing: []byte{1}, Tokens: []byte{2}, Chain: []byte{3}}})
	}); err != nil {
		t.Fatal(err)
	}
}

// ordinary gives the change that creates the n-th ordinary person, with as many tokens as one has, or that writes its next version.
func ordinary(n int, version int64) *clientbook.Change {
	created := time.UnixMilli(1_700_000_000_000 + int64(n)).UTC()
	var id clientbook.ClientID
	binary.BigEndian.PutUint32(id[2:], uint32(created.UnixMilli()))
	binary.BigEndian.PutUint32(id[8:], uint32(n))
	h := clientbook.Head{Client: id, Version: version, Kind: clientbook.PersonKind, State: clientbook.StateInactive, Metadata: 3,
		Created: created, Updated: created.Add(time.Duration(version) * time.Millisecond)}
	c := &clientbook.Change{Book: testBook, Settings: 1}
	c.Version = clientbook.Version{Client: id, Number: version, Time: h.Updated, Dialect: "test", Action: clientbook.ActionUpdate,
		Hash: sha256.Sum256(fmt.Appendf(nil, "%d %d", n, version)), Body: make([]byte, 500)}
	tally := func(k clientbook.TallyKey) {
		c.Tallies = append(c.Tallies, clientbook.Tally{Key: k, Day: clientbook.DayOf(created), Count: 1})
	}
	tally(clientbook.TallyAll)
	tally(clientbook.TallyOfKind(h.Kind))
	tally(clientbook.TallyOfState(h.State))
	h.Present = h.Present.With(clientbook.FieldNumber).With(clientbook.FieldMetadata)
	for f := clientbook.FieldEmail; f < clientbook.FieldBirthCountry; f++ {
		if !f.Exact() {
			continue
		}
		h.Present = h.Present.With(f)
		value := fmt.Sprint(n)
		if f.Few() {
			value = "one of few"
			tally(clientbook.TallyOf(testToken(f, value)))
		}
		c.Add = append(c.Add, testToken(f, value))
	}
	for i := range h.Metadata {
		c.Add = append(c.Add, testToken(clientbook.FieldMetadata, fmt.Sprint(n, i)))
	}
	h.Tokens = len(c.Add)
	c.Take = []clientbook.Claim{{Kind: clientbook.ClaimNumber, Value: testToken(clientbook.FieldNumber, fmt.Sprint(n)).Value}}
	c.Key = make([]byte, 65)
	c.Version.Action = clientbook.ActionCreate
	if version > 1 {
		c.Version.Action = clientbook.ActionUpdate
		c.Key, c.Take, c.Tallies, c.Add = nil, nil, nil, nil
		for _, f := range []clientbook.Field{clientbook.FieldMobile, clientbook.FieldTelephone} {
			old := fmt.Sprint(n)
			if version > 2 {
				old = fmt.Sprint(n, version-1)
			}
			c.Drop = append(c.Drop, testToken(f, old))
			c.Add = append(c.Add, testToken(f, fmt.Sprint(n, version)))
		}
	}
	h.Digest = h.Sum()
	c.Head, c.Version.Head = h, h.Digest
	return c
}

// assigned is an ordinary update that also gives the client to a branch.
func assigned(n int, version int64) *clientbook.Change {
	c := ordinary(n, version)
	c.Head.Branch = "north"
	c.Head.Digest = c.Head.Sum()
	c.Version.Head = c.Head.Digest
	return c
}

// linked is like it, and needs the client and forbids a token.
func linked(n int, version int64) *clientbook.Change {
	c := assigned(n, version)
	c.Need, c.Forbid = []clientbook.ClientID{c.Head.Client}, []clientbook.Token{testToken(clientbook.FieldEmail, "nobody's")}
	return c
}

func testToken(f clientbook.Field, v string) clientbook.Token {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", f, v))
	return clientbook.Token{Field: f, Value: [16]byte(sum[:16])}
}

// spent gives the statements run and the rows written by the writer while fn runs.
func spent(t *testing.T, s *Store, fn func()) (statements, rows int) {
	t.Helper()
	look := func() (used, total int) {
		if err := s.writer.do(t.Context(), &job{raw: func(c *conn) error {
			used = c.used
			_, err := c.one("SELECT total_changes()", nil, func(s stmt) { total = s.ColumnInt(0) })
			return err
		}}); err != nil {
			t.Fatal(err)
		}
		return used, total
	}
	used, total := look()
	fn()
	used2, total2 := look()
	return used2 - used - 1, total2 - total // the first look's own statement is counted after it
}

// read runs a query on the writing connection.
func read(t *testing.T, s *Store, query string, row func(stmt)) {
	t.Helper()
	if err := s.writer.do(t.Context(), &job{raw: func(c *conn) error {
		return c.rows(query, nil, func(st stmt) error {
			row(st)
			return nil
		})
	}}); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func TestStatementsAndRowsPerWrite(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	apply := func(c *clientbook.Change) {
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	apply(ordinary(0, 1)) // the book's numbers are known from now on
	for _, x := range []struct {
		name             string
		change           *clientbook.Change
		statements, rows int
	}{
		// Begin and commit, look for version and claim, write version, head, key, all tokens, claim, position, five tallies, the book.
		{"create", ordinary(1, 1), 16, 1 + 1 + 1 + 14 + 1 + 1 + 5 + 1},
		// Begin and commit, look for the version, write version, head, each token dropped, those added, position, the book.
		{"update", ordinary(1, 2), 10, 1 + 1 + 2 + 2 + 1 + 1},
		{"update of what seldom changes", assigned(1, 3), 10, 1 + 1 + 2 + 2 + 1 + 1},
		// As an update; the client that it needs and the token that may not be are looked up.
		{"update with a link", linked(1, 4), 12, 1 + 1 + 2 + 2 + 1 + 1},
	} {
		statements, rows := spent(t, s, func() { apply(x.change) })
		if statements > x.statements || rows > x.rows {
			t.Errorf("%s: %d statements and %d rows, at most %d and %d", x.name, statements, rows, x.statements, x.rows)
		}
	}
}

// TestHiddenClientShows changes what no digest covers, so that a client is in no list: its head then has no digest.
func TestHiddenClientShows(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	for n := range 2 {
		if err := s.Apply(t.Context(), ordinary(n, 1)); err != nil {
			t.Fatal(err)
		}
	}
	read(t, s, fmt.Sprintf("UPDATE client SET live = 0 WHERE client = x'%s'", ordinary(1, 1).Head.Client), func(stmt) {})
	for i, h := range headsOf(t, s, testBook) {
		if hidden := h.Digest != h.Sum(); hidden != (i == 1) {
			t.Errorf("client %d: its digest differs: %v", i, hidden)
		}
	}
}

func TestFlushesAreShared(t *testing.T) {
	const callers, each = 16, 20
	s := fresh(t, Options{commit: func(do func() error) error {
		time.Sleep(time.Millisecond) // a disk that takes its time
		return do()
	}})
	addBook(t, s)
	before := s.Commits()
	var wait sync.WaitGroup
	for k := range callers {
		wait.Go(func() {
			for n := range each {
				if err := s.Apply(t.Context(), ordinary(k*each+n, 1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if n := s.Commits() - before; n > callers*each/2 {
		t.Errorf("%d commits for %d writes of %d callers, want at most half", n, callers*each, callers)
	}
	before = s.Commits()
	for n := range each {
		if err := s.Apply(t.Context(), ordinary(n, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Commits() - before; n != each {
		t.Errorf("%d commits for %d writes of one caller", n, each)
	}
}

func TestRefusedChangeDoesNotFlush(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	before := s.Commits()
	for range 10 {
		if err := s.Apply(t.Context(), ordinary(1, 2)); clientbook.KindOf(err) != clientbook.KindStale {
			t.Fatalf("a version without predecessor gave %v", err)
		}
	}
	if n := s.Commits() - before; n != 0 {
		t.Errorf("%d commits for refused changes", n)
	}
}

// TestLostCommit loses the answer of a COMMIT, once after and once before it reached the file. Each caller is told the truth, and the
// store goes on.
func TestLostCommit(t *testing.T) {
	errLost := errors.New("lost")
	for _, x := range []struct {
		name string
		lose func(do func() error) error
		kept bool
	}{
		{"after it was done", func(do func() error) error { return errors.Join(do(), errLost) }, true},
		{"before it was done", func(func() error) error { return errLost }, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			var armed bool // by the writer's own goroutine, which runs commit
			s := fresh(t, Options{commit: func(do func() error) error {
				if armed {
					armed = false
					return x.lose(do)
				}
				return do()
			}})
			addBook(t, s)
			if err := s.writer.do(t.Context(), &job{raw: func(*conn) error { armed = true; return nil }}); err != nil {
				t.Fatal(err)
			}
			changes := []*clientbook.Change{ordinary(1, 1), ordinary(2, 1), ordinary(3, 5)}
			got := applyTogether(t, s, changes...)
			want := clientbook.KindBusy
			for i, err := range got[:2] {
				if x.kept && err != nil || !x.kept && clientbook.KindOf(err) != want {
					t.Errorf("change %d: %v; kept: %v", i, err, x.kept)
				}
			}
			if clientbook.KindOf(got[2]) != clientbook.KindStale {
				t.Errorf("the refused change: %v, want stale", got[2])
			}
			for i, c := range changes[:2] {
				err := s.View(t.Context(), func(r clientbook.Reader) error {
					_, err := r.Current(testBook, c.Version.Client)
					return err
				})
				if (err == nil) != x.kept {
					t.Errorf("change %d is read as %v; kept: %v", i, err, x.kept)
				}
			}
			next := ordinary(4, 1)
			if err := s.Apply(t.Context(), next); err != nil {
				t.Errorf("the next change: %v", err)
			}
			storetest.Check(t, s)
		})
	}
}

// applyTogether applies changes in one group: they wait behind a job that ends when all are there.
func applyTogether(t *testing.T, s *Store, changes ...*clientbook.Change) []error {
	t.Helper()
	began, held := make(chan struct{}), make(chan struct{})
	go s.writer.do(context.Background(), &job{raw: func(*conn) error { close(began); <-held; return nil }})
	<-began
	got := make([]error, len(changes))
	var wait sync.WaitGroup
	for i, c := range changes {
		wait.Go(func() { got[i] = s.Apply(t.Context(), c) })
	}
	for len(s.writer.queue) < len(changes) {
		time.Sleep(time.Millisecond)
	}
	close(held)
	wait.Wait()
	return got
}

// TestFaultyChangeFailsAlone applies a change that the schema refuses half-way, among good ones and by itself.
func TestFaultyChangeFailsAlone(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	faulty := func(n int) *clientbook.Change {
		c := ordinary(n, 1)
		c.Add = append(c.Add, c.Add[0]) // a token twice
		return c
	}
	for _, changes := range [][]*clientbook.Change{{faulty(1)}, {ordinary(2, 1), faulty(3), ordinary(4, 1)}} {
		for i, err := range applyTogether(t, s, changes...) {
			bad := len(changes[i].Add) > len(ordinary(9, 1).Add)
			if bad && (err == nil || clientbook.KindOf(err) != clientbook.KindInternal) || !bad && err != nil {
				t.Errorf("change %d of %d: %v; faulty: %v", i, len(changes), err, bad)
			}
		}
	}
	if err := s.View(t.Context(), func(r clientbook.Reader) error {
		n, err := r.VersionCount(testBook)
		if n != 2 {
			t.Errorf("%d versions are kept, want 2", n)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	storetest.Check(t, s)
}

func TestLogIsBounded(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	most := uint32(0)
	for n := range 3 * maxLogPages / 25 {
		c := ordinary(n, 1)
		c.Version.Body = make([]byte, 100<<10)
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if pages, err := s.check.logPages(); err != nil {
			t.Fatal(err)
		} else {
			most = max(most, pages)
		}
	}
	if most > 2*maxLogPages {
		t.Errorf("the log had %d pages, it should begin anew at %d", most, maxLogPages)
	}
	if most < checkpointPages {
		t.Errorf("the log had %d pages at most: this test proves nothing", most)
	}
}

// TestSnapshotBeginsWithTheFirstRead writes between the reads of one View, the first of which holds the snapshot without a transaction.
func TestSnapshotBeginsWithTheFirstRead(t *testing.T) {
	s := fresh(t, Options{})
	addBook(t, s)
	write := func(c *clientbook.Change) {
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	first := ordinary(1, 1)
	write(first)
	if err := s.View(t.Context(), func(r clientbook.Reader) error {
		version := func() int64 {
			st, err := r.Current(testBook, first.Version.Client)
			if err != nil {
				t.Fatal(err)
			}
			return st.Number
		}
		before := version()
		write(ordinary(1, 2))
		write(ordinary(2, 1))
		var listed int
		if err := r.Page(testBook, clientbook.ClientQuery{}, 0, 10, func(*clientbook.Stored) error { listed++; return nil }); err != nil {
			return err
		}
		total, err := r.Count(testBook, clientbook.ClientQuery{})
		if after := version(); before != 1 || after != 1 || listed != 1 || total != 1 {
			t.Errorf("one snapshot gave versions %d and %d, %d clients of %d; want 1 and 1, 1 of 1", before, after, listed, total)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
