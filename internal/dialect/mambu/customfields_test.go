package mambu

import (
	"runtime"
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
	times  = `"creationDate":"2020-01-04T17:24:29+0000","lastModifiedDate":"2020-01-04T17:24:30+0000"`
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
			`"customFieldLinks":[{"linkType":"CLIENT_ROLE","entityLinkedKey":"t1","isDefault":true,"isRequired":true}],"state":"NORMAL",` +
			`"customFieldSelectionOptions":[],"validationPattern":"@@#",` + rights + `,"unique":true}`},
		{"k-segment", "segment", false, `{"encodedKey":"k-segment","id":"segment",` + times + `,"name":"\"S\"","type":"CLIENT_INFO","dataType":"SELECTION",` +
			`"valueLength":"SHORT","isDefault":false,"isRequired":false,"customFieldSet":` + setHead + `},"indexInList":1,"customFieldLinks":[],` +
			`"state":"DEACTIVATED","customFieldSelectionOptions":[{"encodedKey":"o1","value":"gold","score":"10.5"},{"encodedKey":"o2","value":"silver"}],` +
			rights + `,"unique":false}`},
		{"k-friend", "friend", true, `{"encodedKey":"k-friend","id":"friend",` + times + `,"name":"Friend","type":"CLIENT_INFO","dataType":"CLIENT_LINK",` +
			`"valueLength":"SHORT","isDefault":false,"isRequired":false,"customFieldSet":` + setHead + `},"indexInList":2,"customFieldLinks":[],` +
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
