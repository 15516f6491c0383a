// Package archtest keeps the arrows between packages true, and a few habits of the whole tree. Its test is all that runs it.
package archtest

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the module path, and so the import path of the domain package.
const module = "clientbook"

// A place says what a package may import; its tests may import more. Names end in /... for everything below.
type place struct {
	name string   // path in the tree, "." for the domain
	own  []string // packages of the module
	deps []string // modules of others
}

// places are the packages in the order of the arrows. Each package belongs to the first place that names it, and must belong to one.
var places = []place{
	{name: "."},
	{name: "internal/record", own: []string{"."}, deps: []string{"google.golang.org/protobuf"}},
	{name: "internal/vault", own: []string{"."}, deps: []string{"github.com/tink-crypto/tink-go/v2", "google.golang.org/protobuf"}},
	{name: "internal/keeper", own: []string{".", "internal/vault"}, deps: []string{"github.com/tink-crypto/tink-go/v2", "golang.org/x/crypto"}},
	{name: "internal/message", own: []string{"."}},
	{name: "internal/settings", own: []string{".", "internal/message"}, deps: []string{"go.yaml.in/yaml/v3"}},
	{name: "internal/book", own: []string{".", "internal/message", "internal/record", "internal/vault"}, deps: []string{"golang.org/x/text"}},
	{name: "internal/deliver", own: []string{"."}},
	{name: "internal/deliver/email", own: []string{".", "internal/deliver"}, deps: []string{"github.com/wneessen/go-mail", "golang.org/x/text"}},
	{name: "internal/deliver/...", own: []string{".", "internal/deliver"}},
	{name: "internal/worker", own: []string{".", "internal/book", "internal/deliver"}},
	{name: "internal/httpx", own: []string{"."}, deps: []string{"github.com/go-json-experiment/json"}},
	{name: "internal/openapi", own: []string{".", "internal/httpx"}, deps: []string{"github.com/go-json-experiment/json"}},
	{name: "internal/dialect/...", own: []string{".", "internal/book", "internal/openapi", "internal/httpx"}, deps: []string{"github.com/go-json-experiment/json"}},
	{name: "internal/store/storetest", own: []string{"."}, deps: []string{"pgregory.net/rapid"}},
	{name: "internal/store/sqlite", own: []string{"."}, deps: []string{"zombiezen.com/go/sqlite", "modernc.org/sqlite", "modernc.org/libc"}},
	{name: "internal/app", own: []string{
		".", "internal/book", "internal/deliver", "internal/deliver/...", "internal/dialect/...", "internal/httpx", "internal/keeper", "internal/message", "internal/openapi",
		"internal/settings", "internal/store/sqlite", "internal/vault", "internal/worker",
	}, deps: []string{"golang.org/x/sys"}},
	{name: "internal/archtest"},
	{name: "internal/doctest"},
	{name: "cmd/...", own: []string{".", "internal/app", "internal/book"}, deps: []string{
		"github.com/alecthomas/kong", "github.com/schollz/progressbar/v3", "golang.org/x/term",
	}},
}

// Check gives what is wrong with the tree, one sentence each, in order.
func Check(tree fs.FS) ([]string, error) {
	c := &checker{tree: tree, wrong: map[string]bool{}, used: map[string]bool{}, dirs: map[string]bool{}}
	if err := c.readModule(); err != nil {
		return nil, err
	}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(name):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		return c.file(name)
	})
	if err != nil {
		return nil, err
	}
	if err := c.documented(); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(c.wrong)), nil
}

// skipped says which directories are not the project's own text.
func skipped(dir string) bool {
	switch path.Base(dir) {
	case ".git", "node_modules", "testdata", "clientbook-data":
		return true
	}
	return dir == "bin"
}

type checker struct {
	tree   fs.FS
	direct []string        // modules that go.mod requires directly
	all    []string        // and the others
	used   map[string]bool // modules that are imported
	dirs   map[string]bool // packages
	wrong  map[string]bool
}

func (c *checker) complain(format string, args ...any) { c.wrong[fmt.Sprintf(format, args...)] = true }

