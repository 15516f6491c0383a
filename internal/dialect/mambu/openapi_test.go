package mambu_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	yaml "github.com/oasdiff/yaml3"

	"clientbook/internal/dialect/mambu"
	"clientbook/internal/openapi"
)

// described gives what openapi.yaml says.
var described = sync.OnceValues(func() (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(loader.Context)
})

// pathOf gives the path of the description that a request's path is, with its parameters; "" if there is none. A segment that is named
// goes before one that is a parameter.
func pathOf(doc *openapi3.T, path string) (best string, params map[string]string) {
	segments := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/api"), "/"), "/")
	for _, candidate := range doc.Paths.InMatchingOrder() {
		pieces := strings.Split(candidate, "/")
		found := map[string]string{}
		ok := len(pieces) == len(segments)
		for i := 0; ok && i < len(pieces); i++ {
			if name, is := strings.CutPrefix(pieces[i], "{"); is {
				found[strings.TrimSuffix(name, "}")] = segments[i]
			} else {
				ok = pieces[i] == segments[i]
			}
		}
		if ok && (best == "" || len(found) < len(params)) {
			best, params = candidate, found
		}
	}
	return best, params
}

// checkAnswer holds an answer against the description. One to a path or method that is not described must be of the form Result, one to
// a request for version 2 of that version's.
func checkAnswer(t testing.TB, what string, r *http.Request, resp *http.Response) {
	t.Helper()
	doc, err := described()
	if err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if compact := jsontext.Value(bytes.Clone(body)); compact.Compact() != nil || !bytes.Equal(compact, body) {
		t.Errorf("%s: not compact JSON: %s", what, body)
	}
	if got, want := resp.Header.Get("Content-Length"), strconv.Itoa(len(body)); got != want {
		t.Errorf("%s: Content-Length %q, want %q", what, got, want)
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/vnd.mambu.v2+json") {
		if resp.StatusCode != 400 || !bytes.HasPrefix(body, []byte(`{"errors":[`)) {
			t.Errorf("%s: version 2 answered %d %s", what, resp.StatusCode, body)
		}
		return
	}
	if got, want := resp.Header.Get("Content-Type"), "application/json; charset=utf-8"; got != want {
		t.Errorf("%s: Content-Type %q, want %q", what, got, want)
	}
	path, params := pathOf(doc, r.URL.Path)
	if path == "" || doc.Paths.Value(path).GetOperation(r.Method) == nil {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if err := doc.Components.Schemas["Result"].Value.VisitJSON(v); err != nil || resp.StatusCode < 400 {
			t.Errorf("%s: status %d, %v", what, resp.StatusCode, err)
		}
		return
	}
	item := doc.Paths.Value(path)
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params,
		Route: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)},
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	out.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s: the answer is not as openapi.yaml says: %v\n%s", what, err, body)
	}
}

// TestDescriptionRefuses makes sure that checkAnswer would find what must not be in an answer.
func TestDescriptionRefuses(t *testing.T) {
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	const client = `"encodedKey":"1","state":"INACTIVE","id":"1","creationDate":"2020-01-04T17:24:29+0000","lastModifiedDate":"2020-01-04T17:24:29+0000",` +
		`"firstName":"A","lastName":"B","loanCycle":0,"groupLoanCycle":0,"preferredLanguage":"ENGLISH","clientRole":{"encodedKey":"2"}`
	for _, x := range []struct {
		schema, body string
		ok           bool
	}{
		{"Client", `{` + client + `}`, true},
		{"Client", `{` + client + `,"birthDate":"1985-02-28T00:00:00+0000"}`, true},
		{"Client", `{` + client + `,"birthDate":"1985-02-28"}`, false},
		{"Client", `{` + client + `,"approvedDate":"2020-01-04T17:24:29Z"}`, false},
		{"Client", `{` + client + `,"middleName":null}`, false},
		{"Client", `{` + client + `,"middleName":""}`, false},
		{"Client", `{` + client + `,"gender":"male"}`, false},
		{"Client", `{` + client + `,"metadata":{}}`, false},
		{"FullClient", `{"client":{` + client + `},"customInformation":[],"idDocuments":[],"addresses":[],"groupKeys":[]}`, true},
		{"FullClient", `{"client":{` + client + `},"customInformation":[],"idDocuments":[],"addresses":[]}`, false},
		{"FieldOption", `{"encodedKey":"1","value":"a","score":"10.5"}`, true},
		{"FieldOption", `{"encodedKey":"1","value":"a","score":"10.50"}`, false},
		{"FieldOption", `{"encodedKey":"1","value":"a","score":10.5}`, false},
		{"SearchResults", `{"CLIENT":[{"selectionType":"CLIENT","displayString":"A B","resultID":"1","resultKey":"2"}],"GROUP":[]}`, true},
		{"SearchResults", `{"CLIENT":[{"displayString":"A B","resultID":"1","resultKey":"2"}]}`, false},
		{"SearchResults", `{}`, false},
		{"Success", `{"returnCode":0,"returnStatus":"SUCCESS"}`, true},
		{"Result", `{"returnCode":0,"returnStatus":"SUCCESS"}`, false},
		{"Result", `{"returnCode":903,"returnStatus":"INVALID_CUSTOM_FIELD_ID","errorSource":"shoe_size"}`, true},
		{"Result", `{"returnCode":903,"returnStatus":"INVALID_CUSTOM_FIELD_ID","errorSource":""}`, false},
		{"Result", `{"returnCode":903,"returnStatus":""}`, false},
	} {
		var v any
		if err := json.Unmarshal([]byte(x.body), &v); err != nil {
			t.Fatal(err)
		}
		if err := doc.Components.Schemas[x.schema].Value.VisitJSON(v); (err == nil) != x.ok {
			t.Errorf("%s %s: %v, want ok %t", x.schema, x.body, err, x.ok)
		}
	}
}

