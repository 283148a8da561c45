package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucketEncryption goes back to the default, which is AES256.
func (s *Service) DeleteBucketEncryption(ctx context.Context, in *s3.DeleteBucketEncryptionInput) (*s3.DeleteBucketEncryptionOutput, error) {
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Encryption = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketEncryptionOutput), nil
}

func (s *Service) deleteBucketEncryptionChecks(ctx context.Context, in *s3.DeleteBucketEncryptionInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutEncryptionConfiguration")
}
