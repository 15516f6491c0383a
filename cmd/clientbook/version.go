package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"clientbook/internal/app"
)

type versionCmd struct{}

// Run prints what this program was built from.
func (*versionCmd) Run(con *console) error {
	version, commit := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = ", commit " + s.Value + commit
			case s.Key == "vcs.modified" && s.Value == "true":
				commit += " with changes"
			}
		}
	}
	_, err := fmt.Fprintf(con.out, "clientbook %s%s, schema %d, %s\n", version, commit, app.Schema(), runtime.Version())
	return err
}
