package outage

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/desk/report"
)

// points are the sums of metrics in memory, by metric, dimension's value and time.
type points map[string]map[time.Time]float64

func (p points) add(metric, value string, at time.Time, n float64) {
	key := metric + " " + value
	if p[key] == nil {
		p[key] = map[time.Time]float64{}
	}
	p[key][at] += n
}

func (p points) GetMetricData(_ context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	if len(in.MetricDataQueries) > mostQueries {
		return nil, fmt.Errorf("%d queries in one call", len(in.MetricDataQueries))
	}
	out := &cloudwatch.GetMetricDataOutput{}
	for _, q := range in.MetricDataQueries {
		r := types.MetricDataResult{Id: q.Id}
		for at, n := range p[*q.MetricStat.Metric.MetricName+" "+*q.MetricStat.Metric.Dimensions[0].Value] {
			if !at.Before(*in.StartTime) && at.Before(*in.EndTime) {
				r.Timestamps, r.Values = append(r.Timestamps, at), append(r.Values, n)
			}
		}
		out.MetricDataResults = append(out.MetricDataResults, r)
	}
	return out, nil
}

var ten = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// office has desktops in two subnets of a directory; the first n users were
// connected, and cut off at ten.
func office(desktops, connected, cut int) ([]Seat, points) {
	var seats []Seat
	p := points{}
	for i := range desktops {
		s := Seat{ID: fmt.Sprintf("ws-%03d", i), User: fmt.Sprintf("user.%03d", i), Directory: "d-1", Subnet: "subnet-a", State: "AVAILABLE"}
		if i%2 == 1 {
			s.Subnet = "subnet-b"
		}
		if i < connected {
			p.add("UserConnected", "d-1", ten.Add(-time.Minute), 1)
		}
		if i < cut {
			p.add("SessionDisconnect", "d-1", ten, 1)
			p.add("SessionDisconnect", s.ID, ten, 1)
		} else {
			s.Connected = i < connected
		}
		seats = append(seats, s)
	}
	return seats, p
}

func TestFind(t *testing.T) {
	for _, row := range []struct {
		name                     string
		desktops, connected, cut int
		change                   func([]Seat, points)
		incidents, hit, away     int
	}{
		{"nobody is cut off", 40, 20, 0, nil, 0, 0, 0},
		{"a few at once are no incident", 40, 4, 4, nil, 0, 0, 0},
		{"half of the office at once is one", 40, 20, 10, nil, 1, 10, 10},
		{"a few of many go home", 400, 300, 10, nil, 0, 0, 0},
		{"without a count of the connected the number alone decides", 40, 0, 10, nil, 1, 10, 10},
		{"who is back is not away", 40, 20, 10, func(s []Seat, _ points) { s[0].Connected, s[1].Connected = true, true }, 1, 10, 8},
		{"who came again and went home is not away", 40, 20, 10, func(s []Seat, _ points) { s[0].Last, s[1].Last = ten.Add(time.Hour), ten.Add(-time.Hour) }, 1, 10, 9},
		{"a desktop that stopped meanwhile needs no reboot", 40, 20, 10, func(s []Seat, _ points) { s[0].State = "STOPPED" }, 1, 10, 9},
		{"points that follow each other are one incident", 40, 20, 10, func(_ []Seat, p points) {
			p.add("SessionDisconnect", "d-1", ten.Add(time.Minute), 6)
			for i := 10; i < 16; i++ {
				p.add("SessionDisconnect", fmt.Sprintf("ws-%03d", i), ten.Add(time.Minute), 1)
			}
		}, 1, 16, 10},
		{"an hour later is another", 40, 20, 10, func(_ []Seat, p points) { p.add("SessionDisconnect", "d-1", ten.Add(time.Hour), 7) }, 2, 10, 10},
		{"more desktops than one call takes", 1200, 1200, 1100, nil, 1, 1100, 1100},
	} {
		t.Run(row.name, func(t *testing.T) {
			seats, p := office(row.desktops, row.connected, row.cut)
			if row.change != nil {
				row.change(seats, p)
			}
			got, err := Find(t.Context(), p, View{Region: "ap-northeast-1", Since: ten.Add(-time.Hour), At: ten.Add(2 * time.Hour), AtOnce: 5, Seats: seats})
			if err != nil || len(got) != row.incidents {
				t.Fatalf("want %d incidents, got %v, %+v", row.incidents, err, got)
			}
			if row.incidents > 0 && (len(got[0].Hit) != row.hit || len(got[0].Away) != row.away || !got[0].From.Equal(ten)) {
				t.Errorf("want %d hit and %d away since %s, got %d, %d, %s", row.hit, row.away, ten, len(got[0].Hit), len(got[0].Away), got[0].From)
			}
		})
	}
}

func TestWhereAnOutageIs(t *testing.T) {
	seats, p := office(40, 20, 10)
	got, err := Find(t.Context(), p, View{Region: "ap-northeast-1", Since: ten.Add(-time.Hour), At: ten.Add(time.Hour), AtOnce: 5, Seats: seats})
	if err != nil {
		t.Fatal(err)
	}
	want := []Share{{"d-1", "subnet-a", 5, 20}, {"d-1", "subnet-b", 5, 20}}
	if len(got) != 1 || !slices.Equal(got[0].Where, want) {
		t.Errorf("want %v, got %+v", want, got)
	}
}

// TestAnswersThatWereNotAskedFor are refused, not shown.
func TestAnswersThatWereNotAskedFor(t *testing.T) {
	for _, id := range []*string{nil, aws.String(""), aws.String("q7"), aws.String("q-1"), aws.String("x")} {
		api := liar{&cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{{Id: id, Timestamps: []time.Time{ten}, Values: []float64{9}}}}}
		if _, err := Find(t.Context(), api, View{Since: ten, At: ten.Add(time.Hour), AtOnce: 5, Seats: []Seat{{ID: "ws-1", Directory: "d-1"}}}); err == nil {
			t.Errorf("want an error for the answer %q", aws.ToString(id))
		}
	}
}

type liar struct {
	out *cloudwatch.GetMetricDataOutput
}

func (l liar) GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	return l.out, nil
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}
