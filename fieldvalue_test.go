package clientbook_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clientbook"
)

// What one field takes, in contract section 4's first table. Each is tried in a create.
func TestFieldTypes(t *testing.T) {
	for _, row := range []struct {
		rule, given string
		want        string // the values or the fault
	}{
		{"STRING: as sent", "nick= Ann ", "nick= Ann #"},
		{"STRING: SHORT up to 255", "nick=" + strings.Repeat("ä", 255), "nick=" + strings.Repeat("ä", 255) + "#"},
		{"STRING: SHORT longer, 904", "nick=" + strings.Repeat("ä", 256), "values nick field_long"},
		{"STRING: LONG up to 2,048", "story=" + strings.Repeat("漢", 2048), "story=" + strings.Repeat("漢", 2048) + "#"},
		{"STRING: LONG longer, 904", "story=" + strings.Repeat("漢", 2049), "values story field_long"},
		{"STRING: pattern", "code=A1-9", "code=A1-9#"},
		{"STRING: not the pattern, 917", "code=11-9", "values code field_pattern"},
		{"STRING: longer than the pattern, 917", "code=A1-99", "values code field_pattern"},
		{"STRING: control character", "nick=a\x1bb", "values nick characters"},
		{"STRING: empty, 901", "nick=", "values nick field_value"},
		{"STRING: blank, 901", "nick= ", "values nick field_value"},
		{"STRING: nothing to be seen, 901", "nick=\u200b \u2060", "values nick field_value"},
		{"STRING: something to be seen, as sent", "nick=\u200bAnn", "nick=\u200bAnn#"},
		{"STRING: no value, 901", "nick", "values nick field_value"},
		{"NUMBER: trailing zeros kept", "size=10.500", "size=10.500#"},
		{"NUMBER: negative", "size=-3", "size=-3#"},
		{"NUMBER: no number, 901", "size=ten", "values size field_value"},
		{"NUMBER: empty, 901", "size=", "values size field_value"},
		{"NUMBER: NaN, 901", "size=NaN", "values size field_value"},
		{"NUMBER: infinite, 901", "size=Inf", "values size field_value"},
		{"NUMBER: hex, 901", "size=0x10", "values size field_value"},
		{"NUMBER: two points, 901", "size=1.2.3", "values size field_value"},
		{"NUMBER: sign alone, 901", "size=-", "values size field_value"},
		{"SELECTION: an option", "segment=gold", "segment=gold#"},
		{"SELECTION: no option, 901", "segment=bronze", "values segment field_value"},
		{"SELECTION: other letter case, 901", "segment=Gold", "values segment field_value"},
		{"SELECTION: the option's key is not its value, 901", "segment=o-gold", "values segment field_value"},
		{"CHECKBOX: TRUE", "pep=TRUE", "pep=TRUE#"},
		{"CHECKBOX: stored upper-case", "pep=false", "pep=FALSE#"},
		{"CHECKBOX: mixed case", "pep=True", "pep=TRUE#"},
		{"CHECKBOX: else 901", "pep=yes", "values pep field_value"},
		{"CHECKBOX: digit, 901", "pep=1", "values pep field_value"},
		{"DATE: a day", "since=2024-02-29", "since=2024-02-29#"},
		{"DATE: no real day, 901", "since=2023-02-29", "values since field_value"},
		{"DATE: short form, 901", "since=2024-2-9", "values since field_value"},
		{"A9: date-time, 901", "since=2024-02-29T00:00:00+0000", "values since field_value"},
		{"A9: date-time with Z, 901", "since=2024-02-29T00:00:00Z", "values since field_value"},
		{"CLIENT_LINK: by key", "friend>k-A-1", "friend=k-A-1#"},
		{"CLIENT_LINK: by id, the key is stored", "friend>A-1", "friend=k-A-1#"},
		{"CLIENT_LINK: in value", "friend=A-1", "friend=k-A-1#"},
		{"CLIENT_LINK: unknown, 911", "friend>A-2", "values friend field_link"},
		{"CLIENT_LINK: empty, 901", "friend>", "values friend field_value"},
		{"CLIENT_LINK: none, 901", "friend", "values friend field_value"},
		{"GROUP_LINK: there are no groups, 911", "team>A-1", "values team field_link"},
		{"USER_LINK: by key", "officer>k-u1", "officer=k-u1#"},
		{"USER_LINK: by id, the key is stored", "officer>u3", "officer=k-u3#"},
		{"USER_LINK: unknown, 911", "officer>u9", "values officer field_link"},
		{"by the field's encodedKey", "k-nick=Ann", "nick=Ann#"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			u := person(strict)
			u.Values = replace(row.given)
			c, err := clientbook.NewClient(u, rules(settings()))
			got := fault(err)
			if err == nil {
				got = show(c.Values)
			}
			if got != row.want {
				t.Errorf("%s: got %q, want %q", row.given, got, row.want)
			}
		})
	}
}

