package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketCors tells which pages of other origins may use a bucket.
func (s *Service) GetBucketCors(ctx context.Context, in *s3.GetBucketCorsInput) (*s3.GetBucketCorsOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.CORS) == 0 {
		return nil, fault(statusNotFound, "NoSuchCORSConfiguration", "The CORS configuration does not exist", "BucketName", b.Name)
	}
	out := new(s3.GetBucketCorsOutput)
	for _, r := range b.CORS {
		out.CORSRules = append(out.CORSRules, r.show())
	}
	return out, nil
}

func (s *Service) getBucketCorsChecks(ctx context.Context, in *s3.GetBucketCorsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketCORS")
}
