package main

import (
	"context"
	"errors"
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
	return nil
}

// gcPercent lets garbage grow to four times what is in use before it is collected: that is little here, some ten megabytes, and by Go's
// default the collector would run many times a second.
const gcPercent = 400

// Run serves until ctx is done.
func (c *serveCmd) Run(ctx context.Context, all *cli, con *console) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	return app.Serve(ctx, app.ServeConfig{
		Config: all.config(ctx, con), Addr: c.Addr, AddrFile: c.AddrFile, BehindProxy: c.BehindProxy,
		Cert: c.TLSCert, CertKey: c.TLSKey, SelfSigned: c.TLSSelfSigned, TestKeyFile: c.TestKeyFile, Out: con.err,
	})
}
