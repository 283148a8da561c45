package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetObjectTagging lists the tags of an object.
func (s *Service) GetObjectTagging(ctx context.Context, in *s3.GetObjectTaggingInput) (*s3.GetObjectTaggingOutput, error) {
	out := new(s3.GetObjectTaggingOutput)
	err := s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		o, err := readable(tx, b, *in.Key, in.VersionId)
		if err == nil {
			out.TagSet, out.VersionId = listTags(o.Tags), o.shown(b)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getObjectTaggingChecks(ctx context.Context, in *s3.GetObjectTaggingInput) ([]api.Check, error) {
	return s.onTags(ctx, "Get", in.Bucket, in.Key, in.VersionId)
}
