package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketPolicy gives a bucket a policy.
func (s *Service) PutBucketPolicy(ctx context.Context, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	public, err := checkPolicy(*in.Policy, *in.Bucket)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		if public && b.Block != nil && b.Block.BlockPolicy {
			return publicBlocked(api.CallFrom(ctx), b)
		}
		b.Policy, b.Public = *in.Policy, public
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketPolicyOutput), nil
}

func (s *Service) putBucketPolicyChecks(ctx context.Context, in *s3.PutBucketPolicyInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketPolicy")
}

// publicBlocked is the answer to a public policy where the public access block
// forbids one.
func publicBlocked(call *api.Call, b *bucket) error {
	return fault(statusForbidden, "AccessDenied", "User: "+call.Caller.ARN+" is not authorized to perform: s3:PutBucketPolicy on resource: \""+b.arn()+
		"\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.")
}
