package cloudtrail

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	lookupEvents = "LookupEvents"
	lookBack     = 90 * 24 * time.Hour
	lookupMost   = 50
	// mostMentioned is the most resources that one event names: a call takes 25 at most.
	mostMentioned = 26
)

// LookupEvents finds management events of the Region, the newest first, by at
// most one attribute.
func (s *Service) LookupEvents(ctx context.Context, in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
	call := api.CallFrom(ctx)
	q, err := s.query(call, in)
	if err != nil {
		return nil, err
	}
	sc := store.Scope{Account: call.Account, Region: call.Region}
	var found []*event
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = q.run(tx, sc)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up events: %w", err)
	}
	out := &cloudtrail.LookupEventsOutput{}
	if len(found) > q.limit {
		found = found[:q.limit]
		out.NextToken = aws.String(api.Token(lookupEvents, q.signature+" "+found[q.limit-1].Key))
	}
	for _, e := range found {
		out.Events = append(out.Events, shown(e, call))
	}
	return out, nil
}

func (s *Service) lookupEventsChecks(context.Context, *cloudtrail.LookupEventsInput) ([]api.Check, error) {
	return api.OnAny("cloudtrail:LookupEvents"), nil
}

// query is a lookup made ready.
type query struct {
	key, value string // attribute, or both empty
	page       store.Page
	limit      int
	signature  string // what the token is bound to
}

func (s *Service) query(call *api.Call, in *cloudtrail.LookupEventsInput) (query, error) {
	q := query{limit: lookupMost}
	if in.MaxResults != nil {
		q.limit = int(*in.MaxResults)
	}
	if len(in.LookupAttributes) > 1 {
		return q, &types.InvalidLookupAttributesException{Message: aws.String("You can only specify one lookup attribute.")}
	}
	for _, a := range in.LookupAttributes {
		q.key, q.value = string(a.AttributeKey), *a.AttributeValue
	}
	from, to := call.Time.Add(-lookBack), call.Time.Add(time.Minute)
	if in.StartTime != nil && in.StartTime.After(from) {
		from = *in.StartTime
	}
	if in.EndTime != nil {
		to = *in.EndTime
	}
	if in.StartTime != nil && in.EndTime != nil && in.EndTime.Before(*in.StartTime) {
		return q, &types.InvalidTimeRangeException{Message: aws.String("The time range is not valid: the end time is before the start time.")}
	}
	// "~" sorts after every event id of the last millisecond asked for.
	q.page = store.Page{Descending: true, Limit: q.limit + 1, Min: timeKey(from), Max: timeKey(to) + "~"}
	q.signature = strings.Join([]string{q.key, strconv.Quote(q.value)}, "=")
	if in.NextToken == nil {
		return q, nil
	}
	after, ok := api.After(lookupEvents, *in.NextToken)
	signature, key, both := cutLast(after, " ")
	if !ok || !both || signature != q.signature {
		return q, &types.InvalidNextTokenException{Message: aws.String("The pagination token is not valid, or belongs to a request with other parameters.")}
	}
	q.page.After = key
	return q, nil
}

func (q query) run(tx *store.Tx, sc store.Scope) ([]*event, error) {
	switch {
	case q.key == "":
		return events.List(tx, sc, q.page)
	case strings.HasPrefix(q.key, "Resource"):
		return q.mentioned(tx, sc)
	}
	return events.By(tx, sc, q.key, q.value, q.page)
}

// mentioned finds events by a resource. One event may mention several, so
// pages are cut by events, not by mentions.
func (q query) mentioned(tx *store.Tx, sc store.Scope) ([]*event, error) {
	page := q.page
	if page.After != "" {
		page.Max, page.After = page.After, "" // keys of mentions are longer than the event's
	}
	page.Limit = q.page.Limit * mostMentioned
	list, err := mentions.By(tx, sc, q.key, q.value, page)
	if err != nil {
		return nil, err
	}
	var out []*event
	for _, m := range list {
		if len(out) == q.page.Limit {
			break
		}
		if slices.ContainsFunc(out, func(e *event) bool { return e.Key == m.Event }) {
			continue
		}
		e, err := events.Get(tx, sc, m.Event)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func shown(e *event, call *api.Call) types.Event {
	out := types.Event{
		EventId: aws.String(e.ID), EventName: aws.String(e.Name), EventSource: aws.String(e.Source),
		EventTime: aws.Time(e.Time), ReadOnly: aws.String(strconv.FormatBool(e.ReadOnly)),
		Username: aws.String(e.Username), CloudTrailEvent: aws.String(text(e, call.Account, call.Region)),
	}
	if e.AccessKeyID != "" {
		out.AccessKeyId = aws.String(e.AccessKeyID)
	}
	for _, r := range e.Resources {
		name, kind := resource(r)
		shown := types.Resource{ResourceName: aws.String(name)}
		if kind != "" {
			shown.ResourceType = aws.String(kind)
		}
		out.Resources = append(out.Resources, shown)
	}
	return out
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
