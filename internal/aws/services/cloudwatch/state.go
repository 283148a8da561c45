package cloudwatch

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/store"
)

// AlarmState is the state of an alarm, for what it stops; found is false where
// there is none of that name.
func (s *Service) AlarmState(tx *store.Tx, sc store.Scope, name string) (state string, found bool, err error) {
	a, err := findAlarm(tx, sc, name)
	if err != nil || a == nil {
		return "", false, err
	}
	return string(a.Status.Value), true, nil
}

// move changes the alarm's state, notes it and asks for the actions of the new
// state. The same state is only looked at again.
func (s *Service) move(tx *store.Tx, a *alarm, v verdict, now time.Time) error {
	if v.state == a.Status.Value {
		return nil
	}
	before := a.Status
	a.Status.Value, a.Status.Reason, a.Status.Data = v.state, v.reason, v.data
	a.Status.Updated, a.Status.Transitioned = now, now
	if a.Suppress != nil {
		alarmed, err := a.Suppress.alarmed(tx, a.scope())
		if err != nil {
			return err
		}
		a.Suppress.begin(before.Value, alarmed, now)
	}
	summary := fmt.Sprintf("Alarm updated from %s to %s", before.Value, v.state)
	data := map[string]any{"version": "1.0", "oldState": stateOf(before), "newState": a.stateNow()}
	if err := a.tell(tx, now, types.HistoryItemTypeStateUpdate, summary, data); err != nil {
		return err
	}
	if err := alarms.Put(tx, a.scope(), a); err != nil {
		return err
	}
	if s.ports.Events != nil {
		if err := s.ports.Events.Emit(tx, a.scope(), a.changed(before, now)); err != nil {
			return err
		}
	}
	if a.Suppress != nil {
		return nil // resume asks when nothing keeps them back
	}
	return a.ask(tx, before.Value, now)
}
