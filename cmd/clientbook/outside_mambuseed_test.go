package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The vendor's page, "Create or update a client": its example requests and its notations of bodies, as printed.
const (
	pageQuery = "/api/clients?firstName=Trevor&lastName=Linden&emailAddress=trevor.linden%40mambu.com"
	pageJSON  = "{\n\"client\":{\n\"firstName\":\"Trevor\",\n\"lastName\":\"Linden\",\n\"middleName\":\"Good\",\n\"homePhone\":\"7899221665\",\n" +
		"\"emailAddress\":\"trevor.linden@mambu.com\",\n\"mobilePhone1\":\"211111111\",\n\"mobilePhone2\":\"122222222\",\n\"gender\":\"MALE\",\n" +
		"\"clientRole\": {\"encodedKey\":\"d9df8bc78a0234ccc934a845c\"}\n}\n}"
	pageUpdate = "{\nclient: {\nencodedKey:\"someKey\"\n}\n}"
	pageEmpty  = "{\n\"client\": {\n\"encodedKey\":\"abc\",\n//other client information\n},\n\"idDocuments\":[],\n\"addresses\":[],\n\"customInformation\":[]\n}"
)

const pageSettings = `
customFieldSets:
  - id: kyc
    name: Know your customer
    fields:
      - {id: occupation, name: Occupation, type: STRING}
      - {id: income, name: Monthly income, type: NUMBER}
      - {id: reviewed_on, name: Reviewed on, type: DATE}
      - {id: pep, name: Politically exposed, type: CHECKBOX}
      - {id: segment, name: Segment, type: SELECTION, options: [{value: gold}, {value: silver}]}
`

const jsonType = "Content-Type: application/json"

// curl sends a request as curl does with -u, byte for byte; headers are what -H adds. No body is no -d.
func (p *program) curl(method, target, body string, headers ...string) reply {
	p.t.Helper()
	lines := append([]string{method + " " + target + " HTTP/1.1", "Host: demo.mambu.com",
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+p.key)), "User-Agent: curl/8.5.0", "Accept: */*"}, headers...)
	if body != "" {
		lines = append(lines, fmt.Sprint("Content-Length: ", len(body)))
	}
	resp, got := exchangeOnce(p.t.(*testing.T), p.addr, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
	if kind := resp.Header.Get("Content-Type"); strings.ReplaceAll(kind, " ", "") != "application/json;charset=utf-8" {
		p.t.Errorf("%s %s: the answer's content type is %q", method, target, kind)
	}
	return reply{resp.StatusCode, resp.Header, bytes.TrimSpace(got)}
}

// A fullClient is the answer to both forms of create and to updates. Contract, "Full client".
type fullClient struct {
	Client            map[string]any
	CustomInformation []fieldValue
	IDDocuments       []map[string]any
	Addresses         []map[string]any
	GroupKeys         []string

	raw []byte
}

type fieldValue struct {
	EncodedKey, ParentKey, CustomFieldKey, CustomFieldID, Value, LinkedEntityKeyValue string
	CustomFieldSetGroupIndex, IndexInList                                             int
	CustomField                                                                       struct{ EncodedKey, ID, Name, State, Type, DataType string }
}

func (c *fullClient) text(property string) string {
	s, _ := c.Client[property].(string)
	return s
}

// values gives field and value of each custom field, in the order of the answer.
func (c *fullClient) values() (all []string) {
	for _, v := range c.CustomInformation {
		all = append(all, v.CustomFieldID+"="+v.Value)
	}
	return all
}

// texts gives one property of each record.
func texts(records []map[string]any, property string) (all []string) {
	for _, r := range records {
		s, _ := r[property].(string)
		all = append(all, s)
	}
	return all
}

func full(t testing.TB, b []byte) *fullClient {
	t.Helper()
	c := &fullClient{raw: b}
	if err := json.Unmarshal(b, c); err != nil || c.Client == nil || c.CustomInformation == nil || c.IDDocuments == nil || c.Addresses == nil || c.GroupKeys == nil {
		t.Fatalf("no full client: %v\n%s", err, b)
	}
	return c
}

// made creates a client by JSON.
func (p *program) made(body string) *fullClient {
	p.t.Helper()
	got := p.curl("POST", "/api/clients", body, jsonType)
	if got.status != 200 {
		p.t.Fatalf("%s\ngot %d %s\nwant 200", body, got.status, got.body)
	}
	return full(p.t, got.body)
}

// updated updates a client by JSON. $KEY in the body is its key, which is in the path too.
func (p *program) updated(c *fullClient, body string) *fullClient {
	p.t.Helper()
	key := c.text("encodedKey")
	got := p.curl("POST", "/api/clients/"+key, strings.ReplaceAll(body, "$KEY", key), jsonType)
	if got.status != 200 {
		p.t.Fatalf("%s\ngot %d %s\nwant 200", body, got.status, got.body)
	}
	after := full(p.t, got.body)
	if read := p.read(key); !bytes.Equal(read.raw, after.raw) {
		p.t.Errorf("the answer to the update\n%s\nis not what is read then\n%s", after.raw, read.raw)
	}
	return after
}

