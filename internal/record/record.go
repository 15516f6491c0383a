// Package record is the record's own encoding: the plaintext of a version's sealed body, as record.proto describes it; and, as JSON, that of
// settings and messages.
package record

import "google.golang.org/protobuf/encoding/protowire"

// format begins every body, so that a program that does not know a later one refuses it.
const format = 1

// The field numbers of record.proto.
const (
	fieldKind         protowire.Number = 1
	fieldState        protowire.Number = 2
	fieldCreated      protowire.Number = 3
	fieldApproved     protowire.Number = 4
	fieldActivated    protowire.Number = 5
	fieldClosed       protowire.Number = 6
	fieldNumber       protowire.Number = 7
	fieldClientType   protowire.Number = 8
	fieldLanguage     protowire.Number = 9
	fieldEmail        protowire.Number = 10
	fieldMobile       protowire.Number = 11
	fieldTelephone    protowire.Number = 12
	fieldExternalID   protowire.Number = 13
	fieldJoined       protowire.Number = 14
	fieldLastActionBy protowire.Number = 15

	fieldFirstName               protowire.Number = 16
	fieldMiddleName              protowire.Number = 17
	fieldLastName                protowire.Number = 18
	fieldBirthDate               protowire.Number = 19
	fieldGender                  protowire.Number = 20
	fieldNationality             protowire.Number = 21
	fieldBirthCountry            protowire.Number = 22
	fieldSSN                     protowire.Number = 23
	fieldSocialInsuranceNumber   protowire.Number = 24
	fieldNationalIdentityNumber  protowire.Number = 25
	fieldTaxIdentificationNumber protowire.Number = 26

	fieldName                 protowire.Number = 48
	fieldWebsite              protowire.Number = 49
	fieldRegistrationNumber   protowire.Number = 50
	fieldIncorporationCountry protowire.Number = 51
	fieldIncorporationType    protowire.Number = 52

	fieldMetadata protowire.Number = 80
	fieldClaim    protowire.Number = 81

	fieldBranch       protowire.Number = 82
	fieldCentre       protowire.Number = 83
	fieldUser         protowire.Number = 84
	fieldForeignKey   protowire.Number = 85
	fieldSecondMobile protowire.Number = 86
	fieldNotes        protowire.Number = 87
	fieldBefore       protowire.Number = 88
	fieldAddresses    protowire.Number = 89
	fieldIDDocuments  protowire.Number = 90
	fieldValues       protowire.Number = 91
	fieldComments     protowire.Number = 92

	// The whole tags of an entry's two texts, a byte each.
	entryKeyTag   = 1<<3 | byte(protowire.BytesType)
	entryValueTag = 2<<3 | byte(protowire.BytesType)

	// The whole tag of the id that every other embedded message begins with.
	idTag = 1<<3 | byte(protowire.BytesType)
)

// The field numbers of what a client has several of. Number 1 is always the id.
const (
	addressMain      protowire.Number = 2
	addressLine1     protowire.Number = 3
	addressLine2     protowire.Number = 4
	addressCity      protowire.Number = 5
	addressRegion    protowire.Number = 6
	addressPostcode  protowire.Number = 7
	addressCountry   protowire.Number = 8
	addressLatitude  protowire.Number = 9
	addressLongitude protowire.Number = 10
	addressKind      protowire.Number = 11

	documentType       protowire.Number = 2
	documentNumber     protowire.Number = 3
	documentAuthority  protowire.Number = 4
	documentValidUntil protowire.Number = 5
	documentTemplate   protowire.Number = 6

	valueField protowire.Number = 2
	valueGroup protowire.Number = 3
	valueText  protowire.Number = 4

	commentTime protowire.Number = 2
	commentUser protowire.Number = 3
	commentText protowire.Number = 4
)

// repeated says whether a field may stand more than once in a body, one after the other.
func repeated(n protowire.Number) bool {
	return n == fieldMetadata || n >= fieldAddresses && n <= fieldComments
}
