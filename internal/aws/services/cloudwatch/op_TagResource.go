package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
)

// TagResource sets tags of an alarm or a dashboard.
func (s *Service) TagResource(ctx context.Context, in *cloudwatch.TagResourceInput) (*cloudwatch.TagResourceOutput, error) {
	if err := s.retag(ctx, *in.ResourceARN, in.Tags, nil); err != nil {
		return nil, fmt.Errorf("tag %s: %w", *in.ResourceARN, err)
	}
	return &cloudwatch.TagResourceOutput{}, nil
}

func (s *Service) tagResourceChecks(ctx context.Context, in *cloudwatch.TagResourceInput) ([]api.Check, error) {
	c := s.onTags(ctx, "cloudwatch:TagResource", in.ResourceARN)
	requestTags(&c, in.Tags)
	return []api.Check{c}, nil
}
