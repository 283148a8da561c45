package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTagsLogGroup lists the tags of a log group; ListTagsForResource came after
// it.
func (s *Service) ListTagsLogGroup(ctx context.Context, in *cloudwatchlogs.ListTagsLogGroupInput) (*cloudwatchlogs.ListTagsLogGroupOutput, error) {
	tags, err := s.tagsOf(ctx, named(api.CallFrom(ctx), in.LogGroupName))
	if err != nil {
		return nil, fmt.Errorf("list the tags of %s: %w", *in.LogGroupName, err)
	}
	return &cloudwatchlogs.ListTagsLogGroupOutput{Tags: tags}, nil
}

func (s *Service) listTagsLogGroupChecks(ctx context.Context, in *cloudwatchlogs.ListTagsLogGroupInput) ([]api.Check, error) {
	return s.on(ctx, "logs:ListTagsLogGroup", named(api.CallFrom(ctx), in.LogGroupName))
}

// tagsOf reads the tags of a group.
func (s *Service) tagsOf(ctx context.Context, r reference) (tags map[string]string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err == nil && g.Tags != nil {
			tags = g.Tags
		}
		return err
	})
	if tags == nil {
		tags = map[string]string{}
	}
	return tags, err
}
