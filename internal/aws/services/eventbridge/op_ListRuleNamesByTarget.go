package eventbridge

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// ListRuleNamesByTarget lists the rules of a bus that have a target.
func (s *Service) ListRuleNamesByTarget(ctx context.Context, in *eventbridge.ListRuleNamesByTargetInput) (*eventbridge.ListRuleNamesByTargetOutput, error) {
	list, p, err := s.rulesOf(ctx, "ListRuleNamesByTarget", in.EventBusName, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.ListRuleNamesByTargetOutput{RuleNames: []string{}}
	for _, r := range list {
		if !p.takes(r.Name, "") || !slices.ContainsFunc(r.Targets, func(t target) bool { return t.ARN == *in.TargetArn }) {
			continue
		}
		if n := len(out.RuleNames); p.full(n) {
			out.NextToken = p.token(out.RuleNames[n-1])
			break
		}
		out.RuleNames = append(out.RuleNames, r.Name)
	}
	return out, nil
}

func (s *Service) listRuleNamesByTargetChecks(context.Context, *eventbridge.ListRuleNamesByTargetInput) ([]api.Check, error) {
	return api.OnAny("events:ListRuleNamesByTarget"), nil
}
