// Command clientbook is the client master's server, and the tool for its keys, checks and copies. `clientbook --help` describes it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() { os.Exit(status(os.Args[1:])) }

// status runs the command line and gives its exit status: 0, 1 if it failed, 2 if it was not understood.
func status(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the first signal ends the work, a second one the process
	err := run(ctx, args, os.Stdin, os.Stdout, os.Stderr)
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "clientbook:", strings.ReplaceAll(err.Error(), "\n", "; "))
	if _, ok := errors.AsType[*usageError](err); ok {
		return 2
	}
	return 1
}
