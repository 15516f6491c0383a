package sms

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"clientbook"
	"clientbook/internal/deliver"
)

// twilio is Twilio's API of 2010-04-01, resource Message (twilio-go, rest/api/v2010/docs/AccountsMessagesApi.md; Body up to 1,600
// characters).
type twilio struct {
	base             url.URL
	sid, token, from string
}

// request sends no id: the API has no place for one, so a repeat after a lost answer may arrive twice.
func (g *twilio) request(ctx context.Context, _, to, text string) (*http.Request, error) {
	form := url.Values{"To": {to}, "From": {g.from}, "Body": {text}}
	u := g.base.JoinPath("2010-04-01", "Accounts", url.PathEscape(g.sid), "Messages.json")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(g.sid, g.token)
	return r, nil
}

func (g *twilio) verdict(body []byte) error {
	var answer struct{ SID, Status string }
	if json.Unmarshal(body, &answer) != nil || answer.SID == "" {
		return nonsense()
	}
	if answer.Status == "failed" || answer.Status == "undelivered" || answer.Status == "canceled" {
		return deliver.Permanent(clientbook.OutcomeRefused, "the gateway takes it and gives it up")
	}
	return nil
}
