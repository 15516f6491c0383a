package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FirstLine gives the only line of a small text file.
func FirstLine(path string) (string, error) {
	b, err := os.ReadFile(path)
	line := strings.TrimSpace(string(b))
	if err == nil && (line == "" || strings.ContainsAny(line, "\r\n")) {
		err = errors.New("it must hold one line")
	}
	return line, err
}

// publish writes a whole file under its name, or none: it is written aside, flushed and renamed.
func publish(path string, content []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return flushDirectory(filepath.Dir(path))
}

// flushDirectory makes new names in a directory durable.
func flushDirectory(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// restrict sets the mode of a file, unless it has that mode already.
func restrict(path string, mode os.FileMode) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm() != mode {
		err = os.Chmod(path, mode)
	}
	return cause(err)
}

// cause gives a file error without path and operation, which the message around it tells better.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
