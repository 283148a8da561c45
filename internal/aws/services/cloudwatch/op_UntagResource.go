package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
)

// UntagResource removes tags of an alarm or a dashboard.
func (s *Service) UntagResource(ctx context.Context, in *cloudwatch.UntagResourceInput) (*cloudwatch.UntagResourceOutput, error) {
	if err := s.retag(ctx, *in.ResourceARN, nil, in.TagKeys); err != nil {
		return nil, fmt.Errorf("untag %s: %w", *in.ResourceARN, err)
	}
	return &cloudwatch.UntagResourceOutput{}, nil
}

func (s *Service) untagResourceChecks(ctx context.Context, in *cloudwatch.UntagResourceInput) ([]api.Check, error) {
	c := s.onTags(ctx, "cloudwatch:UntagResource", in.ResourceARN)
	c.Sets = map[string][]string{"aws:TagKeys": in.TagKeys}
	return []api.Check{c}, nil
}
