package house

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// secretSize is that of HMAC-SHA256's keys.
const secretSize = 32

// secret reads a key of the data folder, and makes it where it is not there.
func secret(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	if err == nil && len(key) == secretSize {
		return key, nil
	}
	if err == nil {
		return nil, fmt.Errorf("read %s: want %d bytes, got %d; remove it to have a new one made", path, secretSize, len(key))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	key = randomKey()
	if err := replace(path, string(key)); err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return key, nil
}

func randomKey() []byte {
	key := make([]byte, secretSize)
	_, _ = rand.Read(key) // never fails
	return key
}
