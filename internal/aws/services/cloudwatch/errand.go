package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/store"
)

// errand is an action of an alarm that is not done yet.
type errand struct {
	Account string
	Region  string
	Alarm   string
	Kind    types.AlarmType
	At      time.Time // of the change
	Place   int       // among those of the change
	Action  string
	From    types.StateValue
	To      types.StateValue
	Reason  string
}

var errands = store.Table[errand]{Name: "cloudwatch.errands", Reach: store.Plane, Key: (*errand).key}

func (e *errand) key() string {
	return fmt.Sprintf("%014d/%s/%s/%s/%d", e.At.UnixMilli(), e.Account, e.Region, e.Alarm, e.Place)
}

// ask leaves an errand for each action of the alarm's new state.
func (a *alarm) ask(tx *store.Tx, from types.StateValue, now time.Time) error {
	if !a.Enabled {
		return nil
	}
	for i, action := range a.actions(a.Status.Value) {
		e := &errand{
			Account: a.Account, Region: a.Region, Alarm: a.Name, Kind: a.Kind, At: now, Place: i, Action: action,
			From: from, To: a.Status.Value, Reason: a.Status.Reason,
		}
		if err := errands.Put(tx, store.Scope{}, e); err != nil {
			return err
		}
	}
	return nil
}

// act runs the actions that wait, and notes how they went.
func (s *Service) act(ctx context.Context) (next time.Time, err error) {
	var list []*errand
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = errands.List(tx, store.Scope{}, store.Page{Limit: recordsAtOnce})
		return err
	})
	if err != nil || len(list) == 0 {
		return next, err
	}
	failures := make([]error, len(list))
	for i, e := range list {
		a, err := s.actionOf(ctx, e)
		if err != nil {
			return next, err
		}
		failures[i] = s.ports.Actions.Act(ctx, a)
	}
	now := s.clock.Now()
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		for i, e := range list {
			if err := e.done(tx, now, failures[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return next, fmt.Errorf("note the actions of alarms: %w", err)
	}
	if len(list) == recordsAtOnce {
		next = now
	}
	return next, nil
}

// actionOf is an errand with all that the alarm says of itself.
func (s *Service) actionOf(ctx context.Context, e *errand) (Action, error) {
	sc := store.In(e.Account, e.Region)
	a := &alarm{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, err := findAlarm(tx, sc, e.Alarm)
		if found != nil {
			a = found
		}
		return err
	})
	a.Name, a.Account, a.Region, a.Kind = e.Alarm, e.Account, e.Region, e.Kind // one that was deleted, too
	out := Action{
		ARN: e.Action, Account: e.Account, Region: e.Region, Alarm: alarmARN(sc, e.Alarm).String(), From: e.From, To: e.To, Reason: e.Reason, At: e.At,
	}
	out.Subject, out.Message = a.message(e)
	return out, err
}

// done notes how an action went, and ends the errand.
func (e *errand) done(tx *store.Tx, now time.Time, failure error) error {
	err := errands.Delete(tx, store.Scope{}, e.key())
	if errors.Is(err, store.ErrNotFound) {
		return nil // done already
	}
	if err != nil {
		return err
	}
	summary := "Successfully executed action " + e.Action
	data := map[string]any{"actionState": "Succeeded", "stateUpdateTimestamp": e.At.UnixMilli(), "notificationResource": e.Action}
	if failure != nil {
		summary = "Failed to execute action " + e.Action
		data["actionState"], data["error"] = "Failed", failure.Error()
	}
	a := &alarm{Name: e.Alarm, Account: e.Account, Region: e.Region, Kind: e.Kind}
	return a.tell(tx, now, types.HistoryItemTypeAction, summary, data)
}
