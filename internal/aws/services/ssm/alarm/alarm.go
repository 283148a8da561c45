// Package alarm is the one place that knows the AlarmConfiguration of what runs
// on nodes: commands and rounds of associations are stopped by an alarm alike.
// Source: Systems Manager User Guide, "Running commands from the console": when
// it activates, pending invocations do not run.
package alarm

import (
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// Guard is the alarms that stop a piece of work.
type Guard struct {
	Alarms    []string
	Ignore    bool        // IgnorePollAlarmFailure
	Triggered []Triggered `json:",omitempty"` // what stopped it
}

// Triggered is an alarm that has stopped a piece of work.
type Triggered struct{ Name, State string }

// The states of alarms that stop work.
const (
	stateAlarm   = "ALARM"
	stateUnknown = "UNKNOWN" // the alarm cannot be read
)

// States knows the alarms; the rooms that use this package have it among their
// ports.
type States interface {
	// AlarmState is OK, ALARM or INSUFFICIENT_DATA; found is false where there is
	// no such alarm.
	AlarmState(tx *store.Tx, scope store.Scope, name string) (state string, found bool, err error)
}

// New reads the AlarmConfiguration of a request; nil is none.
func New(in *types.AlarmConfiguration) *Guard {
	if in == nil {
		return nil
	}
	g := &Guard{Ignore: in.IgnorePollAlarmFailure}
	for _, a := range in.Alarms {
		g.Alarms = append(g.Alarms, *a.Name)
	}
	return g
}

// Fresh is a guard over the same alarms that nothing has stopped yet.
func (g *Guard) Fresh() *Guard {
	if g == nil {
		return nil
	}
	return &Guard{Alarms: g.Alarms, Ignore: g.Ignore}
}

// Shown is a guard as the API shows it.
func (g *Guard) Shown() (*types.AlarmConfiguration, []types.AlarmStateInformation) {
	if g == nil {
		return nil, nil
	}
	out := &types.AlarmConfiguration{IgnorePollAlarmFailure: g.Ignore}
	for _, name := range g.Alarms {
		out.Alarms = append(out.Alarms, types.Alarm{Name: &name})
	}
	var why []types.AlarmStateInformation
	for _, t := range g.Triggered {
		why = append(why, types.AlarmStateInformation{Name: &t.Name, State: types.ExternalAlarmState(t.State)})
	}
	return out, why
}

// ShownWith is Shown with what stopped the last piece of such work.
func (g *Guard) ShownWith(t []Triggered) (*types.AlarmConfiguration, []types.AlarmStateInformation) {
	if g == nil {
		return nil, nil
	}
	return (&Guard{Alarms: g.Alarms, Ignore: g.Ignore, Triggered: t}).Shown()
}

// Stopped tells that an alarm has stopped the work.
func (g *Guard) Stopped() bool { return g != nil && len(g.Triggered) > 0 }

// Waits tells that an alarm could still stop the work.
func (g *Guard) Waits() bool { return g != nil && len(g.Triggered) == 0 }

// Look looks at the alarms, and notes those that stop the work. What was
// stopped stays so.
func (g *Guard) Look(tx *store.Tx, scope store.Scope, from States) error {
	if !g.Waits() {
		return nil
	}
	for _, name := range g.Alarms {
		state, found, err := from.AlarmState(tx, scope, name)
		if err != nil {
			return err
		}
		switch {
		case !found && !g.Ignore:
			g.Triggered = append(g.Triggered, Triggered{name, stateUnknown})
		case found && state == stateAlarm:
			g.Triggered = append(g.Triggered, Triggered{name, stateAlarm})
		}
	}
	return nil
}

// Fires tells whether a look now would stop the work.
func (g *Guard) Fires(tx *store.Tx, scope store.Scope, from States) (bool, error) {
	if !g.Waits() {
		return false, nil
	}
	probe := g.Fresh()
	err := probe.Look(tx, scope, from)
	return probe.Stopped(), err
}
