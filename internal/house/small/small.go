// Package small holds the program that runs inside of desktops. The product
// itself can be that program too, but it is fifteen times as large, and each of
// the five processes that a start of a desktop begins would pay for that.
package small

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"tamachi/internal/house/guest"
)

// built is where `make` puts the program.
//
//go:embed program
var built embed.FS

// file is the program there.
const file = "program/dist/tamachi-desktop.gz"

// ErrAbsent says that the product was built without its small program.
var ErrAbsent = errors.New("the small program of desktops was not built in")

// trial is how long the program may take to say its version.
const trial = time.Minute

// Place puts the program into a folder, under a name of its content, and returns
// its path. It was run there once: a folder in which nothing may be run, or a
// program of another version than the product's, is an error, and the product
// itself does.
func Place(ctx context.Context, folder, version string) (string, error) {
	packed, err := built.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrAbsent
	}
	if err != nil {
		return "", err
	}
	return place(ctx, packed, folder, version)
}

func place(ctx context.Context, packed []byte, folder, version string) (string, error) {
	sum := sha256.Sum256(packed)
	path := filepath.Join(folder, "tamachi-desktop-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := unpack(packed, folder, path); err != nil {
			return "", fmt.Errorf("place the small program: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, trial)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, guest.Version).Output()
	if err != nil {
		return "", fmt.Errorf("try the small program: %w", err)
	}
	if got := strings.TrimSpace(string(out)); got != version {
		return "", fmt.Errorf("the small program is of version %q, the product of %q; build both with make", got, version)
	}
	return path, nil
}

// unpack writes the program whole or not at all, and removes those of other
// versions: desktops that run hold theirs.
func unpack(packed []byte, folder, path string) error {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	program, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "tamachi-desktop-*"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return renameio.WriteFile(path, program, 0o755, renameio.WithStaticPermissions(0o755))
}
