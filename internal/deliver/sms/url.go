package sms

import (
	"errors"
	"fmt"
	"net/url"

	"clientbook/internal/deliver"
)

type config struct {
	gateway  gateway
	insecure bool
}

// parse reads a gateway's URL. Its errors hold nothing of it, as it has secrets.
func parse(s string) (c config, err error) {
	u, err := url.Parse(s)
	if err != nil {
		return c, errors.New("sms: the gateway's URL does not parse")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.Path != "" && u.Path != "/" || u.Opaque != "" || u.Fragment != "" {
		return c, errors.New("sms: a gateway's URL has a host and a query, and no path")
	}
	for name := range q {
		if name != "from" && name != "insecure" || len(q[name]) > 1 {
			return c, fmt.Errorf("sms: the parameter %q is unknown or twice there", name)
		}
	}
	base := url.URL{Scheme: "https", Host: u.Host}
	if c.insecure, err = insecure(q, u); err != nil {
		return c, err
	} else if c.insecure {
		base.Scheme = "http"
	}
	c.gateway, err = newGateway(u, base, sender(q))
	return c, err
}

// sender gives the sender, whose + means a plus as the number is written that way, though a query makes it a space.
func sender(q url.Values) string {
	from := q.Get("from")
	if len(from) > 1 && from[0] == ' ' {
		from = "+" + from[1:]
	}
	return from
}

func insecure(q url.Values, u *url.URL) (bool, error) {
	switch {
	case !q.Has("insecure"):
		return false, nil
	case q.Get("insecure") != "1":
		return false, errors.New("sms: insecure is 1 or left out")
	case !deliver.Loopback(u.Hostname()):
		return false, errors.New("sms: insecure is for gateways on this machine alone")
	}
	return true, nil
}

func newGateway(u *url.URL, base url.URL, from string) (gateway, error) {
	name, secret := u.User.Username(), ""
	if u.User != nil {
		secret, _ = u.User.Password()
	}
	switch {
	case from == "":
		return nil, errors.New("sms: from is missing, the number or name that messages come from")
	case u.Scheme == "twilio" && (name == "" || secret == ""):
		return nil, errors.New("sms: write twilio://ACCOUNT_SID:AUTH_TOKEN@host/?from=…")
	case u.Scheme == "twilio":
		if base.Host == "" {
			base.Host = "api.twilio.com"
		}
		return &twilio{base: base, sid: name, token: secret, from: from}, nil
	case u.Scheme == "infobip" && (name == "" || secret != "" || u.Hostname() == ""):
		return nil, errors.New("sms: write infobip://API_KEY@host/?from=…")
	case u.Scheme == "infobip":
		return &infobip{base: base, key: name, from: from}, nil
	}
	return nil, errors.New("sms: gateways are twilio:// and infobip://")
}