func (p *program) read(ref string) *fullClient {
	p.t.Helper()
	return full(p.t, bytes.TrimSpace(p.mambu(200, "GET", "/api/clients/"+ref+"?fullDetails=true", "")))
}

// A fault is the body of a refusal; source "*" stands for any.
type fault struct {
	status, code int
	name, source string
}

func (f fault) check(t testing.TB, what string, got reply) {
	t.Helper()
	var body struct {
		ReturnCode                int
		ReturnStatus, ErrorSource string
	}
	d := json.NewDecoder(bytes.NewReader(got.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || got.status != f.status || body.ReturnCode != f.code || body.ReturnStatus != f.name || f.source != "*" && body.ErrorSource != f.source {
		t.Errorf("%s\ngot  %d %s, %v\nwant %+v", what, got.status, got.body, err, f)
	}
}

// refused sends an update that must be refused, and sees that it changed nothing.
func (p *program) refused(c *fullClient, ref, body string, f fault) {
	p.t.Helper()
	key := c.text("encodedKey")
	f.check(p.t, body, p.curl("POST", "/api/clients/"+strings.ReplaceAll(ref, "$KEY", key), strings.ReplaceAll(body, "$KEY", key), jsonType))
	if now := p.read(key); !bytes.Equal(now.raw, c.raw) {
		p.t.Errorf("%s was refused, and changed the client\nfrom %s\nto   %s", body, c.raw, now.raw)
	}
}

// wholeAnswer compares an answer byte for byte with the text that says what it must be, but for white space in that. KEY, NUMBER and
// TIME in it stand for what the server makes.
func wholeAnswer(t testing.TB, got reply, begun time.Time, want string) *fullClient {
	t.Helper()
	if got.status != 200 {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	c := full(t, got.body)
	key, number, stamp := c.text("encodedKey"), c.text("id"), c.text("creationDate")
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(key) || !regexp.MustCompile(`^[0-9]{9}$`).MatchString(number) {
		t.Errorf("encodedKey %q, id %q", key, number)
	}
	if at, err := time.Parse("2006-01-02T15:04:05+0000", stamp); err != nil || at.Before(begun.UTC().Truncate(time.Second)) || at.After(time.Now()) {
		t.Errorf("creationDate %q, %v", stamp, err)
	}
	compact := new(bytes.Buffer)
	if err := json.Compact(compact, []byte(strings.NewReplacer("KEY", key, "NUMBER", number, "TIME", stamp).Replace(want))); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.body, compact.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", got.body, compact)
	}
	return c
}

const (
	wantQuery = `{"client": {"encodedKey": "KEY", "state": "INACTIVE", "id": "NUMBER", "creationDate": "TIME", "lastModifiedDate": "TIME", "approvedDate": "TIME",
"firstName": "Trevor", "lastName": "Linden", "emailAddress": "trevor.linden@mambu.com",
"loanCycle": 0, "groupLoanCycle": 0, "preferredLanguage": "ENGLISH", "clientRole": {"encodedKey": "d9df8bc78a0234ccc934a845c"}},
"customInformation": [], "idDocuments": [], "addresses": [], "groupKeys": []}`
	wantJSON = `{"client": {"encodedKey": "KEY", "state": "INACTIVE", "id": "NUMBER", "creationDate": "TIME", "lastModifiedDate": "TIME", "approvedDate": "TIME",
"firstName": "Trevor", "lastName": "Linden", "middleName": "Good",
"homePhone": "7899221665", "mobilePhone1": "211111111", "mobilePhone2": "122222222", "emailAddress": "trevor.linden@mambu.com", "gender": "MALE",
"loanCycle": 0, "groupLoanCycle": 0, "preferredLanguage": "ENGLISH", "clientRole": {"encodedKey": "d9df8bc78a0234ccc934a845c"}},
"customInformation": [], "idDocuments": [], "addresses": [], "groupKeys": []}`

	everything = `{"client":{"firstName":"Ada","lastName":"Marsh","homePhone":"+43 1","emailAddress":"ada@example.com","notes":"a note"},
"customInformation":[{"customFieldID":"occupation","value":"Baker"},{"customFieldID":"income","value":"1200.50"},{"customFieldID":"reviewed_on","value":"2026-01-02"}],
"idDocuments":[{"documentType":"Passport","documentId":"P1","issuingAuthority":"Austria","validUntil":"2030-02-28"},{"documentType":"Licence","documentId":"L2"}],
"addresses":[{"line1":"Main Street 1","line2":"Door 2","city":"Vienna","region":"Vienna","postcode":"1010","country":"Austria","latitude":"48.2","longitude":"16.37"}]}`
)

// TestMambuPage goes through the vendor's page, one subtest for each of its sentences, in its order.
func TestMambuPage(t *testing.T) {
	data := t.TempDir() + "/data"
	key := newKey(t, data, "seed", "live")
	applied(t, data, "seed", "live", pageSettings)
	p := serve(t, data, key)
	run := func(sentence string, do func(t *testing.T, p *program)) {
		t.Run(sentence, func(t *testing.T) {
			here := *p
			here.t = t
			do(t, &here)
		})
	}
	values := func(t *testing.T, c *fullClient, want ...string) {
		t.Helper()
		if got := c.values(); !reflect.DeepEqual(got, want) {
			t.Errorf("the custom fields are %q, want %q", got, want)
		}
	}
	keys := func(records []map[string]any) []string { return texts(records, "encodedKey") }
	same := func(t *testing.T, what string, got, want []string) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}

	run("Mambu allows for creation and updating of client information", func(t *testing.T, p *program) {
		c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"}}`)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY","firstName":"Bea"}}`)
		for _, property := range []string{"encodedKey", "id", "creationDate", "lastName"} {
			if after.text(property) != c.text(property) {
				t.Errorf("%s was %q and is %q", property, c.text(property), after.text(property))
			}
		}
		if after.text("firstName") != "Bea" {
			t.Errorf("the first name is %q", after.text("firstName"))
		}
	})
	run("This includes personal and contact information, custom fields, identification documents and the address", func(t *testing.T, p *program) {
		c := p.made(everything)
		key := c.text("encodedKey")
		values(t, c, "occupation=Baker", "income=1200.50", "reviewed_on=2026-01-02")
		types := map[string][2]string{"occupation": {"Occupation", "STRING"}, "income": {"Monthly income", "NUMBER"}, "reviewed_on": {"Reviewed on", "DATE"}}
		for i, v := range c.CustomInformation {
			f := v.CustomField
			if want := types[v.CustomFieldID]; v.ParentKey != key || v.EncodedKey == "" || v.IndexInList != i || v.CustomFieldSetGroupIndex != -1 ||
				f.ID != v.CustomFieldID || f.EncodedKey != v.CustomFieldKey || f.Name != want[0] || f.DataType != want[1] || f.Type != "CLIENT_INFO" || f.State != "NORMAL" {
				t.Errorf("value %d is %+v", i, v)
			}
		}
		k := keys(c.IDDocuments)
		if want := []map[string]any{
			{"encodedKey": k[0], "clientKey": key, "documentType": "Passport", "documentId": "P1", "issuingAuthority": "Austria", "validUntil": "2030-02-28T00:00:00+0000", "indexInList": 0.0},
			{"encodedKey": k[1], "clientKey": key, "documentType": "Licence", "documentId": "L2", "indexInList": 1.0},
		}; !reflect.DeepEqual(c.IDDocuments, want) || k[0] == k[1] {
			t.Errorf("the documents are\n%v, want\n%v", c.IDDocuments, want)
		}
		if want := []map[string]any{{"encodedKey": keys(c.Addresses)[0], "parentKey": key, "line1": "Main Street 1", "line2": "Door 2", "city": "Vienna", "region": "Vienna",
			"postcode": "1010", "country": "Austria", "latitude": "48.2", "longitude": "16.37", "indexInList": 0.0}}; !reflect.DeepEqual(c.Addresses, want) {
			t.Errorf("the addresses are\n%v, want\n%v", c.Addresses, want)
		}
	})
	run("The client is returned as a response", func(t *testing.T, p *program) {
		c := p.made(everything)
		if read := p.read(c.text("encodedKey")); !bytes.Equal(c.raw, read.raw) {
			t.Errorf("the answer to the create\n%s\nis not the client\n%s", c.raw, read.raw)
		}
		p.updated(c, `{"client":{"encodedKey":"$KEY","notes":"another"}}`) // which compares too
	})
	run("You can provide some basic information as a request with query parameters and no body", func(t *testing.T, p *program) {
		got := p.curl("POST", "/api/clients?firstName=J%C3%BCrgen&lastName=van+der+Berg&middleName=A%2BB&homePhone=%2B431&mobilePhone1=1&mobilePhone2=2"+
			"&emailAddress=j%40example.com&gender=MALE&birthDate=1985-02-28", "")
		if got.status != 200 {
			t.Fatalf("got %d %s", got.status, got.body)
		}
		for property, want := range map[string]string{"firstName": "Jürgen", "lastName": "van der Berg", "middleName": "A+B", "homePhone": "+431", "mobilePhone1": "1",
			"mobilePhone2": "2", "emailAddress": "j@example.com", "gender": "MALE", "birthDate": "1985-02-28T00:00:00+0000"} {
			if c := full(t, got.body); c.text(property) != want {
				t.Errorf("%s is %q, want %q", property, c.text(property), want)
			}
		}
	})
	run("if you need to create a client with more complex information, such as custom fields, a JSON body", func(t *testing.T, p *program) {
		c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"},"customInformation":[{"customFieldID":"segment","value":"gold"},{"customFieldID":"pep","value":"TRUE"}]}`)
		values(t, c, "segment=gold", "pep=TRUE")
	})
	run("If the arrays are not provided, only the client information will be updated or stored", func(t *testing.T, p *program) {
		if c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"}}`); len(c.CustomInformation)+len(c.IDDocuments)+len(c.Addresses) != 0 {
			t.Errorf("stored without arrays: %s", c.raw)
		}
		c := p.made(everything)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY","middleName":"Better","notes":""}}`)
		if after.text("middleName") != "Better" || after.text("notes") != "" || after.text("homePhone") != "+43 1" {
			t.Errorf("the client is %s", after.raw)
		}
		if !reflect.DeepEqual(after.CustomInformation, c.CustomInformation) || !reflect.DeepEqual(after.IDDocuments, c.IDDocuments) || !reflect.DeepEqual(after.Addresses, c.Addresses) {
			t.Errorf("the arrays were\n%s\nand are\n%s", c.raw, after.raw)
		}
		if again := p.updated(after, `{"client":{"encodedKey":"$KEY"},"idDocuments":[]}`); len(again.IDDocuments) != 0 || len(again.CustomInformation) != 3 || len(again.Addresses) != 1 {
			t.Errorf("of the arrays one was given, now there is %s", again.raw)
		}
	})
	run("the developer must specify the client ID in the path and also provide the encodedKey in the JSON body", func(t *testing.T, p *program) {
		c := p.made(everything)
		p.refused(c, "$KEY", `{"client":{"firstName":"Bea"}}`, fault{400, 302, "INVALID_CLIENT_KEY", "encodedKey"})
		for _, ref := range []string{c.text("encodedKey"), c.text("id")} {
			got := p.curl("POST", "/api/clients/"+ref, `{"client":{"encodedKey":"`+c.text("encodedKey")+`","firstName":"By `+ref+`"}}`, jsonType)
			if got.status != 200 || full(t, got.body).text("firstName") != "By "+ref {
				t.Errorf("path %s: got %d %s", ref, got.status, got.body)
			}
		}
	})
	run("{client: {encodedKey:someKey}}", func(t *testing.T, p *program) {
		c := p.made(everything)
		p.refused(c, "$KEY", pageUpdate, fault{400, 26, "INVALID_JSON_SYNTAX", ""}) // a notation: JSON has quotes around names
		p.refused(c, "$KEY", "{\n\"client\": {\n\"encodedKey\":\"someKey\"\n}\n}", fault{400, 302, "INVALID_CLIENT_KEY", "*"})
	})
	run("If the encoded key or identifier is invalid, an exception code will be returned", func(t *testing.T, p *program) {
		c, other := p.made(everything), p.made(`{"client":{"firstName":"Other","lastName":"One"}}`)
		for _, key := range []string{"someKey", "abc", strings.Repeat("f", 32), c.text("encodedKey")[:8] + strings.Repeat("0", 24), "d9df8bc78a0234ccc934a845c"} {
			p.refused(c, "$KEY", `{"client":{"encodedKey":"`+key+`","firstName":"Bea"}}`, fault{400, 302, "INVALID_CLIENT_KEY", "*"})
		}
		p.refused(c, "$KEY", `{"client":{"encodedKey":"`+other.text("encodedKey")+`","firstName":"Bea"}}`, fault{400, 25, "INCONSISTENT_IDENTIFIER_WITH_JSON", "*"})
		for _, ref := range []string{"nobody", "999999999999", c.text("encodedKey")[:8] + strings.Repeat("0", 24), strings.Repeat("f", 32)} {
			p.refused(c, ref, `{"client":{"encodedKey":"$KEY","firstName":"Bea"}}`, fault{404, 301, "INVALID_CLIENT_ID", "*"})
		}
		if now := p.read(other.text("encodedKey")); !bytes.Equal(now.raw, other.raw) {
			t.Errorf("the other client was %s\nand is %s", other.raw, now.raw)
		}
	})
	run("In order to remove all custom fields, identification documents or addresses, you can send an empty array", func(t *testing.T, p *program) {
		c := p.made(everything)
		p.refused(c, "$KEY", pageEmpty, fault{400, 26, "INVALID_JSON_SYNTAX", ""}) // a notation: JSON has no comments
		body := strings.Replace(pageEmpty, "\"encodedKey\":\"abc\",\n//other client information\n", "\"encodedKey\":\"$KEY\"\n", 1)
		after := p.updated(c, body)
		if len(after.CustomInformation)+len(after.IDDocuments)+len(after.Addresses) != 0 || !bytes.Contains(after.raw, []byte(`"customInformation":[],"idDocuments":[],"addresses":[]`)) {
			t.Errorf("something is left: %s", after.raw)
		}
		delete(c.Client, "lastModifiedDate")
		delete(after.Client, "lastModifiedDate")
		if !reflect.DeepEqual(after.Client, c.Client) {
			t.Errorf("the client was %v and is %v", c.Client, after.Client)
		}
		for _, one := range []string{"customInformation", "idDocuments", "addresses"} {
			after := p.updated(p.made(everything), `{"client":{"encodedKey":"$KEY"},"`+one+`":[]}`)
			left := map[string]int{"customInformation": len(after.CustomInformation), "idDocuments": len(after.IDDocuments), "addresses": len(after.Addresses)}
			want := map[string]int{"customInformation": 3, "idDocuments": 2, "addresses": 1}
			if want[one] = 0; !reflect.DeepEqual(left, want) {
				t.Errorf("%s emptied: %v are left, want %v", one, left, want)
			}
		}
	})
	run("If you are updating only one entry you must also provide the other members otherwise these will be deleted", func(t *testing.T, p *program) {
		c := p.made(everything)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY"},"idDocuments":[{"encodedKey":"`+keys(c.IDDocuments)[1]+`","documentType":"Licence","documentId":"L3"}]}`)
		same(t, "the documents", texts(after.IDDocuments, "documentId"), []string{"L3"})
		same(t, "their keys", keys(after.IDDocuments), keys(c.IDDocuments)[1:])
		all := p.updated(p.made(everything), `{"client":{"encodedKey":"$KEY"},"idDocuments":[{"documentType":"Passport","documentId":"P1"},{"documentType":"Licence","documentId":"L3"}]}`)
		same(t, "the documents", texts(all.IDDocuments, "documentId"), []string{"P1", "L3"})
	})
	run("if there are 3 custom fields in database and only one provided, the other 2 will get deleted", func(t *testing.T, p *program) {
		c := p.made(everything)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY"},"customInformation":[{"customFieldID":"income","value":"1300"}]}`)
		values(t, after, "income=1300")
		for field, there := range map[string]bool{"occupation": false, "income": true, "reviewed_on": false} {
			if got := p.curl("GET", "/api/clients/"+c.text("id")+"/custominformation/"+field, ""); got.status != 200 || (string(got.body) != "[]") != there {
				t.Errorf("%s: got %d %s, want it to be there: %t", field, got.status, got.body, there)
			}
		}
	})
	run("the matching to determine the difference between an updated and a new field is done using customFieldID", func(t *testing.T, p *program) {
		c := p.made(everything)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY"},"customInformation":[{"customFieldID":"segment","value":"gold"},{"encodedKey":"`+c.CustomInformation[1].EncodedKey+
			`","customFieldID":"occupation","value":"Cook"}]}`)
		values(t, after, "segment=gold", "occupation=Cook")
		if got, want := after.CustomInformation[1].EncodedKey, c.CustomInformation[0].EncodedKey; got != want {
			t.Errorf("the updated value has the key %s, want %s, that of the stored one with its customFieldID", got, want)
		}
		for _, v := range c.CustomInformation {
			if v.EncodedKey == after.CustomInformation[0].EncodedKey {
				t.Errorf("the new value has the key of %s", v.CustomFieldID)
			}
		}
	})
	run("if the custom field ID is invalid or the value is invalid an exception code will be returned", func(t *testing.T, p *program) {
		c := p.made(everything)
		for _, x := range []struct {
			entry, source, name string
			code                int
		}{
			{`{"customFieldID":"shoe_size","value":"42"}`, "shoe_size", "INVALID_CUSTOM_FIELD_ID", 903},
			{`{"value":"42"}`, "*", "EMPTY_CUSTOM_FIELD_ID", 3600},
			{`{"customFieldID":"income","value":"much"}`, "income", "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE", 901},
			{`{"customFieldID":"segment","value":"bronze"}`, "segment", "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE", 901},
			{`{"customFieldID":"pep","value":"perhaps"}`, "pep", "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE", 901},
			{`{"customFieldID":"occupation","value":""}`, "occupation", "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE", 901},
			{`{"customFieldID":"occupation","value":"` + strings.Repeat("x", 256) + `"}`, "occupation", "MAX_CUSTOM_FIELD_VALUE_LENGTH_EXCEEDED", 904},
		} {
			f := fault{400, x.code, x.name, x.source}
			p.refused(c, "$KEY", `{"client":{"encodedKey":"$KEY","firstName":"Bea"},"customInformation":[`+x.entry+`]}`, f)
			f.check(t, "create with "+x.entry, p.curl("POST", "/api/clients", `{"client":{"firstName":"Never","lastName":"Stored"},"customInformation":[`+x.entry+`]}`, jsonType))
		}
		if got := p.mambu(200, "GET", "/api/clients?firstName=Never", ""); string(bytes.TrimSpace(got)) != "[]" {
			t.Errorf("refused creates stored %s", got)
		}
	})
	run("Date custom fields are currently date only, not date-time", func(t *testing.T, p *program) {
		c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"},"customInformation":[{"customFieldID":"reviewed_on","value":"2024-02-29"}]}`)
		values(t, c, "reviewed_on=2024-02-29")
		for _, bad := range []string{"2024-02-29T00:00:00+0000", "2024-02-29T10:15:30Z", "2024-02-29 10:15", "2023-02-29", "29-02-2024", "2024-2-29"} {
			p.refused(c, "$KEY", `{"client":{"encodedKey":"$KEY"},"customInformation":[{"customFieldID":"reviewed_on","value":"`+bad+`"}]}`,
				fault{400, 901, "INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE", "reviewed_on"})
		}
		values(t, p.updated(c, `{"client":{"encodedKey":"$KEY"},"customInformation":[{"customFieldID":"reviewed_on","value":"2024-03-01"}]}`), "reviewed_on=2024-03-01")
	})
	run("See Custom Fields API for more information about custom fields and custom fields sets", func(t *testing.T, p *program) {
		var sets []struct {
			ID, Name, Type, Usage string
			CustomFields          []struct{ EncodedKey, ID, DataType string }
		}
		if err := json.Unmarshal(p.mambu(200, "GET", "/api/customfieldsets?type=CLIENT_INFO", ""), &sets); err != nil {
			t.Fatal(err)
		}
		if len(sets) != 1 || sets[0].ID != "kyc" || sets[0].Name != "Know your customer" || sets[0].Type != "CLIENT_INFO" || sets[0].Usage != "SINGLE" || len(sets[0].CustomFields) != 5 {
			t.Fatalf("the sets are %+v", sets)
		}
		c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"},"customInformation":[{"customFieldID":"` + sets[0].CustomFields[0].EncodedKey + `","value":"by its key"}]}`)
		values(t, c, "occupation=by its key")
		for _, f := range sets[0].CustomFields {
			var field struct{ ID, DataType string }
			if err := json.Unmarshal(p.mambu(200, "GET", "/api/customfields/"+f.ID, ""), &field); err != nil || field.ID != f.ID || field.DataType != f.DataType {
				t.Errorf("field %s is %+v, %v", f.ID, field, err)
			}
		}
	})
	run("For identification documents and addresses the encoded key is used for matching", func(t *testing.T, p *program) {
		c := p.made(everything)
		docs := keys(c.IDDocuments)
		after := p.updated(c, `{"client":{"encodedKey":"$KEY"},"idDocuments":[{"documentType":"Licence","documentId":"L2"},{"encodedKey":"`+docs[0]+
			`","documentType":"Passport","documentId":"P9"},{"encodedKey":"`+strings.Repeat("0", 32)+`","documentType":"Visa","documentId":"V1"}]}`)
		same(t, "the documents", texts(after.IDDocuments, "documentId"), []string{"L2", "P9", "V1"})
		got := keys(after.IDDocuments)
		if got[1] != docs[0] {
			t.Errorf("the matched document has the key %s, want %s", got[1], docs[0])
		}
		if got[0] == docs[1] || got[0] == docs[0] || got[2] == docs[1] || got[2] == strings.Repeat("0", 32) || got[0] == got[2] {
			t.Errorf("keys of new documents: %q, of stored ones: %q", got, docs)
		}
		if d := after.IDDocuments[1]; d["issuingAuthority"] != nil || d["validUntil"] != nil {
			t.Errorf("a matched document takes the new content and does not merge, got %v", d)
		}

		home := keys(c.Addresses)
		matched := p.updated(after, `{"client":{"encodedKey":"$KEY"},"addresses":[{"encodedKey":"`+home[0]+`","line1":"Second Street 2"}]}`)
		same(t, "the matched address", append(keys(matched.Addresses), texts(matched.Addresses, "line1")...), []string{home[0], "Second Street 2"})
		if matched.Addresses[0]["city"] != nil {
			t.Errorf("a matched address takes the new content and does not merge, got %v", matched.Addresses[0])
		}
		fresh := p.updated(matched, `{"client":{"encodedKey":"$KEY"},"addresses":[{"line1":"Third Street 3"}]}`)
		if k := keys(fresh.Addresses); len(k) != 1 || k[0] == home[0] {
			t.Errorf("an address without a key has %q, the one before had %q", k, home)
		}
		strange := p.updated(fresh, `{"client":{"encodedKey":"$KEY"},"addresses":[{"encodedKey":"`+strings.Repeat("0", 32)+`","line1":"Fourth Street 4"}]}`)
		if k := keys(strange.Addresses); len(k) != 1 || k[0] == strings.Repeat("0", 32) || k[0] == keys(fresh.Addresses)[0] {
			t.Errorf("an address with an unknown key has %q", k)
		}
		p.refused(strange, "$KEY", `{"client":{"encodedKey":"$KEY"},"idDocuments":[{"encodedKey":"`+got[0]+`","documentType":"A","documentId":"1"},{"encodedKey":"`+got[0]+
			`","documentType":"B","documentId":"2"}]}`, fault{400, 2605, "DUPLICATE_ENCODED_KEY", "*"})
	})
	run("Only one address can be stored, if the array contains more than one only the first will get stored", func(t *testing.T, p *program) {
		c := p.made(`{"client":{"firstName":"Ada","lastName":"Marsh"},"addresses":[{"line1":"First"},{"line1":"Second"},{"line1":"Third"}]}`)
		same(t, "stored", texts(c.Addresses, "line1"), []string{"First"})
		after := p.updated(c, `{"client":{"encodedKey":"$KEY"},"addresses":[{"line1":"Fourth"},{"encodedKey":"`+keys(c.Addresses)[0]+`","line1":"Fifth"}]}`)
		same(t, "updated", texts(after.Addresses, "line1"), []string{"Fourth"})
	})
	t.Run("Notifications should be sent when a client is created via APIs", testPageNotifications)
	run("When making a POST request that sends data through query parameters, the Content-Type header must not be set", func(t *testing.T, p *program) {
		const target = "/api/clients?firstName=Typed&lastName=Linden"
		missing, invalid := fault{400, 30, "MISSING_ENTITY_JSON", "Content-Type"}, fault{400, 4, "INVALID_PARAMETERS", "*"}
		missing.check(t, "curl -H", p.curl("POST", target, "", jsonType))
		missing.check(t, "curl -d ''", p.curl("POST", target, "", "Content-Length: 0", "Content-Type: application/x-www-form-urlencoded"))
		missing.check(t, "curl -H -d ''", p.curl("POST", target, "", "Content-Length: 0", jsonType))
		invalid.check(t, "curl -d", p.curl("POST", target, "firstName=Typed&lastName=Linden", "Content-Type: application/x-www-form-urlencoded"))
		if got := p.mambu(200, "GET", "/api/clients?firstName=Typed", ""); string(bytes.TrimSpace(got)) != "[]" {
			t.Errorf("refused creates stored %s", got)
		}
		if got := p.curl("POST", target, "", "Content-Length: 0"); got.status != 200 { // as other programs send a POST without a body
			t.Errorf("without a Content-Type: %d %s", got.status, got.body)
		}
	})
	run("Create a client with minimal data using query parameters", func(t *testing.T, p *program) {
		begun := time.Now()
		c := wholeAnswer(t, p.curl("POST", pageQuery, ""), begun, wantQuery)
		if read := p.read(c.text("encodedKey")); !bytes.Equal(read.raw, c.raw) {
			t.Errorf("read again: %s", read.raw)
		}
	})
	run("Create a client with minimal data using JSON", func(t *testing.T, p *program) {
		begun := time.Now()
		c := wholeAnswer(t, p.curl("POST", "/api/clients", pageJSON, jsonType), begun, wantJSON)
		if read := p.read(c.text("id")); !bytes.Equal(read.raw, c.raw) {
			t.Errorf("read again: %s", read.raw)
		}
		stripped := strings.ReplaceAll(pageJSON, "\n", "") // by -d in place of --data-binary, as curl takes line ends from a file
		wholeAnswer(t, p.curl("POST", "/api/clients", stripped, jsonType), begun, wantJSON)
	})
	run("200 ok", func(t *testing.T, p *program) {
		p.updated(p.made(pageJSON), `{"client":{"encodedKey":"$KEY"}}`) // both want it
		if got := p.curl("POST", pageQuery, ""); got.status != 200 {
			t.Errorf("the query form: %d", got.status)
		}
	})
	p.stop()
	deep(t, data)
}

