package clientbook_test

import (
	"encoding/hex"
	"testing"
	"time"

	"clientbook"
)

// Heads of records that the first program wrote. Their digests are in the chains of the books that it made: they never change.
func TestHeadsOfFirstProgram(t *testing.T) {
	id := clientbook.ClientID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	minimal := clientbook.Client{
		ID: id, Version: 1, Created: then, Updated: then, State: clientbook.StateInactive, Approved: then,
		Number: "123456789", ClientType: "d9df8bc78a0234ccc934a845c", Language: "ENGLISH", Email: "ada@example.com",
		Person: &clientbook.Person{FirstName: "Ada", LastName: "Marsh"},
	}
	full := minimal
	full.Version, full.Updated = 7, then.Add(time.Hour)
	full.Mobile, full.Telephone, full.ExternalID, full.LastActionBy = "+431", "+432", "x-1", "Ann"
	full.Joined = clientbook.Date{Year: 2020, Month: 1, Day: 2}
	full.Metadata = clientbook.Metadata{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}
	full.Person = &clientbook.Person{
		FirstName: "Ada", MiddleName: "B", LastName: "Marsh", BirthDate: clientbook.Date{Year: 1990, Month: 2, Day: 3}, Gender: "other", Nationality: "AT",
		BirthCountry: "DE", SSN: "1", SocialInsuranceNumber: "2", NationalIdentityNumber: "3", TaxIdentificationNumber: "4",
	}
	gone := full
	gone.State, gone.Version = clientbook.StateDeleted, 8
	waiting := minimal
	waiting.State, waiting.Approved = clientbook.StatePendingApproval, time.Time{}
	company := clientbook.Client{
		ID: id, Version: 2, Created: then, Updated: then, State: clientbook.StateInactive, Approved: then, Email: "c@example.com",
		Company: &clientbook.Company{
			Name: "Marsh & Co", Website: "https://example.com", RegistrationNumber: "FN 1", IncorporationCountry: "AT", IncorporationType: "holding_company",
		},
	}
	for _, row := range []struct {
		what    string
		client  clientbook.Client
		digest  string // as the first program computed it
		present clientbook.FieldSet
	}{
		{"a person", minimal, "a8602c090886a4394f2a6949c8b97c12", 0x8000504},
		{"a person with everything", full, "eb0d8939e9055f0bd274d7285cb1ba91", 0xe07ff7c},
		{"a deleted person", gone, "b834bfe5add9e3aa602d3ea446a6a113", 0x8000000},
		{"a person who waits", waiting, "45576f8730874603994e194c9fde0d7a", 0x8000504},
		{"a company", company, "db7567fc54f486e01bfe33bea76ae90b", 0x1f00004},
	} {
		h := clientbook.NewHead(&row.client)
		if got := hex.EncodeToString(h.Digest[:]); got != row.digest || h.Present != row.present {
			t.Errorf("%s: digest %s, present %#x, want %s, %#x", row.what, got, uint64(h.Present), row.digest, uint64(row.present))
		}
		if h.Tokens = 17; h.Sum() != h.Digest {
			t.Errorf("%s: the number of tokens is in the digest", row.what)
		}
	}
}

// Every clear column but Tokens is in the digest.
func TestDigestCoversHead(t *testing.T) {
	base := clientbook.NewHead(ada())
	for what, edit := range map[string]func(*clientbook.Head){
		"client":    func(h *clientbook.Head) { h.Client[3]++ },
		"version":   func(h *clientbook.Head) { h.Version++ },
		"kind":      func(h *clientbook.Head) { h.Kind = clientbook.CompanyKind },
		"state":     func(h *clientbook.Head) { h.State = clientbook.StateExited },
		"type":      func(h *clientbook.Head) { h.Type = "x" },
		"branch":    func(h *clientbook.Head) { h.Branch = "x" },
		"centre":    func(h *clientbook.Head) { h.Centre = "x" },
		"user":      func(h *clientbook.Head) { h.User = "x" },
		"present":   func(h *clientbook.Head) { h.Present ^= 1 << 40 },
		"metadata":  func(h *clientbook.Head) { h.Metadata++ },
		"created":   func(h *clientbook.Head) { h.Created = now },
		"updated":   func(h *clientbook.Head) { h.Updated = now },
		"approved":  func(h *clientbook.Head) { h.Approved = now },
		"activated": func(h *clientbook.Head) { h.Activated = now },
		"closed":    func(h *clientbook.Head) { h.Closed = now },
	} {
		h := base
		if edit(&h); h.Sum() == base.Digest {
			t.Errorf("%s is not in the digest", what)
		}
	}
}

func TestHeadOfNewParts(t *testing.T) {
	c := ada(func(c *clientbook.Client) {
		c.Branch, c.Centre, c.User, c.ForeignKey, c.SecondMobile, c.Notes = "k-north", "k-square", "k-u1", "old", "+433", "x"
		c.Addresses, c.IDDocuments, c.Values = []clientbook.Address{{Line1: "x"}}, []clientbook.IDDocument{document(1, "Card|1")}, values("nick=x")
		c.Comments = []clientbook.Comment{{Text: "x"}}
	})
	h := clientbook.NewHead(c)
	for _, f := range []clientbook.Field{
		clientbook.FieldBranch, clientbook.FieldCentre, clientbook.FieldUser, clientbook.FieldForeignKey, clientbook.FieldSecondMobile,
		clientbook.FieldNotes, clientbook.FieldAddresses, clientbook.FieldIDDocuments, clientbook.FieldValues, clientbook.FieldComments,
		clientbook.FieldNumber, clientbook.FieldFirstName,
	} {
		if !h.Present.Has(f) {
			t.Errorf("%v is not present", f)
		}
	}
	if h.Type != c.ClientType || h.Branch != c.Branch || h.Centre != c.Centre || h.User != c.User {
		t.Errorf("got %+v", h)
	}
	gone, err := c.Deleted()
	if h := clientbook.NewHead(gone); err != nil || h.Present != clientbook.FieldSet(0).With(clientbook.FieldNumber) || h.Metadata != 0 {
		t.Errorf("deleted: present %b, metadata %d, %v, want its number alone", h.Present, h.Metadata, err)
	}
	// A document without a number is not asked for by its number.
	hidden := ada(func(c *clientbook.Client) { c.IDDocuments = []clientbook.IDDocument{document(1, "Visa")} })
	if clientbook.NewHead(hidden).Present.Has(clientbook.FieldIDDocuments) {
		t.Error("a document without a number is present")
	}
}
