package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ApplyPlanInput names a plan.
type ApplyPlanInput struct{ PlanId, Language *string }

// ApplyPlanOutput names it too: DescribePlan tells how far it is.
type ApplyPlanOutput struct{ PlanId *string }

// ApplyPlan begins to apply a plan, or goes on with one that was broken off, as
// `tamachi plan apply` does: with the caller's credentials, and only where
// those who must agree have.
func (s *Service) ApplyPlan(ctx context.Context, in *ApplyPlanInput) (*ApplyPlanOutput, error) {
	if s.ports.Plans == nil {
		return nil, none()
	}
	if err := s.ports.Plans.Apply(ctx, visitor(api.CallFrom(ctx), in.Language), *in.PlanId); err != nil {
		return nil, refused(err)
	}
	return &ApplyPlanOutput{in.PlanId}, nil
}

// There is no such right on AWS. What the plan does is checked call by call.
func (s *Service) applyPlanChecks(context.Context, *ApplyPlanInput) ([]api.Check, error) {
	return api.OnAny("tamachi:ApplyPlan"), nil
}
