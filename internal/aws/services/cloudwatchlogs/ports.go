package cloudwatchlogs

import "context"

// Object is a file of an export.
type Object struct {
	Account string // of the log group
	Region  string
	Group   string // its ARN, for the bucket policy's aws:SourceArn
	Bucket  string
	Key     string
	Body    []byte
}

// Bucket is what the room asks of S3, in the name of
// logs.<region>.amazonaws.com, so that the bucket's policy decides. Errors that
// the bucket's owner can mend are smithy.APIErrors with S3's codes.
type Bucket interface {
	// Probe asks for the bucket's ACL.
	Probe(ctx context.Context, o Object) error
	// Deliver writes an object and returns when it is durable.
	Deliver(ctx context.Context, o Object) error
}

// Ports are what the room asks of the house.
type Ports struct {
	Bucket Bucket
}
