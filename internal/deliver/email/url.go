package email

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	stdmail "net/mail"
	"net/url"
	"strings"

	"clientbook/internal/deliver"
)

// config is what a server's URL says.
type config struct {
	host, port     string
	implicit       bool // TLS from the first byte
	plain          bool // no STARTTLS
	user, password string
	from           *stdmail.Address
	roots          *x509.CertPool
}

func (c *config) address() string { return net.JoinHostPort(c.host, c.port) }

func (c *config) loopback() bool { return deliver.Loopback(c.host) }

func (c *config) tls() *tls.Config {
	return &tls.Config{ServerName: c.host, MinVersion: tls.VersionTLS12, RootCAs: c.roots}
}

// parse reads a server's URL. Its errors hold nothing of the URL's secrets.
func parse(s string) (*config, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("email: the server's URL does not parse")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.Path != "" && u.Path != "/" || u.Opaque != "" || u.Fragment != "" {
		return nil, errors.New("email: a server's URL has a host and a query, and no path")
	}
	for name := range q {
		if name != "from" && name != "starttls" || len(q[name]) > 1 {
			return nil, fmt.Errorf("email: the parameter %q is unknown or twice there", name)
		}
	}
	c := &config{host: u.Hostname(), port: u.Port(), plain: q.Get("starttls") == "off"}
	if err := c.server(u, q); err != nil {
		return nil, err
	}
	c.user = u.User.Username()
	c.password, _ = u.User.Password()
	if (c.user == "") != (c.password == "") || strings.ContainsAny(c.user+c.password, "\x00\r\n") {
		return nil, errors.New("email: write user:password@, or neither")
	}
	c.from, err = sender(q.Get("from"))
	return c, err
}

func (c *config) server(u *url.URL, q url.Values) error {
	standard := "587"
	switch {
	case u.Scheme == "smtps":
		c.implicit, standard = true, "465"
	case u.Scheme != "smtp":
		return errors.New("email: servers are smtp:// and smtps://")
	}
	if c.port == "" {
		c.port = standard
	}
	switch {
	case c.host == "":
		return errors.New("email: the server's URL has no host")
	case q.Has("starttls") && (!c.plain || c.implicit):
		return errors.New("email: starttls is off or left out, and smtps has none")
	case c.plain && !c.loopback():
		return errors.New("email: starttls=off is for servers on this machine alone")
	}
	return nil
}

// sender reads whom messages come from, an address or "Name <address>".
func sender(s string) (*stdmail.Address, error) {
	a, err := stdmail.ParseAddress(s)
	if err != nil {
		return nil, errors.New("email: from is missing or no address")
	}
	local, domain, ok := deliver.ParseEmail(a.Address)
	if ok {
		domain, ok = asciiDomain(domain)
	}
	if !ok || !ascii(local) {
		return nil, errors.New("email: from is no address that every server takes")
	}
	return &stdmail.Address{Name: a.Name, Address: local + "@" + domain}, nil
}
