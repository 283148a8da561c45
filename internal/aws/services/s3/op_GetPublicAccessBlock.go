package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
)

// GetPublicAccessBlock returns what of public access a bucket forbids.
func (s *Service) GetPublicAccessBlock(ctx context.Context, in *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Block == nil {
		return nil, fault(statusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", "BucketName", b.Name)
	}
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(b.Block.BlockACLs), IgnorePublicAcls: aws.Bool(b.Block.IgnoreACLs),
		BlockPublicPolicy: aws.Bool(b.Block.BlockPolicy), RestrictPublicBuckets: aws.Bool(b.Block.Restrict),
	}}, nil
}

func (s *Service) getPublicAccessBlockChecks(ctx context.Context, in *s3.GetPublicAccessBlockInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketPublicAccessBlock")
}
