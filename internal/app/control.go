package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// The control socket speaks HTTP: a command is a POST of its request as JSON to controlPath and its name. The answer is 200 and lines of
// JSON, each a controlLine: progress, then one that ends it. A connection that is closed before stops the command.

// controlPath names the protocol's version, so that a program and a server that don't understand each other find out.
const controlPath = "/control/1/"

// A controlLine is progress, or the last line: result, error or both.
type controlLine struct {
	Done   int64           `json:"done,omitempty"`
	All    int64           `json:"all,omitempty"`
	End    bool            `json:"end,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

const (
	maxControlBody  = 2 << 20 // a settings file, as base64
	progressEvery   = 100 * time.Millisecond
	controlPatience = 10 * time.Second // for one line to be taken, and for the request to come
)

// controlHandler gives the handler of every command.
func controlHandler(i *Instance, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	route(mux, i, log, createKey)
	route(mux, i, log, listKeys)
	route(mux, i, log, revokeKey)
	route(mux, i, log, verify)
	route(mux, i, log, backup)
	route(mux, i, log, listKeepers)
	route(mux, i, log, apply)
	route(mux, i, log, showSettings)
	route(mux, i, log, preview)
	route(mux, i, log, addKeeper)
	return mux
}

// route registers one command. Of a request only the command's name is logged: it holds names, and may hold a passphrase.
func route[In, Out any](mux *http.ServeMux, i *Instance, log *slog.Logger, o operation[In, Out]) {
	mux.HandleFunc("POST "+controlPath+o.name, func(w http.ResponseWriter, r *http.Request) {
		a := &controlAnswer{w: w, control: http.NewResponseController(w)}
		in, err := readControl[In](a, r)
		if err != nil {
			http.Error(w, "no request of this command", http.StatusBadRequest)
			return
		}
		begun := time.Now()
		out, err := o.do(i, r.Context(), in, a.progress)
		log.Info("command", slog.String("name", o.name), slog.Bool("ok", err == nil), slog.Int64("micros", time.Since(begun).Microseconds()))
		a.end(out, err)
	})
}

// readControl reads a request to its end: only then does net/http notice that the asker has gone. A deadline left in place would look
// like that.
func readControl[In any](a *controlAnswer, r *http.Request) (in In, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(a.w, r.Body, maxControlBody))
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	return in, errors.Join(err, a.control.SetReadDeadline(time.Time{}))
}

// A controlAnswer writes the lines of one answer.
type controlAnswer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	mu      sync.Mutex
	last    time.Time // of the last progress line
}

func (a *controlAnswer) progress(done, all int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); now.Sub(a.last) >= progressEvery {
		a.last = now
		a.write(controlLine{Done: done, All: all})
	}
}

func (a *controlAnswer) end(out any, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	line := controlLine{End: true}
	result, failed := json.Marshal(out)
	line.Result = result
	switch err = errors.Join(err, failed); {
	case errors.Is(err, context.Canceled): // the asker is there still, or nobody reads this
		line.Error = "the server is ending, and stopped the command"
	case err != nil:
		line.Error = err.Error()
	}
	a.write(line)
}

// write sends a line at once. Whoever no longer reads it has ended the request's context.
func (a *controlAnswer) write(line controlLine) {
	_ = a.control.SetWriteDeadline(time.Now().Add(controlPatience))
	if json.NewEncoder(a.w).Encode(line) == nil {
		_ = a.control.Flush()
	}
}

// serveControl answers with h on ln until ctx is done. Then the commands under way are stopped.
func serveControl(ctx context.Context, ln net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: controlPatience,
		ReadTimeout:       controlPatience,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // its texts may hold what was sent
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("control socket: %w", err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), controlPatience/2)
	defer cancel()
	if server.Shutdown(patience) != nil {
		_ = server.Close() // the listener is closed already
	}
	<-ended
	return nil
}
