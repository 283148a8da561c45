package shelf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrInUse is a journal that another process writes.
var ErrInUse = errors.New("another process is at work on it")

// Journal is a file of JSON lines that only grows. A line is on disk when
// Append returns; a line that a crash tore is dropped when it is opened again.
type Journal struct{ f *os.File }

// Folder is the path of a folder of journals on the shelf.
func (s Shelf) Folder(name string) string { return filepath.Join(s.dir, name) }

// Create makes a journal with its first lines, whole or not at all, and fails
// with fs.ErrExist where there is one.
func Create(path string, lines ...any) error {
	b, err := encode(lines)
	if err != nil {
		return err
	}
	return create(path, b)
}

func encode(lines []any) ([]byte, error) {
	var b []byte
	for _, v := range lines {
		line, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("encode a line: %w", err)
		}
		b = append(append(b, line...), '\n')
	}
	return b, nil
}

// Open takes a journal for this process alone until Close, or until the process
// ends, and hands over the lines that it holds.
func Open(path string) (*Journal, [][]byte, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err == nil {
		err = current(f, path)
	}
	var lines [][]byte
	if err == nil {
		lines, err = settle(f)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open %s: %w", path, err), f.Close())
	}
	return &Journal{f}, lines, nil
}

// current tells of a file that another process has replaced since it was opened:
// what is added to it nobody would read. Whoever wanted it comes too late, as
// while the other was at work.
func current(f *os.File, path string) error {
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !os.SameFile(mine, there) {
		return ErrInUse
	}
	return nil
}

// Replace puts other lines in the place of those that the journal holds, whole or
// not at all, and closes it. They are on disk when it returns.
func (j *Journal) Replace(lines ...any) error {
	b, err := encode(lines)
	if err == nil {
		err = replace(j.f.Name(), b)
	}
	return errors.Join(err, j.Close())
}

// Latest opens a journal of which the newest lines count, and makes it where there
// is none. One that holds twice as many as most is cut to the newest of them first.
func Latest(path string, most int) (*Journal, [][]byte, error) {
	if err := Create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, nil, err
	}
	j, lines, err := Open(path)
	if err != nil || len(lines) < 2*most {
		return j, lines, err
	}
	var left []any
	for _, b := range lines[len(lines)-most:] {
		left = append(left, json.RawMessage(b))
	}
	if err := j.Replace(left...); err != nil {
		return nil, nil, err
	}
	return Open(path)
}

// settle cuts off what follows the last whole line and goes to the end.
func settle(f *os.File) ([][]byte, error) {
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	if whole < len(b) {
		if err := errors.Join(f.Truncate(int64(whole)), f.Sync()); err != nil {
			return nil, err
		}
	}
	_, err = f.Seek(int64(whole), io.SeekStart)
	return split(b[:whole]), err
}

func split(b []byte) [][]byte {
	var lines [][]byte
	for line := range bytes.Lines(b) {
		if bytes.HasSuffix(line, []byte("\n")) {
			lines = append(lines, line)
		}
	}
	return lines
}

// Lines reads a journal while others may be writing it.
func Lines(path string) ([][]byte, error) {
	b, err := os.ReadFile(path)
	return split(b), err
}

// Append writes lines; they are on disk when it returns.
func (j *Journal) Append(lines ...any) error {
	b, err := encode(lines)
	if err != nil {
		return err
	}
	if _, err := j.f.Write(b); err != nil {
		return fmt.Errorf("write down: %w", err)
	}
	if err := j.f.Sync(); err != nil {
		return fmt.Errorf("write down: %w", err)
	}
	return nil
}

// Close gives the journal free.
func (j *Journal) Close() error { return j.f.Close() }
