package openapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/openapi"
)

func description(name string) *openapi.Description {
	return &openapi.Description{Name: name, Title: "The " + name, YAML: []byte("openapi: " + name + "\n"), JSON: []byte(`{
		"info": {"title": "Things", "description": "What <` + name + `> has."},
		"servers": [{"url": "/` + name + `"}],
		"components": {
			"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}, "key": {"type": "apiKey", "in": "header", "name": "apikey"}},
			"responses": {"Thing": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
			"schemas": {"Thing": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "enum": ["x", ""]}}}}
		},
		"paths": {"/things": {"get": {"operationId": "list", "summary": "List", "responses": {"200": {"$ref": "#/components/responses/Thing"}}}}}
	}`)}
}

// TestDocs asks a handler for each path.
func TestDocs(t *testing.T) {
	fail := func(w http.ResponseWriter, _ *http.Request, err error) {
		w.WriteHeader(map[clientbook.Kind]int{clientbook.KindNotFound: 404, clientbook.KindMethod: 405}[clientbook.KindOf(err)])
	}
	one := openapi.Docs(fail, description("one"))
	two := openapi.Docs(fail, description("one"), description("two"))
	for _, x := range []struct {
		docs         http.Handler
		method, path string
		status       int
		holds        string
	}{
		{one, "GET", "/docs", 200, "<h1>The one: Things</h1>"},
		{one, "GET", "/docs/one", 200, `<span class="method">GET</span> <code>/one/things`},
		{one, "GET", "/docs/one", 200, "<code>Authorization: basic</code> (header)"},
		{one, "GET", "/docs/one", 200, "<code>apikey</code> (header)"},
		{one, "GET", "/docs/one", 200, `string: x, &#34;&#34;`},
		{one, "GET", "/docs/one", 200, "What &lt;one&gt; has."},
		{one, "GET", "/docs/one/openapi.yaml", 200, "openapi: one\n"},
		{one, "GET", "/docs/two", 404, ""},
		{two, "GET", "/docs", 200, `<a href="/docs/one">The one: Things</a>`},
		{two, "GET", "/docs", 200, `<a href="/docs/two">The two: Things</a>`},
		{two, "GET", "/docs", 200, `<a href="/docs/two/openapi.yaml">`},
		{two, "GET", "/docs/two", 200, "<h1>The two: Things</h1>"},
		{two, "HEAD", "/docs/two/", 200, ""},
		{two, "POST", "/docs", 405, ""},
	} {
		w := httptest.NewRecorder()
		x.docs.ServeHTTP(w, httptest.NewRequest(x.method, x.path, nil))
		if body := w.Body.String(); w.Code != x.status || !strings.Contains(body, x.holds) || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s %s: %d, want %d and %q in\n%s", x.method, x.path, w.Code, x.status, x.holds, body)
		}
	}
}
