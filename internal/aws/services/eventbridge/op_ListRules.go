package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
)

// ListRules lists the rules of a bus by name.
func (s *Service) ListRules(ctx context.Context, in *eventbridge.ListRulesInput) (*eventbridge.ListRulesOutput, error) {
	list, p, err := s.rulesOf(ctx, "ListRules", in.EventBusName, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.ListRulesOutput{Rules: []types.Rule{}}
	for _, r := range list {
		if !p.takes(r.Name, deref(in.NamePrefix)) {
			continue
		}
		if p.full(len(out.Rules)) {
			out.NextToken = p.token(*out.Rules[len(out.Rules)-1].Name)
			break
		}
		out.Rules = append(out.Rules, r.listed())
	}
	return out, nil
}

func (s *Service) listRulesChecks(context.Context, *eventbridge.ListRulesInput) ([]api.Check, error) {
	return api.OnAny("events:ListRules"), nil
}
