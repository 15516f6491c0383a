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
	return a.answerList(w, r, n, func(b []byte, i int) []byte { return appendFieldSet(b, s, i, true) })
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
		in := appendFieldSet(nil, s, i, false)
		for j := range set.Fields {
			f := &set.Fields[j]
			t.fields[f.Key] = &fieldText{ID: f.ID, JSON: appendField(nil, s, set, j, in), Link: f.Type.Link()}
		}
	}
	return t
}

// appendFieldSet appends the set at an index of the settings. Built-in sets are Mambu's alone, so builtInType is left out.
func appendFieldSet(b []byte, s *clientbook.Settings, index int, fields bool) []byte {
	set := &s.CustomFieldSets[index]
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
		o.array("customFields", len(set.Fields), func(b []byte, i int) []byte { return appendField(b, s, set, i, nil) })
	}
	return o.end()
}

// appendField appends the field at an index of a set; in is the JSON of the set, nil where the field stands in it.
func appendField(b []byte, s *clientbook.Settings, set *clientbook.CustomFieldSet, index int, in []byte) []byte {
	f := &set.Fields[index]
	types := linkedTypes(s, f)
	options := optionsOf(set, f)
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
	if in != nil {
		o.raw("customFieldSet", in)
	}
	o.number("indexInList", index)
	o.array("customFieldLinks", len(types), func(b []byte, i int) []byte { return appendFieldLink(b, f, "entityLinkedKey", types[i]) })
	o.array("customFieldProductSettings", len(types), func(b []byte, i int) []byte { return appendFieldLink(b, f, "productKey", types[i]) })
	if f.Active {
		o.text("state", "NORMAL")
	} else {
		o.text("state", "DEACTIVATED")
	}
	o.array("customFieldSelectionOptions", len(options), func(b []byte, i int) []byte { return appendOption(b, &options[i]) })
	o.text("validationPattern", string(f.Pattern))
	o.raw("viewRights", everybody)
	o.raw("editRights", everybody)
	o.flag("unique", f.Unique)
	return o.end()
}

// everybody are the rights to a field: every key of a book sees and writes all of it.
var everybody = []byte(`{"isAccessibleByAllUsers":true,"roles":[]}`)

// linkedTypes gives the client types whose clients have a field: those that the settings name, or all there are of persons. The official
// Java client takes a field for one of a type only if a link says so.
func linkedTypes(s *clientbook.Settings, f *clientbook.CustomField) []clientbook.DefinitionKey {
	if len(f.ClientTypes) > 0 {
		return f.ClientTypes
	}
	var all []clientbook.DefinitionKey
	for i := range s.ClientTypes {
		if t := &s.ClientTypes[i]; !t.Group {
			all = append(all, t.Key)
		}
	}
	return all
}

// appendFieldLink appends the link of a field to a client type that has it. The properties are those of CustomFieldLink in the models of
// the official Java client, 9.6. They are there under two names: that of the model's own property, and the one that its annotations say
// the wire has.
func appendFieldLink(b []byte, f *clientbook.CustomField, name string, clientType clientbook.DefinitionKey) []byte {
	o := newObject(b)
	o.text("linkType", "CLIENT_ROLE")
	o.text(name, string(clientType))
	o.flag("isDefault", f.Default)
	o.flag("isRequired", f.Required)
	return o.end()
}

// An optionLine is an option of a selection as it is listed. That of a dependent one has the option of the parent field that allows it.
type optionLine struct {
	*clientbook.FieldOption
	field, parent clientbook.DefinitionKey // "": it depends on nothing
}

// optionsOf gives the options of a field. Each of a dependent selection is there once for every option of the parent that allows it: for
// Mambu it depends on exactly one, and the official Java client fails on a dependent field with an option that depends on none.
func optionsOf(set *clientbook.CustomFieldSet, f *clientbook.CustomField) []optionLine {
	var lines []optionLine
	parent := slices.IndexFunc(set.Fields, func(p clientbook.CustomField) bool { return f.Parent != "" && p.Key == f.Parent })
	for i := range f.Options {
		option := &f.Options[i]
		if parent < 0 {
			lines = append(lines, optionLine{FieldOption: option})
			continue
		}
		for _, p := range set.Fields[parent].Options {
			if len(option.Parents) == 0 || slices.Contains(option.Parents, p.Value) {
				lines = append(lines, optionLine{option, f.Parent, p.Key})
			}
		}
	}
	return lines
}

// appendOption appends an option. The constraint is a CustomFilterConstraint of the official Java client's models, 9.6, of which its
// helpers for dependent fields read these three: they look for the key of the parent's option, and know no other element than EQUALS.
func appendOption(b []byte, option *optionLine) []byte {
	o := newObject(b)
	o.text("encodedKey", string(option.Key))
	o.text("value", option.Value)
	o.text("score", decimal(option.Score))
	if option.parent != "" {
		o.name("constraint")
		in := newObject(o.b)
		in.text("customFieldKey", string(option.field))
		in.text("filterElement", "EQUALS")
		in.text("value", string(option.parent))
		o.b = in.end()
	}
	return o.end()
}
