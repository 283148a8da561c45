package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"tamachi/internal/id"
)

// ErrLarge reports a recording that has become as long as it may.
var ErrLarge = errors.New("the recording is as long as it may be")

// Writer makes a recording grow. It is for one goroutine.
type Writer struct {
	file   *os.File
	seal   sealer
	ids    *id.Source
	limit  int64
	size   int64
	number int    // of the next chunk
	last   uint32 // milliseconds at which the recording ends
	now    Chunk
	plain  []byte // of the chunk that is being made
}

// append opens a recording to go on with it, or begins one: what a writer that
// was killed left half done at its end is dropped.
func (s *Shelf) append(path string, key []byte, limit int64) (*Writer, error) {
	seal, err := newSealer(key)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{file: f, seal: seal, ids: s.o.IDs, limit: limit}
	if err := w.goOn(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

func (w *Writer) goOn() error {
	st, err := w.file.Stat()
	if err != nil {
		return err
	}
	if st.Size() < int64(len(magic)) {
		w.size = int64(len(magic))
		if err := w.file.Truncate(0); err != nil {
			return err
		}
		if _, err := w.file.WriteAt([]byte(magic), 0); err != nil {
			return err
		}
		return w.file.Sync()
	}
	chunks, end, err := index(w.file, st.Size())
	if err != nil {
		return err
	}
	w.size, w.number = end, len(chunks)
	if len(chunks) > 0 {
		w.last = chunks[len(chunks)-1].Last
	}
	return w.file.Truncate(end)
}

// Add takes a message of the display at a moment; key means that a whole
// picture begins with it. Moments do not go back.
func (w *Writer) Add(at uint32, key bool, message []byte) error {
	at = max(at, w.last)
	if len(w.plain) > 0 && (key || len(w.plain)+len(message) > enough) {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if len(message)+8 > most {
		return ErrLarge
	}
	if len(w.plain) == 0 {
		w.now = Chunk{Key: key, First: at}
	}
	w.now.Last, w.last = at, at
	w.plain = binary.BigEndian.AppendUint32(w.plain, at)
	w.plain = binary.BigEndian.AppendUint32(w.plain, uint32(len(message)))
	w.plain = append(w.plain, message...)
	return nil
}

// Flush makes what was added durable.
func (w *Writer) Flush() error {
	if len(w.plain) == 0 {
		return nil
	}
	packed, err := pack(w.plain)
	if err != nil {
		return err
	}
	w.now.plain = uint32(len(w.plain))
	if cap(w.plain) > enough {
		w.plain = nil
	}
	w.plain = w.plain[:0]
	body := w.seal.seal(w.number, w.now, packed, w.ids.Bytes(12))
	w.now.size = uint32(len(body))
	if w.size+headSize+int64(len(body)) > w.limit {
		return ErrLarge
	}
	if _, err := w.file.WriteAt(append(w.now.head(), body...), w.size); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	w.size += headSize + int64(len(body))
	w.number++
	return nil
}

// Size is how long the file is.
func (w *Writer) Size() int64 { return w.size }

// Last is the moment at which the recording ends for now.
func (w *Writer) Last() uint32 { return w.last }

// Close makes all of it durable.
func (w *Writer) Close() error { return errors.Join(w.Flush(), w.file.Close()) }
