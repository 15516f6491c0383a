// Package httpx is what all HTTP dialects share: routing, JSON bodies, the request log, the server with its limits, health. It knows
// no vendor: whatever a caller reads in an error is written by a Fail or a Rejection that the dialect gives.
package httpx

import (
	"net/http"

	"clientbook"
)

// A Fail answers a request with err, in the form that a dialect's callers expect. Nothing has been written when it is called.
type Fail func(w http.ResponseWriter, r *http.Request, err error)

// A Func handles a request, or returns the error that is to be its answer; in that case it has written nothing.
type Func func(w http.ResponseWriter, r *http.Request) error

// Handle makes a handler of fn, whose errors go to the request log and to fail. Authentication is best a Func too, so that its
// refusals take the same way.
func Handle(fail Fail, fn Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := fn(w, r); err != nil {
			fail.send(w, r, err)
		}
	})
}

// send notes err for the request log and answers with it. Where the rest of the body is not wanted, the connection is closed: else
// net/http would wait for up to 256 KiB more of it before it sends the answer.
func (f Fail) send(w http.ResponseWriter, r *http.Request, err error) {
	NoteOf(w).Err = err
	if clientbook.KindOf(err) == clientbook.KindTooLarge || clientbook.ReasonOf(err) == clientbook.ReasonTimeout {
		w.Header()["Connection"] = []string{"close"}
	}
	f(w, r, err)
}
