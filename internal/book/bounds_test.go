package book_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

// The bounds as operators know them.
const (
	pageBytes   = 8 << 20
	openedBytes = 256 << 20
	waiting     = 16
)

// A repeating store shows the clients of every page again and again, until there are n of them.
type repeating struct {
	clientbook.Store
	n     int64
	shown int64  // rows of the last page
	ended func() // called behind its last row
}

func (s *repeating) View(ctx context.Context, fn func(clientbook.Reader) error) error {
	return s.Store.View(ctx, func(r clientbook.Reader) error { return fn(repeatingReader{r, s}) })
}

type repeatingReader struct {
	clientbook.Reader
	of *repeating
}

func (r repeatingReader) Count(clientbook.BookID, clientbook.ClientQuery) (int64, error) {
	return r.of.n, nil
}

func (r repeatingReader) Page(id clientbook.BookID, q clientbook.ClientQuery, offset, limit int64, fn func(*clientbook.Stored) error) error {
	r.of.shown = 0
	for most := min(r.of.n-offset, limit); r.of.shown < most; {
		if err := r.Reader.Page(id, q, 0, most-r.of.shown, func(st *clientbook.Stored) error {
			r.of.shown++
			return fn(st)
		}); err != nil {
			return err
		}
	}
	if r.of.ended != nil {
		r.of.ended()
	}
	return nil
}

// huge adds a client whose record is nearly as large as it may be.
func (x *town) huge(name string) *clientbook.Client {
	return x.lives(name, name, "", "Huge", func(u *clientbook.ClientUpdate) { u.Notes = new(strings.Repeat("😀", 65_000)) })
}

// sealed gives how many bytes a client's record has in the store.
func (x *town) sealed(c *clientbook.Client) (n int64) {
	x.view(func(r clientbook.Reader) error {
		st, err := r.Current(x.caller.Book, c.ID)
		n = int64(len(st.Body))
		return err
	})
	return n
}

// TestPagesAreBounded asks in every way for as many clients as one page takes, and for one more.
func TestPagesAreBounded(t *testing.T) {
	x := newTown(t)
	keys := is(book.KeySubject, book.OneOf)
	var most, sum int64
	for n := range 40 {
		c := x.huge(fmt.Sprint("h", n))
		keys.Texts = append(keys.Texts, c.Key(x.caller.Book))
		if sum += x.sealed(c); sum <= pageBytes {
			most++
		}
	}
	search := func(s *book.Search) func(offset, limit int64) (int, error) {
		return func(offset, limit int64) (int, error) {
			found, err := x.books.SearchClients(t.Context(), x.caller, s, offset, limit)
			return len(found), err
		}
	}
	huge := is(book.LastNameSubject, book.Begins, "huge")
	for name, ask := range map[string]func(offset, limit int64) (int, error){
		"list": func(offset, limit int64) (int, error) {
			page, err := x.books.ListClients(t.Context(), x.caller, book.ClientFilter{Ascending: true}, offset, limit)
			return len(page.Clients), err
		},
		"search":        search(&book.Search{}),
		"opened search": search(&book.Search{Where: []book.Constraint{huge}}),
		"sorted search": search(&book.Search{Where: []book.Constraint{huge}, Sort: book.CreatedSubject}),
		"by name":       search(&book.Search{Where: []book.Constraint{keys}}),
	} {
		for _, offset := range []int64{0, 3} {
			if n, err := ask(offset, most); err != nil || int64(n) != most {
				t.Errorf("%s from %d: %d clients, %v; want %d", name, offset, n, err, most)
			}
			_, err := ask(offset, most+1)
			isRefused(t, name, err, clientbook.KindInvalid, clientbook.ReasonPageTooBig)
		}
	}
}

// TestOrdinaryPagesAreNotBounded has a thousand clients of a kilobyte on one page.
func TestOrdinaryPagesAreNotBounded(t *testing.T) {
	x := newTown(t)
	x.lives("ada", "Ada", "", "Marsh", func(u *clientbook.ClientUpdate) { u.Notes = new(strings.Repeat("x", 1024)) })
	books := x.another(&repeating{Store: x.store, n: 5000}, book.Options{})
	if page, err := books.ListClients(t.Context(), x.caller, book.ClientFilter{}, 0, 1000); err != nil || len(page.Clients) != 1000 {
		t.Errorf("list: %d, %v", len(page.Clients), err)
	}
	for _, s := range []book.Search{{}, {Sort: book.LastNameSubject}, {Where: []book.Constraint{is(book.LastNameSubject, book.Begins, "mar")}}} {
		if found, err := books.SearchClients(t.Context(), x.caller, &s, 0, 1000); err != nil || len(found) != 1000 {
			t.Errorf("search %+v: %d, %v", s, len(found), err)
		}
	}
}

