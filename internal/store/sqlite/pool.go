package sqlite

import (
	"context"
	"errors"
	"sync"

	"clientbook"
)

// A pool holds the reading connections that are free. The one that came back last goes out first, for its cache is the warmest.
type pool struct {
	free  chan struct{} // one for each connection in conns
	mu    sync.Mutex
	conns []*conn
}

// newPool gives an empty pool for up to n connections.
func newPool(n int) *pool { return &pool{free: make(chan struct{}, n)} }

func (p *pool) put(c *conn) {
	p.mu.Lock()
	p.conns = append(p.conns, c)
	p.mu.Unlock()
	p.free <- struct{}{}
}

// take waits for a connection until ctx is done.
func (p *pool) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, clientbook.Busy(clientbook.ReasonStore, err)
	}
	select {
	case <-p.free:
	default:
		select {
		case <-p.free:
		case <-ctx.Done():
			return nil, clientbook.Busy(clientbook.ReasonStore, ctx.Err())
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.conns) - 1
	c := p.conns[last]
	p.conns = p.conns[:last]
	return c, nil
}

// close closes the connections, which all must be free.
func (p *pool) close() error {
	var errs []error
	for _, c := range p.conns {
		errs = append(errs, c.Close())
	}
	p.conns = nil
	return errors.Join(errs...)
}
