package record

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clientbook"
)

func testPerson() *clientbook.Client {
	return &clientbook.Client{
		Created: clientbook.FromMillis(1_700_000_000_123), State: clientbook.StateInactive, Number: "123456789",
		ClientType: "d9df8bc78a0234ccc934a845c", Language: "ENGLISH",
		Email: "ada@example.com", Mobile: "+4479460958", Telephone: "+4420794609", ExternalID: "E-1842",
		Joined: clientbook.Date{Year: 2024, Month: 2, Day: 29},
		Person: &clientbook.Person{
			FirstName: "Ada", MiddleName: "Byron", LastName: "Lovelace", BirthDate: clientbook.Date{Year: 1985, Month: 12, Day: 10},
			Gender: "female", Nationality: "GB",
		},
		Metadata: clientbook.Metadata{{Key: "plan", Value: "gold"}, {Key: "region", Value: "north"}, {Key: "source", Value: "référé"}},
	}
}

func testCompany() *clientbook.Client {
	return &clientbook.Client{
		Created: clientbook.FromMillis(1_700_000_000_123), State: clientbook.StateActive, Activated: clientbook.FromMillis(1_700_000_001_000),
		Email: "office@example.com", LastActionBy: "M. Clerk",
		Company: &clientbook.Company{
			Name: "Engines Ltd", Website: "https://example.com", RegistrationNumber: "08675309", IncorporationCountry: "GB",
			IncorporationType: "private_limited_company",
		},
		Metadata: clientbook.Metadata{{Key: "note", Value: ""}},
	}
}

// testEverything is a company that has several of everything, and a text so long that its message's length takes two bytes.
func testEverything() *clientbook.Client {
	id := func(n byte) clientbook.ChildID { return clientbook.ChildID{1, 11: n} }
	c := testCompany()
	c.State, c.Before = clientbook.StateBlacklisted, clientbook.StateActive
	c.Branch, c.Centre, c.User = "branch-1", "centre-2", "user-3"
	c.ForeignKey, c.SecondMobile, c.Notes = "8a8087c4", "+4479460959", "Asked for paper.\nTwice."
	c.Addresses = []clientbook.Address{
		{
			ID: id(1), Main: true, Line1: "12 St James's Square", Line2: "Flat 3", City: "London", Region: "Greater London",
			Postcode: "SW1Y 4LB", Country: "GB", Latitude: "51.507321899999994", Longitude: "-0.12764739999999997", Kind: "registered",
		},
		{ID: id(2)},
	}
	c.IDDocuments = []clientbook.IDDocument{
		{
			ID: id(3), Type: "Register extract", Number: "X-1", Authority: "Companies House",
			ValidUntil: clientbook.Date{Year: 2030, Month: 1, Day: 31}, Template: "template-4",
		},
		{ID: id(4)},
	}
	c.Values = []clientbook.FieldValue{
		{ID: id(5), Field: "field-5", Group: clientbook.NoGroup, Value: "TRUE"},
		{ID: id(6), Field: "field-6", Group: 0, Value: "a"},
		{ID: id(7), Field: "field-6", Group: 300, Value: "b"},
	}
	c.Comments = []clientbook.Comment{
		{ID: id(8), Time: clientbook.FromMillis(1_700_000_002_000), User: "user-3", Text: strings.Repeat("Called back. ", 10)},
		{ID: id(9)},
	}
	return c
}

