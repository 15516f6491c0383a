package httpx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"clientbook"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// firstRead is how much of a body is given room before anything of it has come, so that a declared length alone costs no memory.
	firstRead = 16 << 10
	// keepBuffer is the largest encoding buffer that goes back to the pool.
	keepBuffer = 64 << 10
	// plainDigits is the length up to which a number without exponent is surely below the largest float64 (309 digits).
	plainDigits = 300
)

// ReadJSON gives the bytes of a request's body once they are known to be one JSON object that may be decoded without further care:
// no larger than limit, no deeper than maxDepth, in UTF-8, without repeated names, lone surrogates, NULs and numbers beyond float64.
// Faults are found in this order: size (too large), Content-Encoding (unsupported), content type, body (invalid).
// The caller owns the bytes.
func ReadJSON(r *http.Request, limit int64, maxDepth int) ([]byte, error) {
	return readJSON(r, limit, maxDepth, false)
}

// ReadUndeclaredJSON is ReadJSON for callers who need not declare a content type. One that they do declare must be JSON.
func ReadUndeclaredJSON(r *http.Request, limit int64, maxDepth int) ([]byte, error) {
	return readJSON(r, limit, maxDepth, true)
}

func readJSON(r *http.Request, limit int64, maxDepth int, undeclared bool) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	for _, v := range r.Header["Content-Encoding"] {
		if v != "" && !strings.EqualFold(v, "identity") {
			return nil, &clientbook.Error{Kind: clientbook.KindUnsupported, Param: "Content-Encoding",
				Reason: clientbook.ReasonEncoding, Detail: "the body must be sent without a content encoding"}
		}
	}
	// A chunked body's size is known only once it is read, and size goes before content type; but a body that was not declared as
	// JSON is not worth reading, and an answer that comes earlier hurts nobody.
	if !isJSON(r.Header["Content-Type"]) && !(undeclared && len(r.Header["Content-Type"]) == 0) {
		return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Param: "Content-Type",
			Reason: clientbook.ReasonContentType, Detail: "the content type must be application/json"}
	}
	body, err := readBody(r, limit)
	if err != nil {
		return nil, err
	}
	if err := checkJSON(body, maxDepth); err != nil {
		return nil, err
	}
	return body, nil
}

func tooLarge(limit int64) error {
	return &clientbook.Error{Kind: clientbook.KindTooLarge, Reason: clientbook.ReasonBodyTooLarge,
		Detail: "the body is larger than " + strconv.FormatInt(limit, 10) + " bytes"}
}

func badBody(reason, detail string) error {
	return &clientbook.Error{Kind: clientbook.KindInvalid, Reason: reason, Detail: detail}
}

// isJSON says whether the values of a Content-Type header declare JSON, with whatever parameters.
func isJSON(values []string) bool {
	if len(values) != 1 {
		return false
	}
	media, _, _ := strings.Cut(values[0], ";")
	return strings.EqualFold(strings.Trim(media, " \t"), "application/json")
}

// readBody reads the body as far as limit. The buffer grows with what has come, never with what was announced.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	room := int64(firstRead)
	if r.ContentLength >= 0 {
		room = min(room, r.ContentLength)
	}
	body := make([]byte, 0, room+1) // one more, to meet the end without growing
	for {
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if int64(len(body)) > limit {
			return nil, tooLarge(limit)
		}
		switch {
		case err == io.EOF:
			return body, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonTimeout,
				Detail: "the body did not arrive in time"}
		case err != nil: // the cause holds addresses, and says no more than this
			return nil, badBody(clientbook.ReasonBody, "the body was cut short")
		}
		if len(body) == cap(body) {
			body = append(make([]byte, 0, min(2*int64(len(body)), limit)+1), body...)
		}
	}
}

