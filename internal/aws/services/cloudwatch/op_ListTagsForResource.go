package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsForResource lists the tags of an alarm or a dashboard.
func (s *Service) ListTagsForResource(ctx context.Context, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
	r, err := resourceOf(*in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.ListTagsForResourceOutput{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		tags, _, err := r.tags(tx)
		out.Tags = shownTags(tags)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the tags of %s: %w", *in.ResourceARN, err)
	}
	return out, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *cloudwatch.ListTagsForResourceInput) ([]api.Check, error) {
	return []api.Check{s.onTags(ctx, "cloudwatch:ListTagsForResource", in.ResourceARN)}, nil
}
