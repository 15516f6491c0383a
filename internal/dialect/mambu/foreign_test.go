package mambu_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"clientbook"
)

// TestForeignKey has a client that came from elsewhere with its key: the key stays its encodedKey, and finds it wherever one is asked for.
func TestForeignKey(t *testing.T) {
	d := newDouble(t)
	d.apply(t, "customFieldSets: [{id: links, name: Links, fields: [{id: sponsor, name: Sponsor, type: CLIENT_LINK}, {id: tax, name: Tax, type: STRING}]}]\n"+
		"templates: [{id: a, name: A, channel: EMAIL, event: CLIENT_ACTIVITY, subject: A, body: A}]\n")
	caller, err := d.books.Authenticate(t.Context(), d.test)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"8a8187366b2c8a3e016b2c8f0a0b0c0d", "d9df8bc78a0234ccc934a845d"} { // of 32 digits, and of 25 as in the vendor's example
		email := key + "@example.com"
		c, err := d.books.CreateClient(t.Context(), caller, &clientbook.ClientUpdate{Kind: new(clientbook.PersonKind), Email: &email, ForeignKey: &key,
			Person: &clientbook.PersonUpdate{FirstName: new("Ada"), LastName: new("Marsh")}})
		if err != nil {
			t.Fatal(err)
		}
		want := func(status int, method, path, body string, texts ...string) *httptest.ResponseRecorder {
			t.Helper()
			w := d.ask(t, method, path, body)
			if w.Code != status {
				t.Errorf("%s %s %s: %d %s, want %d", method, path, body, w.Code, w.Body, status)
			}
			for _, s := range texts {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("%s %s %s: %s, want %s in it", method, path, body, w.Body, s)
				}
			}
			return w
		}
		own := clientbook.KeyOf(caller.Book, c.ID)
		shown := `"encodedKey":"` + key + `"`
		for _, path := range []string{"/api/clients/" + key, "/api/clients/" + c.Number, "/api/clients?firstName=Ada", "/api/search?query=" + key + "&type=CLIENT"} {
			found := shown
			if strings.Contains(path, "search") {
				found = `"resultKey":"` + key + `"`
			}
			if w := want(200, "GET", path, "", found); strings.Contains(w.Body.String(), own) {
				t.Errorf("GET %s shows another key: %s", path, w.Body)
			}
		}
		want(200, "POST", "/api/clients/search", `{"filterConstraints":[{"filterSelection":"ENCODED_KEY","filterElement":"EQUALS","value":"`+key+`"}]}`, shown)
		want(200, "POST", "/api/clients/search", `{"filterConstraints":[{"filterSelection":"ENCODED_KEY","filterElement":"IN","values":["`+key+`"]}]}`, shown)
		for _, ref := range []string{key, c.Number} {
			want(200, "POST", "/api/clients/"+ref, `{"client":{"encodedKey":"`+key+`","middleName":"by `+ref+`"},"addresses":[{"line1":"Main Street 1"}],
"idDocuments":[{"documentType":"Passport","documentId":"P1"}],"customInformation":[{"customFieldID":"tax","value":"T"}]}`, shown, `"parentKey":"`+key+`"`, `"clientKey":"`+key+`"`, `"middleName":"by `+ref+`"`)
			want(200, "PATCH", "/api/clients/"+ref, `{"client":{"notes":"by `+ref+`"}}`)
			want(200, "POST", "/api/clients/"+ref+"/comments", `{"comment":{"text":"A"}}`, `"parentKey":"`+key+`"`)
			want(200, "GET", "/api/clients/"+ref+"/custominformation/tax", "", `"parentKey":"`+key+`"`)
		}
		want(400, "POST", "/api/clients/"+key, `{"client":{"encodedKey":"`+strings.ToUpper(key)+`","middleName":"C"}}`, `"returnCode":302`)

		var linker struct{ Client struct{ EncodedKey string } }
		w := want(200, "POST", "/api/clients", `{"client":{"firstName":"Bea","lastName":"Marsh"},"customInformation":[{"customFieldID":"sponsor","linkedEntityKeyValue":"`+key+`"}]}`, `"linkedEntityKeyValue":"`+key+`"`)
		if err := json.Unmarshal(w.Body.Bytes(), &linker); err != nil {
			t.Fatal(err)
		}
		want(400, "POST", "/api/clients/"+key, `{"client":{"encodedKey":"`+linker.Client.EncodedKey+`","middleName":"C"}}`, `"returnCode":25`)
		want(400, "DELETE", "/api/clients/"+key, "", `"returnCode":927`)
		want(200, "DELETE", "/api/clients/"+linker.Client.EncodedKey, "")
		want(200, "DELETE", "/api/clients/"+key, "")
		want(404, "GET", "/api/clients/"+key, "", `"returnCode":301`)
		want(404, "DELETE", "/api/clients/"+key, "", `"returnCode":301`)
		want(404, "GET", "/api/clients/"+c.Number, "", `"returnCode":301`)
	}
	if w := d.ask(t, "POST", "/api/clients", `{"client":{"encodedKey":"8a8187366b2c8a3e016b2c8f0a0b0c0e","firstName":"Ada","lastName":"Marsh"}}`); w.Code != 400 || !strings.Contains(w.Body.String(), `"returnCode":924`) {
		t.Errorf("a create that names a key: %d %s, want 924", w.Code, w.Body)
	}
}
