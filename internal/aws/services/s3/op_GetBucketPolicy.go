package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketPolicy returns a bucket's policy as it was put.
func (s *Service) GetBucketPolicy(ctx context.Context, in *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, noPolicy(b)
	}
	return &s3.GetBucketPolicyOutput{Policy: aws.String(b.Policy)}, nil
}

func (s *Service) getBucketPolicyChecks(ctx context.Context, in *s3.GetBucketPolicyInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketPolicy")
}

func noPolicy(b *bucket) error {
	return fault(statusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist", "BucketName", b.Name)
}