// TestSearchesOpenSoMuch has searches that open as many bytes as they may, and one record more.
func TestSearchesOpenSoMuch(t *testing.T) {
	x := newTown(t)
	most := openedBytes / x.sealed(x.huge("huge"))
	store := &repeating{Store: x.store}
	books := x.another(store, book.Options{})
	begins := is(book.LastNameSubject, book.Begins, "hug")
	nobody := []book.Constraint{begins, is(book.MiddleNameSubject, book.IsNot, "x"), is(book.EmailSubject, book.Begins, "nobody")}
	nobody[0].Source = "NAME"
	for _, c := range []struct {
		name          string
		s             book.Search
		reason, param string
		want          int
	}{
		{"sorted", book.Search{Sort: book.LastNameSubject, SortSource: "SORT"}, clientbook.ReasonUnsortable, "SORT", 1},
		{"opened", book.Search{Where: nobody}, clientbook.ReasonTooWide, "NAME", 0},
	} {
		store.n = most
		if found, err := books.SearchClients(t.Context(), x.caller, &c.s, most-1, 10); err != nil || len(found) != c.want {
			t.Errorf("%s: %d, %v; want %d", c.name, len(found), err, c.want)
		}
		store.n = most + 100
		_, err := books.SearchClients(t.Context(), x.caller, &c.s, 0, 10)
		isRefused(t, c.name, err, clientbook.KindInvalid, c.reason)
		if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Param != c.param {
			t.Errorf("%s: %q is named, want %q", c.name, e.Param, c.param)
		}
		if store.shown != most+1 {
			t.Errorf("%s: refused at record %d, want %d", c.name, store.shown, most+1)
		}
	}
	// A page that is full is enough, where the order is the store's.
	s := &book.Search{Where: []book.Constraint{begins}}
	for _, down := range []bool{false, true} {
		s.Descending = down
		if found, err := books.SearchClients(t.Context(), x.caller, s, 3, 2); err != nil || len(found) != 2 || store.shown != 5 {
			t.Errorf("natural order, descending %v: %d, %v; opened %d, want 5", down, len(found), err, store.shown)
		}
	}
}

// TestNamedSearchesOpenSoMany names more clients than may be opened.
func TestNamedSearchesOpenSoMany(t *testing.T) {
	x := settled(t)
	defer book.SetMaxOpened(2)()
	keys := is(book.KeySubject, book.OneOf)
	for _, name := range []string{"jo", "ada", "jo", "gone", "ada"} {
		keys.Texts = append(keys.Texts, x.made[name].Key(x.caller.Book))
	}
	if got, err := x.search(&book.Search{Where: []book.Constraint{keys}}); err != nil || got != "ada jo" {
		t.Errorf("two: %q, %v", got, err)
	}
	keys.Texts = append(keys.Texts, x.made["zoe"].Key(x.caller.Book))
	_, err := x.search(&book.Search{Where: []book.Constraint{keys}})
	isRefused(t, "three", err, clientbook.KindInvalid, clientbook.ReasonTooWide)
}

// TestSearchesKeepLittle measures what a search holds when it has gone through all that it may open.
func TestSearchesKeepLittle(t *testing.T) {
	x := newTown(t)
	store := &repeating{Store: x.store, n: openedBytes / x.sealed(x.huge("huge"))}
	books := x.another(store, book.Options{})
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	s := &book.Search{Sort: book.LastNameSubject}
	var held int64
	before := heap()
	store.ended = func() { held = heap() - before }
	if found, err := books.SearchClients(t.Context(), x.caller, s, 0, 10); err != nil || len(found) != 10 {
		t.Fatal(len(found), err)
	}
	if held > 16<<20 {
		t.Errorf("%d matches of a quarter of a megabyte keep %d bytes", store.n, held)
	}
}

// TestSearchesWait has more searches than may wait for those that open records.
func TestSearchesWait(t *testing.T) {
	x := settled(t)
	s := &book.Search{Sort: book.LastNameSubject}
	store := &hooked{Store: x.store}
	books := x.another(store, book.Options{})
	search := func(ctx context.Context) error {
		_, err := books.SearchClients(ctx, x.caller, s, 0, 10)
		return err
	}
	if err := search(t.Context()); err != nil { // opens the book, too
		t.Fatal(err)
	}
	begun, goOn := make(chan struct{}, 100), make(chan struct{})
	store.before = func(string) error {
		begun <- struct{}{}
		<-goOn
		return nil
	}
	outcomes := func(ctx context.Context, n int) chan error {
		c := make(chan error, n)
		for range n {
			go func() { c <- search(ctx) }()
		}
		return c
	}
	next := func(c chan error) error {
		t.Helper()
		select {
		case err := <-c:
			return err
		case <-time.After(20 * time.Second):
			t.Fatal("a search neither ended nor was refused")
			return nil
		}
	}
	running := outcomes(t.Context(), book.MaxSearches)
	for range book.MaxSearches {
		<-begun
	}
	const more = 9
	refused := func(c chan error) {
		t.Helper()
		for range more {
			err := next(c)
			isRefused(t, "one too many", err, clientbook.KindBusy, clientbook.ReasonContention)
			if errors.Is(err, context.Canceled) {
				t.Error("one too many was kept until its caller went")
			}
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	gone := outcomes(ctx, waiting+more)
	refused(gone)
	leave()
	for range waiting { // who goes leaves room for others
		if err := next(gone); clientbook.KindOf(err) != clientbook.KindBusy || !errors.Is(err, context.Canceled) {
			t.Errorf("who waited and left: %v", err)
		}
	}
	staying := outcomes(t.Context(), waiting+more)
	refused(staying)
	close(goOn)
	var wait sync.WaitGroup
	for c, n := range map[chan error]int{running: book.MaxSearches, staying: waiting} {
		wait.Go(func() {
			for range n {
				if err := <-c; err != nil {
					t.Errorf("who waited: %v", err)
				}
			}
		})
	}
	wait.Wait()
}
