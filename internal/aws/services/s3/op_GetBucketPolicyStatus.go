package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
)

// GetBucketPolicyStatus tells whether a bucket's policy grants access to anyone.
func (s *Service) GetBucketPolicyStatus(ctx context.Context, in *s3.GetBucketPolicyStatusInput) (*s3.GetBucketPolicyStatusOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, noPolicy(b)
	}
	return &s3.GetBucketPolicyStatusOutput{PolicyStatus: &types.PolicyStatus{IsPublic: aws.Bool(b.Public)}}, nil
}

func (s *Service) getBucketPolicyStatusChecks(ctx context.Context, in *s3.GetBucketPolicyStatusInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketPolicyStatus")
}
