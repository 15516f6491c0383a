package app

import (
	"bytes"
	"crypto/tls"
	"os"
	"testing"
	"time"
)

func TestSelfSigned(t *testing.T) {
	d := &directory{path: t.TempDir()}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	var last tls.Certificate
	for _, step := range []struct {
		what, addr string
		now        time.Time
		before     func() error
		same       bool
	}{
		{what: "first", addr: "127.0.0.1:0", now: now},
		{what: "again", addr: "localhost:0", now: now, same: true},
		{what: "another host", addr: "192.0.2.7:443", now: now},
		{what: "31 days before its end", addr: "192.0.2.7:443", now: now.Add(certLife - 31*24*time.Hour), same: true},
		{what: "29 days before its end", addr: "192.0.2.7:443", now: now.Add(certLife - 29*24*time.Hour)},
		{what: "before its time", addr: "192.0.2.7:443", now: now},
		{what: "any address", addr: "0.0.0.0:443", now: now},
		{what: "any address again", addr: ":443", now: now, same: true},
		{what: "damaged", addr: ":443", now: now, before: func() error { return os.WriteFile(d.file(certKeyName), nil, 0o600) }},
	} {
		if step.before != nil {
			if err := step.before(); err != nil {
				t.Fatal(err)
			}
		}
		cert, err := selfSigned(d, step.addr, step.now)
		if err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		if !certDoes(cert.Leaf, certHosts(step.addr), step.now) {
			t.Errorf("%s: the certificate does not do", step.what)
		}
		if last.Leaf != nil && bytes.Equal(cert.Leaf.Raw, last.Leaf.Raw) != step.same {
			t.Errorf("%s: the same certificate: %v, want %v", step.what, !step.same, step.same)
		}
		last = cert
	}
}
