package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/store"
)

func TestLockNamesTheFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := store.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Lock(dir)
	var inUse *store.InUseError
	if !errors.As(err, &inUse) || inUse.PID != os.Getpid() {
		t.Fatalf("second Lock = %v, want an InUseError with pid %d", err, os.Getpid())
	}
	if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), dir) {
		t.Errorf("message %q, want one line that names %s", err, dir)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	unlock, err = store.Lock(dir)
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, store.Options{Path: filepath.Join(dir, "store.db")}, &notes)
	if err := putNote(t.Context(), s, "a", "b"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, "store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("mode of %q is %o, want %o", name, got, want)
		}
	}
}
