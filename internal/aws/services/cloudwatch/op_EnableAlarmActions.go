package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
)

// EnableAlarmActions lets alarms act on changes of their state.
func (s *Service) EnableAlarmActions(ctx context.Context, in *cloudwatch.EnableAlarmActionsInput) (*cloudwatch.EnableAlarmActionsOutput, error) {
	err := s.enable(ctx, in.AlarmNames, func(a *alarm) { a.Enabled = true })
	if err != nil {
		return nil, fmt.Errorf("enable the actions of alarms: %w", err)
	}
	return &cloudwatch.EnableAlarmActionsOutput{}, nil
}

func (s *Service) enableAlarmActionsChecks(ctx context.Context, in *cloudwatch.EnableAlarmActionsInput) ([]api.Check, error) {
	return s.onAlarms(ctx, "cloudwatch:EnableAlarmActions", in.AlarmNames), nil
}
