package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
)

// maxBatch bounds how many updates share one commit, so that none waits long.
const maxBatch = 256

// request is an Update that waits for its commit.
type request struct {
	ended   func() error      // the caller's ctx.Err: it is over before it began
	fns     []func(*Tx) error // the update's own function, then those Alongside
	done    chan struct{}     // closed when the fields below are final
	err     error
	panic   string // what the function panicked with, and where; else empty
	running bool   // the function is being called
}

// Update runs fn in a transaction and returns nil when its effect is durable.
// When fn returns an error the transaction leaves nothing behind and Update
// returns that error; ErrNoSpace when the disk is full. A context that ends
// before fn began gives its error; later it changes nothing. A panic of fn
// rolls back and goes on in the caller. fn may be called again when its first
// transaction could not be kept.
//
// There is no goroutine that writes: of the updates that wait, one leads. It
// runs all that are waiting and commits once.
func (s *Store) Update(ctx context.Context, fn func(tx *Tx) error) error {
	if err := s.update(ctx, append([]func(*Tx) error{fn}, besides(ctx)...)...); err != nil {
		return err
	}
	s.relieve(ctx)
	return nil
}

// update runs functions in one transaction.
func (s *Store) update(ctx context.Context, fns ...func(*Tx) error) error {
	r := &request{ended: ctx.Err, fns: fns, done: make(chan struct{})}
	if err := s.enqueue(r); err != nil {
		return err
	}
	for {
		select {
		case <-r.done:
			return r.outcome()
		case s.turn <- struct{}{}:
			s.lead()
		case <-ctx.Done():
			if s.withdraw(r) {
				return ctx.Err()
			}
			<-r.done
			return r.outcome()
		}
	}
}

type besideKey struct{}

// Alongside returns a context under which every Update also runs fn, after its
// own function and in the same transaction: both take effect, or neither. The
// gate puts the trail record of a call there.
func Alongside(ctx context.Context, fn func(tx *Tx) error) context.Context {
	outer := besides(ctx)
	fns := append(slices.Clip(outer), fn)
	return context.WithValue(ctx, besideKey{}, fns)
}

func besides(ctx context.Context) []func(*Tx) error {
	fns, _ := ctx.Value(besideKey{}).([]func(*Tx) error)
	return fns
}

func (r *request) outcome() error {
	if r.panic != "" {
		panic(r.panic)
	}
	return r.err
}

