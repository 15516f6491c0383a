package mambu_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/dialect/mambu"
)

// summary gives status, code, name and source of an answer in one line.
func summary(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	var got struct {
		ReturnCode   int
		ReturnStatus string
		ErrorSource  string
	}
	if strings.HasPrefix(w.Body.String(), `{"returnCode"`) {
		if err := json.Unmarshal(w.Body.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%d %d %s %s", w.Code, got.ReturnCode, got.ReturnStatus, got.ErrorSource))
}

// wall is a book with everything in it that a request can run into.
const wall = `
clientTypes:
  - {id: client, name: Client, default: true}
  - {id: bare, name: Bare, useDefaultAddress: false, encodedKey: type-bare}
  - {id: checked, name: Checked, requireID: true, encodedKey: type-checked}
  - {id: club, name: Club, kind: GROUP, encodedKey: type-club}
customFieldSets:
  - id: plain
    name: Plain
    fields:
      - {id: text, name: Text, type: STRING}
      - {id: code, name: Code, type: STRING, pattern: "@@##"}
      - {id: age, name: Age, type: NUMBER}
      - {id: day, name: Day, type: DATE}
      - {id: yes, name: Yes, type: CHECKBOX}
      - {id: land, name: Land, type: SELECTION, options: [{value: AT}, {value: GB}]}
      - {id: town, name: Town, type: SELECTION, parent: land, options: [{value: Wien, parents: [AT]}, {value: Bath, parents: [GB]}]}
      - {id: friend, name: Friend, type: CLIENT_LINK}
      - {id: tax, name: Tax, type: STRING, unique: true}
      - {id: old, name: Old, type: STRING, active: false}
      - {id: barely, name: Barely, type: STRING, clientTypes: [bare]}
  - id: list
    name: List
    usage: GROUPED
    fields:
      - {id: iban, name: IBAN, type: STRING}
      - {id: bic, name: BIC, type: STRING}
idDocumentTemplates:
  - {id: passport, documentType: Passport, mask: "@######", issuingAuthority: GB, encodedKey: template-passport}
branches:
  - {id: north, name: North, encodedKey: branch-north}
  - {id: shut, name: Shut, active: false, encodedKey: branch-shut}
centres:
  - {id: hall, name: Hall, branch: north, encodedKey: centre-hall}
  - {id: yard, name: Yard, branch: shut, encodedKey: centre-yard}
  - {id: ruin, name: Ruin, active: false, encodedKey: centre-ruin}
users:
  - {id: "1", username: olga, firstName: Olga, lastName: O, creditOfficer: true, encodedKey: user-olga}
  - {id: "2", username: gone, firstName: G, lastName: G, creditOfficer: true, active: false, encodedKey: user-gone}
`

// TestCodes runs into everything that the contract has a code for, over a real book. Expectations are the contract's; section 4, 5, 7,
// 10, 11 and 14.
func TestCodes(t *testing.T) {
	d := newDouble(t)
	d.apply(t, wall)
	made := func(w *httptest.ResponseRecorder) {
		t.Helper()
		if w.Code != http.StatusOK {
			t.Fatal(w.Body)
		}
	}
	made(d.ask(t, "POST", "/api/clients?id=ADA&firstName=Ada&lastName=Marsh", ""))
	made(d.ask(t, "POST", "/api/clients", `{"client":{"id":"BOB","firstName":"Bob","lastName":"Marsh"},"customInformation":[{"customFieldID":"tax","value":"T1"},
		{"customFieldID":"friend","linkedEntityKeyValue":"ADA"},{"customFieldID":"iban","value":"I0","customFieldSetGroupIndex":"0"}]}`))
	made(d.ask(t, "POST", "/api/clients?id=EVA&firstName=Eva&lastName=Marsh", ""))
	made(d.ask(t, "PATCH", "/api/clients/EVA", `{"client":{"state":"BLACKLISTED"}}`))
	made(d.ask(t, "POST", "/api/clients?id=DEL&firstName=Del&lastName=Marsh", ""))
	made(d.ask(t, "DELETE", "/api/clients/DEL", ""))
	keyOf := func(id string) string {
		t.Helper()
		var c struct{ EncodedKey string }
		if err := json.Unmarshal(d.ask(t, "GET", "/api/clients/"+id, "").Body.Bytes(), &c, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		return c.EncodedKey
	}
	ada, bob := keyOf("ADA"), keyOf("BOB")
	nobody := d.prefix(t) + "0123456789abcdef01234567"

	const names = `"firstName":"A","lastName":"B"`
	create := func(client, rest string) string { return `{"client":{` + names + client + `}` + rest + `}` }
	value := func(json string) string { return `{"customInformation":[` + json + `]}` }
	long := strings.Repeat("é", 257)
	const success = "200 0 SUCCESS"
	for _, x := range []struct{ method, path, body, want string }{
		// Paths.
		{"GET", "/api/clients/nobody", "", "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api/clients/" + nobody, "", "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api/clients/0123456789abcdef0123456789abcdef", "", "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api/clients/" + strings.ToUpper(ada), "", "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api/clients/DEL", "", "404 301 INVALID_CLIENT_ID"},
		{"DELETE", "/api/clients/DEL", "", "404 301 INVALID_CLIENT_ID"},
		{"PATCH", "/api/clients/nobody", `{"client":{}}`, "404 301 INVALID_CLIENT_ID"},
		{"POST", "/api/clients/nobody", `{}`, "404 301 INVALID_CLIENT_ID"},
		{"POST", "/api/clients/" + nobody, `{"client":{"encodedKey":"x"}}`, "404 301 INVALID_CLIENT_ID"},
		{"PATCH", "/api/clients/nobody/custominformation", value(""), "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api/clients/nobody/custominformation/text", "", "404 301 INVALID_CLIENT_ID"},
		{"GET", "/api", "", "404 3 INVALID_API_OPERATION"},
		{"GET", "/api/cats", "", "404 3 INVALID_API_OPERATION"},
		{"GET", "/api/clients/ADA/loans", "", "404 3 INVALID_API_OPERATION"},
		{"GET", "/api/clients//ADA", "", "404 3 INVALID_API_OPERATION"},
		{"PUT", "/api/clients/ADA", `{}`, "405 5 METHOD_NOT_IMPLEMENTED"},
		{"HEAD", "/api/clients/ADA", "", "405 5 METHOD_NOT_IMPLEMENTED"},
		{"OPTIONS", "/api/clients", "", "405 5 METHOD_NOT_IMPLEMENTED"},
		{"GET", "/api/clients/search", "", "405 5 METHOD_NOT_IMPLEMENTED"},

		// Queries.
		{"GET", "/api/clients?offset=x", "", "400 11 INVALID_PAGINATION_OFFSET_VALUE offset"},
		{"GET", "/api/clients?offset=", "", "400 11 INVALID_PAGINATION_OFFSET_VALUE offset"},
		{"GET", "/api/clients?offset=1.0", "", "400 11 INVALID_PAGINATION_OFFSET_VALUE offset"},
		{"GET", "/api/clients?offset=-1", "", "400 12 OUT_OF_BOUNDS_PAGINATION_OFFSET_VALUE offset"},
		{"GET", "/api/clients?limit=x", "", "400 13 INVALID_PAGINATION_LIMIT_VALUE limit"},
		{"GET", "/api/clients?limit=-1", "", "400 14 OUT_OF_BOUNDS_PAGINATION_LIMIT_VALUE limit"},
		{"GET", "/api/clients?limit=1001", "", "400 14 OUT_OF_BOUNDS_PAGINATION_LIMIT_VALUE limit"},
		{"GET", "/api/clients?limit=99999999999999999999", "", "400 14 OUT_OF_BOUNDS_PAGINATION_LIMIT_VALUE limit"},
		{"GET", "/api/clients/ADA?limit=x&offset=-7", "", "200 0"},
		{"GET", "/api/clients?fullDetails=yes", "", "400 202 INVALID_FULL_DETAILS fullDetails"},
		{"GET", "/api/clients/ADA?fullDetails=", "", "400 202 INVALID_FULL_DETAILS fullDetails"},
		{"GET", "/api/clients/ADA?fullDetails=True", "", "200 0"},
		{"GET", "/api/clients?fullDetails=FALSE", "", "200 0"},
		{"GET", "/api/clients?birthDate=1.1.2000", "", "400 309 INVALID_BIRTH_DATE birthDate"},
		{"GET", "/api/clients?birthdate=2000-02-30", "", "400 309 INVALID_BIRTH_DATE birthdate"},
		{"GET", "/api/clients?branchId=south", "", "400 800 INVALID_BRANCH_ID branchId"},
		{"GET", "/api/clients?centreId=south", "", "400 851 INVALID_CENTRE_ID centreId"},
		{"GET", "/api/clients?creditOfficerUsername=user-olga", "", "400 700 INVALID_USER_NAME creditOfficerUsername"},
		{"GET", "/api/clients?state=inactive", "", "400 311 INVALID_CLIENT_STATE_TYPE state"},

		// Bodies.
		{"POST", "/api/clients", "", "400 30 MISSING_ENTITY_JSON"},
		{"POST", "/api/clients?appkey=1", "", "400 30 MISSING_ENTITY_JSON"},
		{"POST", "/api/clients", ` `, "400 30 MISSING_ENTITY_JSON"},
		{"POST", "/api/clients", `{}`, "400 30 MISSING_ENTITY_JSON client"},
		{"POST", "/api/clients", `{"client":null}`, "400 30 MISSING_ENTITY_JSON client"},
		{"POST", "/api/clients", `{"client":[]}`, "400 4 INVALID_PARAMETERS client"},
		{"POST", "/api/clients", `[]`, "400 4 INVALID_PARAMETERS"},
		{"POST", "/api/clients", `{"client":{"firstName":"A"`, "400 26 INVALID_JSON_SYNTAX"},
		{"POST", "/api/clients", `{"client":{"firstName":"A","firstName":"B"}}`, "400 26 INVALID_JSON_SYNTAX"},
		{"POST", "/api/clients", `{"client":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "400 26 INVALID_JSON_SYNTAX"},
		{"POST", "/api/clients", "{\"client\":{\"firstName\":\"\xff\"}}", "400 22 UNSUPPORTED_CHARACTER_ENCODING"},
		{"POST", "/api/clients", `{"client":{"firstName":"\u0000"}}`, "400 3742 INVALID_STRING_VALUE"},
		{"POST", "/api/clients", `{"client":{"firstName":"\u0007","lastName":"B"}}`, "400 3742 INVALID_STRING_VALUE firstName"},
		{"POST", "/api/clients", `{"x":"` + strings.Repeat("x", 1<<20) + `"}`, "413 20 MAX_FILE_SIZE_EXCEEDED"},
		{"PATCH", "/api/clients/ADA", `{}`, "400 30 MISSING_ENTITY_JSON client"},
		{"PATCH", "/api/clients/ADA", `{"client":null}`, "400 30 MISSING_ENTITY_JSON client"},
		{"PATCH", "/api/clients/ADA/custominformation", `{"client":{}}`, "400 30 MISSING_ENTITY_JSON customInformation"},
		{"PATCH", "/api/clients/ADA/custominformation/text", ``, "400 30 MISSING_ENTITY_JSON"},

		// The query form.
		{"POST", "/api/clients?firstName=A&lastName=B&firstName=C", "", "400 4 INVALID_PARAMETERS firstName"},
		{"POST", "/api/clients?firstName=A&lastName=B&email=a&emailAddress=b", "", "400 4 INVALID_PARAMETERS emailAddress"},
		{"POST", "/api/clients?firstName=A&lastName=%ff", "", "400 22 UNSUPPORTED_CHARACTER_ENCODING lastName"},
		{"POST", "/api/clients?firstName=A&lastName=%z", "", "400 4 INVALID_PARAMETERS lastName"},
		{"POST", "/api/clients?firstName=A&lastName=%00", "", "400 3742 INVALID_STRING_VALUE lastName"},
		{"POST", "/api/clients?firstName=A", "", "400 4 INVALID_PARAMETERS lastName"},
		{"POST", "/api/clients?lastName=A", "", "400 4 INVALID_PARAMETERS firstName"},

		// Properties of the client.
		{"POST", "/api/clients", `{"client":{}}`, "400 4 INVALID_PARAMETERS firstName"},
		{"POST", "/api/clients", `{"client":{"firstName":"A","lastName":" "}}`, "400 4 INVALID_PARAMETERS lastName"},
		{"POST", "/api/clients", create(`,"middleName":{}`, ""), "400 4 INVALID_PARAMETERS middleName"},
		{"POST", "/api/clients", create(`,"middleName":true`, ""), "400 4 INVALID_PARAMETERS middleName"},
		{"POST", "/api/clients", create(`,"middleName":"`+long+`"`, ""), "400 3742 INVALID_STRING_VALUE middleName"},
		{"POST", "/api/clients", create(`,"notes":"`+strings.Repeat("n", 65536)+`"`, ""), "400 3742 INVALID_STRING_VALUE notes"},
		{"POST", "/api/clients", create(`,"encodedKey":"x"`, ""), "400 924 ENCODED_KEY_MUST_BE_EMPTY_ON_CREATE encodedKey"},
		{"POST", "/api/clients", create(`,"id":"ADA"`, ""), "400 316 CLIENT_ID_ALREADY_IN_USE id"},
		{"POST", "/api/clients", create(`,"id":"DEL"`, ""), "400 316 CLIENT_ID_ALREADY_IN_USE id"},
		{"POST", "/api/clients", create(`,"id":"A B"`, ""), "400 3303 ID_CONTAINS_SPACES id"},
		{"POST", "/api/clients", create(`,"id":"search"`, ""), "400 149 INVALID_ID id"},
		{"POST", "/api/clients", create(`,"id":"`+strings.Repeat("1", 33)+`"`, ""), "400 149 INVALID_ID id"},
		{"POST", "/api/clients", create(`,"birthDate":"x"`, ""), "400 309 INVALID_BIRTH_DATE birthDate"},
		{"POST", "/api/clients", create(`,"birthDate":"2020-01-06"`, ""), "400 309 INVALID_BIRTH_DATE birthDate"},
		{"POST", "/api/clients", create(`,"gender":"male"`, ""), "400 4 INVALID_PARAMETERS gender"},
		{"POST", "/api/clients", create(`,"gender":"OTHER"`, ""), "400 4 INVALID_PARAMETERS gender"},
		{"POST", "/api/clients", create(`,"preferredLanguage":"PORTUGUESE"`, ""), "400 2427 INVALID_LANGUAGE preferredLanguage"},
		{"POST", "/api/clients", create(`,"state":"DELETED"`, ""), "400 311 INVALID_CLIENT_STATE_TYPE state"},
		{"POST", "/api/clients", create(`,"state":"EXITED"`, ""), "400 312 INVALID_CLIENT_STATE_TRANSITION state"},
		{"POST", "/api/clients", create(`,"clientRole":{"encodedKey":"x"}`, ""), "400 306 INVALID_CLIENT_ROLE_KEY clientRole"},
		{"POST", "/api/clients", create(`,"clientRole":{"encodedKey":"type-club"}`, ""), "400 307 INCONSISTENT_CLIENT_ROLE_WITH_CLIENT_TYPE clientRole"},
		{"POST", "/api/clients", create(`,"clientRole":"type-client"`, ""), "400 4 INVALID_PARAMETERS clientRole"},
		{"POST", "/api/clients", create(`,"assignedBranchKey":"x"`, ""), "400 801 INVALID_BRANCH_KEY assignedBranchKey"},
		{"POST", "/api/clients", create(`,"assignedBranchKey":"branch-shut"`, ""), "400 803 BRANCH_IS_NOT_ACTIVE assignedBranchKey"},
		{"POST", "/api/clients", create(`,"assignedCentreKey":"x"`, ""), "400 850 INVALID_CENTRE_KEY assignedCentreKey"},
		{"POST", "/api/clients", create(`,"assignedCentreKey":"centre-ruin"`, ""), "400 853 CENTRE_IS_NOT_ACTIVE assignedCentreKey"},
		{"POST", "/api/clients", create(`,"assignedBranchKey":"branch-north","assignedCentreKey":"centre-yard"`, ""), "400 852 INCONSISTENT_CENTRE_WITH_BRANCH assignedCentreKey"},
		{"POST", "/api/clients", create(`,"assignedUserKey":"x"`, ""), "400 702 INVALID_CREDIT_OFFICER_KEY assignedUserKey"},
		{"POST", "/api/clients", create(`,"assignedUserKey":"user-gone"`, ""), "400 702 INVALID_CREDIT_OFFICER_KEY assignedUserKey"},
		{"PATCH", "/api/clients/ADA", `{"client":{"firstName":null}}`, "400 4 INVALID_PARAMETERS firstName"},
		{"PATCH", "/api/clients/ADA", `{"client":{"lastName":""}}`, "400 4 INVALID_PARAMETERS lastName"},
		{"PATCH", "/api/clients/ADA", `{"client":{"preferredLanguage":null}}`, "400 2427 INVALID_LANGUAGE preferredLanguage"},
		{"PATCH", "/api/clients/ADA", `{"client":{"state":"PAUSED"}}`, "400 311 INVALID_CLIENT_STATE_TYPE state"},
		{"PATCH", "/api/clients/ADA", `{"client":{"state":"REJECTED"}}`, "400 312 INVALID_CLIENT_STATE_TRANSITION state"},
		{"PATCH", "/api/clients/ADA", `{"client":{"id":"BOB"}}`, "400 316 CLIENT_ID_ALREADY_IN_USE id"},
		{"PATCH", "/api/clients/ADA", `{"client":{"id":null}}`, "400 149 INVALID_ID id"},
		{"PATCH", "/api/clients/ADA", `{"client":{"clientRole":{"encodedKey":"type-client"}}}`, "400 2001 FIELD_NOT_ALLOWED clientRole"},
		{"PATCH", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `"}}`, "400 2001 FIELD_NOT_ALLOWED encodedKey"},
		{"PATCH", "/api/clients/ADA", `{"client":{"creationDate":"2020-01-04T17:24:29+0000"}}`, "400 2001 FIELD_NOT_ALLOWED creationDate"},
		{"PATCH", "/api/clients/ADA", `{"client":{"loanCycle":0}}`, "400 2001 FIELD_NOT_ALLOWED loanCycle"},
		{"PATCH", "/api/clients/ADA", `{"client":{},"addresses":[]}`, "400 2001 FIELD_NOT_ALLOWED addresses"},
		{"PATCH", "/api/clients/ADA", `{"client":{"clientRoleId":"x"}}`, "400 306 INVALID_CLIENT_ROLE_KEY clientRoleId"},
		{"PATCH", "/api/clients/ADA", `{"client":{"clientRoleId":"type-club"}}`, "400 307 INCONSISTENT_CLIENT_ROLE_WITH_CLIENT_TYPE clientRoleId"},
		{"PATCH", "/api/clients/ADA", `{"client":{"clientRoleId":[]}}`, "400 4 INVALID_PARAMETERS clientRoleId"},
		{"PATCH", "/api/clients/EVA", `{"client":{"firstName":"Eve"}}`, "400 3741 BLACKLISTED_CLIENT_NOT_EDITABLE"},
		{"POST", "/api/clients/EVA", `{"addresses":[{"line1":"x"}]}`, "400 3741 BLACKLISTED_CLIENT_NOT_EDITABLE"},
		{"DELETE", "/api/clients/EVA", "", "400 3741 BLACKLISTED_CLIENT_NOT_EDITABLE"},
		{"DELETE", "/api/clients/ADA", "", "400 927 REFERRED_IN_CUSTOM_FIELD"},

		// The key in an update.
		{"POST", "/api/clients/ADA", `{"client":{"firstName":"X"}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":null}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":""}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"x"}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":7}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + nobody + `"}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"DEL"}}`, "400 302 INVALID_CLIENT_KEY encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + bob + `"}}`, "400 25 INCONSISTENT_IDENTIFIER_WITH_JSON encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":{}}}`, "400 4 INVALID_PARAMETERS encodedKey"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `","id":"ADX"}}`, "400 1906 FIELD_IS_NOT_EDITABLE id"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `","id":"ADA"}}`, "200 0"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `","id":""}}`, "200 0"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `","firstName":""}}`, "400 4 INVALID_PARAMETERS firstName"},
		{"POST", "/api/clients/ADA", `{"client":{"encodedKey":"` + ada + `","preferredLanguage":""}}`, "400 2427 INVALID_LANGUAGE preferredLanguage"},
		{"POST", "/api/clients/ADA", `{"client":{}}`, "200 0"},
		{"POST", "/api/clients/ADA", `{}`, "200 0"},

		// Addresses.
		{"POST", "/api/clients/ADA", `{"addresses":{}}`, "400 4 INVALID_PARAMETERS addresses"},
		{"POST", "/api/clients/ADA", `{"addresses":["x"]}`, "400 4 INVALID_PARAMETERS addresses"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"line1":[]}]}`, "400 4 INVALID_PARAMETERS line1"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"line1":"` + long + `"}]}`, "400 3742 INVALID_STRING_VALUE line1"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"line1":"a\u0001"}]}`, "400 3742 INVALID_STRING_VALUE addresses"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"latitude":90.5}]}`, "400 1150 INVALID_ADDRESS addresses"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"longitude":"-181"}]}`, "400 1150 INVALID_ADDRESS addresses"},
		{"POST", "/api/clients/ADA", `{"addresses":[{"longitude":"west"}]}`, "400 1150 INVALID_ADDRESS addresses"},
		{"POST", "/api/clients", create(`,"clientRole":{"encodedKey":"type-bare"}`, `,"addresses":[{"city":"Bath"}]`), "400 1151 CLIENT_ROLE_DOES_NOT_ALLOW_ADDRESS addresses"},

		// ID documents.
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentType":"Passport"}]}`, "400 950 INVALID_ID_DOCUMENT idDocuments"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentId":"P1"}]}`, "400 950 INVALID_ID_DOCUMENT idDocuments"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentType":"Passport","documentId":"P1","issuingAuthority":"GB","identificationDocumentTemplateKey":"template-passport"}]}`, "400 950 INVALID_ID_DOCUMENT idDocuments"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentType":"Passport","documentId":"P1"},{"documentType":"Passport","documentId":"P2","identificationDocumentTemplateKey":"x"}]}`, "400 953 INVALID_ID_DOCUMENT_TEMPLATE_KEY 1"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"encodedKey":"elsewhere","documentType":"Passport","documentId":"P1"},{"encodedKey":"elsewhere","documentType":"Passport","documentId":"P2"}]}`, "400 2605 DUPLICATE_ENCODED_KEY idDocuments"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentType":"Passport","documentId":"P1","validUntil":"never"}]}`, "400 102 INVALID_DATE validUntil"},
		{"POST", "/api/clients/ADA", `{"idDocuments":[{"documentType":"Passport","documentId":"` + long + `"}]}`, "400 3742 INVALID_STRING_VALUE documentId"},
		{"POST", "/api/clients", create(`,"clientRole":{"encodedKey":"type-checked"}`, ""), "400 951 REQUIRED_ID_DOCUMENT_MISSING idDocuments"},

		// Custom fields.
		{"POST", "/api/clients/ADA", `{"customInformation":7}`, "400 4 INVALID_PARAMETERS customInformation"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text","value":{}}`), "400 4 INVALID_PARAMETERS value"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"shoe_size","value":"7"}`), "400 903 INVALID_CUSTOM_FIELD_ID shoe_size"},
		{"POST", "/api/clients/ADA", value(`{"value":"7"}`), "400 3600 EMPTY_CUSTOM_FIELD_ID customFieldID"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"age","value":"old"}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE age"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text","value":""}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE text"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text"}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE text"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"day","value":"2020-01-01T00:00:00+0000"}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE day"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"yes","value":"perhaps"}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE yes"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"land","value":"FR"}`), "400 901 INCONSISTENT_VALUE_WITH_CUSTOM_FIELD_TYPE land"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text","value":"` + strings.Repeat("x", 256) + `"}`), "400 904 MAX_CUSTOM_FIELD_VALUE_LENGTH_EXCEEDED text"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"code","value":"A1"}`), "400 917 INCONSISTENT_CUSTOM_FIELD_VALUE_WITH_PATTERN code"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"old","value":"x"}`), "400 908 CUSTOM_FIELD_DEACTIVATED old"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"barely","value":"x"}`), "400 910 CUSTOM_FIELD_NOT_AVAILABLE_FOR_ENTITY barely"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"tax","value":"T1"}`), "400 926 DUPLICATE_UNIQUE_VALUE tax"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"town","value":"Wien"}`), "400 912 DEPENDENT_CUSTOM_FIELD_VALUE_REQUIRED town"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"land","value":"GB"},{"customFieldID":"town","value":"Wien"}`), "400 308 INVALID_DEPENDENT_CUSTOM_FIELD_VALUE town"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"friend","linkedEntityKeyValue":"nobody"}`), "400 911 INVALID_CUSTOM_FIELD_LINKED_ENTITY_KEY friend"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text","value":"a"},{"customFieldID":"text","value":"b"}`), "400 918 DUPLICATE_CUSTOM_FIELD_VALUES text"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"text","value":"a","customFieldSetGroupIndex":0}`), "400 913 INCONSISTENT_VALUE_WITH_SET_TYPE text"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"iban","value":"a"}`), "400 913 INCONSISTENT_VALUE_WITH_SET_TYPE iban"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"iban","value":"a","customFieldSetGroupIndex":1}`), "400 914 GROUPED_INDEXES_NOT_CONSECUTIVE list"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"iban","value":"a","customFieldSetGroupIndex":"x"}`), "400 4 INVALID_PARAMETERS customFieldSetGroupIndex"},
		{"POST", "/api/clients/ADA", value(`{"customFieldID":"iban","value":"a","customFieldSetGroupIndex":0},{"customFieldID":"iban","value":"b","customFieldSetGroupIndex":"0"}`), "400 915 TO_MANY_VALUES_FOR_SAME_GROUPED_CUSTOM_FIELD iban"},
		{"PATCH", "/api/clients/BOB/custominformation/iban/5", `{"value":"x"}`, "400 916 INVALID_CUSTOM_FIELD_GROUP_INDEX iban"},
		{"PATCH", "/api/clients/BOB/custominformation/iban/x", `{"value":"x"}`, "400 916 INVALID_CUSTOM_FIELD_GROUP_INDEX iban"},
		{"PATCH", "/api/clients/BOB/custominformation/iban", `{"value":"x"}`, "400 913 INCONSISTENT_VALUE_WITH_SET_TYPE iban"},
		{"PATCH", "/api/clients/BOB/custominformation/text/0", `{"value":"x"}`, "400 913 INCONSISTENT_VALUE_WITH_SET_TYPE text"},
		{"PATCH", "/api/clients/BOB/custominformation/text", `{"value":[]}`, "400 4 INVALID_PARAMETERS value"},
		{"PATCH", "/api/clients/BOB/custominformation/shoe_size", `{"value":"7"}`, "400 903 INVALID_CUSTOM_FIELD_ID shoe_size"},
		{"DELETE", "/api/clients/BOB/custominformation/shoe_size", "", "400 903 INVALID_CUSTOM_FIELD_ID shoe_size"},
		{"DELETE", "/api/clients/BOB/custominformation/iban/5", "", "400 916 INVALID_CUSTOM_FIELD_GROUP_INDEX iban"},
		{"DELETE", "/api/clients/BOB/custominformation/iban/-1", "", "400 916 INVALID_CUSTOM_FIELD_GROUP_INDEX iban"},
		{"GET", "/api/clients/BOB/custominformation/shoe_size", "", "404 903 INVALID_CUSTOM_FIELD_ID shoe_size"},
		{"GET", "/api/clients/BOB/custominformation/text", "", "200 0"},
		{"GET", "/api/clients/BOB/custominformation/iban/x", "", "404 916 INVALID_CUSTOM_FIELD_GROUP_INDEX iban"},
		{"GET", "/api/clients/BOB/custominformation/iban/0", "", "200 0"},
		{"GET", "/api/clients/BOB/custominformation/iban/5", "", "200 0"},
		{"GET", "/api/clients/BOB/custominformation/tax", "", "200 0"},

		// What passes, and that nothing above has changed anything.
		{"PATCH", "/api/clients/ADA", `{"client":{"state":"INACTIVE"}}`, success},
		{"PATCH", "/api/clients/ADA", `{"client":{"id":"","gender":null,"birthDate":null,"clientRoleId":"client"}}`, success},
		{"PATCH", "/api/clients/ADA/custominformation", `{"client":{},"customInformation":[{"customFieldID":"age","value":7,"customFieldSetGroupIndex":-1}]}`, success},
		{"PATCH", "/api/clients/ADA/custominformation/yes", `{"value":true}`, success},
		{"PATCH", "/api/clients/ADA/custominformation/iban/-1", `{"value":"x"}`, success},
		{"PATCH", "/api/clients/ADA/custominformation/friend", `{"linkedEntityKeyValue":"BOB"}`, success},
		{"DELETE", "/api/clients/ADA/custominformation/yes", "", success},
		{"DELETE", "/api/clients/ADA/custominformation/yes", "", success},
		{"DELETE", "/api/clients/ADA/custominformation/iban/0", "", success},
		{"PATCH", "/api/clients/EVA", `{"client":{"state":"INACTIVE"}}`, success},
	} {
		w := d.ask(t, x.method, x.path, x.body)
		if got := summary(t, w); got != x.want {
			t.Errorf("%s %.200s %.300s:\ngot  %s\nwant %s", x.method, x.path, x.body, got, x.want)
		}
		if allow := w.Header().Get("Allow"); (w.Code == http.StatusMethodNotAllowed) != (allow != "") {
			t.Errorf("%s %s: %d with Allow %q", x.method, x.path, w.Code, allow)
		}
	}
}

// TestDemands is about what settings demand and forbid.
func TestDemands(t *testing.T) {
	const names = `{"client":{"firstName":"A","lastName":"B"}`
	for _, x := range []struct{ settings, first, second, want string }{
		{`customFieldSets: [{id: s, name: S, fields: [{id: must, name: Must, type: STRING, required: true}]}]`, "", names + `}`,
			"400 902 REQUIRED_CUSTOM_FIELD_MISSING must"},
		{`customFieldSets: [{id: s, name: S, fields: [{id: must, name: Must, type: STRING, required: true}]}]`, "", names + `,"customInformation":[]}`,
			"400 902 REQUIRED_CUSTOM_FIELD_MISSING must"},
		{`idDocumentTemplates: [{id: p, documentType: P, mandatory: true}]`, "", names + `}`, "400 951 REQUIRED_ID_DOCUMENT_MISSING idDocuments"},
		{`book: {otherIDDocuments: false}`, "", names + `,"idDocuments":[{"documentType":"P","documentId":"1"},{"documentType":"P","documentId":"2"}]}`,
			"400 952 ADDING_OTHER_ID_DOCUMENTS_IS_DISABLED 0,1"},
		{`duplicates: {mode: error, rules: [name]}`, names + `}`, `{"client":{"firstName":" a ","lastName":"b"}}`, "400 310 DUPLICATE_CLIENT"},
		{`duplicates: {mode: error, rules: [idDocument]}`, names + `,"idDocuments":[{"documentType":"P","documentId":"x1"}]}`,
			names + `,"idDocuments":[{"documentType":"Q","documentId":"X1"}]}`, "400 310 DUPLICATE_CLIENT"},
		{`duplicates: {mode: warning, rules: [name]}`, names + `}`, names + `}`, "200 0"},
		{`book: {numberPattern: "1"}`, names + `}`, names + `}`, "400 150 FAILED_TO_GENERATE_IDENTIFIER"},
	} {
		d := newDouble(t)
		d.apply(t, x.settings)
		if x.first != "" {
			if w := d.ask(t, "POST", "/api/clients", x.first); w.Code != http.StatusOK {
				t.Fatalf("%s: %s", x.first, w.Body)
			}
		}
		got := summary(t, d.ask(t, "POST", "/api/clients", x.second))
		if got != x.want {
			t.Errorf("%s: %s gave %s, want %s", x.settings, x.second, got, x.want)
		}
	}
}

// TestRequired holds that a required value survives all that could remove it. Contract section 4, A4 and A5.
func TestRequired(t *testing.T) {
	d := newDouble(t)
	d.apply(t, `customFieldSets: [{id: s, name: S, fields: [{id: must, name: Must, type: STRING, required: true}]}]`)
	d.ask(t, "POST", "/api/clients", `{"client":{"id":"A1","firstName":"A","lastName":"B"},"customInformation":[{"customFieldID":"must","value":"x"}]}`)
	for _, x := range []struct{ method, path, body, want string }{
		{"DELETE", "/api/clients/A1/custominformation/must", "", "400 909 CUSTOM_FIELD_REQUIRED must"},
		{"PATCH", "/api/clients/A1/custominformation/must", `{"value":""}`, "400 909 CUSTOM_FIELD_REQUIRED must"},
		{"POST", "/api/clients/A1", `{"customInformation":[]}`, "400 902 REQUIRED_CUSTOM_FIELD_MISSING must"},
		{"POST", "/api/clients/A1", `{"customInformation":[{"customFieldID":"must","value":"y","toBeDeleted":true}]}`, "400 902 REQUIRED_CUSTOM_FIELD_MISSING must"},
		{"POST", "/api/clients/A1", `{"customInformation":null}`, "200 0"},
	} {
		if got := summary(t, d.ask(t, x.method, x.path, x.body)); got != x.want {
			t.Errorf("%s %s: %s, want %s", x.method, x.body, got, x.want)
		}
	}
}

// TestLaxKey switches off that an update must name the client's key. Contract A1.
func TestLaxKey(t *testing.T) {
	d := newDouble(t)
	d.ask(t, "POST", "/api/clients?id=A1&firstName=A&lastName=B", "")
	d.apply(t, `book: {requireEncodedKey: false}`)
	for body, want := range map[string]string{
		`{"client":{"firstName":"C"}}`:                  "200 0",
		`{"client":{"firstName":"C","encodedKey":"x"}}`: "400 302 INVALID_CLIENT_KEY encodedKey",
	} {
		if got := summary(t, d.ask(t, "POST", "/api/clients/A1", body)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// TestForms is about Content-Type, Content-Encoding, Accept and credentials.
func TestForms(t *testing.T) {
	d := newDouble(t)
	const body = `{"client":{"firstName":"A","lastName":"B"}}`
	basic := func(password string) string {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetBasicAuth("ada", password)
		return r.Header.Get("Authorization")
	}
	for _, x := range []struct {
		method, path, body string
		header             []string
		want               string
	}{
		{"POST", "/api/clients", body, nil, "200 0"},
		{"POST", "/api/clients", body, []string{"Content-Type", "application/json;charset=utf-8"}, "200 0"},
		{"POST", "/api/clients?firstName=C&firstName=D", body, nil, "200 0"}, // the body decides
		{"POST", "/api/clients", body, []string{"Content-Type", "text/plain"}, "400 4 INVALID_PARAMETERS Content-Type"},
		{"POST", "/api/clients", "firstName=A&lastName=B", []string{"Content-Type", "application/x-www-form-urlencoded"}, "400 4 INVALID_PARAMETERS Content-Type"},
		{"POST", "/api/clients?firstName=A&lastName=B", "", []string{"Content-Type", "application/x-www-form-urlencoded"}, "400 30 MISSING_ENTITY_JSON Content-Type"},
		{"POST", "/api/clients", body, []string{"Content-Encoding", "gzip"}, "415 4 INVALID_PARAMETERS Content-Encoding"},
		{"GET", "/api/clients", "", []string{"Accept", "application/vnd.mambu.v1+json"}, "200 0"},
		{"GET", "/api/clients", "", []string{"Accept", "*/*"}, "200 0"},
		{"GET", "/api/clients", body, nil, "200 0"},

		{"GET", "/api/clients", "", []string{"Authorization", ""}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/cats", "", []string{"Authorization", ""}, "401 2 INVALID_CREDENTIALS"},
		{"PUT", "/api/clients", "", []string{"Authorization", d.test}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/clients", "", []string{"Authorization", "Bearer " + d.test}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/clients", "", []string{"Authorization", basic("wrong")}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/clients", "", []string{"Authorization", basic("")}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/clients", "", []string{"Authorization", "", "apikey", d.test}, "200 0"},
		{"GET", "/api/clients", "", []string{"Authorization", "", "apiKey", d.live}, "200 0"},
		{"GET", "/api/clients", "", []string{"Authorization", basic("wrong"), "APIKEY", d.test}, "200 0"},
		{"GET", "/api/clients", "", []string{"apikey", "wrong"}, "401 2 INVALID_CREDENTIALS"},
		{"GET", "/api/clients", "", []string{"Authorization", "", "Accept", "application/vnd.mambu.v2+json"}, "401 2 INVALID_CREDENTIALS"},
	} {
		r := httptest.NewRequest(x.method, x.path, strings.NewReader(x.body))
		r.Header.Set("Authorization", basic(d.test))
		for i := 0; i < len(x.header); i += 2 {
			r.Header.Del(x.header[i])
			if x.header[i+1] != "" {
				r.Header.Set(x.header[i], x.header[i+1])
			}
		}
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		checkAnswer(t, x.method+" "+x.path, r, w.Result())
		if got := summary(t, w); got != x.want {
			t.Errorf("%s %s %s with %q: %s, want %s", x.method, x.path, x.body, x.header, got, x.want)
		}
		if got, want := w.Header().Get("WWW-Authenticate"), map[int]string{401: `Basic realm="clientbook"`}[w.Code]; got != want {
			t.Errorf("%q: WWW-Authenticate %q, want %q", x.header, got, want)
		}
	}
}

// TestVersion2 asks for what there is not yet. Mambu v2 contract, section 1 and 1.1.
func TestVersion2(t *testing.T) {
	d := newDouble(t)
	for _, accept := range []string{
		"application/vnd.mambu.v2+json", "application/json, application/vnd.mambu.v2+json", "APPLICATION/vnd.mambu.V2+json;q=0.5", " application/vnd.mambu.v2+json ; charset=utf-8",
	} {
		for _, path := range []string{"/api/clients", "/api/cats"} {
			r := httptest.NewRequest("GET", path, nil)
			r.SetBasicAuth("ada", d.test)
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			d.handler.ServeHTTP(w, r)
			const want = `{"errors":[{"errorCode":23,"errorReason":"INVALID_API_PROTOCOL"}]}`
			if w.Code != 400 || w.Body.String() != want || w.Header().Get("Content-Type") != "application/vnd.mambu.v2+json;charset=UTF-8" {
				t.Errorf("%s: %d %s %s", accept, w.Code, w.Header(), w.Body)
			}
		}
	}
}

// TestErrors answers an error of every kind, and of every reason that the use cases of other suites do not bring about.
func TestErrors(t *testing.T) {
	cause := errors.New("disk sda1 of ada@example.com")
	invalid := func(f clientbook.Field, reason string) error {
		return &clientbook.Error{Kind: clientbook.KindInvalid, Field: f, Reason: reason, Detail: "secret", Err: cause}
	}
	taken := func(k clientbook.ClaimKind, param string) error {
		return &clientbook.Error{Kind: clientbook.KindConflict, Param: param, Reason: clientbook.ReasonClaim, Claim: clientbook.Claim{Kind: k}}
	}
	kind := func(k clientbook.Kind) error {
		return &clientbook.Error{Kind: k, Reason: "any", Detail: "GET", Err: cause}
	}
	seen := map[clientbook.Kind]bool{}
	for _, x := range []struct {
		err  error
		want string
	}{
		{cause, "500 6 INTERNAL_ERROR"},
		{context.Canceled, "500 6 INTERNAL_ERROR"},
		{&clientbook.Error{Kind: clientbook.KindInternal, Field: clientbook.FieldEmail, Param: "secret", Reason: clientbook.ReasonDate}, "500 6 INTERNAL_ERROR"},
		{kind(clientbook.KindUnauthorized), "401 2 INVALID_CREDENTIALS"},
		{kind(clientbook.KindForbidden), "403 15 INVALID_PERMISSIONS"},
		{clientbook.NotFound(clientbook.ReasonClient), "404 301 INVALID_CLIENT_ID"},
		{clientbook.NotFound(clientbook.ReasonPath), "404 3 INVALID_API_OPERATION"},
		{clientbook.NotFound(clientbook.ReasonMessage), "400 2502 INVALID_COMMUNICATION_MESSAGE_ENCODED_KEY"},
		{clientbook.NotFound("any"), "404 29 OBJECT_NOT_FOUND"},
		{kind(clientbook.KindMethod), "405 5 METHOD_NOT_IMPLEMENTED"},
		{kind(clientbook.KindConflict), "409 4 INVALID_PARAMETERS"},
		{kind(clientbook.KindStale), "409 4 INVALID_PARAMETERS"},
		{kind(clientbook.KindTooLarge), "413 20 MAX_FILE_SIZE_EXCEEDED"},
		{kind(clientbook.KindUnsupported), "415 4 INVALID_PARAMETERS"},
		{clientbook.Busy(clientbook.ReasonStore, cause), "503 32 READ_ONLY_MODE"},
		{clientbook.Busy(clientbook.ReasonContention, cause), "429 24 EXCESSIVE_INVALID_REQUESTS"},
		{&clientbook.Error{Kind: clientbook.KindBusy, Field: clientbook.FieldNumber, Reason: clientbook.ReasonExhausted}, "400 150 FAILED_TO_GENERATE_IDENTIFIER"},
		{taken(clientbook.ClaimNumber, ""), "400 316 CLIENT_ID_ALREADY_IN_USE id"},
		{taken(clientbook.ClaimForeignKey, ""), "400 2605 DUPLICATE_ENCODED_KEY"},
		{taken(clientbook.ClaimFieldValue, "tax"), "400 926 DUPLICATE_UNIQUE_VALUE tax"},
		{taken(clientbook.ClaimIDDocument, ""), "400 310 DUPLICATE_CLIENT"},
		{taken(clientbook.ClaimHomePhone, ""), "400 310 DUPLICATE_CLIENT"},
		{taken(clientbook.ClaimMobilePhone, ""), "400 310 DUPLICATE_CLIENT"},
		{taken(clientbook.ClaimEmail, ""), "400 310 DUPLICATE_CLIENT"},
		{taken(clientbook.ClaimName, ""), "400 310 DUPLICATE_CLIENT"},
		{taken(clientbook.ClaimNameAndBirthDate, ""), "400 310 DUPLICATE_CLIENT"},
		{&clientbook.Error{Kind: clientbook.KindConflict, Reason: clientbook.ReasonReferred}, "400 927 REFERRED_IN_CUSTOM_FIELD"},
		{invalid(clientbook.FieldEmail, clientbook.ReasonTooLong), "400 3742 INVALID_STRING_VALUE emailAddress"},
		{invalid(clientbook.FieldComments, clientbook.ReasonRequired), "400 1600 MISSING_TEXT comment"},
		{invalid(clientbook.FieldComments, clientbook.ReasonTooLong), "400 1601 MAX_TEXT_LENGTH_EXCEEDED comment"},
		{invalid(clientbook.FieldValues, clientbook.ReasonTooMany), "400 4 INVALID_PARAMETERS customInformation"},
		{invalid(clientbook.FieldIDDocuments, clientbook.ReasonTwice), "400 2605 DUPLICATE_ENCODED_KEY idDocuments"},
		{invalid(clientbook.FieldJoined, clientbook.ReasonDate), "400 102 INVALID_DATE"},
		{invalid(clientbook.FieldNone, clientbook.ReasonTooBig), "400 4 INVALID_PARAMETERS"},
		{invalid(clientbook.FieldNone, clientbook.ReasonBody), "400 4 INVALID_PARAMETERS"},
		{invalid(clientbook.FieldNone, clientbook.ReasonTimeout), "408 4 INVALID_PARAMETERS"},
		{invalid(clientbook.FieldNone, clientbook.ReasonHeaders), "431 4 INVALID_PARAMETERS"},
		{invalid(clientbook.FieldNone, clientbook.ReasonTooWide), "400 2101 INVALID_FILTER_ELEMENT"},
		{invalid(clientbook.FieldNone, clientbook.ReasonUnsortable), "400 2118 COLUMN_NOT_SORTABLE"},
		{invalid(clientbook.FieldNone, clientbook.ReasonPageTooBig), "400 14 OUT_OF_BOUNDS_PAGINATION_LIMIT_VALUE limit"},
		{invalid(clientbook.FieldNone, clientbook.ReasonMessageState), "400 2441 INVALID_NOTIFICATION_MESSAGE_STATE"},
		{invalid(clientbook.FieldNone, ""), "400 4 INVALID_PARAMETERS"},
		{errors.Join(invalid(clientbook.FieldEmail, clientbook.ReasonCharacters), invalid(clientbook.FieldMobile, clientbook.ReasonType)), "400 3742 INVALID_STRING_VALUE emailAddress"},
		{&clientbook.Error{Kind: clientbook.KindInvalid, Field: clientbook.FieldValues, Param: strings.Repeat("é", 300), Reason: clientbook.ReasonField},
			"400 903 INVALID_CUSTOM_FIELD_ID " + strings.Repeat("é", 256) + "…"},
	} {
		seen[clientbook.KindOf(x.err)] = true
		w := httptest.NewRecorder()
		mambu.Fail(w, httptest.NewRequest("GET", "/api/clients", nil), x.err)
		if got := summary(t, w); got != x.want {
			t.Errorf("%v:\ngot  %s\nwant %s", x.err, got, x.want)
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "sda1") {
			t.Errorf("%v: shows too much: %s", x.err, w.Body)
		}
		if got, want := w.Header().Get("Retry-After"), map[int]string{429: "1", 503: "1"}[w.Code]; got != want {
			t.Errorf("%v: Retry-After %q, want %q", x.err, got, want)
		}
		if got, want := w.Header().Get("Allow"), map[int]string{405: "GET"}[w.Code]; got != want {
			t.Errorf("%v: Allow %q, want %q", x.err, got, want)
		}
		checkAnswer(t, x.err.Error(), httptest.NewRequest("GET", "/api/other", nil), w.Result())
	}
	for k := clientbook.KindInternal; k <= clientbook.KindUnsupported; k++ {
		if !seen[k] {
			t.Errorf("no answer to kind %q is tested", k)
		}
	}
}

func TestRejection(t *testing.T) {
	const want = `{"returnCode":4,"returnStatus":"INVALID_PARAMETERS"}`
	for _, status := range []int{400, 417, 431, 501, 505} {
		if got := string(mambu.Rejection(status)); got != want {
			t.Errorf("%d: %s, want %s", status, got, want)
		}
	}
}

// A refuser answers every use case with err, after it let the caller in.
type refuser struct {
	err    error
	caller *clientbook.Caller // of the last use case, if it is to be remembered
}

func (f refuser) fail(caller clientbook.Caller) error {
	if f.caller != nil {
		*f.caller = caller
	}
	return f.err
}

func (f refuser) Authenticate(context.Context, string) (clientbook.Caller, error) {
	return clientbook.Caller{Book: 1}, nil
}
func (f refuser) Settings(_ context.Context, c clientbook.Caller) (*clientbook.Settings, error) {
	return nil, f.fail(c)
}
func (f refuser) FindClient(_ context.Context, c clientbook.Caller, _ string) (id clientbook.ClientID, err error) {
	return id, f.fail(c)
}
func (f refuser) Client(_ context.Context, c clientbook.Caller, _ clientbook.ClientID) (*clientbook.Client, error) {
	return nil, f.fail(c)
}
func (f refuser) CreateClient(_ context.Context, c clientbook.Caller, _ *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return nil, f.fail(c)
}
func (f refuser) UpdateClient(_ context.Context, c clientbook.Caller, _ clientbook.ClientID, _ *clientbook.ClientUpdate) (*clientbook.Client, error) {
	return nil, f.fail(c)
}
func (f refuser) DeleteClient(_ context.Context, c clientbook.Caller, _ clientbook.ClientID) error {
	return f.fail(c)
}
func (f refuser) ListClients(_ context.Context, c clientbook.Caller, _ book.ClientFilter, _, _ int64) (book.ClientPage, error) {
	return book.ClientPage{}, f.fail(c)
}
func (f refuser) SearchClients(_ context.Context, c clientbook.Caller, _ *book.Search, _, _ int64) ([]*clientbook.Client, error) {
	return nil, f.fail(c)
}
func (f refuser) SearchNames(_ context.Context, c clientbook.Caller, _ string, _ int64) ([]*clientbook.Client, error) {
	return nil, f.fail(c)
}
func (f refuser) Messages(_ context.Context, c clientbook.Caller, _ book.MessageFilter, _, _ int64) ([]book.SentMessage, error) {
	return nil, f.fail(c)
}
func (f refuser) ResendMessages(_ context.Context, c clientbook.Caller, _ []clientbook.MessageID) error {
	return f.fail(c)
}

// someKey is a key of the refuser's book.
const someKey = "000000010123456789abcdef01234567"

// TestRefusals sends the operations on clients to use cases that refuse them.
func TestRefusals(t *testing.T) {
	for err, want := range map[error]string{
		errors.New("broken"):                                 "500 6 INTERNAL_ERROR",
		clientbook.Busy(clientbook.ReasonStore, nil):         "503 32 READ_ONLY_MODE",
		clientbook.NotFound(clientbook.ReasonClient):         "404 301 INVALID_CLIENT_ID",
		&clientbook.Error{Kind: clientbook.KindStale}:        "409 4 INVALID_PARAMETERS",
		&clientbook.Error{Kind: clientbook.KindForbidden}:    "403 15 INVALID_PERMISSIONS",
		&clientbook.Error{Kind: clientbook.KindUnauthorized}: "401 2 INVALID_CREDENTIALS",
	} {
		api := mambu.New(refuser{err: err}, nil)
		for _, id := range []string{someKey, "ADA"} {
			for _, op := range []struct{ method, path, body string }{
				{"GET", "/api/clients", ""},
				{"POST", "/api/clients", `{"client":{}}`},
				{"GET", "/api/clients/" + id, ""},
				{"POST", "/api/clients/" + id, `{}`},
				{"POST", "/api/clients/" + id, `{"client":{"encodedKey":"x"}}`},
				{"POST", "/api/clients/" + id, `{"client":{"firstName":"x"}}`},
				{"PATCH", "/api/clients/" + id, `{"client":{}}`},
				{"DELETE", "/api/clients/" + id, ""},
				{"PATCH", "/api/clients/" + id + "/custominformation", `{"customInformation":[]}`},
				{"GET", "/api/clients/" + id + "/custominformation/f", ""},
				{"PATCH", "/api/clients/" + id + "/custominformation/f", `{}`},
				{"PATCH", "/api/clients/" + id + "/custominformation/f/1", `{}`},
				{"DELETE", "/api/clients/" + id + "/custominformation/f/1", ""},
			} {
				r := httptest.NewRequest(op.method, op.path, strings.NewReader(op.body))
				r.Header.Set("apikey", "good")
				w := httptest.NewRecorder()
				api.ServeHTTP(w, r)
				if got := summary(t, w); got != want {
					t.Errorf("%s %s with %v: %s, want %s", op.method, op.path, err, got, want)
				}
			}
		}
	}
}

// TestCaller looks at whom the use cases take a request for.
func TestCaller(t *testing.T) {
	for user, want := range map[string]string{
		"ada": "ada", "": "", "a\x00\x7fb\xff\n": "ab", strings.Repeat("é", 300): strings.Repeat("é", 256),
	} {
		var caller clientbook.Caller
		r := httptest.NewRequest("GET", "/api/clients/x", nil)
		r.SetBasicAuth(user, "pass:word")
		mambu.New(refuser{err: errors.New("any"), caller: &caller}, nil).ServeHTTP(httptest.NewRecorder(), r)
		if caller.Dialect != "mambu" || caller.Kind != clientbook.PersonKind || caller.Claim != want {
			t.Errorf("%q: caller %+v, want claim %q", user, caller, want)
		}
	}
}
