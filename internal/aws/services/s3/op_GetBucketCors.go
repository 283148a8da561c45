package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketCors answers that the bucket has no CORS configuration: none can be put.
func (s *Service) GetBucketCors(ctx context.Context, in *s3.GetBucketCorsInput) (*s3.GetBucketCorsOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return nil, fault(statusNotFound, "NoSuchCORSConfiguration", "The CORS configuration does not exist", "BucketName", b.Name)
}

func (s *Service) getBucketCorsChecks(ctx context.Context, in *s3.GetBucketCorsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketCORS")
}
