package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetObjectLockConfiguration answers that the bucket has no Object Lock: it cannot be had.
func (s *Service) GetObjectLockConfiguration(ctx context.Context, in *s3.GetObjectLockConfigurationInput) (*s3.GetObjectLockConfigurationOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return nil, fault(statusNotFound, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", "BucketName", b.Name)
}

func (s *Service) getObjectLockConfigurationChecks(ctx context.Context, in *s3.GetObjectLockConfigurationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketObjectLockConfiguration")
}
