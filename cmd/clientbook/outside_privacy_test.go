package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// private are values of clients by attribute, each long enough that none stands anywhere by chance.
var private = []struct{ field, value string }{
	{"email", "Zaphira.Quillmoor@Secret-Post.example"}, {"email", "second.quillmoor@other-post.example"}, {"email", "office@vexlorium-works.example"},
	{"mobile", "+44 7700 918273"}, {"telephone", "+44 20 5550 1928"}, {"externalId", "EXT-Qx82-Zed"}, {"lastActionBy", "member-Jorvandel"},
	{"joinedDate", "2017-09-23"}, {"personDetails.firstName", "Zaphirandra"}, {"personDetails.middleName", "Ölweïnda"}, {"personDetails.lastName", "Quillmoorey"},
	{"personDetails.lastName", "Brandywexler"}, {"personDetails.dob", "1953-07-19"}, {"personDetails.ssn", "987-65-4329"}, {"personDetails.socialInsuranceNumber", "SIN 4471 9928"},
	{"personDetails.nationalIdentityNumber", "NID-77120043-K"}, {"personDetails.taxIdentificationNumber", "TAX/5590/xy-7"},
	{"companyDetails.name", "Vexlorium Works Ltd"}, {"companyDetails.website", "https://vexlorium-works.example/about"}, {"companyDetails.registrationNumber", "REG-00918-77"},
	{"metadata", "favourite-dragon"}, {"metadata.favourite-dragon", "Smaugwell the Green"}, {"metadata", "case-nümber"}, {"metadata.case-nümber", "Fall 39/A-Zwölf"},
}

// told are values that only Mambu's wire and settings files hold.
var told = []struct{ field, value string }{
	{"firstName", "Ysmeraldine"}, {"lastName", "Thunderquist"}, {"middleName", "Wîlhelmïna"}, {"lastName", "Oakenshieldt"}, {"emailAddress", "ysme.thunderquist@quiet-mail.example"},
	{"mobilePhone1", "+43 660 7712994"}, {"homePhone", "+43 5577 331177"}, {"mobilePhone2", "+43 699 8841553"}, {"birthDate", "1947-11-23"}, {"id", "NUM-Kobold-771"},
	{"notes", "owes Bartholomeus forty crowns"}, {"customInformation.value", "Glassblower of Murano"}, {"customInformation.value", "918273.645"}, {"customInformation.value", "Hexenmeisterin"},
	{"documentType", "Dragonrider Permit"}, {"documentId", "DRP-4471-qualm"}, {"issuingAuthority", "Guild of Zirbenwald"}, {"validUntil", "2039-08-17"},
	{"line1", "Honigwabenweg 12b"}, {"line2", "Stiege Vierzehn"}, {"city", "Zwirbelstadt"}, {"region", "Murmelgau"}, {"postcode", "ZW-90817"}, {"country", "Lummerland-Nord"},
	{"latitude", "47.1234567"}, {"comment", "called about the missing Brunnenplatz keys"}, {"user", "basicuser-Hjalmarsson"},
	{"users.username", "quentina.vorlaxis"}, {"users.firstName", "Quentinaria"}, {"users.lastName", "Vorlaxisson"}, {"users.email", "quentina@vorlaxis-staff.example"},
	{"branches.name", "Filiale Krähenwinkel"}, {"branches.phone", "+43 7788 229911"}, {"branches.email", "kraehen@winkel-post.example"}, {"branches.notes", "behind the old Salzmühle"},
	{"branches.address", "Salzmühlgasse 77"}, {"centres.name", "Treffpunkt Nebelhorn"}, {"teamMembers.lastName", "Umbridgewater"}, {"clientTypes.name", "Privileged Alchemists"},
	{"customFieldSets.name", "Questions of the Alchemists"}, {"fields.name", "Favourite cauldron"}, {"fields.description", "which one they stir the most"}, {"templates.name", "Greeting for alchemists"},
	{"templates.subject", "Salutations from Kraxelbank"}, {"templates.body", "Your cauldron awaits, dearest"}, {"templates.headers", "hook-s3cret-Wx-Plorvane-991"},
	{"templates.url", "/hooks/brimstone-receiver"}, {"sending.allow", "allowed-mailbox@quiet-mail.example"}, {"sending.allow", "@allowed-domain-zirben.example"},
	{"--smtp", "smtp-user-Wendelin"}, {"--smtp", "smtp-passw0rd-Xylo9"}, {"--smtp", "greetings@kraxelbank-mail.example"}, {"--sms", "ACaccount-Ottokar"}, {"--sms", "sms-t0ken-Rhabarber7"},
}

