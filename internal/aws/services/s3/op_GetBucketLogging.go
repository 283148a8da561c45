package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketLogging answers as where server access logs were never asked for: they cannot be.
func (s *Service) GetBucketLogging(ctx context.Context, in *s3.GetBucketLoggingInput) (*s3.GetBucketLoggingOutput, error) {
	if _, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return new(s3.GetBucketLoggingOutput), nil
}

func (s *Service) getBucketLoggingChecks(ctx context.Context, in *s3.GetBucketLoggingInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketLogging")
}
