package settings

import (
	"mime"
	"strings"

	"go.yaml.in/yaml/v3"

	"clientbook"
)

func readTemplate(o *object) clientbook.Template {
	t := clientbook.Template{
		Definition:  o.definition("name"),
		Subject:     o.at("subject").text(),
		Body:        o.at("body").body(),
		Recipient:   oneOf(o.at("recipient"), recipients, clientbook.ToClient),
		OptIn:       oneOf(o.at("option"), options, false),
		Active:      o.at("active").flag(true),
		ClientTypes: o.at("clientTypes").refKeys(),
	}
	if !o.at("channel").missing() {
		t.Channel = oneOf(o.at("channel"), channels, "")
	}
	if !o.at("event").missing() {
		t.Event = oneOf(o.at("event"), events, "")
	}
	switch subject := o.at("subject"); {
	case t.Channel == clientbook.EmailChannel:
		subject.name()
	case t.Channel != "":
		subject.refused("is only for EMAIL")
	}
	readRequest(o, &t)
	return t
}

// body reads what a template says, which must be there.
func (v value) body() string {
	if v.missing() {
		return ""
	}
	s, ok := v.source()
	if !ok {
		return ""
	}
	if len(s) > maxBody {
		v.fault("has %d bytes, at most %d are allowed", len(s), maxBody)
	}
	v.noControls(s, "\t\n")
	if strings.TrimSpace(s) == "" {
		v.fault("is blank")
	}
	return s
}

// readRequest reads what only web hooks have.
func readRequest(o *object, t *clientbook.Template) {
	url, method, contentType, headers := o.at("url"), o.at("method"), o.at("contentType"), o.at("headers")
	if t.Channel != clientbook.WebhookChannel {
		if t.Channel != "" {
			for _, v := range []value{url, method, contentType, headers} {
				v.refused("is only for WEB_HOOK")
			}
		}
		return
	}
	t.Method = oneOf(method, methods, "POST")
	t.Headers = readHeaders(headers)
	if !url.missing() {
		if t.URL = url.text(); url.node.Kind == yaml.ScalarNode && !webURLTemplate(t.URL) {
			url.fault("is %s, want an absolute http or https URL", short(t.URL))
		} else if signsIn(t.URL) {
			url.fault("must hold no user name and no password, since it is shown in the log of messages: give a header")
		}
	}
	t.ContentType = "application/json"
	if s, ok := contentType.source(); ok {
		t.ContentType = contentType.text()
		if _, _, err := mime.ParseMediaType(s); err != nil || !strings.Contains(s, "/") {
			contentType.fault("is %s, want a media type like application/json", short(s))
		}
	}
}

// signsIn says whether a URL holds a user name.
func signsIn(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.Contains(rest, "@")
}

// ownHeaders are those that sending sets itself.
var ownHeaders = map[string]bool{"host": true, "content-length": true, "content-type": true, "transfer-encoding": true, "connection": true}

func readHeaders(v value) []clientbook.Header {
	var all []clientbook.Header
	seen := map[string]bool{}
	for _, p := range v.pairs() {
		name := strings.ToLower(p.key)
		switch {
		case !headerName.MatchString(p.key):
			v.r.fault(p.place, p.value.path, "%s can't be the name of a header", short(p.key))
		case ownHeaders[name]:
			v.r.fault(p.place, p.value.path, "is set by the server")
		case seen[name]:
			v.r.fault(p.place, p.value.path, "is here twice: case doesn't count in names of headers")
		}
		seen[name] = true
		all = append(all, clientbook.Header{Name: p.key, Value: p.value.text()})
	}
	return all
}
