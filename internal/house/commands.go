package house

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/s3"
	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/store"
)

// callerAccess asks the gate what the caller of a call may, for rooms that
// refuse parts of it; the gate is made after the rooms.
type callerAccess struct{ h *House }

var (
	_ runcommand.Access = callerAccess{}
	_ s3.Access         = callerAccess{}
)

// Allowed tells of each check whether the caller passes it.
func (a callerAccess) Allowed(ctx context.Context, checks []api.Check) ([]bool, error) {
	return a.h.gate.Allowed(ctx, checks)
}

// commandOutput knows the buckets that take commands' output.
type commandOutput struct{ h *House }

var _ runcommand.Output = commandOutput{}

// Exists tells whether there is a bucket.
func (o commandOutput) Exists(ctx context.Context, bucket string) (bool, error) {
	return o.h.rooms.s3.Exists(ctx, bucket)
}

// URL is an object's address, in the form of Systems Manager: the service's
// host, and the bucket in the path.
func (o commandOutput) URL(region, bucket, key string) string {
	u := url.URL{Scheme: "https", Host: "s3." + region + "." + o.h.o.Config.Domain, Path: "/" + bucket + "/" + key}
	if at, err := url.Parse(o.h.HTTPS()); err == nil && at.Port() != "" && at.Port() != "443" {
		u.Host = net.JoinHostPort(u.Host, at.Port())
	}
	return u.String()
}

// commandAlarms knows the alarms that stop commands and associations; the room of metrics is made
// beside the fleet.
type commandAlarms struct{ h *House }

var _ alarm.States = commandAlarms{}

// AlarmState is the state of an alarm.
func (a commandAlarms) AlarmState(tx *store.Tx, scope store.Scope, name string) (state string, found bool, err error) {
	return a.h.rooms.metrics.AlarmState(tx, scope, name)
}

// commandTopics publishes in the name of the role that a command's sender handed
// to Systems Manager.
type commandTopics struct{ h *House }

var _ runcommand.Topics = commandTopics{}

// Publish sends a message to a topic.
func (t commandTopics) Publish(ctx context.Context, account, role, topic, subject, message string) error {
	to, err := arn.Parse(topic)
	if err != nil {
		return err
	}
	as, err := t.h.gate.As(ssmPrincipal).Assume(ctx, account, to.Region, role, "SSMNotifications")
	if err != nil {
		return err
	}
	_, err = as.Do(ctx, "sns", "Publish", &sns.PublishInput{TopicArn: &topic, Subject: &subject, Message: &message})
	return err
}

// followed lets people follow commands: it waits for the bell where the room
// does not.
type followed struct{ h *House }

var _ tamachi.Commands = followed{}

// followFor is how long a look at a command waits for something new; proxies
// and clients give up later.
const followFor = 15 * time.Second

// Follow returns what is new of a command since a place.
func (f followed) Follow(ctx context.Context, account, region, command, instance, place string) (tamachi.Progress, error) {
	rings, deaf := f.h.bell.Listen()
	defer deaf()
	late := time.NewTimer(followFor)
	defer late.Stop()
	for {
		p, err := f.h.rooms.fleet.ssm.FollowCommand(ctx, account, region, command, instance, place)
		if errors.Is(err, ssm.ErrNoCommand) {
			return tamachi.Progress{}, tamachi.ErrNoCommand
		}
		if err != nil {
			return tamachi.Progress{}, err
		}
		if len(p.Output) > 0 || len(p.Ended) > 0 || p.Done {
			return progress(p), nil
		}
		moved := p.Place != place
		if place = p.Place; moved {
			continue // there may be more at once
		}
		select {
		case <-rings:
		case <-late.C:
			return progress(p), nil
		case <-ctx.Done():
			return tamachi.Progress{}, ctx.Err()
		}
	}
}

func progress(p runcommand.Progress) tamachi.Progress {
	out := tamachi.Progress{Status: p.Status, Details: p.Details, Done: p.Done, Place: p.Place}
	for _, w := range p.Output {
		out.Output = append(out.Output, tamachi.Written(w))
	}
	for _, e := range p.Ended {
		out.Ended = append(out.Ended, tamachi.Ended(e))
	}
	return out
}
