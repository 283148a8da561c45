package cloudwatchlogs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeLogStreams lists the streams of a log group by name or by the time of
// their last event.
func (s *Service) DescribeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	r, err := identified(api.CallFrom(ctx), in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	byTime := in.OrderBy == types.OrderByLastEventTime
	if byTime && in.LogStreamNamePrefix != nil {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	operation := "DescribeLogStreams " + string(in.OrderBy)
	after, limit, err := pageOf(operation, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		list, err := listStreams(tx, g, in, after, limit+1)
		if err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			out.NextToken = aws.String(api.Token(operation, streamToken(list[limit-1])))
		}
		for _, st := range list {
			out.LogStreams = append(out.LogStreams, st.shown(g))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("describe the log streams of %s: %w", r.name, err)
	}
	return out, nil
}

func (s *Service) describeLogStreamsChecks(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput) ([]api.Check, error) {
	return s.on(ctx, "logs:DescribeLogStreams", asked(api.CallFrom(ctx), in.LogGroupName, in.LogGroupIdentifier))
}

// streamToken is how a page's token names the stream that it ends with.
func streamToken(st *stream) string { return fmt.Sprintf("%d/%s", st.Last, st.Name) }

func listStreams(tx *store.Tx, g *group, in *cloudwatchlogs.DescribeLogStreamsInput, after string, limit int) ([]*stream, error) {
	moment, name, _ := strings.Cut(after, "/")
	last, _ := strconv.ParseInt(moment, 10, 64) // a token of ours has a number
	p := withPrefix(streamKey(g.ID, aws.ToString(in.LogStreamNamePrefix)))
	if in.OrderBy != types.OrderByLastEventTime {
		p.Limit, p.Descending = limit, aws.ToBool(in.Descending)
		if after != "" {
			p.After = streamKey(g.ID, name)
		}
		return streams.List(tx, g.scope(), p)
	}
	list, err := streams.List(tx, g.scope(), p)
	if err != nil {
		return nil, err
	}
	direction := 1
	if aws.ToBool(in.Descending) {
		direction = -1
	}
	order := func(a, b *stream) int {
		return direction * cmp.Or(cmp.Compare(a.Last, b.Last), strings.Compare(a.Name, b.Name))
	}
	slices.SortFunc(list, order)
	if after != "" {
		end := &stream{Last: last, Name: name}
		list = slices.DeleteFunc(list, func(st *stream) bool { return order(st, end) <= 0 })
	}
	return list[:min(limit, len(list))], nil
}
