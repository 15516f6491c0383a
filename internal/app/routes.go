package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"clientbook"
	"clientbook/internal/dialect/complycube"
	"clientbook/internal/httpx"
)

// readyPatience is how long the store may take to answer /readyz.
const readyPatience = 2 * time.Second

// routes gives every path of the server. What belongs to no dialect is answered in ComplyCube's form of errors.
func routes(i *Instance, log *slog.Logger) http.Handler {
	t := httpx.NewTable(complycube.Fail)
	t.Mount("/v1", complycube.New(i.books))
	t.Mount("/docs", complycube.Docs())
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		t.Handle(method+" /healthz", httpx.Healthz())
		t.Handle(method+" /readyz", httpx.Readyz(i.ready))
	}
	return httpx.RequestLog(log, complycube.Fail, t)
}

// ready says whether the store answers.
func (i *Instance) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	return i.store.View(ctx, func(r clientbook.Reader) error {
		_, err := r.Books()
		return err
	})
}
