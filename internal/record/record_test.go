package record

import (
	"bytes"
	"encoding/hex"
	"reflect"
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

// fill gives every part of v a value of its own, but leaves nil pointers nil.
func fill(t *testing.T, v reflect.Value) {
	var n int64 = 1_000_000
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		n++
		switch x := v.Addr().Interface().(type) {
		case *time.Time:
			*x = clientbook.FromMillis(n)
			return
		case *clientbook.Date:
			*x = clientbook.Date{Year: int16(n % 9999), Month: 12, Day: 31}
			return
		case *clientbook.Metadata:
			*x = clientbook.Metadata{{Key: "a", Value: "1"}, {Key: "b", Value: ""}}
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.String:
			v.SetString(path)
		case reflect.Int64:
			v.SetInt(n)
		case reflect.Uint8:
			v.SetUint(uint64(n%255) + 1)
		case reflect.Array:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
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
