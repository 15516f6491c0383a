package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"clientbook"
)

// The most changes that one transaction takes, and the most jobs that may wait for the next.
const (
	maxGroup = 256
	maxQueue = 1024
)

// A job is what the writer is asked to do: apply one change, run one function in a transaction of its own, or run one on the
// connection between transactions. Exactly one of the three is set.
type job struct {
	change *clientbook.Change
	update func(clientbook.Tx) error
	raw    func(*conn) error
	err    error
	done   chan struct{}
}

// A writer owns the only connection that writes. Changes that wait are committed together: whoever gets an answer got it after the
// flush that covers its change. No request's context reaches the connection, for an interrupt would undo the neighbours too.
type writer struct {
	store   *Store
	conn    *conn // nil while it can't be opened
	queue   chan *job
	stopped chan struct{}
	commit  func(func() error) error
	group   *group
	broken  bool // the connection can't be trusted; it is opened anew before the next transaction
	commits atomic.Int64
}

var doneChannels = sync.Pool{New: func() any { return make(chan struct{}, 1) }}

func newWriter(s *Store, c *conn, commit func(func() error) error) *writer {
	if commit == nil {
		commit = func(do func() error) error { return do() }
	}
	w := &writer{store: s, conn: c, queue: make(chan *job, maxQueue), stopped: make(chan struct{}), commit: commit}
	w.group = newGroup(c)
	go w.run()
	return w
}

// close ends the writer after the jobs that wait. Nobody may send another.
func (w *writer) close() error {
	close(w.queue)
	<-w.stopped
	if w.conn == nil {
		return nil
	}
	return w.conn.Close()
}

// do hands j to the writer and waits for its outcome; ctx bounds the wait for a place in the queue.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return clientbook.Busy(clientbook.ReasonStore, err)
	}
	j.done = doneChannels.Get().(chan struct{})
	select {
	case w.queue <- j:
	default:
		select {
		case w.queue <- j:
		case <-ctx.Done():
			return clientbook.Busy(clientbook.ReasonStore, ctx.Err())
		}
	}
	<-j.done
	doneChannels.Put(j.done)
	return j.err
}

func (w *writer) run() {
	defer close(w.stopped)
	var members []*job
	for j := range w.queue {
		members = members[:0]
		var next *job
		if w.broken && j.raw == nil {
			j.err = w.reopen()
		}
		switch {
		case j.err != nil:
			j.done <- struct{}{}
			continue
		case j.change != nil:
			members, next = w.together(j, members)
		default:
			next = j
		}
		w.answer(members)
		if next != nil {
			w.alone(next)
			next.done <- struct{}{}
		}
		w.store.check.wake()
	}
}

// together applies first and the changes that wait behind it in one transaction. It gives those changes, whose outcomes are set, and
// the job that ended the group because it is no change.
func (w *writer) together(first *job, members []*job) (group []*job, next *job) {
	members = append(members, first)
	err := w.begin()
	if err == nil {
		first.err = w.group.apply(first.change)
		err = unexpected(first.err)
	}
collect:
	for err == nil && len(members) < maxGroup {
		select {
		case j, ok := <-w.queue:
			if !ok {
				break collect
			}
			if j.change == nil {
				next = j
				break collect
			}
			members = append(members, j)
			j.err = w.group.apply(j.change)
			err = unexpected(j.err)
		default:
			break collect
		}
	}
	if err == nil {
		err = w.group.finish()
	}
	switch {
	case err == nil && w.group.wrote():
		err = w.commitNow()
	case w.rollback() != nil:
		err = errors.Join(err, errors.New("rollback failed"))
	case err == nil:
		return members, next
	default:
		// One of them brought the transaction down; alone, it brings down only itself.
		for _, j := range members {
			j.err = nil
			w.alone(j)
		}
		return members, next
	}
	w.end(members, err)
	return members, next
}

