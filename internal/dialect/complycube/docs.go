package complycube

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"clientbook/internal/httpx"
)

// The description of what is served. The JSON is made of the YAML by `go test -update`, in the same order, so that the page needs no
// YAML reader; a test holds them together.
var (
	//go:embed openapi.yaml
	openapiYAML []byte
	//go:embed openapi.json
	openapiJSON []byte
	//go:embed docs.html
	pageSource string
	//go:embed docs.css
	pageStyle string
)

const yamlPath = "/docs/complycube/openapi.yaml"

// Docs serves /docs, a page that shows the description, and the description itself below it. It needs no caller.
func Docs() http.Handler {
	t := httpx.NewTable(Fail)
	page := static("text/html; charset=utf-8", renderPage())
	yaml := static("application/yaml; charset=utf-8", openapiYAML)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		t.Handle(method+" /docs", page)
		t.Handle(method+" "+yamlPath, yaml)
	}
	return t
}

// static answers with body, which loads nothing from elsewhere.
func static(contentType string, body []byte) http.Handler {
	sum := sha256.Sum256([]byte(pageStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(body) // the reader has gone
	})
}

// renderPage panics only if what is embedded is broken, which a test rules out.
func renderPage() []byte {
	var doc node
	if err := json.Unmarshal(openapiJSON, &doc); err != nil {
		panic("complycube: openapi.json: " + err.Error())
	}
	var b bytes.Buffer
	page := template.Must(template.New("docs").Parse(pageSource))
	err := page.Execute(&b, map[string]any{"Doc": doc, "Style": template.CSS(pageStyle), "YAML": yamlPath})
	if err != nil {
		panic("complycube: docs.html: " + err.Error())
	}
	return b.Bytes()
}

// A node is a piece of JSON with its order kept, and the name that it has in its object.
type node struct {
	Name  string
	Text  string // of a scalar
	Items []node // of an object or an array
}

// UnmarshalJSONFrom takes any value.
func (n *node) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	t, err := d.ReadToken()
	if err != nil {
		return err
	}
	open := t.Kind()
	if open != jsontext.KindBeginObject && open != jsontext.KindBeginArray {
		n.Text = t.String()
		return nil
	}
	for {
		switch d.PeekKind() {
		case jsontext.KindEndObject, jsontext.KindEndArray:
			_, err := d.ReadToken()
			return err
		}
		var item node
		if open == jsontext.KindBeginObject {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			item.Name = name.String()
		}
		if err := item.UnmarshalJSONFrom(d); err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
}

// Get gives the node at the end of a path of names, an empty one if there is none.
func (n node) Get(path ...string) node {
	for _, name := range path {
		var next node
		for _, item := range n.Items {
			if item.Name == name {
				next = item
			}
		}
		n = next
	}
	return n
}

// Has says whether one of the items is the text s.
func (n node) Has(s string) bool {
	for _, item := range n.Items {
		if item.Text == s {
			return true
		}
	}
	return false
}

// Join gives the items' texts, separated by commas.
func (n node) Join() string {
	texts := make([]string, len(n.Items))
	for i, item := range n.Items {
		texts[i] = item.Text
		if item.Text == "" {
			texts[i] = `""`
		}
	}
	return strings.Join(texts, ", ")
}

// Target gives the last part of a reference, "" if n holds none.
func (n node) Target() string {
	ref := n.Get("$ref").Text
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

// Operations gives the methods of a path.
func (n node) Operations() []node {
	var ops []node
	for _, item := range n.Items {
		if item.Get("operationId").Text != "" {
			ops = append(ops, item)
		}
	}
	return ops
}

// Method gives the name in capitals.
func (n node) Method() string { return strings.ToUpper(n.Name) }
