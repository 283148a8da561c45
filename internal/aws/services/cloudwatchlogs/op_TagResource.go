package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagResource sets tags of a log group.
func (s *Service) TagResource(ctx context.Context, in *cloudwatchlogs.TagResourceInput) (*cloudwatchlogs.TagResourceOutput, error) {
	r, err := taggable(*in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := s.change(ctx, r, func(_ *store.Tx, g *group) error { return g.tag(in.Tags, nil) }); err != nil {
		return nil, fmt.Errorf("tag log group %s: %w", r.name, err)
	}
	return &cloudwatchlogs.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *cloudwatchlogs.TagResourceInput) ([]api.Check, error) {
	return s.onTags(ctx, "logs:TagResource", asked(api.CallFrom(ctx), nil, in.ResourceArn), in.Tags, nil)
}
