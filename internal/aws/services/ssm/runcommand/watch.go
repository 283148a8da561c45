package runcommand

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// guard is the alarm that stops a command. Source: Systems Manager User Guide,
// "Running commands from the console": when it activates, pending invocations do
// not run.
type guard struct {
	Alarms    []string
	Ignore    bool        // IgnorePollAlarmFailure
	Triggered []triggered `json:",omitempty"` // what stopped the command
}

type triggered struct{ Name, State string }

// The states of alarms that stop a command.
const (
	stateAlarm   = "ALARM"
	stateUnknown = "UNKNOWN" // the alarm cannot be read
)

// newGuard reads the AlarmConfiguration of a request.
func newGuard(in *types.AlarmConfiguration) *guard {
	if in == nil {
		return nil
	}
	g := &guard{Ignore: in.IgnorePollAlarmFailure}
	for _, a := range in.Alarms {
		g.Alarms = append(g.Alarms, *a.Name)
	}
	return g
}

func (g *guard) shown() (*types.AlarmConfiguration, []types.AlarmStateInformation) {
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

// watch looks at a command's alarms before further nodes begin.
func (l *ledger) watch(b *book) error {
	g := b.c.Guard
	if g == nil || len(g.Triggered) > 0 || b.c.done() == b.c.Count {
		return nil
	}
	for _, name := range g.Alarms {
		state, found, err := l.s.ports.Alarms.AlarmState(l.tx, b.scope, name)
		if err != nil {
			return err
		}
		switch {
		case !found && !g.Ignore:
			g.Triggered = append(g.Triggered, triggered{name, stateUnknown})
		case found && state == stateAlarm:
			g.Triggered = append(g.Triggered, triggered{name, stateAlarm})
		}
	}
	return nil
}

// triggered tells that an alarm has stopped the command.
func (c *command) triggered() bool { return c.Guard != nil && len(c.Guard.Triggered) > 0 }

// notification is whom a command tells of itself, and when.
// Source: Systems Manager User Guide, "Monitoring Systems Manager status changes
// using Amazon SNS notifications".
type notification struct {
	Topic  string
	Role   string
	Events []string // All, or statuses
	Each   bool     `json:",omitempty"` // of invocations, not of the command
}

// newNotification reads what a request says of notifications.
func newNotification(in *ssm.SendCommandInput) *notification {
	c := in.NotificationConfig
	if c == nil || c.NotificationArn == nil || *c.NotificationArn == "" {
		return nil
	}
	n := &notification{Topic: *c.NotificationArn, Role: *in.ServiceRoleArn, Each: c.NotificationType == types.NotificationTypeInvocation}
	for _, e := range c.NotificationEvents {
		n.Events = append(n.Events, string(e))
	}
	if len(n.Events) == 0 {
		n.Events = []string{string(types.NotificationEventAll)}
	}
	return n
}

func (n *notification) wants(status string) bool {
	return slices.Contains(n.Events, string(types.NotificationEventAll)) || slices.Contains(n.Events, status)
}

func (n *notification) shown() (*types.NotificationConfig, *string) {
	if n == nil {
		return &types.NotificationConfig{NotificationArn: text(""), NotificationEvents: []types.NotificationEvent{}}, text("")
	}
	out := &types.NotificationConfig{NotificationArn: &n.Topic, NotificationType: types.NotificationTypeCommand}
	if n.Each {
		out.NotificationType = types.NotificationTypeInvocation
	}
	for _, e := range n.Events {
		out.NotificationEvents = append(out.NotificationEvents, types.NotificationEvent(e))
	}
	return out, &n.Role
}

// checkNotification refuses notifications that could go nowhere.
func checkNotification(call *api.Call, in *ssm.SendCommandInput) error {
	c := in.NotificationConfig
	named := c != nil && c.NotificationArn != nil && *c.NotificationArn != ""
	role := in.ServiceRoleArn != nil && *in.ServiceRoleArn != ""
	switch {
	case c != nil && !named && (len(c.NotificationEvents) > 0 || c.NotificationType != ""):
		return &types.InvalidNotificationConfig{Message: text("NotificationArn is required with NotificationEvents and NotificationType.")}
	case named && !role:
		return &types.InvalidRole{Message: text("ServiceRoleArn is required for notifications.")}
	case role && !isRole(*in.ServiceRoleArn, call.Account):
		return &types.InvalidRole{Message: text("ServiceRoleArn isn't the ARN of a role of this account.")}
	case named:
		if a, err := arn.Parse(*c.NotificationArn); err != nil || a.Service != "sns" || a.Region == "" || a.Account == "" {
			return &types.InvalidNotificationConfig{Message: text("NotificationArn isn't the ARN of an Amazon SNS topic.")}
		}
	}
	return nil
}

func isRole(text, account string) bool {
	a, err := arn.Parse(text)
	return err == nil && a.Service == "iam" && a.Account == account && len(a.Resource) > len("role/") && a.Resource[:len("role/")] == "role/"
}

// passRole is the check of handing a role to Systems Manager.
func passRole(in *ssm.SendCommandInput, call *api.Call) []api.Check {
	if in.ServiceRoleArn == nil || !isRole(*in.ServiceRoleArn, call.Account) {
		return nil
	}
	return []api.Check{{
		Action: "iam:PassRole", Resource: *in.ServiceRoleArn, Keys: map[string]string{"iam:PassedToService": "ssm.amazonaws.com"},
		Sets: map[string][]string{"iam:AssociatedResourceArn": nil},
	}}
}

// AlarmState is the port's word for the state of an alarm.
type AlarmState interface {
	// AlarmState is OK, ALARM or INSUFFICIENT_DATA; found is false where there is
	// no such alarm.
	AlarmState(tx *store.Tx, scope store.Scope, name string) (state string, found bool, err error)
}
