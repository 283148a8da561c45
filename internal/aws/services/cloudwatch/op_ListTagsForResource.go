package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsForResource lists the tags of an alarm.
func (s *Service) ListTagsForResource(ctx context.Context, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
	name, sc, err := tagged(*in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.ListTagsForResourceOutput{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAlarm(tx, sc, name)
		if err != nil {
			return err
		}
		if a == nil {
			return noResource(*in.ResourceARN)
		}
		out.Tags = shownTags(a.Tags)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the tags of %s: %w", *in.ResourceARN, err)
	}
	return out, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *cloudwatch.ListTagsForResourceInput) ([]api.Check, error) {
	return []api.Check{s.onTags(ctx, "cloudwatch:ListTagsForResource", in.ResourceARN)}, nil
}
