package main

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// mambuSettings has what the published clients read before they write: types, fields of every kind of use, branches, centres and users.
const mambuSettings = `
clientTypes:
  - {id: private, name: Private, default: true}
  - {id: trade, name: Trade}
  - {id: circle, name: Circle, kind: GROUP}
customFieldSets:
  - id: household
    name: Household
    fields:
      - {id: trade_name, name: Trade name, type: STRING}
      - {id: rooms, name: Rooms, type: NUMBER}
      - {id: owner, name: Owns the home, type: CHECKBOX}
      - {id: moved_in, name: Moved in, type: DATE}
      - {id: adviser, name: Adviser, type: USER_LINK}
      - {id: workshop, name: Workshop, type: STRING, clientTypes: [trade]}
  - id: pets
    name: Pets
    usage: GROUPED
    fields:
      - {id: pet_name, name: Pet, type: STRING}
      - {id: pet_age, name: Age of the pet, type: NUMBER}
branches:
  - {id: harbour, name: Harbour, address: {line1: Quay 3, city: Port}}
  - {id: hill, name: Hill}
centres:
  - {id: pier, name: Pier, branch: harbour}
users:
  - {id: first, username: ada, firstName: Ada, lastName: Adler, branch: harbour, creditOfficer: true}
  - {id: second, username: bo, firstName: Bo, lastName: Berg, branch: hill}
`

// A mambuClient sends requests as one published client library does.
type mambuClient struct {
	*program
	auth   http.Header // how it signs in, on every request
	always http.Header // what else it always sends
	writes string      // the Content-Type of its bodies; the "null" that the older Python client sends with reads has none
}

// send sends one request that must be answered with a status, and gives the JSON that came.
func (c *mambuClient) send(t *testing.T, status int, method, path, body string) any {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, "http://"+c.addr+"/api/"+path, content)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, c.auth)
	maps.Copy(r.Header, c.always)
	if body != "" && body != "null" {
		r.Header.Set("Content-Type", c.writes)
	}
	resp, err := c.web.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(got, &v); err != nil || resp.StatusCode != status {
		t.Fatalf("%s %s %.900s\ngot %d %.900s, %v\nwant %d", method, path, body, resp.StatusCode, got, err, status)
	}
	return v
}

// done sends a change that must be answered with the success body, without which the official client takes it for failed.
func (c *mambuClient) done(t *testing.T, method, path, body string) {
	t.Helper()
	got := c.send(t, 200, method, path, body)
	if mambuAt(got, "returnCode") != 0.0 || mambuAt(got, "returnStatus") != "SUCCESS" {
		t.Errorf("%s %s: got %v", method, path, got)
	}
}

// refused sends a request that must be refused. All clients read the reason from the body, and the Ruby one breaks without its name.
func (c *mambuClient) refused(t *testing.T, status int, code float64, name, method, path, body string) {
	t.Helper()
	got := c.send(t, status, method, path, body)
	if mambuAt(got, "returnCode") != code || mambuAt(got, "returnStatus") != name {
		t.Errorf("%s %s: got %v, want %v %s", method, path, got, code, name)
	}
}

