package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
)

// GetBucketVersioning tells whether a bucket keeps versions; nothing when it never did.
func (s *Service) GetBucketVersioning(ctx context.Context, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketVersioningOutput{Status: types.BucketVersioningStatus(b.Versioning)}, nil
}

func (s *Service) getBucketVersioningChecks(ctx context.Context, in *s3.GetBucketVersioningInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketVersioning")
}