func (s *Store) enqueue(r *request) error {
	if err := r.ended(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.queue = append(s.queue, r)
	return nil
}

// withdraw takes a request back that nobody has begun.
func (s *Store) withdraw(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, q := range s.queue {
		if q == r {
			s.queue = append(s.queue[:i:i], s.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead writes what is waiting, and gives the turn back.
func (s *Store) lead() {
	defer func() { <-s.turn }()
	if batch := s.take(maxBatch); len(batch) > 0 { // else another leader was quicker
		s.commit(batch, true)
	}
}

// take returns up to n of the requests that wait.
func (s *Store) take(n int) []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	n = min(n, len(s.queue))
	batch := s.queue[:n:n]
	s.queue = s.queue[n:]
	return batch
}

// commit runs the batch and answers every request of it. While it is open,
// those that come meanwhile may join.
func (s *Store) commit(batch []*request, open bool) {
	finished := false
	defer func() {
		if !finished { // a function called runtime.Goexit, as t.FailNow does
			s.commitOthers(batch)
		}
	}()
	began, err := s.together(&batch, open, false)
	if errors.Is(err, errRedo) {
		began, err = s.together(&batch, false, true)
	}
	finished = true
	if err != nil && began && len(batch) > 1 {
		// All is rolled back, perhaps for the sake of one that the disk has no
		// room for. Each again on its own, so that one failure stays one.
		for i := range batch {
			s.commit(batch[i:i+1], false)
		}
		return
	}
	for _, r := range batch {
		if err != nil && r.err == nil {
			r.err = err
		}
		close(r.done)
	}
}

// commitOthers answers the request whose function ended its goroutine, and
// commits the rest of the batch.
func (s *Store) commitOthers(batch []*request) {
	var others []*request
	for _, r := range batch {
		if !r.running {
			others = append(others, r)
			continue
		}
		r.err = errExited
		close(r.done)
	}
	s.commit(others, false)
}

// errRedo says that one of a batch failed after it had written, or that this
// was the rehearsal.
var errRedo = errors.New("run the batch again, each update in a savepoint")

// together runs the batch in one SQLite transaction. An error means that the
// transaction is gone, or never began, and none of the batch took effect. The
// commit costs more than the updates, so an open batch takes in what came while
// it ran.
//
// Savepoints cost a seventh of an update (two statements, and a copy of every
// page that is written), and few updates fail after a write: so the batch runs
// without them, and when one does fail, once more with them.
func (s *Store) together(list *[]*request, open, savepoints bool) (began bool, err error) {
	if _, err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return false, fmt.Errorf("begin transaction: %w", err)
	}
	committed := false
	defer func() {
		if !committed {
			_, _ = s.writer.exec("ROLLBACK") // may be gone already
		}
	}()
	kept, b := 0, &batch{head: s.head}
	for i := 0; ; i++ {
		if i == len(*list) && open {
			runtime.Gosched() // let those through that are about to ask
			*list = append(*list, s.take(maxBatch-i)...)
		}
		if i == len(*list) {
			break
		}
		r := (*list)[i]
		before := b.mark()
		tx, err := s.attempt(r, b, savepoints)
		if err != nil {
			return true, err
		}
		if r.err == nil && r.panic == "" {
			kept++
			continue
		}
		b.forget(before)
		if tx.wrote && !savepoints {
			if len(*list) == 1 {
				return true, nil // rolled back; there is nothing else
			}
			return true, errRedo
		}
	}
	if kept == 0 {
		return true, nil
	}
	if s.rehearse && !savepoints {
		return true, errRedo
	}
	if err := s.writeFeed(b.feed); err != nil {
		return true, err
	}
	if _, err := s.writer.exec("COMMIT"); err != nil {
		return true, fmt.Errorf("commit: %w", err)
	}
	committed = true
	s.head = b.head
	s.filled()
	if len(b.posted) > 0 {
		s.grow(b.posted)
	}
	if len(b.feed) > 0 {
		s.moves(b.feed)
	}
	return true, nil
}

// attempt runs one request and notes its outcome. An error means that SQLite
// has given up the whole transaction.
func (s *Store) attempt(r *request, b *batch, savepoint bool) (*Tx, error) {
	tx := &Tx{store: s, conn: s.writer, writable: true, batch: b}
	r.panic, r.err = "", r.ended()
	if r.err == nil && savepoint {
		return tx, s.inSavepoint(tx, r)
	}
	if r.err == nil {
		r.running = true
		r.panic, r.err = tx.call(r.fns)
		r.running = false
	}
	return tx, tx.broken
}

func (s *Store) inSavepoint(tx *Tx, r *request) error {
	if _, err := s.writer.exec("SAVEPOINT one"); err != nil {
		return err
	}
	r.running = true
	r.panic, r.err = tx.call(r.fns)
	r.running = false
	if r.err != nil || r.panic != "" {
		if _, err := s.writer.exec("ROLLBACK TO one"); err != nil {
			if tx.broken != nil {
				return tx.broken // the reason, not the missing savepoint
			}
			return err
		}
	}
	_, err := s.writer.exec("RELEASE one")
	return err
}

// call runs the functions in order and stops at the first error. A statement
// that SQLite refused fails the transaction, even if the function went on.
func (tx *Tx) call(fns []func(*Tx) error) (panicked string, err error) {
	defer func() {
		tx.conn = nil
		if v := recover(); v != nil {
			panicked = fmt.Sprintf("store: a transaction function panicked: %v\n%s", v, debug.Stack())
		}
	}()
	for _, fn := range fns {
		if err := fn(tx); err != nil {
			return "", err
		}
		if tx.broken != nil {
			return "", tx.broken
		}
	}
	return "", nil
}
