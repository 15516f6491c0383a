package complycube

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"clientbook"
	"clientbook/internal/httpx"
)

// attributes are those of clientIn that are strings.
var attributes = func() (fs []clientbook.Field) {
	for _, f := range clientbook.Fields() {
		if nameOf(f) != "" && ownType(f) == "a string" {
			fs = append(fs, f)
		}
	}
	return fs
}()

// bodyWith gives a body in which one attribute has a value, raw JSON.
func bodyWith(f clientbook.Field, value string) string {
	object, name, nested := strings.Cut(nameOf(f), ".")
	if !nested {
		return fmt.Sprintf(`{"%s":%s}`, object, value)
	}
	return fmt.Sprintf(`{"%s":{"%s":%s}}`, object, name, value)
}

func TestWrongTypes(t *testing.T) {
	for _, f := range attributes {
		for _, value := range []string{`7`, `-0.5e3`, `true`, `false`, `[]`, `["a"]`, `{}`, `{"a":"b"}`} {
			for _, create := range []bool{true, false} {
				body := bodyWith(f, value)
				in, err := decode([]byte(body))
				if err != nil {
					t.Fatalf("%s: %v", body, err)
				}
				u := readUpdate(in, create, 20)
				want := &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Reason: clientbook.ReasonType}
				if i := slices.IndexFunc(u.Faults, func(e *clientbook.Error) bool { return e.Field == f }); i < 0 || *u.Faults[i] != *want {
					t.Errorf("%s: faults %v, want %v", body, u.Faults, want)
				}
				if given := givenFields(u); given.Has(f) {
					t.Errorf("%s: the update gives %s", body, f)
				}
				// What a person or company says is heard in spite of it.
				if f != clientbook.FieldEmail {
					in, _ := decode([]byte(strings.Replace(body, "{", `{"email":"a@b.c",`, 1)))
					if u := readUpdate(in, create, 20); u.Email == nil || *u.Email != "a@b.c" {
						t.Errorf("%s: email was not read beside it", body)
					}
				}
			}
		}
	}
	for _, f := range []clientbook.Field{clientbook.FieldPerson, clientbook.FieldCompany, clientbook.FieldMetadata} {
		for _, value := range []string{`7`, `true`, `[]`, `""`, `"a"`, `[{}]`} {
			body := bodyWith(f, value)
			in, err := decode([]byte(body))
			if err != nil {
				t.Fatalf("%s: %v", body, err)
			}
			u := readUpdate(in, false, 20)
			if len(u.Faults) != 1 || u.Faults[0].Field != f || u.Faults[0].Reason != clientbook.ReasonType {
				t.Errorf("%s: faults %v, want %s of %s", body, u.Faults, clientbook.ReasonType, f)
			}
		}
	}
}

