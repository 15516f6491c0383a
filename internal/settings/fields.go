package settings

import (
	"go.yaml.in/yaml/v3"

	"clientbook"
)

func readCustomFieldSet(o *object) clientbook.CustomFieldSet {
	oneOf(o.at("entity"), entities, true)
	return clientbook.CustomFieldSet{
		Definition: o.definition("name"),
		Notes:      o.at("notes").long(),
		Grouped:    oneOf(o.at("usage"), usages, false),
		Fields:     list(o.at("fields"), readCustomField),
	}
}

func readCustomField(o *object) clientbook.CustomField {
	f := clientbook.CustomField{
		Definition:  o.definition("name"),
		Description: o.at("description").long(),
		Long:        oneOf(o.at("length"), lengths, false),
		Pattern:     clientbook.Pattern(o.at("pattern").text()),
		Options:     list(o.at("options"), readOption),
		Parent:      o.at("parent").refKey(),
		Required:    o.at("required").flag(false),
		Unique:      o.at("unique").flag(false),
		Default:     o.at("default").flag(false),
		Active:      o.at("active").flag(true),
		ClientTypes: o.at("clientTypes").refKeys(),
	}
	if !o.at("type").missing() {
		f.Type = oneOf(o.at("type"), fieldTypes, 0)
	}
	fieldSuits(o, &f)
	return f
}

// fieldSuits complains of what a field of that type can't have.
func fieldSuits(o *object, f *clientbook.CustomField) {
	if f.Required && !f.Active {
		o.at("required").fault("a field that takes no values (active: false) can't be required")
	}
	if f.Type == 0 {
		return // complained of
	}
	if f.Type != clientbook.StringField {
		o.at("length").refused("is only for STRING")
		o.at("pattern").refused("is only for STRING")
	}
	if f.Type == clientbook.CheckboxField && f.Unique {
		o.at("unique").fault("a CHECKBOX has two values and can't be unique")
	}
	if f.Type != clientbook.SelectionField {
		o.at("options").refused("is only for SELECTION")
		o.at("parent").refused("is only for SELECTION")
		return
	}
	if v := o.at("options"); !v.missing() && len(v.items()) == 0 && v.node.Kind == yaml.SequenceNode {
		v.fault("a SELECTION has at least one option")
	}
}

func readOption(o *object) clientbook.FieldOption {
	p := clientbook.FieldOption{Key: o.at("encodedKey").key(), Value: o.at("value").name()}
	v := o.at("score")
	if p.Score = v.text(); p.Score != "" && !scoreForm.MatchString(p.Score) {
		v.fault("is %s, want a decimal number", short(p.Score))
	}
	p.Parents = eachOnce(o.at("parents"), value.name)
	return p
}
