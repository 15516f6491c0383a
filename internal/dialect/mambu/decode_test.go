package mambu

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
)

const testBook clientbook.BookID = 0xbeef0001

var testNow = time.Date(2020, 1, 4, 17, 24, 29, 146e6, time.UTC)

func rulesOf(s *clientbook.Settings) clientbook.Rules {
	return clientbook.Rules{Settings: s, Now: testNow}
}

// texts are the properties of a client that are plain text, with what an update holds of them.
var texts = []struct {
	field clientbook.Field
	get   func(u *clientbook.ClientUpdate) *string
}{
	{clientbook.FieldEmail, func(u *clientbook.ClientUpdate) *string { return u.Email }},
	{clientbook.FieldMobile, func(u *clientbook.ClientUpdate) *string { return u.Mobile }},
	{clientbook.FieldSecondMobile, func(u *clientbook.ClientUpdate) *string { return u.SecondMobile }},
	{clientbook.FieldTelephone, func(u *clientbook.ClientUpdate) *string { return u.Telephone }},
	{clientbook.FieldFirstName, func(u *clientbook.ClientUpdate) *string { return u.Person.FirstName }},
	{clientbook.FieldMiddleName, func(u *clientbook.ClientUpdate) *string { return u.Person.MiddleName }},
	{clientbook.FieldLastName, func(u *clientbook.ClientUpdate) *string { return u.Person.LastName }},
	{clientbook.FieldNotes, func(u *clientbook.ClientUpdate) *string { return u.Notes }},
	{clientbook.FieldLanguage, func(u *clientbook.ClientUpdate) *string { return (*string)(u.Language) }},
	{clientbook.FieldBranch, func(u *clientbook.ClientUpdate) *string { return u.Branch }},
	{clientbook.FieldCentre, func(u *clientbook.ClientUpdate) *string { return u.Centre }},
	{clientbook.FieldUser, func(u *clientbook.ClientUpdate) *string { return u.User }},
}

