package eventbridge

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutTargets adds targets to a rule; one of the same id is replaced.
func (s *Service) PutTargets(ctx context.Context, in *eventbridge.PutTargetsInput) (*eventbridge.PutTargetsOutput, error) {
	call := api.CallFrom(ctx)
	given := make([]target, 0, len(in.Targets))
	for _, one := range in.Targets {
		t, err := newTarget(store.In(call.Place()), one)
		if err != nil {
			return nil, err
		}
		given = append(given, t)
	}
	err := s.change(ctx, in.Rule, in.EventBusName, func(r *rule) error {
		for _, t := range given {
			if i := slices.IndexFunc(r.Targets, func(o target) bool { return o.ID == t.ID }); i >= 0 {
				r.Targets[i] = t
				continue
			}
			r.Targets = append(r.Targets, t)
		}
		if len(r.Targets) > mostTargets {
			return &types.LimitExceededException{Message: new("The requested resource exceeds the maximum number allowed.")}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.PutTargetsOutput{FailedEntries: []types.PutTargetsResultEntry{}}, nil
}

func (s *Service) putTargetsChecks(ctx context.Context, in *eventbridge.PutTargetsInput) ([]api.Check, error) {
	c, err := s.onRule(ctx, "events:PutTargets", in.Rule, in.EventBusName)
	checks := []api.Check{}
	for _, t := range in.Targets {
		c.Sets["events:TargetArn"] = append(c.Sets["events:TargetArn"], deref(t.Arn))
		checks = append(checks, passRole(t.RoleArn)...)
	}
	return append(checks, c), err
}
