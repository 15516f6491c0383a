package httpx

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	logBuffer = 64 << 10               // bytes of log that wait at most
	logDelay  = 100 * time.Millisecond // how long a line waits at most
)

// A LogWriter gathers log lines so that a request does not cost a system call. A line waits at most 100 ms, less when 64 KiB are
// waiting. It is safe for concurrent use.
type LogWriter struct {
	mu     sync.Mutex // guards buf, closed and writes to out
	buf    []byte
	closed bool
	out    io.Writer
	wake   chan struct{} // has room for one: the buffer is no longer empty
	stop   chan struct{}
	wg     sync.WaitGroup
}

// NewLogWriter gives a writer to out. Its owner calls Close, which ends its goroutine.
func NewLogWriter(out io.Writer) *LogWriter {
	w := &LogWriter{out: out, buf: make([]byte, 0, logBuffer), wake: make(chan struct{}, 1), stop: make(chan struct{})}
	w.wg.Go(w.run)
	return w
}

func (w *LogWriter) run() {
	for {
		select {
		case <-w.wake:
		case <-w.stop:
			return
		}
		select {
		case <-time.After(logDelay):
		case <-w.stop:
			return
		}
		_ = w.Flush() // the next Write will meet the same error
	}
}

// Write takes one or more whole lines. After Close it writes them through.
func (w *LogWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.buf)+len(p) > logBuffer || w.closed {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	if len(p) > logBuffer || w.closed {
		return w.out.Write(p)
	}
	w.buf = append(w.buf, p...)
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return len(p), nil
}

// Flush writes what waits. Lines that can't be written are dropped.
func (w *LogWriter) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.flush()
}

func (w *LogWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// Close writes what waits and ends the goroutine. Later lines are written through, so that the last words of a process are not lost.
func (w *LogWriter) Close() error {
	w.mu.Lock()
	first := !w.closed
	w.closed = true
	err := w.flush()
	w.mu.Unlock()
	if first {
		close(w.stop)
	}
	w.wg.Wait()
	return err
}

// Handler gives h, which must write to w, the habit of flushing at once after a line of level Warn or above.
func (w *LogWriter) Handler(h slog.Handler) slog.Handler { return &flushHandler{Handler: h, w: w} }

type flushHandler struct {
	slog.Handler
	w *LogWriter
}

func (h *flushHandler) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if err == nil && r.Level >= slog.LevelWarn {
		err = h.w.Flush()
	}
	return err
}

func (h *flushHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.w.Handler(h.Handler.WithAttrs(attrs))
}

func (h *flushHandler) WithGroup(name string) slog.Handler {
	return h.w.Handler(h.Handler.WithGroup(name))
}
