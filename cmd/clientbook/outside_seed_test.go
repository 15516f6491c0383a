package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The vendor's reference, "Update a client": the body of the example request as printed, tabs included, and the example response.
const (
	seedBody = "{\n          \t\"email\": \"jane.doe@example.com\",\n\t\t\"personDetails\":{\n\t\t\t\"firstName\": \"Jane\",\n\t\t\t\"lastName\": \"Doe\",\n" +
		"\t\t\t\"dob\":\"1995-12-20\",\n\t\t\t\"nationality\": \"US\"\n\t\t}\n    \t}"
	seedAnswer = `{
    "id": "5eb04fcd0f3e360008035eb1",
    "type": "person",
    "email": "jane.doe@example.com",
    "mobile": "+12345678910",
    "telephone": "+12 345678910",
    "joinedDate": "2020-01-01",
    "personDetails": {
        "firstName": "Jane",
        "lastName": "Doe",
        "dob": "1995-12-20",
        "nationality": "US"
    },
    "createdAt": "2020-01-04T17:24:29.146Z",
    "updatedAt": "2020-01-04T17:13:10.712Z"
}`
	seedClient = `{"type":"person","email":"j.doe@example.com","mobile":"+12345678910","telephone":"+12 345678910","joinedDate":"2020-01-01","personDetails":{"firstName":"Jane","lastName":"Smith"}}`
)

// TestSeedExample sends the example as curl does, byte for byte, and as the Node SDK's HTTP library does behind a proxy setting. The
// answer has the attributes of the printed one in their order, and entityName.
func TestSeedExample(t *testing.T) {
	data := t.TempDir() + "/data"
	p := serve(t, data, newKey(t, data, "seed", "live"))
	for _, form := range []string{"/v1/clients/%s", "/v1/clients/%s/", "https://api.complycube.com/v1/clients/%s"} {
		before := map[string]any{}
		if err := json.Unmarshal(p.want(200, "POST", "/v1/clients", seedClient), &before); err != nil {
			t.Fatal(err)
		}
		id := before["id"].(string)
		time.Sleep(2 * time.Millisecond) // so that the update is later
		raw := fmt.Sprintf("POST "+form+" HTTP/1.1\r\nHost: api.complycube.com\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nAuthorization: %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", id, p.key, len(seedBody), seedBody)
		resp, got := exchangeOnce(t, p.addr, raw)
		var after map[string]string
		_ = json.Unmarshal(got, &after) // its error is that the details are no string
		want := new(bytes.Buffer)
		if err := json.Compact(want, []byte(strings.NewReplacer("5eb04fcd0f3e360008035eb1", id, "2020-01-04T17:24:29.146Z", before["createdAt"].(string),
			"2020-01-04T17:13:10.712Z", after["updatedAt"], `"type": "person",`, `"type": "person", "entityName": "Jane Doe",`).Replace(seedAnswer))); err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != 200 || !bytes.Equal(bytes.TrimSpace(got), want.Bytes()) {
			t.Errorf("%s\nsent %q\ngot  %d %s\nwant 200 %s", form, raw, resp.StatusCode, got, want)
		}
		if after["updatedAt"] <= before["updatedAt"].(string) {
			t.Errorf("updatedAt was %s and is %s", before["updatedAt"], after["updatedAt"])
		}
		if again := p.want(200, "GET", "/v1/clients/"+id, ""); !bytes.Equal(again, got) {
			t.Errorf("read again\ngot  %s\nwant %s", again, got)
		}
	}
}

// exchangeOnce sends one request and reads its answer.
func exchangeOnce(t *testing.T, addr, raw string) (*http.Response, []byte) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}
