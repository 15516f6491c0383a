package book_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/record"
)

func TestConcurrentUpdatesAllCount(t *testing.T) {
	b, store, caller := open(t, book.Options{})
	made, err := b.CreateClient(t.Context(), caller, person("ada@example.com", "Ada", "Marsh"))
	if err != nil {
		t.Fatal(err)
	}
	const writers = 24
	var wait sync.WaitGroup
	for n := range writers {
		wait.Go(func() {
			if _, err := b.UpdateClient(t.Context(), caller, made.ID, &clientbook.ClientUpdate{Mobile: new(fmt.Sprint("+43 ", n))}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	got, err := b.Client(t.Context(), caller, made.ID)
	if err != nil || got.Version != 1+writers {
		t.Errorf("after %d updates: version %d, %v", writers, got.Version, err)
	}
	if err := store.View(t.Context(), func(r clientbook.Reader) error {
		n, err := r.VersionCount(caller.Book)
		if n != 1+writers {
			t.Errorf("%d versions are kept, want %d", n, 1+writers)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// A few zeros come first, as from a generator that is stuck.
type stuck struct{ zeros int }

func (s *stuck) Read(p []byte) (int, error) {
	if s.zeros < len(p) {
		return rand.Read(p)
	}
	s.zeros -= len(p)
	clear(p)
	return len(p), nil
}

func TestTakenNumberIsDrawnAgain(t *testing.T) {
	b, _, caller := open(t, book.Options{Random: &stuck{zeros: 2 * (6 + 9)}})
	first, err := b.CreateClient(t.Context(), caller, person("ada@example.com", "Ada", "Marsh"))
	if err != nil || first.Number != "000000000" {
		t.Fatalf("the first number is %q, %v: this test needs nine zeros", first.Number, err)
	}
	second, err := b.CreateClient(t.Context(), caller, person("bea@example.com", "Bea", "Marsh"))
	if err != nil || len(second.Number) != 9 || second.Number == first.Number {
		t.Errorf("the second number is %q, %v; want another one of nine digits", second.Number, err)
	}
	if err := b.DeleteClient(t.Context(), caller, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Verify(t.Context(), book.VerifyOptions{Deep: true}); err != nil {
		t.Error(err)
	}
}

func TestNumbersRunOut(t *testing.T) {
	b, _, caller := open(t, book.Options{Random: &stuck{zeros: 1 << 30}})
	if _, err := b.CreateClient(t.Context(), caller, person("ada@example.com", "Ada", "Marsh")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond) // another id
	_, err := b.CreateClient(t.Context(), caller, person("bea@example.com", "Bea", "Marsh"))
	if clientbook.KindOf(err) != clientbook.KindBusy || clientbook.ReasonOf(err) != clientbook.ReasonExhausted {
		t.Errorf("no number is free: %v, want busy, exhausted", err)
	}
}

func TestClockSetBack(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 123_999_999, time.UTC)
	b, _, caller := open(t, book.Options{Now: func() time.Time { return now }})
	made, err := b.CreateClient(t.Context(), caller, person("ada@example.com", "Ada", "Marsh"))
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 5, 1, 12, 0, 0, 123_000_000, time.UTC); !made.Created.Equal(want) || !made.Updated.Equal(want) {
		t.Errorf("created %v, updated %v, want both %v", made.Created, made.Updated, want)
	}
	now = now.Add(-time.Hour)
	for n := 1; n <= 3; n++ {
		next, err := b.UpdateClient(t.Context(), caller, made.ID, &clientbook.ClientUpdate{Mobile: new(fmt.Sprint(n))})
		if want := made.Created.Add(time.Duration(n) * time.Millisecond); err != nil || !next.Updated.Equal(want) {
			t.Errorf("update %d at a clock set back: updated %v, %v, want %v", n, next.Updated, err, want)
		}
	}
}

func TestBlacklistedIsLeftAlone(t *testing.T) {
	c := &clientbook.Client{State: clientbook.StateBlacklisted, Person: &clientbook.Person{FirstName: "A", LastName: "B"}}
	_, update := c.With(&clientbook.ClientUpdate{Email: new("a@example.com")}, clientbook.Rules{Settings: clientbook.DefaultSettings()})
	_, deletion := c.Deleted()
	for what, err := range map[string]error{"update": update, "delete": deletion} {
		if clientbook.KindOf(err) != clientbook.KindInvalid || !strings.Contains(err.Error(), "blacklisted") {
			t.Errorf("%s: %v, want a refusal that names the state", what, err)
		}
	}
}

func TestTooLargeRecordIsRefused(t *testing.T) {
	b, store, caller := open(t, book.Options{})
	u := person("ada@example.com", "Ada", "Marsh")
	u.Metadata = &clientbook.Metadata{{Key: "note", Value: strings.Repeat("x", clientbook.MaxBodyBytes)}}
	before := store.Commits()
	if _, err := b.CreateClient(t.Context(), caller, u); clientbook.ReasonOf(err) != clientbook.ReasonTooBig {
		t.Errorf("a record of more than %d bytes: %v, want too_big", clientbook.MaxBodyBytes, err)
	}
	if store.Commits() != before {
		t.Error("something was stored")
	}
}

// TestOrdinaryPersonHasFewTokens holds the bound of what a create writes into the index.
func TestOrdinaryPersonHasFewTokens(t *testing.T) {
	b, store, caller := open(t, book.Options{})
	if _, err := b.CreateClient(t.Context(), caller, ordinary(1)); err != nil {
		t.Fatal(err)
	}
	if err := store.View(t.Context(), func(r clientbook.Reader) error {
		return r.Heads(caller.Book, clientbook.ClientID{}, 10, func(h *clientbook.Head) error {
			if h.Tokens == 0 || h.Tokens > 22 {
				t.Errorf("%d tokens, at most 22", h.Tokens)
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
}

func TestListFilters(t *testing.T) {
	b, _, caller := open(t, book.Options{})
	var made []*clientbook.Client
	for n := range 6 {
		u := ordinary(n)
		u.Metadata = &clientbook.Metadata{{Key: "empty", Value: ""}, {Key: "tier", Value: fmt.Sprint(n % 2)}}
		c, err := b.CreateClient(t.Context(), caller, u)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, c)
	}
	field := func(f clientbook.Field, key, v string) book.FieldValue {
		return book.FieldValue{Field: f, Key: key, Value: v}
	}
	for _, x := range []struct {
		name   string
		filter book.ClientFilter
		want   int64
	}{
		{"all", book.ClientFilter{}, 6},
		{"persons", book.ClientFilter{Kind: clientbook.PersonKind}, 6},
		{"companies", book.ClientFilter{Kind: clientbook.CompanyKind}, 0},
		{"one value", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldGender, "", "male")}}, 3},
		{"the same value twice", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldGender, "", "male"), field(clientbook.FieldGender, "", "male")}}, 3},
		{"two values of one field", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldGender, "", "male"), field(clientbook.FieldGender, "", "female")}}, 0},
		{"two keys", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldMetadata, "tier", "1"), field(clientbook.FieldMetadata, "empty", "")}}, 3},
		{"another key's value", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldMetadata, "empty", "1")}}, 0},
		{"empty text", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldEmail, "", "")}}, 0},
		{"a field that can't be asked for", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldSSN, "", "1")}}, 0},
		{"other letter case", book.ClientFilter{Values: []book.FieldValue{field(clientbook.FieldEmail, "", "ADA.1@example.com")}}, 0},
		{"none", book.ClientFilter{None: true}, 0},
		{"after the first", book.ClientFilter{Created: clientbook.Window{After: made[0].Created}, Kind: clientbook.PersonKind}, int64(len(after(made, made[0].Created)))},
	} {
		page, err := b.ListClients(t.Context(), caller, x.filter, 0, 2)
		if err != nil || page.Total != x.want || int64(len(page.Clients)) != min(2, x.want) {
			t.Errorf("%s: %d clients of %d, %v; want %d of %d", x.name, len(page.Clients), page.Total, err, min(2, x.want), x.want)
		}
	}
}

