package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/scrypt"
)

// The cost of a passphrase: 32 MB and about a tenth of a second a try. What a
// ring file says is bounded, so that a damaged one cannot take the memory.
const (
	scryptN, scryptR, scryptP = 1 << 15, 8, 1
	maxScryptN                = 1 << 20
	saltBytes                 = 16
	minPassphrase             = 12
)

// master is a key that wraps the ring, and how it is come by.
type master struct {
	key  []byte
	by   string // the passphrase; empty for a key file
	salt []byte // of a passphrase; nil for a key file
	cost int    // scrypt's N
}

// ReadPassphrase reads a passphrase from a file: its content without the line
// end.
func ReadPassphrase(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the passphrase of the master key: %w", err)
	}
	b = bytes.TrimRight(b, "\r\n")
	if len(b) < minPassphrase {
		return nil, fmt.Errorf("the passphrase in %s is shorter than %d bytes", path, minPassphrase)
	}
	return b, nil
}

// fromPassphrase derives a master key; salt nil makes a new one.
func fromPassphrase(passphrase, salt []byte, cost int) (*master, error) {
	if salt == nil {
		salt, cost = random(saltBytes), scryptN
	}
	if cost < 2 || cost > maxScryptN || cost&(cost-1) != 0 {
		return nil, fmt.Errorf("the ring of keys asks for a scrypt cost of %d", cost)
	}
	key, err := scrypt.Key(passphrase, salt, cost, scryptR, scryptP, keyBytes)
	if err != nil {
		return nil, fmt.Errorf("derive the master key: %w", err)
	}
	return &master{key: key, by: by(passphrase), salt: salt, cost: cost}, nil
}

// fromFile reads a key file; nil without error when there is none. One that
// others can read is refused: it may be nobody's secret any more.
func fromFile(path string) (*master, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the master key in %s can be read by others (mode %o); if nobody did, run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%s is no master key: want %d hexadecimal digits", path, 2*keyBytes)
	}
	return &master{key: key}, nil
}

// replaceFile writes a file whole or not at all, mode 0600, and durable when it
// returns.
func replaceFile(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
