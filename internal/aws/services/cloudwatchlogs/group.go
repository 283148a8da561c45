package cloudwatchlogs

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// group is the stored form of a log group.
type group struct {
	ID        string // never used again, so that a new group of its name is empty
	Name      string
	Account   string
	Region    string
	Created   time.Time
	Class     types.LogGroupClass
	Retention int               `json:",omitempty"` // days; 0 keeps events for ever
	Protected bool              `json:",omitempty"` // from deletion
	Tags      map[string]string `json:",omitempty"`
}

var groups = store.Table[group]{
	Name: "logs.groups", Reach: store.Regional,
	Key: func(g *group) string { return g.Name },
}

// usage is what changes with the events of a group.
type usage struct {
	Group string // its ID
	Bytes int64
	Due   string `json:",omitempty"` // key of the duty that removes what is too old
}

var usages = store.Table[usage]{
	Name: "logs.usages", Reach: store.Regional,
	Key: func(u *usage) string { return u.Group },
}

// day is 24 hours; retention knows no others.
const day = 24 * time.Hour

func (g *group) scope() store.Scope { return store.In(g.Account, g.Region) }

// oldest is the time of the oldest event that the group still shows, in
// milliseconds.
func (g *group) oldest(now time.Time) int64 {
	if g.Retention == 0 {
		return 0
	}
	return now.Add(-time.Duration(g.Retention) * day).UnixMilli()
}

// groupARN names a log group as the tagging operations do.
func groupARN(account, region, name string) arn.ARN {
	return arn.New("logs", region, account, "log-group:"+name)
}

// groupTarget is what the actions on a group but those of tagging are checked
// on: policies name it with ":*" behind its name.
// Source: CloudWatch Logs User Guide, "Overview of managing access permissions
// to your CloudWatch Logs resources".
func groupTarget(account, region, name string) string {
	return streamTarget(account, region, name, "")
}

func streamTarget(account, region, name, stream string) string {
	return groupARN(account, region, name).String() + ":log-stream:" + stream
}

// reference is a log group as a request names it.
type reference struct{ account, region, name string }

func (r reference) scope() store.Scope { return store.In(r.account, r.region) }

// named refers to a group of the caller.
func named(call *api.Call, name *string) reference {
	return reference{call.Account, call.Region, aws.ToString(name)}
}

// identified refers to a group by its name or its ARN, one of which must be
// given.
func identified(call *api.Call, name, identifier *string) (reference, error) {
	switch {
	case name != nil && identifier != nil:
		return reference{}, invalid("LogGroup name and LogGroup identifier cannot be specified together.")
	case name != nil:
		return named(call, name), nil
	case identifier == nil:
		return reference{}, invalid("LogGroup name or LogGroup identifier is required.")
	case strings.HasPrefix(*identifier, "arn:"):
		return parseGroup(*identifier)
	}
	return named(call, identifier), nil
}

// asked is what a request seems to name, for its check; the operation says what
// is wrong with it.
func asked(call *api.Call, name, identifier *string) reference {
	if r, err := identified(call, name, identifier); err == nil {
		return r
	}
	if name == nil {
		name = identifier
	}
	return named(call, name)
}

// parseGroup reads the ARN of a log group, with or without ":*" at its end.
func parseGroup(text string) (reference, error) {
	a, err := arn.Parse(text)
	name, ok := strings.CutPrefix(a.Resource, "log-group:")
	name = strings.TrimSuffix(name, ":*")
	if err != nil || !ok || a.Service != "logs" || name == "" || a.Account == "" || a.Region == "" || strings.ContainsAny(name, ":*") {
		return reference{}, invalid("The specified resource ARN is not valid: " + text)
	}
	return reference{a.Account, a.Region, name}, nil
}

// find reads the group, or says that it does not exist.
func (r reference) find(tx *store.Tx) (*group, error) {
	g, err := groups.Get(tx, r.scope(), r.name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noGroup()
	}
	return g, err
}

// on is the check of an action on a group, with the group's tags.
func (s *Service) on(ctx context.Context, action string, r reference) ([]api.Check, error) {
	return s.check(ctx, r, api.Check{Action: action, Resource: groupTarget(r.account, r.region, r.name)})
}

// onStream is the check of an action on a stream, which has the tags of its
// group.
func (s *Service) onStream(ctx context.Context, action string, r reference, stream *string) ([]api.Check, error) {
	return s.check(ctx, r, api.Check{Action: action, Resource: streamTarget(r.account, r.region, r.name, aws.ToString(stream))})
}

func (s *Service) check(ctx context.Context, r reference, c api.Check) ([]api.Check, error) {
	err := s.store.View(ctx, func(tx *store.Tx) error {
		g, err := groups.Get(tx, r.scope(), r.name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Tags = g.Tags
		}
		return err
	})
	return []api.Check{c}, err
}

// change changes a group in one transaction.
func (s *Service) change(ctx context.Context, r reference, change func(tx *store.Tx, g *group) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		if err := change(tx, g); err != nil {
			return err
		}
		return groups.Put(tx, r.scope(), g)
	})
}

// shown is the group as DescribeLogGroups has it.
func (g *group) shown(bytes int64) types.LogGroup {
	name := groupARN(g.Account, g.Region, g.Name).String()
	out := types.LogGroup{
		Arn: aws.String(name + ":*"), LogGroupArn: aws.String(name), LogGroupName: aws.String(g.Name), CreationTime: aws.Int64(g.Created.UnixMilli()),
		LogGroupClass: g.Class, MetricFilterCount: aws.Int32(0), StoredBytes: aws.Int64(bytes), DeletionProtectionEnabled: aws.Bool(g.Protected),
	}
	if g.Retention > 0 {
		out.RetentionInDays = aws.Int32(int32(g.Retention))
	}
	return out
}

// usageOf is the usage of a group, also of one that never had any.
func usageOf(tx *store.Tx, g *group) (*usage, error) {
	u, err := usages.Get(tx, g.scope(), g.ID)
	if errors.Is(err, store.ErrNotFound) {
		return &usage{Group: g.ID}, nil
	}
	return u, err
}