// end sets the outcome of the members whose change was applied when the transaction ended with err.
func (w *writer) end(members []*job, err error) {
	if err == nil {
		return
	}
	w.broken = true
	w.store.log.Error("a transaction failed", "reason", err.Error(), "changes", len(members))
	if e := w.reopen(); e != nil {
		err = errors.Join(err, e)
	}
	for _, j := range members {
		if j.err == nil || unexpected(j.err) != nil {
			j.err = w.outcome(j.change, err)
		}
	}
}

// outcome says what became of a change whose transaction ended with err: its version row is there, or it is not.
func (w *writer) outcome(c *clientbook.Change, err error) error {
	unknown := clientbook.Busy(clientbook.ReasonStore, fmt.Errorf("transaction failed: %w", err))
	if w.broken || c == nil { // c is nil for what is no change of a client
		return unknown
	}
	var hash clientbook.Hash
	found, e := w.conn.one(versionHash, bindClient(c.Book, c.Version.Client, c.Version.Number), func(s stmt) { s.ColumnBytes(0, hash[:]) })
	switch {
	case e != nil:
		w.broken = true
		return unknown
	case found && hash == c.Version.Hash:
		return nil
	}
	return unknown
}

// alone runs one job in a transaction of its own.
func (w *writer) alone(j *job) {
	if j.raw != nil { // works on a full disk too, where reopening ends half-way
		if w.conn == nil || !w.conn.AutocommitEnabled() {
			if j.err = w.reopen(); w.conn == nil {
				return
			}
		}
		j.err = j.raw(w.conn)
		return
	}
	if w.broken {
		if j.err = w.reopen(); j.err != nil {
			return
		}
	}
	if j.err = w.begin(); j.err != nil {
		w.broken = true
		return
	}
	if j.change != nil {
		j.err = w.group.apply(j.change)
	} else {
		w.group.forget()
		j.err = j.update(newTx(w.conn))
	}
	if j.err == nil {
		j.err = w.group.finish()
	}
	if j.err != nil { // nothing of it is stored; after trouble with the file the connection is not trusted either
		if err := w.rollback(); err != nil || clientbook.KindOf(translate(j.err)) == clientbook.KindBusy {
			w.broken = true
		}
		return
	}
	w.end([]*job{j}, w.commitNow())
}

func (w *writer) begin() error {
	w.group.reset()
	return w.conn.exec("BEGIN IMMEDIATE", nil)
}

func (w *writer) rollback() error {
	w.group.forget()
	if w.conn.AutocommitEnabled() { // SQLite rolled back by itself
		return nil
	}
	return w.conn.exec("ROLLBACK", nil)
}

// commitNow issues COMMIT once. After a failure nobody knows what the file holds, so the connection is not used again.
func (w *writer) commitNow() error {
	err := w.commit(func() error { return w.conn.exec("COMMIT", nil) })
	if err == nil {
		w.commits.Add(1)
		w.group.committed()
	}
	return err
}

// reopen replaces the connection. What the log holds is first written into the file and flushed there: after a failed flush the system
// may believe in pages that never reached the disk, and only what is written and flushed again may be called durable.
func (w *writer) reopen() error {
	w.broken = true
	w.group.forget()
	if w.conn != nil {
		if err := w.conn.Close(); err != nil {
			w.store.log.Error("the writing connection did not close", "reason", err.Error())
		}
		w.conn = nil
	}
	c, err := openWriter(w.store.path, w.store.saw)
	if err == nil {
		w.conn, w.group = c, newGroup(c)
		err = checkpoint(c, "FULL", 2*time.Second)
	}
	if err != nil {
		return clientbook.Busy(clientbook.ReasonStore, fmt.Errorf("reopen: %w", err))
	}
	w.broken = false
	return nil
}

func (w *writer) answer(members []*job) {
	for _, j := range members {
		j.done <- struct{}{}
	}
}

// unexpected gives err unless it is a plain refusal, which leaves the transaction as it was.
func unexpected(err error) error {
	switch clientbook.KindOf(err) {
	case clientbook.KindStale, clientbook.KindConflict, clientbook.KindNotFound, clientbook.KindInvalid:
		return nil
	}
	return err
}
