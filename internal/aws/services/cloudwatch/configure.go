package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// config is what PutMetricAlarm and PutCompositeAlarm say of an alarm.
type config struct {
	name                           string
	kind                           types.AlarmType
	described                      *string
	enabled                        bool
	alarmed, cleared, insufficient []string
	tags                           []types.Tag
	set                            func(a *alarm)
	first                          func(tx *store.Tx, sc store.Scope) error // nil, or what must hold
}

// configure makes an alarm or gives it another configuration; its state and its
// tags stay.
func (s *Service) configure(ctx context.Context, c *config) error {
	if !legible(c.name) {
		return invalid("The value %s for parameter AlarmName is invalid.", c.name)
	}
	sc := store.In(api.CallFrom(ctx).Place())
	for _, action := range slices.Concat(c.alarmed, c.cleared, c.insufficient) {
		if err := checkAction(sc, action); err != nil {
			return err
		}
	}
	if c.first == nil {
		c.first = func(*store.Tx, store.Scope) error { return nil }
	}
	pace := ""
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := c.first(tx, sc); err != nil {
			return err
		}
		a, err := findAlarm(tx, sc, c.name)
		if err != nil {
			return err
		}
		if a != nil && a.Kind != c.kind {
			return invalid("An alarm of another type has the name %s.", c.name)
		}
		pace, err = c.put(tx, sc, a, s.clock.Now())
		return err
	})
	if err == nil {
		s.watch.had(pace, 1) // at least
	}
	return err
}

// checkAction refuses an action that is no ARN, or a topic of another Region.
func checkAction(sc store.Scope, action string) error {
	a, err := arn.Parse(action)
	switch {
	case err != nil:
		return invalid("Invalid arn syntax: %s", action)
	case a.Service == "sns" && a.Region != sc.Region:
		return invalid("Invalid region %s specified. Only %s is supported.", a.Region, sc.Region)
	}
	return nil
}

// put writes the alarm, which is nil when it is new, and returns its pace.
func (c *config) put(tx *store.Tx, sc store.Scope, a *alarm, now time.Time) (pace string, err error) {
	verb, kind, member := "updated", "Update", "updatedAlarm"
	if a == nil {
		verb, kind, member = "created", "Create", "createdAlarm"
		a = &alarm{Name: c.name, Kind: c.kind, Account: sc.Account, Region: sc.Region}
		a.Status = status{Value: types.StateValueInsufficientData, Reason: "Unchecked: Initial alarm creation", Updated: now, Transitioned: now}
		if a.Tags, err = retagged(nil, c.tags, nil); err != nil {
			return "", reworded(err)
		}
	}
	a.Described, a.Enabled, a.Configured = c.described, c.enabled, now
	a.Alarmed, a.Cleared, a.Insufficient = c.alarmed, c.cleared, c.insufficient
	c.set(a)
	if err := alarms.Put(tx, sc, a); err != nil {
		return "", err
	}
	return a.pace(), a.configured(tx, now, verb, kind, member)
}

// configureChecks are those of an operation that makes alarms.
func (s *Service) configureChecks(ctx context.Context, action, name string, tags []types.Tag, actions ...[]string) []api.Check {
	c := s.onAlarm(ctx, action, name)
	if len(tags) > 0 {
		requestTags(&c, tags)
	} else {
		c.Sets = map[string][]string{"aws:TagKeys": nil}
	}
	c.Sets["cloudwatch:AlarmActions"] = slices.Concat(actions...)
	return []api.Check{c}
}

// onAlarms is the check of an action on several alarms.
func (s *Service) onAlarms(ctx context.Context, action string, names []string) (out []api.Check) {
	for _, name := range names {
		out = append(out, s.onAlarm(ctx, action, name))
	}
	if out == nil {
		out = []api.Check{s.onAlarm(ctx, action, "*")}
	}
	return out
}

// enable changes whether alarms act.
func (s *Service) enable(ctx context.Context, names []string, change func(a *alarm)) error {
	sc := store.In(api.CallFrom(ctx).Place())
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			a, err := findAlarm(tx, sc, name)
			if err != nil {
				return err
			}
			if a == nil {
				continue // as on AWS
			}
			before := a.Enabled
			if change(a); a.Enabled == before {
				continue
			}
			a.Configured = now
			if err := alarms.Put(tx, sc, a); err != nil {
				return err
			}
			if err := a.configured(tx, now, "updated", "Update", "updatedAlarm"); err != nil {
				return fmt.Errorf("history of alarm %s: %w", name, err)
			}
		}
		return nil
	})
}
