package clientbook_test

import (
	"fmt"
	"strings"
	"testing"

	"clientbook"
)

// document reads "type|number|authority|template", with "|" and what is behind left out where it is empty; id 0 is none.
func document(id byte, text string) clientbook.IDDocument {
	part := append(strings.Split(text, "|"), "", "", "")
	d := clientbook.IDDocument{Type: part[0], Number: part[1], Authority: part[2], Template: clientbook.DefinitionKey(part[3])}
	if id != 0 {
		d.ID = child(id)
	}
	return d
}

// showDocuments is the inverse of document: "1 type|number", one behind the other.
func showDocuments(all []clientbook.IDDocument) string {
	var out []string
	for _, d := range all {
		out = append(out, fmt.Sprintf("%d %s", d.ID[11], strings.TrimRight(strings.Join([]string{d.Type, d.Number, d.Authority, string(d.Template)}, "|"), "|")))
	}
	return strings.Join(out, ", ")
}

func TestIDDocuments(t *testing.T) {
	noOthers := func(s *clientbook.Settings) { s.OtherIDDocuments = false }
	mandatory := func(s *clientbook.Settings) { s.IDDocumentTemplates[1].Mandatory = true }
	stored := []clientbook.IDDocument{document(1, "Passport|P1"), document(2, "Visa||Embassy"), document(3, "Licence|L3")}
	faulty := []clientbook.IDDocument{document(1, "Passport|bad|Nobody|k-passport"), document(2, "Other|2")}
	for _, row := range []struct {
		rule   string
		edit   func(*clientbook.Settings)
		stored []clientbook.IDDocument
		given  []clientbook.IDDocument
		want   string
	}{
		{"3.3: exactly those sent; those not named are deleted", nil, stored, []clientbook.IDDocument{document(3, "Licence|L3")},
			"3 Licence|L3, 2 Visa||Embassy"},
		{"3.3: [] removes all; design §6: those without a number survive", nil, stored, nil, "2 Visa||Embassy"},
		{"3.3: a match keeps its key and takes the content, it is not merged", nil, []clientbook.IDDocument{document(1, "Passport|P1|State")}, []clientbook.IDDocument{document(1, "Passport|P2")},
			"1 Passport|P2"},
		{"3.3: what matches none is new, its key is dropped", nil, stored, []clientbook.IDDocument{document(9, "Card|C9")}, "0 Card|C9, 2 Visa||Embassy"},
		{"3.3: without a key it is new, like another or not", nil, stored, []clientbook.IDDocument{document(0, "Passport|P1")},
			"0 Passport|P1, 2 Visa||Embassy"},
		{"3.3: the order sent", nil, stored, []clientbook.IDDocument{document(3, "Licence|L3"), document(0, "Card|C"), document(1, "Passport|P1")},
			"3 Licence|L3, 0 Card|C, 1 Passport|P1, 2 Visa||Embassy"},
		{"3.3: two entries with one key, 2605", nil, stored, []clientbook.IDDocument{document(1, "Passport|P1"), document(1, "Passport|P2")},
			"id_documents twice"},
		{"3.3: two equal entries with one key, 2605", nil, stored, []clientbook.IDDocument{document(1, "Passport|P1"), document(1, "Passport|P1")},
			"id_documents twice"},
		{"3.3: two entries with one unknown key, 2605", nil, stored, []clientbook.IDDocument{document(9, "Card|C9"), document(9, "Card|C8")},
			"id_documents twice"},
		{"3.3: two entries with one unknown key, one between them, 2605", nil, nil,
			[]clientbook.IDDocument{document(9, "Card|C9"), document(0, "Card|C8"), document(9, "Card|C7")}, "id_documents twice"},
		{"3.3: two entries with the key of one that is not seen, 2605", nil, stored, []clientbook.IDDocument{document(2, "Visa|V1"), document(2, "Visa|V2")},
			"id_documents twice"},
		{"3.3: two unknown keys", nil, nil, []clientbook.IDDocument{document(8, "Card|C8"), document(9, "Card|C9")}, "0 Card|C8, 0 Card|C9"},
		{"two new ones alike", nil, nil, []clientbook.IDDocument{document(0, "Passport|P1"), document(0, "Passport|P1")}, "0 Passport|P1, 0 Passport|P1"},
		{"one without a number is not seen, so it is not matched", nil, stored, []clientbook.IDDocument{document(2, "Visa|V2")},
			"0 Visa|V2, 2 Visa||Embassy"},
		{"2.3: type missing, 950", nil, nil, []clientbook.IDDocument{document(0, "|P1")}, "id_documents required"},
		{"2.3: type blank, 950", nil, nil, []clientbook.IDDocument{document(0, " |P1")}, "id_documents required"},
		{"2.3: type invisible, 950", nil, nil, []clientbook.IDDocument{document(0, "\u200b|P1")}, "id_documents required"},
		{"2.3: id blank, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport| ")}, "id_documents required"},
		{"2.3: id invisible, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport|\ufeff \u200d")}, "id_documents required"},
		{"2.3: id missing, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport")}, "id_documents required"},
		{"2.3: id taken away, 950", nil, stored, []clientbook.IDDocument{document(1, "Passport")}, "id_documents required"},
		{"control character", nil, nil, []clientbook.IDDocument{document(0, "Passport|P\n1")}, "id_documents characters"},

		{"10: template by key", nil, nil, []clientbook.IDDocument{document(0, "Passport|P123456|State|k-passport")}, "0 Passport|P123456|State|k-passport"},
		{"10: template by id, the key is stored", nil, nil, []clientbook.IDDocument{document(0, "Passport|P123456|State|passport")},
			"0 Passport|P123456|State|k-passport"},
		{"10: template without authority and mask", nil, nil, []clientbook.IDDocument{document(0, "Card|x y|Anyone|card")}, "0 Card|x y|Anyone|k-card"},
		{"10: template unknown, 953 with its position", nil, nil, []clientbook.IDDocument{document(0, "Card|1"), document(0, "Card|2||visa")},
			"id_documents 1 template"},
		{"10: several, 953 with their positions", nil, nil, []clientbook.IDDocument{document(0, "Card|1||x"), document(0, "Card|2"), document(0, "Card|3||y")},
			"id_documents 0,2 template"},
		{"10: not the mask, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport|1123456|State|passport")}, "id_documents mask"},
		{"10: longer than the mask, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport|P1234567|State|passport")}, "id_documents mask"},
		{"10: another type, 950", nil, nil, []clientbook.IDDocument{document(0, "Visa|P123456|State|passport")}, "id_documents mask"},
		{"10: another authority, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport|P123456|Embassy|passport")}, "id_documents mask"},
		{"10: no authority, 950", nil, nil, []clientbook.IDDocument{document(0, "Passport|P123456||passport")}, "id_documents mask"},
		{"10: others are off, 952 with the positions", noOthers, nil, []clientbook.IDDocument{document(0, "X|1"), document(0, "Card|2||card"), document(0, "Y|3")},
			"id_documents 0,2 other"},
		{"10: others are off, with a template", noOthers, nil, []clientbook.IDDocument{document(0, "Card|2||card")}, "0 Card|2||k-card"},
		{"10: others are off, an unchanged one stays", noOthers, stored, []clientbook.IDDocument{document(1, "Passport|P1"), document(0, "Card|2||card")},
			"1 Passport|P1, 0 Card|2||k-card, 2 Visa||Embassy"},
		{"10: others are off, a changed one, 952", noOthers, stored, []clientbook.IDDocument{document(0, "Card|2||card"), document(1, "Passport|P2")},
			"id_documents 1 other"},
		{"10: an unchanged one is not looked at again", nil, faulty, []clientbook.IDDocument{document(1, "Passport|bad|Nobody|k-passport"), document(2, "Other|3")},
			"1 Passport|bad|Nobody|k-passport, 2 Other|3"},
		{"10: an unchanged one whose template is gone", nil, []clientbook.IDDocument{document(1, "X|1||k-gone")}, []clientbook.IDDocument{document(0, "Y|2"), document(1, "X|1||k-gone")},
			"0 Y|2, 1 X|1||k-gone"},
		{"10: a mandatory one is missing, 951", mandatory, nil, []clientbook.IDDocument{document(0, "Passport|P1")}, "id_documents mandatory"},
		{"10: a mandatory one is left out, 951", mandatory, []clientbook.IDDocument{document(1, "Card|1||k-card")}, nil, "id_documents mandatory"},
		{"10: the mandatory one is there", mandatory, nil, []clientbook.IDDocument{document(0, "Card|1||card")}, "0 Card|1||k-card"},
		{"10: alike, but without the template, 951", mandatory, nil, []clientbook.IDDocument{document(0, "Card|1")}, "id_documents mandatory"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := settings()
			if row.edit != nil {
				row.edit(s)
			}
			next, err := ada(func(c *clientbook.Client) { c.IDDocuments = row.stored }).With(&clientbook.ClientUpdate{IDDocuments: &row.given}, rules(s))
			got := fault(err)
			if err == nil {
				got = showDocuments(next.IDDocuments)
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestDemandedIDDocuments(t *testing.T) {
	none, passport := &[]clientbook.IDDocument{}, &[]clientbook.IDDocument{document(0, "Passport|P1")}
	mandatory := func(s *clientbook.Settings) { s.IDDocumentTemplates[1].Mandatory = true }
	for _, row := range []struct {
		rule       string
		edit       func(*clientbook.Settings)
		clientType string
		strict     bool
		given      *[]clientbook.IDDocument
		want       string
	}{
		{"5: requireID and none, 951", nil, "applicant", true, nil, "id_documents mandatory"},
		{"5: requireID and [], 951", nil, "applicant", true, none, "id_documents mandatory"},
		{"5: requireID and one", nil, "applicant", true, passport, ""},
		{"5: no requireID", nil, "retail", true, none, ""},
		{"10: a mandatory one is missing from a create, 951", mandatory, "retail", true, nil, "id_documents mandatory"},
		{"10: a mandatory one is missing from a create's [], 951", mandatory, "retail", true, none, "id_documents mandatory"},
		{"10: a mandatory one is missing from a create's list, 951", mandatory, "retail", true, passport, "id_documents mandatory"},
		{"design §6: a ComplyCube create is exempt", mandatory, "applicant", false, nil, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := settings()
			if row.edit != nil {
				row.edit(s)
			}
			u := person()
			u.Strict, u.ClientType, u.IDDocuments = row.strict, &row.clientType, row.given
			_, err := clientbook.NewClient(u, rules(s))
			wantFault(t, err, row.want)
		})
	}
	// On updates: those that send the part.
	applicant := ada(func(c *clientbook.Client) {
		c.ClientType, c.IDDocuments = "k-applicant", []clientbook.IDDocument{document(1, "Passport|P1")}
	})
	_, err := applicant.With(&clientbook.ClientUpdate{IDDocuments: none}, rules(settings()))
	wantFault(t, err, "id_documents mandatory")
	hidden := ada(func(c *clientbook.Client) {
		c.ClientType, c.IDDocuments = "k-applicant", []clientbook.IDDocument{document(1, "Passport|P1"), document(2, "Visa")}
	})
	_, err = hidden.With(&clientbook.ClientUpdate{IDDocuments: none}, rules(settings()))
	wantFault(t, err, "id_documents mandatory")
	_, err = ada(func(c *clientbook.Client) { c.ClientType = "k-applicant" }).With(&clientbook.ClientUpdate{Email: new("a@example.com")}, rules(settings(mandatory)))
	wantFault(t, err, "")
}

func TestTooManyIDDocuments(t *testing.T) {
	var all []clientbook.IDDocument
	for i := range clientbook.MaxIDDocuments + 1 {
		all = append(all, document(0, fmt.Sprintf("Card|%d", i)))
	}
	most := all[:clientbook.MaxIDDocuments]
	_, err := ada().With(&clientbook.ClientUpdate{IDDocuments: &most}, rules(settings()))
	wantFault(t, err, "")
	_, err = ada().With(&clientbook.ClientUpdate{IDDocuments: &all}, rules(settings()))
	wantFault(t, err, "id_documents too_many")
	hidden := ada(func(c *clientbook.Client) { c.IDDocuments = []clientbook.IDDocument{document(1, "Visa")} })
	_, err = hidden.With(&clientbook.ClientUpdate{IDDocuments: &most}, rules(settings()))
	wantFault(t, err, "id_documents too_many")
}
