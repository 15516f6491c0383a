package record

import (
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"clientbook"
)

// Append appends the encoding of c and the claim of its version's caller to dst. ID, Version and Updated stay out, as the seal and the
// version's own columns bind them: with one claim, two encodings are equal exactly if the clients are.
func Append(dst []byte, c *clientbook.Client, claim string) []byte {
	b := append(dst, format)
	b = number(b, fieldKind, uint64(c.Kind()))
	b = number(b, fieldState, uint64(c.State))
	b = instant(b, fieldCreated, c.Created)
	b = instant(b, fieldApproved, c.Approved)
	b = instant(b, fieldActivated, c.Activated)
	b = instant(b, fieldClosed, c.Closed)
	b = text(b, fieldNumber, c.Number)
	b = text(b, fieldClientType, c.ClientType)
	b = text(b, fieldLanguage, c.Language)
	b = text(b, fieldEmail, c.Email)
	b = text(b, fieldMobile, c.Mobile)
	b = text(b, fieldTelephone, c.Telephone)
	b = text(b, fieldExternalID, c.ExternalID)
	b = day(b, fieldJoined, c.Joined)
	b = text(b, fieldLastActionBy, c.LastActionBy)
	if c.Company != nil {
		b = company(b, c.Company)
	} else {
		b = person(b, c.Person)
	}
	for i := range c.Metadata {
		b = entry(b, &c.Metadata[i])
	}
	b = text(b, fieldClaim, claim)
	b = text(b, fieldBranch, c.Branch)
	b = text(b, fieldCentre, c.Centre)
	b = text(b, fieldUser, c.User)
	b = text(b, fieldForeignKey, c.ForeignKey)
	b = text(b, fieldSecondMobile, c.SecondMobile)
	b = text(b, fieldNotes, c.Notes)
	b = number(b, fieldBefore, uint64(c.Before))
	return children(b, c)
}

func person(b []byte, p *clientbook.Person) []byte {
	b = text(b, fieldFirstName, p.FirstName)
	b = text(b, fieldMiddleName, p.MiddleName)
	b = text(b, fieldLastName, p.LastName)
	b = day(b, fieldBirthDate, p.BirthDate)
	b = text(b, fieldGender, p.Gender)
	b = text(b, fieldNationality, p.Nationality)
	b = text(b, fieldBirthCountry, p.BirthCountry)
	b = text(b, fieldSSN, p.SSN)
	b = text(b, fieldSocialInsuranceNumber, p.SocialInsuranceNumber)
	b = text(b, fieldNationalIdentityNumber, p.NationalIdentityNumber)
	return text(b, fieldTaxIdentificationNumber, p.TaxIdentificationNumber)
}

func company(b []byte, c *clientbook.Company) []byte {
	b = text(b, fieldName, c.Name)
	b = text(b, fieldWebsite, c.Website)
	b = text(b, fieldRegistrationNumber, c.RegistrationNumber)
	b = text(b, fieldIncorporationCountry, c.IncorporationCountry)
	return text(b, fieldIncorporationType, c.IncorporationType)
}

// entry writes both texts, empty or not, so that an entry always reads as one key with one value.
func entry(b []byte, e *clientbook.MetadataEntry) []byte {
	const tags = 2 // bytes
	b = protowire.AppendTag(b, fieldMetadata, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(tags+protowire.SizeBytes(len(e.Key))+protowire.SizeBytes(len(e.Value))))
	b = protowire.AppendString(append(b, entryKeyTag), e.Key)
	return protowire.AppendString(append(b, entryValueTag), e.Value)
}

// text and number are small, so that what is absent costs no call.
func text[S ~string](b []byte, n protowire.Number, s S) []byte {
	if s == "" {
		return b
	}
	return someText(b, n, string(s))
}

func someText(b []byte, n protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, n, protowire.BytesType), s)
}

func number(b []byte, n protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return someNumber(b, n, v)
}

func someNumber(b []byte, n protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), v)
}

func instant(b []byte, n protowire.Number, t time.Time) []byte {
	return number(b, n, uint64(clientbook.Millis(t)))
}

func day(b []byte, n protowire.Number, d clientbook.Date) []byte {
	return number(b, n, uint64(uint16(d.Year))<<16|uint64(d.Month)<<8|uint64(d.Day))
}
