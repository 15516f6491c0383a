package mambu

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"clientbook"
)

// maxText is the most characters of a text. The official Java client's models have it for names; notes have the record's own limit.
const maxText = 256

// decode reads a body that httpx.ReadJSON let through.
func decode[T any](body []byte) (*T, error) {
	in := new(T)
	if err := json.Unmarshal(body, in); err != nil {
		// The cause quotes the body. What was let through does not come here.
		return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonSyntax}
	}
	return in, nil
}

// A mode is the sort of write that a body is for. It says what null and "" mean: on a create both are no value; on an update by POST
// null leaves a value alone and "" clears it; on a PATCH both clear it. Contract sections 2.1, 3.3 and 3.6.
type mode uint8

const (
	creating mode = iota
	updating
	patching
)

// A reading turns a decoded body into the update that it asks for. Properties at fault are noted in the update and don't end the
// reading, because whether the client exists is to be found first.
type reading struct {
	update *clientbook.ClientUpdate
	mode   mode
	book   clientbook.BookID
	today  clientbook.Date // the last day that has begun anywhere
}

// readUpdate gives the update that in asks for; its texts are those of in.
func readUpdate(in *bodyIn, m mode, book clientbook.BookID, now time.Time) *clientbook.ClientUpdate {
	u := &clientbook.ClientUpdate{Person: new(clientbook.PersonUpdate)}
	r := reading{update: u, mode: m, book: book, today: latestDay(now)}
	if m == creating {
		u.Kind, u.Strict = new(clientbook.PersonKind), true
	}
	r.client(&in.Client.value)
	u.MainAddress = r.address(&in.Addresses)
	u.IDDocuments = r.documents(&in.IDDocuments)
	u.Values = r.values(&in.CustomInformation)
	if u.Values != nil {
		u.Values.Replace = true
	}
	return u
}

// latestDay gives the last day that has begun somewhere on Earth at t: 14 hours is the most that a zone is ahead.
func latestDay(t time.Time) clientbook.Date {
	y, m, d := t.UTC().Add(14 * time.Hour).Date()
	return clientbook.Date{Year: int16(y), Month: uint8(m), Day: uint8(d)}
}

func (r *reading) client(in *clientIn) {
	u := r.update
	u.Email = r.text(clientbook.FieldEmail, &in.EmailAddress)
	u.Mobile = r.text(clientbook.FieldMobile, &in.MobilePhone1)
	u.Telephone = r.text(clientbook.FieldTelephone, &in.HomePhone)
	u.SecondMobile = r.text(clientbook.FieldSecondMobile, &in.MobilePhone2)
	u.Person.FirstName = r.text(clientbook.FieldFirstName, &in.FirstName)
	u.Person.MiddleName = r.text(clientbook.FieldMiddleName, &in.MiddleName)
	u.Person.LastName = r.text(clientbook.FieldLastName, &in.LastName)
	u.Person.BirthDate = r.birthDate(&in.BirthDate)
	u.Person.Gender = r.gender(&in.Gender)
	u.Notes = r.given(clientbook.FieldNotes, &in.Notes)
	u.Number = r.number(&in.ID)
	u.Language = (*clientbook.Language)(r.given(clientbook.FieldLanguage, &in.PreferredLanguage))
	if r.mode == patching {
		u.ClientType = r.given(clientbook.FieldClientType, &in.ClientRoleID)
	} else {
		u.ClientType = r.role(&in.ClientRole)
	}
	u.Branch = r.given(clientbook.FieldBranch, &in.AssignedBranchKey)
	u.Centre = r.given(clientbook.FieldCentre, &in.AssignedCentreKey)
	u.User = r.given(clientbook.FieldUser, &in.AssignedUserKey)
	if r.mode != updating { // which takes no state
		u.State = r.state(&in.State)
	}
}

func (r *reading) fault(f clientbook.Field, param, reason string) {
	r.update.Faults = append(r.update.Faults, &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Param: param, Reason: reason})
}

// given gives the text of a property, nil if the record shall keep its own.
func (r *reading) given(f clientbook.Field, a *attr) *string {
	switch {
	case a.form == other:
		r.fault(f, "", clientbook.ReasonType)
		return nil
	case a.form == absent, a.form == null && r.mode != patching, a.text == "" && r.mode == creating:
		return nil
	}
	return &a.text
}

