package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ListPlansInput asks for a page of plans.
type ListPlansInput struct {
	MaxResults *int32
	NextToken  *string
}

// ListPlansOutput is a page of plans, the newest first.
type ListPlansOutput struct {
	Plans     []Plan
	NextToken *string
}

// ListPlans lists the plans of the caller's account on this plane.
func (s *Service) ListPlans(ctx context.Context, in *ListPlansInput) (*ListPlansOutput, error) {
	if s.ports.Plans == nil {
		return nil, none()
	}
	all, err := s.ports.Plans.Plans(ctx, visitor(api.CallFrom(ctx), nil))
	if err != nil {
		return nil, refused(err)
	}
	some, next, err := page("ListPlans", all, func(p Plan) string { return value(p.PlanId) }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &ListPlansOutput{some, next}, nil
}

func (s *Service) listPlansChecks(context.Context, *ListPlansInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
