package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"time"
)

const (
	certLife  = 730 * 24 * time.Hour // the most that Apple's systems accept is 825 days
	certSpare = 30 * 24 * time.Hour  // a certificate is made anew when it ends sooner
)

// selfSigned gives the certificate of the data directory for the host of addr, made anew if the one there does not do any longer.
func selfSigned(d *directory, addr string, now time.Time) (tls.Certificate, error) {
	hosts := certHosts(addr)
	cert, err := tls.LoadX509KeyPair(d.file(certName), d.file(certKeyName))
	if err == nil && certDoes(cert.Leaf, hosts, now) {
		return cert, nil
	}
	if err := makeCert(d, hosts, now); err != nil {
		return tls.Certificate{}, fmt.Errorf("self-signed certificate: %w", err)
	}
	return tls.LoadX509KeyPair(d.file(certName), d.file(certKeyName))
}

// certHosts gives the names and addresses that a certificate of ours is for: this machine as it sees itself, and the host of addr.
func certHosts(addr string) []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	host, _, err := net.SplitHostPort(addr)
	if ip, e := netip.ParseAddr(host); e == nil && ip.IsUnspecified() || host == "" {
		host, err = os.Hostname()
	}
	if err == nil && host != "" {
		hosts = append(hosts, host)
	}
	return hosts
}

func certDoes(leaf *x509.Certificate, hosts []string, now time.Time) bool {
	if now.Before(leaf.NotBefore) || now.Add(certSpare).After(leaf.NotAfter) {
		return false
	}
	for _, h := range hosts {
		if leaf.VerifyHostname(h) != nil {
			return false
		}
	}
	return true
}

// makeCert writes a new certificate and its key. Cut short between the two, it leaves files that don't fit and are made again.
func makeCert(d *directory, hosts []string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "clientbook"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := publish(d.file(certKeyName), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return publish(d.file(certName), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600)
}
