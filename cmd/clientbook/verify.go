package main

import (
	"context"
	"fmt"

	"clientbook"
	"clientbook/internal/app"
	"clientbook/internal/book"
)

type verifyCmd struct {
	Book string          `placeholder:"NAME" env:"CLIENTBOOK_BOOK" help:"Check this book only."`
	Mode clientbook.Mode `default:"test" enum:"test,live" placeholder:"test|live" env:"CLIENTBOOK_MODE" help:"Mode of --book: test or live (default ${default})."`
	Deep bool            `env:"CLIENTBOOK_DEEP" help:"Open every current record too, and compare what lists and counts rest on."`
}

// Validate refuses what can't name a book.
func (c *verifyCmd) Validate() error { return validBook(c.Book) }

// Run prints a line for each book that is whole, then what no such check can see.
func (c *verifyCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		progress, done := con.progress("verify")
		reports, err := s.Verify(ctx, app.VerifyRequest{Book: c.Book, Mode: c.Mode, Deep: c.Deep}, progress)
		done()
		for _, r := range reports {
			fmt.Fprintln(con.out, r)
		}
		if err != nil {
			return err
		}
		if len(reports) == 0 {
			fmt.Fprintln(con.out, "there are no books yet")
			return nil
		}
		_, err = fmt.Fprintln(con.out, book.Unseen)
		return err
	})
}
