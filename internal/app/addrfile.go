package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
)

// announce writes the address that a server answers at to a file, if there is to be one: without a line end, and so that nobody ever
// reads half of it.
func announce(file string, addr net.Addr) error {
	if file == "" {
		return nil
	}
	if err := publish(file, []byte(addr.String()), 0o644); err != nil {
		return fmt.Errorf("address file %s: %w", file, cause(err))
	}
	return nil
}

// withdraw removes the file again.
func withdraw(file string) error {
	if file == "" {
		return nil
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("address file %s: %w", file, cause(err))
	}
	return nil
}
