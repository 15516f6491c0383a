package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"clientbook"
	"clientbook/internal/app"
)

type keyCreateCmd struct {
	Book string          `required:"" placeholder:"NAME" env:"CLIENTBOOK_BOOK" help:"Name of the book."`
	Mode clientbook.Mode `default:"test" enum:"test,live" placeholder:"test|live" env:"CLIENTBOOK_MODE" help:"Mode of the book: test or live (default ${default})."`
}

// Validate refuses what can't name a book.
func (c *keyCreateCmd) Validate() error { return validBook(c.Book) }

func validBook(name string) error {
	if name != "" && !clientbook.ValidBookName(name) {
		return fmt.Errorf("--book: a name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with no dot or dash")
	}
	return nil
}

// Run prints the key and nothing else.
func (c *keyCreateCmd) Run(ctx context.Context, all *cli, con *console) error {
	config := all.config(ctx, con)
	config.Make = true
	return all.attached(ctx, config, func(s *app.Session) error {
		key, err := s.CreateKey(ctx, app.KeyRequest{Book: c.Book, Mode: c.Mode})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(con.out, key)
		return err
	})
}

type keyListCmd struct{}

// Run prints a table of the keys; none of them can be made out from it.
func (*keyListCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		keys, err := s.Keys(ctx)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "ID\tBOOK\tMODE\tCREATED\tREVOKED")
		for _, k := range keys {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Book, k.Mode, moment(k.Created), moment(k.Revoked))
		}
		return t.Flush()
	})
}

// moment gives a time for a table.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

type keyRevokeCmd struct {
	ID string `arg:"" help:"Id of the key, as key list shows it."`
}

// Run ends the key.
func (c *keyRevokeCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error { return s.RevokeKey(ctx, c.ID) })
}
