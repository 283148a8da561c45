package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagResource removes tags of a log group.
func (s *Service) UntagResource(ctx context.Context, in *cloudwatchlogs.UntagResourceInput) (*cloudwatchlogs.UntagResourceOutput, error) {
	r, err := taggable(*in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := s.change(ctx, r, func(_ *store.Tx, g *group) error { return g.tag(nil, in.TagKeys) }); err != nil {
		return nil, fmt.Errorf("untag log group %s: %w", r.name, err)
	}
	return &cloudwatchlogs.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *cloudwatchlogs.UntagResourceInput) ([]api.Check, error) {
	return s.onTags(ctx, "logs:UntagResource", asked(api.CallFrom(ctx), nil, in.ResourceArn), nil, in.TagKeys)
}
