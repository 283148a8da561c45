package resourcegroupstaggingapi

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// changeBucket reads a bucket's tags and writes them changed; the caller needs
// s3:GetBucketTagging too. Source: Resource Groups Tagging API Reference,
// "TagResources", Minimum permissions.
func (s *Service) changeBucket(ctx context.Context, room Room, a arn.ARN, c change) error {
	call := api.CallFrom(ctx)
	name, owner := new(a.Resource), new(call.Account)
	tags, err := s.bucketTags(ctx, name, owner)
	if err != nil {
		return err
	}
	here, err := room.Tagged(ctx, call.Account, call.Region)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(here, func(r api.Tagged) bool { return r.ARN == a.String() }) {
		return invalid("The resource %s is not in the Region %s.", a, call.Region)
	}
	maps.Copy(tags, c.set)
	for _, key := range c.remove {
		delete(tags, key)
	}
	if len(tags) == 0 {
		_, err = s.ports.Calls.Do(ctx, "s3", "DeleteBucketTagging", &s3.DeleteBucketTaggingInput{Bucket: name, ExpectedBucketOwner: owner})
		return err
	}
	set := each(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
	_, err = s.ports.Calls.Do(ctx, "s3", "PutBucketTagging", &s3.PutBucketTaggingInput{
		Bucket: name, ExpectedBucketOwner: owner, Tagging: &types.Tagging{TagSet: set},
	})
	return err
}

func (s *Service) bucketTags(ctx context.Context, name, owner *string) (map[string]string, error) {
	tags := make(map[string]string)
	out, err := s.ports.Calls.Do(ctx, "s3", "GetBucketTagging", &s3.GetBucketTaggingInput{Bucket: name, ExpectedBucketOwner: owner})
	if e, ok := errors.AsType[smithy.APIError](err); ok && e.ErrorCode() == "NoSuchTagSet" {
		return tags, nil
	}
	if err != nil {
		return nil, err
	}
	for _, t := range out.(*s3.GetBucketTaggingOutput).TagSet {
		tags[*t.Key] = *t.Value
	}
	return tags, nil
}
