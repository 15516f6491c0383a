package mambu

import (
	"errors"
	"net/http"

	"clientbook"
	"clientbook/internal/httpx"
)

// listClients serves GET /api/clients.
func (a *API) listClients(w http.ResponseWriter, r *http.Request) error {
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	full, err := fullDetails(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	s, err := a.books.Settings(r.Context(), caller)
	if err != nil {
		return err
	}
	f, err := parseFilter(r.URL.RawQuery, s)
	if err != nil {
		return err
	}
	var clients []*clientbook.Client
	if limit > 0 && !f.None {
		page, err := a.books.ListClients(r.Context(), caller, f, offset, limit)
		if err != nil {
			return err
		}
		clients = page.Clients
	}
	answer(w, func(b []byte) []byte { return appendClients(b, caller.Book, s, clients, full) })
	return nil
}

// appendClients appends an array of clients, full or flat.
func appendClients(b []byte, book clientbook.BookID, s *clientbook.Settings, clients []*clientbook.Client, full bool) []byte {
	return appendArray(b, len(clients), func(b []byte, i int) []byte {
		if full {
			return appendFullClient(b, book, s, clients[i])
		}
		return appendClient(b, book, clients[i])
	})
}

// getClient serves GET /api/clients/{id}.
func (a *API) getClient(w http.ResponseWriter, r *http.Request) error {
	full, err := fullDetails(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	c, err := a.books.Client(r.Context(), caller, id)
	if err != nil {
		return err
	}
	if full {
		return a.answerFull(w, r, caller, c)
	}
	answer(w, func(b []byte) []byte { return appendClient(b, caller.Book, c) })
	return nil
}

// answerFull answers with a client and all that hangs on it.
func (a *API) answerFull(w http.ResponseWriter, r *http.Request, caller clientbook.Caller, c *clientbook.Client) error {
	var s *clientbook.Settings
	if len(c.Values) > 0 { // nothing else depends on them
		var err error
		if s, err = a.books.Settings(r.Context(), caller); err != nil {
			return err
		}
	}
	answer(w, func(b []byte) []byte { return appendFullClient(b, caller.Book, s, c) })
	return nil
}

// clientID gives the client that the path names by its key or its number. That of a key which was made here is not looked up.
func (a *API) clientID(r *http.Request) (clientbook.ClientID, error) {
	caller, ref := callerOf(r), r.PathValue("id")
	if id, ok := clientbook.ParseKey(caller.Book, ref); ok {
		return id, nil
	}
	return a.books.FindClient(r.Context(), caller, ref)
}

// createClient serves POST /api/clients, in both forms.
func (a *API) createClient(w http.ResponseWriter, r *http.Request) error {
	in, err := creation(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	c, err := a.books.CreateClient(r.Context(), caller, readUpdate(in, creating, caller.Book, a.now()))
	if err != nil {
		return err
	}
	return a.answerFull(w, r, caller, c)
}

// creation reads the body of a create; without a body and without a Content-Type, the query. Contract section 3.1 and A14.
func creation(r *http.Request) (*bodyIn, error) {
	declared := len(r.Header["Content-Type"]) > 0
	if r.ContentLength == 0 && declared {
		return nil, refusal(codeMissingEntity, "Content-Type")
	}
	in, err := readClient(r)
	if clientbook.ReasonOf(err) == clientbook.ReasonNoBody && !declared {
		form, some, formErr := readForm(r.URL.RawQuery)
		switch {
		case formErr != nil:
			return nil, formErr
		case some:
			return form, nil
		}
	}
	switch {
	case err != nil:
		return nil, err
	case in.Client.form != given:
		return nil, refusal(codeMissingEntity, "client")
	}
	switch key := in.Client.value.EncodedKey; {
	case key.form == other:
		return nil, refusal(codeInvalidParameters, "encodedKey")
	case key.text != "":
		return nil, refusal(codeKeyOnCreate, "encodedKey")
	}
	return in, nil
}

// readClient reads a body with a client, or without one.
func readClient(r *http.Request) (*bodyIn, error) {
	body, err := httpx.ReadUndeclaredJSON(r, maxBody, maxDepth)
	if err != nil {
		return nil, err
	}
	in, err := decode[bodyIn](body)
	if err == nil && in.Client.form == other {
		err = refusal(codeInvalidParameters, "client")
	}
	return in, err
}

// updateClient serves POST /api/clients/{id}.
func (a *API) updateClient(w http.ResponseWriter, r *http.Request) error {
	in, err := readClient(r) // a broken body goes before an unknown client
	if err != nil {
		return err
	}
	caller := callerOf(r)
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	if err := a.checkKey(r, caller, id, &in.Client); err != nil {
		return err
	}
	c, err := a.books.UpdateClient(r.Context(), caller, id, readUpdate(in, updating, caller.Book, a.now()))
	if err != nil {
		return err
	}
	return a.answerFull(w, r, caller, c)
}

// checkKey makes sure that the body of an update names the client of the path. A body without a client, or with an empty one, need not.
// Contract section 3.3 and A1.
func (a *API) checkKey(r *http.Request, caller clientbook.Caller, id clientbook.ClientID, in *nested[clientIn]) error {
	ctx, key := r.Context(), &in.value.EncodedKey
	if in.value == (clientIn{}) {
		return nil
	}
	if key.text == "" && key.form != other {
		s, err := a.books.Settings(ctx, caller)
		if err != nil || !s.RequireEncodedKey {
			return err
		}
	}
	named, ok := clientbook.ParseKey(caller.Book, key.text)
	if ok && named == id {
		return nil
	}
	if _, err := a.books.Client(ctx, caller, id); err != nil { // that there is no such client goes before what the body says
		return err
	}
	var err error
	switch {
	case key.form == other:
		return refusal(codeInvalidParameters, "encodedKey")
	case key.text == "":
		return refusal(codeClientKey, "encodedKey")
	case !ok:
		named, err = a.books.FindClient(ctx, caller, key.text)
	}
	if err == nil && named != id {
		_, err = a.books.Client(ctx, caller, named)
	}
	switch {
	case clientbook.KindOf(err) == clientbook.KindNotFound:
		return refusal(codeClientKey, "encodedKey")
	case err == nil && named != id:
		return refusal(codeInconsistentID, "encodedKey")
	}
	return err
}

// patchClient serves PATCH /api/clients/{id}.
func (a *API) patchClient(w http.ResponseWriter, r *http.Request) error {
	in, err := readClient(r)
	switch {
	case err != nil:
		return err
	case in.Client.form != given:
		return refusal(codeMissingEntity, "client")
	}
	if source := in.unpatchable(); source != "" {
		return refusal(codeFieldNotAllowed, source)
	}
	err = a.change(w, r, readUpdate(in, patching, callerOf(r).Book, a.now()))
	if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Field == clientbook.FieldClientType && e.Param == "" {
		named := *e
		named.Param = "clientRoleId" // as a PATCH calls it
		return &named
	}
	return err
}

// change updates the client in the path and answers that it is done.
func (a *API) change(w http.ResponseWriter, r *http.Request, u *clientbook.ClientUpdate) error {
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	if _, err := a.books.UpdateClient(r.Context(), callerOf(r), id, u); err != nil {
		return err
	}
	success(w)
	return nil
}

// unpatchable gives the first property, in the order of the record, that a PATCH may not name; "" for none. Contract section 3.6.
func (in *bodyIn) unpatchable() string {
	c := &in.Client.value
	for _, p := range [...]struct {
		name  string
		there bool
	}{
		{"encodedKey", c.EncodedKey.form >= given},
		{"creationDate", bool(c.CreationDate)},
		{"lastModifiedDate", bool(c.LastModifiedDate)},
		{"approvedDate", bool(c.ApprovedDate)},
		{"activationDate", bool(c.ActivationDate)},
		{"closedDate", bool(c.ClosedDate)},
		{"clientRole", c.ClientRole.form >= given},
		{"loanCycle", bool(c.LoanCycle)},
		{"groupLoanCycle", bool(c.GroupLoanCycle)},
		{"idPattern", bool(c.IDPattern)},
		{"profilePictureKey", bool(c.ProfilePictureKey)},
		{"profileSignatureKey", bool(c.ProfileSignatureKey)},
		{"portalPreferences", bool(c.PortalPreferences)},
		{"migrationEvent", bool(c.MigrationEvent)},
		{"customInformation", in.CustomInformation.form >= given},
		{"idDocuments", in.IDDocuments.form >= given},
		{"addresses", in.Addresses.form >= given},
	} {
		if p.there {
			return p.name
		}
	}
	return ""
}

// deleteClient serves DELETE /api/clients/{id}.
func (a *API) deleteClient(w http.ResponseWriter, r *http.Request) error {
	caller := callerOf(r)
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	if err := a.books.DeleteClient(r.Context(), caller, id); err != nil {
		return err
	}
	success(w)
	return nil
}