// A settings file with the values of told that belong there; %s is the address of a server that is not there. What a template says is
// full of what it is said about.
const privateSettings = `
clientTypes: [{id: alch, name: Privileged Alchemists, default: true}]
customFieldSets:
  - id: qs
    name: Questions of the Alchemists
    fields:
      - {id: cauldron, name: Favourite cauldron, description: which one they stir the most, type: STRING}
      - {id: worth, name: Worth, type: NUMBER, unique: true}
      - {id: rank, name: Rank, type: SELECTION, options: [{value: Hexenmeisterin}, {value: Gesellin}]}
idDocumentTemplates: [{id: permit, documentType: Dragonrider Permit, issuingAuthority: Guild of Zirbenwald}]
branches:
  - {id: kw, name: Filiale Krähenwinkel, phone: "+43 7788 229911", email: kraehen@winkel-post.example, notes: behind the old Salzmühle, address: {line1: Salzmühlgasse 77, city: Zwirbelstadt}}
centres: [{id: nh, name: Treffpunkt Nebelhorn, branch: kw}]
users:
  - {id: "7", username: quentina.vorlaxis, firstName: Quentinaria, lastName: Vorlaxisson, email: quentina@vorlaxis-staff.example, branch: kw, creditOfficer: true}
teamMembers: [{firstName: Dolorosa, lastName: Umbridgewater, role: clerk}]
templates:
  - id: mail
    name: Greeting for alchemists
    channel: EMAIL
    event: CLIENT_CREATED
    subject: "Salutations from Kraxelbank, {CLIENT_NAME}"
    body: "Your cauldron awaits, dearest {CLIENT_NAME}: {CF:cauldron}, {BRANCH_NAME}, {CLIENT_BIRTH_DATE}, {RECIPIENT_MOBILE_PHONE}"
  - {id: text, name: Text, channel: SMS, event: CLIENT_CREATED, body: "Your cauldron awaits, dearest {CLIENT_NAME}"}
  - {id: officer, name: Officer, channel: EMAIL, event: CLIENT_ACTIVITY, recipient: CREDIT_OFFICER, subject: "{CLIENT_NAME}", body: "{CLIENT_LAST_NAME}, {CF:cauldron}"}
  - id: hook
    name: Hook
    channel: WEB_HOOK
    event: CLIENT_CREATED
    url: http://%s/hooks/brimstone-receiver/{CLIENT_LAST_NAME}
    headers: {X-Hook-Secret: hook-s3cret-Wx-Plorvane-991}
    body: '{"name": "{CLIENT_NAME}", "id": "{CLIENT_ID}"}'
sending: {allow: [allowed-mailbox@quiet-mail.example, "@allowed-domain-zirben.example"]}
webhooks: {allowPrivate: true}
`

// What the same values are sent as.
const (
	privateQuery = "/api/clients?firstName=Ysmeraldine&lastName=Thunderquist&middleName=W%C3%AElhelm%C3%AFna&emailAddress=ysme.thunderquist%40quiet-mail.example" +
		"&mobilePhone1=%2B43+660+7712994&homePhone=%2B43+5577+331177&mobilePhone2=%2B43+699+8841553&birthDate=1947-11-23&notes=owes+Bartholomeus+forty+crowns"
	privateClient = `{"client":{"id":"NUM-Kobold-771","firstName":"Ysmeraldine","middleName":"Wîlhelmïna","lastName":"Oakenshieldt","emailAddress":"ysme.thunderquist@quiet-mail.example",
"mobilePhone1":"+43 660 7712994","homePhone":"+43 5577 331177","mobilePhone2":"+43 699 8841553","birthDate":"1947-11-23","notes":"owes Bartholomeus forty crowns",
"assignedBranchKey":"kw","assignedCentreKey":"nh","assignedUserKey":"quentina.vorlaxis"},
"customInformation":[{"customFieldID":"cauldron","value":"Glassblower of Murano"},{"customFieldID":"worth","value":"918273.645"},{"customFieldID":"rank","value":"Hexenmeisterin"}],
"idDocuments":[{"documentType":"Dragonrider Permit","documentId":"DRP-4471-qualm","issuingAuthority":"Guild of Zirbenwald","validUntil":"2039-08-17"}],
"addresses":[{"line1":"Honigwabenweg 12b","line2":"Stiege Vierzehn","city":"Zwirbelstadt","region":"Murmelgau","postcode":"ZW-90817","country":"Lummerland-Nord","latitude":"47.1234567"}]}`
	privatePerson = `{"type":"person","email":"Zaphira.Quillmoor@Secret-Post.example","mobile":"+44 7700 918273","telephone":"+44 20 5550 1928","externalId":"EXT-Qx82-Zed",
"joinedDate":"2017-09-23","lastActionBy":"member-Jorvandel","personDetails":{"firstName":"Zaphirandra","middleName":"Ölweïnda","lastName":"Quillmoorey","dob":"1953-07-19",
"gender":"other","nationality":"IS","birthCountry":"FO","ssn":"987-65-4329","socialInsuranceNumber":"SIN 4471 9928","nationalIdentityNumber":"NID-77120043-K",
"taxIdentificationNumber":"TAX/5590/xy-7"},"metadata":{"favourite-dragon":"Smaugwell the Green","case-nümber":"Fall 39/A-Zwölf"}}`
	privateCompany = `{"type":"company","email":"office@vexlorium-works.example","companyDetails":{"name":"Vexlorium Works Ltd",
"website":"https://vexlorium-works.example/about","registrationNumber":"REG-00918-77","incorporationCountry":"IS","incorporationType":"holding_company"}}`
)

