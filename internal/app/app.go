// Package app puts the server together: it opens a data directory, does the commands on it, directly or through the server that has it
// open, and serves HTTP over it. It is the only package that imports engines, and only cmd imports it.
package app

import (
	"io"
	"log/slog"
	"path/filepath"

	"clientbook/internal/keeper"
	"clientbook/internal/store/sqlite"
)

// A Config says which data to open, and how.
type Config struct {
	Data   string       // the data directory
	Keeper string       // URL of the keeper that opens it; "" is the key file in the data directory
	Ask    Ask          // reads the passphrase of Keeper, if that is what it needs
	Make   bool         // make the data if there is none
	Notice io.Writer    // told once where new data and its key file are
	Log    *slog.Logger // for trouble that no caller hears of; nil: nowhere
}

// An Ask reads a passphrase from the one who runs the program. A fresh one is about to be decided on.
type Ask func(prompt string, fresh bool) (string, error)

// CheckKeeper says what is wrong with the URL of a keeper.
func CheckKeeper(url string) error {
	_, err := keeper.Parse(url, nil)
	return err
}

// Schema gives the number of the database schema that this program writes.
func Schema() int { return sqlite.SchemaVersion() }

// absolute gives c with the data directory's whole path, as messages show it, and with all defaults.
func (c Config) absolute() (_ Config, err error) {
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return c, err
	}
	if c.Keeper == "" {
		c.Keeper = "file:" + filepath.Join(c.Data, keyName)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}
