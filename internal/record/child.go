package record

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

// children appends what c has several of, each as an embedded message.
func children(b []byte, c *clientbook.Client) []byte {
	for i := range c.Addresses {
		b = address(b, &c.Addresses[i])
	}
	for i := range c.IDDocuments {
		b = document(b, &c.IDDocuments[i])
	}
	for i := range c.Values {
		b = value(b, &c.Values[i])
	}
	for i := range c.Comments {
		b = comment(b, &c.Comments[i])
	}
	return b
}

func address(b []byte, a *clientbook.Address) []byte {
	b, start := begin(b, fieldAddresses, a.ID)
	if a.Main {
		b = number(b, addressMain, 1)
	}
	b = text(b, addressLine1, a.Line1)
	b = text(b, addressLine2, a.Line2)
	b = text(b, addressCity, a.City)
	b = text(b, addressRegion, a.Region)
	b = text(b, addressPostcode, a.Postcode)
	b = text(b, addressCountry, a.Country)
	b = text(b, addressLatitude, a.Latitude)
	b = text(b, addressLongitude, a.Longitude)
	b = text(b, addressKind, a.Kind)
	return end(b, start)
}

func document(b []byte, d *clientbook.IDDocument) []byte {
	b, start := begin(b, fieldIDDocuments, d.ID)
	b = text(b, documentType, d.Type)
	b = text(b, documentNumber, d.Number)
	b = text(b, documentAuthority, d.Authority)
	b = day(b, documentValidUntil, d.ValidUntil)
	b = text(b, documentTemplate, d.Template)
	return end(b, start)
}

// value writes the entry of a grouped set plus one, so that most values need none.
func value(b []byte, v *clientbook.FieldValue) []byte {
	b, start := begin(b, fieldValues, v.ID)
	b = text(b, valueField, v.Field)
	b = number(b, valueGroup, uint64(v.Group-clientbook.NoGroup))
	b = text(b, valueText, v.Value)
	return end(b, start)
}

func comment(b []byte, c *clientbook.Comment) []byte {
	b, start := begin(b, fieldComments, c.ID)
	b = instant(b, commentTime, c.Time)
	b = text(b, commentUser, c.User)
	b = text(b, commentText, c.Text)
	return end(b, start)
}

// begin begins an embedded message with its id, which is always written. start is where the message begins, one byte after the place
// for its length.
func begin(b []byte, n protowire.Number, id clientbook.ChildID) (_ []byte, start int) {
	b = append(protowire.AppendTag(b, n, protowire.BytesType), 0)
	start = len(b)
	return append(append(b, idTag, byte(len(id))), id[:]...), start
}

// end sets the length of an embedded message. One too long for the byte that begin left is moved.
func end(b []byte, start int) []byte {
	size := len(b) - start
	if more := protowire.SizeVarint(uint64(size)) - 1; more > 0 {
		b = slices.Insert(b, start, make([]byte, more)...)
	}
	protowire.AppendVarint(b[:start-1], uint64(size))
	return b
}

// A child is an embedded message on its way into what a client has several of. Both of its methods are told fields other than the id.
type child interface {
	text(protowire.Number) *string // where the text of that field goes, nil if it has none
	number(protowire.Number, uint64) error
}

type (
	addressChild  clientbook.Address
	documentChild clientbook.IDDocument
	valueChild    clientbook.FieldValue
	commentChild  clientbook.Comment
)

func (a *addressChild) text(n protowire.Number) *string {
	switch n {
	case addressLine1:
		return &a.Line1
	case addressLine2:
		return &a.Line2
	case addressCity:
		return &a.City
	case addressRegion:
		return &a.Region
	case addressPostcode:
		return &a.Postcode
	case addressCountry:
		return &a.Country
	case addressLatitude:
		return &a.Latitude
	case addressLongitude:
		return &a.Longitude
	case addressKind:
		return &a.Kind
	}
	return nil
}

func (a *addressChild) number(n protowire.Number, v uint64) error {
	if n != addressMain {
		return errUnknown
	}
	if v != 1 {
		return errValue
	}
	a.Main = true
	return nil
}

func (d *documentChild) text(n protowire.Number) *string {
	switch n {
	case documentType:
		return &d.Type
	case documentNumber:
		return &d.Number
	case documentAuthority:
		return &d.Authority
	case documentTemplate:
		return (*string)(&d.Template)
	}
	return nil
}

