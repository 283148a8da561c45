package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketOwnershipControls says who owns what is uploaded. Only BucketOwnerEnforced is to be had.
func (s *Service) PutBucketOwnershipControls(ctx context.Context, in *s3.PutBucketOwnershipControlsInput) (*s3.PutBucketOwnershipControlsOutput, error) {
	rules := in.OwnershipControls.Rules
	if len(rules) != 1 {
		return nil, malformedXML()
	}
	if rules[0].ObjectOwnership != types.ObjectOwnershipBucketOwnerEnforced {
		return nil, fault(statusNotImplemented, "NotImplemented", "ACLs are disabled on this plane: ObjectOwnership can be BucketOwnerEnforced only")
	}
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Ownership = string(rules[0].ObjectOwnership)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketOwnershipControlsOutput), nil
}

func (s *Service) putBucketOwnershipControlsChecks(ctx context.Context, in *s3.PutBucketOwnershipControlsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketOwnershipControls")
}