func TestLinkWithoutClients(t *testing.T) {
	u := person()
	u.Values = replace("friend>A-1")
	_, err := clientbook.NewClient(u, clientbook.Rules{Settings: settings(), Now: now})
	wantFault(t, err, "values friend field_link")
}

// Of a link the linked entity counts, and of any other field the value, whatever else is sent beside it.
func TestValueAndLinkTogether(t *testing.T) {
	c := ada(func(c *clientbook.Client) { c.Values = values("officer=k-u1", "nick=Ann") })
	next, err := c.With(&clientbook.ClientUpdate{Values: &clientbook.ValuesUpdate{Set: []clientbook.ValueUpdate{
		{ValueName: clientbook.ValueName{Field: "officer"}, Value: new("k-u1"), Link: new("k-u3")},
		{ValueName: clientbook.ValueName{Field: "nick"}, Value: new("Bea"), Link: new("Ann")},
	}}}, rules(settings()))
	if wantFault(t, err, "") && show(next.Values) != "officer=k-u3#1 nick=Bea#2" {
		t.Errorf("got %s", show(next.Values))
	}
}

// Contract section 4's second table, and the rules on arrays of section 3.3. Stored ids count from 1; "#" alone is a new value.
func TestValues(t *testing.T) {
	two := values("iban.0=A", "bic.0=a", "iban.1=B", "bic.1=b")
	three := values("iban.0=A", "iban.1=B", "bic.1=b", "iban.2=C")
	for _, row := range []struct {
		rule   string
		edit   func(*clientbook.Settings)
		stored []clientbook.FieldValue
		given  *clientbook.ValuesUpdate
		want   string
	}{
		// Plain sets.
		{"3.3: absent, left alone", nil, values("nick=Ann", "size=4"), nil, "nick=Ann#1 size=4#2"},
		{"3.3: [], removed whole", nil, values("nick=Ann", "size=4"), replace(), ""},
		{"3.3: exactly those sent; matched by customFieldID; the match keeps its key", nil, values("nick=Ann", "size=4", "pep=TRUE"), replace("size=5"),
			"size=5#2"},
		{"3.3: what matches none is new", nil, values("nick=Ann"), replace("nick=Ann", "size=5"), "nick=Ann#1 size=5#"},
		{"3.3: order as sent", nil, values("nick=Ann", "size=4"), replace("size=4", "pep=TRUE", "nick=Ann"), "size=4#2 pep=TRUE# nick=Ann#1"},
		{"3.3: two values for one plain field, 918", nil, nil, replace("nick=Ann", "nick=Bea"), "values nick field_twice"},
		{"3.3: two values, by id and by key, 918", nil, nil, replace("nick=Ann", "k-nick=Bea"), "values k-nick field_twice"},
		{"3.3: two values, both stored, 918", nil, values("nick=Ann"), replace("nick=Ann", "nick=Ann"), "values nick field_twice"},
		{"PATCH: two values for one plain field, 918", nil, nil, patch("nick=Ann", "nick=Bea"), "values nick field_twice"},
		{"PATCH adds or changes the named, keeps the rest", nil, values("nick=Ann", "size=4"), patch("size=5", "pep=true"),
			"nick=Ann#1 size=5#2 pep=TRUE#"},
		{"PATCH of none changes none", nil, values("nick=Ann"), patch(), "nick=Ann#1"},
		{"DELETE removes one", nil, values("nick=Ann", "size=4"), patch("-nick"), "size=4#2"},
		{"DELETE of what is not there", nil, values("nick=Ann"), patch("-size"), "nick=Ann#1"},
		{"DELETE of the last", nil, values("nick=Ann"), patch("-nick"), ""},
		{"-1 is the index of a plain set", nil, nil, replace("nick.-1=Ann"), "nick=Ann#"},
		{"DELETE with -1 in a plain set", nil, values("nick=Ann", "size=4"), patch("-nick.-1"), "size=4#2"},

		// Failures.
		{"no such field, 903", nil, nil, replace("shoe=4"), "values shoe field"},
		{"no such field, 903, PATCH", nil, nil, patch("shoe=4"), "values shoe field"},
		{"no such field, 903, DELETE", nil, nil, patch("-shoe"), "values shoe field"},
		{"a set is no field, 903", nil, nil, replace("kyc=4"), "values kyc field"},
		{"no customFieldID, 3600", nil, nil, replace("=4"), "values no_field"},
		{"no customFieldID, 3600, PATCH", nil, nil, patch("=4"), "values no_field"},
		{"errorSource is the id as sent", nil, nil, replace("k-size=x"), "values k-size field_value"},
		{"empty in an array, 901", nil, values("nick=Ann"), replace("nick="), "values nick field_value"},
		{"emptied by PATCH, 901", nil, values("nick=Ann"), patch("nick="), "values nick field_value"},
		{"required, array lacks it, 902 (A4)", field("size", required), values("nick=Ann", "size=4"), replace("nick=Bea"), "values size field_required"},
		{"required, [], 902 (A5)", field("size", required), values("size=4"), replace(), "values size field_required"},
		{"required, array empties it, 901", field("size", required), values("size=4"), replace("size="), "values size field_value"},
		{"required, array has it", field("size", required), values("nick=Ann", "size=4"), replace("size=5"), "size=5#2"},
		{"required but missing before, array lacks it, 902", field("size", required), values("nick=Ann"), replace("nick=Bea"),
			"values size field_required"},
		{"required but missing, PATCH of another", field("size", required), values("nick=Ann"), patch("nick=Bea"), "nick=Bea#1"},
		{"required but missing, DELETE of another", field("size", required), values("nick=Ann"), patch("-nick"), ""},
		{"required but of another client type", field("special", required), values("nick=Ann"), replace(), ""},
		{"required but deactivated", field("old", required), values("nick=Ann"), replace("nick=Bea"), "nick=Bea#1"},
		{"required, DELETE, 909", field("size", required), values("nick=Ann", "size=4"), patch("-size"), "values size field_kept"},
		{"required, emptied by PATCH, 909", field("size", required), values("size=4"), patch("size="), "values size field_kept"},
		{"required, made invisible by PATCH, 909", field("nick", required), values("nick=Ann"), patch("nick=\u200b"), "values nick field_kept"},
		{"required, made null by PATCH, 909", field("size", required), values("size=4"), patch("size"), "values size field_kept"},
		{"required link, emptied by PATCH, 909", field("officer", required), values("officer=k-u1"), patch("officer"), "values officer field_kept"},
		{"required but missing, emptied by PATCH, 901", field("size", required), nil, patch("size="), "values size field_value"},
		{"deactivated, 908", nil, nil, replace("old=x"), "values old field_inactive"},
		{"deactivated, 908, PATCH", nil, nil, patch("old=x"), "values old field_inactive"},
		{"deactivated, stored value changed, 908", nil, values("old=x"), patch("old=y"), "values old field_inactive"},
		{"deactivated, stored value kept by array", nil, values("old=x", "nick=Ann"), replace("old=x", "nick=Bea"), "old=x#1 nick=Bea#2"},
		{"deactivated, stored value kept by PATCH", nil, values("old=x"), patch("old=x", "nick=Bea"), "old=x#1 nick=Bea#"},
		{"deactivated, stored value stays beside a PATCH", nil, values("old=x"), patch("nick=Bea"), "old=x#1 nick=Bea#"},
		{"deactivated, stored value can be removed", nil, values("old=x"), patch("-old"), ""},
		{"not of this client type, 910", nil, nil, replace("special=x"), "values special field_type"},
		{"not of this client type, 910, PATCH", nil, nil, patch("special=x"), "values special field_type"},
		{"not of this client type, stored value kept", nil, values("special=x"), replace("special=x", "nick=A"), "special=x#1 nick=A#"},
		{"unchanged value longer than allowed now", nil, values("nick=" + strings.Repeat("x", 300)), replace("nick="+strings.Repeat("x", 300), "pep=TRUE"),
			"nick=" + strings.Repeat("x", 300) + "#1 pep=TRUE#"},
		{"unchanged value not of the pattern of now", nil, values("code=x"), replace("pep=TRUE", "code=x"), "pep=TRUE# code=x#1"},
		{"unchanged option that is gone", nil, values("segment=lead"), patch("segment=lead", "pep=TRUE"), "segment=lead#1 pep=TRUE#"},
		{"unchanged link to what is gone", nil, values("friend=k-B-2"), replace("friend>k-B-2", "pep=TRUE"), "friend=k-B-2#1 pep=TRUE#"},

		// Selections that depend on another.
		{"option allowed by its parent", nil, nil, replace("segment=gold", "tier=high"), "segment=gold# tier=high#"},
		{"the parent may come behind", nil, nil, replace("tier=high", "segment=gold"), "tier=high# segment=gold#"},
		{"the parent may be there already", nil, values("segment=gold"), patch("tier=high"), "segment=gold#1 tier=high#"},
		{"an option without parents goes with each", nil, nil, replace("segment=silver", "tier=any"), "segment=silver# tier=any#"},
		{"not allowed by the parent, 308", nil, nil, replace("segment=silver", "tier=high"), "values tier field_choice"},
		{"not allowed by the stored parent, 308", nil, values("segment=silver"), patch("tier=high"), "values tier field_choice"},
		{"the parent changes under it, 308", nil, values("segment=gold", "tier=high"), patch("segment=silver"), "values tier field_choice"},
		{"the parent changes, still allowed", nil, values("segment=gold", "tier=low"), patch("segment=silver"), "segment=silver#1 tier=low#2"},
		{"parent missing, 912", nil, nil, replace("tier=high"), "values tier field_parent"},
		{"parent missing, 912, PATCH", nil, nil, patch("tier=any"), "values tier field_parent"},
		{"parent left out, 912", nil, values("segment=gold", "tier=high"), replace("tier=high"), "values tier field_parent"},
		{"parent removed, 912", nil, values("segment=gold", "tier=high"), patch("-segment"), "values tier field_parent"},
		{"dependent one removed", nil, values("segment=gold", "tier=high"), patch("-tier"), "segment=gold#1"},
		{"both unchanged, not allowed now", nil, values("segment=silver", "tier=high"), replace("segment=silver", "tier=high", "pep=TRUE"),
			"segment=silver#1 tier=high#2 pep=TRUE#"},
		{"in an entry: its own parent", nil, nil, replace("land.0=AT", "city.0=Wien", "land.1=DE", "city.1=Berlin"),
			"land.0=AT# city.0=Wien# land.1=DE# city.1=Berlin#"},
		{"in an entry: another's parent, 912", nil, nil, replace("land.0=AT", "iban.1=B", "city.1=Wien"), "values city field_parent"},
		{"in an entry: 308", nil, nil, replace("land.0=AT", "city.0=Berlin"), "values city field_choice"},

		// Grouped sets.
		{"index for a plain set, 913", nil, nil, replace("nick.0=Ann"), "values nick entry_form"},
		{"index for a plain set, 913, PATCH", nil, nil, patch("nick.0=Ann"), "values nick entry_form"},
		{"index for a plain set, 913, DELETE", nil, values("nick=Ann"), patch("-nick.0"), "values nick entry_form"},
		{"index lacking in a grouped one, 913", nil, nil, replace("iban=A"), "values iban entry_form"},
		{"-1 lacks the index of a grouped one, 913", nil, nil, replace("iban.-1=A"), "values iban entry_form"},
		{"indexes from 0", nil, nil, replace("iban.0=A", "bic.0=a", "iban.1=B"), "iban.0=A# bic.0=a# iban.1=B#"},
		{"indexes in any order", nil, nil, replace("iban.1=B", "iban.0=A"), "iban.1=B# iban.0=A#"},
		{"sets count apart", nil, nil, replace("iban.0=A", "name.0=Tim", "name.1=Tom"), "iban.0=A# name.0=Tim# name.1=Tom#"},
		{"not from 0, 914", nil, nil, replace("iban.1=B"), "values accounts entry_order"},
		{"a gap, 914", nil, nil, replace("iban.0=A", "bic.2=c"), "values accounts entry_order"},
		{"the highest index there is, 914", nil, nil, replace(fmt.Sprintf("iban.%d=A", math.MaxInt)), "values accounts entry_order"},
		{"below -1, 914", nil, nil, replace("iban.-2=A"), "values iban entry_order"},
		{"same field twice in one entry, 915", nil, nil, replace("iban.0=A", "iban.0=B"), "values iban entry_twice"},
		{"same field twice in one entry, 915, PATCH", nil, two, patch("iban.1=C", "iban.1=D"), "values iban entry_twice"},
		{"same field twice in the new entry, 915", nil, nil, patch("iban=C", "iban=D"), "values iban entry_twice"},
		{"matched by customFieldID and index", nil, two, replace("bic.1=x", "iban.0=A"), "bic.1=x#4 iban.0=A#1"},
		{"[] removes the entries", nil, two, replace(), ""},
		{"PATCH without index: a new entry", nil, two, patch("iban=C", "bic=c"), show(two) + " iban.2=C# bic.2=c#"},
		{"PATCH with -1: a new entry", nil, two, patch("iban.-1=C"), show(two) + " iban.2=C#"},
		{"PATCH without index: the first entry", nil, nil, patch("bic=c", "iban=C"), "bic.0=c# iban.0=C#"},
		{"PATCH without index: one new entry in each set", nil, two, patch("iban=C", "name=Tim", "bic=c"), show(two) + " iban.2=C# name.0=Tim# bic.2=c#"},
		{"PATCH with index: that entry", nil, two, patch("bic.0=x", "iban.1=y"), "iban.0=A#1 bic.0=x#2 iban.1=y#3 bic.1=b#4"},
		{"PATCH with index: a value that the entry lacked", nil, values("iban.0=A", "iban.1=B"), patch("bic.0=x"), "iban.0=A#1 iban.1=B#2 bic.0=x#"},
		{"PATCH: an index that does not exist, 916", nil, two, patch("iban.2=C"), "values iban entry"},
		{"PATCH: an index that does not exist, no entries, 916", nil, nil, patch("iban.0=A"), "values iban entry"},
		{"DELETE: an index that does not exist, 916", nil, two, patch("-iban.2"), "values iban entry"},
		{"DELETE: -1 is no index that exists, 916", nil, two, patch("-iban.-1"), "values iban entry"},
		{"DELETE of a value, the entry stays", nil, two, patch("-iban.0"), "bic.0=a#2 iban.1=B#3 bic.1=b#4"},
		{"DELETE of an entry moves the later ones up", nil, three, patch("-iban.0"), "iban.0=B#2 bic.0=b#3 iban.1=C#4"},
		{"DELETE of the last entry", nil, three, patch("-iban.2"), "iban.0=A#1 iban.1=B#2 bic.1=b#3"},
		{"DELETE of an entry by all its values", nil, two, patch("-iban.0", "-bic.0"), "iban.0=B#3 bic.0=b#4"},
		{"DELETE of an entry leaves other sets alone", nil, values("iban.0=A", "name.0=T", "name.1=U", "iban.1=B"), patch("-iban.0"),
			"name.0=T#2 name.1=U#3 iban.0=B#4"},
		{"entries that move up keep what is not allowed now", nil, values("iban.0=A", "land.1=AT", "city.1=Berlin"), patch("-iban.0"),
			"land.0=AT#2 city.0=Berlin#3"},
		{"entries that moved up are changed under their new index", nil, three, patch("-iban.0", "iban.0=X"), "iban.0=X#2 bic.0=b#3 iban.1=C#4"},
		{"required in a grouped set: in each entry, 902", field("bic", required), nil, replace("iban.0=A", "bic.0=a", "iban.1=B"),
			"values bic field_required"},
		{"required in a grouped set: no entries", field("bic", required), nil, replace("nick=Ann"), "nick=Ann#"},
		{"required in a grouped set: DELETE, 909", field("bic", required), two, patch("-bic.0"), "values bic field_kept"},
		{"required in a grouped set: the entry goes", field("bic", required), values("bic.0=a", "bic.1=b"), patch("-bic.0"), "bic.0=b#2"},
		{"required in a grouped set: emptied by PATCH, 909", field("bic", required), two, patch("bic.1="), "values bic field_kept"},
		{"required in a grouped set: empty in a new entry, 901", field("bic", required), two, patch("iban=C", "bic="), "values bic field_value"},
		{"required in a grouped set: PATCH of a new entry without it, 902", field("bic", required), two, patch("iban=C"), "values bic field_required"},
		{"required in a grouped set: PATCH with -1 without it, 902", field("bic", required), two, patch("iban.-1=C"), "values bic field_required"},
		{"required in a grouped set: PATCH of the first entry without it, 902", field("bic", required), nil, patch("iban=C"), "values bic field_required"},
		{"required in a grouped set: PATCH of a new entry with it", field("bic", required), two, patch("bic=c"), show(two) + " bic.2=c#"},
		{"required in a grouped set: PATCH of a new entry, it comes by index", field("bic", required), two, patch("iban=C", "bic.2=c"),
			show(two) + " iban.2=C# bic.2=c#"},
		{"required in a grouped set: PATCH of a new entry in another set", field("bic", required), values("iban.0=A"), patch("name=Tim"), "iban.0=A#1 name.0=Tim#"},
		{"required in a grouped set: PATCH of an entry that lacks it already", field("bic", required), values("iban.0=A"), patch("iban.0=B"), "iban.0=B#1"},
		{"required in a grouped set: PATCH of a new entry beside one that lacks it", field("bic", required), values("iban.0=A"), patch("iban=B", "bic=b"),
			"iban.0=A#1 iban.1=B# bic.1=b#"},
		{"required in a grouped set and of another client type: PATCH of a new entry", field("bic", both(required, ofApplicants)), two, patch("iban=C"),
			show(two) + " iban.2=C#"},
		{"required in a plain set: PATCH of a new entry", field("size", required), two, patch("iban=C"), show(two) + " iban.2=C#"},
		{"deactivated and required in a grouped set: PATCH of a new entry", field("bic", both(inactive, required)), two, patch("iban=C"), show(two) + " iban.2=C#"},
		{"deactivated in a grouped set: kept", field("bic", inactive), two, replace("iban.0=X", "bic.0=a"), "iban.0=X#1 bic.0=a#2"},
		{"deactivated in a grouped set: a new one, 908", field("bic", inactive), two, patch("iban=C", "bic=c"), "values bic field_inactive"},
		{"deactivated and required in a grouped set: not asked for", field("bic", both(inactive, required)), nil, replace("iban.0=A"), "iban.0=A#"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := settings()
			if row.edit != nil {
				row.edit(s)
			}
			c := ada(func(c *clientbook.Client) { c.Values = row.stored })
			next, err := c.With(&clientbook.ClientUpdate{Values: row.given}, rules(s))
			got := fault(err)
			if err == nil {
				got = show(next.Values)
			}
			if got != row.want {
				t.Errorf("on %q: got %q, want %q", show(row.stored), got, row.want)
			}
			if err == nil && next.Values != nil && len(next.Values) == 0 {
				t.Error("no values are an empty slice, want nil")
			}
		})
	}
}

