package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutPublicAccessBlock sets what of public access a bucket forbids.
func (s *Service) PutPublicAccessBlock(ctx context.Context, in *s3.PutPublicAccessBlockInput) (*s3.PutPublicAccessBlockOutput, error) {
	c := in.PublicAccessBlockConfiguration
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Block = &publicAccess{
			BlockACLs: aws.ToBool(c.BlockPublicAcls), IgnoreACLs: aws.ToBool(c.IgnorePublicAcls),
			BlockPolicy: aws.ToBool(c.BlockPublicPolicy), Restrict: aws.ToBool(c.RestrictPublicBuckets),
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutPublicAccessBlockOutput), nil
}

func (s *Service) putPublicAccessBlockChecks(ctx context.Context, in *s3.PutPublicAccessBlockInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketPublicAccessBlock")
}
