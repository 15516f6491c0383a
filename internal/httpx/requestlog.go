package httpx

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"clientbook"
)

// requestIDHeader is the answer's header with the id under which the request is logged.
const requestIDHeader = "X-Request-Id"

// A Note is what handlers add to the log line of their request. Nothing personal may stand in it.
type Note struct {
	Route      string // pattern of the route, set by Table
	Book       string // id of the book
	Credential string // id of the credential
	Err        error  // why it was refused, set by Handle and Table; its text is logged for KindInternal and KindBusy only
}

// NoteOf gives the note of the request that w answers; behind no RequestLog, one that nobody reads.
func NoteOf(w http.ResponseWriter) *Note {
	for {
		switch v := w.(type) {
		case *recorder:
			return &v.note
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return new(Note)
		}
	}
}

// A recorder remembers status and size of an answer. It reaches http.ResponseController through Unwrap.
type recorder struct {
	http.ResponseWriter
	id     [1]string // an array to make the header's value of, which saves an allocation
	status int
	bytes  int64
	note   Note
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// RequestLog gives each request an id, sent as X-Request-Id, and writes one line about it when next is done: ids, pattern, numbers and
// reasons, and nothing else that the caller sent. A panic of next is logged with its stack and answered through fail; if the answer
// had begun, the connection is cut.
func RequestLog(log *slog.Logger, fail Fail, next http.Handler) http.Handler {
	h := log.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w, id: [1]string{newRequestID()}}
		w.Header()[requestIDHeader] = rec.id[:]
		defer func() {
			v := recover()
			var stack string
			if v != nil && v != http.ErrAbortHandler {
				stack = frames()
				rec.note.Err = panicError(v)
				if rec.status == 0 {
					clear(w.Header())
					w.Header()[requestIDHeader] = rec.id[:]
					fail(rec, r, rec.note.Err)
					v = nil
				}
			}
			logRequest(h, rec, r, start, stack)
			if v != nil {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

// logRequest builds the record itself: slog.Logger would look up the caller's line, which is always this one.
func logRequest(h slog.Handler, rec *recorder, r *http.Request, start time.Time, stack string) {
	kind, level := clientbook.KindOf(rec.note.Err), slog.LevelInfo
	switch {
	case rec.note.Err != nil && kind == clientbook.KindInternal, rec.status == http.StatusInternalServerError:
		level = slog.LevelError
	case kind == clientbook.KindBusy:
		level = slog.LevelWarn
	}
	ctx := r.Context()
	if !h.Enabled(ctx, level) {
		return
	}
	route := rec.note.Route
	if route == "" {
		route = r.Pattern
	}
	if route == "" {
		route = "unmatched"
	}
	status := rec.status
	if status == 0 {
		status = http.StatusOK // what net/http sends for a handler that wrote nothing
	}
	now := time.Now()
	var room [12]slog.Attr
	attrs := append(room[:0],
		slog.String("id", rec.id[0]),
		slog.String("route", route),
		slog.String("method", knownMethod(r.Method)),
		slog.Int("status", status),
		slog.Int64("bytes", rec.bytes),
		slog.Int64("micros", now.Sub(start).Microseconds()))
	if rec.note.Book != "" {
		attrs = append(attrs, slog.String("book", rec.note.Book))
	}
	if rec.note.Credential != "" {
		attrs = append(attrs, slog.String("credential", rec.note.Credential))
	}
	if err := rec.note.Err; err != nil {
		attrs = append(attrs, slog.String("kind", kind.String()), slog.String("reason", clientbook.ReasonOf(err)))
		if kind == clientbook.KindInternal || kind == clientbook.KindBusy {
			attrs = append(attrs, slog.String("cause", err.Error()))
		}
	}
	if stack != "" {
		attrs = append(attrs, slog.String("stack", stack))
	}
	record := slog.NewRecord(now, level, "request", 0)
	record.AddAttrs(attrs...)
	_ = h.Handle(ctx, record) // a log that can't be written is no reason to fail a request
}

// newRequestID gives 16 random hex digits. They only have to differ, so the runtime's generator will do.
func newRequestID() string {
	var raw [8]byte
	var text [16]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64())
	hex.Encode(text[:], raw[:])
	return string(text[:])
}

// knownMethod keeps methods that a caller made up out of the log.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return method
	}
	return "other"
}

// panicError names a panic by its type. Of its value only the runtime's own words are kept: what others panic with may be personal.
func panicError(v any) error {
	text := fmt.Sprintf("panic: %T", v)
	if e, ok := v.(runtime.Error); ok {
		text += ": " + e.Error()
	}
	return &clientbook.Error{Kind: clientbook.KindInternal, Err: errors.New(text)}
}

// frames gives the functions of a panicking goroutine and their lines; debug.Stack would print their arguments too.
func frames() string {
	var pcs [64]uintptr
	n := runtime.Callers(3, pcs[:]) // the panic, then who caused it
	var b strings.Builder
	for fs := runtime.CallersFrames(pcs[:n]); ; {
		f, more := fs.Next()
		b.WriteString(f.Function + " " + f.File + ":" + strconv.Itoa(f.Line) + "\n")
		if !more {
			return b.String()
		}
	}
}
