package app

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// noticeNew says where data that was made just now is, and what must not be lost.
func noticeNew(w io.Writer, d *directory, keeper string) {
	key := "Its key is your passphrase: without it the data is lost"
	if file, ok := strings.CutPrefix(keeper, "file:"); ok {
		key = "Its key file is " + file + ": without this file the data is lost, so keep a copy elsewhere"
	}
	_, _ = fmt.Fprintf(w, "New data in %s\n%s\n", d.path, key)
}

// noticeServing says in one line where the server answers. After the first start it says what to do next, in lines for a shell.
func (s *server) noticeServing(w io.Writer) {
	base := s.baseURL()
	text := fmt.Sprintf("Serving %s on %s\n", s.config.Data, base)
	if s.instance.fresh {
		text += "Make an API key, then list the clients:\n" +
			fmt.Sprintf("  KEY=$(%s key create --data %s --book demo)\n", program(), quote(s.config.Data)) +
			fmt.Sprintf("  curl %s-H \"Authorization: $KEY\" %s/v1/clients\n", s.trust(), base)
	}
	_, _ = io.WriteString(w, text) // whoever can't be told is served all the same
}

// baseURL gives the URL by which this machine reaches the server; by a given certificate's name if its address is not in there.
func (s *server) baseURL() string {
	addr := s.http.Addr().(*net.TCPAddr)
	host := addr.IP.String()
	if ip, ok := netip.AddrFromSlice(addr.IP); ok && ip.Unmap().IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if s.tls != nil {
		scheme = "https"
		if leaf := s.tls.Certificates[0].Leaf; leaf.VerifyHostname(host) != nil && len(leaf.DNSNames) > 0 {
			host = leaf.DNSNames[0]
		}
	}
	return scheme + "://" + net.JoinHostPort(host, fmt.Sprint(addr.Port))
}

// trust gives curl's option to accept the server's certificate.
func (s *server) trust() string {
	switch {
	case s.config.SelfSigned:
		return "--cacert " + quote(s.instance.directory.file(certName)) + " "
	case s.config.Cert != "":
		if path, err := filepath.Abs(s.config.Cert); err == nil {
			return "--cacert " + quote(path) + " "
		}
	}
	return ""
}

// program gives the words by which a shell finds this program.
func program() string {
	self, err := os.Executable()
	if err != nil {
		return "clientbook"
	}
	if found, err := exec.LookPath("clientbook"); err == nil {
		a, errA := os.Stat(self)
		b, errB := os.Stat(found)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return "clientbook"
		}
	}
	if strings.Contains(self, string(filepath.Separator)+"go-build") { // go run removes that file when it ends
		return "go run ./cmd/clientbook"
	}
	return quote(self)
}

// quote gives s as one word for a shell.
func quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+,:@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
