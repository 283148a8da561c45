package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/rule"
	"tamachi/internal/store"
)

// DeleteAlarms removes alarms; names of none are passed over.
func (s *Service) DeleteAlarms(ctx context.Context, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		var gone []*alarm
		composites := 0
		for _, name := range in.AlarmNames {
			a, err := findAlarm(tx, sc, name)
			if err != nil {
				return err
			}
			if a == nil || slices.ContainsFunc(gone, func(g *alarm) bool { return g.Name == name }) {
				continue
			}
			if a.Kind == types.AlarmTypeCompositeAlarm {
				composites++
			}
			gone = append(gone, a)
		}
		if composites > 1 {
			return invalid("You can delete only one composite alarm at a time.")
		}
		return s.drop(tx, sc, gone)
	})
	if err != nil {
		return nil, fmt.Errorf("delete alarms: %w", err)
	}
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

func (s *Service) deleteAlarmsChecks(ctx context.Context, in *cloudwatch.DeleteAlarmsInput) ([]api.Check, error) {
	return s.onAlarms(ctx, "cloudwatch:DeleteAlarms", in.AlarmNames), nil
}

// drop removes alarms that no composite alarm which stays depends on.
func (s *Service) drop(tx *store.Tx, sc store.Scope, gone []*alarm) error {
	for _, a := range gone {
		parents, err := parentsOf(tx, sc, a)
		if err != nil {
			return err
		}
		suppressed, err := suppressedBy(tx, sc, a)
		if err != nil {
			return err
		}
		for _, p := range append(parents, suppressed...) {
			if !slices.ContainsFunc(gone, func(g *alarm) bool { return g.Name == p.Name }) || p.Name == a.Name {
				return invalid("Cannot delete %s as there are composite alarm(s) depending on it.", a.Name)
			}
		}
	}
	for _, a := range gone {
		if err := a.configured(tx, s.clock.Now(), "deleted", "Delete", "deletedAlarm"); err != nil {
			return err
		}
		if err := alarms.Delete(tx, sc, a.Name); err != nil {
			return err
		}
	}
	return nil
}

// suppressedBy are the composite alarms whose actions an alarm keeps back.
func suppressedBy(tx *store.Tx, sc store.Scope, a *alarm) ([]*alarm, error) {
	list, err := alarms.By(tx, sc, "Pace", paceComposite, store.Page{})
	return slices.DeleteFunc(list, func(c *alarm) bool {
		return c.Suppress == nil || c.Suppress.Alarm != a.Name && c.Suppress.Alarm != a.arn()
	}), err
}

// parentsOf are the composite alarms whose rule names an alarm.
func parentsOf(tx *store.Tx, sc store.Scope, a *alarm) (out []*alarm, err error) {
	list, err := alarms.By(tx, sc, "Pace", paceComposite, store.Page{})
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if !strings.Contains(c.Rule, a.Name) {
			continue // most do
		}
		r, err := rule.Parse(c.Rule)
		if err != nil {
			return nil, fmt.Errorf("rule of alarm %s: %w", c.Name, err)
		}
		names := r.Alarms()
		if slices.Contains(names, a.Name) || slices.Contains(names, a.arn()) {
			out = append(out, c)
		}
	}
	return out, nil
}