// TestPathOf finds the paths of requests.
func TestPathOf(t *testing.T) {
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ path, want string }{
		{"/api/clients", "/clients"},
		{"/api/clients/", "/clients"},
		{"/api/clients/search", "/clients/search"},
		{"/api/clients/1", "/clients/{id}"},
		{"/api/clients/1/custominformation/a/0", "/clients/{id}/custominformation/{field}/{group}"},
		{"/api/clients/1/comments", "/clients/{id}/comments"},
		{"/api/pets", ""},
	} {
		if got, _ := pathOf(doc, x.path); got != x.want {
			t.Errorf("%s: %q, want %q", x.path, got, x.want)
		}
	}
}

// TestDescriptionJSON holds openapi.json, of which the page is made, to openapi.yaml.
func TestDescriptionJSON(t *testing.T) {
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	want := jsontext.Value(appendYAML(t, nil, doc.Content[0]))
	if err := want.Indent(jsontext.WithIndent(" ")); err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.json is not openapi.yaml; run go test -update")
	}
}

// appendYAML appends a node as JSON, in its order.
func appendYAML(t *testing.T, b []byte, n *yaml.Node) []byte {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		b = append(b, '{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b = append(b, ',')
			}
			b, _ = jsontext.AppendQuote(b, n.Content[i].Value)
			b = appendYAML(t, append(b, ':'), n.Content[i+1])
		}
		return append(b, '}')
	case yaml.SequenceNode:
		b = append(b, '[')
		for i, item := range n.Content {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendYAML(t, b, item)
		}
		return append(b, ']')
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!int", "!!bool", "!!null":
			return append(b, n.Value...)
		}
		b, _ = jsontext.AppendQuote(b, n.Value)
		return b
	}
	t.Fatalf("openapi.yaml line %d: an anchor or alias", n.Line)
	return nil
}

// TestDocs makes sure that the page shows everything that is described.
func TestDocs(t *testing.T) {
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	openapi.Docs(mambu.Fail, mambu.Description()).ServeHTTP(w, httptest.NewRequest("GET", "/docs/mambu", nil))
	page := w.Body.String()
	want := []string{`href="/docs/mambu/openapi.yaml"`, "<code>Authorization: basic</code> (header)"}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			want = append(want, method+"</span> <code>/api"+path, `id="`+op.OperationID+`"`)
			for _, p := range op.Parameters {
				want = append(want, "<code>"+p.Value.Name+"</code>")
			}
		}
	}
	for name, schema := range doc.Components.Schemas {
		want = append(want, `id="`+name+`"`)
		for attribute := range schema.Value.Properties {
			want = append(want, "<code>"+attribute+"</code>")
		}
	}
	for _, s := range want {
		if !strings.Contains(page, s) {
			t.Errorf("the page lacks %q", s)
		}
	}
	for _, s := range []string{"<script", "ZgotmplZ", "<no value>", "$ref"} {
		if strings.Contains(page, s) {
			t.Errorf("the page holds %q", s)
		}
	}
}