func TestNoValue(t *testing.T) {
	for _, f := range attributes {
		for _, value := range []string{`null`, `""`} {
			body := bodyWith(f, value)
			in, err := decode([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			u := readUpdate(in, true, 20)
			if given := givenFields(u); given.Has(f) {
				t.Errorf("create %s gives %s", body, f)
			}
			in, _ = decode([]byte(body))
			u = readUpdate(in, false, 20)
			if given := givenFields(u); given.Has(f) != (f != clientbook.FieldKind) {
				t.Errorf("update %s gives %s: %t", body, f, given.Has(f))
			}
			required := f == clientbook.FieldKind || f == clientbook.FieldEmail
			if len(u.Faults) > 0 != required || required && u.Faults[0].Reason != clientbook.ReasonRequired {
				t.Errorf("update %s: faults %v", body, u.Faults)
			}
		}
	}
}

// TestUnchangedIsForgiven gives values over this wire's limits to a record that holds them, as another wire may have made it.
func TestUnchangedIsForgiven(t *testing.T) {
	long := strings.Repeat("x", 600)
	entries := clientbook.Metadata{}
	for i := range 30 {
		entries = append(entries, clientbook.MetadataEntry{Key: fmt.Sprintf("%03d%s", i, long), Value: long})
	}
	c := &clientbook.Client{State: clientbook.StateActive, Mobile: long, Metadata: entries,
		Person: &clientbook.Person{FirstName: long, LastName: "B", Gender: "none", Nationality: "yu"}}
	body := appendClient(nil, c)
	body = bytes.Replace(body, []byte(`"mobile"`), []byte(`"email":null,"mobile"`), 1)
	in, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	u := readUpdate(in, false, 20)
	if len(u.Faults) != 6 {
		t.Errorf("%d faults, want 6: %v", len(u.Faults), u.Faults)
	}
	if _, err := c.With(u, rules); err != nil {
		t.Errorf("an update with what is on record was refused: %v", err)
	}
	in, _ = decode([]byte(`{"mobile":"` + long + `y"}`))
	if _, err := c.With(readUpdate(in, false, 20), rules); clientbook.ReasonOf(err) != clientbook.ReasonTooLong {
		t.Errorf("another long value gave %v, want %s", err, clientbook.ReasonTooLong)
	}
}

// givenFields gives the fields that an update names, details and metadata aside.
func givenFields(u *clientbook.ClientUpdate) (s clientbook.FieldSet) {
	each(u, func(f clientbook.Field, _ string) { s = s.With(f) })
	return s
}

// each calls fn for every value that an update gives.
func each(u *clientbook.ClientUpdate, fn func(f clientbook.Field, value string)) {
	text := func(f clientbook.Field, v *string) {
		if v != nil {
			fn(f, *v)
		}
	}
	date := func(f clientbook.Field, v *clientbook.Date) {
		if v != nil {
			fn(f, v.String())
		}
	}
	if u.Kind != nil {
		fn(clientbook.FieldKind, kinds[*u.Kind])
	}
	text(clientbook.FieldEmail, u.Email)
	text(clientbook.FieldMobile, u.Mobile)
	text(clientbook.FieldTelephone, u.Telephone)
	text(clientbook.FieldExternalID, u.ExternalID)
	date(clientbook.FieldJoined, u.Joined)
	if p := u.Person; p != nil {
		text(clientbook.FieldFirstName, p.FirstName)
		text(clientbook.FieldMiddleName, p.MiddleName)
		text(clientbook.FieldLastName, p.LastName)
		date(clientbook.FieldBirthDate, p.BirthDate)
		text(clientbook.FieldGender, (*string)(p.Gender))
		text(clientbook.FieldNationality, (*string)(p.Nationality))
		text(clientbook.FieldBirthCountry, (*string)(p.BirthCountry))
		text(clientbook.FieldSSN, p.SSN)
		text(clientbook.FieldSocialInsuranceNumber, p.SocialInsuranceNumber)
		text(clientbook.FieldNationalIdentityNumber, p.NationalIdentityNumber)
		text(clientbook.FieldTaxIdentificationNumber, p.TaxIdentificationNumber)
	}
	if c := u.Company; c != nil {
		text(clientbook.FieldCompanyName, c.Name)
		text(clientbook.FieldWebsite, c.Website)
		text(clientbook.FieldRegistrationNumber, c.RegistrationNumber)
		text(clientbook.FieldIncorporationCountry, (*string)(c.IncorporationCountry))
		text(clientbook.FieldIncorporationType, (*string)(c.IncorporationType))
	}
	text(clientbook.FieldLastActionBy, u.LastActionBy)
}

// broken says what is wrong with a value by the limits of the contract, written anew here.
func broken(f clientbook.Field, v string) string {
	if v == "" {
		return ""
	}
	switch n := utf8.RuneCountInString(v); {
	case n > 500:
		return clientbook.ReasonTooLong
	case f == clientbook.FieldEmail && (strings.Count(v, "@") != 1 || v[0] == '@' || !strings.Contains(v[strings.Index(v, "@"):], ".") || strings.Contains(v, " ")):
		return clientbook.ReasonEmail
	case f == clientbook.FieldGender && v != "male" && v != "female" && v != "other",
		f == clientbook.FieldIncorporationType && !slices.Contains(clientbook.IncorporationTypes, clientbook.IncorporationType(v)):
		return clientbook.ReasonChoice
	case (f == clientbook.FieldNationality || f == clientbook.FieldBirthCountry || f == clientbook.FieldIncorporationCountry) && !clientbook.Country(v).Valid():
		return clientbook.ReasonCountry
	case f == clientbook.FieldWebsite && !strings.HasPrefix(strings.ToLower(v), "http://") && !strings.HasPrefix(strings.ToLower(v), "https://"):
		return clientbook.ReasonURL
	}
	return ""
}

func brokenMetadata(m clientbook.Metadata, limit int) bool {
	bad := len(m) > limit || !slices.IsSortedFunc(m, func(a, b clientbook.MetadataEntry) int { return strings.Compare(a.Key, b.Key) })
	for i, e := range m {
		bad = bad || e.Key == "" || utf8.RuneCountInString(e.Key) > 40 || utf8.RuneCountInString(e.Value) > 500 || i > 0 && m[i-1].Key == e.Key
	}
	return bad
}

// readBody takes bytes the way of a request's body.
func readBody(body []byte) (*clientIn, error) {
	r := httptest.NewRequest("POST", "/v1/clients", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	read, err := httpx.ReadJSON(r, maxBody, maxDepth)
	if err != nil {
		return nil, err
	}
	return decode(read)
}

func seedBodies(f *testing.F) {
	f.Helper()
	for _, s := range []string{
		`{}`, `{`, `null`, `{"type":"person","email":"a@b.c","personDetails":{"firstName":"A","lastName":"B","dob":"2000-02-30"}}`,
		`{"email":null,"mobile":"","personDetails":null,"companyDetails":7,"metadata":{"b":"1","a":"2","":"3","c":null}}`,
		`{"companyDetails":{"name":"C","website":"http://x","incorporationCountry":"AT","incorporationType":"x"},"metadata":[]}`,
		`{"metadata":{"k":"` + strings.Repeat("é", 501) + `"},"lastActionBy":"\ud83d\ude00"}`, string(samplePost),
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
}

// FuzzDecode reads any bytes. Values beyond the limits must come with a fault, and a body that is JSON is never refused by decode itself.
func FuzzDecode(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte, create bool) {
		if raw, err := decode(body); err != nil && clientbook.KindOf(err) != clientbook.KindInvalid {
			t.Fatalf("decode gave %v", err)
		} else if err == nil && !jsontext.Value(body).IsValid() && len(bytes.TrimSpace(body)) > 0 {
			t.Fatalf("decode took %q for %+v", body, raw)
		}
		in, err := readBody(body)
		if err != nil {
			return
		}
		u := readUpdate(in, create, 5)
		faulty := clientbook.FieldSet(0)
		for _, e := range u.Faults {
			if e.Kind != clientbook.KindInvalid || nameOf(e.Field) == "" || e.Reason == "" {
				t.Errorf("odd fault %v", e)
			}
			faulty = faulty.With(e.Field)
		}
		each(u, func(f clientbook.Field, v string) {
			if reason := broken(f, v); reason != "" && !faulty.Has(f) {
				t.Errorf("%s is %q without the fault %s", f, v, reason)
			}
			if create && v == "" {
				t.Errorf("a create gives %s as empty", f)
			}
		})
		if u.Metadata != nil && brokenMetadata(*u.Metadata, 5) && !faulty.Has(clientbook.FieldMetadata) {
			t.Errorf("metadata %q without a fault", *u.Metadata)
		}
	})
}

// FuzzUpdate applies any body to a valid client: it is refused, or the client stays valid and its own answer changes nothing in it.
func FuzzUpdate(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte, company bool) {
		in, err := readBody(body)
		if err != nil {
			return
		}
		c := sampleClient()
		if company {
			c.Person, c.Company = nil, &clientbook.Company{Name: "C", Website: "https://c.example", IncorporationCountry: "AT"}
		}
		next, err := c.With(readUpdate(in, false, 20), rules)
		if err != nil {
			e, ok := err.(*clientbook.Error)
			if !ok || e.Kind != clientbook.KindInvalid || problemOf(e).text(e, "") == "" {
				t.Errorf("refused with %v", err)
			}
			return
		}
		checkValid(t, next)
		in, err = readBody(appendClient(nil, next))
		if err != nil {
			t.Fatalf("the answer can't be read: %v", err)
		}
		u := readUpdate(in, false, 20)
		again, err := next.With(u, rules)
		if err != nil {
			t.Fatalf("the answer sent back is refused: %v", err)
		}
		if x, y := appendClient(nil, next), appendClient(nil, again); !bytes.Equal(x, y) {
			t.Errorf("the answer sent back changed\n%s\nto\n%s", x, y)
		}
	})
}

