package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketAccelerateConfiguration answers as where acceleration was never set: it cannot be.
func (s *Service) GetBucketAccelerateConfiguration(ctx context.Context, in *s3.GetBucketAccelerateConfigurationInput) (*s3.GetBucketAccelerateConfigurationOutput, error) {
	if _, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return new(s3.GetBucketAccelerateConfigurationOutput), nil
}

func (s *Service) getBucketAccelerateConfigurationChecks(ctx context.Context, in *s3.GetBucketAccelerateConfigurationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetAccelerateConfiguration")
}
