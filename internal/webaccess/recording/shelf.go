package recording

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/sys/unix"

	"tamachi/internal/id"
)

// Shelf is a folder of recordings. Each has a key of its own, made from the
// shelf's key and its name.
type Shelf struct{ o Options }

// Options is what a Shelf needs.
type Options struct {
	Path string // the folder; made when there is none
	Key  []byte // secret, 32 bytes
	IDs  *id.Source
	// Spare is how many bytes the disk keeps free; 0 is none.
	Spare int64
}

// ErrFull means that the disk has no room for recordings.
var ErrFull = errors.New("the disk has no room for recordings")

// Open opens a folder.
func Open(o Options) (*Shelf, error) {
	if len(o.Key) != 32 {
		return nil, errors.New("a shelf of recordings needs a key of 32 bytes")
	}
	if err := os.MkdirAll(o.Path, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of recordings: %w", err)
	}
	return &Shelf{o}, nil
}

var name = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// at is where a recording lies, and its key.
func (s *Shelf) at(recording string) (path string, key []byte, err error) {
	if !name.MatchString(recording) {
		return "", nil, fmt.Errorf("%q is no name of a recording", recording)
	}
	key, err = hkdf.Key(sha256.New, s.o.Key, nil, "tamachi recording "+recording, 32)
	return filepath.Join(s.o.Path, recording+".tmrec"), key, err
}

// Append begins a recording, or goes on with one; it grows to limit bytes at
// most.
func (s *Shelf) Append(recording string, limit int64) (*Writer, error) {
	path, key, err := s.at(recording)
	if err != nil {
		return nil, err
	}
	w, err := s.append(path, key, limit)
	if err != nil {
		return nil, fmt.Errorf("open recording %s: %w", recording, err)
	}
	return w, nil
}

// Open opens a recording to be read; fs.ErrNotExist when there is none.
func (s *Shelf) Open(recording string) (*Reader, error) {
	path, key, err := s.at(recording)
	if err != nil {
		return nil, err
	}
	r, err := openReader(path, key)
	if err != nil {
		return nil, fmt.Errorf("open recording %s: %w", recording, err)
	}
	return r, nil
}

// Remove removes a recording; one that is not there is no error.
func (s *Shelf) Remove(recording string) error {
	path, _, err := s.at(recording)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove recording %s: %w", recording, err)
	}
	return nil
}

// Room returns ErrFull when the disk has less free than is to be kept so.
func (s *Shelf) Room() error {
	if s.o.Spare == 0 {
		return nil
	}
	var st unix.Statfs_t
	if err := unix.Statfs(s.o.Path, &st); err != nil {
		return fmt.Errorf("look at the disk of recordings: %w", err)
	}
	if int64(st.Bavail)*st.Bsize < s.o.Spare {
		return ErrFull
	}
	return nil
}
