package book_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"
)

// A world is one book in a store, with what other processes over the same store need.
type world struct {
	testing.TB
	path   string
	store  *sqlite.Store
	root   *vault.Root
	books  *book.Books
	caller clientbook.Caller
}

func newWorld(t testing.TB, o book.Options) *world {
	t.Helper()
	w := &world{TB: t, path: filepath.Join(t.TempDir(), "clientbook.db")}
	var err error
	if w.root, err = vault.NewRoot(); err != nil {
		t.Fatal(err)
	}
	w.open(o)
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	key, err := w.books.CreateKey(t.Context(), "alpha", clientbook.ModeTest)
	if err != nil {
		t.Fatal(err)
	}
	if w.caller, err = w.books.Authenticate(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	w.caller.Dialect = "test"
	return w
}

func (w *world) open(o book.Options) {
	w.Helper()
	var err error
	if w.store, err = sqlite.Open(w.Context(), w.path, sqlite.Options{}); err != nil {
		w.Fatal(err)
	}
	w.books = book.New(w.store, w.root, o)
}

// reopen closes the store and opens it again.
func (w *world) reopen() {
	w.Helper()
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	w.open(book.Options{})
}

// another gives the books as another process over the same store has them.
func (w *world) another(store clientbook.Store, o book.Options) *book.Books {
	if store == nil {
		store = w.store
	}
	return book.New(store, w.root, o)
}

// ticking gives a clock that goes on with each look, so that of two clients one is older.
func ticking() func() time.Time {
	var ticks atomic.Int64
	return func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, int(ticks.Add(1))*1e6, time.UTC) }
}

// copied gives settings that may be written to.
func copied(old *clientbook.Settings) *clientbook.Settings {
	s := *old
	s.Duplicates.Rules = slices.Clone(s.Duplicates.Rules)
	s.ClientTypes = slices.Clone(s.ClientTypes)
	s.Branches = slices.Clone(s.Branches)
	s.Centres = slices.Clone(s.Centres)
	s.Users = slices.Clone(s.Users)
	s.IDDocumentTemplates = slices.Clone(s.IDDocumentTemplates)
	s.Templates = slices.Clone(s.Templates)
	s.CustomFieldSets = slices.Clone(s.CustomFieldSets)
	for i := range s.CustomFieldSets {
		s.CustomFieldSets[i].Fields = slices.Clone(s.CustomFieldSets[i].Fields)
	}
	return &s
}

type edit = func(s *clientbook.Settings, mint func() clientbook.DefinitionKey)

// changed is a change of the settings of the world's book.
func changed(e edit) book.SettingsChange {
	return book.SettingsChange{Book: "alpha", Mode: clientbook.ModeTest, By: "ops",
		Make: func(old *clientbook.Settings, mint func() clientbook.DefinitionKey, _ time.Time) (*clientbook.Settings, error) {
			s := copied(old)
			e(s, mint)
			return s, nil
		}}
}

func (w *world) change(e edit) book.SettingsReport {
	w.Helper()
	report, err := w.books.ChangeSettings(w.Context(), changed(e))
	if err != nil {
		w.Fatal(err)
	}
	return report
}

// set makes a change that must be made.
func (w *world) set(e edit) *clientbook.Settings {
	w.Helper()
	report := w.change(e)
	if len(report.Problems) > 0 || report.Number == 0 {
		w.Fatalf("the change was not made: %+v", report)
	}
	return report.New
}

// refuse makes a change that must be refused with one problem, and gives its text.
func (w *world) refuse(section, id string, e edit) string {
	w.Helper()
	before := w.row()
	report := w.change(e)
	if len(report.Problems) != 1 || report.Number != 0 {
		w.Fatalf("got %+v, number %d; want one problem", report.Problems, report.Number)
	}
	p := report.Problems[0]
	if p.Section != section || p.ID != id {
		w.Errorf("the problem is of %s %q, want of %s %q", p.Section, p.ID, section, id)
	}
	if after := w.row(); after.Settings != before.Settings {
		w.Errorf("a refused change made settings number %d of %d", after.Settings, before.Settings)
	}
	return p.Text
}

func (w *world) settings() *clientbook.Settings {
	w.Helper()
	s, err := w.books.BookSettings(w.Context(), "alpha", clientbook.ModeTest)
	if err != nil {
		w.Fatal(err)
	}
	return s
}

func (w *world) row() (row clientbook.Book) {
	w.Helper()
	w.view(func(r clientbook.Reader) (err error) {
		row, err = r.Book(w.caller.Book)
		return err
	})
	return row
}

