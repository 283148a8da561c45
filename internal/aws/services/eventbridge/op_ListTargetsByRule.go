package eventbridge

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTargetsByRule lists the targets of a rule by id.
func (s *Service) ListTargetsByRule(ctx context.Context, in *eventbridge.ListTargetsByRuleInput) (*eventbridge.ListTargetsByRuleOutput, error) {
	p, err := pageAt("ListTargetsByRule "+*in.Rule, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	var r *rule
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = findRule(tx, api.CallFrom(ctx), in.Rule, in.EventBusName)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(r.Targets, func(a, b target) int { return strings.Compare(a.ID, b.ID) })
	out := &eventbridge.ListTargetsByRuleOutput{Targets: []types.Target{}}
	for _, t := range r.Targets {
		if !p.takes(t.ID, "") {
			continue
		}
		if n := len(out.Targets); p.full(n) {
			out.NextToken = p.token(*out.Targets[n-1].Id)
			break
		}
		out.Targets = append(out.Targets, t.shown())
	}
	return out, nil
}

func (s *Service) listTargetsByRuleChecks(ctx context.Context, in *eventbridge.ListTargetsByRuleInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:ListTargetsByRule", in.Rule, in.EventBusName)
}
