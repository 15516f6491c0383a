package book_test

import (
	"path/filepath"
	"testing"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"
)

// open gives books over a new SQLite store, with a caller of one of them.
func open(t testing.TB, o book.Options) (*book.Books, *sqlite.Store, clientbook.Caller) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "clientbook.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	root, err := vault.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	b := book.New(store, root, o)
	key, err := b.CreateKey(t.Context(), "alpha", clientbook.ModeTest)
	if err != nil {
		t.Fatal(err)
	}
	caller, err := b.Authenticate(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	caller.Dialect = "test"
	return b, store, caller
}

func person(email, first, last string) *clientbook.ClientUpdate {
	return &clientbook.ClientUpdate{
		Kind: new(clientbook.PersonKind), Email: &email,
		Person: &clientbook.PersonUpdate{FirstName: &first, LastName: &last, Gender: new(clientbook.Gender("female"))},
	}
}

func TestClientLife(t *testing.T) {
	b, _, caller := open(t, book.Options{})
	ctx := t.Context()
	made, err := b.CreateClient(ctx, caller, person("ada@example.com", "Ada", "Marsh"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.Client(ctx, caller, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name() != "Ada Marsh" || got.Version != 1 || got.Number == "" || !got.Created.Equal(made.Created) {
		t.Errorf("read back %+v, want what was made: %+v", got, made)
	}
	same, err := b.UpdateClient(ctx, caller, made.ID, &clientbook.ClientUpdate{Email: new("ada@example.com")})
	if err != nil || same.Version != 1 || !same.Updated.Equal(made.Updated) {
		t.Errorf("an update that changes nothing gave version %d, %v", same.Version, err)
	}
	next, err := b.UpdateClient(ctx, caller, made.ID, &clientbook.ClientUpdate{Email: new("ada@example.org")})
	if err != nil || next.Version != 2 || !next.Updated.After(made.Updated) {
		t.Fatalf("update gave %+v, %v", next, err)
	}
	for _, x := range []struct {
		email string
		want  int64
	}{{"ada@example.com", 0}, {"ada@example.org", 1}} {
		page, err := b.ListClients(ctx, caller, book.ClientFilter{Values: []book.FieldValue{{Field: clientbook.FieldEmail, Value: x.email}}}, 0, 10)
		if err != nil || page.Total != x.want || int64(len(page.Clients)) != x.want {
			t.Errorf("find %s: %d of %d, %v, want %d", x.email, len(page.Clients), page.Total, err, x.want)
		}
	}
	if err := b.DeleteClient(ctx, caller, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Client(ctx, caller, made.ID); clientbook.KindOf(err) != clientbook.KindNotFound {
		t.Errorf("a deleted client gave %v, want not found", err)
	}
	page, err := b.ListClients(ctx, caller, book.ClientFilter{}, 0, 10)
	if err != nil || page.Total != 0 || len(page.Clients) != 0 {
		t.Errorf("list after delete: %+v, %v", page, err)
	}
}