func (w *world) view(fn func(clientbook.Reader) error) {
	w.Helper()
	if err := w.store.View(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) create(u *clientbook.ClientUpdate) *clientbook.Client {
	w.Helper()
	c, err := w.books.CreateClient(w.Context(), w.caller, u)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) update(id clientbook.ClientID, u *clientbook.ClientUpdate) *clientbook.Client {
	w.Helper()
	c, err := w.books.UpdateClient(w.Context(), w.caller, id, u)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) delete(id clientbook.ClientID) {
	w.Helper()
	if err := w.books.DeleteClient(w.Context(), w.caller, id); err != nil {
		w.Fatal(err)
	}
}

// whole verifies everything, with the eyes of a process that has just begun.
func (w *world) whole() {
	w.Helper()
	for _, b := range []*book.Books{w.books, w.another(nil, book.Options{})} {
		if _, err := b.Verify(w.Context(), book.VerifyOptions{Deep: true}); err != nil {
			w.Errorf("verify: %v", err)
		}
	}
}

// claimCount gives how many claims of a kind there are.
func (w *world) claimCount(k clientbook.ClaimKind) (n int64) {
	w.Helper()
	w.view(func(r clientbook.Reader) (err error) {
		n, err = r.ClaimCount(w.caller.Book, k)
		return err
	})
	return n
}

var someones atomic.Int64

// someone gives a new person with a name and an address that nobody else has.
func someone() *clientbook.ClientUpdate {
	n := someones.Add(1)
	return person(fmt.Sprintf("p%d@example.com", n), fmt.Sprintf("First%d", n), fmt.Sprintf("Last%d", n))
}

// with gives someone with values of custom fields, field and value in turn.
func with(values ...string) *clientbook.ClientUpdate {
	u := someone()
	u.Values = setting(values...)
	return u
}

func setting(values ...string) *clientbook.ValuesUpdate {
	v := &clientbook.ValuesUpdate{}
	for i := 0; i < len(values); i += 2 {
		v.Set = append(v.Set, clientbook.ValueUpdate{ValueName: clientbook.ValueName{Field: values[i]}, Value: &values[i+1]})
	}
	return v
}

func defined(id string, mint func() clientbook.DefinitionKey) clientbook.Definition {
	return clientbook.Definition{Key: mint(), ID: id, Name: id}
}

// fields adds a plain set with such fields. Keys are made where there are none.
func fields(grouped bool, fs ...clientbook.CustomField) edit {
	return func(s *clientbook.Settings, mint func() clientbook.DefinitionKey) {
		set := clientbook.CustomFieldSet{Definition: defined(fmt.Sprintf("set%d", len(s.CustomFieldSets)), mint), Grouped: grouped}
		for _, f := range fs {
			f.Key, f.Name, f.Active = mint(), f.ID, true
			set.Fields = append(set.Fields, f)
		}
		s.CustomFieldSets = append(s.CustomFieldSets, set)
	}
}

func field(id string, t clientbook.FieldType) clientbook.CustomField {
	return clientbook.CustomField{Definition: clientbook.Definition{ID: id}, Type: t}
}

// redefine changes one field.
func redefine(id string, do func(f *clientbook.CustomField, set *clientbook.CustomFieldSet)) edit {
	return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
		f, set := s.CustomField(id)
		do(f, set)
	}
}

func unique(id string, on bool) edit {
	return redefine(id, func(f *clientbook.CustomField, _ *clientbook.CustomFieldSet) { f.Unique = on })
}

func rules(rs ...clientbook.DuplicateRule) edit {
	return func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
		s.Duplicates = clientbook.Duplicates{Mode: clientbook.DuplicatesRefused, Rules: rs}
	}
}

func noRules(s *clientbook.Settings, _ func() clientbook.DefinitionKey) { s.Duplicates.Mode = "" }

// A hooked store runs hooks around its calls: "view", "apply", "update". Before's error takes the place of the call, after's of its outcome.
type hooked struct {
	clientbook.Store
	before, after func(call string) error
}

func (h *hooked) around(call string, do func() error) error {
	if h.before != nil {
		if err := h.before(call); err != nil {
			return err
		}
	}
	err := do()
	if h.after != nil {
		if e := h.after(call); e != nil {
			return e
		}
	}
	return err
}

func (h *hooked) View(ctx context.Context, fn func(clientbook.Reader) error) error {
	return h.around("view", func() error { return h.Store.View(ctx, fn) })
}

func (h *hooked) Apply(ctx context.Context, c *clientbook.Change) error {
	return h.around("apply", func() error { return h.Store.Apply(ctx, c) })
}

func (h *hooked) Update(ctx context.Context, fn func(clientbook.Tx) error) error {
	return h.around("update", func() error { return h.Store.Update(ctx, fn) })
}

// once gives a hook that runs do before the first call of that name.
func once(name string, do func()) func(string) error {
	done := false
	return func(call string) error {
		if call == name && !done {
			done = true
			do()
		}
		return nil
	}
}

// isRefused makes sure that err has kind and reason.
func isRefused(t testing.TB, what string, err error, kind clientbook.Kind, reason string) {
	t.Helper()
	if err == nil || clientbook.KindOf(err) != kind || clientbook.ReasonOf(err) != reason {
		t.Errorf("%s: %v, want %v: %s", what, err, kind, reason)
	}
}
