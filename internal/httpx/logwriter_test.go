package httpx

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// writes remembers each write.
type writes struct {
	mu  sync.Mutex
	all []string
	err error
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(p))
	return len(p), w.err
}

func (w *writes) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.all
	w.all = nil
	return all
}

func expect(t *testing.T, when string, out *writes, want ...string) {
	t.Helper()
	if got := out.take(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s: writes %q, want %q", when, got, want)
	}
}

func write(t *testing.T, w io.Writer, s string) {
	t.Helper()
	if n, err := io.WriteString(w, s); n != len(s) || err != nil {
		t.Errorf("Write(%.20q) = %d, %v", s, n, err)
	}
}

func TestLogWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := new(writes)
		w := NewLogWriter(out)
		for range 2 { // the second time after a pause
			write(t, w, "a\n")
			time.Sleep(60 * time.Millisecond)
			write(t, w, "b\n")
			time.Sleep(39 * time.Millisecond)
			synctest.Wait()
			expect(t, "before 100 ms", out)
			time.Sleep(time.Millisecond)
			synctest.Wait()
			expect(t, "after 100 ms", out, "a\nb\n")
			time.Sleep(time.Second)
		}

		half := strings.Repeat("x", logBuffer/2)
		write(t, w, half)
		write(t, w, half)
		expect(t, "full", out)
		write(t, w, "c\n")
		expect(t, "over full", out, half+half)
		write(t, w, half+half+"d\n")
		expect(t, "longer than the buffer", out, "c\n", half+half+"d\n")

		write(t, w, "e\n")
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		expect(t, "closed", out, "e\n")
		write(t, w, "f\n")
		expect(t, "after Close", out, "f\n")
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestLogWriterError(t *testing.T) {
	out := &writes{err: errors.New("disk full")}
	w := NewLogWriter(out)
	write(t, w, "a\n")
	if err := w.Flush(); err == nil {
		t.Error("Flush: no error")
	}
	if err := w.Close(); err != nil {
		t.Errorf("Close tried a dropped line again: %v", err)
	}
	if _, err := io.WriteString(w, "b\n"); err == nil {
		t.Error("Write after Close: no error")
	}
}

func TestLogWriterHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := new(writes)
		w := NewLogWriter(out)
		h := slog.NewTextHandler(w, nil)
		for _, log := range []*slog.Logger{slog.New(w.Handler(h)), slog.New(w.Handler(h)).With().WithGroup("g").With("k", 1)} {
			log.Info("one")
			expect(t, "info", out)
			log.Warn("two")
			if got := out.take(); len(got) != 1 || strings.Count(got[0], "\n") != 2 {
				t.Errorf("warn: writes %q, want one of two lines", got)
			}
			log.Error("three")
			if got := out.take(); len(got) != 1 || strings.Count(got[0], "\n") != 1 {
				t.Errorf("error: writes %q, want one of one line", got)
			}
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Run with -race: whole lines, none lost.
func TestLogWriterConcurrent(t *testing.T) {
	var out bytes.Buffer
	w := NewLogWriter(&out)
	var wg sync.WaitGroup
	line := strings.Repeat("x", 999) + "\n"
	for range 4 {
		wg.Go(func() {
			for range 200 {
				_, _ = io.WriteString(w, line)
			}
		})
	}
	wg.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), strings.Repeat(line, 800); got != want {
		t.Errorf("%d bytes, want %d, or lines are torn", len(got), len(want))
	}
}
