package cloudwatch

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/rule"
	"tamachi/internal/store"
)

// PutCompositeAlarm makes or changes an alarm on the states of others.
func (s *Service) PutCompositeAlarm(ctx context.Context, in *cloudwatch.PutCompositeAlarmInput) (*cloudwatch.PutCompositeAlarmOutput, error) {
	by, err := newSuppressor(in)
	if err != nil {
		return nil, err
	}
	r, err := rule.Parse(*in.AlarmRule)
	if err != nil {
		return nil, invalid("AlarmRule is not valid: %s", err)
	}
	c := &config{
		name: *in.AlarmName, kind: types.AlarmTypeCompositeAlarm, described: in.AlarmDescription, enabled: in.ActionsEnabled == nil || *in.ActionsEnabled,
		alarmed: in.AlarmActions, cleared: in.OKActions, insufficient: in.InsufficientDataActions, tags: in.Tags,
		set: func(a *alarm) {
			a.Rule = *in.AlarmRule
			a.Suppress = by.after(a.Suppress)
		},
		first: func(tx *store.Tx, sc store.Scope) error { return cmp.Or(known(tx, sc, r), by.known(tx, sc)) },
	}
	if err := s.configure(ctx, c); err != nil {
		return nil, fmt.Errorf("put composite alarm %s: %w", c.name, err)
	}
	return &cloudwatch.PutCompositeAlarmOutput{}, nil
}

func (s *Service) putCompositeAlarmChecks(ctx context.Context, in *cloudwatch.PutCompositeAlarmInput) ([]api.Check, error) {
	return s.configureChecks(ctx, "cloudwatch:PutCompositeAlarm", aws.ToString(in.AlarmName), in.Tags, in.AlarmActions, in.OKActions, in.InsufficientDataActions), nil
}

// known refuses a rule over alarms that do not exist.
func known(tx *store.Tx, sc store.Scope, r *rule.Rule) error {
	there, err := statesOf(tx, sc, r)
	if err != nil {
		return err
	}
	var missing []string
	for _, name := range r.Alarms() {
		if there[name] == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return invalid("Could not save the composite alarm as alarms [%s] in the alarm rule do not exist", strings.Join(missing, ", "))
	}
	return nil
}