// A create is asked for required values if it is strict, or sends the part.
func TestRequiredOnCreate(t *testing.T) {
	both := settings(field("size", required), field("special", required))
	for _, row := range []struct {
		rule       string
		clientType string
		strict     bool
		given      *clientbook.ValuesUpdate
		want       string
	}{
		{"902: missing from a create", "", true, nil, "values size field_required"},
		{"902: missing from a create's []", "", true, replace(), "values size field_required"},
		{"902: missing from a create's array", "", true, replace("nick=x"), "values size field_required"},
		{"902: missing from values that don't replace", "", true, patch("nick=x"), "values size field_required"},
		{"902: missing from a create's array that is not strict", "", false, replace(), "values size field_required"},
		{"a strict create with everything", "", true, replace("size=4"), ""},
		{"902: of the client type", "applicant", true, replace("size=4"), "values special field_required"},
		{"with everything of the client type", "applicant", true, replace("size=4", "special=x"), ""},
		{"design §6: a ComplyCube create is exempt", "", false, nil, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			u := person()
			u.Strict, u.Values = row.strict, row.given
			if row.clientType != "" {
				u.ClientType = &row.clientType
				u.IDDocuments = &[]clientbook.IDDocument{{Type: "Passport", Number: "1"}}
			}
			_, err := clientbook.NewClient(u, rules(both))
			wantFault(t, err, row.want)
		})
	}
}

