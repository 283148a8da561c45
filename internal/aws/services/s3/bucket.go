package s3

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// bucket is the stored record of a bucket with its configurations.
type bucket struct {
	Name       string
	Owner      string // account
	Region     string
	Created    time.Time
	Versioning string            `json:",omitempty"` // "", Enabled, Suspended
	Tags       map[string]string `json:",omitempty"`
	Policy     string            `json:",omitempty"`
	Public     bool              `json:",omitempty"` // the policy grants access to anyone
	Block      *publicAccess     `json:",omitempty"` // nil when it was deleted
	Ownership  string            `json:",omitempty"` // empty when it was deleted
	Encryption *encryption       `json:",omitempty"` // nil for the default
	Lifecycle  []lifecycleRule   `json:",omitempty"`
	CORS       []corsRule        `json:",omitempty"`
	Minimum    string            `json:",omitempty"` // TransitionDefaultMinimumObjectSize, as it was put
}

// publicAccess is a public access block.
type publicAccess struct {
	BlockACLs, IgnoreACLs, BlockPolicy, Restrict bool
}

// encryption is what PutBucketEncryption said; AES256 is all there is.
type encryption struct{ BucketKey bool }

// buckets have names that are unique everywhere.
var buckets = store.Table[bucket]{
	Name: "s3.buckets", Reach: store.Plane,
	Key:     func(b *bucket) string { return b.Name },
	Indexes: map[string]func(*bucket) string{"owner": func(b *bucket) string { return b.Owner }},
}

func (b *bucket) scope() store.Scope { return store.In(b.Owner, b.Region) }

func (b *bucket) arn() string { return "arn:aws:s3:::" + b.Name }

// versioned tells whether versioning was ever enabled: from then on answers
// name versions.
func (b *bucket) versioned() bool { return b.Versioning != "" }

// findBucket reads a bucket by name: nil when there is none.
func findBucket(tx *store.Tx, name string) (*bucket, error) {
	b, err := buckets.Get(tx, store.Scope{}, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return b, err
}

// open reads the bucket that a call is about, and refuses a call that was not
// meant for it: another owner is expected, or it went to another Region.
func open(ctx context.Context, tx *store.Tx, name, expected *string) (*bucket, error) {
	b, err := openAnywhere(tx, name, expected)
	if err != nil {
		return nil, err
	}
	return b, b.here(api.CallFrom(ctx))
}

func openAnywhere(tx *store.Tx, name, expected *string) (*bucket, error) {
	b, err := findBucket(tx, *name)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, noSuchBucket(*name)
	}
	// Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition".
	if expected != nil && *expected != b.Owner {
		return nil, accessDenied()
	}
	return b, nil
}

// here refuses a call to another Region, as AWS's regional endpoints do.
// Services find a bucket wherever it is.
func (b *bucket) here(call *api.Call) error {
	if call.Region == b.Region || call.Caller.Type == api.AWSService {
		return nil
	}
	f := fault(statusMovedPermanently, "PermanentRedirect",
		"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
		"Bucket", b.Name, "Endpoint", b.Name+".s3."+b.Region+".amazonaws.com")
	f.Header = map[string]string{"x-amz-bucket-region": b.Region}
	return f
}

// view reads something about a bucket.
func (s *Service) view(ctx context.Context, name, expected *string, read func(tx *store.Tx, b *bucket) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		b, err := open(ctx, tx, name, expected)
		if err != nil {
			return err
		}
		return read(tx, b)
	})
}

// look returns the bucket's record.
func (s *Service) look(ctx context.Context, name, expected *string) (b *bucket, err error) {
	err = s.view(ctx, name, expected, func(_ *store.Tx, found *bucket) error {
		b = found
		return nil
	})
	return b, err
}

// change changes a bucket's configuration in one transaction.
func (s *Service) change(ctx context.Context, name, expected *string, move func(tx *store.Tx, b *bucket) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := open(ctx, tx, name, expected)
		if err != nil {
			return err
		}
		if err := move(tx, b); err != nil {
			return err
		}
		return buckets.Put(tx, store.Scope{}, b)
	})
}

// within changes what a bucket holds, in one transaction.
func (s *Service) within(ctx context.Context, name, expected *string, move func(tx *store.Tx, b *bucket) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		b, err := open(ctx, tx, name, expected)
		if err != nil {
			return err
		}
		return move(tx, b)
	})
}

// validBucketName tells whether a new bucket may have a name.
// Source: Amazon S3 User Guide, "General purpose bucket naming rules".
func validBucketName(name string) bool {
	if len(name) < 3 || len(name) > 63 || strings.Contains(name, "..") {
		return false
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	for _, end := range []byte{name[0], name[len(name)-1]} {
		if end == '-' || end == '.' {
			return false
		}
	}
	if a, err := netip.ParseAddr(name); err == nil && a.Is4() {
		return false
	}
	for _, p := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, p) {
			return false
		}
	}
	for _, p := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, p) {
			return false
		}
	}
	return true
}
