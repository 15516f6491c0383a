package deliver

import "net/url"

// Redacted gives a sender's URL fit to be printed: the password is masked, and the user name too where that is the secret.
func Redacted(s string, nameToo bool) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "(a URL that does not parse)"
	case u.User == nil:
		return u.String()
	case nameToo:
		u.User = url.User("xxxxx")
	}
	return u.Redacted()
}
