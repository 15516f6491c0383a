package record

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

// TestProto holds record.proto to what is written: every value of a client stands under the number, type and name given there.
func TestProto(t *testing.T) {
	p := protoTest{described: describedMessages(t), written: map[string]bool{}}
	for _, c := range []*clientbook.Client{{Person: new(clientbook.Person)}, {Company: new(clientbook.Company)}} {
		fill(t, reflect.ValueOf(c).Elem())
		p.check(t, "Record", Append(nil, c, "claim")[1:], clientValues(c))
	}
	for message, fields := range p.described {
		for _, f := range fields {
			if !p.written[message+"."+f.name] {
				t.Errorf("%s.%s is described and not written", message, f.name)
			}
		}
	}
}

type protoTest struct {
	described map[string]map[protowire.Number]describedField
	written   map[string]bool // by message and name
}

// check goes through an encoded message. values are those of its parts by name, of a repeated one in a row.
func (p *protoTest) check(t *testing.T, message string, b []byte, values map[string][]any) {
	for len(b) > 0 {
		n, typ, size := protowire.ConsumeTag(b)
		f, ok := p.described[message][n]
		if !ok {
			t.Fatalf("field %d of %s is written and not described", n, message)
		}
		b = b[size:]
		p.written[message+"."+f.name] = true
		if f.wire() != typ {
			t.Errorf("%s.%s is written with wire type %d", message, f.name, typ)
		}
		if len(values[f.name]) == 0 {
			t.Fatalf("%s.%s is written once too often", message, f.name)
		}
		want := values[f.name][0]
		values[f.name] = values[f.name][1:]
		var got any
		if typ == protowire.BytesType {
			s, size := protowire.ConsumeString(b)
			got, b = s, b[size:]
		} else {
			v, size := protowire.ConsumeVarint(b)
			got, b = v, b[size:]
		}
		if f.of != "" {
			p.check(t, f.of, []byte(got.(string)), want.(map[string][]any))
		} else if got != want {
			t.Errorf("%s.%s holds %v, want %v", message, f.name, got, want)
		}
	}
}

type describedField struct {
	name, typ string
	of        string // the message that a repeated field is made of
}

func (f describedField) wire() protowire.Type {
	switch f.typ {
	case "uint32", "uint64", "int64", "bool":
		return protowire.VarintType
	}
	return protowire.BytesType
}

// describedMessages reads the fields of each message from record.proto.
func describedMessages(t *testing.T) map[string]map[protowire.Number]describedField {
	file, err := os.ReadFile("record.proto")
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]map[protowire.Number]describedField{}
	for _, message := range regexp.MustCompile(`(?sm)^message (\w+) \{(.*?)^\}`).FindAllStringSubmatch(string(file), -1) {
		fields := map[protowire.Number]describedField{}
		for _, m := range regexp.MustCompile(`(?m)^  ([\w ]+) (\w+) = (\d+);`).FindAllStringSubmatch(message[2], -1) {
			n, err := strconv.Atoi(m[3])
			if err != nil {
				t.Fatal(err)
			}
			if _, twice := fields[protowire.Number(n)]; twice {
				t.Errorf("%s has field %d twice", message[1], n)
			}
			of, _ := strings.CutPrefix(m[1], "repeated ")
			if of == m[1] {
				of = ""
			}
			fields[protowire.Number(n)] = describedField{m[2], m[1], of}
		}
		messages[message[1]] = fields
	}
	return messages
}

// clientValues gives the values of c as they are on the wire, by the names of their Go fields in the way of record.proto.
func clientValues(c *clientbook.Client) map[string][]any {
	values := structValues(reflect.ValueOf(*c))
	values["kind"], values["claim"] = []any{uint64(c.Kind())}, []any{"claim"}
	if c.Person != nil {
		maps.Copy(values, structValues(reflect.ValueOf(*c.Person)))
	}
	if c.Company != nil {
		maps.Copy(values, structValues(reflect.ValueOf(*c.Company)))
	}
	return values
}

func structValues(v reflect.Value) map[string][]any {
	values := map[string][]any{}
	for f, v := range v.Fields() {
		values[protoName(f.Name)] = wireValues(v)
	}
	return values
}

func protoName(goName string) string {
	goName = regexp.MustCompile("([A-Z])([A-Z][a-z])").ReplaceAllString(goName, "${1}_${2}")
	return strings.ToLower(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(goName, "${1}_${2}"))
}

// wireValues gives what stands on the wire for a value, more than one for a list.
func wireValues(v reflect.Value) []any {
	switch x := v.Interface().(type) {
	case time.Time:
		return []any{uint64(x.UnixMilli())}
	case clientbook.Date:
		return []any{uint64(x.Year)<<16 | uint64(x.Month)<<8 | uint64(x.Day)}
	case clientbook.ChildID:
		return []any{string(x[:])}
	}
	switch v.Kind() {
	case reflect.String:
		return []any{v.String()}
	case reflect.Uint8:
		return []any{v.Uint()}
	case reflect.Bool:
		return []any{uint64(1)}
	case reflect.Int: // the entry of a value
		return []any{uint64(v.Int() + 1)}
	case reflect.Slice:
		var all []any
		for i := range v.Len() {
			all = append(all, structValues(v.Index(i)))
		}
		return all
	}
	return nil
}
