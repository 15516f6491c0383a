package complycube

import (
	"context"
	"net/http"
	"strings"

	"clientbook"
	"clientbook/internal/httpx"
)

// dialect is the name under which versions keep this wire.
const dialect = "complycube"

type callerKey struct{}

// authenticate gives the request with its caller. The API key is the whole Authorization header: no scheme goes before it, so what
// has a space is no key, Bearer tokens included (contract D11).
func (a *API) authenticate(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	values := r.Header["Authorization"]
	if len(values) != 1 || values[0] == "" || strings.ContainsAny(values[0], " \t") {
		return nil, &clientbook.Error{Kind: clientbook.KindUnauthorized, Reason: clientbook.ReasonCredential}
	}
	caller, err := a.books.Authenticate(r.Context(), values[0])
	if err != nil {
		return nil, err
	}
	caller.Dialect = dialect
	note := httpx.NoteOf(w)
	note.Book, note.Credential = caller.Book.String(), caller.Credential.String()
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)), nil
}

// callerOf gives the caller of an authenticated request.
func callerOf(r *http.Request) clientbook.Caller {
	return r.Context().Value(callerKey{}).(clientbook.Caller)
}
