package keeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const kindFile = "file"

// maxFileBytes is far more than a key file has.
const maxFileBytes = 64 << 10

// A file is a key file: one Tink keyset in the clear, as JSON, that its owner alone may read.
type file struct{ path string }

func (f *file) Kind() string   { return kindFile }
func (f *file) String() string { return "key file " + f.path }

// Ready says whether anything is at the path; whether it is a key file shows when it is used.
func (f *file) Ready() (bool, error) {
	_, err := os.Stat(f.path)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return false, fmt.Errorf("%s can't be looked at: %w", f, cause(err))
}

func (f *file) Create(context.Context) error {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("new %s: %w", f, err)
	}
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
		return fmt.Errorf("new %s: %w", f, err)
	}
	b.WriteByte('\n')
	aside, err := f.writeAside(b.Bytes())
	if err != nil {
		return fmt.Errorf("new %s: %w", f, cause(err))
	}
	err = f.publish(aside)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already and is never replaced: use it, or name another", f)
	}
	return fmt.Errorf("new %s: %w", f, cause(err))
}

// writeAside flushes content to a new file beside the key file and gives its path. The name is never that of a key file, so that one
// which a crash leaves behind is not taken for it.
func (f *file) writeAside(content []byte) (path string, err error) {
	t, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".unfinished-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = t.Write(content)
	if err == nil {
		err = t.Sync()
	}
	if err = errors.Join(err, t.Close()); err != nil {
		return "", errors.Join(err, os.Remove(t.Name()))
	}
	return t.Name(), nil
}

// publish gives what was written aside its name, unless the name is taken, and flushes the directory.
func (f *file) publish(aside string) error {
	err := errors.Join(os.Link(aside, f.path), os.Remove(aside)) // unlike a rename, a link replaces nothing
	if err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(f.path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (f *file) Wrap(_ context.Context, secret []byte) ([]byte, error) {
	a, err := f.open()
	if err != nil {
		return nil, err
	}
	wrapped, err := a.Encrypt(secret, []byte(rootData))
	if err != nil {
		return nil, fmt.Errorf("%s: wrap the root key: %w", f, err)
	}
	return wrapped, nil
}

func (f *file) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	a, err := f.open()
	if err != nil {
		return nil, err
	}
	secret, err := a.Decrypt(wrapped, []byte(rootData))
	if err != nil {
		return nil, fmt.Errorf("%s is not the one that this data was sealed with: put that one there, or name it", f)
	}
	return secret, nil
}

// open reads the key file. The cause of content that does not parse is left out, since it would show content.
func (f *file) open() (tink.AEAD, error) {
	content, err := f.read()
	if err != nil {
		return nil, err
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(content)))
	if err != nil {
		return nil, f.foreign()
	}
	a, err := aead.New(h)
	if err != nil {
		return nil, f.foreign()
	}
	return a, nil
}

func (f *file) read() ([]byte, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing, and without it the data can't be opened: put it back from where you keep a copy", f)
	case err != nil:
		return nil, fmt.Errorf("%s can't be read: %w: let the user that runs the server read it", f, cause(err))
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory: name the file", f)
	case !info.Mode().IsRegular() || info.Size() > maxFileBytes:
		return nil, f.foreign()
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("%s may be read or changed by other users: run chmod 600 %s", f, f.path)
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return nil, fmt.Errorf("%s can't be read: %w: let the user that runs the server read it", f, cause(err))
	}
	return content, nil
}

func (f *file) foreign() error {
	return fmt.Errorf("%s is no key file, or a damaged one: put it back from where you keep a copy, or name another", f)
}

// cause gives a file error without the path and operation, which the message around it tells better.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
