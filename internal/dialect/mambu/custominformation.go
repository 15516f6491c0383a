package mambu

import (
	"net/http"
	"strconv"

	"clientbook"
	"clientbook/internal/httpx"
)

// patchValues serves PATCH /api/clients/{id}/custominformation: the values that are named change, the others stay. MambuPy sends an
// empty client beside them.
func (a *API) patchValues(w http.ResponseWriter, r *http.Request) error {
	in, err := readClient(r)
	switch {
	case err != nil:
		return err
	case in.CustomInformation.form < given:
		return refusal(codeMissingEntity, names[clientbook.FieldValues])
	}
	u := new(clientbook.ClientUpdate)
	reader := reading{update: u, mode: patching}
	u.Values = reader.values(&in.CustomInformation)
	return a.change(w, r, u)
}

// patchValue serves PATCH /api/clients/{id}/custominformation/{field}, and below it /{group}.
func (a *API) patchValue(w http.ResponseWriter, r *http.Request) error {
	body, err := httpx.ReadUndeclaredJSON(r, maxBody, maxDepth)
	if err != nil {
		return err
	}
	in, err := decode[valueIn](body)
	if err != nil {
		return err
	}
	u := new(clientbook.ClientUpdate)
	reader := reading{update: u, mode: patching}
	set := reader.value(&in.Value.attr, &in.LinkedEntityKeyValue)
	if set.ValueName, err = a.valueName(r, &reader); err != nil {
		return err
	}
	if len(u.Faults) == 0 {
		u.Values = &clientbook.ValuesUpdate{Set: []clientbook.ValueUpdate{set}}
	}
	return a.change(w, r, u)
}

// deleteValue serves DELETE /api/clients/{id}/custominformation/{field}, and below it /{group}.
func (a *API) deleteValue(w http.ResponseWriter, r *http.Request) error {
	u := new(clientbook.ClientUpdate)
	name, err := a.valueName(r, &reading{update: u})
	if err != nil {
		return err
	}
	if len(u.Faults) == 0 {
		u.Values = &clientbook.ValuesUpdate{Remove: []clientbook.ValueName{name}}
	}
	return a.change(w, r, u)
}

// valueName gives the value that the path names. Of a grouped set the path gives the entry too, -1 for a new one.
func (a *API) valueName(r *http.Request, to *reading) (clientbook.ValueName, error) {
	name := clientbook.ValueName{Field: r.PathValue("field")}
	if text := r.PathValue("group"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < clientbook.NoGroup {
			to.fault(clientbook.FieldValues, name.Field, clientbook.ReasonEntry)
		}
		name.Group = &n
		return name, nil
	}
	s, err := a.books.Settings(r.Context(), callerOf(r))
	if err != nil {
		return name, err
	}
	if _, set := s.CustomField(name.Field); set != nil && set.Grouped {
		to.fault(clientbook.FieldValues, name.Field, clientbook.ReasonEntryForm)
	}
	return name, nil
}

// getValue serves GET /api/clients/{id}/custominformation/{field}, and below it /{group}: the client's values of that field as the full
// client shows them, of all entries or of one. It is an array, since the official Java client reads a List, and empty if there are none.
func (a *API) getValue(w http.ResponseWriter, r *http.Request) error {
	caller := callerOf(r)
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	c, err := a.books.Client(r.Context(), caller, id)
	if err != nil {
		return err
	}
	s, err := a.books.Settings(r.Context(), caller)
	if err != nil {
		return err
	}
	field, _ := s.CustomField(r.PathValue("field"))
	if field == nil {
		return notFound(codeFieldID, r.PathValue("field"))
	}
	wanted := func(v *clientbook.FieldValue) bool { return v.Field == field.Key }
	if text := r.PathValue("group"); text != "" {
		group, err := strconv.Atoi(text)
		if err != nil {
			return notFound(codeGroupIndex, field.ID)
		}
		wanted = func(v *clientbook.FieldValue) bool { return v.Field == field.Key && v.Group == group }
	}
	answer(w, func(b []byte) []byte { return appendSomeValues(b, caller.Book, fieldsOf(s), c, wanted) })
	return nil
}

// appendSomeValues appends the wanted values of a client as an array, each as it stands in the full client.
func appendSomeValues(b []byte, book clientbook.BookID, fields *fieldTexts, c *clientbook.Client, wanted func(v *clientbook.FieldValue) bool) []byte {
	// Values repeat the key from the buffer. It is taken out again at the end.
	parent := span{start: len(b)}
	b = quote(b, c.Key(book))
	parent.end = len(b)
	b = append(b, '[')
	shown := 0
	for i := range c.Values {
		v := &c.Values[i]
		f := fields.field(v.Field)
		if f == nil {
			continue
		}
		if wanted(v) {
			if b[len(b)-1] != '[' {
				b = append(b, ',')
			}
			b = appendValue(b, book, f, v, shown, parent)
		}
		shown++
	}
	b = append(b, ']')
	return append(b[:parent.start], b[parent.end:]...)
}
