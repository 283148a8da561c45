package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteBucket deletes a bucket that holds no version of any object. Uploads
// under way end with it.
func (s *Service) DeleteBucket(ctx context.Context, in *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	err := s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		all := store.Page{Min: b.Name + "/", Max: behind(b.Name + "/")}
		first := all
		first.Limit = 1
		if list, err := versions.List(tx, b.scope(), first); err != nil {
			return err
		} else if len(list) > 0 {
			return notEmpty(b)
		}
		list, err := uploads.List(tx, b.scope(), all)
		if err != nil {
			return err
		}
		for _, u := range list {
			if err := s.abandon(tx, b, u); err != nil {
				return err
			}
		}
		if err := unplan(tx, b); err != nil {
			return err
		}
		return buckets.Delete(tx, store.Scope{}, b.Name)
	})
	if err != nil {
		return nil, err
	}
	return new(s3.DeleteBucketOutput), nil
}

func notEmpty(b *bucket) error {
	message := "The bucket you tried to delete is not empty"
	if b.versioned() {
		message += ". You must delete all versions in the bucket."
	}
	return fault(statusConflict, "BucketNotEmpty", message, "BucketName", b.Name)
}

func (s *Service) deleteBucketChecks(ctx context.Context, in *s3.DeleteBucketInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "DeleteBucket")
}
