package email

import (
	"errors"
	"slices"

	"github.com/wneessen/go-mail/smtp"
)

var errNoMechanism = errors.New("the server offers no way to log in that may be used")

// login logs in by the safest mechanism that the server offers.
type login struct {
	smtp.Auth
	config *config
}

// Start chooses. PLAIN and LOGIN show the password, so they need TLS, or a server on this machine.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	c := l.config
	covered := server.TLS || c.loopback()
	switch has := func(name string) bool { return slices.Contains(server.Auth, name) }; {
	case has("SCRAM-SHA-256"):
		l.Auth = smtp.ScramSHA256Auth(c.user, c.password)
	case has("SCRAM-SHA-1"):
		l.Auth = smtp.ScramSHA1Auth(c.user, c.password)
	case has("PLAIN") && covered:
		l.Auth = smtp.PlainAuth("", c.user, c.password, c.host, true)
	case has("LOGIN") && covered:
		l.Auth = smtp.LoginAuth(c.user, c.password, c.host, true)
	default:
		return "", nil, errNoMechanism
	}
	return l.Auth.Start(server)
}
