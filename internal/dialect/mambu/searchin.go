package mambu

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"clientbook"
	"clientbook/internal/httpx"
)

// searchIn is the body of a search.
type searchIn struct {
	FilterConstraints filterList[filterIn] `json:"filterConstraints"`
	SortDetails       *sortIn              `json:"sortDetails"`
}

type filterIn struct {
	FilterSelection filterText             `json:"filterSelection"`
	FilterElement   filterText             `json:"filterElement"`
	Value           filterText             `json:"value"`
	SecondValue     filterText             `json:"secondValue"`
	Values          filterList[filterText] `json:"values"`
	itemIn
}

type sortIn struct {
	SortingColumn filterText `json:"sortingColumn"`
	SortingOrder  filterText `json:"sortingOrder"`
	itemIn
}

// itemIn says what sort of column is meant.
type itemIn struct {
	DataFieldType filterText `json:"dataFieldType"`
	DataItemType  filterText `json:"dataItemType"`
}

// check says whether a custom field is meant. own is the only data item type that can be asked for.
func (in *itemIn) check(own string) (custom bool, err error) {
	if t := in.DataItemType.text; t != "" && t != own {
		return false, refusal(codeFilterItemType, t)
	}
	switch in.DataFieldType.text {
	case "", "NATIVE":
		return false, nil
	case "CUSTOM":
		return true, nil
	}
	return false, refusal(codeInvalidParameters, "dataFieldType")
}

// readSearch reads the body of a search. A property of another type than its own is refused with its name.
func readSearch(r *http.Request) (*searchIn, error) {
	in := new(searchIn)
	return in, readBody(r, in)
}

// readBody decodes a body that is all of a request.
func readBody(r *http.Request, to any) error {
	body, err := httpx.ReadUndeclaredJSON(r, maxBody, maxDepth)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, to); err != nil {
		if source, ok := wrongType(err); ok {
			return refusal(codeInvalidParameters, source)
		}
		// The cause quotes the body. What httpx.ReadUndeclaredJSON let through does not come here.
		return &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonBody, Detail: "the body is broken JSON"}
	}
	return nil
}

// A filterText is a text, "" if it is absent or null. A number is taken as its text.
type filterText struct{ text string }

// UnmarshalJSONFrom takes a text, a number or null.
func (v *filterText) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	switch kind := d.PeekKind(); kind {
	case jsontext.KindString, jsontext.KindNumber, jsontext.KindNull:
		t, err := d.ReadToken()
		if err == nil && kind != jsontext.KindNull {
			v.text = t.String()
		}
		return err
	}
	return &typeError{d.StackPointer()}
}

// A filterList is an array, empty if it is absent or null.
type filterList[T any] struct{ items []T }

// UnmarshalJSONFrom takes an array or null.
func (v *filterList[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	switch d.PeekKind() {
	case jsontext.KindBeginArray, jsontext.KindNull:
		return json.UnmarshalDecode(d, &v.items)
	}
	return &typeError{d.StackPointer()}
}

// A typeError says that a value of another JSON type stands where its pointer ends.
type typeError struct{ at jsontext.Pointer }

// Error names the place.
func (e *typeError) Error() string { return "another type at " + string(e.at) }

// wrongType gives the property that has a value of another JSON type than its own.
func wrongType(err error) (name string, ok bool) {
	if e, is := errors.AsType[*typeError](err); is {
		return property(e.at), true
	}
	if e, is := errors.AsType[*json.SemanticError](err); is {
		return property(e.JSONPointer), true
	}
	return "", false
}

// property gives the last name in a pointer that is no index.
func property(p jsontext.Pointer) string {
	for p != "" {
		if last := p.LastToken(); strings.Trim(last, "0123456789") != "" {
			return last
		}
		p = p.Parent()
	}
	return ""
}
