package complycube_test

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

	"clientbook/internal/dialect/complycube"
	"clientbook/internal/openapi"
)

// description gives what openapi.yaml says.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(loader.Context)
})

// checkAnswer holds an answer against the description. One to a path or method that is not described must be of the form Error.
func checkAnswer(t testing.TB, what string, r *http.Request, resp *http.Response) {
	t.Helper()
	doc, err := description()
	if err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(body) == 0 {
		if resp.StatusCode != http.StatusNoContent {
			t.Errorf("%s: status %d without a body", what, resp.StatusCode)
		}
	} else if got, want := resp.Header.Get("Content-Type"), "application/json; charset=utf-8"; got != want {
		t.Errorf("%s: Content-Type %q, want %q", what, got, want)
	} else if compact := jsontext.Value(bytes.Clone(body)); compact.Compact() != nil || !bytes.Equal(compact, body) {
		t.Errorf("%s: not compact JSON: %s", what, body)
	}
	if got, want := resp.Header.Get("Content-Length"), strconv.Itoa(len(body)); len(body) > 0 && got != want {
		t.Errorf("%s: Content-Length %q, want %q", what, got, want)
	}
	path := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1"), "/")
	params := map[string]string{}
	if id, ok := strings.CutPrefix(path, "/clients/"); ok && !strings.Contains(id, "/") {
		path, params["id"] = "/clients/{id}", id
	}
	item := doc.Paths.Value(path)
	if item == nil || item.GetOperation(r.Method) == nil {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if err := doc.Components.Schemas["Error"].Value.VisitJSON(v); err != nil || resp.StatusCode < 400 {
			t.Errorf("%s: status %d, %v", what, resp.StatusCode, err)
		}
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params,
		Route: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)},
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	if len(body) > 0 {
		out.SetBodyBytes(body)
	}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s: the answer is not as openapi.yaml says: %v\n%s", what, err, body)
	}
}

// TestDescriptionRefuses makes sure that checkAnswer would find what must not be in an answer.
func TestDescriptionRefuses(t *testing.T) {
	doc, err := description()
	if err != nil {
		t.Fatal(err)
	}
	const rest = `"id":"5eb04fcd0f3e360008035eb1","entityName":"A","createdAt":"2020-01-04T17:24:29.146Z","updatedAt":"2020-01-04T17:24:29.146Z"`
	for _, x := range []struct {
		body string
		ok   bool
	}{
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"}}`, true},
		{`{` + rest + `,"type":"company","companyDetails":{"name":"A"}}`, true},
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"},"companyDetails":null}`, false},
		{`{` + rest + `,"type":"person","companyDetails":{"name":"A"}}`, false},
		{`{` + rest + `,"type":"person"}`, false},
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"},"email":null}`, false},
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"},"mobile":""}`, false},
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"},"metadata":{}}`, false},
		{`{` + rest + `,"type":"person","personDetails":{"firstName":"A","lastName":"B"},"number":"1"}`, false},
	} {
		var v any
		if err := json.Unmarshal([]byte(x.body), &v); err != nil {
			t.Fatal(err)
		}
		if err := doc.Components.Schemas["Client"].Value.VisitJSON(v); (err == nil) != x.ok {
			t.Errorf("%s: %v, want ok %t", x.body, err, x.ok)
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

func TestDocs(t *testing.T) {
	doc, err := description()
	if err != nil {
		t.Fatal(err)
	}
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		openapi.Docs(complycube.Fail, complycube.Description()).ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	page := get("GET", "/docs").Body.String()
	var want []string
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			want = append(want, method+"</span> <code>/v1"+path, `id="`+op.OperationID+`"`, op.Summary)
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
	for _, s := range append(want, `href="/docs/complycube/openapi.yaml"`, "male, female, other") {
		if !strings.Contains(page, s) {
			t.Errorf("the page lacks %q", s)
		}
	}
	for _, s := range []string{"<script", "http-equiv", "src=", "ZgotmplZ", "<no value>", "$ref"} {
		if strings.Contains(page, s) {
			t.Errorf("the page holds %q", s)
		}
	}
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if w := get("GET", "/docs/complycube/openapi.yaml"); !bytes.Equal(w.Body.Bytes(), source) || w.Header().Get("Content-Type") != "application/yaml; charset=utf-8" {
		t.Errorf("the description is served as %q, %d bytes", w.Header().Get("Content-Type"), w.Body.Len())
	}
	for _, x := range []struct {
		method, path string
		status       int
	}{{"GET", "/docs/", 200}, {"HEAD", "/docs", 200}, {"POST", "/docs", 405}, {"GET", "/docs/other", 404}} {
		if w := get(x.method, x.path); w.Code != x.status {
			t.Errorf("%s %s: %d, want %d", x.method, x.path, w.Code, x.status)
		}
	}
}
