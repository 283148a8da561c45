package ssm

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// AddTagsToResource adds tags to a resource, or gives those that it has new
// values.
func (s *Service) AddTagsToResource(ctx context.Context, in *ssm.AddTagsToResourceInput) (*ssm.AddTagsToResourceOutput, error) {
	room, err := s.roomOf(in.ResourceType)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) > tag.Most {
		return nil, tooManyTags()
	}
	tags, err := tag.Read(in.Tags, invalidTags)
	if err != nil {
		return nil, err
	}
	if err := s.change(ctx, room, store.In(api.CallFrom(ctx).Place()), *in.ResourceId, tags, nil); err != nil {
		return nil, err
	}
	return &ssm.AddTagsToResourceOutput{}, nil
}

func (s *Service) addTagsToResourceChecks(ctx context.Context, in *ssm.AddTagsToResourceInput) ([]api.Check, error) {
	c, err := s.taggedCheck(ctx, "ssm:AddTagsToResource", in.ResourceType, *in.ResourceId)
	return []api.Check{tag.Asked(c, in.Tags)}, err
}
