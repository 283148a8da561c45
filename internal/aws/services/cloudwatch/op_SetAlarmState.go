package cloudwatch

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SetAlarmState gives an alarm a state until it is evaluated next.
func (s *Service) SetAlarmState(ctx context.Context, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	data := aws.ToString(in.StateReasonData)
	if data != "" && !json.Valid([]byte(data)) {
		text := "StateReasonData is not valid JSON."
		return nil, &types.InvalidFormatFault{Message: &text}
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAlarm(tx, sc, *in.AlarmName)
		if err != nil {
			return err
		}
		if a == nil {
			text := "The alarm " + *in.AlarmName + " does not exist."
			return &types.ResourceNotFound{Message: &text}
		}
		return s.move(tx, a, verdict{in.StateValue, *in.StateReason, data}, s.clock.Now())
	})
	if err != nil {
		return nil, fmt.Errorf("set the state of alarm %s: %w", *in.AlarmName, err)
	}
	return &cloudwatch.SetAlarmStateOutput{}, nil
}

func (s *Service) setAlarmStateChecks(ctx context.Context, in *cloudwatch.SetAlarmStateInput) ([]api.Check, error) {
	return []api.Check{s.onAlarm(ctx, "cloudwatch:SetAlarmState", aws.ToString(in.AlarmName))}, nil
}
