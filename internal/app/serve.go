package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/deliver"
	"clientbook/internal/httpx"
	"clientbook/internal/worker"
)

// A ServeConfig says what is served, and where.
type ServeConfig struct {
	Config
	Addr          string    // HOST:PORT
	AddrFile      string    // gets the real address while the server answers; "": none
	BehindProxy   bool      // a proxy on the way speaks TLS, so plain HTTP may leave this machine
	Cert, CertKey string    // files of a certificate; "": none
	SelfSigned    bool      // TLS with a certificate of our own
	TestKeyFile   string    // an API key for a test book; "": none
	SMTP          string    // URL of the mail server for messages; "": none
	SMS           string    // URL of the gateway for text messages; "": none
	ShowCaught    bool      // show on Out what test books would have sent
	Out           io.Writer // gets notices and the request log
}

// drainTime is how long requests under way may take when the server stops; the whole stop is to take ten seconds at the most.
const drainTime = 9 * time.Second

// Serve serves until ctx is done, then lets the requests under way end, and returns nil.
func Serve(ctx context.Context, c ServeConfig) (err error) {
	out := httpx.NewLogWriter(c.Out)
	defer func() { err = errors.Join(err, out.Close()) }()
	c.Log = slog.New(out.Handler(slog.NewJSONHandler(out, nil)))
	c.Make, c.Notice = true, c.Out
	if c.Config, err = c.absolute(); err != nil {
		return err
	}
	s, err := start(ctx, c)
	if err != nil {
		return err
	}
	return s.serve(ctx)
}

// A server is an Instance with its listeners.
type server struct {
	config   ServeConfig
	instance *Instance
	http     net.Listener
	control  net.Listener
	tls      *tls.Config
	senders  map[clientbook.Channel]deliver.Sender
}

// start prepares everything, in an order that leaves the data alone where the rest is not right.
func start(ctx context.Context, c ServeConfig) (*server, error) {
	addr, err := listenAddress(ctx, c.Addr, c.BehindProxy || c.SelfSigned || c.Cert != "")
	if err != nil {
		return nil, err
	}
	s := &server{config: c}
	if c.Cert != "" {
		cert, err := tls.LoadX509KeyPair(c.Cert, c.CertKey)
		if err != nil {
			return nil, fmt.Errorf("certificate %s with key %s: %w", c.Cert, c.CertKey, err)
		}
		s.tls = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	d, err := claim(ctx, c.Data, true)
	if errors.Is(err, errServed) {
		return nil, fmt.Errorf("data directory %s is being served already: stop that server, or name another directory with --data", c.Data)
	}
	if err != nil {
		return nil, err
	}
	if s.http, err = new(net.ListenConfig).Listen(ctx, "tcp", addr); err != nil {
		return nil, errors.Join(fmt.Errorf("address %s: %w", c.Addr, err), d.release())
	}
	if s.senders, err = senders(&c); err != nil {
		return nil, errors.Join(err, s.http.Close(), d.release())
	}
	if s.instance, err = open(ctx, c.Config, d); err != nil {
		return nil, errors.Join(err, s.http.Close())
	}
	if err := s.equip(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// equip adds what needs the open data.
func (s *server) equip(ctx context.Context) (err error) {
	c := &s.config
	if c.SelfSigned {
		cert, err := selfSigned(s.instance.directory, c.Addr, time.Now())
		if err != nil {
			return err
		}
		s.tls = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	if c.TestKeyFile != "" {
		if err := s.instance.adoptKey(ctx, c.TestKeyFile); err != nil {
			return err
		}
	}
	if s.control, err = listenControl(c.Data); err != nil {
		return fmt.Errorf("control socket in %s: %w", c.Data, err)
	}
	return nil
}

// close undoes start, backwards.
func (s *server) close() error {
	var errs []error
	for _, ln := range []net.Listener{s.control, s.http} {
		if ln == nil {
			continue
		}
		if err := ln.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, closeSenders(s.senders), s.instance.Close())...)
}

// serve answers until ctx is done or a listener fails.
func (s *server) serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c := &s.config
	web := httpx.NewServer(httpx.Config{
		Handler: routes(s.instance, c.Log), Rejection: rejections, Log: c.Log, TLS: s.tls,
		Limits: httpx.Limits{Drain: drainTime},
	})
	work := worker.Config{Books: s.instance.books, Maker: s.instance.books.NewMessageMaker(), Senders: s.senders, Log: c.Log}
	if c.ShowCaught {
		work.Caught = catcher(c.Out)
	}
	var wg sync.WaitGroup
	var webErr, controlErr, fileErr error
	wg.Go(func() {
		defer stop()
		webErr = web.Serve(ctx, s.http)
	})
	wg.Go(func() {
		defer stop()
		controlErr = serveControl(ctx, s.control, controlHandler(s.instance, c.Log))
	})
	wg.Go(func() { worker.Run(ctx, work) })
	s.noticeServing(c.Out)
	if fileErr = announce(c.AddrFile, s.http.Addr()); fileErr == nil {
		<-ctx.Done()
		fileErr = withdraw(c.AddrFile)
	}
	stop()
	wg.Wait()
	return errors.Join(webErr, controlErr, fileErr, s.close())
}
