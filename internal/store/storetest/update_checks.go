package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clientbook"
)

// update changes what must be changeable.
func update(t tb, s clientbook.Store, fn func(clientbook.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Errorf("Update: %v", err)
	}
}

func readBooks(t tb, s clientbook.Store) []clientbook.Book {
	t.Helper()
	var stored []clientbook.Book
	view(t, s, func(r clientbook.Reader) (err error) {
		stored, err = r.Books()
		return err
	})
	return stored
}

func bookOf(id clientbook.BookID, name string, mode clientbook.Mode) clientbook.Book {
	return clientbook.Book{
		ID: id, Name: name, Mode: mode, Created: start.Add(time.Duration(id%1000) * time.Millisecond), Settings: 1, Indexed: 1 + int(id%2),
		Keys: clientbook.BookKeys{Sealing: []byte{0, 255, byte(id)}, Tokens: fmt.Append(nil, "tokens", id), Chain: fmt.Append(nil, "chain", id)},
	}
}

func sameBook(a, b clientbook.Book) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Mode == b.Mode && a.Created == b.Created && a.Position == b.Position && a.Indexed == b.Indexed &&
		string(a.Keys.Sealing) == string(b.Keys.Sealing) && string(a.Keys.Tokens) == string(b.Keys.Tokens) &&
		string(a.Keys.Chain) == string(b.Keys.Chain)
}

// checkBooks adds books, refuses those that are there, and lists them by name, byte for byte, then mode.
func checkBooks(t testing.TB, e Engine) {
	s := e.Open(t)
	if stored := readBooks(t, s); len(stored) != 0 {
		t.Errorf("Books of an empty store: got %v, want none", stored)
	}
	var want []clientbook.Book
	for i, name := range []string{"b", "Z", "a_b", "a.b", "a-b", "ab", "A", "a", strings.Repeat("x", 64), "a1"} {
		for j, mode := range []clientbook.Mode{clientbook.ModeTest, clientbook.ModeLive} {
			want = append(want, bookOf(clientbook.BookID(0xf000_0000*uint32(j)+uint32(i)+1), name, mode))
		}
	}
	update(t, s, func(tx clientbook.Tx) error {
		for _, b := range want {
			if err := tx.AddBook(b); err != nil {
				return fmt.Errorf("AddBook(%+v): %w", b, err)
			}
			if got, err := tx.Book(b.ID); err != nil || !sameBook(got, b) {
				t.Errorf("Book(%s) in the Update that added it: got %+v, %v, want %+v", b.ID, got, err, b)
			}
		}
		return nil
	})
	slices.SortFunc(want, func(a, b clientbook.Book) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Mode, b.Mode))
	})
	verify := func(when string) {
		t.Helper()
		if got := readBooks(t, s); !slices.EqualFunc(got, want, sameBook) {
			t.Errorf("Books %s:\n got %+v\nwant %+v", when, got, want)
		}
	}
	verify("after all were added")
	for _, b := range []clientbook.Book{
		bookOf(want[0].ID, "another", clientbook.ModeTest), bookOf(0x77, want[0].Name, want[0].Mode), want[3],
	} {
		err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddBook(b) })
		wantError(t, fmt.Sprintf("AddBook(%s, %s, %s) of a book that is there", b.ID, b.Name, b.Mode), err,
			clientbook.KindConflict, clientbook.ReasonExists)
	}
	verify("after refused ones")

	errs := make([]error, 6)
	together(len(errs), func(i int) {
		b := bookOf(clientbook.BookID(0x1000+i), "raced", clientbook.ModeLive)
		errs[i] = s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddBook(b) })
	})
	for i, err := range errs {
		if err == nil {
			want = append(want, bookOf(clientbook.BookID(0x1000+i), "raced", clientbook.ModeLive))
		} else {
			wantError(t, "AddBook that lost a race", err, clientbook.KindConflict, clientbook.ReasonExists)
		}
	}
	slices.SortFunc(want, func(a, b clientbook.Book) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Mode, b.Mode))
	})
	if n := len(want); n != 21 {
		t.Errorf("%d of %d racing AddBooks of one name and mode were accepted, want 1", n-20, len(errs))
	}
	verify("after a race")
}

