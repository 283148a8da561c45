package local_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/network"
)

// A backup that somebody starts, or destroys, must not reach what runs.
func TestACopyOfAFolderEndsNoDesktop(t *testing.T) {
	h := open(t)
	h.create(t, one)
	settings, err := os.ReadFile(filepath.Join(h.options.Dir, "folder.json"))
	if err != nil {
		t.Fatal(err)
	}
	o := h.options
	o.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(o.Dir, "folder.json"), settings, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := local.Open(t.Context(), o)
	if err == nil {
		p.Close()
	}
	if !errors.Is(err, network.ErrCopied) {
		t.Errorf("open a copy: want %v, got %v", network.ErrCopied, err)
	}
	if d, err := h.Inspect(t.Context(), one); err != nil || d.State != desktops.Running {
		t.Errorf("the original's desktop: want it RUNNING, got %+v, %v", d, err)
	}
}
