package httpx

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"clientbook"
)

// testTable answers with the pattern and the values of id and sub; errors as kind, reason and detail.
func testTable() *Table {
	t := NewTable(func(w http.ResponseWriter, _ *http.Request, err error) {
		fmt.Fprint(w, err)
	})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s|%s|%s", r.Pattern, r.PathValue("id"), r.PathValue("sub"))
	})
	for _, pattern := range []string{
		"POST /v1/clients", "GET /v1/clients", "GET /v1/clients/{id}", "POST /v1/clients/{id}", "DELETE /v1/clients/{id}",
		"GET /v1/clients/{id}/parts/{sub}", "POST /v1/clients/search", "GET /v1/a b", "GET /v1/clients:find",
	} {
		t.Handle(pattern, h)
	}
	t.Mount("/mounted", h)
	t.Mount("/m/deep", h)
	return t
}

func TestTable(t *testing.T) {
	const noPath = "not found: path"
	tests := []struct{ method, target, want string }{
		{"GET", "/v1/clients", "GET /v1/clients||"},
		{"GET", "/v1/clients/", "GET /v1/clients||"},
		{"POST", "/v1/clients/", "POST /v1/clients||"},
		{"GET", "/v1/clients?x=/y//z", "GET /v1/clients||"},
		{"GET", "/v1/clients/7", "GET /v1/clients/{id}|7|"},
		{"GET", "/v1/clients/7/", "GET /v1/clients/{id}|7|"},
		{"POST", "/v1/clients/7", "POST /v1/clients/{id}|7|"},
		{"GET", "/v1/clients/7/parts/8", "GET /v1/clients/{id}/parts/{sub}|7|8"},
		{"GET", "https://api.example.com/v1/clients/", "GET /v1/clients||"},

		{"GET", "/v1/clients/a%2Fb", "GET /v1/clients/{id}|a/b|"},
		{"GET", "/v1/clients/%2F", "GET /v1/clients/{id}|/|"},
		{"GET", "/v1/clients/a%2Fb/parts/%2f%20", "GET /v1/clients/{id}/parts/{sub}|a/b|/ "},
		{"GET", "/v1%2Fclients", noPath},
		{"GET", "/v1/%63lients", "GET /v1/clients||"},
		{"GET", "/v1/a%20b", "GET /v1/a b||"},
		{"GET", "/v1/clients:find", "GET /v1/clients:find||"},
		{"GET", "/v1/clients/%C3%A9", "GET /v1/clients/{id}|é|"},
		{"GET", "/v1/clients/é", "GET /v1/clients/{id}|é|"},
		{"GET", "/v1/clients/100%25", "GET /v1/clients/{id}|100%|"},
		{"GET", "/v1/clients/%00", noPath},
		{"GET", "/v1/clients/%ff", noPath},

		{"POST", "/v1/clients/search", "POST /v1/clients/search||"},
		{"GET", "/v1/clients/search", "method: method: POST"},
		{"GET", "/v1/clients/search/parts/8", noPath},

		{"DELETE", "/v1/clients/", "method: method: GET, POST"},
		{"DELETE", "/v1/clients", "method: method: GET, POST"},
		{"PUT", "/v1/clients/7", "method: method: DELETE, GET, POST"},
		{"HEAD", "/v1/clients/7", "method: method: DELETE, GET, POST"},
		{"OPTIONS", "/v1/clients/", "method: method: GET, POST"},
		{"get", "/v1/clients/", "method: method: GET, POST"},

		{"GET", "/", noPath},
		{"GET", "//", noPath},
		{"GET", "/v1", noPath},
		{"GET", "/V1/clients", noPath},
		{"GET", "/v1/clients/7/parts", noPath},
		{"GET", "/v1//clients", noPath},
		{"GET", "//v1/clients", noPath},
		{"GET", "/v1/clients//", noPath},
		{"GET", "/v1/clients//parts/8", noPath},
		{"GET", "/v1/../v1/clients", noPath},
		{"GET", "/v1/./clients", noPath},
		{"GET", "/v1/clients/..", noPath},
		{"GET", "/v1/clients/.", noPath},
		{"GET", "/v1/clients/%2e%2e", noPath},
		{"GET", "/v1/clients/%2e", noPath},
		{"GET", "/v1/clients/.%2e/", noPath},
		{"GET", "/v1/clients/...", "GET /v1/clients/{id}|...|"},

		{"GET", "/mounted", "/mounted/||"},
		{"PUT", "/mounted/", "/mounted/||"},
		{"GET", "/mounted/a//../b", "/mounted/||"},
		{"GET", "/%6dounted/x", "/mounted/||"},
		{"GET", "/mountedx", noPath},
		{"GET", "//mounted/x", noPath},
		{"GET", "/../mounted/x", noPath},
		{"GET", "/m/deep/er", "/m/deep/||"},
		{"GET", "/m", noPath},
	}
	table := testTable()
	for _, tt := range tests {
		w := httptest.NewRecorder()
		u, err := url.ParseRequestURI(tt.target)
		if err != nil {
			t.Fatal(err)
		}
		table.ServeHTTP(w, &http.Request{Method: tt.method, URL: u})
		if got := w.Body.String(); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.target, got, tt.want)
		}
	}
}

