package eventbridge

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteRule deletes a rule whose targets were removed. One that is not there is
// deleted already.
func (s *Service) DeleteRule(ctx context.Context, in *eventbridge.DeleteRuleInput) (*eventbridge.DeleteRuleOutput, error) {
	call := api.CallFrom(ctx)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findRule(tx, call, in.Name, in.EventBusName)
		if fault, ok := errors.AsType[*types.ResourceNotFoundException](err); ok && strings.HasPrefix(fault.ErrorMessage(), "Rule ") {
			return nil
		}
		if err != nil {
			return err
		}
		if len(r.Targets) > 0 {
			return invalid("Rule can't be deleted since it has targets.")
		}
		return rules.Delete(tx, r.scope(), r.Bus+"/"+r.Name)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.DeleteRuleOutput{}, nil
}

func (s *Service) deleteRuleChecks(ctx context.Context, in *eventbridge.DeleteRuleInput) ([]api.Check, error) {
	return s.ruleChecks(ctx, "events:DeleteRule", in.Name, in.EventBusName)
}
