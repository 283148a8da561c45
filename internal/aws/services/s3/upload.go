package s3

import (
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/store"
)

// Limits of multipart uploads.
// Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits".
const (
	maxParts    = 10000
	minPart     = 5 << 20
	maxAssembly = 50 << 40
)

// upload is the stored record of a multipart upload.
type upload struct {
	Bucket, Key string
	ID          string // begins with the time, so that uploads of a key sort by it
	Started     time.Time
	By, ByName  string            // who began it
	Headers     headers           `json:",omitzero"`
	Meta        map[string]string `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
	Algorithm   string            // of the checksums of its parts
	Composite   bool              `json:",omitempty"`
	Chosen      bool              `json:",omitempty"` // the client named the algorithm
	Done        *completion       `json:",omitempty"` // nil while it is under way
}

// completion is what a completed upload became, kept for a while for clients
// that did not get the answer.
type completion struct {
	Parts    string // what was asked for
	Version  string
	ETag     string
	Checksum checksum
	Size     int64
}

// uploads are multipart uploads; "open" holds those under way.
var uploads = store.Table[upload]{
	Name: "s3.uploads", Reach: store.Regional,
	Key: func(u *upload) string { return uploadKey(u.Bucket, u.Key, u.ID) },
	Indexes: map[string]func(*upload) string{"open": func(u *upload) string {
		if u.Done != nil {
			return ""
		}
		return u.Bucket
	}},
}

func uploadKey(bucket, key, id string) string { return place(bucket, key) + separator + id }

// part is the stored record of a part that was uploaded.
type part struct {
	Upload   string // the upload's id
	Number   int32
	Blob     string `json:",omitempty"`
	Size     int64
	ETag     string
	Sum      string `json:",omitempty"` // by the upload's algorithm
	Modified time.Time
}

var parts = store.Table[part]{
	Name: "s3.parts", Reach: store.Regional,
	Key: func(p *part) string { return partKey(p.Upload, p.Number) },
	Indexes: map[string]func(*part) string{
		"upload": func(p *part) string { return p.Upload },
		"blob":   func(p *part) string { return p.Blob },
	},
}

func partKey(upload string, number int32) string { return fmt.Sprintf("%s/%05d", upload, number) }

// findUpload returns an upload; one that is done only where done is wanted.
func findUpload(tx *store.Tx, b *bucket, key, id string) (*upload, error) {
	u, err := uploads.Get(tx, b.scope(), uploadKey(b.Name, key, id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchUpload(id)
	}
	return u, err
}

// openUpload returns an upload under way.
func openUpload(tx *store.Tx, b *bucket, key, id string) (*upload, error) {
	u, err := findUpload(tx, b, key, id)
	if err == nil && u.Done != nil {
		return nil, noSuchUpload(id)
	}
	return u, err
}

func checkPartNumber(n int32) error {
	if n < 1 || n > maxParts {
		return invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", itoa(int64(n)))
	}
	return nil
}

// sum is the checksum of a part, as the upload shows it: only where the client
// chose the algorithm.
func (u *upload) sum(p *part) checksum {
	if !u.Chosen {
		return checksum{}
	}
	return checksum{Algorithm: u.Algorithm, Value: p.Sum, Composite: u.Composite}
}

func (u *upload) kind() types.ChecksumType {
	if u.Composite {
		return types.ChecksumTypeComposite
	}
	return types.ChecksumTypeFullObject
}

// abandon removes an upload with its parts.
func (s *Service) abandon(tx *store.Tx, b *bucket, u *upload) error {
	list, err := parts.By(tx, b.scope(), "upload", u.ID, store.Page{})
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := s.dropPart(tx, b, p); err != nil {
			return err
		}
	}
	return uploads.Delete(tx, b.scope(), uploads.Key(u))
}

func (s *Service) dropPart(tx *store.Tx, b *bucket, p *part) error {
	if err := s.doom(tx, b, body{Blob: p.Blob}); err != nil {
		return err
	}
	return parts.Delete(tx, b.scope(), parts.Key(p))
}

// putPart keeps a received part, in the place of an earlier one of its number.
func (s *Service) putPart(tx *store.Tx, b *bucket, u *upload, p *part) error {
	old, err := parts.Get(tx, b.scope(), parts.Key(p))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if old != nil {
		if err := s.doom(tx, b, body{Blob: old.Blob}); err != nil {
			return err
		}
	}
	p.Upload, p.Modified = u.ID, s.clock.Now().Truncate(time.Second)
	return parts.Put(tx, b.scope(), p)
}

func invalidPart(upload string, p types.CompletedPart) error {
	return fault(statusBadRequest, "InvalidPart",
		"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
		"UploadId", upload, "PartNumber", itoa(int64(aws.ToInt32(p.PartNumber))), "ETag", aws.ToString(p.ETag))
}
