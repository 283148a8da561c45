package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateTags adds tags to a desktop or a registered directory; a key that is
// there gets the new value.
func (s *Service) CreateTags(ctx context.Context, in *workspaces.CreateTagsInput) (*workspaces.CreateTagsOutput, error) {
	added, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	id := text(in.ResourceId)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		return retag(tx, scopeOf(api.CallFrom(ctx)), id, func(tags map[string]string) (map[string]string, error) {
			return addTags(tags, added)
		})
	})
	if err != nil {
		return nil, unknownResource(err, id)
	}
	return &workspaces.CreateTagsOutput{}, nil
}

func (s *Service) createTagsChecks(_ context.Context, in *workspaces.CreateTagsInput) ([]api.Check, error) {
	checks := api.OnAny("workspaces:CreateTags")
	keys := []string{}
	checks[0].Keys = make(map[string]string, len(in.Tags))
	for _, t := range in.Tags {
		checks[0].Keys["aws:RequestTag/"+text(t.Key)] = text(t.Value)
		keys = append(keys, text(t.Key))
	}
	checks[0].Sets = map[string][]string{"aws:TagKeys": keys}
	return checks, nil
}
