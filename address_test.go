package clientbook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"clientbook"
)

func TestMainAddress(t *testing.T) {
	main := clientbook.Address{ID: child(1), Main: true, Line1: "1 High St", City: "Graz", Country: "AT"}
	other, third := clientbook.Address{ID: child(2), Line1: "2 Low St"}, clientbook.Address{ID: child(3), Line1: "3 Mid St"}
	nomad := func(c *clientbook.Client) { c.ClientType = "k-nomad" }
	edited := func(edit func(*clientbook.Address)) *clientbook.MainAddress {
		a := main
		edit(&a)
		return &clientbook.MainAddress{Address: &a}
	}
	fresh := func(a clientbook.Address) *clientbook.MainAddress { return &clientbook.MainAddress{Address: &a} }
	city := func(id clientbook.ChildID, s string) clientbook.Address {
		return clientbook.Address{ID: id, Main: true, City: s}
	}
	line := func(id clientbook.ChildID, s string) clientbook.Address {
		return clientbook.Address{ID: id, Main: true, Line1: s}
	}
	none := clientbook.ChildID{}
	type list = []clientbook.Address
	for _, row := range []struct {
		rule   string
		edit   func(*clientbook.Client)
		stored []clientbook.Address
		given  *clientbook.MainAddress
		want   any // []Address or the fault
	}{
		{"3.3: absent, left alone", nil, list{other, main}, nil, list{other, main}},
		{"3.3: [], the main one is removed; nothing steps up", nil, list{main, other, third}, &clientbook.MainAddress{}, list{other, third}},
		{"3.3: [] with no main one", nil, list{other}, &clientbook.MainAddress{}, list{other}},
		{"3.3: [] with none", nil, nil, &clientbook.MainAddress{}, list(nil)},
		{"3.3: the last one is removed", nil, list{main}, &clientbook.MainAddress{}, list(nil)},
		{"an address without content is none", nil, list{main, other}, fresh(clientbook.Address{ID: child(1), Main: true}), list{other}},
		{"3.3: a match keeps its key and takes the content, it is not merged", nil, list{main, other}, fresh(city(child(1), "Wien")),
			list{city(child(1), "Wien"), other}},
		{"3.3: what matches none is new, and takes the place", nil, list{main, other}, fresh(city(none, "Wien")), list{city(none, "Wien"), other}},
		{"3.3: an unknown key is dropped", nil, list{main}, fresh(city(child(9), "Wien")), list{city(none, "Wien")}},
		{"3.3: only the main one is matched", nil, list{main, other}, fresh(city(child(2), "Wien")), list{city(none, "Wien"), other}},
		{"a first one", nil, nil, fresh(line(none, "x")), list{line(none, "x")}},
		{"design §6: a first main one beside others", nil, list{other}, fresh(line(none, "x")), list{line(none, "x"), other}},
		{"unchanged: everything stays where it is", nil, list{other, main}, fresh(main), list{other, main}},
		{"5: the client type has none, 1151", nomad, nil, fresh(line(none, "x")), "addresses no_address"},
		{"5: the client type has none, changed, 1151", nomad, list{main}, edited(func(a *clientbook.Address) { a.City = "Wien" }), "addresses no_address"},
		{"5: the client type has none, unchanged", nomad, list{main}, fresh(main), list{main}},
		{"5: the client type has none, removed", nomad, list{main}, &clientbook.MainAddress{}, list(nil)},
		{"control character", nil, nil, fresh(line(none, "a\nb")), "addresses characters"},
		{"stored control character stays", nil, list{line(child(1), "a\nb")}, fresh(line(child(1), "a\nb")),
			list{line(child(1), "a\nb")}},
		{"2.2: the country as given", nil, nil, fresh(clientbook.Address{Country: "Österreich"}), list{{Main: true, Country: "Österreich"}}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := ada(func(c *clientbook.Client) { c.Addresses = row.stored })
			if row.edit != nil {
				row.edit(c)
			}
			before := slices.Clone(row.stored)
			next, err := c.With(&clientbook.ClientUpdate{MainAddress: row.given}, rules(settings()))
			switch want := row.want.(type) {
			case string:
				wantFault(t, err, want)
			case []clientbook.Address:
				if err != nil || !slices.Equal(next.Addresses, want) || (next.Addresses == nil) != (want == nil) {
					t.Errorf("got %+v, %v, want %+v", next, err, want)
				}
			}
			if !slices.Equal(c.Addresses, before) {
				t.Errorf("the record that was changed: %+v, was %+v", c.Addresses, before)
			}
		})
	}
}

