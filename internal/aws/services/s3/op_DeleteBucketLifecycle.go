package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketLifecycle takes a bucket's lifecycle rules away.
func (s *Service) DeleteBucketLifecycle(ctx context.Context, in *s3.DeleteBucketLifecycleInput) (*s3.DeleteBucketLifecycleOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Lifecycle, b.Minimum = nil, ""
		return unplan(tx, b)
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketLifecycleOutput), nil
}

func (s *Service) deleteBucketLifecycleChecks(ctx context.Context, in *s3.DeleteBucketLifecycleInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutLifecycleConfiguration")
}
