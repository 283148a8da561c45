package recording

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Reader reads a recording, as it is when it is opened: one that still grows is
// opened anew to see more. It is safe for concurrent use.
type Reader struct {
	file   *os.File
	seal   sealer
	chunks []Chunk
	end    int64
}

func openReader(path string, key []byte) (*Reader, error) {
	seal, err := newSealer(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	chunks, end, err := index(f, st.Size())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Reader{file: f, seal: seal, chunks: chunks, end: end}, nil
}

// index finds the chunks by their heads, and where the last whole one ends: a
// half one at the end is one that is being written, or was.
func index(file io.ReaderAt, size int64) (chunks []Chunk, end int64, err error) {
	first := make([]byte, len(magic))
	if _, err := file.ReadAt(first, 0); err != nil || string(first) != magic {
		return nil, 0, fmt.Errorf("%w: it does not begin as one", ErrDamaged)
	}
	end = int64(len(magic))
	head := make([]byte, headSize)
	for end+headSize <= size {
		if _, err := file.ReadAt(head, end); err != nil {
			return nil, 0, err
		}
		c, ok := parseHead(head)
		if !ok {
			return nil, 0, fmt.Errorf("%w at %d", ErrDamaged, end)
		}
		c.at = end
		next := end + headSize + int64(c.size)
		if next > size {
			break
		}
		chunks, end = append(chunks, c), next
	}
	return chunks, end, nil
}

// Chunks are those that are there.
func (r *Reader) Chunks() []Chunk { return r.chunks }

// Size is how long they are together.
func (r *Reader) Size() int64 { return r.end }

// Packed is a chunk's messages, compressed.
func (r *Reader) Packed(number int) ([]byte, error) {
	if number < 0 || number >= len(r.chunks) {
		return nil, fmt.Errorf("%w: there is no chunk %d", ErrDamaged, number)
	}
	c := r.chunks[number]
	body := make([]byte, c.size)
	if _, err := r.file.ReadAt(body, c.at+headSize); err != nil {
		return nil, err
	}
	return r.seal.open(number, c, body)
}

// Close ends the reading.
func (r *Reader) Close() error { return r.file.Close() }
