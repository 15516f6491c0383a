package clientbook_test

import (
	"fmt"
	"testing"

	"clientbook"
)

// Contract sections 2.1 and 5: what a client is assigned to.
func TestAssignments(t *testing.T) {
	at := func(branch, centre, user clientbook.DefinitionKey) func(*clientbook.Client) {
		return func(c *clientbook.Client) { c.Branch, c.Centre, c.User = branch, centre, user }
	}
	identified := func(c *clientbook.Client) { c.IDDocuments = []clientbook.IDDocument{document(1, "Passport|P1")} } // what k-applicant asks for
	typed := func(key clientbook.DefinitionKey) func(*clientbook.Client) {
		return func(c *clientbook.Client) { c.ClientType = key }
	}
	for _, row := range []struct {
		rule   string
		stored func(*clientbook.Client)
		given  clientbook.ClientUpdate
		want   string // type, branch, centre and user, or the fault
	}{
		{"nothing given", at("k-north", "k-square", "k-u1"), clientbook.ClientUpdate{}, "k-retail k-north k-square k-u1"},
		{"type by key", identified, clientbook.ClientUpdate{ClientType: new("k-applicant")}, "k-applicant - - -"},
		{"type by id", identified, clientbook.ClientUpdate{ClientType: new("applicant")}, "k-applicant - - -"},
		{"type unknown, 306", nil, clientbook.ClientUpdate{ClientType: new("vip")}, "client_type unknown"},
		{"type for groups, 307", nil, clientbook.ClientUpdate{ClientType: new("club")}, "client_type group"},
		{"type by another's name, 306", nil, clientbook.ClientUpdate{ClientType: new("north")}, "client_type unknown"},
		{"type for groups is kept", typed("k-club"), clientbook.ClientUpdate{ClientType: new("club")}, "k-club - - -"},
		{"type that is gone is kept", typed("k-vip"), clientbook.ClientUpdate{ClientType: new("k-vip")}, "k-vip - - -"},
		{"no type: the default", typed("k-applicant"), clientbook.ClientUpdate{ClientType: new("")}, "k-retail - - -"},

		{"branch by key", nil, clientbook.ClientUpdate{Branch: new("k-north")}, "k-retail k-north - -"},
		{"branch by id", nil, clientbook.ClientUpdate{Branch: new("north")}, "k-retail k-north - -"},
		{"branch unknown, 801", nil, clientbook.ClientUpdate{Branch: new("east")}, "branch unknown"},
		{"branch inactive, 803", nil, clientbook.ClientUpdate{Branch: new("shut")}, "branch inactive"},
		{"branch inactive is kept", at("k-shut", "", ""), clientbook.ClientUpdate{Branch: new("k-shut")}, "k-retail k-shut - -"},
		{"branch inactive is kept, by id", at("k-shut", "", ""), clientbook.ClientUpdate{Branch: new("shut")}, "k-retail k-shut - -"},
		{"branch that is gone is kept", at("k-east", "", ""), clientbook.ClientUpdate{Branch: new("k-east")}, "k-retail k-east - -"},
		{"branch taken away", at("k-north", "", ""), clientbook.ClientUpdate{Branch: new("")}, "k-retail - - -"},

		{"centre of the branch", nil, clientbook.ClientUpdate{Branch: new("north"), Centre: new("square")}, "k-retail k-north k-square -"},
		{"centre of the stored branch", at("k-north", "", ""), clientbook.ClientUpdate{Centre: new("square")}, "k-retail k-north k-square -"},
		{"centre of no branch", at("k-north", "", ""), clientbook.ClientUpdate{Centre: new("free")}, "k-retail k-north k-free -"},
		{"centre of another branch, 852", nil, clientbook.ClientUpdate{Branch: new("north"), Centre: new("mall")}, "centre branch"},
		{"centre of another branch than the stored one, 852", at("k-north", "", ""), clientbook.ClientUpdate{Centre: new("mall")}, "centre branch"},
		{"the branch moves away from the centre, 852", at("k-north", "k-square", ""), clientbook.ClientUpdate{Branch: new("south")}, "centre branch"},
		{"branch and centre move together", at("k-north", "k-square", ""), clientbook.ClientUpdate{Branch: new("south"), Centre: new("mall")},
			"k-retail k-south k-mall -"},
		{"the branch moves and the centre is taken away", at("k-north", "k-square", ""), clientbook.ClientUpdate{Branch: new("south"), Centre: new("")},
			"k-retail k-south - -"},
		{"centre of another branch is kept", at("k-north", "k-mall", ""), clientbook.ClientUpdate{Branch: new("k-north"), Centre: new("k-mall")},
			"k-retail k-north k-mall -"},
		{"centre of another branch bars no other update", at("k-north", "k-mall", ""), clientbook.ClientUpdate{Notes: new("x")},
			"k-retail k-north k-mall -"},
		{"centre unknown, 850", nil, clientbook.ClientUpdate{Centre: new("north")}, "centre unknown"},
		{"centre inactive, 853", at("k-north", "", ""), clientbook.ClientUpdate{Centre: new("gone")}, "centre inactive"},
		{"centre inactive is kept", at("k-north", "k-gone", ""), clientbook.ClientUpdate{Centre: new("k-gone")}, "k-retail k-north k-gone -"},
		{"centre taken away", at("k-north", "k-square", ""), clientbook.ClientUpdate{Centre: new("")}, "k-retail k-north - -"},

		{"user by key", nil, clientbook.ClientUpdate{User: new("k-u1")}, "k-retail - - k-u1"},
		{"user by id", nil, clientbook.ClientUpdate{User: new("u1")}, "k-retail - - k-u1"},
		{"user by name", nil, clientbook.ClientUpdate{User: new("ann")}, "k-retail - - k-u1"},
		{"user unknown, 702", nil, clientbook.ClientUpdate{User: new("zoe")}, "user unknown"},
		{"user inactive, 702", nil, clientbook.ClientUpdate{User: new("bob")}, "user inactive"},
		{"user that is no credit officer, 702", nil, clientbook.ClientUpdate{User: new("cat")}, "user inactive"},
		{"user that is no credit officer is kept", at("", "", "k-u3"), clientbook.ClientUpdate{User: new("k-u3")}, "k-retail - - k-u3"},
		{"user inactive is kept, by name", at("", "", "k-u2"), clientbook.ClientUpdate{User: new("bob")}, "k-retail - - k-u2"},
		{"user taken away", at("", "", "k-u1"), clientbook.ClientUpdate{User: new("")}, "k-retail - - -"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := ada()
			if row.stored != nil {
				row.stored(c)
			}
			next, err := c.With(&row.given, rules(settings()))
			got := fault(err)
			if err == nil {
				got = assigned(next)
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// A new type's rules of contract sections 4 and 5 bind the whole client, whatever the update sends; those of a type that stays do not.
func TestChangeOfClientType(t *testing.T) {
	type edit = func(*clientbook.Client)
	type client = clientbook.ClientUpdate
	typed := func(id string) edit {
		return func(c *clientbook.Client) { c.ClientType = clientbook.DefinitionKey("k-" + id) }
	}
	addresses := func(all ...clientbook.Address) edit { return func(c *clientbook.Client) { c.Addresses = all } }
	documents := func(all ...clientbook.IDDocument) edit { return func(c *clientbook.Client) { c.IDDocuments = all } }
	valued := func(texts ...string) edit { return func(c *clientbook.Client) { c.Values = values(texts...) } }
	main, other := clientbook.Address{ID: child(1), Main: true, City: "Graz"}, clientbook.Address{ID: child(2), City: "Wien"}
	passport, visa := document(1, "Passport|P1"), document(2, "Visa")
	same := func(all ...clientbook.IDDocument) *[]clientbook.IDDocument { return &all }
	all := func(fs ...func(*clientbook.Settings)) func(*clientbook.Settings) {
		return func(s *clientbook.Settings) {
			for _, f := range fs {
				f(s)
			}
		}
	}
	card := func(s *clientbook.Settings) { s.IDDocumentTemplates[1].Mandatory = true }
	demanding := all(card, field("size", required), field("bic", required))
	for _, row := range []struct {
		rule   string
		edit   func(*clientbook.Settings)
		stored []edit
		given  client
		want   string
	}{
		{"5: requireID and no document, 951", nil, nil, client{ClientType: new("applicant")}, "id_documents mandatory"},
		{"5: requireID, by key, 951", nil, nil, client{ClientType: new("k-applicant")}, "id_documents mandatory"},
		{"5: requireID and [] as it was, 951", nil, nil, client{ClientType: new("applicant"), IDDocuments: same()}, "id_documents mandatory"},
		{"5: requireID and the last one removed, 951", nil, []edit{documents(passport)}, client{ClientType: new("applicant"), IDDocuments: same()}, "id_documents mandatory"},
		{"5: requireID and one that nobody sees, 951", nil, []edit{documents(visa)}, client{ClientType: new("applicant")}, "id_documents mandatory"},
		{"5: requireID and a stored one", nil, []edit{documents(passport)}, client{ClientType: new("applicant")}, ""},
		{"5: requireID and the stored one repeated", nil, []edit{documents(passport)}, client{ClientType: new("applicant"), IDDocuments: same(passport)}, ""},
		{"5: requireID and one that comes along", nil, nil, client{ClientType: new("applicant"), IDDocuments: same(document(0, "Passport|P1"))}, ""},
		{"10: a mandatory one is missing, 951", card, []edit{documents(passport)}, client{ClientType: new("applicant")}, "id_documents mandatory"},
		{"10: the mandatory one is there", card, []edit{documents(document(1, "Card|1||k-card"))}, client{ClientType: new("applicant")}, ""},
		{"5: the default type has rules too, 951", func(s *clientbook.Settings) { s.ClientTypes[0].RequireID = true }, []edit{typed("nomad")}, client{ClientType: new("")},
			"id_documents mandatory"},

		{"5: useDefaultAddress false, 1151", nil, []edit{addresses(main)}, client{ClientType: new("nomad")}, "addresses no_address"},
		{"5: useDefaultAddress false, the address repeated, 1151", nil, []edit{addresses(main)},
			client{ClientType: new("nomad"), MainAddress: &clientbook.MainAddress{Address: &main}}, "addresses no_address"},
		{"5: useDefaultAddress false, a new address, 1151", nil, nil,
			client{ClientType: new("nomad"), MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{City: "Graz"}}}, "addresses no_address"},
		{"5: useDefaultAddress false, the address removed", nil, []edit{addresses(main)}, client{ClientType: new("nomad"), MainAddress: &clientbook.MainAddress{}}, ""},
		{"5: useDefaultAddress false, none", nil, nil, client{ClientType: new("nomad")}, ""},
		{"design §6: an address that Mambu does not see stays", nil, []edit{addresses(other)}, client{ClientType: new("nomad")}, ""},
		{"5: useDefaultAddress true", nil, []edit{typed("nomad"), addresses(main)}, client{ClientType: new("retail")}, ""},

		{"4: required of the new type, 902", field("special", required), []edit{documents(passport)}, client{ClientType: new("applicant")},
			"values special field_required"},
		{"4: required of the new type, the values repeated, 902", field("special", required), []edit{documents(passport), valued("nick=x")},
			client{ClientType: new("applicant"), Values: replace("nick=x")}, "values special field_required"},
		{"4: required of the new type, a PATCH of another, 902", field("special", required), []edit{documents(passport)},
			client{ClientType: new("applicant"), Values: patch("nick=x")}, "values special field_required"},
		{"4: required of the new type comes along", field("special", required), []edit{documents(passport)},
			client{ClientType: new("applicant"), Values: patch("special=x")}, ""},
		{"4: required of all types, 902", field("size", required), nil, client{ClientType: new("nomad")}, "values size field_required"},
		{"4: required in each entry, 902", field("bic", required), []edit{valued("iban.0=A", "bic.0=a", "iban.1=B")}, client{ClientType: new("nomad")},
			"values bic field_required"},
		{"4: required of another type", field("special", required), nil, client{ClientType: new("nomad")}, ""},
		{"4: not of the new type, 910", nil, []edit{typed("applicant"), valued("nick=x", "special=y")}, client{ClientType: new("retail")},
			"values special field_type"},
		{"4: not of the new type, repeated, 910", nil, []edit{typed("applicant"), valued("special=y")}, client{ClientType: new("retail"), Values: replace("special=y")},
			"values special field_type"},
		{"4: not of the new type, beside a PATCH, 910", nil, []edit{typed("applicant"), valued("special=y")}, client{ClientType: new("retail"), Values: patch("nick=x")},
			"values special field_type"},
		{"4: not of the new type, deactivated, 910", field("special", inactive), []edit{typed("applicant"), valued("special=y")}, client{ClientType: new("retail")},
			"values special field_type"},
		{"4: not of the new type, removed", nil, []edit{typed("applicant"), valued("nick=x", "special=y")}, client{ClientType: new("retail"), Values: replace("nick=x")}, ""},
		{"4: not of the new type, removed by name", nil, []edit{typed("applicant"), valued("special=y")}, client{ClientType: new("retail"), Values: patch("-special")}, ""},
		{"4: a field that is gone is nobody's", nil, []edit{valued("gone=x")}, client{ClientType: new("nomad")}, ""},
		{"4: the table's order, 902 before 910", field("size", required), []edit{typed("applicant"), valued("special=y")}, client{ClientType: new("retail")},
			"values size field_required"},
		{"4: a fault of what is sent comes first", field("size", required), []edit{typed("applicant"), valued("special=y")},
			client{ClientType: new("retail"), Values: patch("shoe=4")}, "values shoe field"},

		{"the lowest field is reported", demanding, []edit{addresses(main), valued("special=y")}, client{ClientType: new("nomad")}, "addresses no_address"},
		{"the lowest field that is left", demanding, []edit{valued("special=y")}, client{ClientType: new("nomad")}, "id_documents mandatory"},
		{"a type that can't be had changes nothing, 307", demanding, []edit{addresses(main)}, client{ClientType: new("club")}, "client_type group"},
		{"the same type by its key", demanding, []edit{typed("nomad"), addresses(main), valued("special=y", "iban.0=A")}, client{ClientType: new("k-nomad")}, ""},
		{"the same type by its id", demanding, []edit{typed("nomad"), addresses(main), valued("special=y", "iban.0=A")}, client{ClientType: new("nomad")}, ""},
		{"the same type, everything repeated", demanding, []edit{typed("nomad"), addresses(main), valued("special=y")},
			client{ClientType: new("nomad"), Values: replace("special=y"), IDDocuments: same(), MainAddress: &clientbook.MainAddress{Address: &main}}, ""},
		{"no type named, none on record", func(s *clientbook.Settings) { s.ClientTypes[0].RequireID = true },
			[]edit{func(c *clientbook.Client) { c.ClientType = "" }}, client{Notes: new("x")}, ""},
		{"no type named", demanding, []edit{typed("nomad"), addresses(main), valued("special=y", "iban.0=A")}, client{Notes: new("x")}, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := settings()
			if row.edit != nil {
				row.edit(s)
			}
			_, err := ada(row.stored...).With(&row.given, rules(s))
			wantFault(t, err, row.want)
		})
	}
}

func assigned(c *clientbook.Client) string {
	or := func(k clientbook.DefinitionKey) clientbook.DefinitionKey {
		if k == "" {
			return "-"
		}
		return k
	}
	return fmt.Sprint(or(c.ClientType), " ", or(c.Branch), " ", or(c.Centre), " ", or(c.User))
}

func TestAssignmentsOfNewClient(t *testing.T) {
	for _, row := range []struct {
		rule  string
		given clientbook.ClientUpdate
		want  string
	}{
		{"5: no clientRole: the default type", clientbook.ClientUpdate{}, "k-retail - - -"},
		{"5: the default type given", clientbook.ClientUpdate{ClientType: new("retail")}, "k-retail - - -"},
		{"5: a type given", clientbook.ClientUpdate{ClientType: new("nomad")}, "k-nomad - - -"},
		{"5: unknown, 306", clientbook.ClientUpdate{ClientType: new("vip")}, "client_type unknown"},
		{"5: for groups, 307", clientbook.ClientUpdate{ClientType: new("club")}, "client_type group"},
		{"2.1: all assigned", clientbook.ClientUpdate{Branch: new("k-north"), Centre: new("k-square"), User: new("k-u1")},
			"k-retail k-north k-square k-u1"},
		{"2.1: 852", clientbook.ClientUpdate{Branch: new("k-north"), Centre: new("k-mall")}, "centre branch"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			u := person(strict)
			u.ClientType, u.Branch, u.Centre, u.User = row.given.ClientType, row.given.Branch, row.given.Centre, row.given.User
			c, err := clientbook.NewClient(u, rules(settings()))
			got := fault(err)
			if err == nil {
				got = assigned(c)
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	c, err := clientbook.NewClient(&clientbook.ClientUpdate{Kind: new(clientbook.CompanyKind), Company: &clientbook.CompanyUpdate{Name: new("Co")}}, rules(settings()))
	if wantFault(t, err, "") && (c.ClientType != "" || c.Language != "") {
		t.Errorf("a company has type %q and language %q, want none", c.ClientType, c.Language)
	}
}

// Contract section 15's languages, else 2427.
func TestLanguage(t *testing.T) {
	for _, l := range []clientbook.Language{
		"ENGLISH", "PORTUGESE", "SPANISH", "RUSSIAN", "FRENCH", "GEORGIAN", "CHINESE", "INDONESIAN", "ROMANIAN", "BURMESE", "GERMAN", "PHRASE",
	} {
		next, err := ada().With(&clientbook.ClientUpdate{Language: &l}, rules(settings()))
		if wantFault(t, err, "") && next.Language != l {
			t.Errorf("got %s, want %s", next.Language, l)
		}
	}
	for _, l := range []clientbook.Language{"", "english", "PORTUGUESE", "LATIN"} {
		_, err := ada().With(&clientbook.ClientUpdate{Language: &l}, rules(settings()))
		wantFault(t, err, "language language")
	}
	c := ada(func(c *clientbook.Client) { c.Language = "LATIN" })
	_, err := c.With(&clientbook.ClientUpdate{Language: new(clientbook.Language("LATIN"))}, rules(settings()))
	wantFault(t, err, "")
	c, err = clientbook.NewClient(person(), rules(settings(func(s *clientbook.Settings) { s.Language = "GERMAN" })))
	if wantFault(t, err, "") && c.Language != "GERMAN" {
		t.Errorf("a new client's language is %s, want the book's", c.Language)
	}
}
