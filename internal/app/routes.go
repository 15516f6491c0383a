package app

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/dialect/complycube"
	"clientbook/internal/dialect/mambu"
	"clientbook/internal/httpx"
	"clientbook/internal/openapi"
)

// readyPatience is how long the store may take to answer /readyz.
const readyPatience = 2 * time.Second

// rejections say in whose form a request is refused that never comes to a handler.
var rejections = []httpx.Rejection{{Prefix: "/api", Body: mambu.Rejection}, {Body: complycube.Rejection}}

// fail answers with an error in the form of the dialect whose path it is; what belongs to none has ComplyCube's.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/api"); ok && (rest == "" || rest[0] == '/') {
		mambu.Fail(w, r, err)
		return
	}
	complycube.Fail(w, r, err)
}

// routes gives every path of the server.
func routes(i *Instance, log *slog.Logger) http.Handler {
	t := httpx.NewTable(fail)
	t.Mount("/v1", complycube.New(i.books))
	t.Mount("/api", mambu.New(i.books, nil))
	t.Mount("/docs", openapi.Docs(fail, complycube.Description(), mambu.Description()))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		t.Handle(method+" /healthz", httpx.Healthz())
		t.Handle(method+" /readyz", httpx.Readyz(i.ready))
	}
	return httpx.RequestLog(log, fail, t)
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