// TestNothingPrivateInFilesOrLog puts personal values everywhere a request can hold them, and looks for them, and for what can be
// computed from them without a key, in every file and in all that was printed. The server has one log level, so nothing can be turned up.
func TestNothingPrivateInFilesOrLog(t *testing.T) {
	dir := t.TempDir()
	data, temp := filepath.Join(dir, "data"), filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	key := newKey(t, data, "private", "test")
	find := newFinder(key)
	find.mustWork(t)
	p := serve(t, data, key)
	usePrivately(t, p)
	provoke(t, p)
	time.Sleep(300 * time.Millisecond) // the log is written within 100 ms
	find.look(t, "while it serves", dir, p)
	mustRun(t, "backup", "--data", data, filepath.Join(dir, "backup.db"))
	mustRun(t, "verify", "--data", data, "--deep")
	find.look(t, "after a backup", dir, p)
	p.kill()
	find.look(t, "after kill -9", dir, p)
	again := serve(t, data, key)
	provoke(t, again)
	again.stop()
	find.look(t, "after the stop", dir, p, again)

	secure := serve(t, data, key, "--tls-self-signed")
	send(t, secure.addr, "GET /v1/clients?email="+url.QueryEscape(private[0].value)+" HTTP/1.1\r\nHost: Zaphirandra\r\n\r\n") // plain HTTP on a TLS port
	secure.stop()
	find.look(t, "with TLS", dir, p, again, secure)
	if lines := strings.Count(p.printed(), "\n"); lines < 100 {
		t.Errorf("%d lines in the log, too few to show anything", lines)
	}
}

// usePrivately makes the clients, changes them, finds them and deletes one.
func usePrivately(t *testing.T, p *program) {
	t.Helper()
	person, _ := attributesOf(p.want(200, "POST", "/v1/clients", privatePerson))
	company, _ := attributesOf(p.want(200, "POST", "/v1/clients", privateCompany))
	gone, _ := attributesOf(p.want(200, "POST", "/v1/clients", privatePerson))
	p.want(200, "POST", "/v1/clients/"+person, `{"email":"second.quillmoor@other-post.example","personDetails":{"lastName":"Brandywexler","middleName":null}}`)
	p.want(200, "POST", "/v1/clients/"+company, `{"metadata":{"favourite-dragon":"Smaugwell the Green"},"lastActionBy":"member-Jorvandel"}`)
	p.want(200, "POST", "/v1/clients/"+gone, `{"mobile":"","metadata":null}`)
	p.want(204, "DELETE", "/v1/clients/"+gone, "")
	for _, v := range private {
		p.want(200, "GET", "/v1/clients?"+url.QueryEscape(v.field)+"="+url.QueryEscape(v.value), "")
	}
	if n := totalOf(t, p, "personDetails.lastName=Brandywexler"); n != 1 {
		t.Fatalf("found %d clients by the new name", n)
	}
}

