package httpx

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"clientbook"
)

// maxParams bounds the {name} segments of one pattern, so that a match keeps their values on the stack.
const maxParams = 8

// A Table routes requests by method and path. Unlike http.ServeMux it never redirects, cleans or answers by itself: what it does not
// know goes to its Fail.
//
// The escaped path is split at '/', and each segment is decoded after that, so an encoded slash is part of a value. One slash at the
// end changes nothing. A segment that is empty, "." or "..", or that holds a NUL or invalid UTF-8, matches nothing. A literal segment
// goes before {name} and for good: what is registered below {name} is not found below the literal.
//
// A Table is complete before it serves: Handle and Mount are not safe beside ServeHTTP.
type Table struct {
	fail Fail
	root node
}

// A node is one path; its children are the paths one segment longer.
type node struct {
	literals map[string]*node
	param    *node
	mount    http.Handler
	pattern  string // without the method
	routes   []route
	allow    string // the Allow header's value
}

// A route is one method of a path.
type route struct {
	method  string
	pattern string // as registered
	params  []string
	handler http.Handler
}

// NewTable gives an empty table. fail gets KindNotFound for an unknown path, and KindMethod with the Allow header's value as Detail
// for a known one.
func NewTable(fail Fail) *Table { return &Table{fail: fail} }

// Handle registers a pattern such as "GET /v1/clients/{id}". HEAD and OPTIONS are methods like any other: nothing implies them.
// It panics on a pattern that is malformed, registered already or below a mount.
func (t *Table) Handle(pattern string, h http.Handler) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok || method == "" {
		panic(fmt.Sprintf("httpx: pattern %q is not METHOD /path", pattern))
	}
	n, params := t.add(path)
	if n.mount != nil || slices.ContainsFunc(n.routes, func(r route) bool { return r.method == method }) {
		panic(fmt.Sprintf("httpx: pattern %q is taken", pattern))
	}
	n.pattern = path
	n.routes = append(n.routes, route{method: method, pattern: pattern, params: params, handler: h})
	slices.SortFunc(n.routes, func(a, b route) int { return strings.Compare(a.method, b.method) })
	methods := make([]string, len(n.routes))
	for i, r := range n.routes {
		methods[i] = r.method
	}
	n.allow = strings.Join(methods, ", ")
}

// Mount gives h everything at prefix and below it, whatever the method and however odd the rest of the path, so that h can
// authenticate before its own table looks. It panics where something is registered there already.
func (t *Table) Mount(prefix string, h http.Handler) {
	n, params := t.add(prefix)
	if len(params) > 0 || n.mount != nil || n.routes != nil || n.literals != nil || n.param != nil {
		panic(fmt.Sprintf("httpx: prefix %q has a parameter or is taken", prefix))
	}
	n.pattern, n.mount = strings.TrimSuffix(prefix, "/")+"/", h
}

// add gives the node of path, made if need be, and the names of its parameters.
func (t *Table) add(path string) (*node, []string) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || strings.HasSuffix(rest, "/") {
		panic(fmt.Sprintf("httpx: path %q does not begin with a slash, or ends with one", path))
	}
	n, params := &t.root, []string(nil)
	for rest != "" {
		if n.mount != nil {
			panic(fmt.Sprintf("httpx: path %q is below a mount", path))
		}
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			params = append(params, strings.TrimSuffix(name, "}"))
			if n.param == nil {
				n.param = new(node)
			}
			n = n.param
			continue
		}
		if segment == "" {
			panic(fmt.Sprintf("httpx: path %q has an empty segment", path))
		}
		if n.literals == nil {
			n.literals = make(map[string]*node)
		}
		if n.literals[segment] == nil {
			n.literals[segment] = new(node)
		}
		n = n.literals[segment]
	}
	if len(params) > maxParams {
		panic(fmt.Sprintf("httpx: path %q has more than %d parameters", path, maxParams))
	}
	return n, params
}

// ServeHTTP sets r.Pattern and the path values and calls the handler of the request's route.
func (t *Table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var values [maxParams]string
	n := t.find(r.URL.EscapedPath(), &values)
	if n == nil || n.mount == nil && n.routes == nil {
		t.fail.send(w, r, clientbook.NotFound(clientbook.ReasonPath))
		return
	}
	if n.mount != nil {
		mark(w, r, n.pattern)
		n.mount.ServeHTTP(w, r)
		return
	}
	for i := range n.routes {
		route := &n.routes[i]
		if route.method != r.Method {
			continue
		}
		for j, name := range route.params {
			r.SetPathValue(name, values[j])
		}
		mark(w, r, route.pattern)
		route.handler.ServeHTTP(w, r)
		return
	}
	mark(w, r, n.pattern)
	t.fail.send(w, r, &clientbook.Error{Kind: clientbook.KindMethod, Reason: clientbook.ReasonMethod, Detail: n.allow})
}

// mark sets the pattern where handlers and the request log look for it; r may be a copy that the log does not hold.
func mark(w http.ResponseWriter, r *http.Request, pattern string) {
	r.Pattern = pattern
	NoteOf(w).Route = pattern
}

// find gives the node of an escaped path and puts the values of its parameters in order into values; nil if there is none. It goes no
// further than a mount. An absolute-form target without a path, and the authority of a CONNECT, are the root.
func (t *Table) find(escaped string, values *[maxParams]string) *node {
	n := &t.root
	rest, ok := strings.CutPrefix(escaped, "/")
	if !ok && escaped != "" {
		return nil
	}
	params := 0
	for rest != "" && n.mount == nil {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		if strings.IndexByte(segment, '%') >= 0 {
			var err error
			segment, err = url.PathUnescape(segment)
			if err != nil || strings.IndexByte(segment, 0) >= 0 || !utf8.ValidString(segment) {
				return nil
			}
		}
		switch next := n.literals[segment]; {
		case segment == "" || segment == "." || segment == "..":
			return nil
		case next != nil:
			n = next
		case n.param != nil:
			values[params] = segment
			params++
			n = n.param
		default:
			return nil
		}
	}
	return n
}