func after(cs []*clientbook.Client, t time.Time) (found []*clientbook.Client) {
	for _, c := range cs {
		if c.Created.After(t) {
			found = append(found, c)
		}
	}
	return found
}

// TestAllocations holds what a read and a listed client cost. The bounds are what was measured; raise them only with a reason.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector has pools forget, which costs allocations")
	}
	b, _, caller := open(t, book.Options{})
	var last *clientbook.Client
	for n := range 60 {
		var err error
		if last, err = b.CreateClient(t.Context(), caller, ordinary(n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct {
		name string
		most float64
		run  func() error
	}{
		{"read", 12, func() error {
			_, err := b.Client(t.Context(), caller, last.ID)
			return err
		}},
		{"list of 50, each", 9.1, func() error {
			_, err := b.ListClients(t.Context(), caller, book.ClientFilter{}, 0, 50)
			return err
		}},
		{"encode", 0, func() error {
			buffer = record.Append(buffer[:0], last, "")
			return nil
		}},
	} {
		n := testing.AllocsPerRun(100, func() {
			if err := x.run(); err != nil {
				t.Fatal(err)
			}
		})
		if strings.HasPrefix(x.name, "list") {
			n /= 50
		}
		if n > x.most {
			t.Errorf("%s: %.1f allocations, at most %.1f", x.name, n, x.most)
		}
		t.Logf("%s: %.1f allocations", x.name, n)
	}
}

var buffer []byte
