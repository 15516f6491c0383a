package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clientbook"
)

// attached gives a Session that is closed when the test ends.
func attached(t *testing.T, data string) *Session {
	t.Helper()
	s, err := Attach(t.Context(), Config{Data: data, Make: true, Notice: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Commands that start at the same moment, on a directory that is not there yet, wait for one another.
func TestAttachTogether(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			s, err := Attach(t.Context(), Config{Data: data, Make: true, Notice: io.Discard})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.CreateKey(t.Context(), KeyRequest{Book: fmt.Sprint("book", n), Mode: clientbook.ModeTest}); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	keys, err := attached(t, data).Keys(t.Context())
	if err != nil || len(keys) != 8 {
		t.Fatalf("Keys = %d keys, %v, want 8", len(keys), err)
	}
}

// serving starts a server and gives what stops it and waits.
func serving(t *testing.T, data string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := start(ctx, ServeConfig{Config: mustAbsolute(t, data), Addr: "127.0.0.1:0", Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func mustAbsolute(t *testing.T, data string) Config {
	t.Helper()
	c, err := Config{Data: data, Make: true, Notice: io.Discard}.absolute()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The address of a Unix socket holds about a hundred bytes; a data directory may be deeper.
func TestLongPath(t *testing.T) {
	data := t.TempDir()
	for len(data) < 300 {
		data = filepath.Join(data, strings.Repeat("d", 60))
	}
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		t.Fatal(err)
	}
	temp, err := os.MkdirTemp("/tmp", "cb") // t.TempDir may be too long itself
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	stop := serving(t, data)
	t.Setenv("TMPDIR", filepath.Dir(data)) // the client's own is too long as well
	s := attached(t, data)
	if s.instance != nil {
		t.Error("the command did not go through the server")
	}
	if _, err := s.CreateKey(t.Context(), KeyRequest{Book: "acme", Mode: clientbook.ModeTest}); err != nil {
		t.Error(err)
	}
	stop()
	if _, err := os.Lstat(filepath.Join(data, socketName)); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
	if err := os.Remove(temp); err != nil {
		t.Errorf("a link was left: %v", err)
	}
}

// newControl gives a handler of one command, and its log.
func newControl(t *testing.T, op operation[None, None]) (*http.ServeMux, *bytes.Buffer) {
	t.Helper()
	mux, log := http.NewServeMux(), new(bytes.Buffer)
	route(mux, nil, slog.New(slog.NewTextHandler(log, nil)), op)
	return mux, log
}

// A command that its caller interrupts is stopped in the server, and one that the server's end interrupts says so.
func TestInterruptedCommand(t *testing.T) {
	data := t.TempDir()
	began, ended := make(chan struct{}), make(chan struct{})
	op := operation[None, None]{"wait", func(_ *Instance, ctx context.Context, _ None, p Progress) (None, error) {
		p(1, 2)
		began <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{}
		return None{}, ctx.Err()
	}}
	mux, log := newControl(t, op)
	ln, err := listenControl(data)
	if err != nil {
		t.Fatal(err)
	}
	serverCtx, stopServer := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serveControl(serverCtx, ln, mux) }()

	ask := func(ctx context.Context) (progress [2]int64, result chan error) {
		result = make(chan error, 1)
		told := make(chan [2]int64, 1)
		go func() {
			_, err := op.ask(ctx, data, None{}, func(done, all int64) { told <- [2]int64{done, all} })
			result <- err
		}()
		<-began
		return <-told, result
	}
	ctx, interrupt := context.WithCancel(t.Context())
	progress, result := ask(ctx)
	if progress != [2]int64{1, 2} {
		t.Errorf("progress = %v, want 1 of 2", progress)
	}
	interrupt()
	within(t, "the command ends in the server", ended)
	if err := <-result; err == nil {
		t.Error("an interrupted command has no error")
	}

	_, result = ask(t.Context())
	stopServer()
	within(t, "the command ends with the server", ended)
	if err := <-result; err == nil || err.Error() != "the server is ending, and stopped the command" {
		t.Errorf("error = %v", err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if log.Len() == 0 {
		t.Error("the commands were not logged")
	}
}

func within[T any](t *testing.T, what string, c <-chan T) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatalf("waited in vain: %s", what)
	}
}

// A server of another version, or no server of ours at all, is told from one that ended.
func TestForeignServer(t *testing.T) {
	data := t.TempDir()
	unknown := operation[None, None]{name: "dance"}
	mux, _ := newControl(t, operation[None, None]{name: "wait"})
	ln, err := listenControl(data)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serveControl(ctx, ln, mux) }()
	if _, err := unknown.ask(t.Context(), data, None{}, nil); err == nil || !strings.Contains(err.Error(), "another version of clientbook") {
		t.Errorf("unknown command: %v", err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	dead, err := net.Listen("unix", filepath.Join(data, socketName))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		c, err := dead.Accept()
		if err == nil {
			_ = c.Close()
		}
		_ = dead.Close()
	}()
	if _, err := unknown.ask(t.Context(), data, None{}, nil); err == nil || !strings.HasPrefix(err.Error(), "ask the server that has ") {
		t.Errorf("dead server: %v", err)
	}
}
