package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The files of a data directory.
const (
	databaseName = "clientbook.db"
	keyName      = "clientbook.key"
	lockName     = "clientbook.lock"
	socketName   = "clientbook.sock"
	certName     = "tls.crt"
	certKeyName  = "tls.key"
)

// A directory is a data directory. Of all processes, at most one holds its lock, and only that one changes anything in it.
type directory struct {
	path string
	lock *os.File // nil until it is held
	kept bool     // there was a database when it was claimed
}

func (d *directory) file(name string) string { return filepath.Join(d.path, name) }

// While a process holds the lock and no server answers, because it does a command, or is starting or ending, claim tries again.
const (
	claimPatience = 3 * time.Second
	claimPause    = 30 * time.Millisecond
)

// errServed says that a server has the data directory open and answers.
var errServed = errors.New("a server has it open")

// claim takes the lock of the data directory at path, which it makes if the caller wants that. The error is errServed if a server has
// it open. Beside a database it makes no lock file: that is left to hold, after the database was found to be ours.
func claim(ctx context.Context, path string, create bool) (*directory, error) {
	d := &directory{path: path}
	if err := d.find(create); err != nil {
		return nil, err
	}
	for begun := time.Now(); ; {
		if d.served(ctx) { // also where the lock file was removed
			return nil, errServed
		}
		err := d.tryLock(!d.kept)
		switch {
		case d.kept && errors.Is(err, fs.ErrNotExist):
			return d, nil
		case err == nil:
			_, err = os.Lstat(d.file(databaseName)) // whoever held the lock may have made it
			d.kept = err == nil
			return d, nil
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil, err
		case time.Since(begun) > claimPatience:
			return nil, fmt.Errorf("data directory %s is in use by another clientbook that is starting, ending or doing a command: try again later", path)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(claimPause):
		}
	}
}

// hold takes the lock if claim could not, and closes the directory to other users.
func (d *directory) hold() error {
	if d.lock == nil {
		err := d.tryLock(true)
		if errors.Is(err, unix.EWOULDBLOCK) {
			return fmt.Errorf("data directory %s was taken by another clientbook at the same moment: try again", d.path)
		}
		if err != nil {
			return err
		}
	}
	return d.protect()
}

func (d *directory) release() error {
	if d.lock == nil {
		return nil
	}
	return d.lock.Close()
}

// tryLock takes the lock. The file stays when the lock is given up: removing it would let two processes lock two files of that name.
func (d *directory) tryLock(create bool) error {
	flags := os.O_RDONLY
	if create {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(d.file(lockName), flags, 0o600)
	if err != nil {
		return fmt.Errorf("data directory %s: lock file: %w", d.path, cause(err))
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return errors.Join(fmt.Errorf("data directory %s: lock: %w", d.path, err), f.Close())
	}
	d.lock = f
	return nil
}

// find looks at the directory, or makes it.
func (d *directory) find(create bool) error {
	info, err := os.Stat(d.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		return d.mkdir()
	case errors.Is(err, fs.ErrNotExist):
		return d.empty()
	case err != nil:
		return fmt.Errorf("data directory %s: %w", d.path, cause(err))
	case !info.IsDir():
		return fmt.Errorf("data directory %s is a file: name a directory", d.path)
	}
	if err := unix.Access(d.path, unix.R_OK|unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("data directory %s can't be used: %w: let the user that runs this read and write it", d.path, err)
	}
	if _, err := os.Lstat(d.file(databaseName)); err == nil {
		d.kept = true
		return nil
	}
	if !create {
		return d.empty()
	}
	if info.Mode().Perm()&0o077 != 0 {
		return d.foreign()
	}
	return nil
}

func (d *directory) empty() error {
	return fmt.Errorf("there is no data in %s: `clientbook serve` or `clientbook key create` makes it, or name its directory with --data", d.path)
}

// foreign refuses a directory that other users may enter and that holds what is not ours: it is not ours to close to them.
func (d *directory) foreign() error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return fmt.Errorf("data directory %s: %w", d.path, cause(err))
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, "clientbook.") && !strings.HasPrefix(name, "tls.") && name != "lost+found" {
			return fmt.Errorf("data directory %s holds other files (%s) and is open to other users: name a new directory, or run chmod 700 %s", d.path, name, d.path)
		}
	}
	return nil
}

func (d *directory) mkdir() error {
	parent := filepath.Dir(d.path)
	err := os.Mkdir(d.path, 0o700)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("data directory %s can't be made: there is no directory %s to make it in", d.path, parent)
	case errors.Is(err, fs.ErrExist): // another process was quicker
		return nil
	case err != nil:
		return fmt.Errorf("data directory %s can't be made: %w", d.path, cause(err))
	}
	return flushDirectory(parent)
}

// protect makes the directory and the database file their owner's alone, whatever the umask and whoever copied them here.
func (d *directory) protect() error {
	if err := restrict(d.path, 0o700); err != nil {
		return fmt.Errorf("data directory %s is open to other users, and can't be closed to them: %w: name a directory inside it, to be made", d.path, err)
	}
	if err := restrict(d.file(databaseName), 0o600); err != nil {
		return fmt.Errorf("%s is open to other users, and can't be closed to them: %w: let it belong to the user that runs this", d.file(databaseName), err)
	}
	return nil
}