// TestForm holds the bytes that are in every database: a failure here means that the format byte must change.
func TestForm(t *testing.T) {
	for name, tc := range map[string]struct {
		client *clientbook.Client
		claim  string
		want   string
	}{
		"person": {testPerson(), "",
			"010801100218fbd095ffbc313a09313233343536373839421964396466386263373861303233346363633933346138343563" +
				"4a07454e474c495348520f616461406578616d706c652e636f6d5a0b2b34343739343630393538620b2b3434323037393436" +
				"30396a06452d31383432709d84a03f8201034164618a01054279726f6e9201084c6f76656c61636598018a98843ea2010666" +
				"656d616c65aa0102474282050c0a04706c616e1204676f6c6482050f0a06726567696f6e12056e6f7274688205130a06736f" +
				"75726365120972c3a966c3a972c3a9",
		},
		"company": {testCompany(), "teller 7",
			"010802100318fbd095ffbc3128e8d795ffbc3152126f6666696365406578616d706c652e636f6d7a084d2e20436c65726b82" +
				"030b456e67696e6573204c74648a031368747470733a2f2f6578616d706c652e636f6d92030830383637353330399a030247" +
				"42a20317707269766174655f6c696d697465645f636f6d70616e798205080a046e6f746512008a050874656c6c65722037",
		},
		"everything": {testEverything(), "teller 7",
			"010802100518fbd095ffbc3128e8d795ffbc3152126f6666696365406578616d706c652e636f6d7a084d2e20436c65726b82" +
				"030b456e67696e6573204c74648a031368747470733a2f2f6578616d706c652e636f6d92030830383637353330399a030247" +
				"42a20317707269766174655f6c696d697465645f636f6d70616e798205080a046e6f746512008a050874656c6c6572203792" +
				"05086272616e63682d319a050863656e7472652d32a20506757365722d33aa05083861383038376334b2050b2b3434373934" +
				"3630393539ba051741736b656420666f722070617065722e0a54776963652ec00503ca058a010a0c01000000000000000000" +
				"000110011a143132205374204a616d65732773205371756172652206466c617420332a064c6f6e646f6e320e477265617465" +
				"72204c6f6e646f6e3a085357315920344c42420247424a1235312e35303733323138393939393939393452142d302e313237" +
				"36343733393939393939393939375a0a72656769737465726564ca050e0a0c010000000000000000000002d205470a0c0100" +
				"000000000000000000031210526567697374657220657874726163741a03582d31220f436f6d70616e69657320486f757365" +
				"289f82b83f320a74656d706c6174652d34d2050e0a0c010000000000000000000004da051d0a0c0100000000000000000000" +
				"0512076669656c642d35220454525545da051c0a0c01000000000000000000000612076669656c642d361801220161da051d" +
				"0a0c01000000000000000000000712076669656c642d3618ad02220162e205a2010a0c01000000000000000000000810d0df" +
				"95ffbc311a06757365722d3322820143616c6c6564206261636b2e2043616c6c6564206261636b2e2043616c6c6564206261" +
				"636b2e2043616c6c6564206261636b2e2043616c6c6564206261636b2e2043616c6c6564206261636b2e2043616c6c656420" +
				"6261636b2e2043616c6c6564206261636b2e2043616c6c6564206261636b2e2043616c6c6564206261636b2e20e2050e0a0c" +
				"010000000000000000000009",
		},
	} {
		got := Append([]byte("before"), tc.client, tc.claim)
		if want := hex.EncodeToString([]byte("before")) + tc.want; hex.EncodeToString(got) != want {
			t.Errorf("%s: got\n%x, want\n%s", name, got, want)
		}
		var c clientbook.Client
		claim, err := Decode(got[len("before"):], &c)
		if err != nil || claim != tc.claim || !reflect.DeepEqual(&c, tc.client) {
			t.Errorf("%s: decoded %+v, claim %q, %v", name, c, claim, err)
		}
	}
}

// TestEveryValueIsKept fills every part of a client by reflection, so that it fails on a new one that is not encoded.
func TestEveryValueIsKept(t *testing.T) {
	for name, c := range map[string]*clientbook.Client{
		"person":  {Person: new(clientbook.Person)},
		"company": {Company: new(clientbook.Company)},
	} {
		fill(t, reflect.ValueOf(c).Elem())
		b := Append(nil, c, "claim")
		got := clientbook.Client{ID: c.ID, Version: c.Version, Updated: c.Updated}
		claim, err := Decode(b, &got)
		if err != nil || claim != "claim" || !reflect.DeepEqual(&got, c) {
			t.Errorf("%s: got %+v, claim %q, %v, want %+v", name, got, claim, err, c)
		}
	}
}

// fill gives every part of v a value of its own, which follows from where the part is, but leaves nil pointers of clients nil.
func fill(t *testing.T, v reflect.Value) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		n := 1_000_000 + int64(crc32.ChecksumIEEE([]byte(path))%1_000_000)
		switch x := v.Addr().Interface().(type) {
		case *time.Time:
			*x = clientbook.FromMillis(n)
			return
		case *clientbook.Date:
			*x = clientbook.Date{Year: int16(n%9998) + 1, Month: 12, Day: 31}
			return
		case **clientbook.PostalAddress:
			*x = new(clientbook.PostalAddress)
		}
		switch v.Kind() {
		case reflect.Struct:
			for f, v := range v.Fields() {
				walk(path+"."+f.Name, v)
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.String:
			v.SetString(path)
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int, reflect.Int64:
			v.SetInt(n)
		case reflect.Uint8:
			v.SetUint(uint64(n%255) + 1)
		case reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Map:
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			walk(path+" key", key)
			walk(path+" value", value)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		default:
			t.Fatalf("no value for %s, a %v", path, v.Type())
		}
	}
	walk("", v)
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, claim := anyClient(t), rapid.String().Draw(t, "claim")
		b := Append(nil, c, claim)
		var got clientbook.Client
		gotClaim, err := Decode(b, &got)
		if err != nil {
			t.Fatalf("decode %x: %v", b, err)
		}
		if gotClaim != claim || !reflect.DeepEqual(&got, c) {
			t.Fatalf("got %+v, claim %q, want %+v, claim %q", got, gotClaim, c, claim)
		}
		if again := Append(nil, &got, gotClaim); !bytes.Equal(again, b) {
			t.Fatalf("encoded again to %x, before %x", again, b)
		}
		other := anyClient(t)
		if same := bytes.Equal(Append(nil, other, claim), b); same != reflect.DeepEqual(other, c) {
			t.Fatalf("%+v and %+v have one encoding: %v", c, other, same)
		}
	})
}

