package ssm

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemoveTagsFromResource takes tags from a resource; one that it does not have
// is no error.
func (s *Service) RemoveTagsFromResource(ctx context.Context, in *ssm.RemoveTagsFromResourceInput) (*ssm.RemoveTagsFromResourceOutput, error) {
	room, err := s.roomOf(in.ResourceType)
	if err != nil {
		return nil, err
	}
	if err := s.change(ctx, room, store.In(api.CallFrom(ctx).Place()), *in.ResourceId, nil, in.TagKeys); err != nil {
		return nil, err
	}
	return &ssm.RemoveTagsFromResourceOutput{}, nil
}

func (s *Service) removeTagsFromResourceChecks(ctx context.Context, in *ssm.RemoveTagsFromResourceInput) ([]api.Check, error) {
	c, err := s.taggedCheck(ctx, "ssm:RemoveTagsFromResource", in.ResourceType, *in.ResourceId)
	c.Sets = map[string][]string{"aws:TagKeys": in.TagKeys}
	return []api.Check{c}, err
}
