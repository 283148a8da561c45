package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeletePublicAccessBlock lets a bucket forbid nothing of public access.
func (s *Service) DeletePublicAccessBlock(ctx context.Context, in *s3.DeletePublicAccessBlockInput) (*s3.DeletePublicAccessBlockOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Block = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeletePublicAccessBlockOutput), nil
}

func (s *Service) deletePublicAccessBlockChecks(ctx context.Context, in *s3.DeletePublicAccessBlockInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketPublicAccessBlock")
}
