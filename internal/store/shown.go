package store

import "context"

// Shown is every record of a scope in the order of their keys, as show has it.
func Shown[R, T any](ctx context.Context, st *Store, t *Table[R], sc Scope, show func(*R) T) (out []T, err error) {
	err = st.View(ctx, func(tx *Tx) error {
		list, err := t.List(tx, sc, Page{})
		out = make([]T, 0, len(list))
		for _, r := range list {
			out = append(out, show(r))
		}
		return err
	})
	return out, err
}
