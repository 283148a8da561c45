package ssm

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsForResource returns a resource's tags in the order of their keys.
func (s *Service) ListTagsForResource(ctx context.Context, in *ssm.ListTagsForResourceInput) (*ssm.ListTagsForResourceOutput, error) {
	room, err := s.roomOf(in.ResourceType)
	if err != nil {
		return nil, err
	}
	var tags map[string]string
	err = s.st.View(ctx, func(tx *store.Tx) error {
		tags, _, err = room.Tags(tx, store.In(api.CallFrom(ctx).Place()), *in.ResourceId)
		return err
	})
	if err != nil {
		return nil, invalidID(err, *in.ResourceId)
	}
	out := &ssm.ListTagsForResourceOutput{TagList: []types.Tag{}}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out.TagList = append(out.TagList, types.Tag{Key: new(k), Value: new(tags[k])})
	}
	return out, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *ssm.ListTagsForResourceInput) ([]api.Check, error) {
	c, err := s.taggedCheck(ctx, "ssm:ListTagsForResource", in.ResourceType, *in.ResourceId)
	return []api.Check{c}, err
}
