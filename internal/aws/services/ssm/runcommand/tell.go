package runcommand

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// notice is a message for a topic that is not sent yet.
type notice struct {
	ID      string
	At      time.Time // when it is sent
	Account string
	Region  string
	Role    string
	Topic   string
	Message string
	Tried   int `json:",omitempty"`
}

var notices = store.Table[notice]{
	Name: "ssm.command-notices", Reach: store.Plane, Key: (*notice).key,
}

func (n *notice) key() string { return moment(n.At) + "." + n.ID }

const (
	// noticesAtOnce bounds one round of sending.
	noticesAtOnce = 50
	// noticeTries is how often one is tried: a role may be made a little late.
	noticeTries = 5
	noticePause = 10 * time.Second
)

// instant is how messages and events write a time.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// tell notes what changed: events for rules, messages for the command's topic.
func (l *ledger) tell(b *book) error {
	now := l.s.clk.Now()
	events, err := l.listening(b)
	if err != nil {
		return err
	}
	n := b.c.Notify
	if !events && n == nil {
		return nil
	}
	for _, p := range b.order {
		status := string(p.i.status())
		if status == p.told || status == detailsPending || status == detailsDelayed {
			continue
		}
		p.told = status
		if events {
			if err := l.s.ports.Events.Emit(l.tx, b.scope, b.invocationEvent(p.i, now)); err != nil {
				return err
			}
		}
		if n != nil && n.Each && n.wants(status) {
			if err := l.notice(b, p.i.Node, b.c.invocationMessage(p.i, now), now); err != nil {
				return err
			}
		}
	}
	kind, _ := b.c.status()
	status := string(kind)
	if status == b.told || status == detailsPending {
		return nil
	}
	b.told = status
	if events {
		if err := l.s.ports.Events.Emit(l.tx, b.scope, b.commandEvent(status, now)); err != nil {
			return err
		}
	}
	if n == nil || n.Each || !n.wants(status) {
		return nil
	}
	return l.notice(b, "", b.c.message(status, b.nodes(), now), now)
}

func (l *ledger) listening(b *book) (bool, error) {
	if l.s.ports.Events == nil {
		return false, nil
	}
	return l.s.ports.Events.Listening(l.tx, b.scope)
}

// notice leaves a message to be sent. Its id is the same when the transaction
// runs again.
func (l *ledger) notice(b *book, node string, message map[string]any, now time.Time) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return notices.Put(l.tx, store.Scope{}, &notice{
		ID: fmt.Sprintf("%s.%s.%v", b.c.ID, node, message["status"]), At: now, Account: b.scope.Account, Region: b.scope.Region,
		Role: b.c.Notify.Role, Topic: b.c.Notify.Topic, Message: string(body),
	})
}

// nodes are those that the command's record or its invocations at hand name.
func (b *book) nodes() []string {
	if len(b.c.InstanceIDs) > 0 {
		return b.c.InstanceIDs
	}
	out := []string{}
	for _, p := range b.order {
		out = append(out, p.i.Node)
	}
	return out
}

// message is what a topic gets of a command. Source: Systems Manager User Guide,
// "Example Amazon SNS notifications for AWS Systems Manager".
func (c *command) message(status string, nodes []string, now time.Time) map[string]any {
	return map[string]any{
		"commandId": c.ID, "documentName": c.Document, "instanceIds": nodes, "requestedDateTime": instant(c.Requested),
		"expiresAfter": instant(c.expires()), "outputS3BucketName": c.Output.Bucket, "outputS3KeyPrefix": c.Output.Prefix,
		"status": status, "eventTime": instant(now),
	}
}

func (c *command) invocationMessage(i *invocation, now time.Time) map[string]any {
	return map[string]any{
		"commandId": c.ID, "documentName": c.Document, "instanceId": i.Node, "requestedDateTime": instant(c.Requested),
		"status": i.status(), "eventTime": instant(now),
	}
}

// commandEvent is the event of a command's new status. Source: Systems Manager
// User Guide, "Amazon EventBridge event patterns and examples".
func (b *book) commandEvent(status string, now time.Time) api.Occurrence {
	o := api.Occurrence{Source: "aws.ssm", DetailType: "EC2 Command Status-change Notification", At: now, Detail: map[string]any{
		"command-id": b.c.ID, "document-name": b.c.Document, "expire-after": instant(b.c.expires()), "parameters": b.c.Parameters,
		"requested-date-time": instant(b.c.Requested), "status": status,
	}}
	for _, id := range b.nodes() {
		o.Resources = append(o.Resources, nodeARN(b.scope, id))
	}
	return o
}

func (b *book) invocationEvent(i *invocation, now time.Time) api.Occurrence {
	return api.Occurrence{
		Source: "aws.ssm", DetailType: "EC2 Command Invocation Status-change Notification", At: now, Resources: []string{nodeARN(b.scope, i.Node)},
		Detail: map[string]any{
			"command-id": b.c.ID, "document-name": b.c.Document, "instance-id": i.Node,
			"requested-date-time": instant(b.c.Requested), "status": i.status(),
		},
	}
}

func nodeARN(sc store.Scope, id string) string {
	return arn.New("ssm", sc.Region, sc.Account, "managed-instance/"+id).String()
}

// sendNotices hands messages to topics. One that is refused is tried again a
// few times, then given up: nobody waits for it.
func (s *Service) sendNotices(ctx context.Context) (next time.Time, err error) {
	var list []*notice
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		list, err = notices.List(tx, store.Scope{}, store.Page{Limit: noticesAtOnce})
		return err
	})
	if err != nil {
		return next, err
	}
	for _, n := range list {
		now := s.clk.Now()
		if n.At.After(now) {
			return n.At, nil
		}
		failure := s.ports.Topics.Publish(ctx, n.Account, n.Role, n.Topic, "EC2 Run Command Notification "+n.Region, n.Message)
		if ctx.Err() != nil {
			return next, ctx.Err()
		}
		err := s.st.Update(ctx, func(tx *store.Tx) error {
			if err := notices.Delete(tx, store.Scope{}, n.key()); err != nil {
				return err
			}
			later := *n
			if later.Tried++; failure == nil || later.Tried == noticeTries {
				return nil
			}
			later.At = now.Add(noticePause)
			return notices.Put(tx, store.Scope{}, &later)
		})
		if err != nil && !missing(err) {
			return next, err
		}
		next = now
	}
	return next, nil
}
