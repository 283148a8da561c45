package cloudwatch

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/store"
)

// suppressor is the alarm that keeps back the actions of a composite alarm while
// it is in ALARM, and what is kept back now.
// Source: CloudWatch User Guide, "Suppressing composite alarm actions".
type suppressor struct {
	Alarm     string                    // name or ARN
	Wait      int32                     // seconds for it to go to ALARM after the composite alarm changed
	Extension int32                     // seconds for the composite alarm to change after it left ALARM
	By        types.ActionsSuppressedBy `json:",omitempty"` // why actions rest now
	Until     time.Time                 // end of a WaitPeriod or an ExtensionPeriod
	From      types.StateValue          `json:",omitempty"` // before the change whose actions rest; empty where none do
}

// newSuppressor reads that of a request; nil where there is none.
func newSuppressor(in *cloudwatch.PutCompositeAlarmInput) (*suppressor, error) {
	wait, extension := in.ActionsSuppressorWaitPeriod, in.ActionsSuppressorExtensionPeriod
	if in.ActionsSuppressor == nil {
		if wait != nil || extension != nil {
			return nil, invalid("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod need an ActionsSuppressor.")
		}
		return nil, nil
	}
	if wait == nil || extension == nil {
		return nil, invalid("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required with an ActionsSuppressor.")
	}
	if *wait < 0 || *extension < 0 {
		return nil, invalid("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must not be less than 0.")
	}
	return &suppressor{Alarm: *in.ActionsSuppressor, Wait: *wait, Extension: *extension}, nil
}

// known refuses a suppressor that does not exist.
func (p *suppressor) known(tx *store.Tx, sc store.Scope) error {
	if p == nil {
		return nil
	}
	a, err := findNamed(tx, sc, p.Alarm)
	if err == nil && a == nil {
		return invalid("Could not save the composite alarm as the actions suppressor [%s] does not exist", p.Alarm)
	}
	return err
}

// after is the suppressor of a new configuration: what rests goes on resting
// under the same alarm; under another one, periods are over.
func (p *suppressor) after(old *suppressor) *suppressor {
	if p == nil {
		return nil
	}
	out := *p
	if old != nil {
		out.From = old.From
	}
	if old != nil && p.Alarm == old.Alarm {
		out.By, out.Until = old.By, old.Until
	}
	return &out
}

// begin keeps back the actions of a change of the alarm.
func (p *suppressor) begin(from types.StateValue, alarmed bool, now time.Time) {
	p.From = from
	p.rest(types.ActionsSuppressedByWaitPeriod, now.Add(time.Duration(p.Wait)*time.Second))
	if alarmed {
		p.rest(types.ActionsSuppressedByAlarm, time.Time{})
	}
}

func (p *suppressor) rest(by types.ActionsSuppressedBy, until time.Time) { p.By, p.Until = by, until }

// look follows the suppressor's state; due tells whether what rested is to be
// done now.
func (p *suppressor) look(alarmed bool, now time.Time) (due bool) {
	switch {
	case alarmed:
		p.rest(types.ActionsSuppressedByAlarm, time.Time{})
		return false
	case p.By == types.ActionsSuppressedByAlarm:
		p.rest(types.ActionsSuppressedByExtensionPeriod, now.Add(time.Duration(p.Extension)*time.Second))
	}
	if p.By != "" && now.Before(p.Until) {
		return false
	}
	p.rest("", time.Time{})
	return p.From != ""
}

// alarmed tells whether the suppressor is in ALARM; one that is gone is not.
func (p *suppressor) alarmed(tx *store.Tx, sc store.Scope) (bool, error) {
	a, err := findNamed(tx, sc, p.Alarm)
	return a != nil && a.Status.Value == types.StateValueAlarm, err
}

// resume looks whether the actions of a composite alarm rest, and asks for those
// that need to no longer.
func (a *alarm) resume(tx *store.Tx, now time.Time) error {
	p := a.Suppress
	if p == nil {
		return nil
	}
	alarmed, err := p.alarmed(tx, a.scope())
	if err != nil {
		return err
	}
	before := *p
	due, from := p.look(alarmed, now), p.From
	if due {
		p.From = ""
	}
	if *p != before {
		if err := alarms.Put(tx, a.scope(), a); err != nil {
			return err
		}
	}
	if !due {
		return nil
	}
	return a.ask(tx, from, now)
}

// suppression is why the actions of the alarm rest, in AWS's words; ok is false
// where they do not.
func (a *alarm) suppression() (by types.ActionsSuppressedBy, reason *string, ok bool) {
	if a.Suppress == nil || a.Suppress.By == "" {
		return "", nil, false
	}
	return a.Suppress.By, aws.String("Actions suppressed by " + string(a.Suppress.By)), true
}

// describe puts the suppressor into the configuration of its alarm, as history
// and events have it.
func (p *suppressor) describe(out map[string]any) {
	if p != nil {
		out["actionsSuppressor"], out["actionsSuppressorWaitPeriod"], out["actionsSuppressorExtensionPeriod"] = p.Alarm, p.Wait, p.Extension
	}
}
