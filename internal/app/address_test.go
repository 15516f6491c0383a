package app

import (
	"strings"
	"testing"
)

func TestListenAddress(t *testing.T) {
	for _, c := range []struct {
		addr      string
		protected bool
		want      string // of an error, its beginning
	}{
		{"127.0.0.1:8080", false, "127.0.0.1:8080"},
		{"127.9.9.9:0", false, "127.9.9.9:0"},
		{"[::1]:8080", false, "[::1]:8080"},
		{"[::ffff:127.0.0.1]:1", false, "127.0.0.1:1"},
		{"localhost:8080", false, "127.0.0.1:8080"},
		{"0.0.0.0:8080", false, "address 0.0.0.0:8080 can be reached"},
		{"[::]:8080", false, "address [::]:8080 can be reached"},
		{":8080", false, "address :8080 can be reached"},
		{"192.0.2.1:8080", false, "address 192.0.2.1:8080 can be reached"},
		{"[::ffff:192.0.2.1]:1", false, "address [::ffff:192.0.2.1]:1 can be reached"},
		{"8080", false, "address 8080: it must be HOST:PORT"},
		{"8080", true, "address 8080: it must be HOST:PORT"},
		{"0.0.0.0:8080", true, "0.0.0.0:8080"},
		{":8080", true, ":8080"},
	} {
		got, err := listenAddress(t.Context(), c.addr, c.protected)
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != c.want || err != nil && !strings.HasPrefix(got, c.want) {
			t.Errorf("listenAddress(%q, %v) = %q, want %q", c.addr, c.protected, got, c.want)
		}
	}
}
