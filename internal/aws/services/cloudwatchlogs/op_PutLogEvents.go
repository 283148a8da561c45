package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// The limits of a batch and its events.
// Source: CloudWatch Logs API Reference, "PutLogEvents".
const (
	mostBytes   = 1_048_576
	oldestEvent = 14 * day
	newestEvent = 2 * time.Hour
	longestSpan = day
)

// PutLogEvents stores a batch of events in a stream.
func (s *Service) PutLogEvents(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput) (*cloudwatchlogs.PutLogEventsOutput, error) {
	if err := checkBatch(in.LogEvents); err != nil {
		return nil, err
	}
	r := named(api.CallFrom(ctx), in.LogGroupName)
	now := s.clock.Now()
	out := &cloudwatchlogs.PutLogEventsOutput{}
	if in.Entity != nil {
		out.RejectedEntityInfo = &types.RejectedEntityInfo{ErrorType: types.EntityRejectionErrorTypeUnsupportedLogGroupType}
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		st, err := findStream(tx, g, *in.LogStreamName)
		if err != nil {
			return err
		}
		accepted, rejected := sift(in.LogEvents, g, now)
		out.RejectedLogEventsInfo = rejected
		if n := len(accepted); n > 0 {
			if *accepted[n-1].Timestamp-*accepted[0].Timestamp > longestSpan.Milliseconds() {
				return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
			}
			if err := ingest(tx, g, st, accepted, now.UnixMilli()); err != nil {
				return err
			}
		}
		out.NextSequenceToken = aws.String(sequence(st))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("put log events: %w", err)
	}
	return out, nil
}

func (s *Service) putLogEventsChecks(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput) ([]api.Check, error) {
	return s.onStream(ctx, "logs:PutLogEvents", named(api.CallFrom(ctx), in.LogGroupName), in.LogStreamName)
}

func checkBatch(list []types.InputLogEvent) error {
	size := 0
	for i, e := range list {
		if n := len(*e.Message); n > mostBytes {
			return invalid(fmt.Sprintf("Log event too large: %d bytes exceeds limit of %d", n, mostBytes))
		}
		size += len(*e.Message) + eventOverhead
		if i > 0 && *e.Timestamp < *list[i-1].Timestamp {
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
	}
	if size > mostBytes {
		return invalid(fmt.Sprintf("Upload too large: %d bytes exceeds limit of %d", size, mostBytes))
	}
	return nil
}

// sift tells the events that are kept from those that are too old, expired or
// too new; the list is in the order of time.
func sift(list []types.InputLogEvent, g *group, now time.Time) ([]types.InputLogEvent, *types.RejectedLogEventsInfo) {
	old, expired, end := 0, 0, len(list)
	limit := now.Add(-oldestEvent).UnixMilli()
	for old < len(list) && *list[old].Timestamp < limit {
		old++
	}
	for expired < len(list) && *list[expired].Timestamp < g.oldest(now) {
		expired++
	}
	latest := now.Add(newestEvent).UnixMilli()
	for end > 0 && *list[end-1].Timestamp > latest {
		end--
	}
	begin := max(old, expired)
	if begin == 0 && end == len(list) {
		return list, nil
	}
	info := &types.RejectedLogEventsInfo{}
	if old > 0 {
		info.TooOldLogEventEndIndex = aws.Int32(int32(old))
	}
	if expired > old {
		info.ExpiredLogEventEndIndex = aws.Int32(int32(expired))
	}
	if end < len(list) {
		info.TooNewLogEventStartIndex = aws.Int32(int32(end))
	}
	return list[begin:max(begin, end)], info
}

// ingest stores events as chunks and notes them in the stream and the group.
func ingest(tx *store.Tx, g *group, st *stream, list []types.InputLogEvent, now int64) error {
	u, err := usageOf(tx, g)
	if err != nil {
		return err
	}
	var c *chunk
	flush := func() error {
		if c == nil {
			return nil
		}
		u.Bytes += c.bytes()
		return chunks.Put(tx, g.scope(), c)
	}
	for _, e := range list {
		if c == nil || minuteOf(c.First) != minuteOf(*e.Timestamp) {
			if err := flush(); err != nil {
				return err
			}
			st.Seq++
			c = &chunk{Group: g.ID, Stream: st.ID, Seq: st.Seq, First: *e.Timestamp, Ingested: now}
		}
		c.Offsets = append(c.Offsets, *e.Timestamp-c.First)
		c.Messages = append(c.Messages, *e.Message)
	}
	if err := flush(); err != nil {
		return err
	}
	first, last := *list[0].Timestamp, *list[len(list)-1].Timestamp
	if st.First == 0 || first < st.First {
		st.First = first
	}
	st.Last, st.Ingested = max(st.Last, last), now
	if g.Retention > 0 {
		if err := u.plan(tx, g, u.soonest(g, first)); err != nil {
			return err
		}
	}
	return errors.Join(streams.Put(tx, g.scope(), st), usages.Put(tx, g.scope(), u))
}

// soonest is when the group is looked at next, now that it has an event of a
// time.
func (u *usage) soonest(g *group, ms int64) int64 {
	at := g.ends(ms)
	if planned := dutyTime(u.Due); planned != 0 && planned < at {
		return planned
	}
	return at
}
