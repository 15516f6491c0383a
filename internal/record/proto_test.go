package record

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

// TestProto holds record.proto to what is written: every value of a client stands under the number, type and name given there.
func TestProto(t *testing.T) {
	described := describedFields(t)
	written := map[protowire.Number]bool{}
	for _, c := range []*clientbook.Client{{Person: new(clientbook.Person)}, {Company: new(clientbook.Company)}} {
		fill(t, reflect.ValueOf(c).Elem())
		names := valueNames(c)
		for b := Append(nil, c, "claim")[1:]; len(b) > 0; {
			n, typ, size := protowire.ConsumeTag(b)
			f, ok := described[n]
			if !ok {
				t.Fatalf("field %d is written and not described", n)
			}
			written[n] = true
			b = b[size:]
			var got any
			if typ == protowire.BytesType {
				s, size := protowire.ConsumeString(b)
				got, b = s, b[size:]
			} else {
				v, size := protowire.ConsumeVarint(b)
				got, b = v, b[size:]
			}
			if f.wire != typ {
				t.Errorf("field %d, %s, is written with wire type %d", n, f.name, typ)
			}
			if want, ok := names[f.name]; f.name != "metadata" && (!ok || got != want) {
				t.Errorf("field %d holds %v, %s is %v", n, got, f.name, want)
			}
		}
	}
	if got, want := slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(described)); !slices.Equal(got, want) {
		t.Errorf("written are %v, described are %v", got, want)
	}
}

type describedField struct {
	name string
	wire protowire.Type
}

// describedFields reads the fields of Record from record.proto.
func describedFields(t *testing.T) map[protowire.Number]describedField {
	file, err := os.ReadFile("record.proto")
	if err != nil {
		t.Fatal(err)
	}
	message := regexp.MustCompile(`(?s)message Record \{(.*?)\n\}`).FindSubmatch(file)
	if message == nil {
		t.Fatal("no message Record")
	}
	wires := map[string]protowire.Type{
		"string": protowire.BytesType, "repeated Entry": protowire.BytesType, "uint32": protowire.VarintType, "int64": protowire.VarintType,
	}
	fields := map[protowire.Number]describedField{}
	for _, m := range regexp.MustCompile(`(?m)^  ([\w ]+) (\w+) = (\d+);`).FindAllSubmatch(message[1], -1) {
		n, err := strconv.Atoi(string(m[3]))
		if err != nil {
			t.Fatal(err)
		}
		wire, ok := wires[string(m[1])]
		if _, twice := fields[protowire.Number(n)]; !ok || twice {
			t.Errorf("field %d: type %q, described before: %v", n, m[1], twice)
		}
		fields[protowire.Number(n)] = describedField{string(m[2]), wire}
	}
	return fields
}

// valueNames gives the values of c as they are on the wire, by the names of their Go fields in the way of record.proto.
func valueNames(c *clientbook.Client) map[string]any {
	words := regexp.MustCompile("([a-z])([A-Z])")
	values := map[string]any{"kind": uint64(c.Kind()), "claim": "claim"}
	collect := func(v reflect.Value) {
		for f, v := range v.Fields() {
			name := strings.ToLower(words.ReplaceAllString(f.Name, "${1}_${2}"))
			switch x := v.Interface().(type) {
			case time.Time:
				values[name] = uint64(x.UnixMilli())
			case clientbook.Date:
				values[name] = uint64(x.Year)<<16 | uint64(x.Month)<<8 | uint64(x.Day)
			default:
				switch v.Kind() {
				case reflect.String:
					values[name] = v.String()
				case reflect.Uint8:
					values[name] = v.Uint()
				}
			}
		}
	}
	collect(reflect.ValueOf(*c))
	if c.Person != nil {
		collect(reflect.ValueOf(*c.Person))
	}
	if c.Company != nil {
		collect(reflect.ValueOf(*c.Company))
	}
	return values
}
