package app

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest path that the address of a Unix socket holds on every system: 107 bytes on Linux, 103 on the BSDs.
const maxSocketPath = 103

// withSocket calls use with a path of the data directory's socket that is short enough, for as long as use runs: beyond the limit it
// leads through a symbolic link. A bound socket needs its path no longer.
func withSocket(data string, use func(path string) error) error {
	path := filepath.Join(data, socketName)
	if len(path) <= maxSocketPath {
		return use(path)
	}
	temp := os.TempDir()
	if len(temp) > maxSocketPath/2 {
		temp = "/tmp"
	}
	aside, err := os.MkdirTemp(temp, "clientbook-") // mode 0700
	if err != nil {
		return err
	}
	link := filepath.Join(aside, "data")
	err = os.Symlink(data, link)
	if err == nil {
		err = use(filepath.Join(link, socketName))
	}
	return errors.Join(err, os.RemoveAll(aside))
}

// listenControl makes the socket. The caller holds the directory's lock, so a socket that is there is a dead server's.
func listenControl(data string) (net.Listener, error) {
	socket := filepath.Join(data, socketName)
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ln *net.UnixListener
	err := withSocket(data, func(path string) (err error) {
		ln, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, err
	}
	ln.SetUnlinkOnClose(false) // the path it was bound by may be gone
	return &socketListener{ln, socket}, os.Chmod(socket, 0o600)
}

// A socketListener removes its socket when it is closed.
type socketListener struct {
	*net.UnixListener
	path string
}

// Close ends the listener. The socket goes first: nobody is to meet one that refuses.
func (l *socketListener) Close() error {
	err := os.Remove(l.path)
	if errors.Is(err, fs.ErrNotExist) { // it was closed before
		err = nil
	}
	return errors.Join(err, l.UnixListener.Close())
}

// dialControl connects to the server that has the data directory open.
func dialControl(ctx context.Context, data string) (c net.Conn, err error) {
	err = withSocket(data, func(path string) (err error) {
		c, err = new(net.Dialer).DialContext(ctx, "unix", path)
		return err
	})
	return c, err
}

// served says whether a server answers on the directory's socket.
func (d *directory) served(ctx context.Context) bool {
	c, err := dialControl(ctx, d.path)
	if err != nil {
		return false
	}
	_ = c.Close() // it was only to be seen
	return true
}