// settingsOf reads a book's settings number.
func settingsOf(t tb, s clientbook.Store, id clientbook.BookID) int64 {
	t.Helper()
	var stored clientbook.Book
	view(t, s, func(r clientbook.Reader) (err error) {
		stored, err = r.Book(id)
		return err
	})
	return stored.Settings
}

// checkCredentials adds and revokes credentials; each change counts in the settings of its book, and of no other.
func checkCredentials(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	settings := b.settings
	var want []clientbook.Credential
	for i, n := range []int{2, 0, 3, 1} { // oldest first is by time, not by id or as they were added
		c := clientbook.Credential{
			ID: clientbook.CredentialID{byte(9 - i), 255, 0}, Book: b.id, Created: start.Add(time.Duration(n) * time.Millisecond),
		}
		for j := range c.Hash {
			c.Hash[j] = byte(j * (i + 100))
		}
		want = append(want, c)
		update(t, s, func(tx clientbook.Tx) error {
			if err := tx.AddCredential(c); err != nil {
				return err
			}
			got, err := tx.Credential(c.ID)
			if got != c {
				t.Errorf("Credential(%s) in the Update that added it: got %+v, want %+v", c.ID, got, c)
			}
			return err
		})
		settings++
	}
	verify := func(when string) {
		t.Helper()
		ordered := slices.SortedFunc(slices.Values(want), func(a, b clientbook.Credential) int { return a.Created.Compare(b.Created) })
		view(t, s, func(r clientbook.Reader) error {
			got, err := r.Credentials()
			if !slices.Equal(got, ordered) {
				t.Errorf("Credentials %s:\n got %+v\nwant %+v", when, got, ordered)
			}
			for _, c := range want {
				if got, err := r.Credential(c.ID); got != c || err != nil {
					t.Errorf("Credential(%s) %s: got %+v, %v, want %+v", c.ID, when, got, err, c)
				}
			}
			return err
		})
		if got := settingsOf(t, s, b.id); got != settings {
			t.Errorf("settings number %s: got %d, want %d", when, got, settings)
		}
	}
	verify("after all were added")

	revoke := func(id clientbook.CredentialID, at time.Time) error {
		return s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.RevokeCredential(id, at) })
	}
	want[1].Revoked = start.Add(time.Hour + time.Millisecond)
	if err := revoke(want[1].ID, want[1].Revoked); err != nil {
		t.Errorf("RevokeCredential: %v", err)
	}
	settings++
	verify("after one was revoked")
	if err := revoke(want[1].ID, start.Add(2*time.Hour)); err != nil {
		t.Errorf("RevokeCredential of a revoked one: %v", err)
	}
	settings = settingsOf(t, s, b.id) // whether that counts is the engine's own matter
	verify("after it was revoked again")

	unknown := clientbook.CredentialID{1}
	wantError(t, "RevokeCredential of an unknown one", revoke(unknown, start), clientbook.KindNotFound, clientbook.ReasonCredential)
	again := want[2]
	again.Book, again.Hash = other.id, [32]byte{}
	err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddCredential(again) })
	wantError(t, "AddCredential of one that is there", err, clientbook.KindConflict, clientbook.ReasonExists)
	err = s.Update(t.Context(), func(tx clientbook.Tx) error {
		return tx.AddCredential(clientbook.Credential{ID: unknown, Book: b.id + 1, Created: start})
	})
	if err == nil {
		t.Errorf("AddCredential to a book that is not there: got no error")
	}
	view(t, s, func(r clientbook.Reader) error {
		_, err := r.Credential(unknown)
		wantError(t, "Credential of an unknown one", err, clientbook.KindNotFound, clientbook.ReasonCredential)
		return nil
	})
	verify("after refused changes")
	other.verify(t) // whose settings nobody changed
	b.settings = settings
	b.verify(t)
}

// checkCredentialRace adds credentials at once, beside writes: no count of the settings may be lost, and no write may slip through that was
// decided under a number that is over.
func checkCredentialRace(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	before := b.settings
	together(8, func(i int) {
		if i%2 == 0 {
			update(t, s, func(tx clientbook.Tx) error {
				return tx.AddCredential(clientbook.Credential{ID: clientbook.CredentialID{byte(i)}, Book: b.id, Created: start})
			})
			return
		}
		for n := range 4 {
			made := b.create(person(10*i + n))
			if err := b.offer(t, made.change(b.id, before), made); err != nil {
				wantError(t, "Apply beside a change of the settings", err, clientbook.KindStale, clientbook.ReasonSettings)
			}
		}
	})
	b.settings = before + 4
	b.verify(t)
	b.refuse(t, "decided before all that", b.create(person(99)).change(b.id, b.settings-1), clientbook.KindStale, clientbook.ReasonSettings)
	b.apply(t, b.create(person(100)))
	b.verify(t)
}