// A change of the client type in the same update decides which fields there are.
func TestFieldOfNewType(t *testing.T) {
	u := &clientbook.ClientUpdate{ClientType: new("applicant"), Values: patch("special=x"), IDDocuments: &[]clientbook.IDDocument{document(0, "Passport|P1")}}
	next, err := ada().With(u, rules(settings()))
	if !wantFault(t, err, "") {
		return
	}
	if show(next.Values) != "special=x#" {
		t.Errorf("got %s", show(next.Values))
	}
	_, err = next.With(&clientbook.ClientUpdate{ClientType: new("retail")}, rules(settings()))
	wantFault(t, err, "values special field_type")
}

func TestTooManyValues(t *testing.T) {
	var most, more []string
	for i := range clientbook.MaxValues + 1 {
		if more = append(more, fmt.Sprintf("name.%d=x", i)); i < clientbook.MaxValues {
			most = more
		}
	}
	c, err := ada().With(&clientbook.ClientUpdate{Values: replace(most...)}, rules(settings()))
	if !wantFault(t, err, "") {
		return
	}
	_, err = ada().With(&clientbook.ClientUpdate{Values: replace(more...)}, rules(settings()))
	wantFault(t, err, "values too_many")
	_, err = c.With(&clientbook.ClientUpdate{Values: patch("name=x")}, rules(settings()))
	wantFault(t, err, "values too_many")
	_, err = c.With(&clientbook.ClientUpdate{Values: patch("name.499=y")}, rules(settings()))
	wantFault(t, err, "")
}

