package store

import (
	"context"
	"errors"

	"tamachi/internal/store/wal"
)

const (
	// fullLog is how many pages the log takes in between two checkpoints: 32 MB.
	// It holds each page of the file many times over, so that a checkpoint writes
	// few of them.
	fullLog = 8000
	// longestLog is when an update carries the log over itself, because no Run
	// does.
	longestLog = 2 * fullLog
	frame      = 4096 + 24 // a page in the log (https://sqlite.org/fileformat2.html, "WAL File Format")
)

// checkpoints carries the log over into the file whenever it is full, beside
// the updates: on their path a checkpoint stopped them for some 30 ms each
// 8,000 pages.
func (s *Store) checkpoints(ctx context.Context, failed func(error)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.closing:
			return nil
		case <-s.logged:
		}
		if err := s.checkpoint(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrClosed) {
			failed(err)
		}
	}
}

// checkpoint carries over what is in the log while updates go on, then what
// came meanwhile, which is little, in an update's turn. The log begins anew
// when all of it is carried over.
func (s *Store) checkpoint(ctx context.Context) error {
	s.carried.Store(wal.Written())
	select {
	case c := <-s.keeper:
		err := passive(c)
		s.keeper <- c
		if err != nil {
			return err
		}
	case <-s.closing:
		return ErrClosed
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		return passive(s.writer)
	case <-s.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passive carries over what no reader needs in the log.
func passive(c *conn) error {
	return c.each(func(row) error { return nil }, "PRAGMA wal_checkpoint(PASSIVE)")
}

// filled asks for a checkpoint when the log is full.
func (s *Store) filled() {
	if s.keeper == nil || wal.Written()-s.carried.Load() < fullLog*frame {
		return
	}
	select {
	case s.logged <- struct{}{}:
	default:
	}
}
