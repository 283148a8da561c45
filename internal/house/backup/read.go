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
	"os"
	"path/filepath"

	"tamachi/internal/store"
)

const (
	manifestFile = "manifest.json"
	// maxManifest bounds what is read of a file that is no backup.
	maxManifest = 256 << 20
)

// ErrDamaged reports a file that is no backup, or not a whole one.
var ErrDamaged = errors.New("this is no whole backup")

// Read makes a data folder of a backup. The folder must not exist, or be empty;
// it appears whole or not at all.
func Read(ctx context.Context, file, data string) (facts Facts, err error) {
	if err := vacant(data); err != nil {
		return facts, err
	}
	stage := data + ".restoring"
	if err := os.Mkdir(stage, 0o700); err != nil {
		return facts, fmt.Errorf("prepare the data folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(stage))
		}
	}()
	facts, err = each(ctx, file, func(e entry, r io.Reader) error { return unpack(stage, e, r) })
	if err != nil {
		return facts, err
	}
	if err := store.Check(ctx, filepath.Join(stage, storeFile)); err != nil {
		return facts, err
	}
	if err := os.Remove(data); err != nil && !errors.Is(err, os.ErrNotExist) {
		return facts, err
	}
	if err := os.Rename(stage, data); err != nil {
		return facts, err
	}
	return facts, syncFolder(filepath.Dir(data))
}

// verify reads a backup and compares every file with the manifest.
func verify(ctx context.Context, file string) error {
	_, err := each(ctx, file, func(_ entry, r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	return err
}

// vacant refuses a folder that holds anything.
func vacant(data string) error {
	found, err := os.ReadDir(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("%s is not empty; a backup is restored into a new folder", data)
	}
	return nil
}

// each calls f with every file of a backup and compares what f read with the
// manifest.
func each(ctx context.Context, file string, f func(e entry, r io.Reader) error) (facts Facts, err error) {
	in, err := os.Open(file)
	if err != nil {
		return facts, err
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		return facts, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	t := tar.NewReader(z)
	m, err := readManifest(t)
	if err != nil {
		return facts, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for _, want := range m.Files {
		if err := ctx.Err(); err != nil {
			return facts, err
		}
		h, err := t.Next()
		if err != nil {
			return facts, fmt.Errorf("%w: %s: %w", ErrDamaged, want.Path, err)
		}
		if h.Name != want.Path || h.Size != want.Size || h.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(h.Name)) {
			return facts, fmt.Errorf("%w: %s is not the file that the manifest names", ErrDamaged, h.Name)
		}
		digest := sha256.New()
		if err := f(want, io.TeeReader(t, digest)); err != nil {
			return facts, fmt.Errorf("%s: %w", want.Path, err)
		}
		if hex.EncodeToString(digest.Sum(nil)) != want.SHA256 {
			return facts, fmt.Errorf("%w: %s has changed", ErrDamaged, want.Path)
		}
		facts.Files++
		facts.Bytes += want.Size
	}
	if _, err := t.Next(); !errors.Is(err, io.EOF) {
		return facts, fmt.Errorf("%w: it goes on after the last file", ErrDamaged)
	}
	if _, err := io.Copy(io.Discard, z); err != nil { // the gzip checksum
		return facts, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return facts, nil
}

func readManifest(t *tar.Reader) (*manifest, error) {
	h, err := t.Next()
	if err != nil {
		return nil, err
	}
	if h.Name != manifestFile || h.Size > maxManifest {
		return nil, errors.New("it has no manifest")
	}
	var m manifest
	if err := json.NewDecoder(t).Decode(&m); err != nil {
		return nil, err
	}
	if m.Version != version {
		return nil, fmt.Errorf("its format is %d, this version knows %d", m.Version, version)
	}
	return &m, nil
}

func unpack(stage string, e entry, r io.Reader) (err error) {
	path := filepath.Join(stage, filepath.FromSlash(e.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return f.Sync()
}
