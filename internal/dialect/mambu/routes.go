// Package mambu is Mambu's clients API over the book, version 1: its paths, records, errors, lists and filters. What it serves and where
// it differs from the vendor's stands in docs/dialects/mambu.md; "contract A…" in comments means the decisions there.
package mambu

import (
	"context"
	"net/http"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/httpx"
)

const (
	maxBody  = 1 << 20 // bytes
	maxDepth = 32
)

// Books are the use cases that this dialect calls.
type Books interface {
	Authenticate(ctx context.Context, key string) (clientbook.Caller, error)
	Settings(ctx context.Context, caller clientbook.Caller) (*clientbook.Settings, error)

	// FindClient gives the client with that number, or with a key that another system made.
	FindClient(ctx context.Context, caller clientbook.Caller, ref string) (clientbook.ClientID, error)
	Client(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) (*clientbook.Client, error)
	CreateClient(ctx context.Context, caller clientbook.Caller, u *clientbook.ClientUpdate) (*clientbook.Client, error)
	UpdateClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID, u *clientbook.ClientUpdate) (*clientbook.Client, error)
	DeleteClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) error

	ListClients(ctx context.Context, caller clientbook.Caller, f book.ClientFilter, offset, limit int64) (book.ClientPage, error)
	SearchClients(ctx context.Context, caller clientbook.Caller, s *book.Search, offset, limit int64) ([]*clientbook.Client, error)
	SearchNames(ctx context.Context, caller clientbook.Caller, text string, limit int64) ([]*clientbook.Client, error)

	Messages(ctx context.Context, caller clientbook.Caller, f book.MessageFilter, offset, limit int64) ([]book.SentMessage, error)
	ResendMessages(ctx context.Context, caller clientbook.Caller, ids []clientbook.MessageID) error
}

// An API serves /api and everything below it, whatever the method: it is to be mounted there.
type API struct {
	books Books
	now   func() time.Time // tells which birth dates lie in the future
	root  http.Handler
}

// New gives the API over books. now is the clock, nil for the system's.
func New(books Books, now func() time.Time) *API {
	if now == nil {
		now = time.Now
	}
	a := &API{books: books, now: now}
	t := httpx.NewTable(Fail)
	for pattern, fn := range a.routes() {
		t.Handle(pattern, httpx.Handle(Fail, fn))
	}
	// The credential goes before everything else, then the version, then the question whether there is such a path.
	a.root = httpx.Handle(Fail, func(w http.ResponseWriter, r *http.Request) error {
		r, err := a.authenticate(w, r)
		if err != nil {
			return err
		}
		if wantsVersion2(r.Header["Accept"]) {
			return refusal(codeProtocol, "")
		}
		t.ServeHTTP(w, r)
		return nil
	})
	return a
}

// routes are all paths. "search" is no client number, so that path hides no client.
func (a *API) routes() map[string]httpx.Func {
	return map[string]httpx.Func{
		"GET /api/clients":         a.listClients,
		"POST /api/clients":        a.createClient,
		"POST /api/clients/search": a.searchClients,
		"GET /api/clients/{id}":    a.getClient,
		"POST /api/clients/{id}":   a.updateClient,
		"PATCH /api/clients/{id}":  a.patchClient,
		"DELETE /api/clients/{id}": a.deleteClient,

		"PATCH /api/clients/{id}/custominformation":                  a.patchValues,
		"GET /api/clients/{id}/custominformation/{field}":            a.getValue,
		"PATCH /api/clients/{id}/custominformation/{field}":          a.patchValue,
		"DELETE /api/clients/{id}/custominformation/{field}":         a.deleteValue,
		"GET /api/clients/{id}/custominformation/{field}/{group}":    a.getValue,
		"PATCH /api/clients/{id}/custominformation/{field}/{group}":  a.patchValue,
		"DELETE /api/clients/{id}/custominformation/{field}/{group}": a.deleteValue,

		"GET /api/clients/{id}/comments":  a.listComments,
		"POST /api/clients/{id}/comments": a.addComment,

		"GET /api/search": a.searchAll,

		"GET /api/clienttypes":                  a.listClientTypes,
		"GET /api/customfieldsets":              a.listCustomFieldSets,
		"GET /api/customfields/{id}":            a.getCustomField,
		"GET /api/branches":                     a.listBranches,
		"GET /api/branches/{id}":                a.getBranch,
		"GET /api/centres":                      a.listCentres,
		"GET /api/centres/{id}":                 a.getCentre,
		"GET /api/users":                        a.listUsers,
		"GET /api/users/{id}":                   a.getUser,
		"GET /api/settings/general":             a.getGeneralSettings,
		"GET /api/settings/iddocumenttemplates": a.listIDDocumentTemplates,

		"POST /api/notifications/messages/search": a.searchMessages,
		"POST /api/notifications/messages":        a.sendMessages,
		"POST /api/notifications":                 a.sendMessages,
	}
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.root.ServeHTTP(w, r) }
