package house

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/services/cloudwatchlogs"
)

// logBucket delivers exports through the gate in the name of CloudWatch Logs in
// the Region, for the log group, so that the bucket's policy decides.
// Source: CloudWatch Logs User Guide, "Export log data to Amazon S3".
type logBucket struct{ h *House }

var _ cloudwatchlogs.Bucket = logBucket{}

// Probe asks for the bucket's ACL.
func (b logBucket) Probe(ctx context.Context, o cloudwatchlogs.Object) error {
	_, err := b.do(ctx, o, "GetBucketAcl", &s3.GetBucketAclInput{Bucket: aws.String(o.Bucket)})
	return err
}

// Deliver writes an object that the bucket's owner owns.
func (b logBucket) Deliver(ctx context.Context, o cloudwatchlogs.Object) error {
	_, err := b.do(ctx, o, "PutObject", &s3.PutObjectInput{
		Bucket: aws.String(o.Bucket), Key: aws.String(o.Key), Body: bytes.NewReader(o.Body), ContentLength: aws.Int64(int64(len(o.Body))),
		ACL: types.ObjectCannedACLBucketOwnerFullControl,
	})
	return err
}

func (b logBucket) do(ctx context.Context, o cloudwatchlogs.Object, operation string, in any) (any, error) {
	return b.h.gate.As("logs."+o.Region+".amazonaws.com").For(o.Group).Do(ctx, o.Account, o.Region, "s3", operation, in)
}
