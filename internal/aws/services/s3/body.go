package s3

import (
	"bufio"
	"context"
	"crypto/md5" // what an ETag is
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// maxPut is the largest body of one request.
// Source: Amazon S3 User Guide, "Uploading objects".
const maxPut = 5 << 30

// body says where an object's bytes are: nowhere when there are none, in one
// blob, or in those of the parts it was uploaded in.
type body struct {
	Blob   string `json:",omitempty"`
	Pieces string `json:",omitempty"` // key of the record of pieces
	Parts  int32  `json:",omitempty"` // how many; 0 unless uploaded in parts
}

// incoming is a body on its way in, with what the client says of it.
type incoming struct {
	body      io.Reader
	length    *int64 // as announced
	md5       *string
	sums      given
	algorithm types.ChecksumAlgorithm // announced, for a trailer
	also      string                  // a checksum that the room wants besides
}

// received is a body that is durable.
type received struct {
	blob string // empty for no bytes
	size int64
	md5  []byte
	sums map[string]string // by algorithm
	own  string            // the algorithm that the client chose; empty for none
}

func (r *received) etag() string { return hex.EncodeToString(r.md5) }

// trailing is what the front door adds to the reader of a body.
type trailing interface {
	Trailer(name string) string // after the body's end
	Announced() []string
}

// announced is the algorithm of the checksum that comes behind the body; empty
// for none.
func (in *incoming) announced() string {
	if in.algorithm != "" {
		return string(in.algorithm)
	}
	if t, ok := in.body.(trailing); ok {
		for i := range algorithms {
			if slices.Contains(t.Announced(), algorithms[i].header()) {
				return algorithms[i].name
			}
		}
	}
	return ""
}

// receive streams a body into a blob and verifies it.
func (s *Service) receive(ctx context.Context, in incoming) (*received, error) {
	name, want, err := in.sums.one()
	if err != nil {
		return nil, err
	}
	digest, err := contentMD5(in.md5)
	if err != nil {
		return nil, err
	}
	if in.length != nil && *in.length > maxPut {
		return nil, tooLarge(*in.length)
	}
	if name == "" {
		name = in.announced()
	}
	hashes := map[string]hash.Hash{}
	for _, a := range []string{name, in.also} {
		if a != "" {
			hashes[a] = findAlgorithm(a).make()
		}
	}
	r, err := s.keep(ctx, in, hashes)
	if err != nil {
		return nil, err
	}
	r.own = name
	if err := in.verify(r, name, want, digest); err != nil {
		return nil, errors.Join(err, s.discard(r.blob))
	}
	return r, nil
}

// keep copies the body into one blob.
func (s *Service) keep(ctx context.Context, in incoming, hashes map[string]hash.Hash) (*received, error) {
	src := in.body
	if src == nil {
		src = strings.NewReader("")
	}
	sum := md5.New()
	writers := []io.Writer{sum}
	for _, h := range hashes {
		writers = append(writers, h)
	}
	w := lazyBlob{blobs: s.blobs}
	defer w.abort()
	n, err := copyBody(io.MultiWriter(append(writers, &w)...), io.LimitReader(src, maxPut+1))
	if err != nil {
		return nil, broken(ctx, err)
	}
	if n > maxPut {
		return nil, tooLarge(n)
	}
	if in.length != nil && *in.length != n {
		return nil, incomplete()
	}
	r := &received{size: n, md5: sum.Sum(nil), sums: map[string]string{}}
	for name, h := range hashes {
		r.sums[name] = base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	if r.blob, err = w.commit(); err != nil {
		return nil, fmt.Errorf("store a body: %w", err)
	}
	return r, nil
}

// copyBody copies with a buffer of its own size, never by a shortcut that
// would read everything.
func copyBody(to io.Writer, from io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, 128<<10))
}

// verify compares what came with what the client said, in headers or in
// trailers.
func (in *incoming) verify(r *received, name, want string, digest []byte) error {
	if digest != nil && string(digest) != string(r.md5) {
		return fault(statusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.",
			"ExpectedDigest", *in.md5, "CalculatedDigest", base64.StdEncoding.EncodeToString(r.md5))
	}
	if name != "" && want == "" {
		if t, ok := in.body.(trailing); ok {
			want = t.Trailer(findAlgorithm(name).header())
		}
		if want == "" {
			return invalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
		}
	}
	if want != r.sums[name] {
		return unlike(name)
	}
	return nil
}

func contentMD5(given *string) ([]byte, error) {
	if given == nil {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(*given)
	if err != nil || len(b) != md5.Size {
		return nil, fault(statusBadRequest, "InvalidDigest", "The Content-MD5 you specified was invalid.", "Content-MD5", *given)
	}
	return b, nil
}

func tooLarge(size int64) error {
	return fault(statusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
		"ProposedSize", strconv.FormatInt(size, 10), "MaxSizeAllowed", strconv.Itoa(maxPut))
}

func incomplete() *api.Fault {
	return fault(statusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// broken is the answer to a body that could not be read to its end: the front
// door's reason, or the connection's.
func broken(ctx context.Context, err error) error {
	if apiErr, ok := errors.AsType[smithy.APIError](err); ok {
		return apiErr
	}
	if ctx.Err() != nil || errors.Is(err, io.ErrUnexpectedEOF) {
		return incomplete()
	}
	return fmt.Errorf("receive a body: %w", err)
}

// lazyBlob is a writer that makes a blob with the first byte, so that empty
// bodies need none.
type lazyBlob struct {
	blobs Blobs
	w     *bufio.Writer
	end   interface {
		Commit() (string, error)
		Abort()
	}
}

// Write writes p.
func (l *lazyBlob) Write(p []byte) (int, error) {
	if l.w == nil && len(p) > 0 {
		w, err := l.blobs.Create()
		if err != nil {
			return 0, err
		}
		l.w, l.end = bufio.NewWriterSize(w, 64<<10), w
	}
	if l.w == nil {
		return 0, nil
	}
	return l.w.Write(p)
}

func (l *lazyBlob) commit() (string, error) {
	if l.w == nil {
		return "", nil
	}
	if err := l.w.Flush(); err != nil {
		return "", err
	}
	return l.end.Commit()
}

func (l *lazyBlob) abort() {
	if l.end != nil {
		l.end.Abort()
	}
}

// discard removes a blob that no record names.
func (s *Service) discard(blob string) error {
	if blob == "" {
		return nil
	}
	return s.blobs.Remove(blob)
}

// settle ends the life of a received blob outside of records: after the commit
// it is settled, after a refusal removed. When it is unknown whether the
// commit happened, the blob stays fresh, and the next start looks.
func (s *Service) settle(blob string, err error) error {
	if blob == "" {
		return err
	}
	if err == nil {
		return s.blobs.Settle(blob)
	}
	if _, refused := errors.AsType[smithy.APIError](err); refused {
		return errors.Join(err, s.blobs.Remove(blob))
	}
	return err
}
