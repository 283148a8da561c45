package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
)

// GetBucketOwnershipControls tells who owns what is uploaded.
func (s *Service) GetBucketOwnershipControls(ctx context.Context, in *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Ownership == "" {
		return nil, fault(statusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", "BucketName", b.Name)
	}
	return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &types.OwnershipControls{
		Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnership(b.Ownership)}},
	}}, nil
}

func (s *Service) getBucketOwnershipControlsChecks(ctx context.Context, in *s3.GetBucketOwnershipControlsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketOwnershipControls")
}
