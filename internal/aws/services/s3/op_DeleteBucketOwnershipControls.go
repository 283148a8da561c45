package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketOwnershipControls takes the statement about ownership away. ACLs stay disabled.
func (s *Service) DeleteBucketOwnershipControls(ctx context.Context, in *s3.DeleteBucketOwnershipControlsInput) (*s3.DeleteBucketOwnershipControlsOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Ownership = ""
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketOwnershipControlsOutput), nil
}

func (s *Service) deleteBucketOwnershipControlsChecks(ctx context.Context, in *s3.DeleteBucketOwnershipControlsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketOwnershipControls")
}
