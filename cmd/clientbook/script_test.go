package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"clientbook": main}) }

// TestScripts drives the program as its users do: every `exec clientbook` is a process of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CLIENTBOOK_ADDR", "127.0.0.1:0")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // under -race a process would sleep for a second before it ends
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"http":     cmdHTTP,
			"slowpost": cmdSlowPost,
			"setkey":   cmdSetKey,
			"setvar":   cmdSetVar,
			"until":    cmdUntil,
			"waitfor":  cmdWaitFor,
			"waitfile": cmdWaitFile,
			"sigterm":  cmdSigterm,
			"snapshot": cmdSnapshot,
			"flip":     cmdFlip,
			"indented": cmdIndented,
		},
		Condition: func(c string) (bool, error) {
			if c == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %s", c)
		},
	})
}

// patience is how long a script waits for what must happen.
const patience = 20 * time.Second

// eventually calls ok until it says so.
func eventually(ts *testscript.TestScript, what string, ok func() bool) {
	for begun := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > patience {
			ts.Fatalf("waited in vain: %s", what)
		}
	}
}

// address reads the file that --addr-file addr made.
func address(ts *testscript.TestScript) string { return ts.ReadFile("addr") }

// cmdHTTP is `http METHOD PATH [FILE]`: a request to the server whose address is in addr, with the key in $KEY and the file as its JSON
// body, in which $NAME stands for a variable; over TLS if $CACERT names a certificate. Status and body go to standard output. With ! the
// server must not be reached.
func cmdHTTP(ts *testscript.TestScript, neg bool, args []string) {
	status, body, err := request(ts, args)
	if neg {
		if err == nil {
			ts.Fatalf("the server answered %d", status)
		}
		return
	}
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", status, body)
}

// cmdUntil is `until PATTERN METHOD PATH [FILE]`: the request of http again and again, until its answer has the pattern.
func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[0])
	eventually(ts, "an answer like "+args[0], func() bool {
		status, body, err := request(ts, args[1:])
		ts.Check(err)
		if !pattern.Match(body) {
			return false
		}
		fmt.Fprintf(ts.Stdout(), "%d\n%s\n", status, body)
		return true
	})
}

// request sends what the words of http ask for.
func request(ts *testscript.TestScript, args []string) (status int, answer []byte, err error) {
	var body io.Reader
	if len(args) == 3 {
		body = strings.NewReader(os.Expand(ts.ReadFile(args[2]), ts.Getenv))
	}
	scheme, transport := "http", &http.Transport{}
	defer transport.CloseIdleConnections()
	if file := ts.Getenv("CACERT"); file != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(ts.ReadFile(file))) {
			ts.Fatalf("no certificate in %s", file)
		}
		scheme, transport.TLSClientConfig = "https", &tls.Config{RootCAs: pool}
	}
	r, err := http.NewRequest(args[0], scheme+"://"+address(ts)+args[1], body)
	ts.Check(err)
	if strings.HasPrefix(args[1], "/api") {
		r.Header.Set("apikey", ts.Getenv("KEY"))
	} else {
		r.Header.Set("Authorization", ts.Getenv("KEY"))
	}
	if body != nil || strings.HasPrefix(args[1], "/v1") {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := (&http.Client{Transport: transport, Timeout: patience}).Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

func printAnswer(ts *testscript.TestScript, resp *http.Response) {
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", resp.StatusCode, b)
}

// cmdSlowPost is `slowpost PATH FILE`: half of a POST, then SIGTERM to the server, then, when it takes no more connections, the rest.
func cmdSlowPost(ts *testscript.TestScript, _ bool, args []string) {
	addr, body := address(ts), ts.ReadFile(args[1])
	c, err := net.Dial("tcp", addr)
	ts.Check(err)
	defer c.Close()
	half := len(body) / 2
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n",
		args[0], ts.Getenv("KEY"), len(body))
	in := bufio.NewReader(c)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // so the handler is at work
		ts.Fatalf("want 100 Continue, got %q, %v", line, err)
	}
	_, err = in.ReadString('\n')
	ts.Check(err)
	fmt.Fprint(c, body[:half])
	cmdSigterm(ts, false, nil)
	eventually(ts, "the server takes no more connections", func() bool {
		more, err := net.Dial("tcp", addr)
		if err == nil {
			more.Close()
		}
		return err != nil
	})
	fmt.Fprint(c, body[half:])
	resp, err := http.ReadResponse(in, nil)
	ts.Check(err)
	defer resp.Body.Close()
	printAnswer(ts, resp)
}

// cmdSetKey is `setkey`: the last standard output, one API key, becomes $KEY.
func cmdSetKey(ts *testscript.TestScript, _ bool, _ []string) {
	key, ok := strings.CutSuffix(ts.ReadFile("stdout"), "\n")
	if !ok || strings.ContainsAny(key, " \n") || !strings.HasPrefix(key, "test_") && !strings.HasPrefix(key, "live_") {
		ts.Fatalf("standard output is not one API key: %q", key)
	}
	ts.Setenv("KEY", key)
}

// cmdSetVar is `setvar NAME PATTERN`: what the group of a pattern matches first in the last standard output becomes a variable.
func cmdSetVar(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if m == nil {
		ts.Fatalf("standard output has nothing like %s", args[1])
	}
	ts.Setenv(args[0], m[1])
}

// cmdWaitFor is `waitfor FILE PATTERN`: waits until the file has it.
func cmdWaitFor(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[1])
	eventually(ts, args[0]+" has "+args[1], func() bool {
		b, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && pattern.Match(b)
	})
}

// cmdWaitFile is `waitfile FILE`: waits until it is there.
func cmdWaitFile(ts *testscript.TestScript, _ bool, args []string) {
	eventually(ts, args[0], func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	})
}

// cmdSigterm is `sigterm`: sends SIGTERM to what runs in the background.
func cmdSigterm(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGTERM))
	}
}

// cmdSnapshot is `snapshot DIR FILE`: writes names, modes, times and digests of all files in the directory to the file.
func cmdSnapshot(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	dir := ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		var sum [32]byte
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum = sha256.Sum256(content)
		}
		fmt.Fprintln(&b, e.Name(), info.Mode(), info.ModTime().UnixNano(), hex.EncodeToString(sum[:]))
		return nil
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o600))
}

// cmdFlip is `flip DATABASE TABLE COLUMN`: changes one bit of a blob in the table's first row.
func cmdFlip(ts *testscript.TestScript, _ bool, args []string) {
	c, err := sqlite.OpenConn(ts.MkAbs(args[0]), sqlite.OpenReadWrite)
	ts.Check(err)
	defer func() { ts.Check(c.Close()) }()
	table, column := args[1], args[2]
	var row int64
	var blob []byte
	ts.Check(sqlitex.ExecuteTransient(c, fmt.Sprintf("SELECT rowid, %s FROM %s ORDER BY rowid LIMIT 1", column, table), &sqlitex.ExecOptions{
		ResultFunc: func(s *sqlite.Stmt) error {
			row, blob = s.ColumnInt64(0), make([]byte, s.ColumnLen(1))
			s.ColumnBytes(1, blob)
			return nil
		},
	}))
	blob[len(blob)/2] ^= 4
	ts.Check(sqlitex.ExecuteTransient(c, fmt.Sprintf("UPDATE %s SET %s = ? WHERE rowid = ?", table, column), &sqlitex.ExecOptions{Args: []any{blob, row}}))
}

// cmdIndented is `indented FROM TO`: copies the indented lines, those that are meant for a shell.
func cmdIndented(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.HasPrefix(line, "  ") {
			b.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}
