package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetBucketLocation names the Region of a bucket; us-east-1 by silence. It
// answers in every Region.
func (s *Service) GetBucketLocation(ctx context.Context, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	out := new(s3.GetBucketLocationOutput)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		b, err := openAnywhere(tx, in.Bucket, in.ExpectedBucketOwner)
		if err == nil && b.Region != "us-east-1" {
			out.LocationConstraint = types.BucketLocationConstraint(b.Region)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getBucketLocationChecks(ctx context.Context, in *s3.GetBucketLocationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketLocation")
}
