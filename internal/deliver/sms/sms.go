// Package sms sends text messages through the gateway of a provider.
package sms

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"clientbook"
	"clientbook/internal/deliver"
)

// Options are those of a Sender.
type Options struct {
	Timeout time.Duration  // of an attempt; 0: 20 s
	RootCAs *x509.CertPool // nil: the system's
}

// A Sender sends through one gateway.
type Sender struct {
	http    *deliver.HTTP
	gateway gateway
}

// A gateway is one provider's API.
type gateway interface {
	request(ctx context.Context, id, to, text string) (*http.Request, error)
	// verdict reads the answer to a request that went well, nil if the message is on its way.
	verdict(body []byte) error
}

var _ deliver.Sender = (*Sender)(nil)

// New makes a sender for twilio://ACCOUNT_SID:AUTH_TOKEN@[host[:port]]/?from=+4366012345 or infobip://API_KEY@host[:port]/?from=Bank.
// "insecure=1" has it speak plain HTTP to a gateway on this machine. Close it.
func New(gatewayURL string, o Options) (*Sender, error) {
	c, err := parse(gatewayURL)
	if err != nil {
		return nil, err
	}
	options := deliver.HTTPOptions{Timeout: o.Timeout, RootCAs: o.RootCAs}
	if c.insecure {
		options.Reach = deliver.LoopbackAddr
	}
	return &Sender{http: deliver.NewHTTP(options), gateway: c.gateway}, nil
}

// Redacted masks the secrets of a gateway's URL.
func Redacted(gatewayURL string) string {
	u, err := url.Parse(gatewayURL)
	return deliver.Redacted(gatewayURL, err != nil || u.Scheme != "twilio")
}

// Close closes the connections that are kept open.
func (s *Sender) Close() error { return s.http.Close() }

// maxText is the most characters of a text: Twilio's limit, about ten parts.
const maxText = 1600

// Send hands the text of m to the gateway.
func (s *Sender) Send(ctx context.Context, m *deliver.Message) error {
	to, ok := deliver.ParsePhone(m.Destination)
	switch {
	case !ok:
		return deliver.Permanent(clientbook.OutcomeNoDestination, "no telephone number")
	case !utf8.ValidString(m.Body):
		return deliver.Permanent(clientbook.OutcomeEncoding, "the text is no UTF-8")
	case utf8.RuneCountInString(m.Body) > maxText:
		return deliver.Permanent(clientbook.OutcomeTooLong, "too many characters for a text message")
	}
	r, err := s.gateway.request(ctx, m.ID, to, m.Body)
	if err != nil {
		return deliver.Permanent(clientbook.OutcomeInternal, "no request can be made")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "clientbook")
	a, err := s.http.Do(r)
	if err != nil {
		return err
	}
	return s.verdict(a)
}

// verdict says what an answer means. The gateway's text is kept out of errors, as it repeats the number.
func (s *Sender) verdict(a *deliver.Answer) error {
	failure := &deliver.Failure{Outcome: clientbook.OutcomeRefused, After: a.After, Err: fmt.Errorf("status %d", a.Status)}
	switch {
	case a.Status/100 == 2:
		return s.gateway.verdict(a.Body)
	case operators[a.Status]:
		failure.Down = true
	case a.Status/100 != 4 || busy[a.Status]:
		failure.Outcome, failure.Down = clientbook.OutcomeStatus, true
	case !json.Valid(a.Body):
		return nonsense() // it was not the gateway who refused, so it is not for good
	default:
		failure.Permanent = true
	}
	return failure
}

// operators are statuses that say something of the account and not of the message: an operator can mend it.
var operators = map[int]bool{
	http.StatusUnauthorized: true, http.StatusPaymentRequired: true, http.StatusForbidden: true,
	http.StatusNotFound:          true, // the path holds the account
	http.StatusProxyAuthRequired: true,
}

var busy = map[int]bool{http.StatusRequestTimeout: true, http.StatusTooEarly: true, http.StatusTooManyRequests: true}

func nonsense() error {
	return &deliver.Failure{Outcome: clientbook.OutcomeNonsense, Err: errors.New("an answer that is none of the gateway's")}
}
