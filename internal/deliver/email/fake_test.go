package email

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"log"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail/smtp"
)

// A fake is an SMTP server that keeps what it is given.
type fake struct {
	addr string

	mu       sync.Mutex
	mails    []received
	logins   []string
	conns    int
	rcpt     []error // answers to the next RCPTs
	data     []error // and to the next contents
	mechs    []string
	password string
}

type received struct{ from, to, utf8, content string }

// certificate is one for localhost and 127.0.0.1, with the pool that trusts it.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fake"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	cert, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
})

// serve starts a fake; change may set up its server.
func serve(t *testing.T, implicit bool, change func(*fake, *smtp.Server)) *fake {
	t.Helper()
	f := &fake{mechs: []string{"PLAIN"}, password: "secret"}
	srv := smtp.NewServer(f)
	srv.Domain, srv.AllowInsecureAuth, srv.ErrorLog = "fake", true, log.New(io.Discard, "", 0)
	if change != nil {
		change(f, srv)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.addr = l.Addr().String()
	if implicit {
		cert, _ := certificate()
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}})
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); _ = l.Close(); <-done }) // Close does not know l before Serve does
	return f
}

func withTLS(_ *fake, s *smtp.Server) {
	cert, _ := certificate()
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
}

func (f *fake) NewSession(*smtp.Conn) (smtp.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns++
	return &fakeSession{fake: f}, nil
}

func (f *fake) got() []received {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.mails)
}

func (f *fake) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conns
}

func pop(errs *[]error) error {
	if len(*errs) == 0 {
		return nil
	}
	err := (*errs)[0]
	*errs = (*errs)[1:]
	return err
}

type fakeSession struct {
	fake *fake
	mail received
}

func (s *fakeSession) Reset()        { s.mail = received{} }
func (s *fakeSession) Logout() error { return nil }

func (s *fakeSession) Mail(from string, o *smtp.MailOptions) error {
	s.mail.from = from
	if o.UTF8 {
		s.mail.utf8 = "SMTPUTF8"
	}
	return nil
}

func (s *fakeSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.fake.mu.Lock()
	defer s.fake.mu.Unlock()
	s.mail.to = to
	return pop(&s.fake.rcpt)
}

func (s *fakeSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.fake.mu.Lock()
	defer s.fake.mu.Unlock()
	if err := pop(&s.fake.data); err != nil {
		return err
	}
	s.mail.content = string(b)
	s.fake.mails = append(s.fake.mails, s.mail)
	return nil
}

func (s *fakeSession) AuthMechanisms() []string { return s.fake.mechs }

func (s *fakeSession) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		s.fake.mu.Lock()
		defer s.fake.mu.Unlock()
		s.fake.logins = append(s.fake.logins, mech+" "+user)
		if password != s.fake.password {
			return smtp.ErrAuthFailed
		}
		return nil
	}
	switch mech {
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "SCRAM-SHA-256":
		return &scramServer{password: s.fake.password}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// loginServer is LOGIN as servers speak it; go-sasl has only the client.
type loginServer struct {
	check  func(user, password string) error
	asked  int
	values []string
}

func (s *loginServer) Next(response []byte) ([]byte, bool, error) {
	if s.asked > 0 {
		s.values = append(s.values, string(response))
	}
	s.asked++
	switch s.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		return []byte("Password:"), false, nil
	}
	return nil, true, s.check(s.values[0], s.values[1])
}

// script starts a server that says a greeting and then answers each line that begins with a key by its value; "" closes the connection
// and "…" never answers. Everything else gets 250; of a content only the "." is answered.
func script(t *testing.T, greeting string, answers map[string]string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { defer c.Close(); play(c, greeting, answers, stop) })
		}
	})
	t.Cleanup(func() { close(stop); _ = l.Close(); wg.Wait() })
	return l.Addr().String()
}

func play(c net.Conn, greeting string, answers map[string]string, stop chan struct{}) {
	say := func(s string) bool {
		switch s {
		case "":
			return false
		case "…":
			<-stop
		}
		_, err := io.WriteString(c, s+"\r\n")
		return err == nil
	}
	if !say(greeting) {
		return
	}
	go func() { <-stop; _ = c.Close() }()
	content := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		if content && lines.Text() != "." {
			continue
		}
		answer := "250 ok"
		for key, a := range answers {
			if strings.HasPrefix(lines.Text(), key) {
				answer = a
			}
		}
		content = strings.HasPrefix(answer, "354")
		if !say(answer) {
			return
		}
	}
}

func serverInfo(tls bool, mechs ...string) *gomail.ServerInfo {
	return &gomail.ServerInfo{Name: "mail.example", TLS: tls, Auth: mechs}
}

// scramServer is SCRAM-SHA-256 as servers speak it (RFC 7677).
type scramServer struct {
	password string
	first    string // the client's first message, without its header, and ours
	asked    int
}

func (s *scramServer) Next(response []byte) ([]byte, bool, error) {
	s.asked++
	switch s.asked {
	case 1:
		return []byte{}, false, nil
	case 2:
		bare := strings.TrimPrefix(string(response), "n,,")
		_, nonce, _ := strings.Cut(bare, ",r=")
		challenge := "r=" + nonce + "server,s=" + base64.StdEncoding.EncodeToString([]byte("salt")) + ",i=4096"
		s.first = bare + "," + challenge
		return []byte(challenge), false, nil
	case 3:
		return s.final(string(response))
	}
	return nil, true, nil
}

func (s *scramServer) final(response string) ([]byte, bool, error) {
	without, proof, _ := strings.Cut(response, ",p=")
	salted, err := pbkdf2.Key(sha256.New, s.password, []byte("salt"), 4096, 32)
	if err != nil {
		return nil, false, err
	}
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		_, _ = h.Write([]byte(text))
		return h.Sum(nil)
	}
	key := mac(salted, "Client Key")
	stored := sha256.Sum256(key)
	subtle.XORBytes(key, key, mac(stored[:], s.first+","+without))
	if proof != base64.StdEncoding.EncodeToString(key) {
		return nil, false, smtp.ErrAuthFailed
	}
	signature := mac(mac(salted, "Server Key"), s.first+","+without)
	return []byte("v=" + base64.StdEncoding.EncodeToString(signature)), false, nil
}
