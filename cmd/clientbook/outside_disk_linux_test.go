package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFullDisk fills the file system under a server. Writes are then refused in the dialect's form, reads go on; with space again,
// writes work again, and what was acknowledged is there, what was refused is not.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m,mode=700"); err != nil {
		t.Skipf("no file system may be mounted here, so none can be filled: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, bytes.Repeat([]byte("x"), 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(disk, "data")
	p := serve(t, data, newKey(t, data, "full", "test"))
	f := &filler{t: t, p: p, acked: map[string]string{}}
	for i := 0; !f.create(); i++ {
		if i == 5000 {
			t.Fatal("the disk does not become full")
		}
	}
	t.Logf("the disk was full after %d clients", len(f.acked))
	for range 20 { // it stays so, for every sort of write
		f.create()
	}
	for id := range f.acked {
		f.full("POST", "/v1/clients/"+id, `{"email":"changed@example.com"}`)
		f.full("DELETE", "/v1/clients/"+id, "")
		break
	}
	f.check("while the disk is full")
	p.want(200, "GET", "/readyz", "")
	elsewhere := filepath.Join(t.TempDir(), "copy.db")
	if out, errs, err := runProgram("backup", "--data", data, elsewhere); err != nil {
		t.Errorf("backup to another disk: %v\n%s%s", err, out, errs)
	} else {
		restored := filepath.Join(t.TempDir(), "restored")
		key, err := os.ReadFile(filepath.Join(data, "clientbook.key"))
		if err := errors.Join(err, os.Mkdir(restored, 0o700), os.Rename(elsewhere, filepath.Join(restored, "clientbook.db")),
			os.WriteFile(filepath.Join(restored, "clientbook.key"), key, 0o600)); err != nil {
			t.Fatal(err)
		}
		deep(t, restored)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); !f.accepted(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > 5*time.Second {
			t.Fatalf("there is space again, but writes are still refused\n%s", lastLines(p.printed(), 5))
		}
	}
	for range 20 {
		if f.create() {
			t.Error("refused again, though there is space")
		}
	}
	f.check("with space again")
	deep(t, data)
	newFinder(p.key).look(t, "after the disk was full", data, p)
	p.kill()
	deep(t, data)
	f.p = serve(t, data, p.key)
	f.check("after kill -9")
	f.p.stop()
	deep(t, data)
}

// A filler makes clients and remembers which ones.
type filler struct {
	t       *testing.T
	p       *program
	n       int
	acked   map[string]string // answers by id
	refused []string          // values of externalId
}

// create makes one more client; true if the disk was full.
func (f *filler) create() bool {
	f.t.Helper()
	got, reference := f.send()
	if got.status == 200 {
		id, _ := attributesOf(got.body)
		f.acked[id] = string(got.body)
		return false
	}
	f.refused = append(f.refused, reference)
	f.judge(got)
	return true
}

func (f *filler) accepted() bool { return !f.create() }

func (f *filler) send() (got reply, reference string) {
	f.t.Helper()
	f.n++
	reference = fmt.Sprintf("reference-%d", f.n)
	got, err := f.p.try("POST", "/v1/clients", strings.Replace(privatePerson, "EXT-Qx82-Zed", reference, 1))
	if err != nil {
		f.t.Fatal(err)
	}
	return got, reference
}

// full sends a write that must be refused.
func (f *filler) full(method, path, body string) {
	f.t.Helper()
	got, err := f.p.try(method, path, body)
	if err != nil {
		f.t.Fatal(err)
	}
	f.judge(got)
}

// judge wants the contract's 503: section 3.
func (f *filler) judge(got reply) {
	f.t.Helper()
	var e struct{ Type, Message, Param string }
	wait, err := strconv.Atoi(got.header.Get("Retry-After"))
	if got.status != 503 || json.Unmarshal(got.body, &e) != nil || e.Type != "internal_server_error" || e.Message == "" || e.Param != "" || err != nil || wait < 1 {
		f.t.Errorf("on a full disk: got %d %s, Retry-After %q\nwant 503 internal_server_error with Retry-After", got.status, got.body, got.header.Get("Retry-After"))
	}
}

// check reads everything.
func (f *filler) check(when string) {
	f.t.Helper()
	for id, answer := range f.acked {
		if got := f.p.want(200, "GET", "/v1/clients/"+id, ""); string(got) != answer {
			f.t.Errorf("%s: client %s\ngot  %s\nwant %s", when, id, got, answer)
		}
	}
	if n := totalOf(f.t, f.p, ""); n != len(f.acked) {
		f.t.Errorf("%s: %d clients, want %d", when, n, len(f.acked))
	}
	if n := totalOf(f.t, f.p, "personDetails.lastName=Quillmoorey&externalId=reference-1"); n != 1 {
		f.t.Errorf("%s: %d clients found by two filters, want 1", when, n)
	}
	for _, r := range f.refused {
		if n := totalOf(f.t, f.p, "externalId="+r); n != 0 {
			f.t.Errorf("%s: client %s was refused and is there", when, r)
		}
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(len(lines)-n, 0):], "\n")
}
