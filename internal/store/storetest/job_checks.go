package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"clientbook"
)

// try runs an Update that may fail.
func try(t tb, s clientbook.Store, fn func(clientbook.Tx) error) error {
	return s.Update(t.Context(), fn)
}

// wantSettings compares the newest set of a book, and the book's own number.
func (b *book) wantSettings(t tb, when string, r clientbook.BookReader, want clientbook.SettingsSet) {
	t.Helper()
	got, err := r.Settings(b.id)
	if err != nil || got.Book != b.id || got.Number != want.Number || !bytes.Equal(got.Sealed, want.Sealed) {
		t.Errorf("Settings %s: got %d of %s, %.30q, %v, want %d, %.30q", when, got.Number, got.Book, got.Sealed, err, want.Number, want.Sealed)
	}
	if stored, err := r.Book(b.id); stored.Settings != b.settings || err != nil {
		t.Errorf("Book.Settings %s: got %d, %v, want %d", when, stored.Settings, err, b.settings)
	}
}

// checkSettingsSets makes sets of settings, in order and out of it, in two books.
func checkSettingsSets(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	view(t, s, func(r clientbook.Reader) error {
		_, err := r.Settings(b.id)
		wantError(t, "Settings of a book that has none", err, clientbook.KindNotFound, clientbook.ReasonSettings)
		return nil
	})
	set := func(b *book, number int64, sealed string) clientbook.SettingsSet {
		return clientbook.SettingsSet{Book: b.id, Number: number, Sealed: []byte(sealed)}
	}
	ada := b.create(person(1))
	b.apply(t, ada)
	var newest clientbook.SettingsSet
	for i, sealed := range []string{"\x00first\xff", string(bodyOf(ada.id(), 1, 1<<20)), "last"} {
		newest = set(b, b.settings+1, sealed)
		update(t, s, func(tx clientbook.Tx) error {
			err := tx.AddSettings(newest)
			if err == nil {
				b.settings++
				b.wantSettings(t, "in the Update that made them", tx, newest)
			}
			return err
		})
		view(t, s, func(r clientbook.Reader) error {
			b.wantSettings(t, fmt.Sprintf("after change %d", i+1), r, newest)
			return nil
		})
		b.refuse(t, "decided under other settings", b.edit(ada, person(2)).change(b.id, b.settings-1), clientbook.KindStale, clientbook.ReasonSettings)
		update(t, s, func(tx clientbook.Tx) error { // takes a number too
			return tx.AddCredential(clientbook.Credential{ID: clientbook.CredentialID{9, byte(i)}, Book: b.id, Created: start})
		})
		b.settings++
		b.apply(t, b.edit(ada, person(3+i)))
	}
	for _, number := range []int64{0, 1, newest.Number, b.settings, b.settings + 2} {
		err := try(t, s, func(tx clientbook.Tx) error { return tx.AddSettings(set(b, number, "refused")) })
		wantError(t, fmt.Sprintf("AddSettings of number %d while %d is in force", number, b.settings), err, clientbook.KindStale,
			clientbook.ReasonSettings)
	}
	err := try(t, s, func(tx clientbook.Tx) error {
		return tx.AddSettings(clientbook.SettingsSet{Book: b.id + 1, Number: 2, Sealed: []byte("x")})
	})
	wantError(t, "AddSettings to a book that is not there", err, clientbook.KindNotFound, clientbook.ReasonBook)
	stop := errors.New("stop")
	err = try(t, s, func(tx clientbook.Tx) error {
		return errors.Join(tx.AddSettings(set(b, b.settings+1, "given up")), stop)
	})
	if !errors.Is(err, stop) {
		t.Errorf("Update whose fn fails after AddSettings: got %v, want fn's error", err)
	}
	view(t, s, func(r clientbook.Reader) error { b.wantSettings(t, "after refused ones", r, newest); return nil })

	errs := make([]error, 6)
	raced := other.settings + 1
	together(len(errs), func(i int) {
		errs[i] = try(t, s, func(tx clientbook.Tx) error { return tx.AddSettings(set(other, raced, fmt.Sprint("racer ", i))) })
	})
	for i, err := range errs {
		if err != nil {
			wantError(t, "AddSettings that lost a race", err, clientbook.KindStale, clientbook.ReasonSettings)
			continue
		}
		other.settings++
		view(t, s, func(r clientbook.Reader) error {
			other.wantSettings(t, "after a race", r, set(other, raced, fmt.Sprint("racer ", i)))
			return nil
		})
	}
	if other.settings != raced {
		t.Errorf("%d of %d racing AddSettings of one number were accepted, want 1", other.settings-raced+1, len(errs))
	}
	view(t, s, func(r clientbook.Reader) error {
		b.wantSettings(t, "of one book after a race in another", r, newest)
		return nil
	})
	b.verify(t)
	other.verify(t)
}

