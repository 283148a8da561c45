package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagLogGroup removes tags of a log group; UntagResource came after it.
func (s *Service) UntagLogGroup(ctx context.Context, in *cloudwatchlogs.UntagLogGroupInput) (*cloudwatchlogs.UntagLogGroupOutput, error) {
	err := s.change(ctx, named(api.CallFrom(ctx), in.LogGroupName), func(_ *store.Tx, g *group) error { return g.tag(nil, in.Tags) })
	if err != nil {
		return nil, fmt.Errorf("untag log group %s: %w", *in.LogGroupName, err)
	}
	return &cloudwatchlogs.UntagLogGroupOutput{}, nil
}

func (s *Service) untagLogGroupChecks(ctx context.Context, in *cloudwatchlogs.UntagLogGroupInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "logs:UntagLogGroup", named(api.CallFrom(ctx), in.LogGroupName))
	if err == nil {
		checks[0].Sets = map[string][]string{"aws:TagKeys": in.Tags}
	}
	return checks, err
}
