package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// PlanDutyInput names a duty, its options, and which change is wished for.
type PlanDutyInput struct {
	Duty     *string
	Values   []Value
	Fix      *string
	Feed     *string
	Reason   *string
	Language *string
}

// PlanDutyOutput is what it found, and the plan where there is something to
// change.
type PlanDutyOutput struct{ Report *DutyReport }

// PlanDuty looks as RunDuty does, and keeps a plan of what the duty would change.
// Nothing is changed in the account: ApplyPlan does that.
func (s *Service) PlanDuty(ctx context.Context, in *PlanDutyInput) (*PlanDutyOutput, error) {
	r, err := s.duty(ctx, in.Language, Asked{
		Duty: *in.Duty, Values: in.Values, Plan: true, Fix: value(in.Fix), Feed: value(in.Feed), Reason: value(in.Reason),
	})
	return &PlanDutyOutput{r}, err
}

// There is no such right on AWS. What the duty reads is checked call by call.
func (s *Service) planDutyChecks(context.Context, *PlanDutyInput) ([]api.Check, error) {
	return api.OnAny("tamachi:PlanDuty"), nil
}
