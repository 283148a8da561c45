package store

import (
	"context"
	"time"

	"tamachi/internal/clock"
)

// Agenda is a table of the whole plane that says what is due when. Its keys
// begin with the time, so that the first record is the next.
type Agenda[R any] struct {
	Table *Table[R]
	At    func(*R) (time.Time, error)
}

// entriesAtOnce bounds the work of one call of Attend.
const entriesAtOnce = 100

// Attend does the entries whose time has come, one after the other. do removes
// or moves its entry, in a transaction of its own. Attend returns when it wants
// to be called again: when the next is due, now when there were too many for one
// call, and the zero time when nothing is left.
func (a Agenda[R]) Attend(ctx context.Context, st *Store, clk clock.Clock, do func(context.Context, *R) error) (next time.Time, err error) {
	for range entriesAtOnce {
		var first []*R
		err := st.View(ctx, func(tx *Tx) (err error) {
			first, err = a.Table.List(tx, Scope{}, Page{Limit: 1})
			return err
		})
		if err != nil || len(first) == 0 {
			return time.Time{}, err
		}
		at, err := a.At(first[0])
		if err != nil {
			return time.Time{}, err
		}
		if at.After(clk.Now()) {
			return at, nil
		}
		if err := do(ctx, first[0]); err != nil {
			return time.Time{}, err
		}
	}
	return clk.Now(), nil
}
