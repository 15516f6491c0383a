package clientbook

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// empty says whether a holds nothing but its id and mark.
func (a *Address) empty() bool { return *a == Address{ID: a.ID, Main: a.Main} }

// address takes the main address. The others stay, and none of them becomes the main one when it goes.
func (m *merge) address() {
	given := m.update.MainAddress
	if given == nil {
		m.addressOfType()
		return
	}
	old := m.old.MainAddress()
	rest := slices.DeleteFunc(slices.Clone(m.old.Addresses), func(a Address) bool { return a.Main })
	if given.Address == nil || given.Address.empty() {
		m.next.Addresses = nilled(rest)
		return
	}
	a := *given.Address
	a.Main = true
	if old == nil || a.ID != old.ID {
		a.ID = ChildID{} // the book makes a new one
	}
	if old != nil && a == *old {
		m.kept = m.kept.With(FieldAddresses)
		m.addressOfType()
		return
	}
	m.next.Addresses = append([]Address{a}, rest...)
	m.checkAddress(&a)
}

// noAddress says whether clients of the type that the client is to have are without an address.
func (m *merge) noAddress() bool {
	t := m.rules.Settings.ClientType(string(m.next.ClientType))
	return t != nil && !t.UseDefaultAddress
}

// addressOfType makes sure that a main address that stays is one that the client's new type allows.
func (m *merge) addressOfType() {
	if m.retyped() && m.noAddress() && m.old.MainAddress() != nil {
		m.fault(FieldAddresses, ReasonNoAddress)
	}
}

func (m *merge) checkAddress(a *Address) {
	for _, s := range [...]string{a.Line1, a.Line2, a.City, a.Region, a.Postcode, a.Country, a.Kind} {
		if strings.ContainsFunc(s, unicode.IsControl) {
			m.fault(FieldAddresses, ReasonCharacters)
			return
		}
	}
	switch {
	case m.noAddress():
		m.fault(FieldAddresses, ReasonNoAddress)
	case len(m.next.Addresses) > MaxAddresses:
		m.fault(FieldAddresses, ReasonTooMany)
	case !within(a.Latitude, 90) || !within(a.Longitude, 180):
		m.fault(FieldAddresses, ReasonRange)
	}
}

// within says whether s is empty or a decimal number from -most to most.
func within(s string, most float64) bool {
	if s == "" {
		return true
	}
	v, err := strconv.ParseFloat(s, 64)
	return err == nil && Decimal(s) && v >= -most && v <= most
}

// Decimal says whether s is a decimal number: a sign, digits, a point with digits behind it. No exponent, and no more than 50 characters.
func Decimal(s string) bool {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || len(s) > 50 {
		return false
	}
	whole, part, point := strings.Cut(digits, ".")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return number(whole) && (!point || number(part))
}

// nilled gives nil for an empty slice, which is how records hold one.
func nilled[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return s
}
