package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// The variables that a passphrase, or the name of its file, may stand in. It is no flag: other users see a process's arguments.
const (
	passphraseVariable     = "CLIENTBOOK_PASSPHRASE"
	passphraseFileVariable = "CLIENTBOOK_PASSPHRASE_FILE"
)

// passphrase finds a passphrase in the variables, or else by asking for it.
func (con *console) passphrase(ctx context.Context, prompt string, fresh bool) (string, error) {
	if s, ok := os.LookupEnv(passphraseVariable); ok {
		return s, nil
	}
	if file, ok := os.LookupEnv(passphraseFileVariable); ok {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", passphraseFileVariable, err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	}
	return con.ask(ctx, prompt, fresh)
}

// ask reads a passphrase from standard input. On a terminal a fresh one is asked for twice.
func (con *console) ask(ctx context.Context, prompt string, fresh bool) (string, error) {
	s, err := con.read(ctx, prompt)
	if err != nil || !fresh || !con.terminal() {
		return s, err
	}
	again, err := con.read(ctx, "The same again: ")
	if err == nil && again != s {
		err = errors.New("the two passphrases differ")
	}
	return s, err
}

// terminal says whether somebody sits at standard input.
func (con *console) terminal() bool {
	f, ok := con.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// read reads a line: from a terminal without echo and after a prompt, else from standard input as it is.
func (con *console) read(ctx context.Context, prompt string) (string, error) {
	read := con.line
	if con.terminal() {
		fd := int(con.in.(*os.File).Fd())
		before, err := term.GetState(fd)
		if err != nil {
			return "", err
		}
		defer fmt.Fprintln(con.err)
		defer func() { _ = term.Restore(fd, before) }() // an interrupted read leaves the echo off
		fmt.Fprint(con.err, prompt)
		read = func() (string, error) {
			b, err := term.ReadPassword(fd)
			return string(b), err
		}
	}
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() { // a read can't be interrupted: it is left behind when the process ends
		text, err := read()
		got <- answer{text, err}
	}()
	select {
	case a := <-got:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// line gives the next line of standard input.
func (con *console) line() (string, error) {
	if con.lines == nil {
		con.lines = bufio.NewReader(con.in)
	}
	s, err := con.lines.ReadString('\n')
	if errors.Is(err, io.EOF) {
		if s == "" {
			return "", fmt.Errorf("it stands neither in %s, nor in a file that %s names, nor on standard input", passphraseVariable, passphraseFileVariable)
		}
		err = nil
	}
	return strings.TrimRight(s, "\r\n"), err
}
