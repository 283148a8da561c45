package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"golang.org/x/sync/errgroup"
)

const (
	// deskSpace is where the points go: a customer may not put into AWS's own.
	deskSpace = "Desks"
	// monthDays is how many days the figure speaks of.
	monthDays = 30
	// aPut is how many points of a metric go into one call, of 1,000 at most.
	aPut = 720
	// monthQuestions is how often each question is asked.
	monthQuestions = 200
)

// deskMetrics are the eight metrics of a desktop: how its value walks from one
// minute to the next. No jump is a clock, or a switch that stays.
var deskMetrics = []struct {
	name            string
	from, jump, end float64
	clock           bool
}{
	{name: "CPUUsage", from: 20, jump: 6, end: 100},
	{name: "MemoryUsage", from: 50, jump: 1, end: 95},
	{name: "InSessionLatency", from: 30, jump: 8, end: 400},
	{name: "RootVolumeDiskUsage", from: 40, jump: 0.01, end: 90},
	{name: "UserVolumeDiskUsage", from: 30, jump: 0.02, end: 90},
	{name: "UpTime", clock: true},
	{name: "Available", from: 1, end: 1},
	{name: "UserConnected", from: 0, end: 1},
}

// month puts whole days of one-minute points of many desktops into the plane,
// and says what they take on disk, for a month, and how fast they are read.
func month(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	before, err := p.rest(ctx)
	if err != nil {
		return nil, err
	}
	cw := cloudwatch.NewFromConfig(p.config)
	spent, err := cpu(p.serve.Process.Pid)
	if err != nil {
		return nil, err
	}
	// Whole days: a block holds one.
	begin := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -s.metricDays)
	start := time.Now()
	if err := putDesks(ctx, cw, s, begin); err != nil {
		return nil, err
	}
	took := time.Since(start)
	now, err := cpu(p.serve.Process.Pid)
	if err != nil {
		return nil, err
	}
	after, err := p.rest(ctx)
	if err != nil {
		return nil, err
	}
	points := float64(s.metricDesktops * len(deskMetrics) * s.metricDays * 1440)
	scaled := float64(after-before) / float64(s.metricDays) * monthDays / float64(s.metricDesktops) * 1000
	how := fmt.Sprintf("%d desktops, %d days by PutMetricData in %.0f s; %.1f MB more on disk, the plane at rest; %.2f bytes a point; %.1f us of the plane's processor time a point",
		s.metricDesktops, s.metricDays, took.Seconds(), float64(after-before)/1e6, float64(after-before)/points, (now-spent).Seconds()*1e6/points)
	figures = []figure{{
		name: "a month of one-minute data of 8 metrics of 1,000 desktops, on disk", must: "1.5 GB", unit: "MB",
		values: []float64{scaled / 1e6}, note: "reckoned from " + how,
	}}
	asked, err := askDesks(ctx, cloudwatch.NewFromConfig(p.config), s, begin)
	return append(figures, asked...), err
}

// rest is the size of the folder of a plane that was ended, and so has nothing
// left in its log; then the plane goes on.
func (p *plane) rest(ctx context.Context) (int64, error) {
	if err := p.serve.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	if err := p.serve.Wait(); err != nil {
		return 0, err
	}
	n, err := folderSize(p.data())
	return n, errors.Join(err, p.start(ctx))
}

// putDesks puts every desktop's points, those of several desktops at a time.
func putDesks(ctx context.Context, cw *cloudwatch.Client, s settings, begin time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.workers)
	for desk := range s.metricDesktops {
		g.Go(func() error {
			rnd := rand.New(rand.NewPCG(1, uint64(desk)))
			for m := range deskMetrics {
				if err := putMetric(ctx, cw, rnd, desk, m, begin, s.metricDays*1440); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func putMetric(ctx context.Context, cw *cloudwatch.Client, rnd *rand.Rand, desk, m int, begin time.Time, minutes int) error {
	of, v := deskMetrics[m], deskMetrics[m].from
	var data []types.MetricDatum
	for i := range minutes {
		switch {
		case of.clock:
			v = float64(i * 60)
		case of.jump > 0:
			v = math.Round(max(0, min(of.end, v+rnd.NormFloat64()*of.jump))*100) / 100
		case of.name == "UserConnected" && rnd.IntN(200) == 0:
			v = 1 - v
		}
		data = append(data, types.MetricDatum{
			MetricName: &of.name, Dimensions: deskNamed(desk), Value: aws.Float64(v), Timestamp: aws.Time(begin.Add(time.Duration(i) * time.Minute)),
		})
	}
	for part := range slices.Chunk(data, aPut) {
		if _, err := cw.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String(deskSpace), MetricData: part}); err != nil {
			return err
		}
	}
	return nil
}

func deskNamed(desk int) []types.Dimension {
	return []types.Dimension{{Name: aws.String("WorkspaceId"), Value: aws.String(fmt.Sprintf("ws-%09d", desk))}}
}

// askDesks asks what a console and a diagnosis ask.
func askDesks(ctx context.Context, cw *cloudwatch.Client, s settings, begin time.Time) ([]figure, error) {
	end := begin.AddDate(0, 0, 1)
	var one, eight []time.Duration
	for i := range monthQuestions {
		desk := i * 7 % s.metricDesktops
		start := time.Now()
		out, err := cw.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
			Namespace: aws.String(deskSpace), MetricName: aws.String("CPUUsage"), Dimensions: deskNamed(desk),
			StartTime: &begin, EndTime: &end, Period: aws.Int32(60), Statistics: []types.Statistic{types.StatisticAverage},
		})
		if err != nil {
			return nil, err
		}
		one = append(one, time.Since(start))
		if len(out.Datapoints) != 1440 {
			return nil, fmt.Errorf("%d points of a day, want 1440", len(out.Datapoints))
		}
		start = time.Now()
		all, err := cw.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{StartTime: &begin, EndTime: &end, MetricDataQueries: eightOf(desk)})
		if err != nil {
			return nil, err
		}
		eight = append(eight, time.Since(start))
		if n := len(all.MetricDataResults); n != len(deskMetrics) || len(all.MetricDataResults[n-1].Values) != 288 {
			return nil, fmt.Errorf("%d metrics of a desktop, want %d of 288 values", n, len(deskMetrics))
		}
	}
	const note = "SDK for Go, one connection, its own signing and parsing included"
	return []figure{
		millis("GetMetricStatistics, a day by minutes", "some ms", one, note),
		millis("GetMetricData, 8 metrics of a desktop, a day by five minutes", "some ms", eight, note),
	}, nil
}

func eightOf(desk int) (all []types.MetricDataQuery) {
	for i := range deskMetrics {
		all = append(all, types.MetricDataQuery{Id: aws.String("m" + strconv.Itoa(i)), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String(deskSpace), MetricName: &deskMetrics[i].name, Dimensions: deskNamed(desk)},
			Period: aws.Int32(300), Stat: aws.String("Average"),
		}})
	}
	return all
}

// folderSize is what the files of a folder take, in bytes.
func folderSize(folder string) (n int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // came and went
			return nil
		}
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
