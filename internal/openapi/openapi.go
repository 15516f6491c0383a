// Package openapi serves what the dialects say of themselves: a page for people, and the OpenAPI description that it shows.
package openapi

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

// A Description is that of one dialect. The JSON is made of the YAML by `go test -update`, in the same order, so that pages need no YAML
// reader; a test of each dialect holds the two together.
type Description struct {
	Name  string // of the dialect, as paths have it: "complycube"
	Title string // of the dialect, for people
	YAML  []byte
	JSON  []byte
}

var (
	//go:embed page.html
	pageSource string
	//go:embed index.html
	indexSource string
	//go:embed page.css
	pageStyle string
)

func (d *Description) pagePath() string { return "/docs/" + d.Name }
func (d *Description) yamlPath() string { return "/docs/" + d.Name + "/openapi.yaml" }

// Docs serves /docs, and below it a page for each description and the description itself. /docs lists them; where there is but one, it is
// that one's page. It needs no caller. It panics if a description is broken, which a test of its dialect rules out.
func Docs(fail httpx.Fail, all ...*Description) http.Handler {
	t := httpx.NewTable(fail)
	get := func(path string, h http.Handler) {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			t.Handle(method+" "+path, h)
		}
	}
	for _, d := range all {
		page := static("text/html; charset=utf-8", renderPage(d))
		get(d.pagePath(), page)
		get(d.yamlPath(), static("application/yaml; charset=utf-8", d.YAML))
		if len(all) == 1 {
			get("/docs", page)
		}
	}
	if len(all) != 1 {
		get("/docs", static("text/html; charset=utf-8", renderIndex(all)))
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

func renderPage(d *Description) []byte {
	return render(pageSource, map[string]any{"Title": d.Title, "Doc": d.parse(), "YAML": d.yamlPath()})
}

// An entry is a description as the list of them shows it.
type entry struct {
	Title, Path, YAML, Text string
}

func renderIndex(all []*Description) []byte {
	entries := make([]entry, len(all))
	for i, d := range all {
		doc := d.parse()
		entries[i] = entry{d.Title + ": " + doc.Get("info", "title").Text, d.pagePath(), d.yamlPath(), doc.Get("info", "description").Text}
	}
	return render(indexSource, map[string]any{"Entries": entries})
}

func render(source string, data map[string]any) []byte {
	data["Style"] = template.CSS(pageStyle)
	var b bytes.Buffer
	if err := template.Must(template.New("page").Parse(source)).Execute(&b, data); err != nil {
		panic("openapi: " + err.Error())
	}
	return b.Bytes()
}

func (d *Description) parse() node {
	var doc node
	if err := json.Unmarshal(d.JSON, &doc); err != nil {
		panic("openapi: " + d.Name + ": openapi.json: " + err.Error())
	}
	return doc
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
