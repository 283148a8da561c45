package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// mostSearched bounds what one call looks at; a page may come back with
	// less than was asked for, or empty, as on AWS.
	mostSearched = 8 << 20
	// mostFeeds is how many streams are read beside each other. Of more, all
	// of the group is read.
	mostFeeds = 100
)

// FilterLogEvents finds the events of a log group that a pattern matches, those
// of all streams in the order of time.
func (s *Service) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	call := api.CallFrom(ctx)
	r, err := identified(call, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	f, err := s.search(in)
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		if g.Class != types.LogGroupClassStandard {
			return invalid("FilterLogEvents is not supported for log groups of the class " + string(g.Class) + ".")
		}
		if oldest := g.oldest(s.clock.Now()); f.from.At < oldest {
			f.from = place{At: oldest}
		}
		return f.run(ctx, tx, g)
	})
	if err != nil {
		return nil, fmt.Errorf("filter log events: %w", err)
	}
	return f.out, nil
}

func (s *Service) filterLogEventsChecks(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput) ([]api.Check, error) {
	return s.on(ctx, "logs:FilterLogEvents", asked(api.CallFrom(ctx), in.LogGroupName, in.LogGroupIdentifier))
}

// search is one call of FilterLogEvents.
type search struct {
	in       *cloudwatchlogs.FilterLogEventsInput
	pattern  pattern
	from     place
	to       int64
	limit    int
	searched int
	size     int
	names    map[string]string // of streams, by ID; empty for one that is not wanted
	out      *cloudwatchlogs.FilterLogEventsOutput
}

func (s *Service) search(in *cloudwatchlogs.FilterLogEventsInput) (*search, error) {
	f := &search{in: in, limit: mostEvents, names: map[string]string{}}
	f.out = &cloudwatchlogs.FilterLogEventsOutput{Events: []types.FilteredLogEvent{}, SearchedLogStreams: []types.SearchedLogStream{}}
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil {
		return nil, invalid("LogStream names and LogStream name prefix are mutually exclusive parameters.")
	}
	if in.StartTime != nil && in.EndTime != nil && *in.StartTime > *in.EndTime {
		return nil, invalid("startTime must be less than or equal to endTime.")
	}
	if in.Limit != nil {
		f.limit = int(*in.Limit)
	}
	var err error
	if f.pattern, err = parsePattern(aws.ToString(in.FilterPattern)); err != nil {
		return nil, err
	}
	f.from.At, f.to = timeRange(in.StartTime, in.EndTime)
	if in.EndTime != nil && f.to < endOfTime {
		f.to++ // the end is part of the range
	}
	if in.NextToken == nil {
		return f, nil
	}
	text, ok := api.After("FilterLogEvents", *in.NextToken)
	at, valid := parsePlace(text)
	if !ok || !valid {
		return nil, badToken()
	}
	if at.compare(f.from) > 0 {
		f.from = at
	}
	return f, nil
}

func (f *search) run(ctx context.Context, tx *store.Tx, g *group) error {
	ids, err := f.streams(tx, g)
	if err != nil || len(ids) == 0 && f.narrow() && len(f.names) == 0 {
		return err
	}
	var failed error
	err = span{g, ids, f.to}.forward(tx, f.from, func(e event) bool {
		if f.size >= mostBytes || len(f.out.Events) == f.limit || f.searched >= mostSearched {
			f.out.NextToken = aws.String(api.Token("FilterLogEvents", e.place.String()))
			return false
		}
		f.searched += e.size()
		name, err := f.name(tx, g, e.Stream)
		if failed = errors.Join(err, ctx.Err()); failed != nil {
			return false
		}
		if name != "" {
			f.add(name, e)
		}
		return true
	})
	return errors.Join(err, failed)
}

func (f *search) add(name string, e event) {
	if _, ok := f.pattern.match(e.Message); !ok {
		return
	}
	f.size += e.size()
	f.out.Events = append(f.out.Events, types.FilteredLogEvent{
		LogStreamName: aws.String(name), Timestamp: aws.Int64(e.At), IngestionTime: aws.Int64(e.Ingested),
		Message: aws.String(e.Message), EventId: aws.String(e.eventID()),
	})
}

// narrow tells whether only some streams are wanted.
func (f *search) narrow() bool {
	return len(f.in.LogStreamNames) > 0 || f.in.LogStreamNamePrefix != nil
}

// streams finds the streams to read; none when the whole group is to be read, or
// when there are none, which names tells.
func (f *search) streams(tx *store.Tx, g *group) (ids []string, err error) {
	if !f.narrow() {
		return nil, nil
	}
	var list []*stream
	for _, name := range f.in.LogStreamNames {
		st, err := findStream(tx, g, name)
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	if f.in.LogStreamNamePrefix != nil {
		p := withPrefix(streamKey(g.ID, *f.in.LogStreamNamePrefix))
		if list, err = streams.List(tx, g.scope(), p); err != nil {
			return nil, err
		}
	}
	for _, st := range list {
		if f.names[st.ID] == "" {
			ids = append(ids, st.ID)
		}
		f.names[st.ID] = st.Name
	}
	if len(ids) > mostFeeds {
		return nil, nil
	}
	return ids, nil
}

// name is the name of a stream that is wanted and there, else empty.
func (f *search) name(tx *store.Tx, g *group, id string) (string, error) {
	name, known := f.names[id]
	if known || f.narrow() {
		return name, nil
	}
	list, err := streams.By(tx, g.scope(), "ID", id, store.Page{Limit: 1})
	if err != nil {
		return "", err
	}
	if len(list) > 0 {
		name = list[0].Name
	}
	f.names[id] = name
	return name, nil
}
