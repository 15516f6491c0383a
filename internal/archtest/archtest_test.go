package archtest_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"clientbook/internal/archtest"
)

func TestTree(t *testing.T) {
	wrong, err := archtest.Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

// packages are those of sound, and those that a case adds.
const packages = " `clientbook` `cmd/clientbook` `internal/app` `internal/book` `internal/dialect/one` `internal/dialect/two` `internal/store/sqlite`" +
	" `internal/store/storetest` `internal/util`"

// sound is a small tree with nothing wrong in it.
var sound = map[string]string{
	"go.mod":                                "module clientbook\n\ngo 1.26.0\n\nrequire github.com/alecthomas/kong v1\n\nrequire (\n\tzombiezen.com/go/sqlite v1\n\tgithub.com/go-json-experiment/json v1 // indirect\n)\n",
	"ARCHITECTURE.md":                       "`github.com/alecthomas/kong` `zombiezen.com/go/sqlite` `github.com/go-json-experiment/json`" + packages,
	"client.go":                             "package clientbook\nimport \"time\"\n",
	"cmd/clientbook/main.go":                "package main\nimport (\n\"clientbook/internal/app\"\n\"github.com/alecthomas/kong\"\n)\n",
	"internal/app/app.go":                   "package app\nimport (\n\"clientbook/internal/dialect/one\"\n\"clientbook/internal/store/sqlite\"\n)\n",
	"internal/dialect/one/routes.go":        "package one\nimport (\n\"clientbook\"\n\"clientbook/internal/book\"\n\"clientbook/internal/httpx\"\n\"github.com/go-json-experiment/json/jsontext\"\n)\n",
	"internal/dialect/one/golden_test.go":   "package one_test\nimport \"clientbook/internal/store/sqlite\"\n",
	"internal/dialect/two/routes.go":        "package two\nimport \"clientbook/internal/book\"\n",
	"internal/store/sqlite/store.go":        "package sqlite\nimport (\n\"clientbook\"\n\"zombiezen.com/go/sqlite/sqlitex\"\n)\n",
	"internal/dialect/one/testdata/a.txt":   "anything: /ho" + "me/me",
	"sdktest/node_modules/x/package.json":   "registry.n" + "pmjs",
	"internal/store/storetest/storetest.go": "package storetest\nimport \"clientbook\"\n",
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{name: "sound"},
		{"the domain imports a module", "id.go", `import "github.com/go-json-experiment/json"`, ". imports github.com/go-json-experiment/json"},
		{"the domain imports a package", "id.go", `import "clientbook/internal/book"`, ". imports internal/book"},
		{"a dialect imports an engine", "internal/dialect/one/x.go", `import "clientbook/internal/store/sqlite"`, "internal/dialect/one imports internal/store/sqlite"},
		{"a dialect imports another", "internal/dialect/one/x.go", `import "clientbook/internal/dialect/two"`, "internal/dialect/one imports internal/dialect/two"},
		{"a dialect imports app", "internal/dialect/one/x.go", `import "clientbook/internal/app"`, "internal/dialect/one imports internal/app, which only cmd may"},
		{"a test imports app", "internal/dialect/one/x_test.go", `import "clientbook/internal/app"`, "internal/dialect/one imports internal/app, which only cmd may"},
		{"an engine imports a use case", "internal/store/sqlite/x.go", `import "clientbook/internal/book"`, "internal/store/sqlite imports internal/book"},
		{"a use case imports an engine", "internal/book/x.go", `import "clientbook/internal/store/sqlite"`, "internal/book imports internal/store/sqlite"},
		{"a driver outside of its engine", "internal/book/x.go", `import "zombiezen.com/go/sqlite"`, "internal/book imports zombiezen.com/go/sqlite"},
		{"the JSON library outside of dialects", "internal/app/x.go", `import "github.com/go-json-experiment/json"`, "internal/app imports github.com/go-json-experiment/json"},
		{"cmd imports an engine", "cmd/clientbook/x.go", `import "clientbook/internal/store/sqlite"`, "cmd/clientbook imports internal/store/sqlite"},
		{"a package without a place", "internal/util/x.go", `import "time"`, "internal/util has no place in internal/archtest: say there what it may import"},
		{"a module without a reason", "internal/book/x_test.go", `import "example.com/rare/thing"`, "ARCHITECTURE.md does not say what `example.com/rare/thing` is for"},
		{"a package without words", "internal/vault/x.go", "", "ARCHITECTURE.md does not say what `internal/vault` owns"},
		{"a registry", "docs/a.md", "see registry.n" + "pmjs.example", `docs/a.md holds "registry.n` + `pmjs"`},
		{"a home", "scripts/a", "cd /ro" + "ot/x", `scripts/a holds "/ro` + `ot/"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(sound)
			if c.file != "" {
				if strings.HasSuffix(c.file, ".go") {
					c.content = "package x\n" + c.content
				}
				files[c.file] = c.content
			}
			tree := fstest.MapFS{}
			for name, content := range files {
				tree[name] = &fstest.MapFile{Data: []byte(content)}
			}
			got, err := archtest.Check(tree)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			if !slices.Equal(got, want) {
				t.Errorf("Check = %q, want %q", got, want)
			}
		})
	}
}
