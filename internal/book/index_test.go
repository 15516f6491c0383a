package book_test

import (
	"context"
	"errors"
	"testing"

	"clientbook"
	"clientbook/internal/book"

	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// script runs SQL on the file of a world, whose store is closed meanwhile.
func (w *world) script(sql string) {
	w.Helper()
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	c, err := driver.OpenConn(w.path)
	if err != nil {
		w.Fatal(err)
	}
	if err := errors.Join(sqlitex.ExecuteScript(c, sql, nil), c.Close()); err != nil {
		w.Fatal(err)
	}
	w.open(book.Options{})
}

// asBefore leaves of the index what a program of level 1 made: exact tokens, whose kind's two bits are 0.
const asBefore = `DELETE FROM token WHERE field >= 64;
UPDATE client SET tokens = (SELECT count(*) FROM token t WHERE t.book = client.book AND t.client = client.client);
UPDATE book SET indexed = 1;`

func TestIndexIsBroughtUpToDate(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(fields(false, field("tax", clientbook.StringField)))
	for range 450 { // more than one transaction takes
		w.create(someone())
	}
	u := with("tax", "AT 1")
	u.Person.FirstName, u.Person.BirthDate = new("Ædith"), new(date(t, "1990-02-28"))
	ada := w.create(u)
	w.delete(w.create(someone()).ID)
	w.script(asBefore)

	f, _ := w.settings().CustomField("tax")
	searches := map[string]book.Constraint{
		"folded": {Subject: book.FirstNameSubject, Op: book.Is, Texts: []string{"ÆDITH"}},
		"prefix": {Subject: book.FirstNameSubject, Op: book.Begins, Texts: []string{"ædi"}},
		"month":  {Subject: book.BirthDateSubject, Op: book.Within, Days: [2]clientbook.Date{date(t, "1990-02-01"), date(t, "1990-03-01")}},
		"field":  {Subject: book.FieldSubject, Field: f.Key, Op: book.Is, Texts: []string{"at 1"}},
	}
	found := func(want int) {
		t.Helper()
		for name, x := range searches {
			got, err := w.books.SearchClients(t.Context(), w.caller, &book.Search{Where: []book.Constraint{x}}, 0, 10)
			if err != nil || len(got) != want || want == 1 && got[0].ID != ada.ID {
				t.Errorf("%s: %d clients, %v; want %d", name, len(got), err, want)
			}
		}
	}
	found(0)
	// It is interrupted in its second transaction.
	n, gone := 0, errors.New("power")
	cut := w.another(&hooked{Store: w.store, before: func(call string) error {
		if call == "update" {
			if n++; n == 2 {
				return gone
			}
		}
		return nil
	}}, book.Options{})
	var told []int64
	tell := func(clients int64) { told = append(told, clients) }
	if err := cut.Index(t.Context(), tell); !errors.Is(err, gone) || len(told) != 1 || told[0] != 200 {
		t.Fatalf("interrupted: %v, progress %v", err, told)
	}
	if row := w.row(); row.Indexed != 1 {
		t.Errorf("half done, it is at level %d", row.Indexed)
	}
	w.reopen()
	late := w.create(someone()) // has all of its tokens
	told = nil
	if err := w.books.Index(t.Context(), tell); err != nil || len(told) == 0 || told[len(told)-1] != 453 {
		t.Errorf("index: %v, progress %v, want up to 453", err, told)
	}
	if row := w.row(); row.Indexed != clientbook.IndexLevel {
		t.Errorf("it is at level %d", row.Indexed)
	}
	found(1)
	w.whole()
	w.update(ada.ID, &clientbook.ClientUpdate{Person: &clientbook.PersonUpdate{FirstName: new("Edith")}, Values: setting("tax", "2")})
	w.delete(late.ID)
	found2 := searches["folded"]
	if got, err := w.books.SearchClients(t.Context(), w.caller, &book.Search{Where: []book.Constraint{found2}}, 0, 10); err != nil || len(got) != 0 {
		t.Errorf("under the old name: %d clients, %v", len(got), err)
	}
	w.whole()
	// Where there is nothing to do it costs one read.
	calls := 0
	idle := w.another(&hooked{Store: w.store, before: func(string) error { calls++; return nil }}, book.Options{})
	if err := idle.Index(t.Context(), nil); err != nil || calls != 1 {
		t.Errorf("nothing to do: %v, %d calls of the store", err, calls)
	}
}

func TestIndexIsStopped(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.create(someone())
	w.script(asBefore)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.books.Index(ctx, nil); err == nil {
		t.Error("a stopped index said it was done")
	}
	if err := w.books.Index(t.Context(), nil); err != nil {
		t.Error(err)
	}
	w.whole()
}