func anyClient(t *rapid.T) *clientbook.Client {
	text := func(label string) string { return rapid.String().Draw(t, label) }
	instant := func(label string) time.Time {
		return clientbook.FromMillis(rapid.Int64Range(-1<<40, 1<<43).Draw(t, label))
	}
	date := func(label string) clientbook.Date {
		if rapid.Bool().Draw(t, label+" absent") {
			return clientbook.Date{}
		}
		return clientbook.Date{
			Year: rapid.Int16Range(1, 9999).Draw(t, label), Month: rapid.Uint8Range(1, 12).Draw(t, label), Day: rapid.Uint8Range(1, 31).Draw(t, label),
		}
	}
	c := &clientbook.Client{
		Created: instant("created"), State: clientbook.State(rapid.Uint8Range(0, 7).Draw(t, "state")), Number: text("number"),
		ClientType: clientbook.DefinitionKey(text("type")), Language: clientbook.Language(text("language")),
		Email: text("email"), Mobile: text("mobile"), Telephone: text("telephone"), ExternalID: text("external id"), Joined: date("joined"),
		LastActionBy: text("last action by"), Approved: instant("approved"), Activated: instant("activated"), Closed: instant("closed"),
		Branch: clientbook.DefinitionKey(text("branch")), Centre: clientbook.DefinitionKey(text("centre")),
		User: clientbook.DefinitionKey(text("user")), ForeignKey: text("foreign key"), SecondMobile: text("second mobile"),
		Notes: text("notes"), Before: clientbook.State(rapid.Uint8Range(0, 7).Draw(t, "before")),
	}
	for range rapid.IntRange(0, 3).Draw(t, "addresses") {
		c.Addresses = append(c.Addresses, clientbook.Address{
			ID: anyID(t), Main: rapid.Bool().Draw(t, "main"), Line1: text("line 1"), Line2: text("line 2"), City: text("city"), Region: text("region"),
			Postcode: text("postcode"), Country: text("country"), Latitude: text("latitude"), Longitude: text("longitude"), Kind: text("kind"),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "documents") {
		c.IDDocuments = append(c.IDDocuments, clientbook.IDDocument{
			ID: anyID(t), Type: text("type"), Number: text("number"), Authority: text("authority"), ValidUntil: date("valid until"),
			Template: clientbook.DefinitionKey(text("template")),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "values") {
		c.Values = append(c.Values, clientbook.FieldValue{
			ID: anyID(t), Field: clientbook.DefinitionKey(text("field")), Group: rapid.Int().Draw(t, "group"), Value: text("value"),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "comments") {
		c.Comments = append(c.Comments, clientbook.Comment{
			ID: anyID(t), Time: instant("time"), User: clientbook.DefinitionKey(text("comment user")), Text: text("comment"),
		})
	}
	for range rapid.IntRange(0, 9).Draw(t, "entries") {
		c.Metadata = append(c.Metadata, clientbook.MetadataEntry{Key: text("key"), Value: text("value")})
	}
	if rapid.Bool().Draw(t, "company") {
		c.Company = &clientbook.Company{
			Name: text("name"), Website: text("website"), RegistrationNumber: text("registration"),
			IncorporationCountry: clientbook.Country(text("country")), IncorporationType: clientbook.IncorporationType(text("form")),
		}
		return c
	}
	c.Person = &clientbook.Person{
		FirstName: text("first"), MiddleName: text("middle"), LastName: text("last"), BirthDate: date("birth"),
		Gender: clientbook.Gender(text("gender")), Nationality: clientbook.Country(text("nationality")),
		BirthCountry: clientbook.Country(text("birth country")), SSN: text("ssn"), SocialInsuranceNumber: text("insurance"),
		NationalIdentityNumber: text("identity"), TaxIdentificationNumber: text("tax"),
	}
	return c
}

func anyID(t *rapid.T) (id clientbook.ChildID) {
	copy(id[:], rapid.SliceOfN(rapid.Byte(), len(id), len(id)).Draw(t, "id"))
	return id
}
