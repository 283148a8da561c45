package shelf

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// TestAJournalIsReplaced is a journal that somebody makes shorter while others
// have it open to read or want to write.
func TestAJournalIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	if err := Create(path, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	old, err := os.OpenFile(path, os.O_RDWR, 0) // by somebody who is about to take it
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := current(old, path); err != nil {
		t.Errorf("want the file that is there, got %v", err)
	}
	j, _, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("want it in use, got %v", err)
	}
	if err := j.Replace(3); err != nil {
		t.Fatal(err)
	}
	if err := current(old, path); !errors.Is(err, ErrInUse) {
		t.Errorf("want who has the old file sent away, got %v", err)
	}
	j, lines, err := Open(path)
	if err != nil || len(lines) != 1 {
		t.Fatalf("want one line, got %q, %v", lines, err)
	}
	if err := errors.Join(j.Append(4), j.Close()); err != nil {
		t.Fatal(err)
	}
	if lines, err = Lines(path); err != nil || !slices.EqualFunc(lines, []string{"3\n", "4\n"}, func(b []byte, s string) bool { return string(b) == s }) {
		t.Errorf("want 3 and 4, got %q, %v", lines, err)
	}
}

func TestOnlyTheLatestAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	for i := range 10 {
		j, lines, err := Latest(path, 2)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && (len(lines) == 0 || string(lines[len(lines)-1]) != strconv.Itoa(i-1)+"\n" || len(lines) > 3) {
			t.Errorf("want the newest, three at most, before %d, got %q", i, lines)
		}
		if err := errors.Join(j.Append(i), j.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
