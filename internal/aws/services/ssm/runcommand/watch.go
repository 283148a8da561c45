package runcommand

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// watch looks at a command's alarms before further nodes begin.
func (l *ledger) watch(b *book) error {
	if b.c.done() == b.c.Count {
		return nil
	}
	return b.c.Guard.Look(l.tx, b.scope, l.s.ports.Alarms)
}

// guarded is the index of the commands that an alarm could stop: those that an
// alarm has stopped have no node that is still to begin.
func (c *command) guarded() string {
	if !c.Guard.Waits() || c.done() == c.Count {
		return ""
	}
	return "yes"
}

// heed stops the commands whose alarms have fired since their last turn.
func (s *Service) heed(ctx context.Context) error {
	var fired []string
	err := s.st.View(ctx, func(tx *store.Tx) error {
		fired = nil
		open, err := commands.Everywhere(tx, "guarded", "yes")
		if err != nil {
			return err
		}
		for _, row := range open {
			fires, err := row.Record.Guard.Fires(tx, row.Scope, s.ports.Alarms)
			if err != nil {
				return err
			}
			if fires {
				fired = append(fired, row.Record.ID)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range fired {
		err := s.st.Update(ctx, func(tx *store.Tx) error {
			l := s.ledger(tx)
			b, err := l.book(id)
			if err != nil || b == nil {
				return err
			}
			b.moved = true // its turns are looked at, and its alarms before them
			return l.close()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

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
