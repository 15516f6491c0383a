package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"clientbook/internal/app"
)

const passphraseURL = "passphrase:"

type keeperListCmd struct{}

// Run prints a table of the keepers.
func (*keeperListCmd) Run(ctx context.Context, all *cli, con *console) error {
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		keepers, err := s.Keepers(ctx)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "ID\tKIND\tCREATED")
		for _, k := range keepers {
			fmt.Fprintf(t, "%s\t%s\t%s\n", k.ID, k.Kind, moment(k.Created))
		}
		return t.Flush()
	})
}

type keeperAddCmd struct {
	URL string `arg:"" help:"file:PATH (a key file that is there is used, else one is made) or passphrase:"`
}

// Validate refuses what is no keeper.
func (c *keeperAddCmd) Validate() error { return app.CheckKeeper(c.URL) }

// Run adds the keeper. Its passphrase and the path of its file are found here, wherever the data is open.
func (c *keeperAddCmd) Run(ctx context.Context, all *cli, con *console) error {
	r := app.KeeperRequest{URL: c.URL}
	if path, ok := strings.CutPrefix(c.URL, "file:"); ok {
		path, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		r.URL = "file:" + path
	}
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) (err error) {
		if c.URL == passphraseURL {
			read := con.passphrase
			if all.Keeper == passphraseURL { // then the variables hold that one
				read = con.ask
			}
			if r.Passphrase, err = read(ctx, "New passphrase: ", true); err != nil {
				return err
			}
		}
		k, err := s.AddKeeper(ctx, r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(con.out, "added keeper %s (%s)\n", k.ID, k.Kind)
		return err
	})
}
