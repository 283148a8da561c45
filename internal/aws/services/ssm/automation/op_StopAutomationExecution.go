package automation

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// StopAutomationExecution asks for the end of an execution: at once (Cancel),
// or when its present step has ended (Complete).
func (s *Service) StopAutomationExecution(ctx context.Context, in *ssm.StopAutomationExecutionInput) (*ssm.StopAutomationExecutionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	kind := in.Type
	if kind == "" {
		kind = types.StopTypeCancel
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		x, err := find(tx, scope, *in.AutomationExecutionId)
		if err != nil {
			return err
		}
		if x.over() {
			return &types.InvalidAutomationStatusUpdateException{Message: new("The automation execution " + x.ID + " has ended with the status " + string(x.Status) + ".")}
		}
		if x.Stop == types.StopTypeCancel || x.Stop == kind { // it was asked for before
			return nil
		}
		x.Stop = kind
		x.Pokes++
		if kind == types.StopTypeCancel && x.Status != types.AutomationExecutionStatusPending {
			x.Status = types.AutomationExecutionStatusCancelling
			if err := s.tell(tx, scope, x); err != nil {
				return err
			}
		}
		return executions.Put(tx, scope, x)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.StopAutomationExecutionOutput{}, nil
}

func (s *Service) stopAutomationExecutionChecks(ctx context.Context, in *ssm.StopAutomationExecutionInput) ([]api.Check, error) {
	return s.onExecution(ctx, "ssm:StopAutomationExecution", *in.AutomationExecutionId), nil
}
