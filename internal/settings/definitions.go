package settings

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"clientbook"
)

// definition reads what all definitions have in common; name is the key of the name.
func (o *object) definition(name string) clientbook.Definition {
	return clientbook.Definition{Key: o.at("encodedKey").key(), ID: o.at("id").id(), Name: o.at(name).name()}
}

// id reads the id of a definition, which must be there.
func (v value) id() string {
	if v.missing() {
		return ""
	}
	return v.ref()
}

// ref reads the id of another definition.
func (v value) ref() string {
	s, ok := v.source()
	if ok && !idForm.MatchString(s) {
		v.fault("is %s, want 1 to 64 of A-Z a-z 0-9 _ -", short(s))
		return ""
	}
	return s
}

// refKey and refKeys read ids where keys belong; Merge makes them keys.
func (v value) refKey() clientbook.DefinitionKey { return clientbook.DefinitionKey(v.ref()) }

func (v value) refKeys() []clientbook.DefinitionKey { return eachOnce(v, value.refKey) }

func (v value) key() clientbook.DefinitionKey {
	s, ok := v.source()
	if ok && !keyForm(s) {
		v.fault("is %s, want 1 to %d printable characters without space and slash", short(s), maxKey)
		return ""
	}
	return clientbook.DefinitionKey(s)
}

func readClientType(o *object) clientbook.ClientType {
	t := clientbook.ClientType{
		Definition:        o.definition("name"),
		Description:       o.at("description").long(),
		Group:             oneOf(o.at("kind"), clientKinds, false),
		Default:           o.at("default").flag(false),
		RequireID:         o.at("requireID").flag(false),
		UseDefaultAddress: o.at("useDefaultAddress").flag(true),
		CanOpenAccounts:   o.at("canOpenAccounts").flag(true),
		CanGuarantee:      o.at("canGuarantee").flag(true),
	}
	if v := o.at("numberPattern"); v.there() && (v.node.Value != "" || v.node.Kind != yaml.ScalarNode) { // "" is the book's
		t.NumberPattern = v.numberPattern()
	}
	return t
}

func readIDDocumentTemplate(o *object) clientbook.IDDocumentTemplate {
	return clientbook.IDDocumentTemplate{
		Definition:       o.definition("documentType"),
		IssuingAuthority: o.at("issuingAuthority").text(),
		Mask:             clientbook.Pattern(o.at("mask").text()),
		Mandatory:        o.at("mandatory").flag(false),
		Attachments:      o.at("attachments").flag(false),
	}
}

// readAddress gives nil for an address that says nothing.
func readAddress(v value) *clientbook.PostalAddress {
	o := v.object()
	a := clientbook.PostalAddress{
		Line1: o.at("line1").text(), Line2: o.at("line2").text(), City: o.at("city").text(),
		Region: o.at("region").text(), Postcode: o.at("postcode").text(), Country: o.at("country").text(),
	}
	o.done()
	if a == (clientbook.PostalAddress{}) {
		return nil
	}
	return &a
}

func readBranch(o *object) clientbook.Branch {
	return clientbook.Branch{
		Definition: o.definition("name"),
		Active:     o.at("active").flag(true),
		Phone:      o.at("phone").text(),
		Email:      o.at("email").text(),
		Notes:      o.at("notes").long(),
		Address:    readAddress(o.at("address")),
	}
}

func readCentre(o *object) clientbook.Centre {
	return clientbook.Centre{
		Definition: o.definition("name"),
		Branch:     o.at("branch").refKey(),
		Active:     o.at("active").flag(true),
		Notes:      o.at("notes").long(),
		MeetingDay: oneOf(o.at("meetingDay"), weekdays, ""),
		Address:    readAddress(o.at("address")),
	}
}

func readUser(o *object) clientbook.User {
	u := clientbook.User{
		Username:      o.at("username").name(),
		FirstName:     o.at("firstName").name(),
		LastName:      o.at("lastName").name(),
		Email:         o.at("email").text(),
		Branch:        o.at("branch").refKey(),
		CreditOfficer: o.at("creditOfficer").flag(false),
		Administrator: o.at("administrator").flag(false),
		Active:        o.at("active").flag(true),
	}
	if strings.Contains(u.Username, ":") {
		o.at("username").fault("has a colon, which ends a user name in HTTP")
	}
	if u.Email != "" && !emailAddress(u.Email) {
		o.at("email").fault("is no e-mail address")
	}
	u.Definition = clientbook.Definition{Key: o.at("encodedKey").key(), ID: o.at("id").id(), Name: u.FirstName + " " + u.LastName}
	return u
}

// readTeamMember leaves the id "" if the file gives none.
func readTeamMember(o *object) clientbook.TeamMember {
	m := clientbook.TeamMember{
		FirstName: o.at("firstName").name(), LastName: o.at("lastName").name(), Role: o.at("role").text(),
	}
	v := o.at("id")
	if id, ok := v.source(); ok && memberForm.MatchString(id) {
		m.ID = id
	} else if ok {
		v.fault("is %s, want 17 letters and digits", short(id))
	}
	return m
}
