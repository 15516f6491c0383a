package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// A program is one process that serves, as its users run it.
type program struct {
	t     testing.TB
	data  string
	addr  string
	key   string // API key that its requests show
	log   string // file with all that it printed
	cmd   *exec.Cmd
	ended chan error
	web   *http.Client
}

// newKey makes an API key in a data directory, which it makes if it is new.
func newKey(t testing.TB, data, book, mode string) string {
	t.Helper()
	return strings.TrimSpace(mustRun(t, "key", "create", "--data", data, "--book", book, "--mode", mode))
}

// mustRun runs a command that must succeed and gives its standard output.
func mustRun(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, err := runProgram(args...)
	if err != nil {
		t.Fatalf("clientbook %s: %v\n%s%s", strings.Join(args, " "), err, out, errs)
	}
	return out
}

// runProgram runs a command and gives what it printed.
func runProgram(args ...string) (stdout, stderr string, err error) {
	var out, errs bytes.Buffer
	cmd := exec.Command("clientbook", args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = &out, &errs, environment()
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// environment keeps the variables of whoever runs the test away from the program.
func environment() []string {
	env := []string{"GORACE=atexit_sleep_ms=0"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CLIENTBOOK_") {
			env = append(env, v)
		}
	}
	return env
}

// serve starts a server and waits until it answers.
func serve(t testing.TB, data, key string, args ...string) *program {
	t.Helper()
	return serveBy(t, data, key, nil, args...)
}

// serveBy starts a server by another program, which is given the server's words after its own.
func serveBy(t testing.TB, data, key string, by []string, args ...string) *program {
	t.Helper()
	dir := t.TempDir()
	addrFile := filepath.Join(dir, "addr")
	p := &program{t: t, data: data, key: key, log: filepath.Join(dir, "log"), ended: make(chan error, 1),
		web: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	words := append(by[:len(by):len(by)], "clientbook", "serve", "--data", data, "--addr", "127.0.0.1:0", "--addr-file", addrFile)
	words = append(words, args...)
	p.cmd = exec.Command(words[0], words[1:]...)
	out, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = out, out, environment()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(p.kill)
	for begun := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		if addr, err := os.ReadFile(addrFile); err == nil {
			p.addr = strings.TrimSpace(string(addr))
			return p
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			t.Fatalf("the server ended at its start: %v\n%s", err, p.printed())
		default:
		}
		if time.Since(begun) > patience {
			t.Fatalf("the server does not answer\n%s", p.printed())
		}
	}
}

// printed gives what the server printed so far.
func (p *program) printed() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// kill ends the process at once, if it is there still.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	p.ended <- <-p.ended
	p.web.CloseIdleConnections()
}

// stop ends the server by SIGTERM, which must give status 0.
func (p *program) stop() {
	p.t.Helper()
	p.web.CloseIdleConnections()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		p.ended <- err
		if err != nil {
			p.t.Errorf("after SIGTERM: %v\n%s", err, p.printed())
		}
	case <-time.After(patience):
		p.t.Fatal("the server does not end")
	}
}

// A reply is one answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// try sends one request. An error means that nobody knows what became of it.
func (p *program) try(method, path, body string) (reply, error) {
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, "http://"+p.addr+path, content)
	if err != nil {
		return reply{}, err
	}
	r.Header["Authorization"] = []string{p.key}
	r.Header["Content-Type"] = []string{"application/json"}
	resp, err := p.web.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, got}, err
}

// want sends one request that must be answered with status.
func (p *program) want(status int, method, path, body string) []byte {
	p.t.Helper()
	got, err := p.try(method, path, body)
	if err != nil || got.status != status {
		p.t.Fatalf("%s %s %.500s\ngot %d %s, %v\nwant %d", method, path, body, got.status, got.body, err, status)
	}
	return got.body
}

// deep runs `verify --deep`, beside the server or without one; it must find nothing.
func deep(t testing.TB, data string) {
	t.Helper()
	if out, errs, err := runProgram("verify", "--data", data, "--deep"); err != nil {
		t.Errorf("verify --deep: %v\n%s%s", err, out, errs)
	}
}

// A watch reads the numbers of a database beside the server that has it open.
type watch struct {
	t    testing.TB
	conn *sqlite.Conn
}

func newWatch(t testing.TB, data string) *watch {
	t.Helper()
	c, err := sqlite.OpenConn(filepath.Join(data, "clientbook.db"), sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &watch{t, c}
}

// stored is what a write would change.
type stored struct{ position, versions, clients, tokens int64 }

func (w *watch) stored() (s stored) {
	w.t.Helper()
	err := sqlitex.Execute(w.conn, `SELECT (SELECT sum(position) FROM book), (SELECT count(*) FROM version),
(SELECT count(*) FROM client WHERE live), (SELECT count(*) FROM token)`, &sqlitex.ExecOptions{ResultFunc: func(st *sqlite.Stmt) error {
		s = stored{st.ColumnInt64(0), st.ColumnInt64(1), st.ColumnInt64(2), st.ColumnInt64(3)}
		return nil
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}
