package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// RemoveTags removes tags from a trail.
func (s *Service) RemoveTags(ctx context.Context, in *cloudtrail.RemoveTagsInput) (*cloudtrail.RemoveTagsOutput, error) {
	err := s.changeTags(ctx, *in.ResourceId, func(have map[string]string) (map[string]string, error) { return dropTags(have, in.TagsList), nil })
	if err != nil {
		return nil, err
	}
	return &cloudtrail.RemoveTagsOutput{}, nil
}

func (s *Service) removeTagsChecks(ctx context.Context, in *cloudtrail.RemoveTagsInput) ([]api.Check, error) {
	return s.onTaggedWith(ctx, "cloudtrail:RemoveTags", *in.ResourceId, in.TagsList)
}
