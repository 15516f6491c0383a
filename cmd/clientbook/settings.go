package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"clientbook"
	"clientbook/internal/app"
)

// bookFlags name a book that exists.
type bookFlags struct {
	Book string          `required:"" placeholder:"NAME" env:"CLIENTBOOK_BOOK" help:"Name of the book."`
	Mode clientbook.Mode `default:"test" enum:"test,live" placeholder:"test|live" env:"CLIENTBOOK_MODE" help:"Mode of the book: test or live (default ${default})."`
}

type applyCmd struct {
	bookFlags
	DryRun bool   `env:"CLIENTBOOK_DRY_RUN" help:"Show what would change, and change nothing."`
	File   string `arg:"" placeholder:"FILE" help:"Settings file (YAML); - is standard input."`
}

// Validate refuses what can't name a book.
func (c *applyCmd) Validate() error { return validBook(c.Book) }

// maxSettings is one byte more than a settings file may have.
const maxSettings = 1<<20 + 1

// Run prints what changed, or every problem of the file.
func (c *applyCmd) Run(ctx context.Context, all *cli, con *console) error {
	text, err := c.read(con)
	if err != nil {
		return err
	}
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		report, err := s.Apply(ctx, app.ApplyRequest{Book: c.Book, Mode: c.Mode, By: who(), File: text, Dry: c.DryRun})
		if err != nil {
			return err
		}
		for _, p := range report.Problems {
			fmt.Fprintln(con.err, c.File+":"+p)
		}
		if n := len(report.Problems); n > 0 {
			return fmt.Errorf("nothing was applied: %d problem%s in %s", n, strings.Repeat("s", min(1, n-1)), c.File)
		}
		for _, line := range append(report.Changes, report.Notes...) {
			fmt.Fprintln(con.out, line)
		}
		switch {
		case len(report.Changes) == 0:
			fmt.Fprintln(con.out, "nothing to change")
		case c.DryRun:
			fmt.Fprintln(con.out, "nothing was changed, as --dry-run asks")
		default:
			fmt.Fprintf(con.out, "applied as settings %d\n", report.Number)
		}
		return nil
	})
}

func (c *applyCmd) read(con *console) ([]byte, error) {
	in := con.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxSettings))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.File, err)
	}
	return text, nil
}

// who names the person at the terminal as the system does.
func who() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprintf("user %d", os.Getuid())
	}
	return u.Username
}

type settingsShowCmd struct{ bookFlags }

// Validate refuses what can't name a book.
func (c *settingsShowCmd) Validate() error { return validBook(c.Book) }

// Run prints the settings as a file that could be applied.
func (c *settingsShowCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		text, err := s.ShowSettings(ctx, app.KeyRequest{Book: c.Book, Mode: c.Mode})
		if err != nil {
			return err
		}
		_, err = io.WriteString(con.out, text)
		return err
	})
}

type templatePreviewCmd struct {
	bookFlags
	Template string `arg:"" help:"Id of the template."`
	Client   string `placeholder:"NUMBER" env:"CLIENTBOOK_CLIENT" help:"Number or key of the client to fill it with (default: one made up)."`
}

// Validate refuses what can't name a book.
func (c *templatePreviewCmd) Validate() error { return validBook(c.Book) }

// Run prints what the template would send.
func (c *templatePreviewCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		p, err := s.PreviewTemplate(ctx, app.PreviewRequest{Book: c.Book, Mode: c.Mode, Template: c.Template, Client: c.Client})
		if err != nil {
			return err
		}
		if p.None {
			return errors.New("nothing would be sent: the recipient has no address for this channel")
		}
		_, err = io.WriteString(con.out, app.MessageForPeople(&p.Text))
		return err
	})
}
