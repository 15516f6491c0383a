package mambu_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"clientbook"
)

// TestFilters asks one book many questions. Its clients are created at 17:24:01, :02, :03 and :04; then :01 is updated. Contract 1 and 3.4.
func TestFilters(t *testing.T) {
	d := newDouble(t)
	d.apply(t, `
branches: [{id: north, name: North, encodedKey: branch-north}, {id: south, name: South, encodedKey: branch-south}]
centres: [{id: hall, name: Hall, branch: north, encodedKey: centre-hall}]
users:
  - {id: "1", username: olga, firstName: Olga, lastName: O, creditOfficer: true, encodedKey: user-olga}
  - {id: "2", username: user-olga, firstName: Ona, lastName: O, creditOfficer: true, encodedKey: user-ona}
`)
	n := 0
	write := func(method, path, body string) {
		t.Helper()
		n++
		d.now = time.Date(2020, 1, 4, 17, 24, n, 146e6, time.UTC)
		if w := d.ask(t, method, path, body); w.Code != http.StatusOK {
			t.Fatal(w.Body)
		}
	}
	write("POST", "/api/clients", `{"client":{"id":"1","firstName":"Ada","lastName":"Marsh","birthDate":"1990-01-02","assignedBranchKey":"branch-north","assignedCentreKey":"centre-hall",
		"assignedUserKey":"user-olga"},"idDocuments":[{"documentType":"P","documentId":"p1"},{"documentType":"L","documentId":"l 1"}]}`)
	write("POST", "/api/clients", `{"client":{"id":"2","firstName":"Bob","lastName":"Marsh","birthDate":"1990-01-02","assignedBranchKey":"branch-north","state":"PENDING_APPROVAL"}}`)
	write("POST", "/api/clients", `{"client":{"id":"3","firstName":"Ada","lastName":"marsh"},"idDocuments":[{"documentType":"P","documentId":"p1"}]}`)
	write("POST", "/api/clients", `{"client":{"id":"4","firstName":"Äda","lastName":"O'Hara & Co"}}`)
	write("PATCH", "/api/clients/1", `{"client":{"notes":"n"}}`)
	company := clientbook.CompanyKind
	caller, err := d.books.Authenticate(t.Context(), d.test)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := d.books.CreateClient(t.Context(), caller, &clientbook.ClientUpdate{Kind: &company, Email: new("c@example.com"), Company: &clientbook.CompanyUpdate{Name: new("Marsh")}})
	if err != nil {
		t.Fatal(err)
	}

	const all = "1234"
	for _, x := range []struct{ query, want string }{
		{"", all},
		{"&&", all},
		{"appkey=x&unknown=y&FirstName=Ada&firstName[]=Ada&entity=Marsh", all},
		{"offset=0&limit=2", "12"},
		{"offset=2&limit=2", "34"},
		{"offset=3", "4"},
		{"offset=4", ""},
		{"offset=-0", all},
		{"offset=99999999999999999999", ""},
		{"offset=9223372036854775807&limit=1000", ""},
		{"limit=0", ""},
		{"limit=1", "1"},
		{"limit=1000", all},
		{"limit=0001", "1"},
		{"fullDetails=false", all},
		{"fullDetails=true", all},

		{"firstName=Ada", "13"},
		{"firstName=ada", ""},
		{"firstName=Ad", ""},
		{"firstName=Ada+", ""},
		{"firstName=%C3%84da", "4"},
		{"lastName=Marsh", "12"},
		{"lastName=O%27Hara+%26+Co", "4"},
		{"firstName=", ""},
		{"firstName", ""},
		{"firstName=%zz", ""},
		{"firstName=%ff", ""},
		{"firstName=Ada&lastName=Marsh", "1"},
		{"firstName=Ada&firstName=Ada", "13"},
		{"firstName=Ada&firstName=Bob", ""},
		{"idDocument=p1", "13"},
		{"idDocument=l+1", "1"},
		{"idDocument=P1", ""},
		{"birthDate=1990-01-02", "12"},
		{"birthdate=1990-01-02&lastName=Marsh", "12"},
		{"birthDate=1990-01-03", ""},
		{"branchId=north", "12"},
		{"branchId=branch-north", "12"},
		{"branchId=south", ""},
		{"centreId=hall", "1"},
		{"centreId=centre-hall&branchId=north", "1"},
		{"creditOfficerUsername=olga", "1"},
		{"creditOfficerUsername=user-olga", ""}, // a user name, though it looks like the other's key
		{"state=INACTIVE", "134"},
		{"state=PENDING_APPROVAL", "2"},
		{"state=ACTIVE", ""},
		{"state=INACTIVE&state=INACTIVE", "134"},
		{"state=INACTIVE&state=PENDING_APPROVAL", ""},
		{"state=INACTIVE&firstName=Ada&idDocument=p1&limit=1&offset=1", "3"},
		{strings.Repeat("state=INACTIVE&", 500) + "idDocument=l+1", "1"},
	} {
		w := d.ask(t, "GET", "/api/clients?"+x.query, "")
		type flat struct{ ID string }
		var list []struct {
			flat
			Client flat
		}
		if err := json.Unmarshal(w.Body.Bytes(), &list, json.MatchCaseInsensitiveNames(true)); err != nil || w.Code != http.StatusOK {
			t.Errorf("%.200q: %d, %v, %s", x.query, w.Code, err, w.Body)
			continue
		}
		var got strings.Builder
		for _, c := range list {
			got.WriteString(c.ID + c.Client.ID)
		}
		if got.String() != x.want {
			t.Errorf("%.200q gave clients %q, want %q", x.query, got.String(), x.want)
		}
	}

	// A company is not to be found on any path.
	for _, method := range []string{"GET", "DELETE"} {
		if got := summary(t, d.ask(t, method, "/api/clients/"+clientbook.KeyOf(caller.Book, hidden.ID), "")); got != "404 301 INVALID_CLIENT_ID" {
			t.Errorf("%s of a company: %s", method, got)
		}
	}
}

// TestOtherGender holds that a gender which this wire has no word for is not shown, and survives writes that don't set it.
func TestOtherGender(t *testing.T) {
	d := newDouble(t)
	caller, err := d.books.Authenticate(t.Context(), d.test)
	if err != nil {
		t.Fatal(err)
	}
	kind, gender := clientbook.PersonKind, clientbook.Gender("other")
	c, err := d.books.CreateClient(t.Context(), caller, &clientbook.ClientUpdate{Kind: &kind, Number: new("A"), ForeignKey: new("8a80866c5cf1d1f2015cf1e4a5d90009"),
		Person: &clientbook.PersonUpdate{FirstName: new("A"), LastName: new("B"), Gender: &gender}})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{"client":{"encodedKey":"8a80866c5cf1d1f2015cf1e4a5d90009","firstName":"C"}}`, `{"client":{"encodedKey":"` + clientbook.KeyOf(caller.Book, c.ID) + `"}}`} {
		w := d.ask(t, "POST", "/api/clients/8a80866c5cf1d1f2015cf1e4a5d90009", body)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "gender") || !strings.HasPrefix(w.Body.String(), `{"client":{"encodedKey":"8a80866c5cf1d1f2015cf1e4a5d90009",`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if got, err := d.books.Client(t.Context(), caller, c.ID); err != nil || got.Person.Gender != "other" || got.Person.FirstName != "C" {
		t.Errorf("%+v, %v", got, err)
	}
}
