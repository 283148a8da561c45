package cloudwatch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/clock"
	"tamachi/internal/store"
)

// course makes the values of a metric of one desktop, minute by minute.
type course func(minute int) float64

// courses are eight metrics of a desktop: loads that jump about, volumes that
// fill, a clock, switches. Percentages have two decimal places, as those of the
// metrics engine.
func courses(rnd *rand.Rand) map[string]course {
	walk := func(v, jump, low, high float64) course {
		return func(int) float64 {
			v = max(low, min(high, v+rnd.NormFloat64()*jump))
			return math.Round(v*100) / 100
		}
	}
	connected := 0.0
	return map[string]course{
		"CPUUsage": walk(20, 6, 0.5, 100), "MemoryUsage": walk(50, 1, 20, 95), "InSessionLatency": walk(30, 8, 1, 400),
		"RootVolumeDiskUsage": walk(40, 0.01, 30, 90), "UserVolumeDiskUsage": walk(30, 0.02, 10, 90),
		"UpTime":    func(m int) float64 { return float64(m * 60) },
		"Available": func(int) float64 { return 1 },
		"UserConnected": func(int) float64 {
			if rnd.IntN(200) == 0 {
				connected = 1 - connected
			}
			return connected
		},
	}
}

// BenchmarkMonth keeps a month of one-minute points of 8 metrics of 1,000
// desktops as the room does, and reports the size of the store's files and how
// long questions take. Points go into their blocks by days, as they lie there
// once they have settled; upkeep does not run, so that all of them stay.
func BenchmarkMonth(b *testing.B) {
	const desks, days = 1000, 30
	folder := b.TempDir()
	now := noon.Truncate(24 * time.Hour)
	r := over(b, filepath.Join(folder, "x.db"), clock.NewFrozen(now))
	sc := store.In("111122223333", "ap-northeast-1")
	begin := now.Unix() - days*day
	for b.Loop() {
		rnd := rand.New(rand.NewPCG(1, 2))
		for desk := range desks {
			all := courses(rnd)
			r.must(r.store.Update(b.Context(), func(tx *store.Tx) error {
				for name, course := range all {
					m := deskMetric(desk, name)
					if err := m.seen(tx, sc, "Percent", now.Unix()); err != nil {
						return err
					}
					points := make([]series.Point, days*day/minute)
					for i := range points {
						points[i] = series.One(begin+int64(i)*minute, course(i))
					}
					if err := spread(tx, sc, m.series("Percent", minute), points); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
	b.ReportMetric(float64(desks*8*days*1440), "points")
	b.ReportMetric(float64(sizeOf(b, folder))/1e6, "MB")
	b.ReportMetric(r.slowest(now.AddDate(0, 0, -1), now, 60), "ms/day")
	b.ReportMetric(r.slowest(now.AddDate(0, 0, -days), now, 3600), "ms/month")
}

func deskMetric(desk int, name string) *metric {
	return identity(aws.String("AWS/WorkSpaces"), &name, []types.Dimension{{Name: aws.String("WorkspaceId"), Value: aws.String(fmt.Sprintf("ws-%09d", desk))}})
}

// slowest is the 99th percentile of 200 questions, in milliseconds.
func (r *room) slowest(from, to time.Time, period int32) float64 {
	var took []float64
	for i := range 200 {
		m := deskMetric(i*5, "CPUUsage").shown()
		begun := time.Now()
		out, err := r.GetMetricStatistics(r.ctx(), &cloudwatch.GetMetricStatisticsInput{
			Namespace: m.Namespace, MetricName: m.MetricName, Dimensions: m.Dimensions, StartTime: &from, EndTime: &to, Period: &period,
			Statistics: []types.Statistic{types.StatisticAverage, types.StatisticMaximum},
		})
		took = append(took, float64(time.Since(begun).Microseconds())/1000)
		r.must(err)
		if want := int(to.Sub(from).Seconds()) / int(period); len(out.Datapoints) != want {
			r.t.Fatalf("got %d points, want %d", len(out.Datapoints), want)
		}
	}
	slices.Sort(took)
	return took[198]
}

func sizeOf(b *testing.B, folder string) (n int64) {
	files, err := os.ReadDir(folder)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			b.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// BenchmarkMinute records one minute of 8 metrics of 1,000 desktops after the
// other, durably.
func BenchmarkMinute(b *testing.B) {
	clk := clock.NewFrozen(noon)
	r := over(b, filepath.Join(b.TempDir(), "x.db"), clk)
	rnd := rand.New(rand.NewPCG(1, 2))
	all := make([]map[string]course, 1000)
	for i := range all {
		all[i] = courses(rnd)
	}
	for m := 0; b.Loop(); m++ {
		var list []Sample
		for desk, of := range all {
			for name, course := range of {
				shown := deskMetric(desk, name).shown()
				list = append(list, Sample{Metric: name, Unit: "Percent", Dimensions: shown.Dimensions, At: clk.Now(), Value: course(m)})
			}
		}
		clk.Advance(time.Minute)
		r.must(r.Record(b.Context(), "111122223333", "ap-northeast-1", "AWS/WorkSpaces", list))
	}
}
