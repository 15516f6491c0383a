package complycube_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/dialect/complycube"
)

// A refuser answers every use case with err, after it let the caller in.
type refuser struct{ err error }

func (f refuser) Authenticate(_ context.Context, key string) (clientbook.Caller, error) {
	if key == "refused" {
		return clientbook.Caller{}, f.err
	}
	return clientbook.Caller{}, nil
}
func (f refuser) Settings(context.Context, clientbook.Caller) (*clientbook.Settings, error) {
	return clientbook.DefaultSettings(), f.err
}
func (f refuser) Client(context.Context, clientbook.Caller, clientbook.ClientID) (*clientbook.Client, error) {
	return nil, f.err
}
func (f refuser) CreateClient(context.Context, clientbook.Caller, *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return nil, f.err
}
func (f refuser) UpdateClient(context.Context, clientbook.Caller, clientbook.ClientID, *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return nil, f.err
}
func (f refuser) DeleteClient(context.Context, clientbook.Caller, clientbook.ClientID) error {
	return f.err
}
func (f refuser) ListClients(context.Context, clientbook.Caller, book.ClientFilter, int64, int64) (book.ClientPage, error) {
	return book.ClientPage{}, f.err
}

const someID = "0123456789abcdef01234567"

// send makes a request of which only the JSON body, if there is one, is to be said.
func send(h http.Handler, key, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestErrors answers an error of every kind, and of every reason that makes a difference.
func TestErrors(t *testing.T) {
	cause := errors.New("disk sda1 of ada@example.com")
	invalid := func(f clientbook.Field, reason, detail string) error {
		return &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Reason: reason, Detail: detail, Err: cause}
	}
	kind := func(k clientbook.Kind) error { return &clientbook.Error{Kind: k, Reason: "any", Err: cause} }
	seen := map[clientbook.Kind]bool{}
	for _, x := range []struct {
		err    error
		status int
		want   string
	}{
		{cause, 500, `{"type":"internal_server_error","message":"An internal error occurred"}`},
		{context.Canceled, 500, `{"type":"internal_server_error","message":"An internal error occurred"}`},
		{&clientbook.Error{Kind: clientbook.KindInternal, Field: clientbook.FieldEmail, Detail: "secret", Err: cause}, 500, `{"type":"internal_server_error","message":"An internal error occurred"}`},
		{invalid(clientbook.FieldEmail, clientbook.ReasonEmail, ""), 400, `{"type":"invalid_request","message":"'email' must be a valid email address","param":"email"}`},
		{errors.Join(invalid(clientbook.FieldEmail, clientbook.ReasonRequired, ""), invalid(clientbook.FieldMobile, clientbook.ReasonType, "")), 400, `{"type":"invalid_request","message":"'email' is required","param":"email"}`},
		{invalid(clientbook.FieldState, clientbook.ReasonState, "blacklisted"), 400, `{"type":"invalid_request","message":"The client is blacklisted and can be neither changed nor deleted"}`},
		{invalid(clientbook.FieldNone, clientbook.ReasonTooBig, ""), 400, `{"type":"invalid_request","message":"The client's attributes take more room than a client may"}`},
		{invalid(clientbook.FieldNone, clientbook.ReasonPageTooBig, ""), 400, `{"type":"invalid_request","message":"'pageSize' must be smaller: these clients are too large for one page, ask for fewer","param":"pageSize"}`},
		{invalid(clientbook.FieldNumber, clientbook.ReasonRequired, ""), 400, `{"type":"invalid_request","message":"The request is invalid"}`},
		{invalid(clientbook.FieldEmail, "news", ""), 400, `{"type":"invalid_request","message":"The request is invalid","param":"email"}`},
		{invalid(clientbook.FieldNone, "", ""), 400, `{"type":"invalid_request","message":"The request is invalid"}`},
		{invalid(clientbook.FieldNone, clientbook.ReasonTimeout, "late"), 408, `{"type":"invalid_request","message":"The body did not arrive in time"}`},
		{kind(clientbook.KindUnauthorized), 401, `{"type":"unauthorized","message":"The 'Authorization' header is invalid"}`},
		{kind(clientbook.KindForbidden), 403, `{"type":"unauthorized","message":"The API key does not allow this"}`},
		{clientbook.NotFound(clientbook.ReasonClient), 404, `{"type":"resource_not_found","message":"Invalid client id '` + someID + `'"}`},
		{kind(clientbook.KindNotFound), 404, `{"type":"resource_not_found","message":"There is no such resource"}`},
		{kind(clientbook.KindConflict), 409, `{"type":"invalid_request","message":"The value belongs to another client"}`},
		{kind(clientbook.KindStale), 409, `{"type":"invalid_request","message":"The client has changed meanwhile"}`},
		{clientbook.Busy(clientbook.ReasonStore, cause), 503, `{"type":"internal_server_error","message":"The service is busy, try again"}`},
		{&clientbook.Error{Kind: clientbook.KindMethod, Detail: "GET"}, 405, `{"type":"invalid_request","message":"The method is not allowed here, only GET"}`},
		{&clientbook.Error{Kind: clientbook.KindTooLarge, Detail: "too large"}, 413, `{"type":"request_too_large","message":"Too large"}`},
		{&clientbook.Error{Kind: clientbook.KindUnsupported, Detail: "no gzip"}, 415, `{"type":"invalid_request","message":"No gzip"}`},
	} {
		seen[clientbook.KindOf(x.err)] = true
		r := httptest.NewRequest("GET", "/v1/clients/"+someID, nil)
		r.SetPathValue("id", someID)
		w := httptest.NewRecorder()
		complycube.Fail(w, r, x.err)
		if w.Code != x.status || w.Body.String() != x.want {
			t.Errorf("%v:\ngot  %d %s\nwant %d %s", x.err, w.Code, w.Body, x.status, x.want)
		}
		if got, want := w.Header().Get("Retry-After"), map[int]string{503: "1"}[w.Code]; got != want {
			t.Errorf("%v: Retry-After %q, want %q", x.err, got, want)
		}
		if got, want := w.Header().Get("Allow"), map[int]string{405: "GET"}[w.Code]; got != want {
			t.Errorf("%v: Allow %q, want %q", x.err, got, want)
		}
		checkAnswer(t, x.err.Error(), httptest.NewRequest("GET", "/v1/other", nil), w.Result())
	}
	for k := clientbook.KindInternal; k <= clientbook.KindUnsupported; k++ {
		if !seen[k] {
			t.Errorf("no answer to kind %q is tested", k)
		}
	}
}

