package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutLogGroupDeletionProtection protects a log group from deletion, or no more.
func (s *Service) PutLogGroupDeletionProtection(ctx context.Context, in *cloudwatchlogs.PutLogGroupDeletionProtectionInput) (*cloudwatchlogs.PutLogGroupDeletionProtectionOutput, error) {
	r, err := identified(api.CallFrom(ctx), nil, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, r, func(_ *store.Tx, g *group) error {
		g.Protected = *in.DeletionProtectionEnabled
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("protect log group %s: %w", r.name, err)
	}
	return &cloudwatchlogs.PutLogGroupDeletionProtectionOutput{}, nil
}

func (s *Service) putLogGroupDeletionProtectionChecks(ctx context.Context, in *cloudwatchlogs.PutLogGroupDeletionProtectionInput) ([]api.Check, error) {
	return s.on(ctx, "logs:PutLogGroupDeletionProtection", asked(api.CallFrom(ctx), nil, in.LogGroupIdentifier))
}
