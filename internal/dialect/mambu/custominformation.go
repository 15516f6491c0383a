package mambu

import (
	"net/http"
	"slices"
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

// getValue serves GET /api/clients/{id}/custominformation/{field}, and below it /{group}: the value as the full client shows it. Of a
// grouped set without the entry it is the first one.
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
	field, set := s.CustomField(r.PathValue("field"))
	if field == nil {
		return notFound(codeFieldID, r.PathValue("field"))
	}
	group := clientbook.NoGroup
	if set.Grouped {
		group = 0
	}
	if text := r.PathValue("group"); text != "" {
		if group, err = strconv.Atoi(text); err != nil {
			return notFound(codeGroupIndex, field.ID)
		}
	}
	i := slices.IndexFunc(c.Values, func(v clientbook.FieldValue) bool { return v.Field == field.Key && v.Group == group })
	if i < 0 {
		return notFound(codeObjectNotFound, field.ID)
	}
	answer(w, func(b []byte) []byte { return appendOneValue(b, caller.Book, fieldsOf(s), c, i) })
	return nil
}

// appendOneValue appends the value at an index of those of a client, as it stands in the full client.
func appendOneValue(b []byte, book clientbook.BookID, fields *fieldTexts, c *clientbook.Client, i int) []byte {
	shown := 0
	for _, v := range c.Values[:i] {
		if fields.field(v.Field) != nil {
			shown++
		}
	}
	key := quote(b, c.Key(book))
	parent := span{start: len(b), end: len(key)}
	full := appendValue(key, book, fields.field(c.Values[i].Field), &c.Values[i], shown, parent)
	return append(b, full[len(key):]...)
}