// TestEveryFaultHasWords looks at each reason on each attribute: none may leave a placeholder or an empty place in its message.
func TestEveryFaultHasWords(t *testing.T) {
	for _, f := range clientbook.Fields() {
		for _, reason := range []string{clientbook.ReasonRequired, clientbook.ReasonType, clientbook.ReasonTooLong, clientbook.ReasonCharacters,
			clientbook.ReasonDate, clientbook.ReasonEmail, clientbook.ReasonURL, clientbook.ReasonCountry, clientbook.ReasonImmutable,
			clientbook.ReasonTooMany, clientbook.ReasonKey, clientbook.ReasonValue, clientbook.ReasonState, clientbook.ReasonTooBig} {
			w := httptest.NewRecorder()
			complycube.Fail(w, httptest.NewRequest("GET", "/v1/clients", nil), &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Reason: reason, Detail: "20"})
			var got struct{ Type, Message, Param string }
			if err := json.Unmarshal(w.Body.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			if w.Code != 400 || got.Message == "" || strings.ContainsAny(got.Message, "{}") || strings.Contains(got.Message, "''") {
				t.Errorf("%s %s: %d %s", f, reason, w.Code, w.Body)
			}
			named := strings.Contains(got.Message, "'"+got.Param+"'") || got.Param == "" || reason == clientbook.ReasonState || reason == clientbook.ReasonTooBig
			if !named {
				t.Errorf("%s %s: the message %q does not name %q", f, reason, got.Message, got.Param)
			}
		}
	}
}