// An exchange is a gateway for text messages that keeps the numbers it is given.
type exchange struct {
	mu      sync.Mutex
	numbers []string
}

func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.numbers = append(x.numbers, r.FormValue("To"))
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"sid":"SM1","status":"queued"}`)
}

// testPageNotifications has a post office and a gateway, and looks at what reaches them. Who is made last has a message when all others
// have theirs, because messages are made in the order of what they are about.
func testPageNotifications(t *testing.T) {
	office, gateway := newPostOffice(t), new(exchange)
	web := httptest.NewServer(gateway)
	defer web.Close()
	data := t.TempDir() + "/data"
	key := newKey(t, data, "mail", "live")
	p := serve(t, data, key, "--smtp", "smtp://"+office.addr+"?from=bank@post.example&starttls=off",
		"--sms", "twilio://AC1:token@"+strings.TrimPrefix(web.URL, "http://")+"/?from=%2B4366012345&insecure=1")
	p.made(`{"client":{"firstName":"Before","lastName":"Any","emailAddress":"untold@post.example","mobilePhone1":"+43 660 1000001"}}`) // no templates yet
	const text = `
  - id: text
    name: Text
    channel: SMS
    event: CLIENT_CREATED
    body: "Welcome"
`
	applied(t, data, "mail", "live", welcome+text)

	both := p.made(`{"client":{"firstName":"By","lastName":"Json","emailAddress":"json@post.example","mobilePhone1":"+43 660 1000002"}}`)
	if got := p.curl("POST", "/api/clients?firstName=By&lastName=Query&emailAddress=query%40post.example&mobilePhone1=%2B436601000003", ""); got.status != 200 {
		t.Fatalf("query form: %d %s", got.status, got.body)
	}
	p.made(`{"client":{"firstName":"Mail","lastName":"Alone","emailAddress":"mail@post.example"}}`)
	p.made(`{"client":{"firstName":"Mobile","lastName":"Alone","mobilePhone1":"+436601000004"}}`)
	p.made(`{"client":{"firstName":"Second","lastName":"Mobile","mobilePhone2":"+436601000005"}}`)
	p.made(`{"client":{"firstName":"No","lastName":"Address","homePhone":"+436601000006"}}`)
	p.updated(both, `{"client":{"encodedKey":"$KEY","emailAddress":"updated@post.example","mobilePhone1":"+436601000007"}}`)
	p.mambu(200, "PATCH", "/api/clients/"+both.text("id"), `{"client":{"emailAddress":"patched@post.example"}}`)
	p.curl("POST", "/api/clients", `{"client":{"firstName":"Refused","emailAddress":"refused@post.example","mobilePhone1":"+436601000008"}}`, jsonType)
	p.made(`{"client":{"firstName":"Last","lastName":"One","emailAddress":"last@post.example","mobilePhone1":"+436601000009"}}`)

	want := map[string]string{}
	for _, to := range []string{"json@post.example", "+43 660 1000002", "query@post.example", "+436601000003", "mail@post.example", "+436601000004", "+436601000005",
		"last@post.example", "+436601000009"} {
		want[to] = "SENT"
	}
	got := map[string]string{}
	for begun := time.Now(); !reflect.DeepEqual(got, want); time.Sleep(20 * time.Millisecond) {
		clear(got)
		all := p.messages()
		for _, m := range all {
			if got[m.Destination] = m.State; m.Destination == "json@post.example" && m.ClientKey != both.text("encodedKey") {
				t.Errorf("a message is about %s, want %s", m.ClientKey, both.text("encodedKey"))
			}
		}
		if len(all) != len(got) {
			t.Fatalf("%d messages to %d destinations", len(all), len(got))
		}
		if time.Since(begun) > patience {
			t.Fatalf("the messages are\n%v, want\n%v\n%s", got, want, p.printed())
		}
	}
	office.mu.Lock()
	for to, mails := range office.mails {
		if len(mails) != 1 || want[to] == "" {
			t.Errorf("%d mails came to %s", len(mails), to)
		}
	}
	if len(office.mails) != 4 {
		t.Errorf("mails came to %d addresses, want 4", len(office.mails))
	}
	office.mu.Unlock()
	gateway.mu.Lock()
	if len(gateway.numbers) != 5 {
		t.Errorf("text messages to %q, want 5", gateway.numbers)
	}
	gateway.mu.Unlock()

	// Without a template of the channel there is nothing, and nothing later when it comes back.
	reached := func(to string) {
		t.Helper()
		for begun := time.Now(); !slices.ContainsFunc(p.messages(), func(m logged) bool { return m.Destination == to && m.State == "SENT" }); time.Sleep(20 * time.Millisecond) {
			if time.Since(begun) > patience {
				t.Fatalf("nothing reaches %s", to)
			}
		}
	}
	applied(t, data, "mail", "live", "templates:"+text)
	p.made(`{"client":{"firstName":"No","lastName":"Template","emailAddress":"without@post.example"}}`)
	p.made(`{"client":{"firstName":"Next","lastName":"One","mobilePhone1":"+436601000010"}}`)
	reached("+436601000010")
	applied(t, data, "mail", "live", welcome)
	p.made(`{"client":{"firstName":"No","lastName":"Template","mobilePhone1":"+436601000011"}}`)
	p.made(`{"client":{"firstName":"Very","lastName":"Last","emailAddress":"verylast@post.example"}}`)
	reached("verylast@post.example")
	applied(t, data, "mail", "live", "templates: []\n")
	p.made(`{"client":{"firstName":"No","lastName":"Template","emailAddress":"none@post.example","mobilePhone1":"+436601000012"}}`)
	applied(t, data, "mail", "live", welcome)
	p.made(`{"client":{"firstName":"The","lastName":"End","emailAddress":"end@post.example"}}`)
	reached("end@post.example")
	if n := len(p.messages()); n != len(want)+3 {
		t.Errorf("%d messages, want %d", n, len(want)+3)
	}
	p.stop()
	deep(t, data)
}
