package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketLifecycleConfiguration returns a bucket's lifecycle rules.
func (s *Service) GetBucketLifecycleConfiguration(ctx context.Context, in *s3.GetBucketLifecycleConfigurationInput) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Lifecycle) == 0 {
		return nil, fault(statusNotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", "BucketName", b.Name)
	}
	out := &s3.GetBucketLifecycleConfigurationOutput{TransitionDefaultMinimumObjectSize: minimum(b.Minimum)}
	for i := range b.Lifecycle {
		out.Rules = append(out.Rules, b.Lifecycle[i].shown())
	}
	return out, nil
}

func (s *Service) getBucketLifecycleConfigurationChecks(ctx context.Context, in *s3.GetBucketLifecycleConfigurationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetLifecycleConfiguration")
}
