package house

import (
	"bytes"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/services/cloudtrail"
)

// trailPrincipal is whom a trail's deliveries come from.
const trailPrincipal = "cloudtrail.amazonaws.com"

// trailBucket delivers files through the gate in the name of CloudTrail, for
// its trail, so that the bucket's policy decides.
type trailBucket struct{ h *House }

var _ cloudtrail.Bucket = trailBucket{}

// Probe asks for the bucket's ACL.
func (b trailBucket) Probe(ctx context.Context, o cloudtrail.Object) error {
	return b.do(ctx, o, "GetBucketAcl", &s3.GetBucketAclInput{Bucket: aws.String(o.Bucket)})
}

// Deliver writes an object that the bucket's owner owns.
func (b trailBucket) Deliver(ctx context.Context, o cloudtrail.Object) error {
	in := &s3.PutObjectInput{
		Bucket: aws.String(o.Bucket), Key: aws.String(o.Key), Body: bytes.NewReader(o.Body), ContentLength: aws.Int64(int64(len(o.Body))),
		Metadata: o.Metadata, ACL: types.ObjectCannedACLBucketOwnerFullControl,
	}
	if len(o.Body) > 0 {
		in.ContentType, in.ContentEncoding = aws.String("application/json"), aws.String("gzip")
	}
	return b.do(ctx, o, "PutObject", in)
}

func (b trailBucket) do(ctx context.Context, o cloudtrail.Object, operation string, in any) error {
	_, err := b.h.gate.As(trailPrincipal).For(o.Trail).Do(ctx, o.Account, o.Region, "s3", operation, in)
	return b.h.missing(ctx, o.Bucket, err)
}

// missing turns the denial that a service gets of a bucket which is not there
// into what the room would say: a service has no policies of its own, so only
// the bucket could have allowed it.
func (h *House) missing(ctx context.Context, bucket string, err error) error {
	if refused, ok := errors.AsType[smithy.APIError](err); !ok || refused.ErrorCode() != "AccessDenied" {
		return err
	}
	there, lookErr := h.rooms.s3.Exists(ctx, bucket)
	if lookErr != nil {
		return lookErr
	}
	if !there {
		return &types.NoSuchBucket{Message: aws.String("The specified bucket does not exist")}
	}
	return err
}
