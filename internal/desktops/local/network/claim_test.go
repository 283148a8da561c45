package network

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestACopyOfAFolderDoesNotGetItsBridge(t *testing.T) {
	needRoot(t)
	prefix, err := Choose("fffffc")
	if err != nil {
		t.Fatal(err)
	}
	n, err := New("fffffc", prefix)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Lower(); err != nil {
			t.Error(err)
		}
	})
	parent := t.TempDir()
	folder, moved, copied := filepath.Join(parent, "a"), filepath.Join(parent, "b"), filepath.Join(parent, "c")
	long := filepath.Join(parent, strings.Repeat("d", 250))
	for _, dir := range []string{folder, copied, long} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	raise := func(when, folder string, want error) {
		t.Helper()
		if err := n.Raise(4566, folder); !errors.Is(err, want) {
			t.Errorf("%s: want %v, got %v", when, want, err)
		}
	}
	raise("the folder", folder, nil)
	raise("the folder again", folder, nil)
	raise("a copy beside it", copied, ErrCopied)
	if err := os.Rename(folder, moved); err != nil {
		t.Fatal(err)
	}
	raise("the folder after it was moved", moved, nil)
	raise("a copy of the moved folder", copied, ErrCopied)
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	raise("a copy whose original is gone", copied, nil)
	if err := os.Remove(copied); err != nil {
		t.Fatal(err)
	}
	raise("a folder with a path too long for the mark", long, nil)
	raise("a copy of that", parent, ErrCopied)
	raise("a folder that is not there", filepath.Join(parent, "none"), os.ErrNotExist)
}