// A path that does not begin with a slash is no path: the * of OPTIONS, an opaque URL.
func TestTableNoPath(t *testing.T) {
	table := testTable()
	for _, u := range []*url.URL{{Path: "*"}, {Path: "v1/clients"}, {Host: "example.com:443"}} {
		w := httptest.NewRecorder()
		table.ServeHTTP(w, &http.Request{Method: "GET", URL: u})
		if got, want := w.Body.String(), "not found: path"; got != want {
			t.Errorf("%+v: got %q, want %q", u, got, want)
		}
	}
}

func TestTableRoot(t *testing.T) {
	table := testTable()
	table.Handle("GET /", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Pattern) }))
	for path, want := range map[string]string{"/": "GET /", "": "GET /", "//": "not found: path"} {
		w := httptest.NewRecorder()
		table.ServeHTTP(w, &http.Request{Method: "GET", URL: &url.URL{Path: path}})
		if got := w.Body.String(); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

// A refused request still has the pattern of its path, for the log.
func TestTablePattern(t *testing.T) {
	table := testTable()
	for target, want := range map[string]string{"/v1/clients/7": "/v1/clients/{id}", "/nowhere/7": ""} {
		r := httptest.NewRequest("PATCH", target, nil)
		table.ServeHTTP(httptest.NewRecorder(), r)
		if r.Pattern != want {
			t.Errorf("PATCH %s: pattern %q, want %q", target, r.Pattern, want)
		}
	}
}

func TestTableBadPatterns(t *testing.T) {
	for _, pattern := range []string{
		"/v1/x", " /v1/x", "GET /v1/x/", "GET v1", "GET /v1//x", "GET /v1/clients", "GET /v1/clients/{other}", "GET /mounted/x", "GET /mounted",
		"GET /{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}",
	} {
		if panicOf(func() { testTable().Handle(pattern, http.NotFoundHandler()) }) == nil {
			t.Errorf("Handle(%q) did not panic", pattern)
		}
	}
	for _, prefix := range []string{"", "v1", "/v1", "/v1/clients", "/mounted", "/mounted/x", "/x/", "/x/{id}"} {
		if panicOf(func() { testTable().Mount(prefix, http.NotFoundHandler()) }) == nil {
			t.Errorf("Mount(%q) did not panic", prefix)
		}
	}
}

// A handler's and a table's error reach the log's note and the Fail alike.
func TestHandle(t *testing.T) {
	want := clientbook.NotFound(clientbook.ReasonClient)
	var got error
	h := Handle(func(_ http.ResponseWriter, _ *http.Request, err error) { got = err },
		func(http.ResponseWriter, *http.Request) error { return want })
	rec := &recorder{ResponseWriter: httptest.NewRecorder()}
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if got != want || rec.note.Err != want {
		t.Errorf("fail got %v, note %v, want %v", got, rec.note.Err, want)
	}
}

func BenchmarkTable(b *testing.B) {
	table := NewTable(func(http.ResponseWriter, *http.Request, error) { b.Fatal("no match") })
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	table.Handle("GET /v1/clients", h)
	table.Handle("GET /v1/clients/{id}", h)
	table.Handle("POST /v1/clients/{id}", h)
	rec := &recorder{ResponseWriter: httptest.NewRecorder()}
	for _, path := range []string{"/v1/clients/", "/v1/clients/5eb04fcd0f3e360008035eb1", "/v1/clients/a%2Fb"} {
		b.Run(path[len("/v1/"):], func(b *testing.B) {
			u, err := url.ParseRequestURI(path)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				// A fresh request each time: the first SetPathValue allocates.
				r := http.Request{Method: "GET", URL: u}
				table.ServeHTTP(rec, &r)
			}
		})
	}
}