// mambuAt follows names and positions into a JSON value; what is not there is nil.
func mambuAt(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

// mambuList gives the elements of an array, which must be one.
func mambuList(t *testing.T, v any) []any {
	t.Helper()
	list, ok := v.([]any)
	if !ok {
		t.Fatalf("not an array: %v", v)
	}
	return list
}

// mambuText gives the text at a path, which must be there.
func mambuText(t *testing.T, v any, path ...any) string {
	t.Helper()
	s, _ := mambuAt(v, path...).(string)
	if s == "" {
		t.Fatalf("nothing at %v of %v", path, v)
	}
	return s
}

// mambuJSON gives a value back as JSON.
func mambuJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// mambuValue gives the entry of a custom field in a full client, nil if it has none.
func mambuValue(full any, field string, group float64) any {
	list, _ := mambuAt(full, "customInformation").([]any)
	for _, v := range list {
		if mambuAt(v, "customFieldID") == field && mambuAt(v, "customFieldSetGroupIndex") == group {
			return v
		}
	}
	return nil
}

// TestMambuClients sends what the published clients of Mambu's API v1 send, in the forms in which they were seen to send it, and looks
// for what each of them cannot do without in the answers.
func TestMambuClients(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	key := newKey(t, data, "mambu", "test")
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte(mambuSettings), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "apply", "--data", data, "--book", "mambu", file)
	p := serve(t, data, key)
	basic := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+key))}}

	t.Run("Java", func(t *testing.T) {
		// It names no version and no type of answer, and its charset is in capitals.
		testMambuJava(t, &mambuClient{program: p, auth: basic, writes: "application/json; charset=UTF-8"})
	})
	t.Run("MambuPy", func(t *testing.T) {
		testMambuPy(t, &mambuClient{program: p, auth: basic, writes: "application/json", always: http.Header{"Accept": {"application/vnd.mambu.v1+json"}}})
	})
	t.Run("Python2016", func(t *testing.T) {
		testMambuPython2016(t, &mambuClient{program: p, auth: basic, writes: "application/json", always: http.Header{"Accept": {"*/*"}}})
	})
	t.Run("Ruby2015", func(t *testing.T) {
		// It says that its body is JSON on reads too, which have none.
		testMambuRuby(t, &mambuClient{program: p, auth: basic, writes: "application/json",
			always: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}})
	})
	p.stop()
	deep(t, data)
}

// javaExtras are the properties of the official client's models that nobody set.
const javaExtras = `"notificationTemplates":[],"groupKeys":[]`