// text is given for a text of limited length. One that is too long is given all the same, with a fault: the record forgives it if it
// holds the same.
func (r *reading) text(f clientbook.Field, a *attr) *string {
	v := r.given(f, a)
	if v != nil && tooLong(*v) {
		r.fault(f, "", clientbook.ReasonTooLong)
	}
	return v
}

func (r *reading) birthDate(a *attr) *clientbook.Date {
	v := r.given(clientbook.FieldBirthDate, a)
	if v == nil || *v == "" {
		return zeroOf[clientbook.Date](v)
	}
	d, ok := parseDay(*v)
	switch {
	case !ok:
		r.fault(clientbook.FieldBirthDate, "", clientbook.ReasonDate)
		return nil
	case later(d, r.today):
		r.fault(clientbook.FieldBirthDate, "", clientbook.ReasonFuture)
	}
	return &d
}

func later(d, than clientbook.Date) bool {
	number := func(d clientbook.Date) int { return int(d.Year)*10000 + int(d.Month)*100 + int(d.Day) }
	return number(d) > number(than)
}

// zeroOf gives a new zero value for a text that is there, nil for none.
func zeroOf[T any](text *string) *T {
	if text == nil {
		return nil
	}
	return new(T)
}

// genders are the values of the property gender, with the record's.
var genders = [...]struct {
	name  string
	value clientbook.Gender
}{{"MALE", "male"}, {"FEMALE", "female"}}

func (r *reading) gender(a *attr) *clientbook.Gender {
	v := r.given(clientbook.FieldGender, a)
	if v == nil || *v == "" {
		return zeroOf[clientbook.Gender](v)
	}
	for _, g := range genders {
		if g.name == *v {
			return new(g.value)
		}
	}
	r.fault(clientbook.FieldGender, "", clientbook.ReasonChoice)
	return nil
}

// number reads the client number. A POST to a client may repeat the one on record; "" never means anything, since the official Java
// client sends it for none.
func (r *reading) number(a *attr) *string {
	v := r.given(clientbook.FieldNumber, a)
	if v == nil || *v == "" && a.form == given {
		return nil
	}
	if r.mode == updating {
		r.fault(clientbook.FieldNumber, "", clientbook.ReasonImmutable)
	}
	return v
}

func (r *reading) role(in *nested[roleIn]) *string {
	if in.form == other {
		r.fault(clientbook.FieldClientType, "", clientbook.ReasonType)
		return nil
	}
	return r.given(clientbook.FieldClientType, &in.value.EncodedKey)
}

// states are the names of the states. A deleted client is on no wire.
var states = [...]string{
	clientbook.StatePendingApproval: "PENDING_APPROVAL",
	clientbook.StateInactive:        "INACTIVE",
	clientbook.StateActive:          "ACTIVE",
	clientbook.StateExited:          "EXITED",
	clientbook.StateBlacklisted:     "BLACKLISTED",
	clientbook.StateRejected:        "REJECTED",
}

// stateOf gives the name of a state, "" if it has none.
func stateOf(s clientbook.State) string {
	if int(s) >= len(states) {
		return ""
	}
	return states[s]
}

// parseState is the inverse of stateOf.
func parseState(name string) (clientbook.State, bool) {
	for i, s := range states {
		if s == name && name != "" {
			return clientbook.State(i), true
		}
	}
	return 0, false
}

func (r *reading) state(a *attr) *clientbook.State {
	v := r.given(clientbook.FieldState, a)
	if v == nil {
		return nil
	}
	s, ok := parseState(*v)
	if !ok {
		r.fault(clientbook.FieldState, "", clientbook.ReasonChoice)
		return nil
	}
	return &s
}

// listed says whether an array is there. One of another type is a fault.
func (r *reading) listed(f clientbook.Field, v form) bool {
	if v == other {
		r.fault(f, "", clientbook.ReasonType)
	}
	return v == given
}

// part gives the text of a property of an array's entry, which replaces: what is absent is empty.
func (r *reading) part(f clientbook.Field, name string, a *attr) string {
	switch {
	case a.form == other:
		r.fault(f, name, clientbook.ReasonType)
	case tooLong(a.text):
		r.fault(f, name, clientbook.ReasonTooLong)
	}
	return a.text
}

// child gives the id that a key stands for, zero for one that was not made in the book: such an entry is new.
func (r *reading) child(a *attr) clientbook.ChildID {
	id, _ := clientbook.ParseKey(r.book, a.text)
	return id
}

