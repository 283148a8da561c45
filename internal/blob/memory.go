package blob

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"tamachi/internal/id"
)

// Memory keeps blobs in memory, for a lab that leaves nothing behind. It is
// safe for concurrent use.
type Memory struct {
	ids *id.Source

	mu    sync.Mutex
	blobs map[string][]byte // guarded by mu; contents never change
	fresh map[string]bool   // guarded by mu
}

// NewMemory returns an empty store of blobs.
func NewMemory(ids *id.Source) *Memory {
	return &Memory{ids: ids, blobs: make(map[string][]byte), fresh: make(map[string]bool)}
}

// Create begins a blob.
func (m *Memory) Create() (Writer, error) { return &memoryWriter{memory: m}, nil }

type memoryWriter struct {
	memory *Memory
	buffer bytes.Buffer
	over   bool
}

// Write keeps p.
func (w *memoryWriter) Write(p []byte) (int, error) {
	if w.over {
		return 0, os.ErrClosed
	}
	return w.buffer.Write(p)
}

// Commit gives the blob its id.
func (w *memoryWriter) Commit() (string, error) {
	if w.over {
		return "", os.ErrClosed
	}
	w.over = true
	return w.memory.add(w.buffer.Bytes()), nil
}

// Abort forgets what was written.
func (w *memoryWriter) Abort() { w.over, w.buffer = true, bytes.Buffer{} }

func (m *Memory) add(content []byte) string {
	name := m.ids.Hex(idLength)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs[name], m.fresh[name] = content, true
	return name
}

func (m *Memory) get(id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, ok := m.blobs[id]
	if !ok {
		return nil, fmt.Errorf("blob %s: %w", id, ErrNotFound)
	}
	return content, nil
}

// Copy gives the content of a blob a second id.
func (m *Memory) Copy(id string) (string, error) {
	content, err := m.get(id)
	if err != nil {
		return "", err
	}
	return m.add(content), nil
}

// Open returns the content of a blob; ErrNotFound when there is none.
func (m *Memory) Open(id string) (io.ReadSeekCloser, error) {
	content, err := m.get(id)
	if err != nil {
		return nil, err
	}
	return memoryReader{bytes.NewReader(content)}, nil
}

type memoryReader struct{ *bytes.Reader }

// Close does nothing.
func (memoryReader) Close() error { return nil }

// Settle says that a blob's record is committed.
func (m *Memory) Settle(id string) error {
	if !valid(id) {
		return ErrNotFound
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.fresh, id)
	return nil
}

// Fresh lists the blobs that nobody settled.
func (m *Memory) Fresh() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for name := range m.fresh {
		out = append(out, name)
	}
	slices.Sort(out)
	return out, nil
}

// Remove removes a blob; one that is not there is no error.
func (m *Memory) Remove(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, id)
	delete(m.fresh, id)
	return nil
}
