package httpx

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealth(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "here")
	ready := func(err error) http.Handler {
		return Readyz(func(ctx context.Context) error {
			if ctx.Value(key{}) != "here" {
				t.Error("ready got another context than the request's")
			}
			return err
		})
	}
	tests := []struct {
		name   string
		h      http.Handler
		status int
		body   string
	}{
		{"healthz", Healthz(), http.StatusOK, `{"status":"ok"}`},
		{"ready", ready(nil), http.StatusOK, `{"status":"ok"}`},
		{"not ready", ready(errors.New("store is away")), http.StatusServiceUnavailable, `{"status":"unavailable"}`},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		tt.h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%s: got %d %s, want %d %s", tt.name, w.Code, w.Body, tt.status, tt.body)
		}
	}
}
