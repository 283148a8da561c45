package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// onCopy makes the checks of reading the source of a copy.
func (s *Service) onCopy(ctx context.Context, from source) ([]api.Check, error) {
	return s.onVersion(ctx, &from.bucket, &from.key, from.version)
}

// openSource finds the source of a copy and opens it. window cuts out what is
// to be copied. A source may lie in another Region.
func (s *Service) openSource(ctx context.Context, from source, expected *string, c conditions, cut func(size int64) (window, error)) (*selection, io.ReadCloser, error) {
	var sel *selection
	c.source = true
	content, err := s.reading(ctx, func(tx *store.Tx) ([]stretch, error) {
		b, err := openAnywhere(tx, &from.bucket, expected)
		if err != nil {
			return nil, err
		}
		if sel, err = choose(tx, b, wanted{key: from.key, version: from.version, conditions: c}); err != nil {
			return nil, err
		}
		if sel.window, err = cut(sel.object.Size); err != nil {
			return nil, err
		}
		if sel.window.size > maxPut {
			return nil, invalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: " + itoa(maxPut))
		}
		return sel.stretches(), nil
	})
	return sel, content, err
}

// pour makes a new body of a source. Where the whole of one blob is wanted and
// nothing new must be computed, it is not read again.
func (s *Service) pour(ctx context.Context, sel *selection, content io.ReadCloser, algorithm string) (r *received, err error) {
	defer func() { err = errors.Join(err, content.Close()) }()
	o := sel.object
	whole := sel.window.size == o.Size && o.Body.Pieces == ""
	if whole && o.Checksum.Algorithm == algorithm {
		r, err = o.received()
		if err != nil || o.Body.Blob == "" {
			return r, err
		}
		if r.blob, err = s.blobs.Copy(o.Body.Blob); err == nil {
			return r, nil
		}
		// It was replaced meanwhile; content is still open.
	}
	return s.receive(ctx, incoming{body: content, length: &sel.window.size, also: algorithm})
}

// received is an object as if it had just come.
func (o *object) received() (*received, error) {
	r := &received{size: o.Size, sums: map[string]string{o.Checksum.Algorithm: o.Checksum.Value}, md5: make([]byte, 16)}
	if n, err := fmt.Sscanf(o.ETag, "%x", &r.md5); err != nil || n != 1 {
		return nil, fmt.Errorf("entity tag of object %s: %q", o.Key, o.ETag)
	}
	return r, nil
}
