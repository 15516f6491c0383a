package keeper

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
)

func newFile(t *testing.T) *file {
	t.Helper()
	f := &file{path: filepath.Join(t.TempDir(), "clientbook.key")}
	if err := f.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// contents gives the directory of f: modes and, of files, bytes.
func contents(t *testing.T, f *file) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(filepath.Dir(f.path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(filepath.Dir(f.path), e.Name()))
		if err != nil && !e.IsDir() {
			t.Fatal(err)
		}
		found[e.Name()] = info.Mode().String() + " " + string(b)
	}
	return found
}

func TestFileIsMadeOnce(t *testing.T) {
	f := &file{path: filepath.Join(t.TempDir(), "clientbook.key")}
	if ok, err := f.Ready(); ok || err != nil {
		t.Errorf("before: ready %v, %v", ok, err)
	}
	if err := f.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ok, err := f.Ready(); !ok || err != nil {
		t.Errorf("after: ready %v, %v", ok, err)
	}
	before := contents(t, f)
	info, err := os.Stat(f.path)
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != 1 || info.Mode() != 0o600 {
		t.Errorf("mode %v, directory %v", info.Mode(), before)
	}
	wantLine(t, f.Create(t.Context()), f.path, "exists already")
	if after := contents(t, f); !maps.Equal(after, before) {
		t.Errorf("the second Create changed %v to %v", before, after)
	}
}

func TestFileIsMadeNowhereElse(t *testing.T) {
	dir := t.TempDir()
	f := &file{path: filepath.Join(dir, "none", "clientbook.key")}
	wantLine(t, f.Create(t.Context()), f.path, "no such file or directory")
	// A link to nowhere is something that is there, though it can't be read.
	f = &file{path: filepath.Join(dir, "link")}
	if err := os.Symlink("nowhere", f.path); err != nil {
		t.Fatal(err)
	}
	wantLine(t, f.Create(t.Context()), f.path, "exists already")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestFileAfterACrash: what a crash left behind before the key file got its name is no key file, and bars none.
func TestFileAfterACrash(t *testing.T) {
	f := &file{path: filepath.Join(t.TempDir(), "clientbook.key")}
	aside, err := f.writeAside([]byte("half a ke"))
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := f.Ready(); ok || err != nil {
		t.Errorf("ready %v, %v", ok, err)
	}
	if _, err := f.Unwrap(t.Context(), nil); err == nil {
		t.Error("opened without a key file")
	}
	if err := f.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Wrap(t.Context(), []byte("root")); err != nil {
		t.Error(err)
	}
	if found := contents(t, f); len(found) != 2 || found[filepath.Base(aside)] == "" {
		t.Errorf("directory %v", found)
	}
}

// TestFileRefuses: each fault is one line that names the path and says what to do, and nothing on disk changes.
func TestFileRefuses(t *testing.T) {
	foreign := func(content string) func(*testing.T, *file) {
		return func(t *testing.T, f *file) {
			if err := os.WriteFile(f.path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	chmod := func(mode os.FileMode) func(*testing.T, *file) {
		return func(t *testing.T, f *file) {
			if err := os.Chmod(f.path, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tc := range map[string]struct {
		spoil func(*testing.T, *file)
		want  string
	}{
		"missing": {func(t *testing.T, f *file) { remove(t, f) }, "is missing"},
		"empty":   {foreign(""), "is no key file"},
		"foreign": {foreign("PASSWORD=hunter2\n"), "is no key file"},
		"no keys": {foreign("{}"), "is no key file"},
		"large":   {foreign(string(make([]byte, maxFileBytes+1))), "is no key file"},
		"truncated": {func(t *testing.T, f *file) {
			if err := os.Truncate(f.path, 100); err != nil {
				t.Fatal(err)
			}
		}, "is no key file"},
		"a key for something else": {func(t *testing.T, f *file) {
			h, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
				t.Fatal(err)
			}
			foreign(b.String())(t, f)
		}, "is no key file"},
		"a directory": {func(t *testing.T, f *file) {
			remove(t, f)
			if err := os.Mkdir(f.path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a directory"},
		"a directory on the way that is a file": {func(_ *testing.T, f *file) { f.path += "/inner" }, "can't be read"},
		"group may read":                        {chmod(0o640), "run chmod 600"},
		"others may write":                      {chmod(0o602), "run chmod 600"},
		"another data directory's":              {func(t *testing.T, f *file) { remove(t, f); create(t, f) }, "is not the one"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			wrapped, err := f.Wrap(t.Context(), []byte("root"))
			if err != nil {
				t.Fatal(err)
			}
			dir := &file{path: f.path}
			tc.spoil(t, f)
			before := contents(t, dir)
			_, err = f.Unwrap(t.Context(), wrapped)
			wantLine(t, err, f.path, tc.want)
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q shows what is in the file", err)
			}
			if after := contents(t, dir); !maps.Equal(after, before) {
				t.Errorf("%v became %v", before, after)
			}
		})
	}
}

func TestFileUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	f := newFile(t)
	if err := os.Chmod(f.path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := f.Unwrap(t.Context(), nil)
	wantLine(t, err, f.path, "permission denied")
}

func TestFileWrapNeedsASoundFile(t *testing.T) {
	f := newFile(t)
	remove(t, f)
	_, err := f.Wrap(t.Context(), []byte("root"))
	wantLine(t, err, f.path, "is missing")
}

func remove(t *testing.T, f *file) {
	t.Helper()
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, f *file) {
	t.Helper()
	if err := f.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
}