// TestRefusals sends every operation to use cases that refuse it, and holds the answers to the description.
func TestRefusals(t *testing.T) {
	for _, x := range []struct {
		err    error
		status int
	}{
		{errors.New("broken"), 500},
		{clientbook.Busy(clientbook.ReasonStore, nil), 503},
		{&clientbook.Error{Kind: clientbook.KindUnauthorized}, 401},
	} {
		api := complycube.New(refuser{x.err})
		for _, op := range []struct{ method, path, body string }{
			{"GET", "/v1/clients", ""},
			{"POST", "/v1/clients", `{}`},
			{"POST", "/v1/clients", `{"metadata":{"k":"v"}}`}, // asks for the settings
			{"GET", "/v1/clients/" + someID, ""},
			{"POST", "/v1/clients/" + someID, `{}`},
			{"DELETE", "/v1/clients/" + someID, ""},
		} {
			for _, key := range []string{"good", "refused"} {
				w := send(api, key, op.method, op.path, op.body)
				if w.Code != x.status {
					t.Errorf("%s %s with a %s key and %v: %d, want %d", op.method, op.path, key, x.err, w.Code, x.status)
				}
				checkAnswer(t, op.method+" "+op.path, httptest.NewRequest(op.method, op.path, nil), w.Result())
			}
		}
	}
	api := complycube.New(refuser{&clientbook.Error{Kind: clientbook.KindInvalid, Field: clientbook.FieldState, Reason: clientbook.ReasonState, Detail: "blacklisted"}})
	for _, op := range []struct{ method, body string }{{"POST", `{}`}, {"DELETE", ""}} {
		w := send(api, "good", op.method, "/v1/clients/"+someID, op.body)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "blacklisted") {
			t.Errorf("%s of a blacklisted client: %d %s", op.method, w.Code, w.Body)
		}
		checkAnswer(t, op.method, httptest.NewRequest(op.method, "/v1/clients/"+someID, nil), w.Result())
	}
}

func TestRejection(t *testing.T) {
	for _, status := range []int{400, 417, 431, 501, 505} {
		var got map[string]string
		if err := json.Unmarshal(complycube.Rejection(status), &got); err != nil || got["type"] != "invalid_request" || got["message"] == "" || len(got) != 2 {
			t.Errorf("%d: %v, %v", status, got, err)
		}
	}
}

// A listener remembers what a use case was told.
type listener struct {
	refuser
	caller clientbook.Caller
}

func (l *listener) CreateClient(_ context.Context, caller clientbook.Caller, _ *clientbook.ClientUpdate) (*clientbook.Client, error) {
	l.caller = caller
	return nil, clientbook.NotFound("any")
}

func (l *listener) UpdateClient(_ context.Context, caller clientbook.Caller, _ clientbook.ClientID, _ *clientbook.ClientUpdate) (*clientbook.Client, error) {
	l.caller = caller
	return nil, clientbook.NotFound("any")
}

func TestCaller(t *testing.T) {
	for body, claim := range map[string]string{
		`{"lastActionBy":"ada"}`: "ada", `{}`: "", `{"lastActionBy":null}`: "", `{"lastActionBy":7}`: "", `{"lastActionBy":""}`: "",
	} {
		for _, path := range []string{"/v1/clients", "/v1/clients/" + someID} {
			var l listener
			send(complycube.New(&l), "good", "POST", path, body)
			if l.caller.Dialect != "complycube" || l.caller.Claim != claim {
				t.Errorf("%s %s: caller %+v, want claim %q", path, body, l.caller, claim)
			}
		}
	}
}
