package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tamachi/internal/store"
)

// Facts are what a backup holds.
type Facts struct {
	Files int
	Bytes int64 // of the files, before compression
}

// Write makes a backup of a data folder in a new file. The plane may run.
func Write(ctx context.Context, data, file string) (facts Facts, err error) {
	if _, err := os.Lstat(file); err == nil {
		return facts, fmt.Errorf("%s exists; a backup overwrites nothing", file)
	}
	if _, err := os.Stat(filepath.Join(data, storeFile)); errors.Is(err, fs.ErrNotExist) {
		return facts, fmt.Errorf("%s is no data folder of a plane: it has no %s", data, storeFile)
	}
	if err := sweep(data); err != nil {
		return facts, err
	}
	stage, err := os.MkdirTemp(data, ".backup-")
	if err != nil {
		return facts, fmt.Errorf("prepare the backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	if err := store.Snapshot(ctx, filepath.Join(data, storeFile), filepath.Join(stage, storeFile)); err != nil {
		return facts, err
	}
	if err := link(ctx, data, stage); err != nil {
		return facts, fmt.Errorf("collect the files: %w", err)
	}
	m, err := survey(ctx, stage)
	if err != nil {
		return facts, fmt.Errorf("read the files: %w", err)
	}
	for _, e := range m.Files {
		facts.Files++
		facts.Bytes += e.Size
	}
	partial := file + ".partial"
	if err := pack(ctx, stage, m, partial); err != nil {
		return facts, errors.Join(fmt.Errorf("write the backup: %w", err), os.Remove(partial))
	}
	if err := verify(ctx, partial); err != nil {
		return facts, errors.Join(fmt.Errorf("read the backup again: %w", err), os.Remove(partial))
	}
	if err := os.Rename(partial, file); err != nil {
		return facts, err
	}
	return facts, syncFolder(filepath.Dir(file))
}

// sweep removes what a backup that was killed left behind a day ago or more.
func sweep(data string) error {
	old, err := filepath.Glob(filepath.Join(data, ".backup-*"))
	if err != nil {
		return err
	}
	for _, stage := range old {
		if info, err := os.Stat(stage); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			if err := os.RemoveAll(stage); err != nil {
				return err
			}
		}
	}
	return nil
}

// skipped are what a backup leaves out: the store, which is copied otherwise,
// the lock, and desktops' volumes, which belong to running desktops.
func skipped(path string) bool {
	top, _, _ := strings.Cut(path, "/")
	return strings.HasPrefix(path, storeFile) || path == "lock" || top == "desktops" || strings.HasPrefix(top, ".backup-")
}

// link gives the stage a hard link to every file of the data folder that is
// kept; a file that is gone by then is no loss.
func link(ctx context.Context, data, stage string) error {
	return filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(data, path)
		if err != nil || rel == "." {
			return err
		}
		switch {
		case skipped(filepath.ToSlash(rel)):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			return os.Mkdir(filepath.Join(stage, rel), 0o700)
		case !d.Type().IsRegular():
			return nil
		}
		err = os.Link(path, filepath.Join(stage, rel))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// survey lists the files of the stage with their sums, the store first.
func survey(ctx context.Context, stage string) (*manifest, error) {
	m := &manifest{Version: version}
	err := filepath.WalkDir(stage, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(stage, path)
		if err != nil {
			return err
		}
		e := entry{Path: filepath.ToSlash(rel)}
		if e.Size, e.SHA256, err = sum(path); err != nil {
			return err
		}
		m.Files = append(m.Files, e)
		return nil
	})
	return m, err
}

func sum(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// pack writes the archive and puts it on the disk.
func pack(ctx context.Context, stage string, m *manifest, file string) (err error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := add(t, manifestFile, int64(len(text)), strings.NewReader(string(text))); err != nil {
		return err
	}
	for _, e := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := addFile(t, stage, e); err != nil {
			return fmt.Errorf("%s: %w", e.Path, err)
		}
	}
	return errors.Join(t.Close(), z.Close(), f.Sync())
}

func addFile(t *tar.Writer, stage string, e entry) error {
	f, err := os.Open(filepath.Join(stage, filepath.FromSlash(e.Path)))
	if err != nil {
		return err
	}
	defer f.Close()
	return add(t, e.Path, e.Size, f)
}

func add(t *tar.Writer, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.CopyN(t, r, size)
	return err
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
