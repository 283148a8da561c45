package small

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packed is a program that says its version.
func packed(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheSmallProgramIsPlacedAndTried(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "program")
	one := packed(t, "#!/bin/sh\necho 1.0\n")
	path, err := place(t.Context(), one, dir, "1.0")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := place(t.Context(), one, dir, "1.0"); err != nil || again != path {
		t.Errorf("a second time: want %s, got %s, %v", path, again, err)
	}
	for _, row := range []struct {
		name, program, want string
	}{
		{"one of another version", "#!/bin/sh\necho 2.0\n", "build both with make"},
		{"one that cannot be run", "#!/nonexistent\n", "try the small program"},
		{"one that fails", "#!/bin/sh\nexit 3\n", "try the small program"},
	} {
		if got, err := place(t.Context(), packed(t, row.program), dir, "1.0"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: want an error with %q, got %q, %v", row.name, row.want, got, err)
		}
	}
	if _, err := place(t.Context(), []byte("no archive"), dir, "1.0"); err == nil {
		t.Error("what is no archive: want an error, got none")
	}
	two, err := place(t.Context(), packed(t, "#!/bin/sh\necho 1.0 # newer\n"), dir, "1.0")
	if err != nil || two == path {
		t.Fatalf("a newer one: want another path than %s, got %s, %v", path, two, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != filepath.Base(two) {
		t.Errorf("want the newer one alone, got %v, %v", left, err)
	}
}
