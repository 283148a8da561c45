package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsForResource shows the tags of a rule or a bus.
func (s *Service) ListTagsForResource(ctx context.Context, in *eventbridge.ListTagsForResourceInput) (*eventbridge.ListTagsForResourceOutput, error) {
	var tags map[string]string
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		tags, _, err = tagged(tx, api.CallFrom(ctx), *in.ResourceARN)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListTagsForResourceOutput{Tags: tagList(tags)}, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *eventbridge.ListTagsForResourceInput) ([]api.Check, error) {
	return []api.Check{s.onResource(ctx, "events:ListTagsForResource", in.ResourceARN)}, nil
}