// A refused update gives no client, and the fault of the lowest field.
func TestLowestFault(t *testing.T) {
	u := &clientbook.ClientUpdate{Values: replace("shoe=1"), Branch: new("east"), Person: &clientbook.PersonUpdate{LastName: new("")}}
	c, err := ada().With(u, rules(settings()))
	if wantFault(t, err, "person.last_name required"); c != nil {
		t.Errorf("got %v with an error", c)
	}
}

func TestTakes(t *testing.T) {
	s := settings()
	for _, row := range []struct {
		value string
		want  bool
	}{
		{"nick=x", true}, {"nick.0=x", false}, {"iban.0=x", true}, {"iban=x", false}, {"size=1.0", true}, {"size=one", false},
		{"pep=TRUE", true}, {"pep=true", false}, {"segment=gold", true}, {"segment=lead", false}, {"since=2024-01-01", true}, {"code=x", false},
		{"friend=gone", true}, {"old=x", true}, {"special=x", true}, {"nick=" + strings.Repeat("x", 256), false},
	} {
		v := values(row.value)[0]
		f, set := s.CustomField(string(v.Field))
		if got := f.Takes(&v, set); got != row.want {
			t.Errorf("%s: got %v, want %v", row.value, got, row.want)
		}
	}
}

func TestAllows(t *testing.T) {
	s := settings()
	for _, row := range []struct {
		all  string // the first is asked for
		want bool
	}{
		{"nick=x", true}, {"tier=high segment=gold", true}, {"tier=high segment=silver", false}, {"tier=any segment=silver", true}, {"tier=any", false},
		{"tier=lead segment=gold", false}, {"city.1=Wien land.0=AT", false}, {"city.1=Wien land.0=DE land.1=AT", true}, {"land.0=AT", true},
	} {
		all := values(strings.Fields(row.all)...)
		f, _ := s.CustomField(string(all[0].Field))
		if got := f.Allows(&all[0], all); got != row.want {
			t.Errorf("%s: got %v, want %v", row.all, got, row.want)
		}
	}
}

