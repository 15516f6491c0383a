package mambu

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"clientbook"
	"clientbook/internal/httpx"
)

const (
	// dialect is the name under which versions keep this wire.
	dialect = "mambu"
	// maxClaim is how many characters of a Basic user name are kept.
	maxClaim = 256
)

type callerKey struct{}

// authenticate gives the request with its caller. An API key stands in the header apikey, which goes before Authorization, or is the
// password of Basic; the user beside it is a claim. Vendor reference, "Authentication"; contract section 1.
func (a *API) authenticate(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	key, user, ok := credentials(r)
	if !ok {
		return nil, &clientbook.Error{Kind: clientbook.KindUnauthorized, Reason: clientbook.ReasonCredential}
	}
	caller, err := a.books.Authenticate(r.Context(), key)
	if err != nil {
		return nil, err
	}
	caller.Dialect, caller.Kind, caller.Claim = dialect, clientbook.PersonKind, claim(user)
	note := httpx.NoteOf(w)
	note.Book, note.Credential = caller.Book.String(), caller.Credential.String()
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)), nil
}

// credentials gives the API key that a request shows and the user beside it. A header that is there twice is none.
func credentials(r *http.Request) (key, user string, ok bool) {
	switch values := r.Header["Apikey"]; {
	case len(values) > 1:
		return "", "", false
	case len(values) == 1 && values[0] != "":
		return values[0], "", true
	}
	if len(r.Header["Authorization"]) != 1 {
		return "", "", false
	}
	user, key, ok = r.BasicAuth() // only the first colon separates
	return key, user, ok && key != ""
}

// claim gives a user name as it may be kept.
func claim(user string) string {
	user = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(user, ""))
	n := 0
	for i := range user {
		if n++; n > maxClaim {
			return user[:i]
		}
	}
	return user
}

// callerOf gives the caller of an authenticated request.
func callerOf(r *http.Request) clientbook.Caller {
	return r.Context().Value(callerKey{}).(clientbook.Caller)
}
