package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketTagging lists the tags of a bucket.
func (s *Service) GetBucketTagging(ctx context.Context, in *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		return nil, fault(statusNotFound, "NoSuchTagSet", "The TagSet does not exist", "BucketName", b.Name)
	}
	return &s3.GetBucketTaggingOutput{TagSet: listTags(b.Tags)}, nil
}

func (s *Service) getBucketTaggingChecks(ctx context.Context, in *s3.GetBucketTaggingInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketTagging")
}
