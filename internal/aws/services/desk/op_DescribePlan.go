package desk

import (
	"context"
	"strconv"
	"time"

	"tamachi/internal/aws/api"
)

// DescribePlanInput names a plan, and a page of its steps.
type DescribePlanInput struct {
	PlanId, Language *string
	MaxResults       *int32
	NextToken        *string
}

// DescribePlanOutput is a plan with a page of its steps.
type DescribePlanOutput struct {
	Plan      *Plan
	Places    []Place
	Notes     []Sentence
	Steps     []Step
	Events    []PlanEvent
	Request   *Request
	Elsewhere *string
	Window    *string
	OpensAt   *time.Time
	Approvers []string
	NextToken *string // there are more steps
}

// DescribePlan shows a plan, what it would change, and how far it is.
func (s *Service) DescribePlan(ctx context.Context, in *DescribePlanInput) (*DescribePlanOutput, error) {
	if s.ports.Plans == nil {
		return nil, none()
	}
	p, err := s.ports.Plans.Plan(ctx, visitor(api.CallFrom(ctx), in.Language), *in.PlanId)
	if err != nil {
		return nil, refused(err)
	}
	steps, next, err := page("DescribePlan", p.Steps, func(s Step) string { return strconv.Itoa(int(*s.Number)) }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &DescribePlanOutput{
		Plan: &p.Plan, Places: p.Places, Notes: p.Notes, Steps: steps, Events: p.Events, Request: p.Request, Elsewhere: p.Elsewhere,
		Window: p.Window, OpensAt: p.OpensAt, Approvers: p.Approvers, NextToken: next,
	}, nil
}

func (s *Service) describePlanChecks(context.Context, *DescribePlanInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
