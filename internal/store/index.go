package store

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Figures of the passes that index journals.
const (
	// passEvery is how long a record waits to be indexed. The longer, the more
	// records share a page of the index; the shorter, the fewer are looked
	// through one by one.
	passEvery = time.Second
	// passAgain is when a pass that failed is tried again.
	passAgain = 15 * time.Second
	// passAtOnce is how many records one update indexes: some 10 ms of the
	// writer's time.
	passAtOnce = 4096
	// longTail is how many records may wait. Where no pass runs, or none keeps
	// up, an update that finds so many does one.
	longTail = 50_000
)

// Run does beside the updates what would stop them until ctx ends: it indexes
// the journals soon after they grew, and carries the log over into the file.
// failed is told why it could not. A store without it works, but looks through
// what it has not indexed record by record, and now and then an update takes
// long.
func (s *Store) Run(ctx context.Context, failed func(error)) error {
	var g errgroup.Group
	g.Go(func() error { return s.passes(ctx, failed) })
	g.Go(func() error { return s.checkpoints(ctx, failed) })
	return g.Wait()
}

// passes indexes the journals.
func (s *Store) passes(ctx context.Context, failed func(error)) error {
	timer := time.NewTimer(0) // for what the last process left
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		wait := passEvery
		if err := s.Index(ctx); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // the next process goes on
			}
			failed(err)
			wait = passAgain
		} else {
			select {
			case <-ctx.Done():
				return nil
			case <-s.grown:
			}
		}
		timer.Reset(wait)
	}
}

// Index brings the index of every journal up to its last record.
func (s *Store) Index(ctx context.Context) error {
	select {
	case s.indexing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.indexing }()
	return s.index(ctx)
}

// index is for whoever holds indexing.
func (s *Store) index(ctx context.Context) error {
	for _, t := range s.tables {
		for more := t.journal; more; {
			var err error
			if more, err = s.pass(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// pass indexes some records of a journal, in one update. It tells whether there
// may be more.
func (s *Store) pass(ctx context.Context, t *schema) (more bool, err error) {
	var mark, to int64
	var rows []termRow
	err = s.View(ctx, func(tx *Tx) error {
		var last int64
		if mark, last, err = tx.bounds(t); err != nil {
			return err
		}
		to = min(last, mark+passAtOnce)
		more = to < last
		records, err := tx.unindexed(t, mark, to)
		rows = termRows(records)
		return err
	})
	if err != nil || to <= mark {
		return false, err
	}
	err = s.update(ctx, func(tx *Tx) error {
		if err := tx.writeTerms(t, rows); err != nil {
			return err
		}
		_, err := tx.exec("UPDATE marks SET seq = ? WHERE journal = ?", to, t.name)
		return err
	})
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	s.tails[t.name].indexed(to)
	s.mu.Unlock()
	return more, nil
}

// bounds are the place up to which a journal is indexed and that of its last
// record.
func (tx *Tx) bounds(s *schema) (mark, last int64, err error) {
	err = tx.conn.one("SELECT (SELECT seq FROM marks WHERE journal = ?), (SELECT coalesce(max(seq), 0) FROM "+s.quoted+")", []any{s.name}, &mark, &last)
	return mark, last, tx.note(err)
}

// grow notes the records that a commit brought to the journals.
func (s *Store) grow(records []written) {
	s.mu.Lock()
	for _, r := range records {
		s.tails[r.journal].grow(r.posted)
	}
	s.mu.Unlock()
	select {
	case s.grown <- struct{}{}:
	default:
	}
}

// relieve does what no pass has done, for the caller of an update that finds a
// tail too long. While another does it, the caller goes on. What fails here
// fails again in Run, which tells.
func (s *Store) relieve(ctx context.Context) {
	if !s.behind() {
		return
	}
	select {
	case s.indexing <- struct{}{}:
		defer func() { <-s.indexing }()
		_ = s.index(ctx) // Run tells
	default:
	}
}

func (s *Store) behind() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tails {
		if t.high-t.mark > longTail {
			return true
		}
	}
	return false
}
