package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
)

// ListTagsForResource lists the tags of a log group.
func (s *Service) ListTagsForResource(ctx context.Context, in *cloudwatchlogs.ListTagsForResourceInput) (*cloudwatchlogs.ListTagsForResourceOutput, error) {
	r, err := taggable(*in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := s.tagsOf(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("list the tags of %s: %w", r.name, err)
	}
	return &cloudwatchlogs.ListTagsForResourceOutput{Tags: tags}, nil
}

func (s *Service) listTagsForResourceChecks(ctx context.Context, in *cloudwatchlogs.ListTagsForResourceInput) ([]api.Check, error) {
	return s.onTags(ctx, "logs:ListTagsForResource", asked(api.CallFrom(ctx), nil, in.ResourceArn), nil, nil)
}