// given gives s with more tokens.
func given(s *state, total int, more ...clientbook.Token) *state {
	g := *s
	g.tokens = append(slices.Clone(s.tokens), without(more, s.tokens)...)
	slices.SortFunc(g.tokens, compareTokens)
	g.head.Tokens = total
	return &g
}

// checkIndexing adds tokens to clients that an earlier program wrote without.
func checkIndexing(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada := b.create(func(d *draft) { person(1)(d); d.Values = nil })
	eve := b.createAt(start.Add(time.Hour), person(2))
	same := first(ada.id(), ada.head.Created, person(1))
	b.apply(t, ada, eve)
	other.apply(t, same)
	var many []clientbook.Token
	for i := range 300 {
		many = append(many, tokenOf(clientbook.FoldedToken, clientbook.FieldValues, "added", fmt.Sprint(i)))
	}
	add := func(s *state, tokens ...clientbook.Token) func(clientbook.Tx) error {
		total := len(s.tokens) + len(without(tokens, s.tokens))
		return func(tx clientbook.Tx) error { return tx.AddTokens(b.id, s.id(), s.head.Created, tokens, total) }
	}
	for _, x := range []struct {
		s      *state
		tokens []clientbook.Token
	}{
		{ada, many[:3]}, {ada, many[:3]}, {ada, slices.Concat(ada.tokens[:4], many[1:5])}, {ada, nil}, {eve, many},
	} {
		before := b.newest(x.s.id())
		after := given(before, len(before.tokens)+len(without(x.tokens, before.tokens)), x.tokens...)
		update(t, b.store, add(before, x.tokens...))
		b.accept(after)
		b.verify(t)
		view(t, s, func(r clientbook.Reader) error {
			b.verifyPage(t, r, clientbook.ClientQuery{Tokens: many[2:3]}, 0, all)
			b.verifyPage(t, r, clientbook.ClientQuery{Any: [][]clientbook.Token{many[:5]}}, 0, all)
			return nil
		})
	}
	b.update(t, ada, person(5), remove) // which drops them
	b.verify(t)
	other.verify(t)

	for _, level := range []int{1, 7, clientbook.IndexLevel} {
		update(t, s, func(tx clientbook.Tx) error { return tx.SetIndexed(b.id, level) })
		view(t, s, func(r clientbook.Reader) error {
			one, err := r.Book(b.id)
			two, err2 := r.Book(other.id)
			if one.Indexed != level || two.Indexed != clientbook.IndexLevel || err != nil || err2 != nil {
				t.Errorf("Book.Indexed after SetIndexed(%d): got %d, %v, of another book %d, %v", level, one.Indexed, err, two.Indexed, err2)
			}
			return nil
		})
	}
	b.verify(t)
}

