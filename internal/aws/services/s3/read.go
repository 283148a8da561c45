package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tamachi/internal/blob"
	"tamachi/internal/store"
)

// piece is one of the stretches that an object was uploaded in.
type piece struct {
	Number int32
	Blob   string `json:",omitempty"`
	Size   int64
	Sum    string `json:",omitempty"` // of the object's algorithm
}

// pieces is the stored record of an object's parts, apart from the object's
// own record, which lists read.
type pieces struct {
	ID   string
	List []piece
}

var bodies = store.Table[pieces]{
	Name: "s3.bodies", Reach: store.Regional,
	Key: func(p *pieces) string { return p.ID },
}

// piecesOf lists the parts of an object; nil when it was not uploaded in
// parts.
func piecesOf(tx *store.Tx, b *bucket, o *object) ([]piece, error) {
	if o.Body.Pieces == "" {
		return nil, nil
	}
	p, err := bodies.Get(tx, b.scope(), o.Body.Pieces)
	if err != nil {
		return nil, fmt.Errorf("parts of object %s: %w", o.Key, err)
	}
	return p.List, nil
}

// stretch is what a reader must fetch from one blob.
type stretch struct {
	blob         string
	offset, size int64
}

// stretches cuts a window out of an object's bytes.
func stretches(o *object, parts []piece, offset, size int64) []stretch {
	if parts == nil {
		parts = []piece{{Blob: o.Body.Blob, Size: o.Size}}
	}
	var out []stretch
	for _, p := range parts {
		if size == 0 {
			break
		}
		if offset >= p.Size {
			offset -= p.Size
			continue
		}
		n := min(size, p.Size-offset)
		out = append(out, stretch{p.Blob, offset, n})
		offset, size = 0, size-n
	}
	return out
}

// content reads stretches one after the other, each opened when it is its
// turn but the first, which must be there.
type content struct {
	blobs Blobs
	rest  []stretch
	file  io.ReadSeekCloser // nil between stretches
	left  int64             // of the file's stretch
}

// openContent begins to read. blob.ErrNotFound means that the object was
// replaced meanwhile.
func (s *Service) openContent(list []stretch) (io.ReadCloser, error) {
	c := &content{blobs: s.blobs, rest: list}
	if len(list) == 0 {
		return c, nil
	}
	return c, c.next()
}

func (c *content) next() error {
	at := c.rest[0]
	file, err := c.blobs.Open(at.blob)
	if err != nil {
		return err
	}
	if _, err := file.Seek(at.offset, io.SeekStart); err != nil {
		return errors.Join(err, file.Close())
	}
	c.rest, c.file, c.left = c.rest[1:], file, at.size
	return nil
}

// Read reads on.
func (c *content) Read(p []byte) (int, error) {
	for {
		if c.file == nil {
			if len(c.rest) == 0 {
				return 0, io.EOF
			}
			if err := c.next(); err != nil {
				return 0, err
			}
		}
		n, err := c.file.Read(p[:min(int64(len(p)), c.left)])
		c.left -= int64(n)
		if c.left == 0 {
			if cerr := c.Close(); cerr != nil {
				return n, cerr
			}
			if n == 0 {
				continue
			}
			return n, nil
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // shorter than its record says
		}
		return n, err
	}
}

// Close closes the file that is open.
func (c *content) Close() error {
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	c.file = nil
	return err
}

// retries bounds how often a reader starts anew because the object was
// replaced between its record and its file.
const retries = 5

// reading finds something to read in a transaction and opens it. find returns
// the stretches it wants.
func (s *Service) reading(ctx context.Context, find func(tx *store.Tx) ([]stretch, error)) (io.ReadCloser, error) {
	for try := 1; ; try++ {
		var list []stretch
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			list, err = find(tx)
			return err
		})
		if err != nil {
			return nil, err
		}
		r, err := s.openContent(list)
		if errors.Is(err, blob.ErrNotFound) && try < retries {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read an object: %w", err)
		}
		return r, nil
	}
}
