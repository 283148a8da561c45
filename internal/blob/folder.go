package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tamachi/internal/id"
)

// The folders below a Folder.
const (
	writing = "writing" // what writers have not committed
	fresh   = "fresh"   // complete; the record may not be there yet
	kept    = "kept"    // settled; a folder for each first two digits of the id
)

// Options say where a folder of blobs lies.
type Options struct {
	Path string
	Key  []byte // 32 bytes that seal the content
	IDs  *id.Source
}

// Folder keeps blobs as files of mode 0600. It is safe for concurrent use; the
// folder must belong to one process.
type Folder struct {
	root string
	key  []byte
	ids  *id.Source
}

// Open opens the folder, makes it where it is not there, and removes what
// writers of an earlier process left unfinished.
func Open(o Options) (*Folder, error) {
	if len(o.Key) != keyLength {
		return nil, fmt.Errorf("open blobs in %s: the key has %d bytes, want %d", o.Path, len(o.Key), keyLength)
	}
	f := &Folder{root: o.Path, key: o.Key, ids: o.IDs}
	if err := os.RemoveAll(f.path(writing)); err != nil {
		return nil, fmt.Errorf("remove unfinished blobs: %w", err)
	}
	for _, dir := range []string{writing, fresh, kept} {
		if err := os.MkdirAll(f.path(dir), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of blobs: %w", err)
		}
	}
	return f, errors.Join(syncFolder(f.root), syncFolder(filepath.Dir(f.root)))
}

func (f *Folder) path(parts ...string) string {
	return filepath.Join(append([]string{f.root}, parts...)...)
}

func (f *Folder) freshPath(id string) string { return f.path(fresh, id) }

func (f *Folder) keptPath(id string) string { return f.path(kept, id[:2], id) }

// Create begins a blob.
func (f *Folder) Create() (Writer, error) {
	name := f.ids.Hex(idLength)
	file, err := os.OpenFile(f.path(writing, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin a blob: %w", err)
	}
	w := &fileWriter{folder: f, file: file, id: name}
	header := newHeader(f.ids)
	if _, err := file.Write(header); err != nil {
		w.Abort()
		return nil, fmt.Errorf("begin a blob: %w", err)
	}
	w.seal = newSeal(f.key, header, 0)
	return w, nil
}

// fileWriter writes one file.
type fileWriter struct {
	folder *Folder
	file   *os.File // nil when the writer is over
	id     string
	seal   *seal
	buffer []byte // sealed bytes on their way to the file
}

// bufferSize bounds what a writer holds in memory.
const bufferSize = 64 << 10

// Write seals and writes p.
func (w *fileWriter) Write(p []byte) (n int, err error) {
	if w.file == nil {
		return 0, os.ErrClosed
	}
	if w.buffer == nil {
		w.buffer = make([]byte, bufferSize)
	}
	for len(p) > 0 {
		part := w.buffer[:min(len(p), len(w.buffer))]
		w.seal.apply(part, p)
		m, err := w.file.Write(part)
		n += m
		if err != nil {
			return n, err
		}
		p = p[m:]
	}
	return n, nil
}

// Commit syncs the file, gives it its name, and syncs the folder.
func (w *fileWriter) Commit() (string, error) {
	if w.file == nil {
		return "", os.ErrClosed
	}
	err := w.file.Sync()
	err = errors.Join(err, w.file.Close())
	w.file = nil
	from := w.folder.path(writing, w.id)
	if err != nil {
		return "", fmt.Errorf("make a blob durable: %w", errors.Join(err, os.Remove(from)))
	}
	if err := os.Rename(from, w.folder.freshPath(w.id)); err != nil {
		return "", fmt.Errorf("name a blob: %w", errors.Join(err, os.Remove(from)))
	}
	if err := syncFolder(w.folder.path(fresh)); err != nil {
		return "", fmt.Errorf("make a blob durable: %w", errors.Join(err, w.folder.Remove(w.id)))
	}
	return w.id, nil
}

// Abort removes what was written.
func (w *fileWriter) Abort() {
	if w.file == nil {
		return
	}
	_ = w.file.Close()
	_ = os.Remove(w.file.Name()) // else the next Open does it
	w.file = nil
}

// Copy gives the content of a blob a second id, without copying it: the file
// gets a second name.
func (f *Folder) Copy(id string) (string, error) {
	to := f.ids.Hex(idLength)
	err := f.either(id, func(path string) error { return os.Link(path, f.freshPath(to)) })
	if err != nil {
		return "", fmt.Errorf("copy blob %s: %w", id, err)
	}
	if err := syncFolder(f.path(fresh)); err != nil {
		return "", fmt.Errorf("make a blob durable: %w", errors.Join(err, f.Remove(to)))
	}
	return to, nil
}

// either does something to a blob's file, wherever it lies; another goroutine
// may be settling it.
func (f *Folder) either(id string, do func(path string) error) error {
	if !valid(id) {
		return ErrNotFound
	}
	for _, path := range []string{f.keptPath(id), f.freshPath(id), f.keptPath(id)} {
		if err := do(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return ErrNotFound
}

// Open returns the content of a blob; ErrNotFound when there is none. What was
// opened stays readable when the blob is removed.
func (f *Folder) Open(id string) (io.ReadSeekCloser, error) {
	var file *os.File
	err := f.either(id, func(path string) (err error) {
		file, err = os.Open(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", id, err)
	}
	r, err := newFileReader(file, f.key)
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", id, errors.Join(err, file.Close()))
	}
	return r, nil
}

// Settle says that a blob's record is committed. Settling twice is fine.
func (f *Folder) Settle(id string) error {
	if !valid(id) {
		return ErrNotFound
	}
	err := os.Rename(f.freshPath(id), f.keptPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		if _, missing := os.Stat(f.path(kept, id[:2])); missing == nil {
			return nil // settled already, or removed meanwhile
		}
		if err := os.MkdirAll(f.path(kept, id[:2]), 0o700); err != nil {
			return fmt.Errorf("settle blob %s: %w", id, err)
		}
		err = os.Rename(f.freshPath(id), f.keptPath(id))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("settle blob %s: %w", id, err)
	}
	return nil
}

// Fresh lists the blobs that nobody settled.
func (f *Folder) Fresh() ([]string, error) {
	entries, err := os.ReadDir(f.path(fresh))
	if err != nil {
		return nil, fmt.Errorf("list fresh blobs: %w", err)
	}
	var out []string
	for _, e := range entries {
		if valid(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// Remove removes a blob; one that is not there is no error.
func (f *Folder) Remove(id string) error {
	err := f.either(id, os.Remove)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("remove blob %s: %w", id, err)
	}
	return nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
