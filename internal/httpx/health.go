package httpx

import (
	"context"
	"net/http"

	"clientbook"
)

// Healthz answers 200 as long as the process runs.
func Healthz() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		WriteBytes(w, http.StatusOK, []byte(`{"status":"ok"}`))
	})
}

// Readyz answers 200 while ready returns nil, else 503 without saying why; the log says it.
func Readyz(ready func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := ready(r.Context()); err != nil {
			NoteOf(w).Err = clientbook.Busy(clientbook.ReasonStore, err)
			WriteBytes(w, http.StatusServiceUnavailable, []byte(`{"status":"unavailable"}`))
			return
		}
		WriteBytes(w, http.StatusOK, []byte(`{"status":"ok"}`))
	})
}