func testMambuJava(t *testing.T, c *mambuClient) {
	ada := mambuText(t, c.send(t, 200, "GET", "users/ada?fullDetails=true", ""), "encodedKey")
	harbour := mambuText(t, c.send(t, 200, "GET", "branches/harbour?fullDetails=true", ""), "encodedKey")
	trade := mambuAt(c.send(t, 200, "GET", "clienttypes", ""), 1)

	full := c.send(t, 200, "POST", "clients", `{"client":{"state":"ACTIVE","id":"","creationDate":"2031-05-06T07:08:09+0000","firstName":"Ínez","middleName":" Mid ","lastName":"Ocean",
"homePhone":"778.271","mobilePhone1":"1-778","mobilePhone2":"2-778","emailAddress":"inez@example.com","birthDate":"1983-09-15T17:23:29+0000","loanCycle":0,"groupLoanCycle":0,
"assignedUserKey":"`+ada+`","assignedBranchKey":"`+harbour+`","clientRole":`+mambuJSON(t, trade)+`,"preferredLanguage":"ENGLISH"},
"addresses":[{"line1":"Row 1","city":"Port","indexInList":0,"toBeDeleted":false}],
"customInformation":[{"value":"Ocean & Sons","customFieldID":"trade_name"},{"linkedEntityKeyValue":"`+ada+`","customFieldID":"adviser"},
{"value":"Rex","customFieldID":"pet_name","customFieldSetGroupIndex":0},{"value":"10","indexInList":-1,"customFieldID":"rooms","toBeDeleted":false,"customFieldSetGroupIndex":-1,"skipUniqueValidation":false}],
"idDocuments":[{"documentType":"Licence","documentId":"L-1","validUntil":"2041-02-03T11:12:13+0530","indexInList":-1,"toBeDeleted":false}],`+javaExtras+`}`)
	client := "clients/" + mambuText(t, full, "client", "encodedKey")
	if len(mambuText(t, full, "client", "id")) < 4 {
		t.Error("the empty id was taken for a number")
	}
	for _, list := range []string{"customInformation", "idDocuments", "addresses", "groupKeys"} {
		mambuList(t, mambuAt(full, list))
	}
	for _, day := range [][]any{{"1983-09-15T00:00:00+0000", "client", "birthDate"}, {"2041-02-03T00:00:00+0000", "idDocuments", 0, "validUntil"}} {
		if got := mambuAt(full, day[1:]...); got != day[0] {
			t.Errorf("%v is %v, want %v", day[1:], got, day[0])
		}
	}
	if got := mambuValue(full, "adviser", -1); mambuAt(got, "linkedEntityKeyValue") != ada || mambuAt(got, "value") != nil {
		t.Errorf("a link is %v", got)
	}

	t.Run("update as read", func(t *testing.T) {
		read := c.send(t, 200, "GET", client+"?fullDetails=true", "").(map[string]any)
		read["client"].(map[string]any)["lastName"], read["notificationTemplates"] = "Strand", []any{}
		after := c.send(t, 200, "POST", client, mambuJSON(t, read))
		for _, list := range []string{"customInformation", "idDocuments", "addresses"} {
			was, is := mambuList(t, read[list]), mambuList(t, mambuAt(after, list))
			if len(was) != len(is) || !slices.EqualFunc(was, is, func(a, b any) bool { return mambuAt(a, "encodedKey") == mambuAt(b, "encodedKey") }) {
				t.Errorf("%s\nwas %v\nis  %v", list, was, is)
			}
		}
		if mambuAt(after, "client", "lastName") != "Strand" || mambuAt(after, "client", "birthDate") != "1983-09-15T00:00:00+0000" {
			t.Errorf("got %v", mambuAt(after, "client"))
		}
	})
	t.Run("dates of another zone", func(t *testing.T) {
		// It parses a date to an instant and writes the instant in the zone of its machine. West of Greenwich that is the evening before, so
		// that every update would move a birth date by a day.
		read := c.send(t, 200, "GET", client+"?fullDetails=true", "")
		sent := strings.NewReplacer("1983-09-15T00:00:00+0000", "1983-09-14T18:00:00-0600", "2041-02-03T00:00:00+0000", "2041-02-02T18:00:00-0600").Replace(mambuJSON(t, read))
		after := c.send(t, 200, "POST", client, sent)
		if b, v := mambuAt(after, "client", "birthDate"), mambuAt(after, "idDocuments", 0, "validUntil"); b != "1983-09-15T00:00:00+0000" || v != "2041-02-03T00:00:00+0000" {
			t.Errorf("birthDate is %v and validUntil %v", b, v)
		}
		c.done(t, "PATCH", client, `{"client":{"birthDate":"1983-09-15T05:30:00+0530"}}`)
		if b := mambuAt(c.send(t, 200, "GET", client, ""), "birthDate"); b != "1983-09-15T00:00:00+0000" {
			t.Errorf("birthDate is %v after a client from the east", b)
		}
	})
	t.Run("patch", func(t *testing.T) {
		c.done(t, "PATCH", client, `{"client":{"id":"J-1","firstName":"Ines","preferredLanguage":"ROMANIAN","clientRoleId":"`+mambuText(t, trade, "encodedKey")+`","state":"INACTIVE"}}`)
		c.done(t, "PATCH", "clients/J-1", `{"client":{"state":"BLACKLISTED"}}`)
		c.done(t, "PATCH", "clients/J-1", `{"client":{"state":"INACTIVE"}}`)
	})
	t.Run("custom fields", func(t *testing.T) {
		c.done(t, "PATCH", client+"/custominformation", `{"customInformation":[{"value":"Tom","customFieldID":"pet_name"},{"value":"3","customFieldID":"pet_age"}]}`)
		c.done(t, "PATCH", client+"/custominformation", `{"customInformation":[{"value":"20.0","customFieldID":"pet_age","customFieldSetGroupIndex":0}]}`)
		c.done(t, "PATCH", client+"/custominformation/pet_age/1", `{"value":"4"}`)
		c.done(t, "PATCH", client+"/custominformation/adviser", `{"linkedEntityKeyValue":"`+ada+`"}`)
		read := c.send(t, 200, "GET", client+"?fullDetails=true", "")
		for group, want := range []string{"20.0", "4"} {
			if got := mambuAt(mambuValue(read, "pet_age", float64(group)), "value"); got != want {
				t.Errorf("pet_age %d is %v, want %s", group, got, want)
			}
		}
		c.done(t, "DELETE", client+"/custominformation/rooms", "")
	})
	t.Run("one custom field", func(t *testing.T) { // a list, since a grouped field has several values
		if got := mambuList(t, c.send(t, 200, "GET", client+"/custominformation/trade_name", "")); len(got) != 1 || mambuAt(got, 0, "value") != "Ocean & Sons" {
			t.Errorf("got %v", got)
		}
		if got := mambuList(t, c.send(t, 200, "GET", client+"/custominformation/pet_age", "")); len(got) != 2 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("client types", func(t *testing.T) { // it spells the kinds as it spells paths, and needs one before each create
		for kind, want := range map[string]int{"clients": 2, "groups": 1, "CLIENTS": 2} {
			if got := mambuList(t, c.send(t, 200, "GET", "clienttypes?for="+kind, "")); len(got) != want {
				t.Errorf("%d types for %s, want %d", len(got), kind, want)
			}
		}
	})
	t.Run("fields of a client type", func(t *testing.T) {
		// A field is one of a client type, and required there, only where a link says so. The names are those of the client's annotations.
		types := map[string]string{}
		for _, role := range mambuList(t, c.send(t, 200, "GET", "clienttypes?for=CLIENTS", "")) {
			types[mambuText(t, role, "id")] = mambuText(t, role, "encodedKey")
		}
		for field, want := range map[string][]string{"rooms": {types["private"], types["trade"]}, "workshop": {types["trade"]}} {
			var got []string
			for _, link := range mambuList(t, mambuAt(c.send(t, 200, "GET", "customfields/"+field, ""), "customFieldProductSettings")) {
				got = append(got, mambuText(t, link, "productKey"))
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s is linked to %v, want %v", field, got, want)
			}
		}
	})
	t.Run("users", func(t *testing.T) { // it reads the id into a number and fails on a user without one
		ids := map[float64]bool{}
		for _, user := range mambuList(t, c.send(t, 200, "GET", "users?", "")) {
			id, ok := mambuAt(user, "id").(float64)
			if !ok || ids[id] {
				t.Errorf("the id of %v is %v", mambuAt(user, "username"), mambuAt(user, "id"))
			}
			ids[id] = true
		}
	})
	t.Run("search", func(t *testing.T) {
		for _, query := range []string{"query=m&limit=5", "query=i&limit=300&type=%5BCLIENT%2CGROUP%5D", "query=Map&limit=100&type=%5BUSER%2CBRANCH%2CCENTRE%5D"} {
			c.send(t, 200, "GET", "search?"+query, "")
		}
		got := c.send(t, 200, "POST", "clients/search?offset=0&limit=5&fullDetails=true",
			`{"filterConstraints":[{"filterSelection":"ID","filterElement":"EQUALS","value":"j-1","dataFieldType":"NATIVE"}]}`)
		if mambuAt(got, 0, "client", "firstName") != "Ines" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("search of every type", func(t *testing.T) { // as it writes all values of its enumeration
		types := "CLIENT,GROUP,LOAN_ACCOUNT,SAVINGS_ACCOUNT,USER,BRANCH,CENTRE,CREDIT_OFFICER,GL_ACCOUNT,LINE_OF_CREDIT,CUSTOM_FIELD_SELECTION,FILTER_CUSTOM_FIELD_SELECTION"
		got := c.send(t, 200, "GET", "search?query=ines&limit=100&type=%5B"+strings.ReplaceAll(types, ",", "%2C")+"%5D", "")
		if len(mambuList(t, mambuAt(got, "CLIENT"))) != 1 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("messages", func(t *testing.T) { // of an event that Mambu has and that never happens here
		got := c.send(t, 200, "POST", "notifications/messages/search?offset=0&limit=5", `{"filterConstraints":[{"filterSelection":"EVENT","filterElement":"EQUALS",
"value":"LOAN_CREATED","dataFieldType":"NATIVE"},{"filterSelection":"RECIPIENT_USER_KEY","filterElement":"EMPTY","dataFieldType":"NATIVE"}]}`)
		if len(mambuList(t, got)) != 0 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("resend", func(t *testing.T) { // its path is shorter than the documented one
		for _, path := range []string{"notifications", "notifications/messages"} {
			c.refused(t, 400, 2502, "INVALID_COMMUNICATION_MESSAGE_ENCODED_KEY", "POST", path, `{"action":"resend","identifiers":["00000000000000000000000000000000"]}`)
		}
	})
	t.Run("application key", func(t *testing.T) { // of the time before API keys: in the query of a read, at the front of a body
		c.send(t, 200, "GET", client+"?fullDetails=true&appkey=abc123", "")
		c.send(t, 200, "POST", "clients", `{"appkey":"abc123","client":{"state":"INACTIVE","id":"","firstName":"App","lastName":"Key","loanCycle":0},"addresses":[],"customInformation":[],"idDocuments":[],`+javaExtras+`}`)
	})
	t.Run("api key", func(t *testing.T) {
		other := *c
		other.auth = http.Header{"apikey": {c.key}}
		other.send(t, 200, "GET", "clients?state=INACTIVE&offset=0&limit=10", "")
		other.auth = http.Header{"apikey": {"no"}}
		other.refused(t, 401, 2, "INVALID_CREDENTIALS", "GET", "clients", "")
	})
	t.Run("the end", func(t *testing.T) {
		c.refused(t, 400, 4, "INVALID_PARAMETERS", "POST", "clients", `{"client":{"state":"INACTIVE","id":"","firstName":"a"},"addresses":[],`+javaExtras+`}`)
		c.send(t, 200, "POST", client+"/comments", `{"comment":{"text":"Möwe"}}`)
		c.done(t, "DELETE", client, "")
		c.refused(t, 404, 301, "INVALID_CLIENT_ID", "DELETE", client, "")
	})
}

func testMambuPy(t *testing.T, c *mambuClient) {
	full := c.send(t, 200, "POST", "clients", `{"client": {"firstName": "  Eva  Li", "middleName": "", "lastName": "de la Mar", "homePhone": "", "birthDate": "1985-02-28", "gender": null},
"customInformation": [{"customFieldID": "rooms", "value": 3.5}, {"customFieldID": "owner", "value": "FALSE"}], "addresses": [{"line1": "Calle 1", "indexInList": 0}],
"idDocuments": [{"documentType": "CURP", "documentId": "C1", "issuingAuthority": null, "indexInList": 0}]}`)
	id := mambuText(t, full, "client", "id")

	t.Run("update in three", func(t *testing.T) {
		c.done(t, "PATCH", "clients/"+id, `{"client": {"firstName": "Eve", "homePhone": ""}}`)
		c.done(t, "PATCH", "clients/"+id+"/custominformation", `{"client": {}, "customInformation": [{"customFieldID": "trade_name", "value": "Sea"}]}`)
		c.send(t, 200, "POST", "clients/"+id, `{"addresses": [{"line1": "Calle 2"}], "idDocuments": [{"documentType": "INE", "documentId": "7"}, {"documentType": "CURP", "documentId": "C1"}]}`)
		read := c.send(t, 200, "GET", "clients/"+id+"?fullDetails=true&limit=50&offset=0", "")
		if mambuAt(read, "client", "firstName") != "Eve" || mambuAt(read, "client", "lastName") != "de la Mar" || mambuAt(read, "addresses", 0, "line1") != "Calle 2" || len(mambuList(t, mambuAt(read, "idDocuments"))) != 2 {
			t.Errorf("got %v", read)
		}
		for field, want := range map[string]string{"rooms": "3.5", "owner": "FALSE", "trade_name": "Sea"} {
			v := mambuValue(read, field, -1)
			if mambuAt(v, "value") != want {
				t.Errorf("%s is %v, want %s", field, mambuAt(v, "value"), want)
			}
			// It names the values after the definition that hangs on each, and drops those whose definition is off.
			if mambuAt(v, "customField", "state") != "NORMAL" || mambuAt(v, "customField", "id") != field || mambuText(t, v, "customField", "name") == "" {
				t.Errorf("the definition of %s is %v", field, mambuAt(v, "customField"))
			}
		}
	})
	t.Run("pages", func(t *testing.T) {
		for range 4 {
			c.send(t, 200, "POST", "clients", `{"client": {"firstName": "P", "lastName": "Pager"}}`)
		}
		keys, offset := map[string]bool{}, 0
		for {
			page := mambuList(t, c.send(t, 200, "GET", "clients?fullDetails=false&limit=2&offset="+strconv.Itoa(offset), ""))
			for _, client := range page {
				keys[mambuText(t, client, "encodedKey")] = true
				mambuText(t, client, "lastName") // it cannot build a client without
				if _, err := time.Parse("2006-01-02T15:04:05+0000", mambuText(t, client, "creationDate")); err != nil {
					t.Error(err)
				}
			}
			if offset += len(page); len(page) < 2 {
				break
			}
		}
		if offset < 5 || len(keys) != offset {
			t.Errorf("%d clients in all pages, %d different ones", offset, len(keys))
		}
		if one := mambuList(t, c.send(t, 200, "GET", "clients?birthdate=1985-02-28&idDocument=C1&limit=50&offset=0", "")); len(one) != 1 {
			t.Errorf("the filters found %d clients", len(one))
		}
	})
	t.Run("related records", func(t *testing.T) {
		for _, path := range []string{"branches", "centres", "users"} {
			list := mambuList(t, c.send(t, 200, "GET", path+"?limit=50&offset=0", ""))
			for _, record := range list {
				again := c.send(t, 200, "GET", path+"/"+mambuText(t, record, "encodedKey")+"?fullDetails=true&limit=50&offset=0", "")
				if mambuAt(again, "encodedKey") != mambuAt(record, "encodedKey") {
					t.Errorf("%s: got %v", path, again)
				}
			}
		}
		if got := mambuList(t, c.send(t, 200, "GET", "users?branchId=harbour&limit=50&offset=0", "")); len(got) != 1 || mambuAt(got, 0, "userState") != "ACTIVE" {
			t.Errorf("users of a branch: %v", got)
		}
	})
	t.Run("user by id", func(t *testing.T) { // how it reads again one that came in a list
		for _, user := range mambuList(t, c.send(t, 200, "GET", "users?limit=50&offset=0", "")) {
			again := c.send(t, 200, "GET", "users/"+strings.Trim(mambuJSON(t, mambuAt(user, "id")), `"`)+"?limit=50&offset=0", "")
			if mambuAt(again, "username") != mambuAt(user, "username") {
				t.Errorf("%v read again is %v", user, again)
			}
		}
	})
	t.Run("refusals", func(t *testing.T) {
		c.refused(t, 404, 301, "INVALID_CLIENT_ID", "GET", "clients/nobody?limit=50&offset=0", "")
		c.refused(t, 404, 800, "INVALID_BRANCH_ID", "GET", "branches/nowhere?limit=50&offset=0", "")
		c.refused(t, 404, 851, "INVALID_CENTRE_ID", "GET", "centres/nowhere?limit=50&offset=0", "")
		c.refused(t, 404, 701, "INVALID_USER_ID", "GET", "users/jos%C3%A9?limit=50&offset=0", "")
		c.refused(t, 400, 12, "OUT_OF_BOUNDS_PAGINATION_OFFSET_VALUE", "GET", "clients?limit=50&offset=-1", "")
		c.refused(t, 400, 903, "INVALID_CUSTOM_FIELD_ID", "PATCH", "clients/"+id+"/custominformation", `{"client": {}, "customInformation": [{"customFieldID": "nope", "value": "x"}]}`)
	})
}

func testMambuPython2016(t *testing.T, c *mambuClient) {
	full := c.send(t, 200, "POST", "clients", `{"client": {"firstName": "Py", "middleName": null, "lastName": "Old", "birthDate": "1980-02-03"}, "idDocuments": null, "addresses": null, "customInformation": null}`)
	id, key := mambuText(t, full, "client", "id"), mambuText(t, full, "client", "encodedKey")
	c.send(t, 200, "GET", "clients/"+id, "null")

	t.Run("nulls", func(t *testing.T) {
		c.send(t, 200, "POST", "clients/"+id, `{"addresses": [{"line1": "Mews 1", "line2": null, "city": "Port"}]}`)
		after := c.send(t, 200, "POST", "clients/"+id, `{"client": {"encodedKey": "`+key+`", "firstName": "Pia"}, "idDocuments": null, "addresses": null, "customInformation": null}`)
		if mambuAt(after, "client", "firstName") != "Pia" || mambuAt(after, "client", "lastName") != "Old" || mambuAt(after, "addresses", 0, "line1") != "Mews 1" {
			t.Errorf("got %v", after)
		}
	})
	t.Run("custom fields", func(t *testing.T) {
		path := "clients/" + id + "/custominformation/"
		c.done(t, "PATCH", path+"rooms", `{"value": 12}`)
		c.done(t, "PATCH", path+"pet_name/-1", `{"value": "Kim"}`)
		c.done(t, "PATCH", path+"pet_age/0", `{"value": "4"}`)
		c.done(t, "PATCH", path+"pet_name/-1", `{"value": "Lee"}`)
		c.done(t, "DELETE", path+"pet_age/0", "null")
		read := c.send(t, 200, "GET", "clients/"+id+"?fullDetails=true", "null")
		if mambuAt(mambuValue(read, "rooms", -1), "value") != "12" || mambuAt(mambuValue(read, "pet_name", 1), "value") != "Lee" || mambuValue(read, "pet_age", 0) != nil {
			t.Errorf("got %v", mambuAt(read, "customInformation"))
		}
	})
	t.Run("a Python truth", func(t *testing.T) { // it puts the language's own True into the query
		if got := c.send(t, 200, "GET", "clients/"+id+"?fullDetails=True", "null"); mambuAt(got, "client", "id") != id {
			t.Errorf("got %v", got)
		}
		if got := c.send(t, 200, "GET", "clients?firstName=Pia&fullDetails=False", "null"); mambuAt(got, 0, "id") != id {
			t.Errorf("got %v", got)
		}
	})
}

func testMambuRuby(t *testing.T, c *mambuClient) {
	full := c.send(t, 200, "POST", "clients", `{"client":{"firstName":"Ru","lastName":"By","mobilePhone1":"0049123"},"customInformation":[{"customFieldID":"rooms","value":12.5},{"customFieldID":"owner","value":"true"}]}`)
	if mambuAt(mambuValue(full, "rooms", -1), "value") != "12.5" || mambuAt(mambuValue(full, "owner", -1), "value") != "TRUE" || mambuAt(full, "client", "mobilePhone1") != "0049123" {
		t.Errorf("got %v", full)
	}
	if got := c.send(t, 200, "GET", "clients/"+mambuText(t, full, "client", "id"), ""); mambuAt(got, "firstName") != "Ru" {
		t.Errorf("got %v", got)
	}
	mambuList(t, c.send(t, 200, "GET", "clients", ""))
	c.refused(t, 400, 903, "INVALID_CUSTOM_FIELD_ID", "POST", "clients", `{"client":{"firstName":"Ru","lastName":"By"},"customInformation":[{"customFieldID":"nope","value":"x"}]}`)
	c.refused(t, 404, 301, "INVALID_CLIENT_ID", "GET", "clients/nobody", "")
	c.refused(t, 404, 3, "INVALID_API_OPERATION", "GET", "loanproducts", "")
}
