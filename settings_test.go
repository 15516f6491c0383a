package clientbook_test

import (
	"slices"
	"testing"

	"clientbook"
)

// What a book has whose institution decided nothing: the settings contract's defaults.
func TestDefaultSettings(t *testing.T) {
	s := clientbook.DefaultSettings()
	if s.TimeZone != "UTC" || s.InitialState != clientbook.StateInactive || s.NumberPattern != "#########" || s.Language != "ENGLISH" || s.MetadataKeys != 20 ||
		!s.OtherIDDocuments || !s.RequireEncodedKey || s.Duplicates.Mode != clientbook.DuplicatesIgnored || s.Duplicates.Rules != nil {
		t.Errorf("got %+v", s)
	}
	t1 := s.DefaultClientType()
	if t1.Key != "d9df8bc78a0234ccc934a845c" || t1.Group || t1.RequireID || !t1.UseDefaultAddress || !t1.CanOpenAccounts || !t1.CanGuarantee {
		t.Errorf("A3: the built-in client type is %+v", t1)
	}
	if s.ClientType("d9df8bc78a0234ccc934a845c") != t1 {
		t.Error("A3: the starting document's example key names no client type")
	}
	if s.NumberPattern.Forbidden() {
		t.Error("the default pattern is forbidden")
	}
	if clientbook.DefaultSettings() == s || &clientbook.DefaultSettings().ClientTypes[0] == t1 {
		t.Error("two books share their settings")
	}
}

func TestLookups(t *testing.T) {
	s := settings()
	for _, row := range []struct {
		what string
		find func(ref string) (clientbook.DefinitionKey, bool)
		refs []string
		none []string
	}{
		{"client type", func(r string) (clientbook.DefinitionKey, bool) {
			x := s.ClientType(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		},
			[]string{"retail", "k-retail"}, []string{"", "Retail", "k-"}},
		{"branch", func(r string) (clientbook.DefinitionKey, bool) {
			x := s.Branch(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		},
			[]string{"north", "k-north"}, []string{"", "square"}},
		{"centre", func(r string) (clientbook.DefinitionKey, bool) {
			x := s.Centre(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		},
			[]string{"square", "k-square"}, []string{"", "north"}},
		{"user", func(r string) (clientbook.DefinitionKey, bool) {
			x := s.User(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		},
			[]string{"u1", "k-u1", "ann"}, []string{"", "Ann"}},
		{"ID document template", func(r string) (clientbook.DefinitionKey, bool) {
			x := s.IDDocumentTemplate(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		}, []string{"passport", "k-passport"}, []string{"", "Passport"}},
		{"custom field", func(r string) (clientbook.DefinitionKey, bool) {
			x, _ := s.CustomField(r)
			return keyOf(x == nil, func() clientbook.Definition { return x.Definition })
		},
			[]string{"iban", "k-iban"}, []string{"", "IBAN", "accounts"}},
	} {
		for _, ref := range row.refs {
			if got, ok := row.find(ref); !ok || string(got) != row.refs[1] {
				t.Errorf("%s %q: got %q, %v, want %q", row.what, ref, got, ok, row.refs[1])
			}
		}
		for _, ref := range row.none {
			if got, ok := row.find(ref); ok {
				t.Errorf("%s %q: got %q, want none", row.what, ref, got)
			}
		}
	}
	s.Users = append(s.Users, clientbook.User{Definition: clientbook.Definition{Key: "k-u4"}}) // no user name
	if u := s.User(""); u != nil {
		t.Errorf("no reference named %+v", u)
	}
	if f, set := s.CustomField("bic"); f == nil || set.ID != "accounts" {
		t.Errorf("got %+v of %+v", f, set)
	}
	if f, set := s.CustomField("shoe"); f != nil || set != nil {
		t.Errorf("got %+v of %+v", f, set)
	}
}

func keyOf(none bool, d func() clientbook.Definition) (clientbook.DefinitionKey, bool) {
	if none {
		return "", false
	}
	return d().Key, true
}

func TestDefaultClientType(t *testing.T) {
	s := settings(func(s *clientbook.Settings) {
		s.ClientTypes[0].Default, s.ClientTypes[3].Default, s.ClientTypes[2].Default = false, true, true
	})
	slices.Reverse(s.ClientTypes)
	if got := s.DefaultClientType(); got.ID != "nomad" {
		t.Errorf("got %s, want the default that is for persons", got.ID)
	}
}

// Contract section 11: off, WARNING or ERROR; through the API only ERROR acts.
func TestDuplicatesRefuse(t *testing.T) {
	for _, mode := range []clientbook.DuplicateMode{clientbook.DuplicatesIgnored, clientbook.DuplicatesWarned, clientbook.DuplicatesRefused} {
		for _, rule := range clientbook.DuplicateRules {
			d := clientbook.Duplicates{Mode: mode, Rules: []clientbook.DuplicateRule{clientbook.DuplicateEmail, clientbook.DuplicateName}}
			want := mode == clientbook.DuplicatesRefused && (rule == clientbook.DuplicateEmail || rule == clientbook.DuplicateName)
			if got := d.Refuses(rule); got != want {
				t.Errorf("mode %q, rule %s: got %v, want %v", mode, rule, got, want)
			}
		}
	}
}
