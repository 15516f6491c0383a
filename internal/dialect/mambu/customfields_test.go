package mambu

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"clientbook"
)

func fieldSettings() *clientbook.Settings {
	at := time.Date(2020, 1, 4, 17, 24, 29, 146e6, time.UTC)
	def := func(id, name string) clientbook.Definition {
		return clientbook.Definition{Key: clientbook.DefinitionKey("k-" + id), ID: id, Name: name, Created: at, Modified: at.Add(time.Second)}
	}
	s := clientbook.DefaultSettings()
	s.CustomFieldSets = []clientbook.CustomFieldSet{
		{Definition: def("empty", "Empty")},
		{Definition: def("kyc", "Know your customer"), Notes: "Ask.", Grouped: true, Fields: []clientbook.CustomField{
			{Definition: def("job", "Job"), Description: "What they do", Type: clientbook.StringField, Long: true, Pattern: "@@#", Required: true,
				Unique: true, Default: true, Active: true, ClientTypes: []clientbook.DefinitionKey{"t1"}},
			{Definition: def("segment", `"S"`), Type: clientbook.SelectionField, Options: []clientbook.FieldOption{
				{Key: "o1", Value: "gold", Score: "10.50"}, {Key: "o2", Value: "silver"}}},
			{Definition: def("friend", "Friend"), Type: clientbook.ClientLinkField, Active: true},
		}},
	}
	return s
}

const (
	setHead = `{"encodedKey":"k-kyc","id":"kyc","name":"Know your customer","notes":"Ask.","createdDate":"2020-01-04T17:24:29+0000",` +
		`"lastModifiedDate":"2020-01-04T17:24:30+0000","indexInList":1,"type":"CLIENT_INFO","usage":"GROUPED"`
	times = `"creationDate":"2020-01-04T17:24:29+0000","lastModifiedDate":"2020-01-04T17:24:30+0000"`
	// Of a field that all clients have: the default settings have one client type.
	unlinked = `"customFieldLinks":[{"linkType":"CLIENT_ROLE","entityLinkedKey":"d9df8bc78a0234ccc934a845c","isDefault":false,"isRequired":false}],` +
		`"customFieldProductSettings":[{"linkType":"CLIENT_ROLE","productKey":"d9df8bc78a0234ccc934a845c","isDefault":false,"isRequired":false}],`
	rights = `"viewRights":{"isAccessibleByAllUsers":true,"roles":[]},"editRights":{"isAccessibleByAllUsers":true,"roles":[]}`
)

// TestFieldJSON compares what stands in a value. Contract section 6.
func TestFieldJSON(t *testing.T) {
	fields := fieldsOf(fieldSettings())
	for _, x := range []struct {
		key  clientbook.DefinitionKey
		id   string
		link bool
		want string
	}{
		{"k-job", "job", false, `{"encodedKey":"k-job","id":"job",` + times + `,"name":"Job","type":"CLIENT_INFO","dataType":"STRING",` +
			`"valueLength":"LONG","isDefault":true,"isRequired":true,"description":"What they do","customFieldSet":` + setHead + `},"indexInList":0,` +
			`"customFieldLinks":[{"linkType":"CLIENT_ROLE","entityLinkedKey":"t1","isDefault":true,"isRequired":true}],` +
			`"customFieldProductSettings":[{"linkType":"CLIENT_ROLE","productKey":"t1","isDefault":true,"isRequired":true}],"state":"NORMAL",` +
			`"customFieldSelectionOptions":[],"validationPattern":"@@#",` + rights + `,"unique":true}`},
		{"k-segment", "segment", false, `{"encodedKey":"k-segment","id":"segment",` + times + `,"name":"\"S\"","type":"CLIENT_INFO","dataType":"SELECTION",` +
			`"valueLength":"SHORT","isDefault":false,"isRequired":false,"customFieldSet":` + setHead + `},"indexInList":1,` + unlinked +
			`"state":"DEACTIVATED","customFieldSelectionOptions":[{"encodedKey":"o1","value":"gold","score":"10.5"},{"encodedKey":"o2","value":"silver"}],` +
			rights + `,"unique":false}`},
		{"k-friend", "friend", true, `{"encodedKey":"k-friend","id":"friend",` + times + `,"name":"Friend","type":"CLIENT_INFO","dataType":"CLIENT_LINK",` +
			`"valueLength":"SHORT","isDefault":false,"isRequired":false,"customFieldSet":` + setHead + `},"indexInList":2,` + unlinked +
			`"state":"NORMAL","customFieldSelectionOptions":[],` + rights + `,"unique":false}`},
	} {
		f := fields.field(x.key)
		if f == nil || f.ID != x.id || f.Link != x.link || string(f.JSON) != x.want {
			t.Errorf("%s: %+v\n got %s\nwant %s", x.key, f, f.JSON, x.want)
		}
	}
	if fields.field("job") != nil {
		t.Error("an id found a field, which only its key does")
	}
}