// checkClaimsOfJobs gives claims to clients and takes them away, as a change of the settings does.
func checkClaimsOfJobs(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	ada, eve := b.create(person(1)), b.create(person(2))
	b.apply(t, ada, eve)
	other.apply(t, other.create(person(1)))
	give := func(claim clientbook.Claim, to *state, want bool) {
		t.Helper()
		update(t, s, func(tx clientbook.Tx) error {
			got, err := tx.AddClaim(b.id, claim, to.id())
			if got != want || err != nil {
				t.Errorf("AddClaim(%v, %s): got %v, %v, want %v", claim, to.id(), got, err, want)
			}
			return err
		})
		if now := *b.newest(to.id()); want && !slices.Contains(now.claims, claim) {
			now.claims = append(slices.Clone(now.claims), claim)
			now.extra = append(slices.Clone(now.extra), claim)
			b.accept(&now)
		}
		b.verify(t)
	}
	drop := func(claim clientbook.Claim, from *state) {
		t.Helper()
		update(t, s, func(tx clientbook.Tx) error { return tx.DropClaim(b.id, claim, from.id()) })
		now := *b.newest(from.id())
		now.claims, now.extra = without(now.claims, []clientbook.Claim{claim}), without(now.extra, []clientbook.Claim{claim})
		b.accept(&now)
		b.verify(t)
	}
	email, name := claimOf(clientbook.ClaimEmail, "x"), claimOf(clientbook.ClaimName, "x")
	give(email, ada, true)
	give(email, ada, true)
	give(email, eve, false)
	give(name, eve, true)
	b.refuse(t, "a claim that a job gave to another", b.change(b.edit(eve, func(d *draft) { d.Extra = []clientbook.Claim{email} })),
		clientbook.KindConflict, clientbook.ReasonClaim)
	drop(email, eve) // which does not hold it
	give(email, eve, false)
	drop(email, ada)
	give(email, eve, true)
	drop(name, ada)
	c := b.change(b.edit(ada, person(5)))
	c.Release = append(c.Release, email) // of eve
	if err := b.offer(t, c, next(b.newest(ada.id()), person(5))); err != nil {
		t.Errorf("Apply that releases what it does not hold: %v, want it applied", err)
	}
	b.verify(t)
	other.verify(t)
}

// checkCursors moves cursors, from where they are and from elsewhere.
func checkCursors(t testing.TB, e Engine) {
	s := e.Open(t)
	b, other := newBook(t, s), newBook(t, s)
	at := map[string]int64{}
	verify := func() {
		t.Helper()
		view(t, s, func(r clientbook.Reader) error {
			for _, who := range []string{"messages", "exporter"} {
				want, follows := at[who]
				if got, ok, err := r.Cursor(b.id, who); ok != follows || ok && got != want || err != nil {
					t.Errorf("Cursor(%s): got %d, %v, %v, want %d, %v", who, got, ok, err, want, follows)
				}
				if _, ok, err := r.Cursor(other.id, who); ok || err != nil {
					t.Errorf("Cursor(%s) of another book: got %v, %v, want none", who, ok, err)
				}
			}
			return nil
		})
	}
	verify()
	for _, x := range []struct {
		who      string
		from, to int64
		ok       bool
	}{
		{"messages", 0, 5, false}, {"messages", clientbook.None, 0, true}, {"messages", clientbook.None, 5, false}, {"messages", 0, 5, true},
		{"exporter", 5, 6, false}, {"exporter", clientbook.None, 9, true}, {"messages", 0, 6, false}, {"messages", 9, 10, false},
		{"messages", 5, 1 << 40, true}, {"messages", 1 << 40, 7, true}, {"exporter", 7, clientbook.None, false}, {"exporter", 9, clientbook.None, true},
		{"exporter", 9, 10, false}, {"exporter", clientbook.None, clientbook.None, true}, {"exporter", clientbook.None, 3, true},
	} {
		err := try(t, s, func(tx clientbook.Tx) error { return tx.SetCursor(b.id, x.who, x.from, x.to) })
		switch {
		case !x.ok:
			wantError(t, fmt.Sprintf("SetCursor(%s, %d, %d), which is not there", x.who, x.from, x.to), err, clientbook.KindStale,
				clientbook.ReasonVersion)
		case err != nil:
			t.Errorf("SetCursor(%s, %d, %d): %v", x.who, x.from, x.to, err)
		case x.to == clientbook.None:
			delete(at, x.who)
		default:
			at[x.who] = x.to
		}
		verify()
	}
	for from := int64(7); from < 12; from++ { // at the end all at once
		errs := make([]error, 4)
		together(len(errs), func(i int) {
			errs[i] = try(t, s, func(tx clientbook.Tx) error { return tx.SetCursor(b.id, "messages", from, from+1) })
		})
		if won := len(slices.DeleteFunc(errs, func(err error) bool { return err != nil })); won != 1 {
			t.Errorf("%d followers moved one cursor from %d at once, want 1", won, from)
		}
	}
}

