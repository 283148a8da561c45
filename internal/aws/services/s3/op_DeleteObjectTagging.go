package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// DeleteObjectTagging takes all tags off an object.
func (s *Service) DeleteObjectTagging(ctx context.Context, in *s3.DeleteObjectTaggingInput) (*s3.DeleteObjectTaggingOutput, error) {
	version, err := s.retagObject(ctx, in.Bucket, in.ExpectedBucketOwner, in.Key, in.VersionId, nil)
	if err != nil {
		return nil, err
	}
	return &s3.DeleteObjectTaggingOutput{VersionId: version}, nil
}

func (s *Service) deleteObjectTaggingChecks(ctx context.Context, in *s3.DeleteObjectTaggingInput) ([]api.Check, error) {
	return s.onTags(ctx, "Delete", in.Bucket, in.Key, in.VersionId)
}