// checkJSON says what is wrong with body and where, without quoting it.
func checkJSON(body []byte, maxDepth int) error {
	start := 0
	for start < len(body) && isSpace(body[start]) {
		start++
	}
	switch {
	case start == len(body):
		return badBody(clientbook.ReasonNoBody, "the body is empty")
	case body[start] != '{':
		reason := clientbook.ReasonBody
		if strings.IndexByte("[\"-0123456789tfn", body[start]) < 0 { // it begins like no JSON at all
			reason = clientbook.ReasonSyntax
		}
		return badBody(reason, "the body is not a JSON object")
	}
	// The scan goes first: it bounds the depth to which jsontext recurses.
	reason, what, at := scan(body, maxDepth)
	if what == "" {
		if jsontext.Value(body).IsValid() {
			return nil
		}
		reason, what, at = syntaxFault(body)
	}
	return badBody(reason, "the body is broken JSON: "+what+" at byte "+strconv.Itoa(at))
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// scan finds what the JSON grammar allows and we do not: NULs, depth, numbers that no float64 holds. It sees the same tokens as
// jsontext up to the first syntax error; what it says after that is about a body that is refused anyway.
func scan(b []byte, maxDepth int) (reason, what string, at int) {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case 0:
			return clientbook.ReasonNUL, "NUL", i
		case '{', '[':
			if depth++; depth > maxDepth {
				return clientbook.ReasonSyntax, "nesting over " + strconv.Itoa(maxDepth) + " levels", i
			}
		case '}', ']':
			depth--
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				switch {
				case b[i] == 0:
					return clientbook.ReasonNUL, "NUL", i
				case b[i] == '\\':
					if bytes.HasPrefix(b[i:], []byte(`\u0000`)) {
						return clientbook.ReasonNUL, "NUL", i
					}
					i++
				}
			}
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			end := numberEnd(b, i)
			if tooBig(b[i:end]) {
				return clientbook.ReasonSyntax, "number out of range", i
			}
			i = end - 1
		}
	}
	return "", "", 0
}

func numberEnd(b []byte, i int) int {
	for i < len(b) {
		switch c := b[i]; {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
			i++
		default:
			return i
		}
	}
	return i
}

// tooBig says whether a number is beyond the range of float64; one too close to zero is not.
func tooBig(number []byte) bool {
	if len(number) <= plainDigits && !bytes.ContainsAny(number, "eE") {
		return false
	}
	_, err := strconv.ParseFloat(string(number), 64)
	return errors.Is(err, strconv.ErrRange)
}

// syntaxFault names the fault that made jsontext refuse b. Its own messages quote names and characters.
func syntaxFault(b []byte) (reason, what string, at int) {
	reason = clientbook.ReasonSyntax
	d := jsontext.NewDecoder(bytes.NewBuffer(b))
	_, err := d.ReadValue()
	if err == nil {
		return reason, "trailing data", int(d.InputOffset())
	}
	at = len(b)
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = min(int(e.ByteOffset), len(b))
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return reason, "repeated name", at
	case errors.Is(err, io.ErrUnexpectedEOF):
		return reason, "unexpected end", at
	case at < len(b) && b[at] == '\\':
		return reason, "invalid escape", at
	case !utf8.Valid(b[at:min(at+utf8.UTFMax, len(b))]) && !utf8.Valid(b):
		return clientbook.ReasonUTF8, "invalid UTF-8", at
	}
	return reason, "syntax error", at
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// WriteJSON answers with v. An error means that v can't be encoded and that nothing was written; a caller who has gone is none.
// Maps are written in the order of their keys, HTML characters as they are.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	err := json.MarshalWrite(buf, v, json.Deterministic(true))
	if err == nil {
		WriteBytes(w, status, buf.Bytes())
	}
	if buf.Cap() <= keepBuffer {
		buffers.Put(buf)
	}
	if err != nil { // its text may hold names and values, and this one is logged
		return fmt.Errorf("httpx: a %T can't be encoded", v)
	}
	return nil
}

// jsonType is shared by all answers; nobody may write to it.
var jsonType = []string{"application/json; charset=utf-8"}

// WriteBytes answers with JSON that is encoded already, or without a body if it is empty, as a 204 must be.
func WriteBytes(w http.ResponseWriter, status int, body []byte) {
	if len(body) == 0 {
		w.WriteHeader(status)
		return
	}
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller has gone; net/http closes the connection
}