// checkUpdateReads reads in an Update what is there, and what the Update itself has changed.
func checkUpdateReads(t testing.TB, e Engine) {
	s := e.Open(t)
	b := newBook(t, s)
	ada := b.create(person(1))
	b.apply(t, ada)
	b.settle(t)
	token, claim := tokenOf(clientbook.FoldedToken, clientbook.FieldValues, "new", "x"), claimOf(clientbook.ClaimEmail, "x")
	m := messageOf(b, ada, 1)
	observed := func() (before string) {
		view(t, s, func(r clientbook.Reader) error { before = observe(t, r, b.id); return nil })
		return before
	}
	before := observed()
	stop := errors.New("stop")
	err := try(t, s, func(tx clientbook.Tx) error {
		if now := observe(t, tx, b.id); now != before {
			t.Errorf("an Update reads\n%s\nwant\n%s", now, before)
		}
		if err := errors.Join(
			tx.AddTokens(b.id, ada.id(), ada.head.Created, []clientbook.Token{token}, len(ada.tokens)+1), tx.AddMessage(m),
			tx.SetCursor(b.id, "follower", clientbook.None, 4), tx.SetIndexed(b.id, 9),
			tx.AddSettings(clientbook.SettingsSet{Book: b.id, Number: b.settings + 1, Sealed: []byte("sealed")})); err != nil {
			return err
		}
		if _, err := tx.AddClaim(b.id, claim, ada.id()); err != nil {
			return err
		}
		b.readsItsWrites(t, tx, ada, token, claim, m)
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("Update whose fn fails: got %v, want fn's error", err)
	}
	if after := observed(); after != before {
		t.Errorf("after an Update that failed:\n%s\nwant\n%s", after, before)
	}
	b.verify(t)
}

func (b *book) readsItsWrites(
	t tb, tx clientbook.Tx, ada *state, token clientbook.Token, claim clientbook.Claim, m *clientbook.Message,
) {
	t.Helper()
	now := given(ada, len(ada.tokens)+1, token)
	now.head.Tokens = len(now.tokens)
	b.accept(now)
	b.verifyToken(t, tx, token, ada.head.Created, ada.id(), true)
	b.verifyPage(t, tx, clientbook.ClientQuery{Tokens: []clientbook.Token{token}}, 0, all)
	if heads := readHeads(t, tx, b.id); len(heads) != 1 || heads[0] != now.head {
		t.Errorf("Heads in the Update that adds a token: got %+v, want %+v", heads, now.head)
	}
	b.accept(ada)
	if holder, held, err := tx.ClaimHolder(b.id, claim); holder != ada.id() || !held || err != nil {
		t.Errorf("ClaimHolder in the Update that gives the claim: got %s, %v, %v", holder, held, err)
	}
	if position, follows, err := tx.Cursor(b.id, "follower"); position != 4 || !follows || err != nil {
		t.Errorf("Cursor in the Update that moves it: got %d, %v, %v, want 4", position, follows, err)
	}
	if set, err := tx.Settings(b.id); set.Number != b.settings+1 || string(set.Sealed) != "sealed" || err != nil {
		t.Errorf("Settings in the Update that makes them: got %+v, %v, want number %d", set, err, b.settings+1)
	}
	if stored, err := tx.Book(b.id); stored.Indexed != 9 || stored.Settings != b.settings+1 || err != nil {
		t.Errorf("Book in the Update that changes it: got %+v, %v", stored, err)
	}
	got, err := tx.Message(b.id, m.ID)
	compareMessages(t, "Message in the Update that adds it", []clientbook.Message{got}, withKey(ada, m))
	if err != nil {
		t.Errorf("Message in the Update that adds it: %v", err)
	}
}
