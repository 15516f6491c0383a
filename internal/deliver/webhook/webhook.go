// Package webhook sends messages as HTTP requests to addresses that a book's settings name.
package webhook

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/deliver"
)

// Options are those of a Sender.
type Options struct {
	Timeout time.Duration  // of an attempt; 0: 20 s
	RootCAs *x509.CertPool // nil: the system's
}

// A Sender posts messages. How many it sends to one host at a time is for its caller to decide.
type Sender struct {
	// Two, as a connection that one message opened must not carry another that may not go there.
	public, anywhere *deliver.HTTP
}

var _ deliver.Sender = (*Sender)(nil)

// New makes a sender. Close it.
func New(o Options) *Sender {
	options := deliver.HTTPOptions{Timeout: o.Timeout, RootCAs: o.RootCAs}
	s := &Sender{anywhere: deliver.NewHTTP(options)}
	options.Reach = deliver.Public
	s.public = deliver.NewHTTP(options)
	return s
}

// Close closes the connections that are kept open.
func (s *Sender) Close() error {
	_ = s.anywhere.Close()
	return s.public.Close()
}

// Send makes the request of m. Any status but success is a failure.
func (s *Sender) Send(ctx context.Context, m *deliver.Message) error {
	r, err := request(ctx, m)
	if err != nil {
		return err
	}
	h := s.public
	if m.AllowPrivate {
		h = s.anywhere
	}
	a, err := h.Do(r)
	if err != nil {
		return err
	}
	return verdict(a)
}

func request(ctx context.Context, m *deliver.Message) (*http.Request, error) {
	u, err := url.Parse(m.Destination)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, deliver.Permanent(clientbook.OutcomeNoDestination, "no absolute http or https URL")
	}
	r, err := http.NewRequestWithContext(ctx, method(m), "http://host", strings.NewReader(m.Body))
	if err != nil {
		return nil, deliver.Permanent(clientbook.OutcomeInternal, "a method that is none")
	}
	r.URL, r.Host = u, u.Host
	for _, h := range append(m.Headers[:len(m.Headers):len(m.Headers)],
		clientbook.Header{Name: "User-Agent", Value: "clientbook"},
		clientbook.Header{Name: "Content-Type", Value: m.ContentType},
		clientbook.Header{Name: "X-Message-Id", Value: m.ID},
	) {
		if !fits(h) {
			return nil, deliver.Permanent(clientbook.OutcomeEncoding, "a header that no request can carry")
		}
		if h.Value != "" {
			r.Header.Set(h.Name, h.Value)
		}
	}
	return r, nil
}

func method(m *deliver.Message) string {
	if m.Method == "" {
		return http.MethodPost
	}
	return m.Method
}

// fits says whether a header has a name, and a value of one line.
func fits(h clientbook.Header) bool {
	for i := range len(h.Name) {
		if b := h.Name[i]; b <= ' ' || b >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, b) >= 0 {
			return false
		}
	}
	for i := range len(h.Value) {
		if b := h.Value[i]; b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return h.Name != ""
}

// verdict says what an answer means. The receiver's text is not read, as it may repeat what it was sent.
func verdict(a *deliver.Answer) error {
	if a.Status/100 == 2 {
		return nil
	}
	return &deliver.Failure{
		Outcome:   clientbook.OutcomeStatus,
		Permanent: a.Status == http.StatusGone, // the receiver says that nobody is there and nobody will be
		Down:      a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable,
		After:     a.After,
		Err:       fmt.Errorf("status %d", a.Status),
	}
}
