package workspaces

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteTags removes tags by their keys; a key that is not there is no error.
func (s *Service) DeleteTags(ctx context.Context, in *workspaces.DeleteTagsInput) (*workspaces.DeleteTagsOutput, error) {
	id := text(in.ResourceId)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		return retag(tx, store.In(api.CallFrom(ctx).Place()), id, func(tags map[string]string) (map[string]string, error) {
			left := maps.Clone(tags)
			for _, k := range in.TagKeys {
				delete(left, k)
			}
			return left, nil
		})
	})
	if err != nil {
		return nil, unknownResource(err, id)
	}
	return &workspaces.DeleteTagsOutput{}, nil
}

func (s *Service) deleteTagsChecks(_ context.Context, in *workspaces.DeleteTagsInput) ([]api.Check, error) {
	checks := api.OnAny("workspaces:DeleteTags")
	checks[0].Sets = map[string][]string{"aws:TagKeys": in.TagKeys}
	return checks, nil
}
