// Package worker does what is done behind requests: it makes the messages that templates ask for, and sends those that are due.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/deliver"
)

// Books are the use cases that workers call.
type Books interface {
	LeaseMessages(ctx context.Context, c clientbook.Channel, limit int, lease time.Duration) ([]book.LeasedMessage, error)
	EndMessages(ctx context.Context, ended []clientbook.Message) error
}

// A Maker makes messages of what has happened, some at a time.
type Maker interface {
	Run(ctx context.Context) (made int, more bool, err error)
}

// Config says what workers work with. The zero times and numbers stand for the defaults.
type Config struct {
	Books   Books
	Maker   Maker
	Senders map[clientbook.Channel]deliver.Sender          // a channel without one sends nothing
	Caught  func(c clientbook.Channel, m *deliver.Message) // told of what a test book keeps inside; may be nil
	Log     *slog.Logger

	Poll     time.Duration // between two looks at what there is to do; 100 ms
	Pace     time.Duration // between two messages of a channel on average, so that requests have the machine; 20 ms
	Lease    time.Duration // 3 min
	Attempt  time.Duration // the longest that one attempt may take; 45 s
	Drain    time.Duration // for attempts under way when the workers stop; 5 s
	Attempts int           // before a message has failed; 30, which takes about a day
	Parallel int           // attempts of a channel at the same time, of web hooks for each host; 8
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&c.Poll, 100*time.Millisecond)
	set(&c.Pace, 20*time.Millisecond)
	set(&c.Lease, 3*time.Minute)
	set(&c.Attempt, 45*time.Second)
	set(&c.Drain, 5*time.Second)
	if c.Attempts == 0 {
		c.Attempts = 30
	}
	if c.Parallel == 0 {
		c.Parallel = 8
	}
	return c
}

// Run works until ctx is done, then lets the attempts under way end.
func Run(ctx context.Context, c Config) {
	c = c.withDefaults()
	var wg sync.WaitGroup
	wg.Go(func() { c.poll(ctx, "messages were not made", c.make) })
	for _, channel := range clientbook.Channels {
		wg.Go(func() { newSender(&c, channel).run(ctx) })
	}
	wg.Wait()
}

// make has messages made, and waits for as long as sending them will take: the feed keeps the rest.
func (c *Config) make(ctx context.Context) (more bool, err error) {
	begun := time.Now()
	made, more, err := c.Maker.Run(ctx)
	c.pace(ctx, made, begun)
	return more, err
}

// pace waits until so many messages may have been made or sent since then.
func (c *Config) pace(ctx context.Context, n int, begun time.Time) {
	if wait := time.Duration(n)*c.Pace - time.Since(begun); wait > 0 {
		sleep(ctx, wait)
	}
}

// sleep waits for a while, but not beyond the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// maxTrouble is the longest pause after an error.
const maxTrouble = 10 * time.Second

// poll does some work again and again, at once while there is more of it, else after a pause, which grows while there is trouble.
func (c *Config) poll(ctx context.Context, trouble string, work func(context.Context) (bool, error)) {
	pause := c.Poll
	for ctx.Err() == nil {
		more, err := work(ctx)
		switch {
		case err != nil && ctx.Err() != nil:
			return
		case err != nil:
			c.Log.Warn(trouble, "reason", err.Error())
			pause = min(2*pause, maxTrouble)
		case more:
			pause = c.Poll
			continue
		default:
			pause = c.Poll
		}
		sleep(ctx, pause)
	}
}
