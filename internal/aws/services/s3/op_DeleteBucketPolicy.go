package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketPolicy takes a bucket's policy away.
func (s *Service) DeleteBucketPolicy(ctx context.Context, in *s3.DeleteBucketPolicyInput) (*s3.DeleteBucketPolicyOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Policy, b.Public = "", false
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketPolicyOutput), nil
}

func (s *Service) deleteBucketPolicyChecks(ctx context.Context, in *s3.DeleteBucketPolicyInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "DeleteBucketPolicy")
}
