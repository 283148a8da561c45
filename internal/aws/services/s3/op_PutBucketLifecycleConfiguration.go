package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketLifecycleConfiguration gives a bucket lifecycle rules in the place of those it has.
func (s *Service) PutBucketLifecycleConfiguration(ctx context.Context, in *s3.PutBucketLifecycleConfigurationInput) (*s3.PutBucketLifecycleConfigurationOutput, error) {
	if in.LifecycleConfiguration == nil {
		return nil, malformedXML()
	}
	rules, err := s.readLifecycle(in.LifecycleConfiguration.Rules)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Lifecycle, b.Minimum = rules, string(in.TransitionDefaultMinimumObjectSize)
		return s.plan(tx, b)
	})
	if err != nil {
		return nil, err
	}
	return &s3.PutBucketLifecycleConfigurationOutput{TransitionDefaultMinimumObjectSize: minimum(string(in.TransitionDefaultMinimumObjectSize))}, nil
}

func (s *Service) putBucketLifecycleConfigurationChecks(ctx context.Context, in *s3.PutBucketLifecycleConfigurationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutLifecycleConfiguration")
}

// minimum is the size below which objects are not moved to another storage
// class. Nothing is moved here; the default is shown as AWS shows it.
func minimum(said string) types.TransitionDefaultMinimumObjectSize {
	if said == "" {
		return types.TransitionDefaultMinimumObjectSizeAllStorageClasses128k
	}
	return types.TransitionDefaultMinimumObjectSize(said)
}