// Contract section 2.2: decimals, latitude -90 to 90 and longitude -180 to 180.
func TestCoordinates(t *testing.T) {
	for _, row := range []struct {
		latitude, longitude string
		want                bool
	}{
		{"", "", true}, {"0", "0", true}, {"-90", "180", true}, {"90", "-180", true}, {"90.0", "180.000", true}, {"+48.2", "16.37", true},
		{"90.0001", "", false}, {"-90.1", "", false}, {"", "180.1", false}, {"", "-181", false}, {"91", "", false},
		{"NaN", "", false}, {"nan", "", false}, {"", "NaN", false}, {"Inf", "", false}, {"-Inf", "", false}, {"", "Infinity", false},
		{"1e1", "", false}, {"1E1", "", false}, {"0x1p4", "", false}, {"0x10", "", false}, {"1_0", "", false}, {"", "1e400", false},
		{"48,2", "", false}, {"48.", "", false}, {"+-1", "", false}, {"--1", "", false}, {"-", "", false}, {".", "", false}, {" 1", "", false},
		{"north", "", false}, {"٣", "", false}, {strings.Repeat("0", 51), "", false},
	} {
		u := &clientbook.ClientUpdate{MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{City: "Graz", Latitude: row.latitude, Longitude: row.longitude}}}
		_, err := ada().With(u, rules(settings()))
		if want := map[bool]string{false: "addresses range"}[row.want]; fault(err) != want {
			t.Errorf("latitude %q, longitude %q: %q, want %q", row.latitude, row.longitude, fault(err), want)
		}
	}
	// What another dialect stored stays.
	c := ada(func(c *clientbook.Client) {
		c.Addresses = []clientbook.Address{{ID: child(1), Main: true, Latitude: "99"}}
	})
	_, err := c.With(&clientbook.ClientUpdate{MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{ID: child(1), Latitude: "99"}}}, rules(settings()))
	wantFault(t, err, "")
}

func TestTooManyAddresses(t *testing.T) {
	var others []clientbook.Address
	for i := range clientbook.MaxAddresses {
		others = append(others, clientbook.Address{ID: child(byte(i + 1)), Line1: fmt.Sprint(i)})
	}
	u := &clientbook.ClientUpdate{MainAddress: &clientbook.MainAddress{Address: &clientbook.Address{Line1: "x"}}}
	_, err := ada(func(c *clientbook.Client) { c.Addresses = others }).With(u, rules(settings()))
	wantFault(t, err, "addresses too_many")
	others[50].Main = true
	next, err := ada(func(c *clientbook.Client) { c.Addresses = others }).With(u, rules(settings()))
	if wantFault(t, err, "") && len(next.Addresses) != clientbook.MaxAddresses {
		t.Errorf("%d addresses, want %d", len(next.Addresses), clientbook.MaxAddresses)
	}
}

func TestAddressOfNewClient(t *testing.T) {
	u := person(strict)
	u.MainAddress = &clientbook.MainAddress{Address: &clientbook.Address{ID: child(7), Line1: "x"}}
	c, err := clientbook.NewClient(u, rules(settings()))
	if want := (clientbook.Address{Main: true, Line1: "x"}); !wantFault(t, err, "") || len(c.Addresses) != 1 || c.Addresses[0] != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	u.ClientType = new("nomad")
	_, err = clientbook.NewClient(u, rules(settings()))
	wantFault(t, err, "addresses no_address")
}