func checkValid(t *testing.T, c *clientbook.Client) {
	t.Helper()
	c.EachValue(func(f clientbook.Field, key, v string) {
		if f != clientbook.FieldMetadata {
			if reason := broken(f, v); reason != "" {
				t.Errorf("%s became %q: %s", f, v, reason)
			}
		}
	})
	if brokenMetadata(c.Metadata, 20) {
		t.Errorf("metadata became %q", c.Metadata)
	}
	switch {
	case c.Person != nil && (c.Company != nil || strings.TrimSpace(c.Person.FirstName) == "" || strings.TrimSpace(c.Person.LastName) == ""):
		t.Errorf("person became %+v", c)
	case c.Person == nil && (c.Company == nil || strings.TrimSpace(c.Company.Name) == ""):
		t.Errorf("company became %+v", c)
	case c.Email == "":
		t.Error("the email is gone")
	}
}

// sampleClient is what samplePost makes.
func sampleClient() *clientbook.Client {
	id, _ := clientbook.ParseClientID("5eb04fcd0f3e360008035eb1")
	made := time.Date(2020, 1, 4, 17, 24, 29, 146e6, time.UTC)
	return &clientbook.Client{
		ID: id, Version: 1, Created: made, Updated: made, State: clientbook.StateInactive, Email: "ada.marsh@example.com",
		Mobile: "+44 7700 900123", Telephone: "+44 20 7946 0123", ExternalID: "core-0000012345", Joined: clientbook.Date{Year: 2021, Month: 3, Day: 4},
		Person:   &clientbook.Person{FirstName: "Ada", MiddleName: "Jane", LastName: "Marsh", BirthDate: clientbook.Date{Year: 1985, Month: 6, Day: 7}, Gender: "female", Nationality: "GB"},
		Metadata: clientbook.Metadata{{Key: "branch", Value: "north-04"}, {Key: "note", Value: "prefers to be called in the afternoon"}, {Key: "tier", Value: "gold"}},
	}
}

