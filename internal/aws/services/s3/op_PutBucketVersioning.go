package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketVersioning enables or suspends versioning; it can never be off again.
func (s *Service) PutBucketVersioning(ctx context.Context, in *s3.PutBucketVersioningInput) (*s3.PutBucketVersioningOutput, error) {
	c := in.VersioningConfiguration
	if c.MFADelete == types.MFADeleteEnabled || in.MFA != nil {
		return nil, notImplemented("x-amz-mfa")
	}
	if c.Status != types.BucketVersioningStatusEnabled && c.Status != types.BucketVersioningStatusSuspended {
		return nil, fault(statusBadRequest, "IllegalVersioningConfigurationException", "The Versioning element must be specified")
	}
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Versioning = string(c.Status)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketVersioningOutput), nil
}

func (s *Service) putBucketVersioningChecks(ctx context.Context, in *s3.PutBucketVersioningInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketVersioning")
}
