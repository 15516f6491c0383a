package complycube_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// TestFilters asks one book many questions. Its clients are created and updated at 17:24:01, :02, :03 and :04; then :01 is updated at :05.
func TestFilters(t *testing.T) {
	d := newDouble(t)
	ids := map[string]string{}
	write := func(path, body string) {
		d.now = time.Date(2020, 1, 4, 17, 24, len(ids)+1, 146e6, time.UTC)
		w := d.post(t, path, body)
		if w.Code != http.StatusOK {
			t.Fatal(w.Body)
		}
		ids[w.Body.String()[len(`{"id":"`):][:24]] = fmt.Sprint(len(ids) + 1)
	}
	write("/v1/clients", `{"type":"person","email":"ada@example.com","mobile":"+44 1","telephone":"2","externalId":"e*$","joinedDate":"2020-01-01",
		"metadata":{"tier":"gold","a.b":"x","a][b":"y","ä":"ü","empty":""},"lastActionBy":"me","personDetails":{"firstName":"Ada","middleName":"King",
		"lastName":"Marsh","dob":"1990-01-02","gender":"female","nationality":"GB","birthCountry":"FR","ssn":"123456789",
		"socialInsuranceNumber":"1","nationalIdentityNumber":"2","taxIdentificationNumber":"3"}}`)
	write("/v1/clients", `{"type":"company","email":"c@example.com","externalId":"e*$","companyDetails":{"name":"C & Co","website":"https://c.example/?a=b",
		"registrationNumber":"R","incorporationCountry":"GB","incorporationType":"holding_company"}}`)
	write("/v1/clients", `{"type":"person","email":"bob@example.com","metadata":{"tier":"silver"},"personDetails":{"firstName":"Bob","lastName":"Marsh","gender":"male"}}`)
	write("/v1/clients", `{"type":"person","email":"ada@example.org","personDetails":{"firstName":"Ada","lastName":"marsh"}}`)
	first := ""
	for id, n := range ids {
		if n == "1" {
			first = id
		}
	}
	write("/v1/clients/"+first, `{"joinedDate":"2020-01-02"}`)
	ids[first] = "1"

	const all = "4321"
	for _, x := range []struct{ query, want string }{
		{"", all},
		{"&&", all},
		{"page=1&pageSize=2", "43"},
		{"page=2&pageSize=2", "21"},

		// Every attribute of the contract's table.
		{"type=person", "431"},
		{"type=company", "2"},
		{"email=ada@example.com", "1"},
		{"email=ada%40example.com", "1"},
		{"mobile=%2B44+1", "1"},
		{"mobile=%2B44%201", "1"},
		{"telephone=2", "1"},
		{"externalId=e*$", "21"},
		{"joinedDate=2020-01-02", "1"},
		{"personDetails.firstName=Ada", "41"},
		{"personDetails.middleName=King", "1"},
		{"personDetails.lastName=Marsh", "31"},
		{"personDetails.dob=1990-01-02", "1"},
		{"personDetails.gender=male", "3"},
		{"personDetails.nationality=GB", "1"},
		{"personDetails.birthCountry=FR", "1"},
		{"companyDetails.name=C+%26+Co", "2"},
		{"companyDetails.website=https://c.example/?a=b", "2"},
		{"companyDetails.registrationNumber=R", "2"},
		{"companyDetails.incorporationCountry=GB", "2"},
		{"companyDetails.incorporationType=holding_company", "2"},
		{"metadata.tier=gold", "1"},
		{"metadata.a.b=x", "1"},
		{"metadata.a][b=y", "1"},
		{"metadata.%C3%A4=%C3%BC", "1"},

		// Brackets mean the same, encoded or not.
		{"personDetails[lastName]=Marsh", "31"},
		{"personDetails%5BlastName%5D=Marsh", "31"},
		{"personDetails%5blastName%5d=Marsh&personDetails[firstName]=Bob", "3"},
		{"metadata[tier]=gold", "1"},
		{"metadata%5Ba.b%5D=x", "1"},
		{"metadata%5Ba%5D%5Bb%5D=y", "1"},
		{"personDetails[lastName=Marsh", ""},
		{"personDetails[]=Marsh", ""},
		{"personDetails=Marsh", ""},
		{"personDetails.[lastName]=Marsh", ""},
		{"personDetails[lastName][0]=Marsh", ""},
		{"personDetails.lastName[]=Marsh", ""},
		{"email[]=ada@example.com", ""},
		{"email[gt]=a", ""},
		{"[email]=ada@example.com", ""},
		{"metadata[]=x", ""},
		{"metadata.=x", ""},
		{"metadata=x", ""},

		// All must hold.
		{"personDetails.firstName=Ada&personDetails.lastName=Marsh", "1"},
		{"type=person&email=c@example.com", ""},
		{"type=person&type=person", "431"},
		{"type=person&type=company", ""},
		{"email=bob@example.com&email=bob@example.com", "3"},
		{"email=bob@example.com&email=ada@example.com", ""},
		{"metadata.tier=gold&metadata[tier]=gold", "1"},
		{"metadata.tier=gold&metadata[tier]=silver", ""},
		{"metadata.tier=gold&metadata.a.b=x", "1"},
		{"personDetails.lastName=Marsh&companyDetails.name=C+%26+Co", ""},

		// Exact, on the whole value.
		{"email=ADA@example.com", ""},
		{"email=ada@example", ""},
		{"email=ada*", ""},
		{"personDetails.lastName=Marsh+", ""},
		{"type=Person", ""},
		{"personDetails.gender=FEMALE", ""},
		{"personDetails.gender=unknown", ""},
		{"companyDetails.incorporationType=none", ""},
		{"joinedDate=2020-1-1", ""},
		{"email=", ""},
		{"email", ""},
		{"mobile=", ""},
		{"metadata.none=", ""},

		// What is no filter matches nothing.
		{"id=" + first, ""},
		{"entityName=Ada+King+Marsh", ""},
		{"createdAt=2020-01-04T17:24:01.146Z", ""},
		{"lastActionBy=me", ""},
		{"number=1", ""},
		{"state=inactive", ""},
		{"personDetails.ssn=123456789", ""},
		{"personDetails[ssn]=123456789", ""},
		{"personDetails.socialInsuranceNumber=1", ""},
		{"personDetails.nationalIdentityNumber=2", ""},
		{"personDetails.taxIdentificationNumber=3", ""},
		{"person.first_name=Ada", ""},
		{"Page=1", ""},
		{"=1", ""},
		{"email%00=ada@example.com", ""},

		// Nor does what can't be read.
		{"email=%zz", ""},
		{"%zz=ada@example.com", ""},
		{"email=%ff", ""},
		{"email=ada@example.com;", ""},
		{"type=person;email=ada@example.com", ""},
		{"type=person&%", ""},

		// Times are strict bounds.
		{"createdAfter=2020-01-04T17:24:02.146Z", "43"},
		{"createdAfter=2020-01-04T17:24:02.145Z", "432"},
		{"createdAfter=2020-01-04T17:24:02.1459Z", "432"},
		{"createdAfter=2020-01-04T17:24:02.1461Z", "43"},
		{"createdBefore=2020-01-04T17:24:02.146Z", "1"},
		{"createdBefore=2020-01-04T17:24:02.1461Z", "21"},
		{"createdBefore=2020-01-04T17:24:02.147Z", "21"},
		{"createdAfter=2020-01-04T17:24:01.146Z&createdBefore=2020-01-04T17:24:04.146Z", "32"},
		{"createdAfter=2020-01-04T17:24:01.146Z&createdAfter=2020-01-04T17:24:03.146Z", "4"},
		{"createdBefore=2020-01-04T17:24:03.146Z&createdBefore=2020-01-04T17:24:02.146Z", "1"},
		{"createdAfter=2020-01-04", all},
		{"createdAfter=2020-01-05", ""},
		{"createdBefore=2020-01-05", all},
		{"createdBefore=2020-01-04", ""},
		{"createdAfter=2020-01-04T18:24:02.146%2B01:00", "43"},
		{"createdAfter=2020-01-04T12:24:02.146-05:00", "43"},
		{"createdAfter=2020-01-04T18:24:02.146+01:00", ""}, // the plus is a space
		{"updatedAfter=2020-01-04T17:24:03.146Z", "41"},
		{"updatedBefore=2020-01-04T17:24:03.146Z", "2"},
		{"updatedAfter=2020-01-04T17:24:04.500Z&type=person", "1"},
		{"updatedAfter=2020-01-04T17:24:01Z&personDetails.lastName=Marsh&createdAfter=2020-01-04T17:24:02Z", "3"},
		{"createdAfter=0001-01-01T00:00:00Z", all},
		{"createdBefore=0001-01-01T00:00:00Z", ""},
		{"createdBefore=0000-01-01T00:00:00Z", ""},
		{"createdAfter=9999-12-31", ""},
		{"createdBefore=9999-12-31T23:59:59Z", all},
		{"createdAfter=", ""},
		{"createdAfter=yesterday", ""},
		{"createdAfter=2020-01-32", ""},
		{"createdAfter=2020-01-04T24:00:00Z", ""},
		{"createdAfter=2020-01-04T1:24:02Z", ""},
		{"createdAfter=2020-01-04T17:24:02", ""},
		{"createdAfter=2020-01-04T17:24:02,146Z", ""},
		{"createdAfter=2020-01-04+17:24:02Z", ""},
		{"createdAfter=1578158642", ""},
		{"updatedBefore=x&email=ada@example.com", ""},

		// More than the engine could join.
		{strings.Repeat("type=person&", 500) + "email=ada@example.com", "1"},
		{many(70), ""},
		{many(3000), ""},
	} {
		r := httptest.NewRequest("GET", "/v1/clients", nil)
		r.URL.RawQuery = x.query
		r.Header.Set("Authorization", d.test)
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		checkAnswer(t, x.query, r, w.Result())
		var list struct {
			Items []struct{ ID string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &list, json.MatchCaseInsensitiveNames(true)); err != nil || w.Code != http.StatusOK {
			t.Errorf("%.200q: %d, %v, %s", x.query, w.Code, err, w.Body)
			continue
		}
		var got strings.Builder
		for _, item := range list.Items {
			got.WriteString(ids[item.ID])
		}
		if got.String() != x.want {
			t.Errorf("%.200q gave clients %q, want %q", x.query, got.String(), x.want)
		}
	}
}

// many gives a query for n metadata keys.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "metadata.k%d=v&", i)
	}
	return b.String()
}
