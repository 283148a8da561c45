package ssm

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
)

// AddTagsToResource adds tags to a resource, or gives those that it has new
// values.
func (s *Service) AddTagsToResource(ctx context.Context, in *ssm.AddTagsToResourceInput) (*ssm.AddTagsToResourceOutput, error) {
	room, err := s.roomOf(in.ResourceType)
	if err != nil {
		return nil, err
	}
	if err := s.change(ctx, room, scopeOf(api.CallFrom(ctx)), *in.ResourceId, tagMap(in.Tags), nil); err != nil {
		return nil, err
	}
	return &ssm.AddTagsToResourceOutput{}, nil
}

func (s *Service) addTagsToResourceChecks(ctx context.Context, in *ssm.AddTagsToResourceInput) ([]api.Check, error) {
	c, err := s.taggedCheck(ctx, "ssm:AddTagsToResource", in.ResourceType, *in.ResourceId)
	tags := tagMap(in.Tags)
	c.Keys = map[string]string{}
	for k, v := range tags {
		c.Keys["aws:RequestTag/"+k] = v
	}
	c.Sets = map[string][]string{"aws:TagKeys": slices.Sorted(maps.Keys(tags))}
	return []api.Check{c}, err
}
