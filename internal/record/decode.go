package record

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

var (
	errMalformed = errors.New("truncated or malformed")
	errUnknown   = errors.New("not known for this kind of client, it may be a newer program's")
	errValue     = errors.New("a value that is never written")
)

// Decode reads what Append wrote into c and gives the claim; ID, Version and Updated of c stay as they are. Nothing of b is kept.
// On an error, which never shows a text of b, c stays as it is. A format or field that this program does not know is an error, since
// writing the record again would lose what a newer program put there.
func Decode(b []byte, c *clientbook.Client) (claim string, err error) {
	if len(b) == 0 {
		return "", fmt.Errorf("decode record: %w", errMalformed)
	}
	if b[0] != format {
		return "", fmt.Errorf("decode record: format %d is not known, it may be a newer program's", b[0])
	}
	d := decoder{in: b, pos: 1, text: string(b)}
	d.client.ID, d.client.Version, d.client.Updated = c.ID, c.Version, c.Updated
	if field, err := d.run(); err != nil {
		return "", fmt.Errorf("decode record: field %d: %w", field, err)
	}
	*c = d.client
	return d.claim, nil
}

// A decoder is one body on its way into a client. All texts of the client are parts of one copy of the body.
type decoder struct {
	in     []byte
	pos    int    // how much of in is read
	text   string // in, as the copy that texts are cut from
	client clientbook.Client
	claim  string
}

// run reads all fields; with an error it gives the field that is at fault, 0 if none was begun.
func (d *decoder) run() (field protowire.Number, err error) {
	if err := d.kind(); err != nil {
		return fieldKind, err
	}
	last := fieldKind
	for d.pos < len(d.in) {
		n, typ, size := protowire.ConsumeTag(d.in[d.pos:])
		if size < 0 {
			return 0, errMalformed
		}
		d.pos += size
		if n <= last && (n != last || !repeated(n)) {
			return n, errMalformed
		}
		last = n
		switch {
		case repeated(n) && typ == protowire.BytesType:
			err = d.repeated(n)
		case typ == protowire.BytesType:
			err = d.string(n)
		case typ == protowire.VarintType:
			err = d.number(n)
		default:
			err = errUnknown
		}
		if err != nil {
			return n, err
		}
	}
	return 0, nil
}

// kind reads the first field, which says whose fields may follow.
func (d *decoder) kind() error {
	n, typ, size := protowire.ConsumeTag(d.in[d.pos:])
	if size < 0 || n != fieldKind || typ != protowire.VarintType {
		return errMalformed
	}
	d.pos += size
	v, err := d.varint()
	switch {
	case err != nil:
		return err
	case v == uint64(clientbook.PersonKind):
		d.client.Person = new(clientbook.Person)
	case v == uint64(clientbook.CompanyKind):
		d.client.Company = new(clientbook.Company)
	default:
		return errUnknown
	}
	return nil
}

func (d *decoder) number(n protowire.Number) error {
	v, err := d.varint()
	if err != nil {
		return err
	}
	if v == 0 {
		return errValue
	}
	c := &d.client
	switch {
	case n == fieldState:
		c.State, err = stateOf(v)
	case n == fieldCreated:
		c.Created = clientbook.FromMillis(int64(v))
	case n == fieldApproved:
		c.Approved = clientbook.FromMillis(int64(v))
	case n == fieldActivated:
		c.Activated = clientbook.FromMillis(int64(v))
	case n == fieldClosed:
		c.Closed = clientbook.FromMillis(int64(v))
	case n == fieldJoined:
		c.Joined, err = dayOf(v)
	case n == fieldBefore:
		c.Before, err = stateOf(v)
	case n == fieldBirthDate && c.Person != nil:
		c.Person.BirthDate, err = dayOf(v)
	default:
		return errUnknown
	}
	return err
}

func stateOf(v uint64) (clientbook.State, error) {
	if v > math.MaxUint8 {
		return 0, errValue
	}
	return clientbook.State(v), nil
}

func dayOf(v uint64) (clientbook.Date, error) {
	if v > math.MaxUint32 {
		return clientbook.Date{}, errValue
	}
	return clientbook.Date{Year: int16(v >> 16), Month: uint8(v >> 8), Day: uint8(v)}, nil
}

