package book

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"clientbook"
	"clientbook/internal/record"
)

// A SettingsChange says what a book's settings are to become.
type SettingsChange struct {
	Book string
	Mode clientbook.Mode
	By   string // who asks for it, kept with the settings
	Dry  bool   // find out what would happen, and change nothing
	// Make gives the new settings. It doesn't change old, and takes the keys of new definitions from mint.
	Make func(old *clientbook.Settings, mint func() clientbook.DefinitionKey, now time.Time) (*clientbook.Settings, error)
}

// A SettingsReport says what became of a change.
type SettingsReport struct {
	Old, New *clientbook.Settings
	Number   int64             // the settings number that it made, 0 if nothing changed
	Notes    []string          // what whoever asked should know
	Problems []SettingsProblem // why nothing was changed
}

// A SettingsProblem is a definition that can't be changed or removed because of what clients hold.
type SettingsProblem struct {
	Section string // of the settings file
	ID      string
	Text    string
}

// errDry ends the transaction of a change that was only tried.
var errDry = errors.New("only tried")

// BookSettings gives the settings of the book of that name and mode. KindNotFound with ReasonBook if there is none.
func (b *Books) BookSettings(ctx context.Context, name string, mode clientbook.Mode) (*clientbook.Settings, error) {
	ob, err := b.named(ctx, name, mode)
	if err != nil {
		return nil, err
	}
	return ob.settings, nil
}

// named opens the book of that name and mode, with the newest settings.
func (b *Books) named(ctx context.Context, name string, mode clientbook.Mode) (*openBook, error) {
	var row clientbook.Book
	if err := b.store.View(ctx, func(r clientbook.Reader) (err error) {
		row, err = findBook(r, name, mode)
		return err
	}); err != nil {
		return nil, err
	}
	ob, err := b.book(ctx, row.ID)
	if err == nil && ob.number < row.Settings {
		ob, err = b.reload(ctx, row.ID)
	}
	return ob, err
}

// ChangeSettings makes the settings of a book what c says, all or nothing. They count from the next request on.
func (b *Books) ChangeSettings(ctx context.Context, c SettingsChange) (report SettingsReport, err error) {
	for races := 0; ; races++ {
		report, err = b.changeSettings(ctx, &c)
		if _, stale := isStale(err); !stale || races == maxRaces {
			return report, raced(err)
		}
	}
}

func (b *Books) changeSettings(ctx context.Context, c *SettingsChange) (report SettingsReport, err error) {
	ob, err := b.named(ctx, c.Book, c.Mode)
	if err != nil {
		return report, err
	}
	now := b.clock()
	report.Old = ob.settings
	if report.New, err = c.Make(ob.settings, b.minter(ob.id, now), now); err != nil {
		return report, err
	}
	if reflect.DeepEqual(report.Old, report.New) {
		return report, nil
	}
	next := &openBook{id: ob.id, vault: ob.vault, number: ob.number + 1, made: ob.number + 1, settings: report.New}
	plain, err := record.AppendSettings(nil, report.New, c.By, now)
	if err != nil {
		return report, err
	}
	sealed, err := ob.vault.SealSettings(next.number, plain)
	if err != nil {
		return report, err
	}
	s, err := b.survey(ctx, ob, next)
	if err != nil {
		return report, err
	}
	err = b.store.Update(ctx, func(tx clientbook.Tx) error {
		report.Notes, report.Problems = nil, nil
		if err := tx.AddSettings(clientbook.SettingsSet{Book: ob.id, Number: next.number, Sealed: sealed}); err != nil {
			return err
		}
		if err := s.finish(tx, &report); err != nil {
			return err
		}
		if len(report.Problems) > 0 || c.Dry {
			return errDry
		}
		return moveMessages(tx, ob, next)
	})
	switch {
	case errors.Is(err, errDry):
		return report, nil
	case err != nil:
		return report, err
	}
	report.Number = next.number
	return report, b.afterChange(ctx, ob.id)
}

// minter makes keys of definitions.
func (b *Books) minter(id clientbook.BookID, now time.Time) func() clientbook.DefinitionKey {
	return func() clientbook.DefinitionKey {
		key, err := clientbook.NewClientID(now, b.random)
		if err != nil { // the system's random numbers do not fail; a test's may end
			panic(fmt.Sprintf("book: key of a definition: %v", err))
		}
		return clientbook.DefinitionKey(clientbook.KeyOf(id, key))
	}
}

// moveMessages lets the maker of messages begin to follow a book that has templates now, and end where there are none any more. What
// happened before is none of its business.
func moveMessages(tx clientbook.Tx, ob, next *openBook) error {
	was, follows, err := tx.Cursor(ob.id, messageFollower)
	if err != nil || follows == sends(next.settings) {
		return err
	}
	if follows {
		return tx.SetCursor(ob.id, messageFollower, was, clientbook.None)
	}
	row, err := tx.Book(ob.id)
	if err != nil {
		return err
	}
	return tx.SetCursor(ob.id, messageFollower, clientbook.None, row.Position)
}

// BookClient gives the client with that number or key in the book of that name and mode. KindNotFound if there is none.
func (b *Books) BookClient(ctx context.Context, name string, mode clientbook.Mode, ref string) (*clientbook.Client, error) {
	ob, err := b.named(ctx, name, mode)
	if err != nil {
		return nil, err
	}
	caller := clientbook.Caller{Book: ob.id}
	id, ok := clientbook.ParseKey(ob.id, ref)
	if !ok {
		if id, err = b.FindClient(ctx, caller, ref); err != nil {
			return nil, err
		}
	}
	var c *clientbook.Client
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		st, err := r.Current(ob.id, id)
		if err == nil && st.Action == clientbook.ActionDelete {
			err = clientbook.NotFound(clientbook.ReasonClient)
		}
		if err != nil {
			return err
		}
		c, _, err = ob.opened(&st)
		return err
	})
	return c, err
}
