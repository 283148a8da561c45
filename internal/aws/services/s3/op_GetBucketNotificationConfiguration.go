package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketNotificationConfiguration answers as where notifications were never asked for: they cannot be.
func (s *Service) GetBucketNotificationConfiguration(ctx context.Context, in *s3.GetBucketNotificationConfigurationInput) (*s3.GetBucketNotificationConfigurationOutput, error) {
	if _, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return new(s3.GetBucketNotificationConfigurationOutput), nil
}

func (s *Service) getBucketNotificationConfigurationChecks(ctx context.Context, in *s3.GetBucketNotificationConfigurationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketNotification")
}
