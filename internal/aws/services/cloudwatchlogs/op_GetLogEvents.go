package cloudwatchlogs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostEvents is how many events a page has at most.
const mostEvents = 10_000

// endOfTime is more than the time of any event, and fits the width of keys.
const endOfTime = 99_999_999_999_999

// GetLogEvents reads the events of one stream, forward or backward. The tokens
// of a page are the cuts before its first and behind its last event; at the end
// of the stream the answer has the token that it was asked with.
func (s *Service) GetLogEvents(ctx context.Context, in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
	r, err := identified(api.CallFrom(ctx), in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	limit := mostEvents
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	ahead, cut, err := readDirection(in)
	if err != nil {
		return nil, err
	}
	var page []event
	err = s.store.View(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		if g.Class != types.LogGroupClassStandard {
			return invalid("GetLogEvents is not supported for log groups of the class " + string(g.Class) + ".")
		}
		st, err := findStream(tx, g, *in.LogStreamName)
		if err != nil {
			return err
		}
		from, to := timeRange(in.StartTime, in.EndTime)
		from = max(from, g.oldest(s.clock.Now()))
		if !ahead {
			if cut.At >= to {
				cut = place{At: to}
			}
			page, err = backward(tx, g, st.ID, from, cut, limit, mostBytes)
			return err
		}
		if cut.At < from {
			cut = place{At: from}
		}
		size := 0
		return span{g, []string{st.ID}, to}.forward(tx, cut, func(e event) bool {
			size += e.size()
			if len(page) == limit || size > mostBytes && len(page) > 0 {
				return false
			}
			page = append(page, e)
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("get log events: %w", err)
	}
	return eventsPage(page, cut), nil
}

func (s *Service) getLogEventsChecks(ctx context.Context, in *cloudwatchlogs.GetLogEventsInput) ([]api.Check, error) {
	return s.onStream(ctx, "logs:GetLogEvents", asked(api.CallFrom(ctx), in.LogGroupName, in.LogGroupIdentifier), in.LogStreamName)
}

// readDirection tells where a page begins, and whether it goes forward. A token
// knows its direction; without one startFromHead tells.
func readDirection(in *cloudwatchlogs.GetLogEventsInput) (ahead bool, cut place, err error) {
	if in.NextToken == nil {
		if aws.ToBool(in.StartFromHead) {
			return true, place{}, nil
		}
		return false, place{At: endOfTime}, nil
	}
	text, ok := api.After("GetLogEvents", *in.NextToken)
	direction, rest, _ := strings.Cut(text, "/")
	cut, valid := parsePlace(rest)
	if !ok || !valid {
		return false, place{}, badToken()
	}
	return direction == "f", cut, nil
}

// timeRange is [start, end) in milliseconds.
func timeRange(start, end *int64) (from, to int64) {
	from, to = aws.ToInt64(start), endOfTime
	if end != nil {
		to = min(*end, endOfTime)
	}
	return max(min(from, endOfTime), 0), max(to, 0)
}

func eventsPage(page []event, cut place) *cloudwatchlogs.GetLogEventsOutput {
	out := &cloudwatchlogs.GetLogEventsOutput{Events: []types.OutputLogEvent{}}
	begin, end := cut, cut
	if len(page) > 0 {
		begin, end = page[0].place, page[len(page)-1].next()
	}
	for _, e := range page {
		out.Events = append(out.Events, types.OutputLogEvent{Timestamp: aws.Int64(e.At), IngestionTime: aws.Int64(e.Ingested), Message: aws.String(e.Message)})
	}
	out.NextForwardToken = aws.String(api.Token("GetLogEvents", "f/"+end.String()))
	out.NextBackwardToken = aws.String(api.Token("GetLogEvents", "b/"+begin.String()))
	return out
}