func read(t testing.TB, body string, m mode) *clientbook.ClientUpdate {
	t.Helper()
	in, err := decode[bodyIn]([]byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return readUpdate(in, m, testBook, testNow)
}

// TestTexts gives every text property every sort of value in every mode. Contract 2.1, 3.3, 3.6, 15.
func TestTexts(t *testing.T) {
	const left, wrong = "left alone", "a fault"
	for _, x := range []struct {
		value string
		want  [3]string // by mode
	}{
		{`"x"`, [3]string{"x", "x", "x"}},
		{`12.50`, [3]string{"12.50", "12.50", "12.50"}},
		{`-1e3`, [3]string{"-1e3", "-1e3", "-1e3"}},
		{`""`, [3]string{left, "", ""}},
		{`null`, [3]string{left, left, ""}},
		{`true`, [3]string{wrong, wrong, wrong}},
		{`{}`, [3]string{wrong, wrong, wrong}},
		{`["x"]`, [3]string{wrong, wrong, wrong}},
	} {
		for _, text := range texts {
			for m, want := range x.want {
				u := read(t, fmt.Sprintf(`{"client":{"%s":%s}}`, names[text.field], x.value), mode(m))
				got := left
				switch v := text.get(u); {
				case len(u.Faults) == 1 && u.Faults[0].Field == text.field && u.Faults[0].Reason == clientbook.ReasonType && v == nil:
					got = wrong
				case len(u.Faults) > 0:
					got = u.Faults[0].Error()
				case v != nil:
					got = *v
				}
				if got != want {
					t.Errorf("%s %s in mode %d: %s, want %s", text.field, x.value, m, got, want)
				}
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, text := range texts {
		limited := text.field < clientbook.FieldNumber || text.field == clientbook.FieldSecondMobile
		for n, want := range map[int]bool{256: false, 257: limited} {
			u := read(t, fmt.Sprintf(`{"client":{"%s":"%s"}}`, names[text.field], strings.Repeat("é", n)), updating)
			if got := len(u.Faults) == 1 && u.Faults[0].Reason == clientbook.ReasonTooLong && u.Faults[0].Field == text.field; got != want {
				t.Errorf("%d characters of %s: faults %v", n, text.field, u.Faults)
			}
		}
	}
}

func TestDays(t *testing.T) {
	for s, want := range map[string]string{
		"1985-02-28":                    "1985-02-28",
		"1985-02-28T00:00:00Z":          "1985-02-28",
		"1985-02-28T00:00:00+0000":      "1985-02-28",
		"1985-02-28T00:00:00+00:00":     "1985-02-28",
		"1985-02-28T23:59:59-0500":      "1985-02-28", // as it stands
		"1985-02-28T00:00:00+0200":      "1985-02-28",
		"1985-02-28T00:00:00.000+00:00": "1985-02-28",
		"1985-02-27T18:00:00-0600":      "1985-02-28", // a midnight of UTC
		"1985-02-28T05:30:00+05:30":     "1985-02-28",
		"1985-02-27T18:00:00.000-0600":  "1985-02-28",
		"1985-02-27T18:00:00.001-0600":  "1985-02-27",
		"1985-02-27T18:00:01-0600":      "1985-02-27",
		"1985-02-28T00:00:00-0600":      "1985-02-28", // of another zone
		"1985-02-28T00:00:00":           "1985-02-28", // of none
		"1985-02-28T23:59:59":           "1985-02-28",
		"1985-02-28T0:00:00":            "",
		"1985-02-30T00:00:00":           "",
		"1985-02-28T00:00":              "",
		"1985-02-28T0:00:00Z":           "",
		"1985-02-28T00:00:00,5Z":        "",
		"1985-02-28 00:00:00+0000":      "",
		"1985-02-30":                    "",
		"1985-02-30T00:00:00Z":          "",
		"1985-2-28":                     "",
		"28-02-1985":                    "",
		"1985":                          "",
		"1985-02-28T":                   "",
		"1985-02-28T24:00:00Z":          "",
		"x":                             "",
	} {
		d, ok := parseDay(s)
		if d.String() != want || ok != (want != "") {
			t.Errorf("parseDay(%q) = %v, %t, want %q", s, d, ok, want)
		}
		u := read(t, `{"client":{"birthDate":"`+s+`"}}`, creating)
		if want == "" {
			if u.Person.BirthDate != nil || len(u.Faults) != 1 || *u.Faults[0] != *fault(clientbook.FieldBirthDate, clientbook.ReasonDate) {
				t.Errorf("birthDate %q: %v, faults %v", s, u.Person.BirthDate, u.Faults)
			}
		} else if len(u.Faults) > 0 || u.Person.BirthDate.String() != want {
			t.Errorf("birthDate %q: %v, faults %v", s, u.Person.BirthDate, u.Faults)
		}
	}
	// A day is in the future as long as it has begun nowhere: at 17:24 UTC it is the 5th in Kiribati.
	for s, future := range map[string]bool{"2020-01-04": false, "2020-01-05": false, "2020-01-06": true, "9999-12-31": true} {
		u := read(t, `{"client":{"birthDate":"`+s+`"}}`, updating)
		if got := len(u.Faults) == 1 && *u.Faults[0] == *fault(clientbook.FieldBirthDate, clientbook.ReasonFuture); got != future {
			t.Errorf("birthDate %s: faults %v", s, u.Faults)
		}
	}
	for m, given := range map[mode][2]bool{creating: {}, updating: {false, true}, patching: {true, true}} {
		for i, value := range []string{`null`, `""`} {
			u := read(t, `{"client":{"birthDate":`+value+`,"gender":`+value+`}}`, m)
			if (u.Person.BirthDate != nil) != given[i] || (u.Person.Gender != nil) != given[i] || len(u.Faults) > 0 {
				t.Errorf("%s in mode %d: %+v, faults %v", value, m, u.Person, u.Faults)
			}
		}
	}
}

func fault(f clientbook.Field, reason string) *clientbook.Error {
	return &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Reason: reason}
}

func TestDecimal(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "51.4500": "51.45", "-2.580": "-2.58", "12.0": "12", "12": "12", "100": "100", "+5.0": "5", "0.000": "0", "1e1": "10", "1.5E-1": "0.15",
		"x": "x", "1.": "1.", ".5": ".5", "1,5": "1,5", "east": "east", "NaN": "NaN",
	} {
		if got := decimal(s); got != want {
			t.Errorf("decimal(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestStates(t *testing.T) {
	for s := clientbook.StatePendingApproval; s < clientbook.StateDeleted; s++ {
		name := stateOf(s)
		if got, ok := parseState(name); !ok || got != s || name == "" {
			t.Errorf("state %s is %q, which is %s", s, name, got)
		}
	}
	for _, s := range []string{"", "DELETED", "active", "deleted"} {
		if got, ok := parseState(s); ok {
			t.Errorf("%q is state %s", s, got)
		}
	}
	for m, want := range map[mode]bool{creating: true, updating: false, patching: true} {
		if u := read(t, `{"client":{"state":"EXITED"}}`, m); (u.State != nil) != want {
			t.Errorf("mode %d takes a state: %t", m, u.State != nil)
		}
	}
	if u := read(t, `{"client":{"state":{}}}`, updating); len(u.Faults) > 0 {
		t.Errorf("a state that is ignored is a fault: %v", u.Faults)
	}
}

// TestCreateIsStrict holds that a create is for a person and must have what the settings demand, and that no other write says so.
func TestCreateIsStrict(t *testing.T) {
	for _, m := range []mode{creating, updating, patching} {
		u := read(t, `{"client":{"clientRole":{"encodedKey":"role"},"clientRoleId":"id"}}`, m)
		if got := u.Kind != nil && *u.Kind == clientbook.PersonKind && u.Strict; got != (m == creating) {
			t.Errorf("mode %d: kind %v, strict %t", m, u.Kind, u.Strict)
		}
		want := "role"
		if m == patching {
			want = "id"
		}
		if u.ClientType == nil || *u.ClientType != want {
			t.Errorf("mode %d: client type %v, want %s", m, u.ClientType, want)
		}
	}
}

func TestArrays(t *testing.T) {
	child := clientbook.ChildID{1, 2, 3}
	key := clientbook.KeyOf(testBook, child)
	for _, m := range []mode{creating, updating} {
		u := read(t, `{"customInformation":null,"idDocuments":null}`, m)
		if u.Values != nil || u.IDDocuments != nil || u.MainAddress != nil || len(u.Faults) > 0 {
			t.Errorf("null and absent arrays: %+v", u)
		}
		u = read(t, `{"customInformation":[],"idDocuments":[],"addresses":[]}`, m)
		if u.Values == nil || !u.Values.Replace || len(u.Values.Set) > 0 || u.IDDocuments == nil || len(*u.IDDocuments) > 0 ||
			u.MainAddress == nil || u.MainAddress.Address != nil {
			t.Errorf("empty arrays: %+v", u)
		}
	}

	u := read(t, `{"addresses":[{"toBeDeleted":true,"line1":"a"},{"encodedKey":"`+key+`","line1":"","indexInList":3},
		{"encodedKey":"`+key+`","postcode":1020,"latitude":48.20,"longitude":"1.6e1","country":"AT","addressType":"HOME"},{"line1":"third"}]}`, updating)
	want := clientbook.Address{ID: child, Main: true, Postcode: "1020", Latitude: "48.2", Longitude: "16", Country: "AT", Kind: "HOME"}
	if u.MainAddress == nil || u.MainAddress.Address == nil || *u.MainAddress.Address != want {
		t.Errorf("the main address is %+v, want %+v", u.MainAddress, want)
	}

	u = read(t, `{"idDocuments":[{"encodedKey":"`+key+`","documentType":"T","documentId":7,"validUntil":"2030-01-02T00:00:00+0100","identificationDocumentTemplateKey":"k"},
		{"toBeDeleted":"true"},{"encodedKey":"00000001000000000000000000000000","documentType":null}]}`, updating)
	documents := []clientbook.IDDocument{
		{ID: child, Type: "T", Number: "7", ValidUntil: clientbook.Date{Year: 2030, Month: 1, Day: 2}, Template: "k"}, {},
	}
	if u.IDDocuments == nil || !slices.Equal(*u.IDDocuments, documents) || len(u.Faults) > 0 {
		t.Errorf("documents %+v, faults %v, want %+v", u.IDDocuments, u.Faults, documents)
	}

	u = read(t, `{"customInformation":[{"customFieldID":"a","value":"x","customField":{"id":"z"},"parentKey":1},{"customFieldID":"b","value":1.50,"customFieldSetGroupIndex":"0"},
		{"customFieldID":"c","value":true,"customFieldSetGroupIndex":-1,"linkedEntityKeyValue":""},{"customFieldID":"d","value":null,"linkedEntityKeyValue":"k"},
		{"customFieldID":"e","toBeDeleted":true}]}`, updating)
	var got []string
	for _, v := range u.Values.Set {
		text := func(s *string) string {
			if s == nil {
				return "-"
			}
			return *s
		}
		group := "-"
		if v.Group != nil {
			group = fmt.Sprint(*v.Group)
		}
		got = append(got, v.Field+" "+text(v.Value)+" "+text(v.Link)+" "+group)
	}
	if want := []string{"a x - -", "b 1.50 - 0", "c true - -1", "d - k -"}; !slices.Equal(got, want) || len(u.Faults) > 0 {
		t.Errorf("values %q, faults %v, want %q", got, u.Faults, want)
	}
}

// TestUnreadable holds that a part with something unreadable in it is left out, so that its fault is never forgiven.
func TestUnreadable(t *testing.T) {
	for body, want := range map[string]string{
		`{"addresses":7}`:                                          "addresses",
		`{"addresses":[null]}`:                                     "addresses",
		`{"addresses":[{"line1":"a","city":{}}]}`:                  "city",
		`{"idDocuments":"x"}`:                                      "idDocuments",
		`{"idDocuments":[{"documentType":[]}]}`:                    "documentType",
		`{"idDocuments":[{"validUntil":"x"}]}`:                     "validUntil",
		`{"customInformation":{}}`:                                 "customInformation",
		`{"customInformation":[[]]}`:                               "customInformation",
		`{"customInformation":[{"customFieldID":{}}]}`:             "customFieldID",
		`{"customInformation":[{"value":{}}]}`:                     "value",
		`{"customInformation":[{"linkedEntityKeyValue":true}]}`:    "linkedEntityKeyValue",
		`{"customInformation":[{"customFieldSetGroupIndex":1.5}]}`: "customFieldSetGroupIndex",
	} {
		u := read(t, body, updating)
		if len(u.Faults) != 1 || u.Values != nil || u.IDDocuments != nil || u.MainAddress != nil {
			t.Errorf("%s: %+v, faults %v", body, u, u.Faults)
			continue
		}
		_, code := problemOf(u.Faults[0])
		if got := sourceOf(u.Faults[0], code); got != want {
			t.Errorf("%s: source %s, want %s", body, got, want)
		}
	}
}

func TestForm(t *testing.T) {
	in, any, err := readForm("firstName=A%20B&lastName=C+D&homephone=1&mobilephone=2&birthdate=2000-01-02&email=a%40b&gender=MALE&notes=&appkey=1&%zz=1&&x")
	c := &in.Client.value
	if err != nil || !any || c.FirstName.text != "A B" || c.LastName.text != "C D" || c.HomePhone.text != "1" || c.MobilePhone1.text != "2" ||
		c.BirthDate.text != "2000-01-02" || c.EmailAddress.text != "a@b" || c.Gender.text != "MALE" || c.Notes.form != given {
		t.Errorf("%+v, %t, %v", in, any, err)
	}
	for _, raw := range []string{"", "appkey=1", "fullDetails=true&limit=5", "FirstName=A", "=A"} {
		if _, any, err := readForm(raw); any || err != nil {
			t.Errorf("%q is a query form: %t, %v", raw, any, err)
		}
	}
	for _, text := range texts {
		if in.Client.value.byName(names[text.field]) == nil {
			t.Errorf("the query form lacks %s", names[text.field])
		}
	}
	for _, name := range []string{"id", "birthDate", "gender"} {
		if in.Client.value.byName(name) == nil {
			t.Errorf("the query form lacks %s", name)
		}
	}
}

// TestUnchangedIsForgiven gives a record that another wire may have made back to itself.
func TestUnchangedIsForgiven(t *testing.T) {
	long := strings.Repeat("x", 400)
	c := sampleClient()
	c.Mobile, c.Person.MiddleName, c.Person.Gender, c.Addresses[0].Line1 = long, long, "other", long
	c.IDDocuments = append(c.IDDocuments, clientbook.IDDocument{ID: clientbook.ChildID{9}, Type: "passport"})
	s := sampleSettings()
	body := string(appendFullClient(nil, testBook, s, c))
	if strings.Contains(body, "gender") || strings.Count(body, "documentType") != 2 {
		t.Errorf("shows what this wire can't: %s", body)
	}
	u := read(t, body, updating)
	if len(u.Faults) != 4 { // two texts, the address, and the number, which a POST may not change
		t.Errorf("%d faults, want 4: %v", len(u.Faults), u.Faults)
	}
	next, err := c.With(u, rulesOf(s))
	if err != nil {
		t.Fatalf("an update with what is on record was refused: %v", err)
	}
	if next.Person.Gender != "other" || len(next.IDDocuments) != 3 || next.Mobile != long {
		t.Errorf("what this wire can't show did not survive: %+v", next)
	}
	if _, err := c.With(read(t, `{"client":{"mobilePhone1":"`+long+`y"}}`, updating), rulesOf(s)); clientbook.ReasonOf(err) != clientbook.ReasonTooLong {
		t.Errorf("another long value gave %v, want %s", err, clientbook.ReasonTooLong)
	}
}

func TestReturnStatuses(t *testing.T) {
	codes, seen := map[code]bool{}, map[string]bool{}
	for _, s := range returnStatuses {
		if codes[s.code] || seen[s.name] || s.name == "" || strings.Trim(s.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
			t.Errorf("%d %s is there twice or misspelt", s.code, s.name)
		}
		codes[s.code], seen[s.name] = true, true
	}
	for _, p := range problems {
		if !codes[p.code] {
			t.Errorf("code %d has no name", p.code)
		}
	}
}

// readRequest takes bytes the way of a request's body.
func readRequest(body []byte) (*bodyIn, error) {
	r := httptest.NewRequest("POST", "/api/clients", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return readClient(r)
}

func seedBodies(f *testing.F) {
	f.Helper()
	for _, s := range []string{
		`{}`, `{`, `null`, `{"client":{"firstName":"A","lastName":"B","birthDate":"2000-02-30"}}`,
		`{"client":{"id":"x y","gender":"MALE","notes":null,"mobilePhone1":7},"addresses":[{"latitude":1e400,"line1":""},{}]}`,
		`{"customInformation":[{"customFieldID":"text","value":true},{"customFieldID":"iban","customFieldSetGroupIndex":"0","value":"x"}],"idDocuments":[{"documentType":"T","documentId":1}]}`,
		`{"client":{"state":"EXITED","clientRole":{"encodedKey":null},"middleName":"` + strings.Repeat("é", 257) + `"}}`, string(samplePost),
	} {
		for m := range uint8(3) {
			f.Add([]byte(s), m)
		}
	}
}

// FuzzDecode reads any bytes. Texts beyond the limits must come with a fault, and a body that is JSON is never refused by decode itself.
func FuzzDecode(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte, m uint8) {
		if _, err := decode[bodyIn](body); err == nil && !jsontext.Value(body).IsValid() && len(bytes.TrimSpace(body)) > 0 {
			t.Fatalf("decode took %q", body)
		}
		in, err := readRequest(body)
		if err != nil {
			if clientbook.KindOf(err) != clientbook.KindInvalid {
				t.Fatalf("%q gave %v", body, err)
			}
			return
		}
		u := readUpdate(in, mode(m%3), testBook, testNow)
		faulty := clientbook.FieldSet(0)
		for _, e := range u.Faults {
			status, code := problemOf(e)
			if e.Kind != clientbook.KindInvalid || e.Reason == "" || status != 400 || code.name() == "" || sourceOf(e, code) == "" {
				t.Errorf("odd fault %v", e)
			}
			faulty = faulty.With(e.Field)
		}
		for _, text := range texts {
			limited := text.field < clientbook.FieldNumber || text.field == clientbook.FieldSecondMobile
			if v := text.get(u); v != nil && limited && utf8.RuneCountInString(*v) > 256 && !faulty.Has(text.field) {
				t.Errorf("%s is too long without a fault", text.field)
			}
		}
		if u.Values != nil && (faulty.Has(clientbook.FieldValues) || !u.Values.Replace) {
			t.Errorf("values %+v with faults %v", u.Values, u.Faults)
		}
	})
}

// FuzzUpdate applies any body to a valid client: it is refused, or the client's own answer changes nothing in it.
func FuzzUpdate(f *testing.F) {
	seedBodies(f)
	s := sampleSettings()
	f.Fuzz(func(t *testing.T, body []byte, m uint8) {
		in, err := readRequest(body)
		if err != nil {
			return
		}
		next, err := sampleClient().With(readUpdate(in, mode(1+m%2), testBook, testNow), rulesOf(s))
		if err != nil {
			e, ok := err.(*clientbook.Error)
			if status, code := problemOf(e); !ok || status != 400 || code.name() == "" {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if p := next.Person; strings.TrimSpace(p.FirstName) == "" || strings.TrimSpace(p.LastName) == "" || next.Number == "" {
			t.Errorf("person became %+v", next)
		}
		shown := appendFullClient(nil, testBook, s, next)
		if !jsontext.Value(shown).IsValid() {
			t.Fatalf("the answer is broken: %s", shown)
		}
		if next.State == clientbook.StateBlacklisted {
			return
		}
		if in, err = readRequest(shown); err != nil {
			t.Fatalf("the answer can't be read: %v", err)
		}
		again, err := next.With(readUpdate(in, updating, testBook, testNow), rulesOf(s))
		if err != nil {
			t.Fatalf("the answer sent back is refused: %v\n%s", err, shown)
		}
		if got := appendFullClient(nil, testBook, s, again); !bytes.Equal(shown, got) {
			t.Errorf("the answer sent back changed\n%s\nto\n%s", shown, got)
		}
	})
}

func sampleSettings() *clientbook.Settings {
	s := clientbook.DefaultSettings()
	def := func(id string) clientbook.Definition {
		return clientbook.Definition{Key: clientbook.DefinitionKey("key-" + id), ID: id, Name: id}
	}
	s.CustomFieldSets = []clientbook.CustomFieldSet{
		{Definition: def("plain"), Fields: []clientbook.CustomField{
			{Definition: def("text"), Type: clientbook.StringField, Active: true},
			{Definition: def("income"), Type: clientbook.NumberField, Active: true},
			{Definition: def("day"), Type: clientbook.DateField, Active: true},
			{Definition: def("flag"), Type: clientbook.CheckboxField, Active: true},
		}},
		{Definition: def("list"), Grouped: true, Fields: []clientbook.CustomField{
			{Definition: def("iban"), Type: clientbook.StringField, Active: true},
			{Definition: def("bic"), Type: clientbook.StringField, Active: true},
		}},
	}
	return s
}

// sampleClient is an ordinary client with four values, two ID documents and an address.
func sampleClient() *clientbook.Client {
	id := func(n byte) clientbook.ChildID { return clientbook.ChildID{0, 1, 0x6f, 0x71, 0x5c, n} }
	return &clientbook.Client{
		ID: id(1), Version: 1, Created: testNow, Updated: testNow, Approved: testNow, State: clientbook.StateInactive, Number: "123456789",
		ClientType: clientbook.BuiltInClientType().Key, Language: "ENGLISH",
		Email: "ada.marsh@example.com", Mobile: "+44 7700 900123", Telephone: "+44 20 7946 0123", Notes: "prefers to be called in the afternoon",
		Person:    &clientbook.Person{FirstName: "Ada", MiddleName: "Jane", LastName: "Marsh", BirthDate: clientbook.Date{Year: 1985, Month: 6, Day: 7}, Gender: "female"},
		Addresses: []clientbook.Address{{ID: id(2), Main: true, Line1: "12 Harbour Lane", City: "Bristol", Region: "Avon", Postcode: "BS1 4ST", Country: "GB"}},
		IDDocuments: []clientbook.IDDocument{
			{ID: id(3), Type: "Passport", Number: "533401372", Authority: "GB", ValidUntil: clientbook.Date{Year: 2029, Month: 8, Day: 9}},
			{ID: id(4), Type: "Driving licence", Number: "MARSH856075AJ9XY", Authority: "GB"},
		},
		Values: []clientbook.FieldValue{
			{ID: id(5), Field: "key-text", Group: clientbook.NoGroup, Value: "smith"},
			{ID: id(6), Field: "key-income", Group: clientbook.NoGroup, Value: "1200.50"},
			{ID: id(7), Field: "key-iban", Group: 0, Value: "GB33BUKB20201555555555"},
			{ID: id(8), Field: "key-bic", Group: 0, Value: "BUKBGB22"},
		},
	}
}

// samplePost is a body as an integration sends it.
var samplePost = []byte(`{"client":{"firstName":"Ada","lastName":"Marsh","middleName":"Jane","homePhone":"+44 20 7946 0123","mobilePhone1":"+44 7700 900123",` +
	`"emailAddress":"ada.marsh@example.com","birthDate":"1985-06-07","gender":"FEMALE","notes":"prefers to be called in the afternoon","preferredLanguage":"ENGLISH",` +
	`"clientRole":{"encodedKey":"d9df8bc78a0234ccc934a845c"}},"customInformation":[{"customFieldID":"text","value":"smith"},{"customFieldID":"income","value":"1200.50"}],` +
	`"idDocuments":[{"documentType":"Passport","documentId":"533401372","issuingAuthority":"GB","validUntil":"2029-08-09"},{"documentType":"Driving licence","documentId":"MARSH856075AJ9XY"}],` +
	`"addresses":[{"line1":"12 Harbour Lane","city":"Bristol","region":"Avon","postcode":"BS1 4ST","country":"GB"}]}`)

// TestEncode shows the sample whole. A value of a field that is no more is left out, and a foreign key stands wherever the client's does.
func TestEncode(t *testing.T) {
	c := sampleClient()
	c.ForeignKey = `8a"1`
	c.Values = slices.Insert(c.Values, 1, clientbook.FieldValue{ID: clientbook.ChildID{7}, Field: "key-gone", Group: clientbook.NoGroup, Value: "x"})
	got := string(appendFullClient([]byte("before"), testBook, sampleSettings(), c))
	if strings.Count(got, `"8a\"1"`) != 1+4+2+1 || strings.Contains(got, "key-gone") || !strings.HasPrefix(got, `before{"client":{"encodedKey":"8a\"1",`) {
		t.Error(got)
	}
	for i := range 4 {
		if !strings.Contains(got, fmt.Sprintf(`,"indexInList":%d,"customFieldSetGroupIndex":`, i)) {
			t.Errorf("value %d has no index: %s", i, got)
		}
	}
	for _, id := range []clientbook.ClientID{{}, {0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}} {
		if got, want := string(appendKey(nil, testBook, id)), `"`+clientbook.KeyOf(testBook, id)+`"`; got != want {
			t.Errorf("appendKey gave %s, want %s", got, want)
		}
	}
	if got := string(appendTime(nil, "", time.Date(2020, 1, 4, 18, 24, 29, 999e6, time.FixedZone("", 3600)))); got != `"2020-01-04T17:24:29+0000"` {
		t.Errorf("appendTime gave %s", got)
	}
	if got := string(appendTime([]byte("x"), ",", time.Time{})); got != "x" {
		t.Errorf("appendTime of no time gave %s", got)
	}
}

func BenchmarkDecode(b *testing.B) {
	b.SetBytes(int64(len(samplePost)))
	b.ReportAllocs()
	for b.Loop() {
		in, err := decode[bodyIn](samplePost)
		if err != nil {
			b.Fatal(err)
		}
		if u := readUpdate(in, creating, testBook, testNow); len(u.Faults) > 0 {
			b.Fatal(u.Faults)
		}
	}
}

func BenchmarkEncodeFull(b *testing.B) {
	c, s := sampleClient(), sampleSettings()
	buf := appendFullClient(nil, testBook, s, c)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = appendFullClient(buf[:0], testBook, s, c)
	}
}

func BenchmarkEncodeClient(b *testing.B) {
	c := sampleClient()
	buf := appendClient(nil, testBook, c)
	b.ReportAllocs()
	for b.Loop() {
		buf = appendClient(buf[:0], testBook, c)
	}
}
