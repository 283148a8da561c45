package cloudtrail

import (
	"context"

	"tamachi/internal/seal"
)

// Object is a file that CloudTrail delivers.
type Object struct {
	Account  string // of the trail
	Region   string // its home Region
	Trail    string // its ARN, for the bucket policy's aws:SourceArn
	Bucket   string
	Key      string
	Body     []byte // gzip of JSON; nothing where a folder is only tried
	Metadata map[string]string
}

// Bucket is what the room asks of S3, in the name of cloudtrail.amazonaws.com,
// so that the bucket's policy decides. Errors that the bucket's owner can mend
// are smithy.APIErrors with S3's codes (NoSuchBucket, AccessDenied).
type Bucket interface {
	// Probe asks for the bucket's ACL, as CloudTrail does before it writes.
	Probe(ctx context.Context, o Object) error
	// Deliver writes an object and returns when it is durable.
	Deliver(ctx context.Context, o Object) error
}

// Ports are what the room asks of the house.
type Ports struct {
	Bucket Bucket
	Box    *seal.Box // holds the keys that sign digests
}
