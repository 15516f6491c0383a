package book_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/record"
)

// plant writes a version of a client that no wire could make yet: with several addresses, or with ID documents that have no number. What
// it changes must be nothing that has tokens or claims.
func (w *world) plant(id clientbook.ClientID, edit func(c *clientbook.Client)) *clientbook.Client {
	w.Helper()
	row := w.row()
	vault, err := w.root.OpenBook(row.ID, row.Keys)
	if err != nil {
		w.Fatal(err)
	}
	var change *clientbook.Change
	c := &clientbook.Client{}
	w.view(func(r clientbook.Reader) error {
		st, err := r.Current(w.caller.Book, id)
		if err != nil {
			return err
		}
		key, err := vault.DataKey(id, st.Key)
		if err != nil {
			return err
		}
		body, err := key.Open(nil, st.Body, st.Number)
		if err != nil {
			return err
		}
		if _, err := record.Decode(body, c); err != nil {
			return err
		}
		c.ID, c.Version, c.Updated = id, st.Number+1, st.Time.Add(time.Millisecond)
		edit(c)
		sealed, err := key.Seal(nil, record.Append(nil, c, ""), c.Version)
		if err != nil {
			return err
		}
		change = &clientbook.Change{Book: row.ID, Settings: st.Settings, Head: clientbook.NewHead(c)}
		if err := r.Heads(row.ID, clientbook.ClientID{}, 1000, func(h *clientbook.Head) error {
			if h.Client == id {
				change.Head.Tokens = h.Tokens
			}
			return nil
		}); err != nil {
			return err
		}
		change.Version = clientbook.Version{Client: id, Number: c.Version, Time: c.Updated, Credential: w.caller.Credential, Dialect: "plant",
			Action: clientbook.ActionUpdate, Head: change.Head.Digest, Body: sealed}
		change.Version.Hash = vault.Link(st.Hash, &change.Version)
		return nil
	})
	if err := w.store.Apply(w.Context(), change); err != nil {
		w.Fatal(err)
	}
	got, err := w.books.Client(w.Context(), w.caller, id)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// read gives a client as another process reads it.
func (w *world) read(id clientbook.ClientID) *clientbook.Client {
	w.Helper()
	c, err := w.another(nil, book.Options{}).Client(w.Context(), w.caller, id)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func childID(n byte) clientbook.ChildID { return clientbook.ChildID{0: 1, 11: n} }

// line and number give what tells the parts apart; the main address has a star.
func lineOf(c *clientbook.Client) (all []string) {
	for _, a := range c.Addresses {
		s := a.Line1
		if a.Main {
			s += "*"
		}
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

func paperOf(c *clientbook.Client) (all []string) {
	for _, d := range c.IDDocuments {
		all = append(all, d.Type+" "+d.Number)
	}
	slices.Sort(all)
	return all
}

func isList(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestOtherAddressesSurvive has a client with several addresses, of which a wire shows the main one alone.
func TestOtherAddressesSurvive(t *testing.T) {
	w := newWorld(t, book.Options{})
	made := w.create(someone())
	planted := w.plant(made.ID, func(c *clientbook.Client) {
		c.Addresses = []clientbook.Address{{ID: childID(1), Line1: "other"}, {ID: childID(2), Main: true, Line1: "home", City: "Graz"}, {ID: childID(3), Line1: "work", Country: "nowhere at all"}}
	})
	isList(t, "planted", lineOf(planted), "home*", "other", "work")
	w.whole()
	main := func(a *clientbook.Address) *clientbook.Client {
		t.Helper()
		w.update(made.ID, &clientbook.ClientUpdate{MainAddress: &clientbook.MainAddress{Address: a}})
		w.whole()
		return w.read(made.ID)
	}
	w.update(made.ID, &clientbook.ClientUpdate{Notes: new("nothing of addresses")})
	isList(t, "another part changed", lineOf(w.read(made.ID)), "home*", "other", "work")

	c := main(&clientbook.Address{ID: childID(2), Line1: "moved"}) // an array with one entry that matches
	isList(t, "matched", lineOf(c), "moved*", "other", "work")
	if a := c.MainAddress(); a.ID != childID(2) || a.City != "" {
		t.Errorf("a match keeps its key and takes the new content, got %+v", a)
	}
	c = main(&clientbook.Address{Line1: "new"})
	isList(t, "replaced", lineOf(c), "new*", "other", "work")
	if a := c.MainAddress(); a.ID == childID(2) || a.ID == (clientbook.ChildID{}) {
		t.Errorf("what takes the place has the key %s", a.ID)
	}
	c = main(&clientbook.Address{ID: childID(1), Line1: "not the other"}) // the key of one that the wire does not show
	isList(t, "by the key of another", lineOf(c), "not the other*", "other", "work")
	if c.MainAddress().ID == childID(1) {
		t.Error("two addresses have one key")
	}
	c = main(nil)
	isList(t, "removed: nothing steps up", lineOf(c), "other", "work")
	if i := slices.IndexFunc(c.Addresses, func(a clientbook.Address) bool { return a.Country == "nowhere at all" }); i < 0 || c.Addresses[i].ID != childID(3) {
		t.Errorf("the others are %+v", c.Addresses)
	}
	isList(t, "removed again", lineOf(main(nil)), "other", "work")
	isList(t, "a main one beside others", lineOf(main(&clientbook.Address{Line1: "back"})), "back*", "other", "work")
}

// TestMostAddresses counts those that a wire does not show too.
func TestMostAddresses(t *testing.T) {
	w := newWorld(t, book.Options{})
	made := w.create(someone())
	w.plant(made.ID, func(c *clientbook.Client) {
		for n := range 100 {
			c.Addresses = append(c.Addresses, clientbook.Address{ID: childID(byte(n + 1)), Line1: fmt.Sprint(n)})
		}
	})
	one := &clientbook.ClientUpdate{MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{Line1: "one more"}}}
	_, err := w.books.UpdateClient(t.Context(), w.caller, made.ID, one)
	isRefused(t, "the 101st address", err, clientbook.KindInvalid, clientbook.ReasonTooMany)
	w.plant(made.ID, func(c *clientbook.Client) { c.Addresses[50].Main = true })
	w.update(made.ID, one) // takes the place of one
	if c := w.read(made.ID); len(c.Addresses) != 100 || c.MainAddress().Line1 != "one more" {
		t.Errorf("%d addresses, the main one is %+v", len(c.Addresses), c.MainAddress())
	}
	w.whole()
}

// TestDocumentsWithoutNumberSurvive has ID documents that a wire which shows numbers alone does not see.
func TestDocumentsWithoutNumberSurvive(t *testing.T) {
	w := newWorld(t, book.Options{})
	u := someone()
	u.IDDocuments = &[]clientbook.IDDocument{{Type: "Passport", Number: "P1"}, {Type: "Licence", Number: "L1"}}
	made := w.create(u)
	passport := made.IDDocuments[0].ID
	w.plant(made.ID, func(c *clientbook.Client) {
		c.IDDocuments = append([]clientbook.IDDocument{{ID: childID(1), Type: "scan", Authority: "Austria"}}, append(c.IDDocuments, clientbook.IDDocument{ID: childID(2), Type: "photo"})...)
	})
	w.whole()
	send := func(what string, given []clientbook.IDDocument, want ...string) *clientbook.Client {
		t.Helper()
		w.update(made.ID, &clientbook.ClientUpdate{IDDocuments: &given})
		w.whole()
		c := w.read(made.ID)
		isList(t, what, paperOf(c), want...)
		for _, d := range c.IDDocuments {
			if d.Type == "scan" && (d.ID != childID(1) || d.Authority != "Austria") {
				t.Errorf("%s: the scan is %+v", what, d)
			}
		}
		return c
	}
	w.update(made.ID, &clientbook.ClientUpdate{Email: new("new@example.com")})
	isList(t, "another part changed", paperOf(w.read(made.ID)), "Licence L1", "Passport P1", "photo ", "scan ")
	c := send("one that it sees is left out", []clientbook.IDDocument{{ID: passport, Type: "Passport", Number: "P2"}}, "Passport P2", "photo ", "scan ")
	if i := slices.IndexFunc(c.IDDocuments, func(d clientbook.IDDocument) bool { return d.Number == "P2" }); c.IDDocuments[i].ID != passport {
		t.Errorf("the matched one has the key %s, want %s", c.IDDocuments[i].ID, passport)
	}
	c = send("one with the key of what it does not see", []clientbook.IDDocument{{ID: childID(2), Type: "Card", Number: "C1"}}, "Card C1", "photo ", "scan ")
	seen := map[clientbook.ChildID]bool{}
	for _, d := range c.IDDocuments {
		if seen[d.ID] {
			t.Errorf("two documents have the key %s", d.ID)
		}
		seen[d.ID] = true
	}
	send("an empty list", []clientbook.IDDocument{}, "photo ", "scan ")

	w.plant(made.ID, func(c *clientbook.Client) {
		for n := len(c.IDDocuments); n < 99; n++ {
			c.IDDocuments = append(c.IDDocuments, clientbook.IDDocument{ID: childID(byte(n + 10)), Type: "more"})
		}
	})
	_, err := w.books.UpdateClient(t.Context(), w.caller, made.ID, &clientbook.ClientUpdate{IDDocuments: &[]clientbook.IDDocument{{Type: "A", Number: "1"}, {Type: "B", Number: "2"}}})
	isRefused(t, "the 101st document", err, clientbook.KindInvalid, clientbook.ReasonTooMany)
	w.update(made.ID, &clientbook.ClientUpdate{IDDocuments: &[]clientbook.IDDocument{{Type: "A", Number: "1"}}})
	if c := w.read(made.ID); len(c.IDDocuments) != 100 {
		t.Errorf("%d documents, want 100", len(c.IDDocuments))
	}
	w.whole()
}

// TestCompaniesTakeNoDefaults makes one in a book whose settings have defaults and demands for persons.
func TestCompaniesTakeNoDefaults(t *testing.T) {
	w := newWorld(t, book.Options{})
	w.set(func(s *clientbook.Settings, _ func() clientbook.DefinitionKey) {
		s.InitialState, s.Language, s.NumberPattern = clientbook.StatePendingApproval, "GERMAN", "#"
	})
	for range 12 { // more than there are numbers
		c := w.create(&clientbook.ClientUpdate{Kind: new(clientbook.CompanyKind), Email: new("office@example.com"), Company: &clientbook.CompanyUpdate{Name: new("Acme")}})
		if c.Number != "" || c.ClientType != "" || c.Language != "" {
			t.Errorf("a company has number %q, client type %q and language %q", c.Number, c.ClientType, c.Language)
		}
		if c.State != clientbook.StatePendingApproval || !c.Approved.IsZero() {
			t.Errorf("a company begins %s, approved %v", c.State, c.Approved)
		}
	}
	c := w.create(someone())
	if c.Number == "" || c.ClientType == "" || c.Language != "GERMAN" || c.State != clientbook.StatePendingApproval {
		t.Errorf("a person has number %q, client type %q, language %q and state %s", c.Number, c.ClientType, c.Language, c.State)
	}
	w.whole()
}
