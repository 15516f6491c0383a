package mambu

import (
	"net/http"
	"runtime"
	"slices"
	"sync"
	"weak"

	"clientbook"
)

// clientInfo is the type of the custom fields of clients, the only ones that there are here.
const clientInfo = "CLIENT_INFO"

// fieldSetTypes are the types of custom fields that Mambu knows (contract section 15).
var fieldSetTypes = []string{
	clientInfo, "GROUP_INFO", "LINE_OF_CREDIT", "LOAN_ACCOUNT_INFO", "GUARANTOR_INFO", "ASSET_INFO", "SAVINGS_ACCOUNT_INFO",
	"TRANSACTION_CHANNEL_INFO", "BRANCH_INFO", "CENTRE_INFO", "USER_INFO",
}

// fieldTypes are the values of dataType.
var fieldTypes = [...]string{
	clientbook.StringField:     "STRING",
	clientbook.NumberField:     "NUMBER",
	clientbook.SelectionField:  "SELECTION",
	clientbook.CheckboxField:   "CHECKBOX",
	clientbook.DateField:       "DATE",
	clientbook.ClientLinkField: "CLIENT_LINK",
	clientbook.GroupLinkField:  "GROUP_LINK",
	clientbook.UserLinkField:   "USER_LINK",
}

// listCustomFieldSets serves GET /api/customfieldsets.
func (a *API) listCustomFieldSets(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settings(r)
	if err != nil {
		return err
	}
	n := len(s.CustomFieldSets)
	switch typ := r.URL.Query().Get("type"); {
	case typ == "", typ == clientInfo:
	case slices.Contains(fieldSetTypes, typ):
		n = 0
	default:
		return refusal(codeInvalidParameters, "type")
	}
	return a.answerList(w, r, n, func(b []byte, i int) []byte { return appendFieldSet(b, &s.CustomFieldSets[i], i, true) })
}

// getCustomField serves GET /api/customfields/{id}.
func (a *API) getCustomField(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settings(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	def, _ := s.CustomField(id)
	if def == nil {
		return notFound(codeFieldID, id)
	}
	answer(w, func(b []byte) []byte { return append(b, fieldsOf(s).field(def.Key).JSON...) })
	return nil
}

// A fieldText is a custom field as it stands inside of a value.
type fieldText struct {
	ID   string
	JSON []byte // the definition, with its set
	Link bool   // a value is the key of another record
}

// fieldTexts are the custom fields of one book's settings.
type fieldTexts struct {
	fields map[clientbook.DefinitionKey]*fieldText
}

// field gives a custom field, nil if the settings have none of that key.
func (t *fieldTexts) field(key clientbook.DefinitionKey) *fieldText { return t.fields[key] }

// knownFields holds the fieldTexts of all settings in use, by weak.Pointer: a full client has the definition of each of its values, and
// settings never change once they are open. An entry goes when its settings do.
var knownFields sync.Map

// fieldsOf gives the custom fields of s.
func fieldsOf(s *clientbook.Settings) *fieldTexts {
	key := weak.Make(s)
	if t, ok := knownFields.Load(key); ok {
		return t.(*fieldTexts)
	}
	t, loaded := knownFields.LoadOrStore(key, newFieldTexts(s))
	if !loaded {
		runtime.AddCleanup(s, func(key weak.Pointer[clientbook.Settings]) { knownFields.Delete(key) }, key)
	}
	return t.(*fieldTexts)
}

// newFieldTexts keeps nothing of s itself.
func newFieldTexts(s *clientbook.Settings) *fieldTexts {
	t := &fieldTexts{fields: map[clientbook.DefinitionKey]*fieldText{}}
	for i := range s.CustomFieldSets {
		set := &s.CustomFieldSets[i]
		in := appendFieldSet(nil, set, i, false)
		for j := range set.Fields {
			f := &set.Fields[j]
			t.fields[f.Key] = &fieldText{ID: f.ID, JSON: appendField(nil, f, in, j), Link: f.Type.Link()}
		}
	}
	return t
}

// appendFieldSet appends a set. Built-in sets are Mambu's alone, so builtInType is left out.
func appendFieldSet(b []byte, set *clientbook.CustomFieldSet, index int, fields bool) []byte {
	o := newObject(b)
	o.text("encodedKey", string(set.Key))
	o.text("id", set.ID)
	o.text("name", set.Name)
	o.text("notes", set.Notes)
	o.times(&set.Definition, "createdDate")
	o.number("indexInList", index)
	o.text("type", clientInfo)
	if set.Grouped {
		o.text("usage", "GROUPED")
	} else {
		o.text("usage", "SINGLE")
	}
	if fields {
		o.array("customFields", len(set.Fields), func(b []byte, i int) []byte { return appendField(b, &set.Fields[i], nil, i) })
	}
	return o.end()
}

// appendField appends a field; set is the JSON of its set, nil where the field stands in it.
func appendField(b []byte, f *clientbook.CustomField, set []byte, index int) []byte {
	o := newObject(b)
	o.head(&f.Definition)
	o.text("name", f.Name)
	o.text("type", clientInfo)
	o.text("dataType", fieldTypes[f.Type])
	if f.Long {
		o.text("valueLength", "LONG")
	} else {
		o.text("valueLength", "SHORT")
	}
	o.flag("isDefault", f.Default)
	o.flag("isRequired", f.Required)
	o.text("description", f.Description)
	if set != nil {
		o.raw("customFieldSet", set)
	}
	o.number("indexInList", index)
	o.array("customFieldLinks", len(f.ClientTypes), func(b []byte, i int) []byte { return appendFieldLink(b, f, f.ClientTypes[i]) })
	if f.Active {
		o.text("state", "NORMAL")
	} else {
		o.text("state", "DEACTIVATED")
	}
	o.array("customFieldSelectionOptions", len(f.Options), func(b []byte, i int) []byte { return appendOption(b, &f.Options[i]) })
	o.text("validationPattern", string(f.Pattern))
	o.raw("viewRights", everybody)
	o.raw("editRights", everybody)
	o.flag("unique", f.Unique)
	return o.end()
}

// everybody are the rights to a field: every key of a book sees and writes all of it.
var everybody = []byte(`{"isAccessibleByAllUsers":true,"roles":[]}`)

// appendFieldLink appends the link of a field to a client type that has it. The properties are those of CustomFieldLink in the models of
// the official Java client, 9.6.
func appendFieldLink(b []byte, f *clientbook.CustomField, clientType clientbook.DefinitionKey) []byte {
	o := newObject(b)
	o.text("linkType", "CLIENT_ROLE")
	o.text("entityLinkedKey", string(clientType))
	o.flag("isDefault", f.Default)
	o.flag("isRequired", f.Required)
	return o.end()
}

func appendOption(b []byte, option *clientbook.FieldOption) []byte {
	o := newObject(b)
	o.text("encodedKey", string(option.Key))
	o.text("value", option.Value)
	o.text("score", decimal(option.Score))
	return o.end()
}
