package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketCors shuts a bucket to pages of other origins.
func (s *Service) DeleteBucketCors(ctx context.Context, in *s3.DeleteBucketCorsInput) (*s3.DeleteBucketCorsOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(_ *store.Tx, b *bucket) error {
		b.CORS = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketCorsOutput), nil
}

func (s *Service) deleteBucketCorsChecks(ctx context.Context, in *s3.DeleteBucketCorsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketCORS")
}
