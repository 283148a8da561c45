package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketAcl shows the one grant that a bucket has: its owner's.
func (s *Service) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) (*s3.GetBucketAclOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketAclOutput{Owner: ownerOf(b), Grants: b.fullControl()}, nil
}

func (s *Service) getBucketAclChecks(ctx context.Context, in *s3.GetBucketAclInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketAcl")
}
