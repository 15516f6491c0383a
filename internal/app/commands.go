package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/keeper"
)

// A Progress is told how much of a command's work is done; all may grow.
type Progress func(done, all int64)

// A KeyRequest names the book that an API key is for.
type KeyRequest struct {
	Book string
	Mode clientbook.Mode
}

// A VerifyRequest says what is verified; Book "" is every book.
type VerifyRequest struct {
	Book string
	Mode clientbook.Mode
	Deep bool
}

// A BackupRequest names the new file of a backup by its absolute path.
type BackupRequest struct{ File string }

// A KeeperRequest describes a keeper to add. The path of a file: URL is absolute.
type KeeperRequest struct{ URL, Passphrase string }

// A KeeperInfo is what may be told of a keeper.
type KeeperInfo struct {
	ID, Kind string
	Created  time.Time
}

// None is the request, or the result, of a command that has none.
type None struct{}

func (i *Instance) createKey(ctx context.Context, r KeyRequest, _ Progress) (string, error) {
	key, err := i.books.CreateKey(ctx, r.Book, r.Mode)
	return key, plain(err)
}

func (i *Instance) keys(ctx context.Context, _ None, _ Progress) ([]book.KeyInfo, error) {
	return i.books.Keys(ctx)
}

func (i *Instance) revokeKey(ctx context.Context, id string, _ Progress) (None, error) {
	err := i.books.RevokeKey(ctx, id)
	if clientbook.KindOf(err) == clientbook.KindNotFound {
		err = fmt.Errorf("no API key has the id %q: `clientbook key list` shows them", id)
	}
	return None{}, plain(err)
}

// verify gives the reports of the books before a break too.
func (i *Instance) verify(ctx context.Context, r VerifyRequest, p Progress) ([]book.Report, error) {
	reports, err := i.books.Verify(ctx, book.VerifyOptions{Book: r.Book, Mode: r.Mode, Deep: r.Deep, Progress: p})
	if clientbook.KindOf(err) == clientbook.KindNotFound {
		err = fmt.Errorf("there is no book %s (%s)", r.Book, r.Mode)
	}
	return reports, plain(err)
}

// backup gives the size of the file it wrote.
func (i *Instance) backup(ctx context.Context, r BackupRequest, p Progress) (int64, error) {
	if _, err := os.Lstat(r.File); err == nil {
		return 0, fmt.Errorf("%s exists already: name a new file", r.File)
	}
	err := i.store.Backup(ctx, r.File, func(done, all int) {
		if p != nil {
			p(int64(done), int64(all))
		}
	})
	var info os.FileInfo
	if err == nil {
		info, err = os.Stat(r.File)
	}
	if err != nil {
		return 0, fmt.Errorf("backup to %s: %w", r.File, cause(err))
	}
	return info.Size(), nil
}

func (i *Instance) keepers(ctx context.Context, _ None, _ Progress) ([]KeeperInfo, error) {
	kept, err := i.keeperRows(ctx)
	infos := make([]KeeperInfo, 0, len(kept))
	for _, k := range kept {
		infos = append(infos, KeeperInfo{ID: k.ID, Kind: k.Kind, Created: k.Created})
	}
	return infos, err
}

// addKeeper wraps the root key once more. A key file that is there is used, else one is made.
func (i *Instance) addKeeper(ctx context.Context, r KeeperRequest, _ Progress) (KeeperInfo, error) {
	k, err := keeper.Parse(r.URL, func(string) (string, error) { return r.Passphrase, nil })
	if err != nil {
		return KeeperInfo{}, err
	}
	kept, err := i.keeperRows(ctx)
	if err != nil {
		return KeeperInfo{}, err
	}
	ready, err := k.Ready()
	switch {
	case err != nil:
		return KeeperInfo{}, err
	case !ready:
		err = k.Create(ctx)
	default:
		if _, opens := keeper.OpenRoot(ctx, k, kept); opens == nil {
			err = fmt.Errorf("%s opens this data already", k)
		}
	}
	if err != nil {
		return KeeperInfo{}, err
	}
	row, err := keeper.Add(ctx, k, i.root, time.Now())
	if err != nil {
		return KeeperInfo{}, err
	}
	err = i.store.Update(ctx, func(tx clientbook.Tx) error { return tx.AddKeeper(row) })
	return KeeperInfo{ID: row.ID, Kind: row.Kind, Created: row.Created}, plain(err)
}

func (i *Instance) keeperRows(ctx context.Context) (kept []clientbook.Keeper, err error) {
	err = i.store.View(ctx, func(r clientbook.Reader) error {
		kept, err = r.Keepers()
		return err
	})
	return kept, err
}

// adoptKey makes the test key in a file valid.
func (i *Instance) adoptKey(ctx context.Context, path string) error {
	key, err := FirstLine(path)
	if err == nil {
		err = plain(i.books.AdoptKey(ctx, key))
	}
	if err != nil {
		return fmt.Errorf("test key file %s: %w", path, cause(err))
	}
	return nil
}

// plain gives the sentence for people of an error that has one.
func plain(err error) error {
	if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Detail != "" && e.Err == nil {
		return errors.New(e.Detail)
	}
	return err
}
