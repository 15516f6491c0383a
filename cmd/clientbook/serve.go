package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"

	"clientbook/internal/app"
)

type serveCmd struct {
	Addr          string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"CLIENTBOOK_ADDR" help:"Address to listen on (default ${default}); port 0 takes a free one. Other addresses than loopback ones need TLS or --behind-proxy."`
	AddrFile      string `placeholder:"FILE" env:"CLIENTBOOK_ADDR_FILE" help:"File that gets the real address once the server answers, and is removed when it ends."`
	BehindProxy   bool   `env:"CLIENTBOOK_BEHIND_PROXY" help:"A proxy on the way speaks TLS: plain HTTP may be served beyond this machine. Nothing else changes; no header of a proxy is trusted."`
	TLSCert       string `name:"tls-cert" placeholder:"FILE" env:"CLIENTBOOK_TLS_CERT" help:"Certificate chain (PEM) to serve HTTPS with."`
	TLSKey        string `name:"tls-key" placeholder:"FILE" env:"CLIENTBOOK_TLS_KEY" help:"Private key (PEM) of --tls-cert."`
	TLSSelfSigned bool   `name:"tls-self-signed" env:"CLIENTBOOK_TLS_SELF_SIGNED" help:"Serve HTTPS with a certificate made by clientbook, tls.crt in the data directory."`
	SMTP          string `name:"smtp" placeholder:"URL" env:"CLIENTBOOK_SMTP" help:"Mail server for messages: smtp://[USER:PASSWORD@]HOST[:PORT]?from=ADDRESS, or smtps:// (TLS from the start). Without TLS only on loopback."`
	SMTPFile      string `name:"smtp-file" placeholder:"FILE" env:"CLIENTBOOK_SMTP_FILE" help:"File whose first line is the URL of --smtp."`
	SMS           string `name:"sms" placeholder:"URL" env:"CLIENTBOOK_SMS" help:"Gateway for text messages: twilio://ACCOUNT:TOKEN@[HOST]?from=NUMBER or infobip://KEY@HOST?from=NAME."`
	SMSFile       string `name:"sms-file" placeholder:"FILE" env:"CLIENTBOOK_SMS_FILE" help:"File whose first line is the URL of --sms."`
	ShowCaught    bool   `env:"CLIENTBOOK_SHOW_CAUGHT" help:"Show the messages that test books would have sent, for development: they are personal."`
	TestKeyFile   string `placeholder:"FILE" env:"CLIENTBOOK_TEST_KEY_FILE" help:"File with a test key, made once by key create, to accept from the start; for CI. Its book, named test, is made if it is new."`
}

// Validate finds what flags alone show.
func (c *serveCmd) Validate() error {
	switch _, _, err := net.SplitHostPort(c.Addr); {
	case err != nil:
		return errors.New("--addr must be HOST:PORT")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case c.TLSCert != "" && c.TLSSelfSigned:
		return errors.New("--tls-self-signed and --tls-cert exclude each other")
	}
	switch {
	case c.SMTP != "" && c.SMTPFile != "":
		return errors.New("--smtp and --smtp-file exclude each other")
	case c.SMS != "" && c.SMSFile != "":
		return errors.New("--sms and --sms-file exclude each other")
	}
	return c.validURLs()
}

// validURLs finds what is wrong with the URLs of servers for messages.
func (c *serveCmd) validURLs() error {
	if c.SMTP != "" {
		if err := app.CheckSMTP(c.SMTP); err != nil {
			return fmt.Errorf("--smtp: %w", err)
		}
	}
	if c.SMS != "" {
		if err := app.CheckSMS(c.SMS); err != nil {
			return fmt.Errorf("--sms: %w", err)
		}
	}
	return nil
}

// readURLs reads the URLs that stand in files.
func (c *serveCmd) readURLs() (err error) {
	for _, x := range []struct {
		flag, file string
		to         *string
	}{{"--smtp-file", c.SMTPFile, &c.SMTP}, {"--sms-file", c.SMSFile, &c.SMS}} {
		if x.file == "" {
			continue
		}
		if *x.to, err = app.FirstLine(x.file); err != nil {
			return fmt.Errorf("%s %s: %w", x.flag, x.file, err)
		}
	}
	return c.validURLs()
}

// gcPercent lets garbage grow to four times what is in use before it is collected: that is little here, some ten megabytes, and by Go's
// default the collector would run many times a second.
const gcPercent = 400

// Run serves until ctx is done.
func (c *serveCmd) Run(ctx context.Context, all *cli, con *console) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if err := c.readURLs(); err != nil {
		return err
	}
	return app.Serve(ctx, app.ServeConfig{
		Config: all.config(ctx, con), Addr: c.Addr, AddrFile: c.AddrFile, BehindProxy: c.BehindProxy,
		Cert: c.TLSCert, CertKey: c.TLSKey, SelfSigned: c.TLSSelfSigned, TestKeyFile: c.TestKeyFile,
		SMTP: c.SMTP, SMS: c.SMS, ShowCaught: c.ShowCaught, Out: con.err,
	})
}
