package shelf

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Secret reads the secret of a name, of so many bytes, and makes it where there
// is none. Two processes that make it at once get the same one. Only the owner
// may read the file.
func (s Shelf) Secret(name string, size int, random io.Reader) ([]byte, error) {
	path := filepath.Join(s.dir, name+".key")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = s.invent(path, size, random)
	}
	if err == nil && len(b) != size {
		err = fmt.Errorf("%s holds %d bytes, want %d", path, len(b), size)
	}
	return b, err
}

func (s Shelf) invent(path string, size int, random io.Reader) ([]byte, error) {
	if random == nil {
		return nil, errors.New("nothing random to make a secret of")
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, err
	}
	if err := create(path, b); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path) // another process may have been first
}

// ForgetSecret removes the secret of a name; the next Secret makes another.
func (s Shelf) ForgetSecret(name string) error {
	if err := os.Remove(filepath.Join(s.dir, name+".key")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}