// address reads the first address that is one; only one is ever stored. Contract A6 and A8.
func (r *reading) address(in *array[addressIn]) *clientbook.MainAddress {
	const f = clientbook.FieldAddresses
	if !r.listed(f, in.form) {
		return nil
	}
	for i := range in.items {
		x := &in.items[i]
		if bool(x.ToBeDeleted) || x.empty() {
			continue
		}
		faults := len(r.update.Faults)
		a := &clientbook.Address{
			ID: r.child(&x.EncodedKey), Main: true,
			Line1:     r.part(f, "line1", &x.Line1),
			Line2:     r.part(f, "line2", &x.Line2),
			City:      r.part(f, "city", &x.City),
			Region:    r.part(f, "region", &x.Region),
			Postcode:  r.part(f, "postcode", &x.Postcode),
			Country:   r.part(f, "country", &x.Country),
			Latitude:  decimal(r.part(f, "latitude", &x.Latitude)),
			Longitude: decimal(r.part(f, "longitude", &x.Longitude)),
			Kind:      r.part(f, "addressType", &x.AddressType),
		}
		if mistyped(r.update.Faults[faults:]) {
			return nil
		}
		return &clientbook.MainAddress{Address: a}
	}
	return new(clientbook.MainAddress)
}

// empty says whether nothing was given that makes an address.
func (x *addressIn) empty() bool {
	for _, a := range [...]*attr{&x.Line1, &x.Line2, &x.City, &x.Region, &x.Postcode, &x.Country, &x.Latitude, &x.Longitude, &x.AddressType} {
		if a.text != "" || a.form == other {
			return false
		}
	}
	return true
}

// mistyped says whether a fault is such that the value could not be read. Its part of the update is then left out, so that the record
// does not take it for the one it holds.
func mistyped(faults []*clientbook.Error) bool {
	for _, e := range faults {
		if e.Reason != clientbook.ReasonTooLong {
			return true
		}
	}
	return false
}

func (r *reading) documents(in *array[documentIn]) *[]clientbook.IDDocument {
	const f = clientbook.FieldIDDocuments
	if !r.listed(f, in.form) {
		return nil
	}
	faults := len(r.update.Faults)
	documents := make([]clientbook.IDDocument, 0, len(in.items))
	keys := map[string]bool{} // of other systems, which the record never sees
	for i := range in.items {
		x := &in.items[i]
		if x.ToBeDeleted {
			continue
		}
		key := x.EncodedKey.text
		if _, own := clientbook.ParseKey(r.book, key); !own && key != "" {
			if keys[key] {
				r.fault(f, "idDocuments", clientbook.ReasonTwice)
			}
			keys[key] = true
		}
		d := clientbook.IDDocument{
			ID:        r.child(&x.EncodedKey),
			Type:      r.part(f, "documentType", &x.DocumentType),
			Number:    r.part(f, "documentId", &x.DocumentID),
			Authority: r.part(f, "issuingAuthority", &x.IssuingAuthority),
			Template:  clientbook.DefinitionKey(r.part(f, "identificationDocumentTemplateKey", &x.TemplateKey)),
		}
		if until := r.part(f, "validUntil", &x.ValidUntil); until != "" {
			var ok bool
			if d.ValidUntil, ok = parseDay(until); !ok {
				r.fault(f, "validUntil", clientbook.ReasonDate)
			}
		}
		documents = append(documents, d)
	}
	if mistyped(r.update.Faults[faults:]) {
		return nil
	}
	return &documents
}

// values reads custom field values; whether they replace those that are there is for the caller to say.
func (r *reading) values(in *array[valueIn]) *clientbook.ValuesUpdate {
	const f = clientbook.FieldValues
	if !r.listed(f, in.form) {
		return nil
	}
	faults := len(r.update.Faults)
	v := &clientbook.ValuesUpdate{Set: make([]clientbook.ValueUpdate, 0, len(in.items))}
	for i := range in.items {
		x := &in.items[i]
		if x.ToBeDeleted {
			continue
		}
		set := r.value(&x.Value.attr, &x.LinkedEntityKeyValue)
		set.Field = x.CustomFieldID.text
		if x.CustomFieldID.form == other {
			r.fault(f, "customFieldID", clientbook.ReasonType)
		}
		switch x.CustomFieldSetGroupIndex.form {
		case given:
			set.Group = &x.CustomFieldSetGroupIndex.number
		case other:
			r.fault(f, "customFieldSetGroupIndex", clientbook.ReasonType)
		}
		v.Set = append(v.Set, set)
	}
	if len(r.update.Faults) > faults {
		return nil
	}
	return v
}

