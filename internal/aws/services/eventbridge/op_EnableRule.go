package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// EnableRule lets a rule act.
func (s *Service) EnableRule(ctx context.Context, in *eventbridge.EnableRuleInput) (*eventbridge.EnableRuleOutput, error) {
	now := s.clock.Now()
	err := s.change(ctx, in.Name, in.EventBusName, func(r *rule) error {
		r.Disabled = false
		if r.Schedule == "" {
			return nil
		}
		sc, err := timed(r.Schedule)
		if err == nil {
			r.Next = sc.From(now).Next(now)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.EnableRuleOutput{}, nil
}

func (s *Service) enableRuleChecks(ctx context.Context, in *eventbridge.EnableRuleInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:EnableRule", in.Name, in.EventBusName)
}
