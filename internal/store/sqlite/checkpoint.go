package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// The log is copied into the database file when it has grown by checkpointPages, by a connection of its own while the writer goes on.
// When it is longer than maxLogPages none the less, the writer pauses while the rest is copied, and the log begins anew.
const (
	checkpointPages = 16 << 10 // 64 MiB: most of what a write costs are pages that tokens fall on at random, and the longer the log, the more fall together
	maxLogPages     = 2 * checkpointPages
)

// A checkpointer keeps the log bounded, off the commit path.
type checkpointer struct {
	store  *Store
	conn   *conn
	index  *os.File // the log's index, shared memory
	signal chan struct{}
	stop   context.CancelFunc
	wait   sync.WaitGroup
	done   uint32 // pages of the log that were copied
}

func newCheckpointer(s *Store) (*checkpointer, error) {
	c, err := openWriter(s.path, nil)
	if err != nil {
		return nil, err
	}
	index, err := os.Open(s.path + "-shm")
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &checkpointer{store: s, conn: c, index: index, signal: make(chan struct{}, 1), stop: stop}
	p.wait.Go(func() { p.run(ctx) })
	return p, nil
}

// wake says that something was committed.
func (p *checkpointer) wake() {
	if p == nil {
		return
	}
	select {
	case p.signal <- struct{}{}:
	default:
	}
}

func (p *checkpointer) close() error {
	p.stop()
	p.wait.Wait()
	return errors.Join(p.index.Close(), p.conn.Close())
}

func (p *checkpointer) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.signal:
		}
		if err := p.look(ctx); err != nil && ctx.Err() == nil {
			p.store.log.Error("checkpoint failed", "reason", err.Error())
			select { // the log grows meanwhile; nothing is lost
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (p *checkpointer) look(ctx context.Context) error {
	pages, err := p.logPages()
	if err != nil {
		return err
	}
	if pages < p.done { // the log began anew
		p.done = 0
	}
	if pages-p.done < checkpointPages {
		return nil
	}
	// What was written while the last pass was under way is copied by the next, which is shorter: so little is left for the pause.
	for range 4 {
		left := pages - p.done
		if err := checkpoint(p.conn, "PASSIVE", 0); err != nil {
			return err
		}
		p.done = pages
		if pages, err = p.logPages(); err != nil {
			return err
		}
		if pages < maxLogPages || pages-p.done > left/2 {
			break
		}
	}
	if pages < maxLogPages {
		return nil
	}
	return p.store.writer.do(ctx, &job{raw: func(*conn) error {
		err := checkpoint(p.conn, "RESTART", 100*time.Millisecond)
		if errors.Is(err, errReaders) { // it is tried again when as much has been written again
			err = nil
		}
		p.done, _ = p.logPages() // the number stays until the next write
		return err
	}})
}

// logPages gives the number of pages in the log: mxFrame of the index header (SQLite, "WAL-mode File Format", 2.1).
func (p *checkpointer) logPages() (uint32, error) {
	var b [4]byte
	if _, err := p.index.ReadAt(b[:], 16); err != nil {
		return 0, fmt.Errorf("read the log's index: %w", err)
	}
	return binary.NativeEndian.Uint32(b[:]), nil
}

var errReaders = errors.New("readers hold the log")

// checkpoint copies the log into the database file and flushes it. PASSIVE waits for nobody; FULL and RESTART wait up to wait for
// the readers of the log and give errReaders if one stays.
func checkpoint(c *conn, mode string, wait time.Duration) error {
	c.SetBusyTimeout(wait)
	defer c.SetBusyTimeout(5 * time.Second)
	var busy bool
	if _, err := c.one("PRAGMA wal_checkpoint("+mode+")", nil, func(s stmt) { busy = s.ColumnBool(0) }); err != nil {
		return err
	}
	if busy && mode != "PASSIVE" {
		return errReaders
	}
	return nil
}