func checkKeepers(t testing.TB, e Engine) {
	s := e.Open(t)
	var want []clientbook.Keeper
	for i, n := range []int{2, 0, 1} {
		want = append(want, clientbook.Keeper{
			ID: fmt.Sprintf("%08x", 90-i), Kind: []string{"file", "passphrase"}[i%2], Wrapped: []byte{0, 255, byte(i)},
			Created: start.Add(time.Duration(n) * time.Millisecond),
		})
	}
	update(t, s, func(tx clientbook.Tx) error {
		for _, k := range want {
			if err := tx.AddKeeper(k); err != nil {
				return err
			}
		}
		return nil
	})
	again := want[0]
	again.Wrapped = []byte("other")
	err := s.Update(t.Context(), func(tx clientbook.Tx) error { return tx.AddKeeper(again) })
	wantError(t, "AddKeeper of one that is there", err, clientbook.KindConflict, clientbook.ReasonExists)
	slices.SortFunc(want, func(a, b clientbook.Keeper) int { return a.Created.Compare(b.Created) })
	view(t, s, func(r clientbook.Reader) error {
		got, err := r.Keepers()
		if !slices.EqualFunc(got, want, func(a, b clientbook.Keeper) bool {
			return a.ID == b.ID && a.Kind == b.Kind && string(a.Wrapped) == string(b.Wrapped) && a.Created == b.Created
		}) {
			t.Errorf("Keepers:\n got %+v\nwant %+v", got, want)
		}
		return err
	})
}

// checkUpdateRollsBack fails Updates after they changed something, by themselves and by a refusal.
func checkUpdateRollsBack(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	id := clientbook.CredentialID{4, 4}
	update(t, s, func(tx clientbook.Tx) error {
		return tx.AddCredential(clientbook.Credential{ID: id, Book: b.id, Created: start})
	})
	b.settings++
	stop := errors.New("stop")
	everything := func(tx clientbook.Tx) error {
		return errors.Join(
			tx.AddBook(bookOf(0x55, "gone", clientbook.ModeLive)),
			tx.AddCredential(clientbook.Credential{ID: clientbook.CredentialID{5}, Book: b.id, Created: start}),
			tx.RevokeCredential(id, start.Add(time.Hour)),
			tx.AddKeeper(clientbook.Keeper{ID: "0000abcd", Kind: "file", Wrapped: []byte("w"), Created: start}))
	}
	calls := 0
	err := s.Update(t.Context(), func(tx clientbook.Tx) error {
		if calls++; calls > 1 {
			return stop
		}
		if err := everything(tx); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("Update whose fn fails: got %v, want fn's error", err)
	}
	err = s.Update(t.Context(), func(tx clientbook.Tx) error {
		if err := everything(tx); err != nil {
			return err
		}
		return tx.AddBook(bookOf(b.id, "again", clientbook.ModeTest))
	})
	wantError(t, "Update whose last step is refused", err, clientbook.KindConflict, clientbook.ReasonExists)
	view(t, s, func(r clientbook.Reader) error {
		stored, _ := r.Books()
		keepers, _ := r.Keepers()
		credentials, err := r.Credentials()
		if len(stored) != 1 || len(keepers) != 0 || len(credentials) != 1 || !credentials[0].Revoked.IsZero() {
			t.Errorf("after Updates that failed: got books %v, keepers %v, credentials %v, want one book, one credential, not revoked", stored,
				keepers, credentials)
		}
		return err
	})
	b.verify(t)
	update(t, s, func(tx clientbook.Tx) error {
		_, err := tx.Book(0x99)
		wantError(t, "Book of an unknown book in an Update", err, clientbook.KindNotFound, clientbook.ReasonBook)
		return everything(tx)
	})
	b.settings += 2
	b.verify(t)
}
