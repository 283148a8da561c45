package store

import (
	"context"
	"fmt"
)

// View runs fn over one moment of the store; writes made meanwhile are not
// seen. Views run beside each other and beside updates. It returns what fn
// returned.
func (s *Store) View(ctx context.Context, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, done, err := s.borrow(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := c.exec("BEGIN"); err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	tx := &Tx{store: s, conn: c}
	defer func() {
		tx.conn = nil
		_, _ = c.exec("ROLLBACK")
	}()
	return fn(tx)
}

// borrow returns a connection to read with and the function that gives it
// back. In memory there is one connection, and readers take turns with it.
func (s *Store) borrow(ctx context.Context) (*conn, func(), error) {
	if s.readers == nil {
		select {
		case s.turn <- struct{}{}:
			return s.writer, func() { <-s.turn }, nil
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-s.closing:
			return nil, nil, ErrClosed
		}
	}
	select {
	case c := <-s.readers:
		return c, func() { s.readers <- c }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-s.closing:
		return nil, nil, ErrClosed
	}
}
