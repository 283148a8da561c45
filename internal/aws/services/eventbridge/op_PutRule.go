package eventbridge

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutRule makes a rule, or gives it another configuration; its targets stay.
func (s *Service) PutRule(ctx context.Context, in *eventbridge.PutRuleInput) (*eventbridge.PutRuleOutput, error) {
	call := api.CallFrom(ctx)
	where, err := busNamed(call, in.EventBusName)
	if err != nil {
		return nil, err
	}
	next, err := s.checkRule(in, where)
	if err != nil {
		return nil, err
	}
	r := &rule{Name: *in.Name, Bus: where, Account: call.Account, Region: call.Region, CreatedBy: call.Account}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := findBus(tx, store.In(call.Place()), where); err != nil {
			return err
		}
		old, err := rules.Get(tx, store.In(call.Place()), where+"/"+r.Name)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if r.Tags, err = retagged(nil, plainTags(in.Tags), nil); err != nil {
				return err
			}
			if err := roomForRule(tx, store.In(call.Place()), where); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			r.Tags, r.Targets, r.CreatedBy = old.Tags, old.Targets, old.CreatedBy
		}
		r.Pattern, r.Schedule, r.Description, r.Role, r.Next = deref(in.EventPattern), deref(in.ScheduleExpression), in.Description, in.RoleArn, next
		r.Disabled = in.State == types.RuleStateDisabled
		return rules.Put(tx, store.In(call.Place()), r)
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.PutRuleOutput{RuleArn: new(r.arn())}, nil
}

// checkRule refuses a rule that could not act, and says when it is due.
func (s *Service) checkRule(in *eventbridge.PutRuleInput, where string) (next time.Time, err error) {
	switch {
	case deref(in.EventPattern) == "" && deref(in.ScheduleExpression) == "":
		return next, invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	case deref(in.ScheduleExpression) != "" && where != defaultBus:
		return next, invalid("ScheduleExpression is supported only on the default event bus.")
	case in.State == types.RuleStateEnabledWithAllCloudtrailManagementEvents:
		return next, invalid("There are no events of the trail here.")
	}
	if err := checkRole(in.RoleArn); err != nil {
		return next, err
	}
	if text := deref(in.EventPattern); text != "" {
		if _, err := checkPattern(text); err != nil {
			return next, err
		}
	}
	if text := deref(in.ScheduleExpression); text != "" {
		sc, err := timed(text)
		if err != nil {
			return next, err
		}
		now := s.clock.Now()
		return sc.From(now).Next(now), nil
	}
	return next, nil
}

func roomForRule(tx *store.Tx, sc store.Scope, where string) error {
	list, err := rules.By(tx, sc, "bus", where, store.Page{Limit: mostRules})
	if err == nil && len(list) == mostRules {
		return &types.LimitExceededException{Message: new("The requested resource exceeds the maximum number allowed.")}
	}
	return err
}

func (s *Service) putRuleChecks(ctx context.Context, in *eventbridge.PutRuleInput) ([]api.Check, error) {
	c, err := s.onRule(ctx, "events:PutRule", in.Name, in.EventBusName)
	return append([]api.Check{c.Asking(plainTags(in.Tags), nil)}, passRole(in.RoleArn)...), err
}
