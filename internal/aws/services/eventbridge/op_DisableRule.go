package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// DisableRule keeps a rule from acting.
func (s *Service) DisableRule(ctx context.Context, in *eventbridge.DisableRuleInput) (*eventbridge.DisableRuleOutput, error) {
	err := s.change(ctx, in.Name, in.EventBusName, func(r *rule) error {
		r.Disabled = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DisableRuleOutput{}, nil
}

func (s *Service) disableRuleChecks(ctx context.Context, in *eventbridge.DisableRuleInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:DisableRule", in.Name, in.EventBusName)
}
