package store

import (
	"path/filepath"
	"testing"
)

// TestWriterSyncs holds the settings on which "durable before the answer"
// rests: a kill of the process does not show a missing fsync, only a power
// failure would.
func TestWriterSyncs(t *testing.T) {
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "store.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var synchronous int
	var journal string
	if err := s.writer.one("PRAGMA synchronous", nil, &synchronous); err != nil || synchronous != 2 {
		t.Errorf("synchronous is %d (%v), want 2 (FULL)", synchronous, err)
	}
	if err := s.writer.one("PRAGMA journal_mode", nil, &journal); err != nil || journal != "wal" {
		t.Errorf("journal_mode is %s (%v), want wal", journal, err)
	}
}
