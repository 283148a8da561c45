package cost

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
)

// The limits of GetMetricData.
// Source: CloudWatch API Reference, GetMetricData.
const (
	mostQueries = 500
	mostPoints  = 100_800
)

const (
	day    = 24 * time.Hour
	minute = time.Minute
	// usual is what a sample of AWS/WorkSpaces stands for on AWS.
	usual = 5 * minute
)

// wish is one series that is asked for.
type wish struct {
	desktop      int
	metric, stat string
}

// use reads how long people were connected and desktops ran: by the day for
// all, then by the hour for those of which days do not decide.
func (e Eyes) use(ctx context.Context, n *account.Notebook[Facts]) error {
	f := n.Facts
	if len(f.Desktops) == 0 {
		return nil
	}
	if err := e.sample(ctx, f); err != nil {
		return n.Missed(err)
	}
	// Pairs first: read keeps the two questions of a desktop in one call.
	var all, single []wish
	for i := range f.Desktops {
		if f.Desktops[i].Mode == alwaysOn {
			single = append(single, wish{i, "UserConnected", "Sum"})
			continue
		}
		all = append(all, wish{i, "Stopped", "SampleCount"}, wish{i, "Stopped", "Sum"})
	}
	all = append(all, single...)
	if err := e.read(ctx, f, all, day); err != nil {
		return n.Missed(err)
	}
	return nil
}

// Finer reads the hours of some desktops, by their places in the facts.
func (e Eyes) Finer(ctx context.Context, f *Facts, desktops []int, period time.Duration) error {
	var all []wish
	for _, i := range desktops {
		all = append(all, wish{i, "UserConnected", "Sum"})
	}
	return e.read(ctx, f, all, period)
}

// sample finds out what a sample stands for: five minutes on AWS, one on a
// plane. Two points that are nearer than five minutes tell.
func (e Eyes) sample(ctx context.Context, f *Facts) error {
	f.Sample = usual
	now := e.Clock.Now() // not the facts' time: fine points of long ago are gone
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.Add(-3 * time.Hour)), EndTime: &now, ScanBy: types.ScanByTimestampAscending}
	for i := range min(len(f.Desktops), 20) {
		in.MetricDataQueries = append(in.MetricDataQueries, query(i, &f.Desktops[i], "UserConnected", "SampleCount", minute))
	}
	out, err := e.Metrics.GetMetricData(ctx, in)
	if err != nil {
		return account.Explain("cloudwatch:GetMetricData", err)
	}
	for _, r := range out.MetricDataResults {
		slices.SortFunc(r.Timestamps, time.Time.Compare)
		for i := 1; i < len(r.Timestamps); i++ {
			if gap := r.Timestamps[i].Sub(r.Timestamps[i-1]); gap >= minute {
				f.Sample = min(f.Sample, gap)
			}
		}
	}
	return nil
}

func query(id int, d *Desktop, metric, stat string, period time.Duration) types.MetricDataQuery {
	return types.MetricDataQuery{Id: aws.String("q" + strconv.Itoa(id)), MetricStat: &types.MetricStat{
		Metric: &types.Metric{
			Namespace: aws.String("AWS/WorkSpaces"), MetricName: &metric,
			Dimensions: []types.Dimension{{Name: aws.String("WorkspaceId"), Value: &d.ID}},
		},
		Period: aws.Int32(int32(period / time.Second)), Stat: &stat,
	}}
}

// read asks in as few calls as the limits allow and lays the answers into the
// desktops' tracks.
func (e Eyes) read(ctx context.Context, f *Facts, all []wish, period time.Duration) error {
	to := f.At.Truncate(period).Add(period)
	from := f.From.Truncate(period)
	points := int(to.Sub(from)/period) + 1
	size := min(mostQueries, max(2, mostPoints/points/2*2)) // the two questions of a desktop stay together
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for chunk := range slices.Chunk(all, size) {
		g.Go(func() error { return e.chunk(ctx, f, chunk, from, to, period) })
	}
	return g.Wait()
}

func (e Eyes) chunk(ctx context.Context, f *Facts, asked []wish, from, to time.Time, period time.Duration) error {
	in := &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: &to, ScanBy: types.ScanByTimestampAscending}
	tracks := make([]*Track, len(asked))
	for i, q := range asked {
		in.MetricDataQueries = append(in.MetricDataQueries, query(i, &f.Desktops[q.desktop], q.metric, q.stat, period))
		tracks[i] = newTrack(from, to, period, f.Sample)
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := e.Metrics.GetMetricData(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, r := range out.MetricDataResults {
			i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "q"))
			if err != nil || i < 0 || i >= len(tracks) || len(r.Timestamps) != len(r.Values) {
				return nil, fmt.Errorf("the answer to %q fits no question", aws.ToString(r.Id))
			}
			for j, at := range r.Timestamps {
				tracks[i].set(at, r.Values[j])
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return account.Explain("cloudwatch:GetMetricData", err)
	}
	for i, q := range asked { // each desktop is in one chunk only
		d := &f.Desktops[q.desktop]
		switch {
		case q.metric == "UserConnected":
			d.connected = tracks[i]
		case q.stat == "SampleCount":
			d.running = tracks[i]
		default:
			d.running.less(tracks[i])
		}
	}
	return nil
}

// less takes away the samples in which a desktop was stopped.
func (t *Track) less(stopped *Track) {
	for i, n := range stopped.Count {
		if n > 0 && t.Count[i] != none {
			t.Count[i] = max(0, t.Count[i]-n)
		}
	}
}
