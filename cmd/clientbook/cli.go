package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"clientbook/internal/app"
)

// A cli is the command line. Every flag can be given by its variable instead; the flag wins.
type cli struct {
	Help   help   `short:"h" help:"Show help for the command."`
	Data   string `default:"./clientbook-data" placeholder:"DIR" env:"CLIENTBOOK_DATA" help:"Data directory (default ${default})."`
	Keeper string `placeholder:"URL" env:"CLIENTBOOK_KEEPER" help:"What opens the data: file:PATH of a key file (default: clientbook.key in the data directory), or passphrase: to be asked for it. A passphrase comes from CLIENTBOOK_PASSPHRASE, or the file that CLIENTBOOK_PASSPHRASE_FILE names, or the terminal, or a line of standard input."`

	Serve serveCmd `cmd:"" help:"Serve the data over HTTP. Makes the data directory if it is new."`
	Key   struct {
		Create keyCreateCmd `cmd:"" help:"Print a new API key, this once; makes the book if it is new."`
		List   keyListCmd   `cmd:"" help:"List the API keys."`
		Revoke keyRevokeCmd `cmd:"" help:"End an API key, from the next request on."`
	} `cmd:"" help:"API keys."`
	Apply    applyCmd `cmd:"" help:"Make the settings of a book what a file says."`
	Settings struct {
		Show settingsShowCmd `cmd:"" help:"Print the settings of a book as a file."`
	} `cmd:"" help:"What a book's institution decided."`
	Template struct {
		Preview templatePreviewCmd `cmd:"" help:"Print what a template would send."`
	} `cmd:"" help:"Templates of messages."`
	Verify verifyCmd `cmd:"" help:"Check that nothing was altered; fails at the first break."`
	Backup backupCmd `cmd:"" help:"Write a consistent copy of the database, while it is served too. The key file is not in it."`
	Keep   struct {
		List keeperListCmd `cmd:"" help:"List the keepers."`
		Add  keeperAddCmd  `cmd:"" help:"Let another key file, or a recovery passphrase, open the data as well."`
	} `cmd:"" name:"keeper" help:"What opens the data."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// A usageError is a command line that was not understood.
type usageError struct{ error }

// errHelp ends parsing once help was printed.
var errHelp = errors.New("help was printed")

type help bool

// BeforeReset prints the help, before kong minds what is missing.
func (help) BeforeReset(ctx *kong.Context) error {
	if err := ctx.PrintUsage(false); err != nil {
		return err
	}
	return errHelp
}

// Validate finds what the common flags alone show.
func (c *cli) Validate() error {
	if c.Keeper == "" {
		return nil
	}
	return app.CheckKeeper(c.Keeper)
}

// A console is how a command talks to the one who gave it.
type console struct {
	in       io.Reader
	out, err io.Writer
	lines    *bufio.Reader // of in, once it is read from
}

// run does what args ask for.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("clientbook"), kong.Description("The client master of a small bank or fintech."),
		kong.NoDefaultHelp(), kong.Writers(stdout, stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return &usageError{fmt.Errorf("%w: see clientbook --help", err)}
	}
	con := &console{in: stdin, out: stdout, err: stderr}
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run(&c, con)
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

// config gives what every command needs to open the data.
func (c *cli) config(ctx context.Context, con *console) app.Config {
	return app.Config{
		Data: c.Data, Keeper: c.Keeper, Notice: con.err,
		Ask: func(prompt string, fresh bool) (string, error) { return con.passphrase(ctx, prompt, fresh) },
	}
}

// attached calls do with a Session for the data.
func (c *cli) attached(ctx context.Context, config app.Config, do func(*app.Session) error) error {
	s, err := app.Attach(ctx, config)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}
