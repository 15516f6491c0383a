package deliver

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// HTTPOptions are those of an HTTP.
type HTTPOptions struct {
	Reach   func(netip.Addr) bool // which addresses it connects to; nil: any
	Timeout time.Duration         // of a whole exchange; 0: 20 s
	RootCAs *x509.CertPool        // nil: the system's
}

// An HTTP makes outgoing calls, without redirects, without the environment's proxy, and bounded in time and in what it reads.
type HTTP struct {
	hc        *http.Client
	transport *http.Transport
}

// NewHTTP makes an HTTP. Close it.
func NewHTTP(o HTTPOptions) *HTTP {
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if o.Reach != nil {
		dialer.Control = Control(o.Reach)
	}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    10 * time.Second,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
	}
	return &HTTP{transport: t, hc: &http.Client{
		Transport:     t,
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close closes the connections that are kept open.
func (h *HTTP) Close() error {
	h.transport.CloseIdleConnections()
	return nil
}

// MaxAnswerBytes is the most that is read of an answer's body.
const MaxAnswerBytes = 64 << 10

// An Answer is what a server said.
type Answer struct {
	Status int
	After  time.Duration // of the Retry-After header
	Body   []byte        // at most MaxAnswerBytes of it
}

// Do makes a call. Its error is a *Failure and says nothing of the URL.
func (h *HTTP) Do(r *http.Request) (*Answer, error) {
	resp, err := h.hc.Do(r)
	if err != nil {
		return nil, Unreachable(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswerBytes))
	if err != nil {
		return nil, Unreachable(err)
	}
	return &Answer{Status: resp.StatusCode, After: retryAfter(resp.Header.Get("Retry-After")), Body: body}, nil
}

// retryAfter reads seconds or a time; more than a day is taken for a day.
func retryAfter(s string) time.Duration {
	var d time.Duration
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if t, err := http.ParseTime(s); err == nil {
		d = time.Until(t)
	}
	return min(max(d, 0), 24*time.Hour)
}
