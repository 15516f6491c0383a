package mambu

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"time"

	"clientbook"
)

// What a book's settings define is read-only on this wire. Lists are in the order of the settings, which is the order that indexes in
// the records speak of.

// settings gives those of the caller's book.
func (a *API) settings(r *http.Request) (*clientbook.Settings, error) {
	return a.books.Settings(r.Context(), callerOf(r))
}

// listClientTypes serves GET /api/clienttypes.
func (a *API) listClientTypes(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settings(r)
	if err != nil {
		return err
	}
	group, all := false, false
	switch strings.ToUpper(r.URL.Query().Get("for")) { // the official Java client writes it small
	case "":
		all = true
	case "CLIENTS":
	case "GROUPS":
		group = true
	default:
		return refusal(codeInvalidParameters, "for")
	}
	var indexes []int
	for i := range s.ClientTypes {
		if all || s.ClientTypes[i].Group == group {
			indexes = append(indexes, i)
		}
	}
	return a.answerList(w, r, len(indexes), func(b []byte, i int) []byte {
		return appendClientType(b, &s.ClientTypes[indexes[i]], indexes[i])
	})
}

// answerList answers with the asked page of n records; item appends the one at an index.
func (a *API) answerList(w http.ResponseWriter, r *http.Request, n int, item func(b []byte, i int) []byte) error {
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	from := min(offset, int64(n))
	to := from + min(limit, int64(n)-from)
	answer(w, func(b []byte) []byte {
		return appendArray(b, int(to-from), func(b []byte, i int) []byte { return item(b, int(from)+i) })
	})
	return nil
}

// appendArray appends n items as an array.
func appendArray(b []byte, n int, item func(b []byte, i int) []byte) []byte {
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, i)
	}
	return append(b, ']')
}

// An object is one being appended: what has no value is left out.
type object struct {
	b    []byte
	some bool
}

func newObject(b []byte) *object { return &object{b: append(b, '{')} }

// name appends the name of a property, which needs no escapes.
func (o *object) name(name string) {
	if o.some {
		o.b = append(o.b, ',')
	}
	o.some = true
	o.b = append(append(append(o.b, '"'), name...), '"', ':')
}

func (o *object) text(name, value string) {
	if value != "" {
		o.name(name)
		o.b = quote(o.b, value)
	}
}

func (o *object) flag(name string, value bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, value)
}

func (o *object) number(name string, value int) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, int64(value), 10)
}

func (o *object) time(name string, t time.Time) {
	if !t.IsZero() {
		o.name(name)
		o.b = appendTime(o.b, "", t)
	}
}

// raw appends a value that is JSON.
func (o *object) raw(name string, value []byte) {
	o.name(name)
	o.b = append(o.b, value...)
}

func (o *object) array(name string, n int, item func(b []byte, i int) []byte) {
	o.name(name)
	o.b = appendArray(o.b, n, item)
}

func (o *object) end() []byte { return append(o.b, '}') }

// head appends the properties with which most definitions begin. What is built in has no times.
func (o *object) head(d *clientbook.Definition) {
	o.text("encodedKey", string(d.Key))
	o.text("id", d.ID)
	o.times(d, "creationDate")
}

func (o *object) times(d *clientbook.Definition, created string) {
	o.time(created, d.Created)
	o.time("lastModifiedDate", d.Modified)
}

// state appends the property by which branches, centres and users say whether they are in use.
func (o *object) state(name string, active bool) {
	if active {
		o.text(name, "ACTIVE")
	} else {
		o.text(name, "INACTIVE")
	}
}

func appendClientType(b []byte, t *clientbook.ClientType, index int) []byte {
	o := newObject(b)
	o.text("encodedKey", string(t.Key))
	o.text("id", t.ID)
	o.text("name", t.Name)
	if t.Group {
		o.text("clientType", "GROUP")
	} else {
		o.text("clientType", "CLIENT")
	}
	o.time("creationDate", t.Created)
	o.flag("canOpenAccounts", t.CanOpenAccounts)
	o.flag("canGuarantee", t.CanGuarantee)
	o.flag("requireID", t.RequireID)
	o.flag("useDefaultAddress", t.UseDefaultAddress)
	o.number("index", index)
	o.text("description", t.Description)
	o.text("idPattern", string(t.NumberPattern))
	return o.end()
}

// listBranches serves GET /api/branches.
func (a *API) listBranches(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	return a.answerList(w, r, len(s.Branches), func(b []byte, i int) []byte { return appendBranch(b, &s.Branches[i]) })
}

// settingsInDetail gives the settings for a call that takes fullDetails, which changes nothing: these records have no custom fields.
func (a *API) settingsInDetail(r *http.Request) (*clientbook.Settings, error) {
	if _, err := fullDetails(r); err != nil {
		return nil, err
	}
	return a.settings(r)
}

// getBranch serves GET /api/branches/{id}.
func (a *API) getBranch(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	branch := s.Branch(r.PathValue("id"))
	if branch == nil {
		return notFound(codeBranchID, r.PathValue("id"))
	}
	answer(w, func(b []byte) []byte { return appendBranch(b, branch) })
	return nil
}

func appendBranch(b []byte, x *clientbook.Branch) []byte {
	o := newObject(b)
	o.head(&x.Definition)
	o.text("name", x.Name)
	o.state("state", x.Active)
	o.text("phoneNumber", x.Phone)
	o.text("emailAddress", x.Email)
	o.text("notes", x.Notes)
	o.address(x.Address)
	return o.end()
}

func (o *object) address(p *clientbook.PostalAddress) {
	if p == nil {
		return
	}
	o.name("address")
	in := newObject(o.b)
	in.text("line1", p.Line1)
	in.text("line2", p.Line2)
	in.text("city", p.City)
	in.text("region", p.Region)
	in.text("postcode", p.Postcode)
	in.text("country", p.Country)
	o.b = in.end()
}

