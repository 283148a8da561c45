package cloudwatch

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// room is a Service alone, whose upkeep runs only when it is called.
type room struct {
	*Service
	t       testing.TB
	st      *store.Store
	clk     *clock.Frozen
	actions *fakeActions
}

// fakeActions notes what it is asked for, and can refuse it.
type fakeActions struct {
	done   []string
	refuse error
}

func (f *fakeActions) Act(_ context.Context, a Action) error {
	if f.refuse == nil {
		f.done = append(f.done, fmt.Sprintf("%s %s->%s", a.ARN, a.From, a.To))
	}
	return f.refuse
}

// noon is when the clocks of tests begin.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func alone(t testing.TB) *room { return over(t, "", clock.NewFrozen(noon)) }

// over is a room over a store in a file, or in memory.
func over(t testing.TB, path string, clk *clock.Frozen) *room {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Path: path, Clock: clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	a := &fakeActions{}
	return &room{New(st, id.Seeded(1), clk, Ports{Actions: a}), t, st, clk, a}
}

func (r *room) ctx() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{Account: "111122223333", Region: "ap-northeast-1", Time: r.clk.Now()})
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) put(namespace string, data ...types.MetricDatum) {
	r.t.Helper()
	_, err := r.PutMetricData(r.ctx(), &cloudwatch.PutMetricDataInput{Namespace: &namespace, MetricData: data})
	r.must(err)
}

// at is a datum of the metric "Load" with one sample.
func at(when time.Time, v float64) types.MetricDatum {
	return types.MetricDatum{MetricName: aws.String("Load"), Timestamp: &when, Value: &v}
}

// ask returns statistics of the metric "Load" of a time, as "time value" each.
func (r *room) ask(from, to time.Time, period int32, statistic types.Statistic) (out []string) {
	r.t.Helper()
	got, err := r.GetMetricStatistics(r.ctx(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("Office"), MetricName: aws.String("Load"), StartTime: &from, EndTime: &to, Period: &period, Statistics: []types.Statistic{statistic},
	})
	r.must(err)
	for _, d := range got.Datapoints {
		for _, v := range []*float64{d.Average, d.Sum, d.Minimum, d.Maximum, d.SampleCount} {
			if v != nil {
				out = append(out, fmt.Sprintf("%s %v", d.Timestamp.Format("02T15:04:05"), *v))
			}
		}
	}
	return out
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What was answered is there when the store is opened anew, also what lies in no
// block yet.
func TestPointsAreThereAfterTheStoreIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	r := over(t, path, clock.NewFrozen(noon))
	for i := range 100 {
		r.put("Office", at(noon.Add(-time.Duration(i)*time.Minute), float64(i)))
	}
	r.must(r.st.Close())
	again := over(t, path, r.clk)
	same(t, again.ask(noon.Add(-4*time.Hour), noon.Add(time.Minute), 4*hour+minute, "SampleCount"), "22T08:00:00 100")
	same(t, again.ask(noon.Add(-2*time.Minute), noon.Add(time.Minute), 60, "Sum"), "22T11:58:00 2", "22T11:59:00 1", "22T12:00:00 0")
}

func TestPeriodsBeginWhereTheQuestionDoes(t *testing.T) {
	r := alone(t)
	for i := range 10 {
		r.put("Office", at(noon.Add(time.Duration(i)*time.Minute), float64(i)))
	}
	same(t, r.ask(noon.Add(2*time.Minute+30*time.Second), noon.Add(9*time.Minute), 180, "Sum"), "22T12:02:00 9", "22T12:05:00 18", "22T12:08:00 8")
}

func TestHighResolutionKeepsSecondsForThreeHours(t *testing.T) {
	r := alone(t)
	for i := range 3 {
		d := at(noon.Add(time.Duration(i)*time.Second), float64(i))
		d.StorageResolution = aws.Int32(1)
		r.put("Office", d)
	}
	r.put("Office", at(noon.Add(time.Second), 100)) // of standard resolution
	same(t, r.ask(noon, noon.Add(time.Minute), 1, "Sum"), "22T12:00:00 0", "22T12:00:01 1", "22T12:00:02 2")
	same(t, r.ask(noon, noon.Add(time.Minute), 60, "Sum"), "22T12:00:00 103")
	r.clk.Advance(5 * time.Hour)
	next, err := r.Upkeep(t.Context())
	r.must(err)
	if want := time.Date(2026, 12, 8, 0, 0, 0, 0, time.UTC); !next.Equal(want) {
		t.Errorf("upkeep wants to be called at %v, want %v", next.UTC(), want)
	}
	same(t, r.ask(noon, noon.Add(time.Minute), 1, "Sum"))
	same(t, r.ask(noon, noon.Add(time.Minute), 60, "Sum"), "22T12:00:00 103")
}

func TestPointsAreRolledUpAsTheyGrowOld(t *testing.T) {
	r := alone(t)
	for i := range 180 { // some settle into blocks, some do not
		r.clk.Advance(noon.Add(time.Duration(i) * time.Minute).Sub(r.clk.Now()))
		r.put("Office", at(r.clk.Now(), 1))
	}
	until := noon.Add(3 * time.Hour)
	for _, row := range []struct {
		name  string
		days  int
		sums  map[int32]int // points that a period still finds
		after string
	}{
		{"fresh", 0, map[int32]int{60: 180, 300: 36, 3600: 3}, ""},
		{"after 14 days all minutes are there", 14, map[int32]int{60: 180, 300: 36, 3600: 3}, ""},
		{"after 16 days five minutes", 16, map[int32]int{60: 0, 300: 36, 3600: 3}, ""},
		{"after 75 days hours", 75, map[int32]int{60: 0, 300: 0, 3600: 3}, ""},
		{"after 560 days nothing", 560, map[int32]int{60: 0, 300: 0, 3600: 0}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r.clk.Advance(noon.AddDate(0, 0, row.days).Sub(r.clk.Now()))
			_, err := r.Upkeep(t.Context())
			r.must(err)
			for period, want := range row.sums {
				if got := r.ask(noon, until, period, "Sum"); len(got) != want {
					t.Errorf("period %d: got %d points, want %d: %v", period, len(got), want, got)
				}
			}
		})
	}
	r.must(r.st.View(t.Context(), func(tx *store.Tx) error {
		a, err := blocks.Everywhere(tx, "", "")
		if len(a) > 0 {
			t.Errorf("%d blocks are left", len(a))
		}
		return err
	}))
}

func TestMetricsAreListedWhileTheyHaveData(t *testing.T) {
	r := alone(t)
	r.put("Office", at(noon, 1))
	count := func(recent types.RecentlyActive) int {
		out, err := r.ListMetrics(r.ctx(), &cloudwatch.ListMetricsInput{RecentlyActive: recent})
		r.must(err)
		return len(out.Metrics)
	}
	for _, row := range []struct {
		after       time.Duration
		all, active int
	}{{time.Hour, 1, 1}, {4 * time.Hour, 1, 0}, {13 * 24 * time.Hour, 1, 0}, {15 * 24 * time.Hour, 0, 0}} {
		r.clk.Advance(noon.Add(row.after).Sub(r.clk.Now()))
		if got, lately := count(""), count(types.RecentlyActivePt3h); got != row.all || lately != row.active {
			t.Errorf("after %v: got %d and %d, want %d and %d", row.after, got, lately, row.all, row.active)
		}
	}
}
