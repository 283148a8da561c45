package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateTags adds tags to a resource of the room; a key that is
// there gets the new value.
func (s *Service) CreateTags(ctx context.Context, in *workspaces.CreateTagsInput) (*workspaces.CreateTagsOutput, error) {
	added, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	id := text(in.ResourceId)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		return retag(tx, store.In(api.CallFrom(ctx).Place()), id, func(tags map[string]string) (map[string]string, error) {
			return addTags(tags, added)
		})
	})
	if err != nil {
		return nil, unknownResource(err, id)
	}
	return &workspaces.CreateTagsOutput{}, nil
}

func (s *Service) createTagsChecks(_ context.Context, in *workspaces.CreateTagsInput) ([]api.Check, error) {
	return withTags(api.OnAny("workspaces:CreateTags"), in.Tags), nil
}