// TestNothingPrivateOfMambusWire does the same with Mambu's wire, with settings and with messages: a test book, whose messages are caught,
// and a live one, whose mail server, gateway and web hook are not there.
func TestNothingPrivateOfMambusWire(t *testing.T) {
	dir := t.TempDir()
	data, temp := filepath.Join(dir, "data"), filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	test, live := newKey(t, data, "private", "test"), newKey(t, data, "private", "live")
	find := newFinder(test)
	find.forms("an API key", live)
	find.mustWork(t)
	closed := closedPort(t)
	args := []string{"--smtp", "smtp://smtp-user-Wendelin:smtp-passw0rd-Xylo9@" + closed + "?from=greetings@kraxelbank-mail.example&starttls=off",
		"--sms", "twilio://ACaccount-Ottokar:sms-t0ken-Rhabarber7@" + closed + "/?from=%2B4366012345&insecure=1"}
	p := serve(t, data, test, args...)
	other := *p
	other.key = live
	for _, mode := range []string{"test", "live"} {
		applied(t, data, "private", mode, fmt.Sprintf(privateSettings, closed)) // through the socket of the server
	}
	tellPrivately(t, p)
	tellPrivately(t, &other)
	wait := func(p *program, n int, ok func(logged) bool) {
		t.Helper()
		for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			all := p.messages()
			if len(all) >= n && !slices.ContainsFunc(all, func(m logged) bool { return !ok(m) }) {
				return
			}
			if time.Since(begun) > patience {
				t.Fatalf("the messages are %+v\n%s", all, p.printed())
			}
		}
	}
	wait(p, 8, func(m logged) bool { return m.State == "SENT" })
	wait(&other, 8, func(m logged) bool { return m.State != "SENT" })
	provokeMambu(t, p, len(told))
	provokeMambu(t, &other, 10)
	refuseSettings(t, data)
	for begun := time.Now(); !bytes.Contains([]byte(p.printed()), []byte("unreachable")) && time.Since(begun) < 3*time.Second; {
		time.Sleep(50 * time.Millisecond) // what is said of servers that are not there belongs to the log that is looked at
	}
	time.Sleep(300 * time.Millisecond)
	find.look(t, "while it serves", dir, p)
	mustRun(t, "backup", "--data", data, filepath.Join(dir, "backup.db"))
	mustRun(t, "verify", "--data", data, "--deep")
	find.look(t, "after a backup", dir, p)
	p.kill()
	find.look(t, "after kill -9", dir, p)

	file := filepath.Join(t.TempDir(), "smtp") // where the URLs of servers may stand too
	if err := os.WriteFile(file, []byte(args[1]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := serve(t, data, live, "--smtp-file", file)
	again.want(200, "POST", "/v1/clients", strings.Replace(privatePerson, "Quillmoorey", "Thunderquist", 1))
	applied(t, data, "private", "test", "templates: []\nteamMembers: []\nsending: {}\n")
	time.Sleep(300 * time.Millisecond)
	again.stop()
	find.look(t, "after the stop", dir, p, again)
	if lines := strings.Count(p.printed(), "\n"); lines < 100 {
		t.Errorf("%d lines in the log, too few to show anything", lines)
	}
	for _, bad := range []string{strings.Replace(args[1], "smtp:", "smtq:", 1), strings.Replace(args[1], "?from", "/path?from", 1), strings.Replace(args[1], "starttls=off", "starttls=no", 1), args[1] + "%zz"} {
		out, errs, err := runProgram("serve", "--data", data, "--addr", "127.0.0.1:0", "--smtp", bad)
		if err == nil {
			t.Fatalf("a server served with %s", bad)
		}
		for _, what := range find.in([]byte(out + errs)) {
			t.Errorf("the refusal of a mail server's URL holds %s: %s%s", what, out, errs)
		}
	}
}

// closedPort gives an address of this machine where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// ask sends a request over Mambu's wire as a user whose name is private; status 0 is any.
func (p *program) ask(status int, method, path, body string) []byte {
	p.t.Helper()
	lines := []string{method + " " + path + " HTTP/1.1", "Host: x", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("basicuser-Hjalmarsson:"+p.key))}
	if body != "" {
		lines = append(lines, "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body)))
	}
	resp, got := exchangeOnce(p.t.(*testing.T), p.addr, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
	if status != 0 && resp.StatusCode != status {
		p.t.Fatalf("%s %s %.300s\ngot %d %s\nwant %d", method, path, body, resp.StatusCode, got, status)
	}
	return got
}

// tellPrivately makes clients in both forms, changes, finds and deletes them, and looks at their messages.
func tellPrivately(t *testing.T, p *program) {
	t.Helper()
	quick := full(t, p.ask(200, "POST", privateQuery, "")).text("encodedKey")
	c := full(t, p.ask(200, "POST", "/api/clients", privateClient))
	key := c.text("encodedKey")
	p.ask(200, "POST", "/api/clients/NUM-Kobold-771", `{"client":{"encodedKey":"`+key+`","lastName":"Thunderquist"},"idDocuments":[{"documentType":"Dragonrider Permit","documentId":"DRP-4471-qualm"}]}`)
	p.ask(200, "PATCH", "/api/clients/NUM-Kobold-771", `{"client":{"lastName":"Oakenshieldt","notes":"owes Bartholomeus forty crowns, still"}}`)
	p.ask(200, "PATCH", "/api/clients/"+quick+"/custominformation", `{"customInformation":[{"customFieldID":"cauldron","value":"Glassblower of Murano"}]}`)
	p.ask(200, "PATCH", "/api/clients/"+key+"/custominformation/cauldron", `{"value":"Hexenmeisterin"}`)
	p.ask(200, "DELETE", "/api/clients/"+key+"/custominformation/rank", "")
	for _, ref := range []string{key, "NUM-Kobold-771"} {
		p.ask(200, "POST", "/api/clients/"+ref+"/comments", `{"comment":{"text":"called about the missing Brunnenplatz keys"}}`)
		p.ask(200, "GET", "/api/clients/"+ref+"/comments", "")
		p.ask(200, "GET", "/api/clients/"+ref+"?fullDetails=true", "")
	}
	for _, v := range told {
		p.ask(0, "GET", "/api/clients?"+url.QueryEscape(v.field)+"="+url.QueryEscape(v.value), "")
		p.ask(0, "GET", "/api/search?query="+url.QueryEscape(v.value), "")
	}
	for _, path := range []string{"/api/clients?firstName=Ysmeraldine", "/api/clients?idDocument=DRP-4471-qualm", "/api/clients?birthDate=1947-11-23&fullDetails=true", "/api/search?query=NUM-Kobold-771"} {
		if got := p.ask(200, "GET", path, ""); !bytes.Contains(got, []byte("Ysmeraldine")) {
			t.Fatalf("%s finds %s", path, got)
		}
	}
	for selection, value := range map[string]string{"FIRST_NAME": "Ysmeraldine", "EMAIL_ADDRESS": "ysme.thunderquist@quiet-mail.example", "BIRTHDATE": "1947-11-23", "ID": "NUM-Kobold-771",
		"MOBILE_PHONE_NUMBER": "+43 660 7712994", "HOME_PHONE_NUMBER": "+43 5577 331177"} {
		element := "EQUALS"
		if selection == "BIRTHDATE" {
			element = "ON"
		}
		if got := p.ask(200, "POST", "/api/clients/search", fmt.Sprintf(`{"filterConstraints":[{"filterSelection":%q,"filterElement":%q,"value":%q}]}`, selection, element, value)); !bytes.Contains(got, []byte(key)) {
			t.Fatalf("%s %s finds %s", selection, value, got)
		}
	}
	p.ask(200, "POST", "/api/clients/search", `{"filterConstraints":[{"filterSelection":"cauldron","dataFieldType":"CUSTOM","filterElement":"EQUALS","value":"Glassblower of Murano"},
{"filterSelection":"CLIENT_ADDRESS","filterElement":"STARTS_WITH","value":"Honigwabenweg 12b"}]}`)
	p.ask(200, "POST", "/api/notifications/messages/search", `{"filterConstraints":[{"filterSelection":"DESTINATION","filterElement":"EQUALS","value":"ysme.thunderquist@quiet-mail.example"}]}`)
	gone := full(t, p.ask(200, "POST", privateQuery, "")).text("encodedKey")
	p.ask(200, "DELETE", "/api/clients/"+gone, "")
	for _, path := range []string{"branches", "centres", "users", "clienttypes", "customfieldsets", "settings/general", "settings/iddocumenttemplates"} {
		p.ask(200, "GET", "/api/"+path, "")
	}
}

// provokeMambu makes Mambu's wire refuse and fail with the first private values in every place.
func provokeMambu(t *testing.T, p *program, first int) {
	t.Helper()
	for _, v := range told[:first] {
		q, quoted := url.QueryEscape(v.value), encodeJSON(v.value)
		path := url.PathEscape(v.value)
		for _, x := range []string{"GET /api/clients/" + path, "DELETE /api/clients/" + path, "PATCH /api/clients/" + path, "GET /api/" + path + "/" + path, "PUT /api/clients/" + path,
			"GET /api/clients?limit=" + q, "GET /api/clients?" + q + "=" + q, "GET /api/clients?state=" + q, "GET /api/clients?branchId=" + q + "&creditOfficerUsername=" + q, "GET /api/users/" + path,
			"GET /api/branches/" + path, "GET /api/customfields/" + path, "GET /api/clients/" + path + "/custominformation/" + path, "GET /api/search?query=" + q + "&type=" + q, "POST /api/clients?" + q + "=" + q,
			"POST /api/clients?firstName=" + q, "POST /api/clients?firstName=" + q + "&lastName=" + q + "&gender=" + q + "&birthDate=" + q, "POST /api/clients?firstName=" + q + "&firstName=" + q + "&lastName=" + q,
			"POST /api/clients?firstName=" + q + "&lastName=" + q + "&id=NUM-Kobold-771"} {
			method, target, _ := strings.Cut(x, " ")
			p.ask(0, method, target, "")
		}
		constraint := `{"filterConstraints":[{"filterSelection":` + quoted + `,"filterElement":` + quoted + `,"value":` + quoted + `}],"sortDetails":{"sortingColumn":` + quoted + `}}`
		notes := `{"filterConstraints":[{"filterSelection":"NOTES","filterElement":"STARTS_WITH","value":` + quoted + `}]}`
		for _, body := range []string{`{"client":{"firstName":` + quoted + `}}`, `{"client":{"firstName":` + quoted + `,"lastName":` + quoted, `{"client":{"firstName":"A","lastName":"B","gender":` + quoted + `}}`,
			`{"client":{"firstName":"A","lastName":"B","birthDate":` + quoted + `}}`, `{"client":{"firstName":"A","lastName":"B","id":` + quoted + `,"assignedUserKey":` + quoted + `}}`,
			`{"client":{"encodedKey":` + quoted + `,"lastName":` + quoted + `}}`, `{` + quoted + `:1,` + quoted + `:2}`, quoted, `{"client":{"firstName":"A","lastName":"B"},"customInformation":[{"customFieldID":` + quoted + `,"value":` + quoted + `}]}`,
			`{"client":{"firstName":"A","lastName":"B"},"customInformation":[{"customFieldID":"worth","value":"918273.645"},{"customFieldID":"rank","value":` + quoted + `}]}`,
			`{"client":{"firstName":"A","lastName":"B"},"idDocuments":[{"documentType":` + quoted + `,"identificationDocumentTemplateKey":` + quoted + `}]}`,
			`{"client":{"firstName":"A","lastName":"B"},"addresses":[{"line1":` + quoted + `,"latitude":` + quoted + `}]}`, constraint, notes, `{"comment":{"text":` + quoted + `,"text":` + quoted + `}}`,
			`{"action":"resend","identifiers":[` + quoted + `]}`, `{"action":` + quoted + `}`} {
			for _, target := range []string{"/api/clients", "/api/clients/" + path, "/api/clients/NUM-Kobold-771", "/api/clients/search", "/api/clients/" + path + "/comments", "/api/notifications/messages/search", "/api/notifications/messages"} {
				p.ask(0, "POST", target, body)
			}
		}
		p.ask(0, "PATCH", "/api/clients/NUM-Kobold-771/custominformation/"+path, `{"value":`+quoted+`}`)
		p.ask(0, "PATCH", "/api/clients/NUM-Kobold-771/custominformation/rank", `{"value":`+quoted+`}`)
		p.ask(0, "PATCH", "/api/clients/NUM-Kobold-771", `{"client":{"state":`+quoted+`}}`)
		basic := base64.StdEncoding.EncodeToString([]byte(v.value + ":" + v.value))
		for _, header := range []string{"apikey: " + q, "Authorization: Basic " + basic, "Authorization: " + q, "Authorization: Basic " + q, "apikey: " + p.key + "\r\nAccept: " + q, "apikey: " + p.key + "\r\nX-Name: " + v.value} {
			send(t, p.addr, "GET /api/clients?firstName="+q+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"+header+"\r\n\r\n")
		}
	}
}

// refuseSettings gives the server settings that it refuses, with private values in them.
func refuseSettings(t *testing.T, data string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "settings.yaml")
	for i, v := range told {
		quoted := encodeJSON(v.value)
		texts := []string{"users: [{id: " + quoted + ", username: " + quoted + "}]\n", quoted + ": " + quoted + "\n", "branches: [{id: b, name: " + quoted + ", phone: [" + quoted + "]}]\n",
			"templates: [{id: t, name: " + quoted + ", channel: EMAIL, event: " + quoted + ", subject: " + quoted + ", body: \"{" + v.field + "}\"}]\n", "users: [" + quoted}
		if err := os.WriteFile(file, []byte(texts[i%len(texts)]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := runProgram("apply", "--data", data, "--book", "private", "--mode", "live", file); err == nil {
			t.Errorf("applied: %s", texts[i%len(texts)])
		}
	}
}

// provoke makes the server refuse and fail with personal values in every place.
func provoke(t *testing.T, p *program) {
	t.Helper()
	for _, v := range private {
		raw, q, quoted := v.value, url.QueryEscape(v.value), encodeJSON(v.value)
		try := func(method, path, body string) {
			if got, err := p.try(method, path, body); err != nil {
				t.Errorf("%s %s: got %d, %v", method, path, got.status, err)
			}
		}
		try("GET", "/v1/clients/"+url.PathEscape(raw), "")
		try("DELETE", "/v1/clients/"+url.PathEscape(raw), "")
		try("GET", "/"+url.PathEscape(raw)+"/"+q, "")
		try("GET", "/v1/clients?page="+q, "")
		try("GET", "/v1/clients?"+q+"="+q+"&createdAfter="+q, "")
		for _, body := range []string{
			`{"type":` + quoted + `}`, `{"email":[` + quoted + `]}`, `{"email":` + quoted, `{` + quoted + `:1,` + quoted + `:2}`, quoted, raw, `{"type":"person","email":` + quoted + `}`,
			`{"type":"person","email":"a@b.co","personDetails":` + quoted + `}`, `{"metadata":{` + quoted + `:` + quoted + `}}`, `{"metadata":{` + quoted + `:{` + quoted + `:1}}}`,
			`{"type":"person","email":"a@b.co","personDetails":{"firstName":` + quoted + `,"lastName":` + quoted + `,"dob":` + quoted + `}}`, `{` + quoted + `:1e999}`, `{` + quoted + `:"\ud800"}`,
			`{"type":"person","email":"a@b.co","lastActionBy":` + quoted + `,"personDetails":{"firstName":"` + strings.Repeat("x", 501) + `","lastName":` + quoted + `}}`,
		} {
			try("POST", "/v1/clients", body)
			try("POST", "/v1/clients/00000000000000000000abcd", body)
		}
		basic := base64.StdEncoding.EncodeToString([]byte(raw + ":" + raw))
		head := func(line string, more ...string) string {
			return line + "\r\n" + strings.Join(append([]string{"Host: x", "Connection: close"}, more...), "\r\n") + "\r\n\r\n"
		}
		for _, request := range []string{
			head("GET /v1/clients HTTP/1.1", "Authorization: "+raw), head("GET /v1/clients HTTP/1.1", "Authorization: Basic "+basic), head("GET /v1/clients HTTP/1.1", "Authorization: Bearer "+raw),
			head("GET /v1/clients HTTP/1.1", "Authorization: "+p.key, "X-Name: "+raw, "User-Agent: "+raw, "X-Request-Id: "+raw, "Referer: "+raw, "Cookie: n="+raw),
			head("GET /v1/clients HTTP/1.1", "X-Name: "+strings.Repeat(raw, 3000)), head(raw + " /v1/clients HTTP/1.1"), head("GET " + raw + " HTTP/1.1"), head("GET / " + raw), head("GET / HTTP/1.1", raw),
			head("GET / HTTP/1.1", raw+": x"), head("GET /v1/clients/%zz" + q + " HTTP/1.1"), head("GET http://" + q + "/v1/clients HTTP/1.1"), head("CONNECT " + q + ":443 HTTP/1.1"), head("PROPFIND /v1/clients/" + q + " HTTP/1.1"),
			head("GET /v1/clients HTTP/1.1", "Host: "+raw), head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Encoding: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Expect: "+raw, "Content-Length: 2") + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Length: "+raw) + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Transfer-Encoding: "+raw) + "{}",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Transfer-Encoding: chunked") + raw + "\r\n",
			head("POST /v1/clients HTTP/1.1", "Authorization: "+p.key, "Content-Type: application/json", "Content-Length: 1000") + quoted,
			raw, raw + "\r\n\r\n", "\x16\x03\x01\x00\x10" + raw,
		} {
			send(t, p.addr, request)
		}
	}
}

// send sends bytes, and reads what comes until the connection ends or nothing comes.
func send(t *testing.T, addr, raw string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, raw) // it may be refused before its end
	_ = c.(*net.TCPConn).CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	_, _ = io.Copy(io.Discard, c)
}

// A finder looks for many byte strings at once, by their first eight bytes.
type finder struct {
	exact  map[uint64][]needle
	folded map[uint64][]needle // in lower case, for text in lower case
}

type needle struct {
	what string
	text []byte
}

const needleHead = 8 // no needle is shorter

func newFinder(key string) *finder {
	f := &finder{map[uint64][]needle{}, map[uint64][]needle{}}
	for _, v := range slices.Concat(private, told) {
		f.forms(v.field, v.value)
		for _, of := range digested(v.field, v.value) {
			f.digests(of)
		}
	}
	f.forms("an API key", key) // its digest is stored, and may be: it is random
	return f
}

// digested gives what an unkeyed digest could have been made of.
func digested(field, value string) (of []string) {
	_, short, _ := strings.Cut(field, ".")
	for _, v := range []string{value, strings.ToLower(value), strings.ToUpper(value), strconv.Quote(value), strings.ReplaceAll(value, " ", "")} {
		of = append(of, v)
		for _, name := range []string{field, short, strings.ToLower(field)} {
			for _, join := range []string{"=", ":", "", "\x00", "|", "/", "."} {
				of = append(of, name+join+v)
			}
		}
	}
	return of
}

func (f *finder) add(to map[uint64][]needle, what string, text []byte) {
	if len(text) < needleHead {
		return
	}
	head := binary.BigEndian.Uint64(text)
	to[head] = append(to[head], needle{what, text})
}

// bytes adds a byte string, and how it would look in hex and in base64 wherever it begins there.
func (f *finder) bytes(what string, b []byte) {
	f.add(f.exact, what, b)
	f.add(f.folded, what+" in hex", []byte(hex.EncodeToString(b)))
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := enc.EncodeToString(append(make([]byte, shift), b...))
			from, to := (shift*8+5)/6, (shift+len(b))*8/6
			f.add(f.exact, what+" in base64", []byte(text[from:to]))
		}
	}
}

