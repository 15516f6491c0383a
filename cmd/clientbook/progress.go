package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"clientbook/internal/app"
)

// progress gives a bar on standard error while a command works, if somebody sits there, and what takes it away.
func (con *console) progress(what string) (_ app.Progress, done func()) {
	f, ok := con.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions64(1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	report := func(done, all int64) {
		if all != bar.GetMax64() {
			bar.ChangeMax64(all)
		}
		_ = bar.Set64(min(done, all)) // a bar that can't be drawn is no reason to stop
	}
	return report, func() { _ = bar.Clear() }
}
