package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketTagging gives a bucket a set of tags in the place of the one it has.
func (s *Service) PutBucketTagging(ctx context.Context, in *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	tags, err := readTags(in.Tagging.TagSet, maxBucketTags)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Tags = tags
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketTaggingOutput), nil
}

func (s *Service) putBucketTaggingChecks(ctx context.Context, in *s3.PutBucketTaggingInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketTagging")
}