// ofBranch gives those of the branch that the parameter branchId names by id or key, all of them if it is absent.
func ofBranch[D any](r *http.Request, s *clientbook.Settings, all []D, branchOf func(*D) clientbook.DefinitionKey) (chosen []*D, err error) {
	ref := r.URL.Query().Get("branchId")
	branch := s.Branch(ref)
	if ref != "" && branch == nil {
		return nil, refusal(codeBranchID, "branchId")
	}
	for i := range all {
		if x := &all[i]; branch == nil || branchOf(x) == branch.Key {
			chosen = append(chosen, x)
		}
	}
	return chosen, nil
}

// listCentres serves GET /api/centres.
func (a *API) listCentres(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	chosen, err := ofBranch(r, s, s.Centres, func(x *clientbook.Centre) clientbook.DefinitionKey { return x.Branch })
	if err != nil {
		return err
	}
	return a.answerList(w, r, len(chosen), func(b []byte, i int) []byte { return appendCentre(b, chosen[i]) })
}

// getCentre serves GET /api/centres/{id}.
func (a *API) getCentre(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	centre := s.Centre(r.PathValue("id"))
	if centre == nil {
		return notFound(codeCentreID, r.PathValue("id"))
	}
	answer(w, func(b []byte) []byte { return appendCentre(b, centre) })
	return nil
}

func appendCentre(b []byte, x *clientbook.Centre) []byte {
	o := newObject(b)
	o.head(&x.Definition)
	o.text("name", x.Name)
	o.state("state", x.Active)
	o.text("notes", x.Notes)
	o.text("meetingDay", x.MeetingDay)
	o.text("assignedBranchKey", string(x.Branch))
	o.address(x.Address)
	return o.end()
}

// listUsers serves GET /api/users.
func (a *API) listUsers(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	chosen, err := ofBranch(r, s, s.Users, func(x *clientbook.User) clientbook.DefinitionKey { return x.Branch })
	if err != nil {
		return err
	}
	return a.answerList(w, r, len(chosen), func(b []byte, i int) []byte { return appendUser(b, chosen[i]) })
}

// getUser serves GET /api/users/{id}: the number that users have on this wire, or what they have in the settings, a user name too.
func (a *API) getUser(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settingsInDetail(r)
	if err != nil {
		return err
	}
	user := findUser(s, r.PathValue("id"))
	if user == nil {
		return notFound(codeUserID, r.PathValue("id"))
	}
	answer(w, func(b []byte) []byte { return appendUser(b, user) })
	return nil
}

func appendUser(b []byte, x *clientbook.User) []byte {
	o := newObject(b)
	o.text("encodedKey", string(x.Key))
	o.raw("id", strconv.AppendInt(nil, userNumber(x), 10))
	o.text("username", x.Username)
	o.text("firstName", x.FirstName)
	o.text("lastName", x.LastName)
	o.text("email", x.Email)
	o.flag("isCreditOfficer", x.CreditOfficer)
	o.flag("isAdministrator", x.Administrator)
	o.text("assignedBranchKey", string(x.Branch))
	o.state("userState", x.Active)
	return o.end()
}

// userNumber gives the id of a user on this wire. It is a number for Mambu, and the official Java client, which reads it into a long, takes
// no user without one. Where the settings have another sort of id the number is made of the key, so that it is always the same; it is one
// that a double holds.
func userNumber(x *clientbook.User) int64 {
	if n, err := strconv.ParseInt(x.ID, 10, 64); err == nil && n >= 0 && strconv.FormatInt(n, 10) == x.ID {
		return n
	}
	sum := sha256.Sum256([]byte(x.Key))
	return max(int64(binary.BigEndian.Uint64(sum[:8])>>12), 1)
}

// findUser gives the user with that key, id, user name or number, nil if there is none.
func findUser(s *clientbook.Settings, ref string) *clientbook.User {
	if x := s.User(ref); x != nil {
		return x
	}
	for i := range s.Users {
		if strconv.FormatInt(userNumber(&s.Users[i]), 10) == ref {
			return &s.Users[i]
		}
	}
	return nil
}

// getGeneralSettings serves GET /api/settings/general: those of Mambu's properties that mean something here.
func (a *API) getGeneralSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settings(r)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte {
		o := newObject(b)
		o.text("clientIDFormat", string(s.NumberPattern))
		o.text("defaultClientRoleKey", string(s.DefaultClientType().Key))
		o.text("defaultClientState", stateOf(s.InitialState))
		o.flag("otherIdDocumentsEnabled", s.OtherIDDocuments)
		return o.end()
	})
	return nil
}

// listIDDocumentTemplates serves GET /api/settings/iddocumenttemplates, which has no pages.
func (a *API) listIDDocumentTemplates(w http.ResponseWriter, r *http.Request) error {
	s, err := a.settings(r)
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte {
		return appendArray(b, len(s.IDDocumentTemplates), func(b []byte, i int) []byte {
			return appendIDDocumentTemplate(b, &s.IDDocumentTemplates[i])
		})
	})
	return nil
}

func appendIDDocumentTemplate(b []byte, t *clientbook.IDDocumentTemplate) []byte {
	o := newObject(b)
	o.text("encodedKey", string(t.Key))
	o.text("documentType", t.Name)
	o.text("issuingAuthority", t.IssuingAuthority)
	o.text("documentIdTemplate", string(t.Mask))
	o.flag("mandatoryForClients", t.Mandatory)
	o.flag("allowAttachments", t.Attachments)
	return o.end()
}