func (d *decoder) string(n protowire.Number) error {
	s, err := d.bytes()
	if err != nil {
		return err
	}
	if s == "" {
		return errValue
	}
	c := &d.client
	switch n {
	case fieldNumber:
		c.Number = s
	case fieldClientType:
		c.ClientType = clientbook.DefinitionKey(s)
	case fieldLanguage:
		c.Language = clientbook.Language(s)
	case fieldEmail:
		c.Email = s
	case fieldMobile:
		c.Mobile = s
	case fieldTelephone:
		c.Telephone = s
	case fieldExternalID:
		c.ExternalID = s
	case fieldLastActionBy:
		c.LastActionBy = s
	case fieldClaim:
		d.claim = s
	case fieldBranch:
		c.Branch = clientbook.DefinitionKey(s)
	case fieldCentre:
		c.Centre = clientbook.DefinitionKey(s)
	case fieldUser:
		c.User = clientbook.DefinitionKey(s)
	case fieldForeignKey:
		c.ForeignKey = s
	case fieldSecondMobile:
		c.SecondMobile = s
	case fieldNotes:
		c.Notes = s
	default:
		switch {
		case c.Person != nil && personText(c.Person, n, s):
		case c.Company != nil && companyText(c.Company, n, s):
		default:
			return errUnknown
		}
	}
	return nil
}

func personText(p *clientbook.Person, n protowire.Number, s string) bool {
	switch n {
	case fieldFirstName:
		p.FirstName = s
	case fieldMiddleName:
		p.MiddleName = s
	case fieldLastName:
		p.LastName = s
	case fieldGender:
		p.Gender = clientbook.Gender(s)
	case fieldNationality:
		p.Nationality = clientbook.Country(s)
	case fieldBirthCountry:
		p.BirthCountry = clientbook.Country(s)
	case fieldSSN:
		p.SSN = s
	case fieldSocialInsuranceNumber:
		p.SocialInsuranceNumber = s
	case fieldNationalIdentityNumber:
		p.NationalIdentityNumber = s
	case fieldTaxIdentificationNumber:
		p.TaxIdentificationNumber = s
	default:
		return false
	}
	return true
}

func companyText(c *clientbook.Company, n protowire.Number, s string) bool {
	switch n {
	case fieldName:
		c.Name = s
	case fieldWebsite:
		c.Website = s
	case fieldRegistrationNumber:
		c.RegistrationNumber = s
	case fieldIncorporationCountry:
		c.IncorporationCountry = clientbook.Country(s)
	case fieldIncorporationType:
		c.IncorporationType = clientbook.IncorporationType(s)
	default:
		return false
	}
	return true
}

// entry reads one entry of the metadata: a key, then a value, and nothing else.
func (d *decoder) entry() error {
	size, err := d.varint()
	if err != nil {
		return err
	}
	if size > uint64(len(d.in)-d.pos) {
		return errMalformed
	}
	end := d.pos + int(size)
	var e clientbook.MetadataEntry
	for _, part := range [...]struct {
		tag byte
		to  *string
	}{{entryKeyTag, &e.Key}, {entryValueTag, &e.Value}} {
		if d.pos == len(d.in) || d.in[d.pos] != part.tag {
			return errUnknown
		}
		d.pos++
		if *part.to, err = d.bytes(); err != nil {
			return err
		}
	}
	if d.pos != end {
		return errUnknown
	}
	if d.client.Metadata == nil {
		d.client.Metadata = make(clientbook.Metadata, 0, 4) // most clients have a few, and so one allocation
	}
	d.client.Metadata = append(d.client.Metadata, e)
	return nil
}

func (d *decoder) varint() (uint64, error) {
	v, size := protowire.ConsumeVarint(d.in[d.pos:])
	if size < 0 {
		return 0, errMalformed
	}
	d.pos += size
	return v, nil
}

// bytes reads a length and that many bytes.
func (d *decoder) bytes() (string, error) {
	size, err := d.varint()
	if err != nil {
		return "", err
	}
	if size > uint64(len(d.in)-d.pos) {
		return "", errMalformed
	}
	start := d.pos
	d.pos += int(size)
	return d.text[start:d.pos], nil
}