// forms adds a value in all letters, alphabets and encodings.
func (f *finder) forms(field, value string) {
	what := field + " " + strconv.Quote(value)
	for _, v := range slices.Compact([]string{value, strings.ToLower(value), strings.ToUpper(value)}) {
		f.bytes(what, []byte(v))
		var little, big []byte
		for _, u := range utf16.Encode([]rune(v)) {
			little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
		}
		f.bytes(what+" in UTF-16", little)
		f.bytes(what+" in UTF-16", big)
		for _, text := range []string{v, url.QueryEscape(v), url.PathEscape(v), strconv.QuoteToASCII(v), strconv.Quote(v), fmt.Sprintf("%x", v), fmt.Sprintf("% x", v), fmt.Sprint([]byte(v))} {
			f.add(f.folded, what+" as text", []byte(strings.ToLower(strings.Trim(text, `"[]`))))
		}
	}
}

// digests adds the unkeyed digests of a text: their first eight bytes stand for all lengths, their last ones for what was cut in front.
func (f *finder) digests(of string) {
	md, s1, s2, s5 := md5.Sum([]byte(of)), sha1.Sum([]byte(of)), sha256.Sum256([]byte(of)), sha512.Sum512([]byte(of))
	s22 := sha256.Sum256(s2[:])
	for name, sum := range map[string][]byte{"MD5": md[:], "SHA-1": s1[:], "SHA-256": s2[:], "SHA-512": s5[:], "SHA-256 twice": s22[:]} {
		f.bytes(name+" of "+strconv.Quote(of), sum[:needleHead])
		f.bytes(name+" of "+strconv.Quote(of), sum[len(sum)-needleHead:])
	}
}

