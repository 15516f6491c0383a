package app

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// listenAddress gives the address to listen on. Plain HTTP stays on this machine unless a proxy that speaks TLS stands before it: of a
// host name, every address must be a loopback one.
func listenAddress(ctx context.Context, addr string, protected bool) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("address %s: it must be HOST:PORT", addr)
	}
	if protected {
		return addr, nil
	}
	var ips []netip.Addr
	if ip, err := netip.ParseAddr(host); err == nil {
		ips = []netip.Addr{ip}
	} else if host != "" {
		if ips, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
			return "", fmt.Errorf("address %s: %w", addr, err)
		}
	}
	open := slices.ContainsFunc(ips, func(ip netip.Addr) bool { return !ip.Unmap().IsLoopback() })
	if open || len(ips) == 0 {
		return "", fmt.Errorf("address %s can be reached from other machines, where plain HTTP would show every client: "+
			"add --tls-self-signed, or --tls-cert and --tls-key, or --behind-proxy if a proxy on the way speaks TLS", addr)
	}
	slices.SortStableFunc(ips, func(a, b netip.Addr) int { return a.Unmap().BitLen() - b.Unmap().BitLen() }) // IPv4 first, as net.Listen
	return net.JoinHostPort(ips[0].Unmap().String(), port), nil
}
