package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"clientbook"
)

var (
	errPart = errors.New("not known, it may be a newer program's")
	errText = errors.New("a text that is not UTF-8, which JSON can't hold")
)

// appendJSON appends v as one line of JSON, with the parts of its structs in alphabetical order.
func appendJSON(dst []byte, v any) ([]byte, error) {
	tree, err := plain(reflect.ValueOf(v))
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false) // nobody but decodeJSON reads it
	if err := e.Encode(tree); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decodeJSON reads what appendJSON wrote behind a format byte.
func decodeJSON(b []byte, format byte, to any) error {
	if len(b) == 0 {
		return errMalformed
	}
	if b[0] != format {
		return fmt.Errorf("format %d is not known, it may be a newer program's", b[0])
	}
	d := json.NewDecoder(bytes.NewReader(b[1:]))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return readable(err)
	}
	if d.InputOffset() != int64(len(b)-1) {
		return errMalformed
	}
	return nil
}

// readable gives the error for one of encoding/json, without the parts of the input that those show.
func readable(err error) error {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s: %w", t.Field, errMalformed)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok { // encoding/json has no type for it
		return fmt.Errorf("%s: %w", name, errPart)
	}
	return errMalformed
}

// plain gives v for encoding/json, with structs as maps of the parts that have a value: so a part that is added later changes no encoding
// without it.
func plain(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Pointer:
		return plain(v.Elem())
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return clientbook.Cut(t), nil
		}
		m := make(map[string]any, v.NumField())
		return m, plainStruct(m, v)
	case reflect.Slice:
		return plainSlice(v)
	case reflect.Map:
		return plainMap(v)
	case reflect.String:
		return plainText(v.String())
	}
	return v.Interface(), nil
}

// plainStruct adds the parts of v to m, those of embedded structs as if they were its own.
func plainStruct(m map[string]any, v reflect.Value) error {
	for f, v := range v.Fields() {
		if f.Anonymous {
			if err := plainStruct(m, v); err != nil {
				return err
			}
			continue
		}
		if v.IsZero() {
			continue
		}
		part, err := plain(v)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if !empty(part) || v.Kind() == reflect.Pointer { // what is pointed to is there, with values or without
			m[f.Name] = part
		}
	}
	return nil
}

func empty(part any) bool {
	switch p := part.(type) {
	case time.Time:
		return p.IsZero()
	case []any:
		return len(p) == 0
	case map[string]any:
		return len(p) == 0
	}
	return false
}

func plainSlice(v reflect.Value) (any, error) {
	all := make([]any, v.Len())
	for i := range all {
		var err error
		if all[i], err = plain(v.Index(i)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// plainMap is for keys that are texts, the only ones there are.
func plainMap(v reflect.Value) (any, error) {
	m := make(map[string]any, v.Len())
	for key, value := range v.Seq2() {
		k, err := plainText(key.String())
		if err != nil {
			return nil, err
		}
		if m[k], err = plain(value); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func plainText(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errText
	}
	return s, nil
}
