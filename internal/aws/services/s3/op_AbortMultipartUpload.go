package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AbortMultipartUpload gives an upload up, with its parts.
func (s *Service) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput) (*s3.AbortMultipartUploadOutput, error) {
	if in.IfMatchInitiatedTime != nil {
		return nil, notImplemented("x-amz-if-match-initiated-time") // directory buckets only
	}
	err := s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		u, err := openUpload(tx, b, *in.Key, *in.UploadId)
		if err != nil {
			return err
		}
		return s.abandon(tx, b, u)
	})
	if err != nil {
		return nil, err
	}
	return new(s3.AbortMultipartUploadOutput), nil
}

func (s *Service) abortMultipartUploadChecks(ctx context.Context, in *s3.AbortMultipartUploadInput) ([]api.Check, error) {
	return s.onObject(ctx, in.Bucket, in.Key, "AbortMultipartUpload")
}
