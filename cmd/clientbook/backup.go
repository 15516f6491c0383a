package main

import (
	"context"
	"fmt"
	"path/filepath"

	"clientbook/internal/app"
)

type backupCmd struct {
	File string `arg:"" help:"New file for the copy."`
}

// Run writes the copy. Beside a server it is the server who writes it, so the path must not depend on where it runs.
func (c *backupCmd) Run(ctx context.Context, all *cli, con *console) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	return all.attached(ctx, all.config(ctx, con), func(s *app.Session) error {
		progress, done := con.progress("backup")
		size, err := s.Backup(ctx, app.BackupRequest{File: file}, progress)
		done()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(con.out, "%s: %d bytes. What opens it is not in there: keep the key file, or the passphrase, elsewhere.\n", file, size)
		return err
	})
}