// in gives what it finds in b.
func (f *finder) in(b []byte) (found []string) {
	scan := func(b []byte, needles map[uint64][]needle) {
		for i := range max(len(b)-needleHead+1, 0) {
			for _, n := range needles[binary.BigEndian.Uint64(b[i:])] {
				if bytes.HasPrefix(b[i:], n.text) && !slices.Contains(found, n.what) {
					found = append(found, n.what)
				}
			}
		}
	}
	scan(b, f.exact)
	scan(bytes.ToLower(b), f.folded)
	return found
}

// mustWork plants values and sees whether they are found.
func (f *finder) mustWork(t *testing.T) {
	t.Helper()
	v := private[0].value
	sum := sha256.Sum256([]byte("email=" + v))
	for what, planted := range map[string][]byte{
		"itself": []byte(v), "upper case": bytes.ToUpper([]byte(v)), "other letters": []byte("zAPHIRA.qUILLMOOR@secret-POST.example"), "hex": []byte(hex.EncodeToString([]byte(v))),
		"upper hex": bytes.ToUpper([]byte(hex.EncodeToString([]byte(v)))), "base64": []byte(base64.StdEncoding.EncodeToString([]byte(`{"email":"` + v + `"}`))), "percent": []byte(url.QueryEscape(v)),
		"digest": sum[:16], "digest in hex": []byte(hex.EncodeToString(sum[:])), "digest in base64": []byte(base64.StdEncoding.EncodeToString(sum[:])), "end of a digest": sum[20:],
		"UTF-16": {'S', 0, 'I', 0, 'N', 0, ' ', 0, '4', 0, '4', 0, '7', 0, '1', 0, ' ', 0, '9', 0, '9', 0, '2', 0, '8', 0},
	} {
		if f.in(slices.Concat([]byte("noise"), planted, []byte("noise"))) == nil {
			t.Fatalf("the finder does not find a value as %s", what)
		}
	}
}

// look searches every file below dir, names included, and what the programs printed.
func (f *finder) look(t *testing.T, when, dir string, programs ...*program) {
	t.Helper()
	var names []string
	for _, p := range programs {
		for _, what := range f.in([]byte(p.printed())) {
			t.Errorf("%s: the log holds %s", when, what)
		}
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		names = append(names, e.Name())
		for _, what := range f.in(append([]byte(path+"\n"), b...)) {
			t.Errorf("%s: %s holds %s", when, e.Name(), what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names, "clientbook.db") || !slices.Contains(names, "clientbook.key") {
		t.Fatalf("%s: looked at %v, where is the rest?", when, names)
	}
}
