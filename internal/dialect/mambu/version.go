package mambu

import (
	"net/http"
	"strconv"
	"strings"
)

// Media types of version 2, which has the same paths. What an Accept asks for otherwise is answered with version 1.
const (
	acceptVersion2 = "application/vnd.mambu.v2+json"
	version2Type   = acceptVersion2 + ";charset=UTF-8"
)

// wantsVersion2 says whether any part of an Accept header names version 2. Letter case and parameters do not matter.
func wantsVersion2(accept []string) bool {
	for _, v := range accept {
		for part := range strings.SplitSeq(v, ",") {
			media, _, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.Trim(media, " \t"), acceptVersion2) {
				return true
			}
		}
	}
	return false
}

// failProtocol refuses a request for version 2, in the form that its callers understand.
func failProtocol(w http.ResponseWriter) {
	b := strconv.AppendInt([]byte(`{"errors":[{"errorCode":`), int64(codeProtocol), 10)
	b = quote(append(b, `,"errorReason":`...), codeProtocol.name())
	b = append(b, "}]}"...)
	h := w.Header()
	h["Content-Type"] = []string{version2Type}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(b) // the caller has gone
}
