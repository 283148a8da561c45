package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
)

// DisableAlarmActions keeps alarms from acting on changes of their state.
func (s *Service) DisableAlarmActions(ctx context.Context, in *cloudwatch.DisableAlarmActionsInput) (*cloudwatch.DisableAlarmActionsOutput, error) {
	err := s.enable(ctx, in.AlarmNames, func(a *alarm) { a.Enabled = false })
	if err != nil {
		return nil, fmt.Errorf("disable the actions of alarms: %w", err)
	}
	return &cloudwatch.DisableAlarmActionsOutput{}, nil
}

func (s *Service) disableAlarmActionsChecks(ctx context.Context, in *cloudwatch.DisableAlarmActionsInput) ([]api.Check, error) {
	return s.onAlarms(ctx, "cloudwatch:DisableAlarmActions", in.AlarmNames), nil
}
