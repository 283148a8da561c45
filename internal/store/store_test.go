package store_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_WRITER"); dir != "" {
		writeUntilKilled(dir)
	}
	if dir := os.Getenv("STORE_TEST_FULL"); dir != "" {
		os.Exit(fillDisk(dir))
	}
	goleak.VerifyTestMain(m)
}

func TestMemory(t *testing.T) {
	storetest.Run(t, func(t *testing.T, o store.Options, defs ...store.Definition) (*store.Store, func() *store.Store) {
		return open(t, o, defs...), nil
	})
}

func TestFile(t *testing.T) {
	fewer(t, 25) // each history opens and syncs real files many times
	var n atomic.Int64
	storetest.Run(t, func(t *testing.T, o store.Options, defs ...store.Definition) (*store.Store, func() *store.Store) {
		// A name with the characters that mean something in a URI.
		o.Path = filepath.Join(t.TempDir(), fmt.Sprintf("a?b#c%%20 %d", n.Add(1)), "store.db")
		s := open(t, o, defs...)
		return s, func() *store.Store {
			if err := s.Close(); err != nil {
				t.Fatalf("close: %v", err)
			}
			s = open(t, o, defs...)
			return s
		}
	})
}

// fewer lowers the number of random histories for one test.
func fewer(t *testing.T, n int) {
	t.Helper()
	before := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
}

func open(t testing.TB, o store.Options, defs ...store.Definition) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o, defs...)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// A function that does something beside its transaction shows it under
// rehearsal: it is called twice, and its writes are there once.
func TestARehearsalCallsEachFunctionTwice(t *testing.T) {
	s := open(t, store.Options{Rehearse: true}, &notes)
	calls := 0
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		calls++
		return notes.Put(tx, store.Scope{}, &note{ID: fmt.Sprint(calls)})
	})
	if err != nil || calls != 2 {
		t.Errorf("called %d times, %v, want 2", calls, err)
	}
	err = s.View(t.Context(), func(tx *store.Tx) error {
		all, err := notes.List(tx, store.Scope{}, store.Page{})
		if len(all) != 1 || all[0].ID != "2" {
			t.Errorf("got %d records, want what the second call wrote", len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
