package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// HeadBucket tells whether a bucket is there and may be used.
func (s *Service) HeadBucket(ctx context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.HeadBucketOutput{BucketRegion: aws.String(b.Region), AccessPointAlias: aws.Bool(false), BucketArn: aws.String(b.arn())}, nil
}

func (s *Service) headBucketChecks(ctx context.Context, in *s3.HeadBucketInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "ListBucket")
}