// Whatever is done to the entries of grouped sets: they are numbered from 0 without a gap, no field is in one twice, values keep
// their ids, and the record that was changed stays as it was.
func TestEntriesProperty(t *testing.T) {
	s := settings()
	names := []string{"iban", "bic", "name", "nick", "shoe"}
	rapid.Check(t, func(t *rapid.T) {
		c := ada()
		ids := byte(0)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			text := rapid.Custom(func(t *rapid.T) string {
				group := rapid.SampledFrom([]string{"", "", ".-1", ".0", ".1", ".2", ".3"}).Draw(t, "group")
				return rapid.SampledFrom(names).Draw(t, "field") + group + rapid.SampledFrom([]string{"=x", "=y"}).Draw(t, "value")
			})
			u := update(rapid.Bool().Draw(t, "replace"), rapid.SliceOfN(text, 0, 5).Draw(t, "set")...)
			if !u.Replace && rapid.Bool().Draw(t, "removes") {
				n, _, _ := strings.Cut(text.Draw(t, "remove"), "=")
				u.Remove = []clientbook.ValueName{name(n)}
			}
			before := slices.Clone(c.Values)
			next, err := c.With(&clientbook.ClientUpdate{Values: u}, rules(s))
			if !slices.Equal(c.Values, before) {
				t.Fatalf("the record that was changed: %s, was %s", show(c.Values), show(before))
			}
			if err != nil {
				continue
			}
			checkEntries(t, next.Values, before)
			next.Values = slices.Clone(next.Values)
			for i := range next.Values {
				if next.Values[i].ID == (clientbook.ChildID{}) {
					ids++
					next.Values[i].ID = child(ids)
				}
			}
			c = next
		}
	})
}

func checkEntries(t *rapid.T, values, before []clientbook.FieldValue) {
	count := map[bool]map[int]bool{true: {}, false: {}} // of the sets children and accounts
	seen := map[string]bool{}
	for _, v := range values {
		place, id := fmt.Sprint(v.Field, v.Group), v.ID.String()
		if seen[place] || v.ID != (clientbook.ChildID{}) && seen[id] {
			t.Fatalf("a field or an id twice: %s", show(values))
		}
		seen[place], seen[id] = true, true
		if v.ID != (clientbook.ChildID{}) && !slices.ContainsFunc(before, func(x clientbook.FieldValue) bool { return x.ID == v.ID && x.Field == v.Field }) {
			t.Fatalf("an id from nowhere: %s", show(values))
		}
		if grouped := v.Field != "k-nick"; grouped != (v.Group >= 0) {
			t.Fatalf("an entry in the wrong set: %s", show(values))
		} else if grouped {
			count[v.Field == "k-name"][v.Group] = true
		}
	}
	for _, groups := range count {
		for i := range len(groups) {
			if !groups[i] {
				t.Fatalf("entries with a gap: %s", show(values))
			}
		}
	}
}
