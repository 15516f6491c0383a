package deliver

import (
	"errors"
	"net/netip"
	"syscall"
)

var errForbidden = errors.New("an address that may not be reached")

// Control makes a net.Dialer refuse addresses that reach does not accept. It sees the address that is connected to, after names are
// resolved, so a name that changes its address in between does not help.
func Control(reach func(netip.Addr) bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !reach(a.Addr()) {
			return errForbidden
		}
		return nil
	}
}

// LoopbackAddr says whether a is of this machine alone.
func LoopbackAddr(a netip.Addr) bool { return a.Unmap().IsLoopback() }

// Loopback says whether a host of a URL names this machine. What is dialled for such a name should be checked by LoopbackAddr.
func Loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && LoopbackAddr(a)
}

// Public says whether a is an address of the public internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	if a.Is4() {
		return !in(a, special4)
	}
	if v4, ok := embedded(a); ok {
		return !in(v4, special4)
	}
	return unicast6.Contains(a) && !in(a, special6)
}

func in(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func prefixes(s ...string) []netip.Prefix {
	p := make([]netip.Prefix, len(s))
	for i := range s {
		p[i] = netip.MustParsePrefix(s[i])
	}
	return p
}

// IANA's special-purpose address registries, 2026-08.
var (
	special4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	)
	unicast6 = netip.MustParsePrefix("2000::/3") // all that is given out; loopback, ULA, link-local and multicast lie elsewhere
	special6 = prefixes("2001::/23", "2001:db8::/32", "3fff::/20")

	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToV4 = netip.MustParsePrefix("2002::/16")
)

// embedded gives the IPv4 address that packets to a end up at.
func embedded(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:])), true
	case sixToV4.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}
