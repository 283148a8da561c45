package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// AddTags sets tags of a trail.
func (s *Service) AddTags(ctx context.Context, in *cloudtrail.AddTagsInput) (*cloudtrail.AddTagsOutput, error) {
	err := s.changeTags(ctx, *in.ResourceId, func(have map[string]string) (map[string]string, error) { return setTags(have, in.TagsList) })
	if err != nil {
		return nil, err
	}
	return &cloudtrail.AddTagsOutput{}, nil
}

func (s *Service) addTagsChecks(ctx context.Context, in *cloudtrail.AddTagsInput) ([]api.Check, error) {
	return s.onTaggedWith(ctx, "cloudtrail:AddTags", *in.ResourceId, in.TagsList)
}
