// Package doctest does what the documents tell their readers to do.
package doctest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const root = "../.."

// A sandbox is a directory with the program in its path and a server on fresh data.
type sandbox struct {
	dir, addr string
	env       []string
	vars      string // shell assignments that blocks made
}

func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	lookAtSource(t)
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, root+"/cmd/clientbook").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	s := &sandbox{dir: t.TempDir()}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CLIENTBOOK_") && !strings.HasPrefix(v, "PATH=") && !strings.Contains(strings.ToLower(v), "_proxy=") {
			s.env = append(s.env, v)
		}
	}
	s.env = append(s.env, "PATH="+bin+":"+os.Getenv("PATH"), "CLIENTBOOK_PASSPHRASE=only for this test")
	s.addr = s.serve(t, filepath.Join(bin, "clientbook"), "clientbook-data")
	return s
}

// lookAtSource lets go test know that its result depends on the program: it remembers which files a test looked at.
func lookAtSource(t *testing.T) {
	t.Helper()
	for _, dir := range []string{root, root + "/cmd", root + "/internal"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && dir == root && name != root {
				return fs.SkipDir
			}
			if err == nil && !d.IsDir() {
				_, _ = os.Stat(name) // it may have gone meanwhile
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// serve starts a server, which is ended with the test, and gives its address.
func (s *sandbox) serve(t *testing.T, program, data string) string {
	t.Helper()
	addr := filepath.Join(t.TempDir(), "addr")
	cmd := exec.Command(program, "serve", "--data", data, "--addr", "127.0.0.1:0", "--addr-file", addr)
	var log bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = s.dir, s.env, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		if err := <-ended; err != nil {
			t.Errorf("serve: %v\n%s", err, log.String())
		}
	})
	for range 1000 {
		if b, err := os.ReadFile(addr); err == nil {
			return string(b)
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("serve ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("the server did not start")
	return ""
}

var assignment = regexp.MustCompile(`(?m)^([A-Z]+)=\$\(`)

// run does a block of shell lines and gives what it printed. Variables that it sets are there for later blocks.
func (s *sandbox) run(t *testing.T, block string) string {
	t.Helper()
	block = strings.NewReplacer("go run ./cmd/clientbook", "clientbook", "127.0.0.1:8080", s.addr).Replace(block)
	script := []string{"set -eu", s.vars, block}
	for _, m := range assignment.FindAllStringSubmatch(block, -1) {
		script = append(script, `echo "`+m[1]+`=$`+m[1]+`" >>vars`)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", strings.Join(script, "\n"))
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = s.dir, s.env, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s\n%v\n%s%s", block, err, out, stderr.String())
	}
	vars, err := os.ReadFile(filepath.Join(s.dir, "vars"))
	if err == nil {
		s.vars = string(vars)
	}
	return string(out)
}

var fence = regexp.MustCompile("(?ms)(?:^<!-- tested(?:: (\\w+))? -->\n)?^```(\\w*)\n(.*?)^```$")

// A block is fenced text of a document.
type block struct {
	tested bool
	part   string // what stands behind "tested:"
	kind   string // behind the fence
	text   string
}

func blocks(t *testing.T, name string) (bs []block) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		bs = append(bs, block{strings.HasPrefix(m[0], "<!--"), m[1], m[2], m[3]})
	}
	return bs
}

// TestReadme makes the calls of README.md and compares the answers with those printed there.
func TestReadme(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := newSandbox(t)
	var got string
	answers := 0
	for _, b := range blocks(t, "README.md") {
		switch {
		case b.tested:
			got = s.run(t, b.text)
		case b.kind == "json":
			answers++
			if g, w := alike(t, got), alike(t, b.text); g != w {
				t.Errorf("answer %d:\n got %s\nwant %s", answers, g, w)
			}
		}
	}
	if answers != 2 {
		t.Errorf("README.md has %d answers, want those of a create and an update", answers)
	}
}

var changing = regexp.MustCompile(`"[0-9a-f]{24}"|"\d{4}-\d\d-\d\dT[\d:.]{12}Z"`)

// alike gives JSON without spaces, ids and times.
func alike(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return changing.ReplaceAllString(b.String(), `"…"`)
}

// TestOperations makes a backup and restores it as docs/operations.md says.
func TestOperations(t *testing.T) {
	s := newSandbox(t)
	s.run(t, "clientbook key create --book demo >key\nclientbook keeper add passphrase:")
	parts := map[string]int{}
	for _, b := range blocks(t, "docs/operations.md") {
		if !b.tested {
			continue
		}
		parts[b.part]++
		out := s.run(t, b.text)
		if b.part == "restore" && !strings.Contains(out, "demo (test): 0 clients, 0 versions, 0 positions") {
			t.Errorf("the restored copy was not verified: %s", out)
		}
	}
	if parts["backup"] != 2 || parts["restore"] != 2 {
		t.Errorf("docs/operations.md has parts %v, want two each of backup and restore", parts)
	}
	if got, want := s.run(t, "clientbook key list --data restored"), s.run(t, "clientbook key list"); got != want {
		t.Errorf("the restored copy has the keys\n%s\nwant\n%s", got, want)
	}
	if files := s.run(t, "find restored restored-by-passphrase ! -perm 700 ! -perm 600"); files != "" {
		t.Errorf("files that others may read: %s", files)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)

// TestLinks follows every link from a document to a file.
func TestLinks(t *testing.T) {
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "testdata"):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".md"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), string(m[1]))); err != nil {
				t.Errorf("%s: no such file: %s", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
