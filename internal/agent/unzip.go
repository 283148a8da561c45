package agent

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Bounds on a package, so that a small file cannot fill the disk.
const (
	mostEntries  = 20_000
	mostUnzipped = 4 << 30
)

// unzip extracts an archive below a folder. Names that lead out of it, links
// and devices are refused before anything is written.
func unzip(archive *zip.Reader, to string) error {
	if len(archive.File) > mostEntries {
		return fmt.Errorf("the archive has %d entries, more than this agent takes", len(archive.File))
	}
	room := uint64(mostUnzipped)
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		mode := f.Mode()
		switch {
		case name == "" || !filepath.IsLocal(name) || strings.ContainsAny(name, "\\\x00"):
			return fmt.Errorf("the archive's entry %q leads out of its folder", f.Name)
		case !mode.IsDir() && !mode.IsRegular():
			return fmt.Errorf("the archive's entry %q is no plain file", f.Name)
		case f.UncompressedSize64 > room:
			return errTooLarge
		}
		room -= f.UncompressedSize64
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range archive.File {
		if err := extract(root, f); err != nil {
			return fmt.Errorf("extract %q: %w", f.Name, err)
		}
	}
	return nil
}

func extract(root *os.Root, f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	if f.Mode().IsDir() {
		if err := root.MkdirAll(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	}
	body, err := f.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	mode := fs.FileMode(0o644)
	if f.Mode()&0o100 != 0 {
		mode = 0o755
	}
	// The size in the header was counted: more than that is refused.
	return writeBelow(root, name, mode, body, int64(f.UncompressedSize64))
}