func (d *documentChild) number(n protowire.Number, v uint64) (err error) {
	if n != documentValidUntil {
		return errUnknown
	}
	d.ValidUntil, err = dayOf(v)
	return err
}

func (v *valueChild) text(n protowire.Number) *string {
	switch n {
	case valueField:
		return (*string)(&v.Field)
	case valueText:
		return &v.Value
	}
	return nil
}

func (v *valueChild) number(n protowire.Number, group uint64) error {
	if n != valueGroup {
		return errUnknown
	}
	if uint64(int(group)) != group { // on a machine of 32 bits
		return errValue
	}
	v.Group = int(group) + clientbook.NoGroup
	return nil
}

func (c *commentChild) text(n protowire.Number) *string {
	switch n {
	case commentUser:
		return (*string)(&c.User)
	case commentText:
		return &c.Text
	}
	return nil
}

func (c *commentChild) number(n protowire.Number, v uint64) error {
	if n != commentTime {
		return errUnknown
	}
	c.Time = clientbook.FromMillis(int64(v))
	return nil
}

// repeated reads one more of what a client has several of.
func (d *decoder) repeated(n protowire.Number) error {
	c := &d.client
	switch n {
	case fieldMetadata:
		return d.entry()
	case fieldAddresses:
		a := another(d, n, &c.Addresses)
		return d.child(&a.ID, (*addressChild)(a))
	case fieldIDDocuments:
		i := another(d, n, &c.IDDocuments)
		return d.child(&i.ID, (*documentChild)(i))
	case fieldValues:
		v := another(d, n, &c.Values)
		v.Group = clientbook.NoGroup
		return d.child(&v.ID, (*valueChild)(v))
	case fieldComments:
		r := another(d, n, &c.Comments)
		return d.child(&r.ID, (*commentChild)(r))
	}
	return errUnknown
}

// another gives a new last element of all. The first time it makes room for those that follow too, and so once.
func another[T any](d *decoder, n protowire.Number, all *[]T) *T {
	if *all == nil {
		*all = make([]T, 0, d.following(n))
	}
	*all = append(*all, *new(T))
	return &(*all)[len(*all)-1]
}

// following counts the elements of a repeated field from the one whose tag was read last. A message too short for an id ends the count, as
// it will be refused.
func (d *decoder) following(n protowire.Number) (count int) {
	const shortest = 2 + len(clientbook.ChildID{})
	for rest := d.in[d.pos:]; ; count++ {
		message, size := protowire.ConsumeBytes(rest)
		if size < 0 || len(message) < shortest {
			return count
		}
		rest = rest[size:]
		next, typ, size := protowire.ConsumeTag(rest)
		if size < 0 || next != n || typ != protowire.BytesType {
			return count + 1
		}
		rest = rest[size:]
	}
}

// child reads an embedded message: its id, then its other fields in order, none twice and none that c does not know.
func (d *decoder) child(id *clientbook.ChildID, c child) error {
	size, err := d.varint()
	if err != nil {
		return err
	}
	if size > uint64(len(d.in)-d.pos) {
		return errMalformed
	}
	whole := d.in
	d.in = whole[:d.pos+int(size)]
	if err = d.id(id); err == nil {
		err = d.fields(c)
	}
	d.in = whole
	return err
}

func (d *decoder) id(id *clientbook.ChildID) error {
	if d.pos == len(d.in) || d.in[d.pos] != idTag {
		return errMalformed
	}
	d.pos++
	s, err := d.bytes()
	if err != nil {
		return err
	}
	if len(s) != len(id) {
		return errValue
	}
	copy(id[:], s)
	return nil
}

func (d *decoder) fields(c child) error {
	last := protowire.Number(1) // the id
	for d.pos < len(d.in) {
		n, typ, size := protowire.ConsumeTag(d.in[d.pos:])
		if size < 0 || n <= last {
			return errMalformed
		}
		d.pos += size
		last = n
		if err := d.field(c, n, typ); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) field(c child, n protowire.Number, typ protowire.Type) error {
	switch typ {
	case protowire.BytesType:
		return d.childText(c.text(n))
	case protowire.VarintType:
		v, err := d.varint()
		if err != nil {
			return err
		}
		if v == 0 {
			return errValue
		}
		return c.number(n, v)
	}
	return errUnknown
}

func (d *decoder) childText(to *string) (err error) {
	if to == nil {
		return errUnknown
	}
	if *to, err = d.bytes(); err != nil {
		return err
	}
	if *to == "" {
		return errValue
	}
	return nil
}
