package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestAnswersLeaveAfterTheirFlush watches the server's system calls. For each acknowledged write it finds, in the log's frames, the
// transaction that holds the client's id, the write that brought that transaction's last frame to the file, and the first flush that
// began afterwards: that flush must have ended before the answer began to leave.
func TestAnswersLeaveAfterTheirFlush(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("no strace here (scripts/prepare installs it where it can)")
	}
	if out, err := exec.Command("strace", "-o", filepath.Join(t.TempDir(), "trace"), "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v %s", err, out)
	}
	for _, connections := range []int{1, 8} {
		t.Run(fmt.Sprintf("connections=%d", connections), func(t *testing.T) { watchFlushes(t, connections) })
	}
}

func watchFlushes(t *testing.T, connections int) {
	dir := t.TempDir()
	data, trace, pidFile := filepath.Join(dir, "data"), filepath.Join(dir, "trace"), filepath.Join(dir, "pid")
	key := newKey(t, data, "flush", "test")
	p := serveBy(t, data, key, []string{
		"strace", "-f", "-q", "-y", "-s", "512", "-e", "signal=none", "-o", trace,
		"-e", "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,sendfile,pwrite64,pwritev,ftruncate,fsync,fdatasync,sync_file_range,msync",
		"sh", "-c", `echo $$ >"` + pidFile + `"; exec "$0" "$@"`,
	})
	pid := serverPID(t, pidFile)
	t.Cleanup(func() { _ = pid.Kill() }) // strace ends with it

	const clients = 6 // of each connection, each created, updated twice and deleted
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			for i := range clients {
				writeClient(t, p, fmt.Sprintf("c%d-%d", c, i))
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	log, err := os.ReadFile(filepath.Join(data, "clientbook.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	if err := pid.Kill(); err != nil { // so that nothing more is flushed
		t.Fatal(err)
	}
	p.ended <- <-p.ended
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	s := readTrace(t, string(text), log)
	if want := connections * clients * 4; len(s.answers) != want {
		t.Fatalf("the trace has %d answers of success to writes, want %d", len(s.answers), want)
	}
	flushes := 0
	for _, f := range s.flushes {
		if f.begin > s.answers[0].read {
			flushes++
		}
	}
	t.Logf("%d acknowledged writes over %d connections, %d flushes of the log", len(s.answers), connections, flushes)
	if flushes > len(s.answers) {
		t.Errorf("%d flushes of the log for %d acknowledged writes", flushes, len(s.answers))
	}
	for _, a := range s.answers {
		s.judge(t, a)
	}
}

// writeClient makes four acknowledged writes.
func writeClient(t *testing.T, p *program, unique string) {
	create := fmt.Sprintf(`{"type":"person","email":"%s@example.com","personDetails":{"firstName":"Ada","lastName":"Marsh"}}`, unique)
	got, err := p.try("POST", "/v1/clients", create)
	if err != nil || got.status != 200 {
		t.Errorf("create: got %d %s, %v", got.status, got.body, err)
		return
	}
	id, _ := attributesOf(got.body)
	for i := range 2 {
		got, err := p.try("POST", "/v1/clients/"+id, fmt.Sprintf(`{"mobile":"%d"}`, i+1))
		if err != nil || got.status != 200 {
			t.Errorf("update: got %d %s, %v", got.status, got.body, err)
		}
	}
	if got, err := p.try("DELETE", "/v1/clients/"+id, ""); err != nil || got.status != 204 {
		t.Errorf("delete: got %d %s, %v", got.status, got.body, err)
	}
}

// serverPID gives the process that strace runs.
func serverPID(t *testing.T, file string) *os.Process {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A syscallSpan is when a system call began and ended, in lines of the trace: strace writes them in the order of what it saw.
type syscallSpan struct{ begin, end int }

// A logWrite is bytes written to the log.
type logWrite struct {
	syscallSpan
	from, to int64
}

// An answer is one of success to a write.
type answer struct {
	syscallSpan
	line   string // beginning of the answer
	method string
	id     string
	read   int // when the last of the request had been read
}

// A spy is what a trace shows.
type spy struct {
	writes  []logWrite
	flushes []syscallSpan
	answers []answer
	log     []byte // the log file
	page    int64
}

const (
	walHeader   = 32 // bytes; SQLite, "WAL-mode File Format"
	frameHeader = 24
)

var (
	callLine   = regexp.MustCompile(`^(\d+) +(?:<\.\.\. \w+ resumed>(.*)|((\w+)\(.*))$`)
	callFile   = regexp.MustCompile(`^\w+\(\d+<(.*?)>[,)]`)
	callRange  = regexp.MustCompile(`, (\d+), (\d+)\) += (\d+)$`)
	callResult = regexp.MustCompile(`\) += (-?\d+)(?: .*)?$`)
	idInAnswer = regexp.MustCompile(`\\"id\\":\\"([0-9a-f]{24})\\"`)
	idInPath   = regexp.MustCompile(`^\w+ /v1/clients/([0-9a-f]{24}) `)
)

// readTrace joins the halves of interrupted lines and gathers what matters.
func readTrace(t *testing.T, text string, log []byte) *spy {
	t.Helper()
	s := &spy{log: log, page: int64(binary.BigEndian.Uint32(log[8:12]))}
	type half struct {
		text  string
		begin int
	}
	halves := map[string]half{}
	requests := map[string]string{} // by socket: what was read since the last answer
	read := map[string]int{}
	for n, line := range strings.Split(text, "\n") {
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		call, begin := m[3], n
		if call == "" {
			h, ok := halves[m[1]]
			if !ok {
				t.Fatalf("line %d of the trace resumes nothing: %.200s", n+1, line)
			}
			call, begin = h.text+m[2], h.begin
			delete(halves, m[1])
		}
		head, unfinished := strings.CutSuffix(call, " <unfinished ...>")
		if unfinished {
			halves[m[1]] = half{head, begin}
		}
		name, _, _ := strings.Cut(call, "(")
		file := callFile.FindStringSubmatch(call)
		switch {
		case file == nil:
		case isSocket(file[1]) && strings.HasPrefix(name, "re"):
			if r := callResult.FindStringSubmatch(call); !unfinished && r != nil && r[1] != "0" && r[1][0] != '-' {
				requests[file[1]] += quotedIn(call)
				read[file[1]] = n
			}
		case isSocket(file[1]): // an answer counts from its beginning, ended or not
			if m[3] == "" {
				continue
			}
			s.answer(answer{syscallSpan: syscallSpan{begin, n}, line: call, read: read[file[1]]}, requests[file[1]])
			requests[file[1]] = ""
		case !strings.HasSuffix(file[1], ".db-wal") || unfinished:
		case name == "fsync" || name == "fdatasync":
			if r := callResult.FindStringSubmatch(call); r == nil || r[1] != "0" {
				t.Errorf("line %d of the trace: a flush failed: %s", n+1, call)
				continue
			}
			s.flushes = append(s.flushes, syscallSpan{begin, n})
		case name == "pwrite64":
			r := callRange.FindStringSubmatch(call)
			if r == nil || r[1] != r[3] {
				t.Fatalf("line %d of the trace: a write to the log that was not whole: %.100s…", n+1, call)
			}
			length, _ := strconv.ParseInt(r[1], 10, 64)
			from, _ := strconv.ParseInt(r[2], 10, 64)
			s.writes = append(s.writes, logWrite{syscallSpan{begin, n}, from, from + length})
		case strings.HasPrefix(name, "write") || strings.HasPrefix(name, "pwritev"):
			t.Fatalf("line %d of the trace: this test does not know what %s writes to the log", n+1, name)
		}
	}
	return s
}

func isSocket(file string) bool {
	return strings.HasPrefix(file, "socket:") || strings.HasPrefix(file, "TCP")
}

// answer takes an answer of success to a write.
func (s *spy) answer(a answer, request string) {
	line := quotedIn(a.line)
	if !strings.HasPrefix(line, "HTTP/1.1 2") || strings.HasPrefix(request, "GET ") {
		return
	}
	a.method, _, _ = strings.Cut(request, " ")
	if m := idInPath.FindStringSubmatch(request); m != nil {
		a.id = m[1]
	} else if m := idInAnswer.FindStringSubmatch(line); m != nil {
		a.id = m[1]
	}
	s.answers = append(s.answers, a)
}

// quotedIn gives what stands between the first two quotes of a call, its escapes as they are.
func quotedIn(call string) string {
	_, rest, _ := strings.Cut(call, `"`)
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return rest[:i]
		}
	}
	return rest
}

// judge finds the flush that covers an answer's write.
func (s *spy) judge(t *testing.T, a answer) {
	t.Helper()
	id, err := hex.DecodeString(a.id)
	if err != nil || len(id) == 0 {
		t.Errorf("no id in %.300s", a.line)
		return
	}
	first, last, ok := s.transaction(id, a.read)
	if !ok {
		t.Errorf("%s of client %s: answered in line %d of the trace, but no transaction with that id was written since its request was read in line %d",
			a.method, a.id, a.begin+1, a.read+1)
		return
	}
	written := 0
	for _, w := range s.writes {
		if w.from < s.frame(last+1) && w.to > s.frame(first) {
			written = max(written, w.end)
		}
	}
	for _, f := range s.flushes {
		if f.begin > written {
			if f.end >= a.begin {
				t.Errorf("%s of client %s: the answer left in line %d of the trace, before the flush of lines %d to %d, the first after its frames %d to %d were written in line %d",
					a.method, a.id, a.begin+1, f.begin+1, f.end+1, first, last, written+1)
			}
			return
		}
	}
	t.Errorf("%s of client %s: answered, and never flushed", a.method, a.id)
}

func (s *spy) frame(n int64) int64 { return walHeader + n*(frameHeader+s.page) }

// transaction gives the frames, from the first that has the id up to the one that commits, of the first transaction that has it and was
// written after a line of the trace.
func (s *spy) transaction(id []byte, after int) (first, last int64, ok bool) {
	frames := (int64(len(s.log)) - walHeader) / (frameHeader + s.page)
	for n := range frames {
		at := s.frame(n)
		if !ok && bytes.Contains(s.log[at+frameHeader:s.frame(n+1)], id) && s.writtenAfter(at, after) {
			first, ok = n, true
		}
		if ok && binary.BigEndian.Uint32(s.log[at+4:]) != 0 { // the size of the database stands in the frame that commits
			return first, n, true
		}
	}
	return 0, 0, false
}

func (s *spy) writtenAfter(at int64, line int) bool {
	for _, w := range s.writes {
		if w.from <= at && at < w.to && w.begin > line {
			return true
		}
	}
	return false
}