// TestLinkedTypes makes sure that a field of all clients is one of every type but those of groups.
func TestLinkedTypes(t *testing.T) {
	s := clientbook.DefaultSettings()
	s.ClientTypes = []clientbook.ClientType{
		{Definition: clientbook.Definition{Key: "t1"}}, {Definition: clientbook.Definition{Key: "t2"}, Group: true}, {Definition: clientbook.Definition{Key: "t3"}},
	}
	for _, x := range []struct{ types, want []clientbook.DefinitionKey }{
		{nil, []clientbook.DefinitionKey{"t1", "t3"}},
		{[]clientbook.DefinitionKey{"t3"}, []clientbook.DefinitionKey{"t3"}},
	} {
		if got := linkedTypes(s, &clientbook.CustomField{ClientTypes: x.types}); !slices.Equal(got, x.want) {
			t.Errorf("%v: %v, want %v", x.types, got, x.want)
		}
	}
}

// TestDependentOptions compares the options of a dependent selection, each of which depends on one option of the parent.
func TestDependentOptions(t *testing.T) {
	set := &clientbook.CustomFieldSet{Fields: []clientbook.CustomField{
		{Definition: clientbook.Definition{Key: "k-city"}, Type: clientbook.SelectionField, Parent: "k-country", Options: []clientbook.FieldOption{
			{Key: "c1", Value: "Graz", Parents: []string{"Austria"}},
			{Key: "c2", Value: "Border", Parents: []string{"Italy", "Austria"}},
			{Key: "c3", Value: "Elsewhere"},
		}},
		{Definition: clientbook.Definition{Key: "k-country"}, Type: clientbook.SelectionField, Options: []clientbook.FieldOption{
			{Key: "o1", Value: "Austria"}, {Key: "o2", Value: "Italy"},
		}},
	}}
	for i, want := range []string{"c1 k-country o1, c2 k-country o1, c2 k-country o2, c3 k-country o1, c3 k-country o2", "o1  , o2  "} {
		var got []string
		for _, o := range optionsOf(set, &set.Fields[i]) {
			got = append(got, string(o.Key+" "+o.field+" "+o.parent))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %q, want %q", set.Fields[i].Key, s, want)
		}
	}
	option := optionsOf(set, &set.Fields[0])[0]
	want := `{"encodedKey":"c1","value":"Graz","constraint":{"customFieldKey":"k-country","filterElement":"EQUALS","value":"o1"}}`
	if got := string(appendOption(nil, &option)); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestFieldsAreKept makes sure that the texts are made once for the same settings, and dropped with them.
func TestFieldsAreKept(t *testing.T) {
	s, other := fieldSettings(), fieldSettings()
	if first := fieldsOf(s); fieldsOf(s) != first || fieldsOf(other) == first {
		t.Error("the texts of the same settings differ, or those of different settings don't")
	}
	key := weak.Make(s)
	runtime.KeepAlive(s)
	for range 1000 {
		if _, known := knownFields.Load(key); !known {
			return
		}
		runtime.GC() // after which the cleanup runs on a goroutine of its own
		time.Sleep(time.Millisecond)
	}
	t.Error("the texts outlive their settings")
}
