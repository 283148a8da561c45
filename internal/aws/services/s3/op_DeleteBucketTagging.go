package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketTagging takes all tags off a bucket.
func (s *Service) DeleteBucketTagging(ctx context.Context, in *s3.DeleteBucketTaggingInput) (*s3.DeleteBucketTaggingOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Tags = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketTaggingOutput), nil
}

func (s *Service) deleteBucketTaggingChecks(ctx context.Context, in *s3.DeleteBucketTaggingInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketTagging")
}