// value reads what one custom field is given. An empty link is none: some send both properties.
func (r *reading) value(value, link *attr) (v clientbook.ValueUpdate) {
	switch value.form {
	case given:
		v.Value = &value.text
	case other:
		r.fault(clientbook.FieldValues, "value", clientbook.ReasonType)
	}
	switch {
	case link.form == other:
		r.fault(clientbook.FieldValues, "linkedEntityKeyValue", clientbook.ReasonType)
	case link.text != "":
		v.Link = &link.text
	}
	return v
}

func tooLong(s string) bool {
	return len(s) > maxText && utf8.RuneCountInString(s) > maxText
}

// decimal gives a decimal number without what does not count: an exponent, a plus, zeros behind the point. What is none stays.
func decimal(s string) string {
	if strings.ContainsAny(s, "eE") {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if !clientbook.Decimal(s) {
		return s
	}
	s = strings.TrimPrefix(s, "+")
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// parseDay reads a date, or the day of a date and time: the one that is written, whatever the zone. But an instant that is a midnight of
// UTC is the day that begins then. That is how days are written here, and the official Java client sends what it read as the same instant
// in its own zone, which can be the evening before. It writes days of its own as midnights of that zone.
func parseDay(s string) (clientbook.Date, bool) {
	const day = len("2006-01-02")
	if len(s) <= day {
		return clientbook.ParseDate(s)
	}
	t, ok := parseLong(s)
	if !ok {
		return clientbook.Date{}, false
	}
	written, ok := clientbook.ParseDate(s[:day])
	if ok && t.Truncate(24*time.Hour).Equal(t) {
		return dateOf(t.UTC()), true
	}
	return written, ok
}

// parseLong reads a date and time, with a zone or without one: then it is that of UTC.
func parseLong(s string) (time.Time, bool) {
	for _, layout := range [...]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"} {
		t, err := time.Parse(layout, s)
		// time.Parse is laxer than the standard: it takes an hour of one digit, and a comma before the fraction.
		if err == nil && s[len("2006-01-02T15")] == ':' && !strings.Contains(s, ",") {
			return t, true
		}
	}
	return time.Time{}, false
}

// readForm reads the query form of a create. False if it names no property: then it is none. Contract section 3.1.
func readForm(raw string) (in *bodyIn, some bool, err error) {
	in = new(bodyIn)
	err = eachParam(raw, func(name, value string, ok bool) error {
		a := in.Client.value.byName(name)
		switch {
		case a == nil:
			return nil
		case a.form != absent, !ok:
			return refusal(codeInvalidParameters, name)
		case !utf8.ValidString(value):
			return refusal(codeEncoding, name)
		}
		some = true
		*a = attr{given, value}
		return nil
	})
	return in, some, err
}

// byName gives the property that a parameter of the query form stands for, nil if it stands for none. Older clients spell some in their
// own way.
func (in *clientIn) byName(name string) *attr {
	switch name {
	case "id":
		return &in.ID
	case "firstName":
		return &in.FirstName
	case "middleName":
		return &in.MiddleName
	case "lastName":
		return &in.LastName
	case "homePhone", "homephone":
		return &in.HomePhone
	case "mobilePhone1", "mobilephone":
		return &in.MobilePhone1
	case "mobilePhone2":
		return &in.MobilePhone2
	case "emailAddress", "email":
		return &in.EmailAddress
	case "birthDate", "birthdate":
		return &in.BirthDate
	case "gender":
		return &in.Gender
	case "notes":
		return &in.Notes
	case "preferredLanguage":
		return &in.PreferredLanguage
	case "assignedBranchKey":
		return &in.AssignedBranchKey
	case "assignedCentreKey":
		return &in.AssignedCentreKey
	case "assignedUserKey":
		return &in.AssignedUserKey
	}
	return nil
}

// eachParam calls fn for every parameter of a query string; ok is false for a value whose encoding is broken, which is then given as it
// stands. Names that can't be decoded are passed over: nothing here is called so.
func eachParam(raw string, fn func(name, value string, ok bool) error) error {
	for raw != "" {
		var piece string
		piece, raw, _ = strings.Cut(raw, "&")
		rawName, rawValue, _ := strings.Cut(piece, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil || name == "" {
			continue
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			value = rawValue
		}
		if err := fn(name, value, err == nil); err != nil {
			return err
		}
	}
	return nil
}
