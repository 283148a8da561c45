package eventbridge

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
)

// RemoveTargets takes targets from a rule; what is not there is told.
func (s *Service) RemoveTargets(ctx context.Context, in *eventbridge.RemoveTargetsInput) (*eventbridge.RemoveTargetsOutput, error) {
	out := &eventbridge.RemoveTargetsOutput{FailedEntries: []types.RemoveTargetsResultEntry{}}
	err := s.change(ctx, in.Rule, in.EventBusName, func(r *rule) error {
		out.FailedEntries = out.FailedEntries[:0]
		for _, id := range in.Ids {
			n := len(r.Targets)
			r.Targets = slices.DeleteFunc(r.Targets, func(t target) bool { return t.ID == id })
			if len(r.Targets) == n {
				out.FailedEntries = append(out.FailedEntries, types.RemoveTargetsResultEntry{
					TargetId: &id, ErrorCode: new("ResourceNotFoundException"), ErrorMessage: new("Target " + id + " does not exist on the rule."),
				})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.FailedEntryCount = int32(len(out.FailedEntries)) //nolint:gosec // of a request's list
	return out, nil
}

func (s *Service) removeTargetsChecks(ctx context.Context, in *eventbridge.RemoveTargetsInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:RemoveTargets", in.Rule, in.EventBusName)
}
