package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/keeper"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"
)

// An Instance is an open data directory. No other process has it open.
type Instance struct {
	directory *directory
	store     *sqlite.Store
	root      *vault.Root
	books     *book.Books
	fresh     bool // the data was made now
}

// open opens the data of a claimed directory. Until the keeper has opened the database's root key, nothing in the directory is touched.
// d is the Instance's from then on, and released if there is an error.
func open(ctx context.Context, c Config, d *directory) (i *Instance, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, d.release())
		}
	}()
	k, err := keeper.Parse(c.Keeper, func(prompt string) (string, error) { return c.Ask(prompt, !d.kept) })
	if err != nil {
		return nil, err
	}
	i = &Instance{directory: d}
	if d.kept {
		i.root, err = unlock(ctx, d, k)
	} else {
		i.root, err = initialise(ctx, d, k)
		i.fresh = true
	}
	if err != nil {
		return nil, err
	}
	if err := d.hold(); err != nil {
		return nil, err
	}
	if i.store, err = sqlite.Open(ctx, d.file(databaseName), sqlite.Options{Log: c.Log}); err != nil {
		return nil, err
	}
	i.books = book.New(i.store, i.root, book.Options{Pause: backgroundPause})
	if err := i.index(ctx, c); err != nil {
		return nil, errors.Join(err, i.store.Close())
	}
	if i.fresh {
		noticeNew(c.Notice, d, c.Keeper)
	}
	return i, nil
}

// backgroundPause lies between the transactions of messages while there are many of them.
const backgroundPause = 2 * time.Second

// index brings the index of clients up to this program. It takes a while only once, when the program is newer than the data.
func (i *Instance) index(ctx context.Context, c Config) error {
	told := time.Now()
	return i.books.Index(ctx, func(clients int64) {
		if time.Since(told) >= time.Second {
			told = time.Now()
			_, _ = fmt.Fprintf(c.Notice, "Bringing the index up to this program: %d clients so far\n", clients)
		}
	})
}

// unlock opens the root key of the database that is there.
func unlock(ctx context.Context, d *directory, k keeper.Keeper) (*vault.Root, error) {
	kept, err := sqlite.Keepers(d.file(databaseName))
	if err != nil {
		if sqlite.Damaged(err) {
			return nil, fmt.Errorf("%s is no database, or a damaged one: restore a backup into a new directory: %w", d.file(databaseName), err)
		}
		return nil, fmt.Errorf("%s can't be read: %w", d.file(databaseName), err)
	}
	return keeper.OpenRoot(ctx, k, kept)
}

// unfinished is the name of a database in the making.
const unfinished = databaseName + ".unfinished"

// initialise makes the data: first the key file, then the database aside, and its name last. So a database under its name has its
// keeper, and a start that was cut short is made good by the next.
func initialise(ctx context.Context, d *directory, k keeper.Keeper) (*vault.Root, error) {
	if _, err := os.Lstat(d.file(databaseName + "-wal")); err == nil {
		return nil, fmt.Errorf("%s-wal is there without its database: put the database back beside it, or restore a backup into a new directory", d.file(databaseName))
	}
	ready, err := k.Ready()
	if err == nil && !ready {
		err = k.Create(ctx)
	}
	if err != nil {
		return nil, err
	}
	root, err := vault.NewRoot()
	if err != nil {
		return nil, err
	}
	row, err := keeper.Add(ctx, k, root, time.Now())
	if err != nil {
		return nil, err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(d.file(unfinished + end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("data directory %s: %w", d.path, err)
		}
	}
	store, err := sqlite.Open(ctx, d.file(unfinished), sqlite.Options{Readers: 1})
	if err != nil {
		return nil, err
	}
	err = store.Update(ctx, func(tx clientbook.Tx) error { return tx.AddKeeper(row) })
	if err = errors.Join(err, store.Close()); err != nil {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	if err := os.Rename(d.file(unfinished), d.file(databaseName)); err != nil {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	return root, flushDirectory(d.path)
}

// Close ends the Instance after what is under way.
func (i *Instance) Close() error { return errors.Join(i.store.Close(), i.directory.release()) }
