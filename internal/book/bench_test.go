package book_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"clientbook"
	"clientbook/internal/book"
)

// ordinary gives the update that describes an ordinary person, the n-th.
func ordinary(n int) *clientbook.ClientUpdate {
	text := func(format string) *string { return new(fmt.Sprintf(format, n)) }
	birth, _ := clientbook.ParseDate(fmt.Sprintf("%d-%02d-%02d", 1940+n%60, 1+n%12, 1+n%28))
	joined, _ := clientbook.ParseDate(fmt.Sprintf("%d-%02d-%02d", 2015+n%10, 1+n%12, 1+n%28))
	return &clientbook.ClientUpdate{
		Kind: new(clientbook.PersonKind), Email: text("ada.%d@example.com"), Mobile: text("+35191%d"), Telephone: text("+35121%d"),
		ExternalID: text("external-%d"), Joined: &joined,
		Person: &clientbook.PersonUpdate{
			FirstName: new(fmt.Sprintf("First%d", n%600)), MiddleName: new(fmt.Sprintf("Middle%d", n%600)),
			LastName: new(fmt.Sprintf("Last%d", n%2400)), BirthDate: &birth,
			Gender:      new([]clientbook.Gender{"male", "female"}[n%2]),
			Nationality: new([]clientbook.Country{"PT", "PL", "GB", "FR"}[n%4]),
		},
		Metadata: new(clientbook.Metadata{{Key: "branch", Value: fmt.Sprintf("branch-%d", n%40)},
			{Key: "note", Value: "Prefers to be contacted in the morning by e-mail"}, {Key: "tier", Value: "standard"}}),
	}
}

func fill(b *testing.B, books *book.Books, caller clientbook.Caller, n int) []clientbook.ClientID {
	b.Helper()
	ids := make([]clientbook.ClientID, n)
	for i := range ids {
		c, err := books.CreateClient(b.Context(), caller, ordinary(i))
		if err != nil {
			b.Fatal(err)
		}
		ids[i] = c.ID
	}
	return ids
}

func BenchmarkClient(b *testing.B) {
	books, _, caller := open(b, book.Options{})
	ids := fill(b, books, caller, 2000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := books.Client(b.Context(), caller, ids[rand.N(len(ids))]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkList50(b *testing.B) {
	books, _, caller := open(b, book.Options{})
	fill(b, books, caller, 2000)
	b.ReportAllocs()
	for b.Loop() {
		if page, err := books.ListClients(b.Context(), caller, book.ClientFilter{}, 0, 50); err != nil || page.Total < 2000 {
			b.Fatal(page.Total, err)
		}
	}
}

func BenchmarkCreateClient(b *testing.B) {
	books, _, caller := open(b, book.Options{})
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		if _, err := books.CreateClient(b.Context(), caller, ordinary(n)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdateClient(b *testing.B) {
	books, _, caller := open(b, book.Options{})
	ids := fill(b, books, caller, 2000)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		u := &clientbook.ClientUpdate{Mobile: new(fmt.Sprintf("+351%d", n)), Telephone: new(fmt.Sprintf("+352%d", n))}
		if _, err := books.UpdateClient(b.Context(), caller, ids[rand.N(len(ids))], u); err != nil {
			b.Fatal(err)
		}
	}
}
