package morning

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Journal is what a repair has set out to do. It is on disk before the first
// desktop is terminated: a desktop that is gone is known to nobody else, and
// its user would be forgotten if the repair were broken off.
type Journal struct {
	Begun time.Time     `json:"begun"`
	Items []Replacement `json:"items"`
}

// Shelf is the place of the journals, one a repair target.
type Shelf struct {
	Dir string
}

// StateDir is the folder in which the desk keeps what it must remember between
// two runs (XDG Base Directory Specification).
func StateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tamachi"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "tamachi"), nil
	}
	return "", errors.New("neither XDG_STATE_HOME nor HOME is set, so a repair could not be remembered")
}

// path keeps the repairs of different endpoints apart: two planes may have an
// account of the same number.
func (s Shelf) path(account, region, endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return filepath.Join(s.Dir, fmt.Sprintf("morning-%s-%s-%s.json",
		filepath.Base(account), filepath.Base(region), hex.EncodeToString(sum[:4])))
}

// Read returns the journal of a repair that did not end, or nil.
func (s Shelf) Read(f *Facts) (*Journal, error) {
	path := s.path(f.Account, f.Region, f.Endpoint)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the repair's journal: %w", err)
	}
	j := new(Journal)
	if err := json.Unmarshal(b, j); err != nil {
		return nil, fmt.Errorf("read the repair's journal %s: %w", path, err)
	}
	return j, nil
}

// Write keeps a journal, or removes it when nothing is left to do. It is
// durable when Write returns.
func (s Shelf) Write(p *Plan, j *Journal) error {
	path := s.path(p.Account, p.Region, p.Endpoint)
	if j == nil || len(j.Items) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the repair's journal: %w", err)
		}
		return nil
	}
	b, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return fmt.Errorf("write the repair's journal: %w", err)
	}
	if err := keep(path, b); err != nil {
		return fmt.Errorf("write the repair's journal: %w", err)
	}
	return nil
}

// keep writes a file that only its owner may read, whole or not at all.
func keep(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
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
	return os.Rename(tmp.Name(), path)
}
