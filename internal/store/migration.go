package store

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Migration changes the stored form of a table's records, once in the life of a
// store. A table's list of migrations only grows at its end: a store remembers
// which it has behind it, and one that remembers others is refused.
type Migration struct {
	Name string // "split the owner from the name"; never changed
	// Do returns the record in its new form. It sees every record once, in no
	// order, in the transaction that opens the store.
	Do func(old json.RawMessage) (json.RawMessage, error)
}

func names(moves []Migration) []string {
	out := make([]string, 0, len(moves))
	for _, m := range moves {
		out = append(out, m.Name)
	}
	return out
}

// carry brings a table's records through the migrations that are not done, and
// tells whether there were any.
func carry(c *conn, t *schema, done []string) (bool, error) {
	all := names(t.moves)
	if len(done) > len(all) || !slices.Equal(done, all[:len(done)]) {
		return false, fmt.Errorf("%w: it has the migrations %q behind it, this version knows %q", ErrFormat, done, all)
	}
	left := t.moves[len(done):]
	if len(left) == 0 {
		return false, nil
	}
	return true, rewrite(c, t, "data = ?", func(data string) ([]any, error) {
		record := json.RawMessage(data)
		for _, m := range left {
			next, err := m.Do(record)
			if err != nil {
				return nil, fmt.Errorf("migration %q: %w", m.Name, err)
			}
			record = next
		}
		return []any{string(record)}, nil
	})
}
