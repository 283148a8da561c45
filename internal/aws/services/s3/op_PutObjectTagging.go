package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// PutObjectTagging gives an object a set of tags in the place of the one it
// has.
func (s *Service) PutObjectTagging(ctx context.Context, in *s3.PutObjectTaggingInput) (*s3.PutObjectTaggingOutput, error) {
	tags, err := readTags(in.Tagging.TagSet, maxObjectTags)
	if err != nil {
		return nil, err
	}
	version, err := s.retagObject(ctx, in.Bucket, in.ExpectedBucketOwner, in.Key, in.VersionId, tags)
	if err != nil {
		return nil, err
	}
	return &s3.PutObjectTaggingOutput{VersionId: version}, nil
}

func (s *Service) putObjectTaggingChecks(ctx context.Context, in *s3.PutObjectTaggingInput) ([]api.Check, error) {
	checks, err := s.onTags(ctx, "Put", in.Bucket, in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	checks[0].Sets = map[string][]string{}
	for _, t := range in.Tagging.TagSet {
		setKey(&checks[0], "s3:RequestObjectTag/"+aws.ToString(t.Key), aws.ToString(t.Value))
		checks[0].Sets["s3:RequestObjectTagKeys"] = append(checks[0].Sets["s3:RequestObjectTagKeys"], aws.ToString(t.Key))
	}
	return checks, nil
}
