package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketWebsite answers that the bucket is no website: none can be made.
func (s *Service) GetBucketWebsite(ctx context.Context, in *s3.GetBucketWebsiteInput) (*s3.GetBucketWebsiteOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return nil, fault(statusNotFound, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", "BucketName", b.Name)
}

func (s *Service) getBucketWebsiteChecks(ctx context.Context, in *s3.GetBucketWebsiteInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketWebsite")
}
