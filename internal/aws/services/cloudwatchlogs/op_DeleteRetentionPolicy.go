package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
)

// DeleteRetentionPolicy lets a log group keep its events for ever.
func (s *Service) DeleteRetentionPolicy(ctx context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	if err := s.retain(ctx, named(api.CallFrom(ctx), in.LogGroupName), 0); err != nil {
		return nil, fmt.Errorf("delete the retention of %s: %w", *in.LogGroupName, err)
	}
	return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, nil
}

func (s *Service) deleteRetentionPolicyChecks(ctx context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput) ([]api.Check, error) {
	return s.on(ctx, "logs:DeleteRetentionPolicy", named(api.CallFrom(ctx), in.LogGroupName))
}
