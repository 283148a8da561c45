package store

import (
	"fmt"
	"testing"
)

// LongTail is how many records a journal may have that are not indexed.
const LongTail = longTail

// LimitPages makes SQLite refuse to grow beyond n pages, as a full disk would.
func (s *Store) LimitPages(t *testing.T, n int) {
	t.Helper()
	var got int
	if err := s.writer.one(fmt.Sprintf("PRAGMA max_page_count = %d", n), nil, &got); err != nil || got != n {
		t.Fatalf("limit to %d pages: %d, %v", n, got, err)
	}
}
