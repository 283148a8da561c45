package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/store"
)

// A copy made while others write holds whole transactions, and all that were
// answered before it began.
func TestSnapshotWhileOthersWrite(t *testing.T) {
	from := filepath.Join(t.TempDir(), "store.db")
	s, err := store.Open(t.Context(), store.Options{Path: from}, &notes)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pair := func(i int) error {
		return s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(
				notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprintf("%05d a", i), Text: "x"}),
				notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprintf("%05d b", i), Text: "x"}),
			)
		})
	}
	const before = 200
	for i := range before {
		if err := pair(i); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var g errgroup.Group
	g.Go(func() error {
		for i := before; ctx.Err() == nil; i++ {
			if err := pair(i); err != nil {
				return err
			}
		}
		return nil
	})
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Snapshot(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %v (%v), want 0600", info.Mode(), err)
	}
	c, err := store.Open(t.Context(), store.Options{Path: to}, &notes)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.View(t.Context(), func(tx *store.Tx) error {
		all, err := notes.List(tx, store.Scope{}, store.Page{})
		if len(all) < 2*before || len(all)%2 != 0 {
			t.Errorf("the copy has %d records, want whole pairs and at least %d", len(all), 2*before)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotRefuses(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	s, err := store.Open(t.Context(), store.Options{Path: good}, &notes)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("not a store, but long enough to be read as a page of one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct{ from, to string }{
		"a file that is not there":    {filepath.Join(dir, "none"), filepath.Join(dir, "a")},
		"a file that is no store":     {text, filepath.Join(dir, "b")},
		"a target that exists":        {good, text},
		"a target in a missing place": {good, filepath.Join(dir, "none", "c")},
	} {
		if err := store.Snapshot(t.Context(), row.from, row.to); err == nil {
			t.Errorf("%s: copied", name)
		}
		if _, err := os.Stat(row.to); err == nil && row.to != text {
			t.Errorf("%s: half a copy is left", name)
		}
	}
}

func TestCheckFindsDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := store.Open(t.Context(), store.Options{Path: path}, &notes)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 2000 {
			if err := notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprintf("%05d", i), Text: "some text"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close(), store.Check(t.Context(), path)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+4096; i++ {
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Check(t.Context(), path); err == nil {
		t.Error("a damaged page was not found")
	}
}
