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
	"tamachi/internal/id"
	"tamachi/internal/store"
)

const (
	lookupEvents = "LookupEvents"
	lookupMost   = 50
)

// LookupEvents finds management events of the Region, the newest first, by at
// most one attribute.
func (s *Service) LookupEvents(ctx context.Context, in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
	call := api.CallFrom(ctx)
	if in.EventCategory != "" { // Insights events are the only other category, and there are none
		return nil, &types.UnsupportedOperationException{Message: aws.String("Insights events are not recorded here; leave out EventCategory to look up management events.")}
	}
	q, err := s.query(call, in)
	if err != nil {
		return nil, err
	}
	var found []store.Entry[event]
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = journal.Find(tx, store.In(call.Place()), q.term, q.span)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up events: %w", err)
	}
	if q.eventID != "" {
		found = slices.DeleteFunc(found, func(e store.Entry[event]) bool { return e.Record.ID != q.eventID })
	}
	out := &cloudtrail.LookupEventsOutput{Events: []types.Event{}}
	if limit := q.span.Limit - 1; len(found) > limit {
		found = found[:limit]
		out.NextToken = aws.String(api.Token(lookupEvents, q.next(found[limit-1])))
	}
	for _, e := range found {
		out.Events = append(out.Events, shown(e.Record))
	}
	return out, nil
}

func (s *Service) lookupEventsChecks(context.Context, *cloudtrail.LookupEventsInput) ([]api.Check, error) {
	return api.OnAny("cloudtrail:LookupEvents"), nil
}

// query is a lookup made ready.
type query struct {
	term    string // what the journal is asked for
	eventID string // else empty
	span    store.Span
}

// query reads a lookup. MaxResults is between 1 and 50 already: the model bounds
// it, and what the model bounds is refused by the gate with ValidationException
// (CloudTrail API Reference, "Common Errors"). InvalidMaxResultsException, which
// "LookupEvents" lists too, is nowhere said to be the answer to a number out of
// that range; the service's own exceptions are for what the model leaves open,
// as a second lookup attribute.
func (s *Service) query(call *api.Call, in *cloudtrail.LookupEventsInput) (query, error) {
	q := query{span: store.Span{Limit: lookupMost + 1, To: call.Time.Add(time.Minute)}}
	if in.MaxResults != nil {
		q.span.Limit = int(*in.MaxResults) + 1
	}
	if len(in.LookupAttributes) > 1 {
		return q, &types.InvalidLookupAttributesException{Message: aws.String("You can only specify one lookup attribute.")}
	}
	for _, a := range in.LookupAttributes {
		q.term = string(a.AttributeKey) + "=" + keyable(*a.AttributeValue)
	}
	q.span.From = call.Time.Add(-s.retention)
	// Events show their times to the second, so both ends take their whole
	// second in.
	if in.StartTime != nil && in.StartTime.After(q.span.From) {
		q.span.From = in.StartTime.Truncate(time.Second)
	}
	if in.EndTime != nil {
		q.span.To = in.EndTime.Truncate(time.Second).Add(time.Second)
	}
	if in.StartTime != nil && in.EndTime != nil && in.EndTime.Before(*in.StartTime) {
		return q, &types.InvalidTimeRangeException{Message: aws.String("The time range is not valid: the end time is before the start time.")}
	}
	q.byID()
	if in.NextToken == nil {
		return q, nil
	}
	after, ok := api.After(lookupEvents, *in.NextToken)
	if !ok || !q.resume(after) {
		return q, &types.InvalidNextTokenException{Message: aws.String("The pagination token is not valid, or belongs to a request with other parameters.")}
	}
	return q, nil
}

// byID turns a question for an event whose id tells its time into one for the
// time.
func (q *query) byID() {
	eventID, ok := strings.CutPrefix(q.term, "EventId=")
	if !ok {
		return
	}
	at, ok := id.UUIDTime(eventID)
	if !ok || at.Before(q.span.From) || !at.Before(q.span.To) {
		return
	}
	// Whatever else happened in that millisecond is looked through.
	*q = query{eventID: eventID, span: store.Span{From: at, To: at.Add(time.Millisecond), Limit: 10_000}}
}

// next is where the page after an entry begins, bound to the question.
func (q *query) next(e store.Entry[event]) string {
	return fmt.Sprintf("%d %d %s", e.At.UnixMilli(), e.Place, q.term)
}

func (q *query) resume(after string) bool {
	at, rest, _ := strings.Cut(after, " ")
	place, term, ok := strings.Cut(rest, " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !ok || term != q.term {
		return false
	}
	q.span.BeforeAt = time.UnixMilli(ms)
	q.span.BeforePlace, err = strconv.ParseInt(place, 10, 64)
	return err == nil
}

func shown(e *event) types.Event {
	out := types.Event{
		EventId: aws.String(e.ID), EventName: aws.String(e.Name), EventSource: aws.String(e.Source),
		EventTime: aws.Time(e.Time.Truncate(time.Second)), ReadOnly: aws.String(strconv.FormatBool(e.ReadOnly)),
		CloudTrailEvent: aws.String(string(e.Record)), Resources: []types.Resource{},
	}
	if e.Username != "" {
		out.Username = aws.String(e.Username)
	}
	if e.AccessKeyID != "" {
		out.AccessKeyId = aws.String(e.AccessKeyID)
	}
	for _, r := range e.Resources {
		shown := types.Resource{ResourceName: aws.String(r.Name)}
		if r.Type != "" {
			shown.ResourceType = aws.String(r.Type)
		}
		out.Resources = append(out.Resources, shown)
	}
	return out
}