// samplePost is a body as the benchmark's load sends it, with parts that this wire does not know.
var samplePost = []byte(`{"type":"person","email":"ada.marsh@example.com","mobile":"+44 7700 900123","telephone":"+44 20 7946 0123","externalId":"core-0000012345",` +
	`"joinedDate":"2021-03-04","personDetails":{"firstName":"Ada","middleName":"Jane","lastName":"Marsh","dob":"1985-06-07","gender":"female","nationality":"GB"},` +
	`"address":{"line":"12 Harbour Lane","city":"Bristol","state":"Avon","postalCode":"BS1 4ST","country":"GB"},"idDocuments":[{"type":"passport","number":"533401372",` +
	`"issuingCountry":"GB","expires":"2029-08-09"},{"type":"driving_license","number":"MARSH856075AJ9XY","issuingCountry":"GB","expires":"2031-02-03"}],` +
	`"metadata":{"tier":"gold","branch":"north-04","note":"prefers to be called in the afternoon"}}`)

func BenchmarkDecode(b *testing.B) {
	b.SetBytes(int64(len(samplePost)))
	b.ReportAllocs()
	for b.Loop() {
		in, err := decode(samplePost)
		if err != nil {
			b.Fatal(err)
		}
		if u := readUpdate(in, true, 20); len(u.Faults) > 0 {
			b.Fatal(u.Faults)
		}
	}
}

func BenchmarkEncodeClient(b *testing.B) {
	c := sampleClient()
	buf := appendClient(nil, c)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = appendClient(buf[:0], c)
	}
}

func BenchmarkEncodePage(b *testing.B) {
	clients := slices.Repeat([]*clientbook.Client{sampleClient()}, 50)
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		w.Body.Reset()
		answer(w, func(b []byte) []byte { return appendList(b, 1, 50, 1_000_000, clients) })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/50, "ns/client")
}

func BenchmarkParseList(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseList("page=1&pageSize=50&personDetails.lastName=Marsh"); err != nil {
			b.Fatal(err)
		}
	}
}

// rules are those of a book that decided nothing.
var rules = clientbook.Rules{Settings: clientbook.DefaultSettings()}