// readModule reads the requirements of go.mod.
func (c *checker) readModule() error {
	content, err := fs.ReadFile(c.tree, "go.mod")
	if err != nil {
		return err
	}
	in := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		one, single := strings.CutPrefix(line, "require ")
		switch {
		case line == "require (":
			in = true
			continue
		case line == ")":
			in = false
		case single:
			line = one
		}
		fields := strings.Fields(line)
		if !in && !single || len(fields) < 2 {
			continue
		}
		c.all = append(c.all, fields[0])
		if !strings.HasSuffix(line, "// indirect") {
			c.direct = append(c.direct, fields[0])
		}
	}
	return nil
}

// documented minds that ARCHITECTURE.md has every package, and the reason of every module that is required directly or imported.
func (c *checker) documented() error {
	text, err := fs.ReadFile(c.tree, "ARCHITECTURE.md")
	if err != nil {
		return err
	}
	for _, m := range c.direct {
		c.used[m] = true
	}
	for dir := range c.dirs {
		if dir == "." {
			dir = module
		}
		if !bytes.Contains(text, []byte("`"+dir+"`")) {
			c.complain("ARCHITECTURE.md does not say what `%s` owns", dir)
		}
	}
	for m := range c.used {
		if !bytes.Contains(text, []byte("`"+m+"`")) {
			c.complain("ARCHITECTURE.md does not say what `%s` is for", m)
		}
	}
	return nil
}

func (c *checker) file(name string) error {
	content, err := fs.ReadFile(c.tree, name)
	if err != nil {
		return err
	}
	c.words(name, content)
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ImportsOnly)
	if err != nil {
		return err
	}
	c.dirs[path.Dir(name)] = true
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		c.imports(name, imported)
	}
	return nil
}

// imports checks one import of a file.
func (c *checker) imports(name, imported string) {
	dir, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
	i := slices.IndexFunc(places, func(p place) bool { return within(dir, p.name) })
	if i < 0 {
		c.complain("%s has no place in internal/archtest: say there what it may import", dir)
		return
	}
	own, isOwn := ownPath(imported)
	switch {
	case isOwn && own == dir:
	case isOwn && own == "internal/app" && !within(dir, "cmd/..."):
		c.complain("%s imports internal/app, which only cmd may", dir)
	case isOwn && !test && !slices.ContainsFunc(places[i].own, func(p string) bool { return within(own, p) }):
		c.complain("%s imports %s", dir, own)
	case isOwn && !test && sibling(dir, own):
		c.complain("%s imports %s, but dialects never import one another", dir, own)
	case isOwn || !strings.Contains(strings.Split(imported, "/")[0], "."): // of the standard library
	default:
		m := c.moduleOf(imported)
		c.used[m] = true
		if !test && !slices.Contains(places[i].deps, m) {
			c.complain("%s imports %s", dir, imported)
		}
	}
}

// ownPath gives an import path as a path in the tree, if it is one of the module's.
func ownPath(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// sibling says whether both are dialects, and two of them.
func sibling(dir, own string) bool {
	const dialects = "internal/dialect/"
	a, b := strings.HasPrefix(dir, dialects), strings.HasPrefix(own, dialects)
	return a && b && dir != own
}

// within says whether dir is what name names.
func within(dir, name string) bool {
	if below, all := strings.CutSuffix(name, "/..."); all {
		return strings.HasPrefix(dir, below+"/")
	}
	return dir == name
}

// moduleOf gives the module that an import path is in: the longest that go.mod knows.
func (c *checker) moduleOf(imported string) string {
	best := ""
	for _, m := range c.all {
		if len(m) > len(best) && (imported == m || strings.HasPrefix(imported, m+"/")) {
			best = m
		}
	}
	if best == "" {
		return imported
	}
	return best
}

// foreign are words that must stand nowhere: hosts of package registries, because which one is used is up to each machine, and paths of
// somebody's home. They are put together here so that this file does not hold them.
var foreign = []string{
	"registry.n" + "pmjs", "registry.y" + "arnpkg", "proxy.go" + "lang", "sum.go" + "lang", "files.py" + "thonhosted", "index.cr" + "ates",
	"static.cr" + "ates", "deb.deb" + "ian", "/ho" + "me/", "/ro" + "ot/",
}

func (c *checker) words(name string, content []byte) {
	if bytes.IndexByte(content, 0) >= 0 { // a program that was built here, not text
		return
	}
	for _, word := range foreign {
		if bytes.Contains(content, []byte(word)) {
			c.complain("%s holds %q", name, word)
		}
	}
}
