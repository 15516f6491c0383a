// Package complycube is ComplyCube's clients API over the book: its paths, attributes, errors, lists and filters. What it serves and
// where it differs from the vendor's stands in docs/dialects/complycube.md; "contract D…" in comments means the decisions there.
package complycube

import (
	"context"
	"net/http"

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
	Client(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) (*clientbook.Client, error)
	CreateClient(ctx context.Context, caller clientbook.Caller, u *clientbook.ClientUpdate) (*clientbook.Client, error)
	UpdateClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID, u *clientbook.ClientUpdate) (*clientbook.Client, error)
	DeleteClient(ctx context.Context, caller clientbook.Caller, id clientbook.ClientID) error
	ListClients(ctx context.Context, caller clientbook.Caller, q book.ClientFilter, offset, limit int64) (book.ClientPage, error)
}

// An API serves /v1 and everything below it, whatever the method: it is to be mounted there.
type API struct {
	books Books
	root  http.Handler
}

// New gives the API over books.
func New(books Books) *API {
	a := &API{books: books}
	t := httpx.NewTable(Fail)
	handle := func(pattern string, fn httpx.Func) { t.Handle(pattern, httpx.Handle(Fail, fn)) }
	handle("GET /v1/clients", a.listClients)
	handle("POST /v1/clients", a.createClient)
	handle("GET /v1/clients/{id}", a.getClient)
	handle("POST /v1/clients/{id}", a.updateClient)
	handle("DELETE /v1/clients/{id}", a.deleteClient)
	// The key goes before everything else, even before the question whether there is such a path.
	a.root = httpx.Handle(Fail, func(w http.ResponseWriter, r *http.Request) error {
		r, err := a.authenticate(w, r)
		if err == nil {
			t.ServeHTTP(w, r)
		}
		return err
	})
	return a
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.root.ServeHTTP(w, r) }

func (a *API) listClients(w http.ResponseWriter, r *http.Request) error {
	q, err := parseList(r.URL.RawQuery)
	if err != nil {
		return err
	}
	page, err := a.books.ListClients(r.Context(), callerOf(r), q.filter, q.offset(), q.pageSize)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte { return appendList(b, q.page, q.pageSize, page.Total, page.Clients) })
	return nil
}

func (a *API) createClient(w http.ResponseWriter, r *http.Request) error {
	caller := callerOf(r)
	u, err := a.update(r, &caller, true)
	if err != nil {
		return err
	}
	c, err := a.books.CreateClient(r.Context(), caller, u)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte { return appendClient(b, c) })
	return nil
}

func (a *API) getClient(w http.ResponseWriter, r *http.Request) error {
	id, err := clientID(r)
	if err != nil {
		return err
	}
	c, err := a.books.Client(r.Context(), callerOf(r), id)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte { return appendClient(b, c) })
	return nil
}

func (a *API) updateClient(w http.ResponseWriter, r *http.Request) error {
	caller := callerOf(r)
	u, err := a.update(r, &caller, false) // a broken body goes before an unknown id
	if err != nil {
		return err
	}
	id, err := clientID(r)
	if err != nil {
		return err
	}
	c, err := a.books.UpdateClient(r.Context(), caller, id, u)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte { return appendClient(b, c) })
	return nil
}

func (a *API) deleteClient(w http.ResponseWriter, r *http.Request) error {
	id, err := clientID(r)
	if err != nil {
		return err
	}
	if err := a.books.DeleteClient(r.Context(), callerOf(r), id); err != nil {
		return err
	}
	httpx.WriteBytes(w, http.StatusNoContent, nil)
	return nil
}

// clientID gives the id in the path. One of the wrong shape names no client, and is no fault of another sort.
func clientID(r *http.Request) (clientbook.ClientID, error) {
	id, ok := clientbook.ParseClientID(r.PathValue("id"))
	if !ok {
		return id, clientbook.NotFound(clientbook.ReasonClient)
	}
	return id, nil
}

// update reads the body of a create or an update, and for whom the caller says it acts.
func (a *API) update(r *http.Request, caller *clientbook.Caller, create bool) (*clientbook.ClientUpdate, error) {
	body, err := httpx.ReadJSON(r, maxBody, maxDepth)
	if err != nil {
		return nil, err
	}
	in, err := decode(body)
	if err != nil {
		return nil, err
	}
	caller.Claim = in.LastActionBy.text
	settings, err := a.books.Settings(r.Context(), *caller)
	if err != nil {
		return nil, err
	}
	return readUpdate(in, create, settings.MetadataKeys), nil
}
