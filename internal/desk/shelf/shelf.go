// Package shelf keeps what the desk must remember between two runs, one small
// file a subject and target, in the user's state folder.
package shelf

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Shelf is the folder of the desk's files.
type Shelf struct{ dir string }

// Target is what a file is about. The endpoint is part of it, for two planes
// may have an account of the same number.
type Target struct{ Account, Region, Endpoint string }

// In returns the shelf in the state folder of the user whose environment is
// given (XDG Base Directory Specification).
func In(getenv func(string) string) (Shelf, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return Shelf{filepath.Join(dir, "tamachi", "desk")}, nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return Shelf{filepath.Join(home, ".local", "state", "tamachi", "desk")}, nil
	}
	return Shelf{}, errors.New("neither XDG_STATE_HOME nor HOME is set, so nothing could be remembered")
}

func (s Shelf) path(subject string, t Target) string {
	sum := sha256.Sum256([]byte(t.Endpoint))
	clean := strings.NewReplacer("/", "", ".", "", "\x00", "").Replace
	return filepath.Join(s.dir, fmt.Sprintf("%s-%s-%s-%s.json", subject, clean(t.Account), clean(t.Region), hex.EncodeToString(sum[:4])))
}

// Read fills v from the file of a subject; found is false where there is none.
func (s Shelf) Read(subject string, t Target, v any) (found bool, err error) {
	path := s.path(subject, t)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what was remembered: %w", err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return false, fmt.Errorf("read what was remembered in %s: %w", path, err)
	}
	return true, nil
}

// Write replaces the file of a subject, whole or not at all. Only its owner may
// read it, and it is on disk when Write returns.
func (s Shelf) Write(subject string, t Target, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		err = replace(s.path(subject, t), b)
	}
	if err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	return nil
}

// Remove forgets a subject. That it was never known is no error.
func (s Shelf) Remove(subject string, t Target) error {
	if err := os.Remove(s.path(subject, t)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

// Replace writes a file that only its owner may read, whole or not at all. It is
// on disk when Replace returns.
func Replace(path string, b []byte) error { return replace(path, b) }

func replace(path string, b []byte) error { return put(path, b, os.Rename) }

// create is replace where nothing is there: fs.ErrExist otherwise, whoever else
// makes it at the same moment.
func create(path string, b []byte) error { return put(path, b, os.Link) }

// put writes a file beside its place and moves it there when it is whole.
func put(path string, b []byte, move func(from, to string) error) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(b); err != nil {
		tmp.Close()
		return err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := move(tmp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
