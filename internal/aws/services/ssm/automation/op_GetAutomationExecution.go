package automation

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAutomationExecution returns an execution with all its steps: those that
// have not begun are Pending.
func (s *Service) GetAutomationExecution(ctx context.Context, in *ssm.GetAutomationExecutionInput) (*ssm.GetAutomationExecutionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	out := &ssm.GetAutomationExecutionOutput{}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		x, b, all, err := progress(tx, scope, *in.AutomationExecutionId)
		if err != nil {
			return err
		}
		var t tally
		if x.Fan != nil {
			if t, _, err = tallied(tx, scope, x.ID); err != nil {
				return err
			}
		}
		out.AutomationExecution, err = x.show(b, all, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getAutomationExecutionChecks(ctx context.Context, in *ssm.GetAutomationExecutionInput) ([]api.Check, error) {
	return s.onExecution(ctx, "ssm:GetAutomationExecution", *in.AutomationExecutionId), nil
}
