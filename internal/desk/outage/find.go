package outage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
)

// Metrics reads metrics.
type Metrics interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

var _ Metrics = (*cloudwatch.Client)(nil)

// Seat is a desktop, as far as an outage shows in it.
type Seat struct {
	ID        string `json:"id"`
	User      string `json:"user"`
	Directory string `json:"directory"`
	Subnet    string `json:"subnet,omitempty"`
	State     string `json:"state"`
	Connected bool   `json:"connected"` // now
	// Last is when the user came last, where that is known.
	Last time.Time `json:"last,omitzero"`
	// Back tells that the user came again after an incident, gone since or not.
	Back bool `json:"back,omitempty"`
}

// Incident is that many sessions ended at once.
type Incident struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Region string    `json:"region"`
	Ended  int       `json:"ended"` // sessions
	Hit    []Seat    `json:"hit"`   // whose sessions these were
	Away   []Seat    `json:"away"`  // of them, who has not come again though the desktop runs
	Where  []Share   `json:"where"` // the most hit first
}

// Share is how much of a directory's subnet was hit.
type Share struct {
	Directory string `json:"directory"`
	Subnet    string `json:"subnet,omitempty"`
	Hit       int    `json:"hit"`
	Seats     int    `json:"desktops"`
}

// View is what to look at.
type View struct {
	Region    string
	Since, At time.Time
	AtOnce    int // that many sessions at least
	Seats     []Seat
}

const (
	namespace = "AWS/WorkSpaces"
	minute    = time.Minute
	// sampling is how far apart the points of AWS are.
	sampling = 5 * time.Minute
	// The limits of GetMetricData. Source: CloudWatch API Reference, GetMetricData.
	mostQueries = 500
	mostPoints  = 100_800
	// oneIn is the part of the connected that must be hit: fewer go home.
	oneIn = 3
)

// Find finds the incidents, the oldest first. Its errors are *account.Problem.
func Find(ctx context.Context, api Metrics, v View) ([]Incident, error) {
	spikes, err := v.spikes(ctx, api)
	if err != nil {
		return nil, err
	}
	var out []Incident
	for _, group := range together(spikes) {
		if group, err = v.unusual(ctx, api, group); err != nil {
			return nil, err
		}
		if len(group) == 0 {
			continue
		}
		i, err := v.incident(ctx, api, group)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// spike is a point of a directory at which many sessions ended.
type spike struct {
	directory string
	at        time.Time
	n         float64
}

// spikes reads the directories' disconnects.
func (v View) spikes(ctx context.Context, api Metrics) ([]spike, error) {
	var directories []string
	for _, s := range v.Seats {
		directories = append(directories, s.Directory)
	}
	slices.Sort(directories)
	directories = slices.Compact(directories)
	from, to := v.Since.Truncate(minute), v.At.Add(minute).Truncate(minute)
	size := max(1, min(mostQueries, mostPoints/max(1, int(to.Sub(from)/minute))))
	var out []spike
	for chunk := range slices.Chunk(directories, size) {
		err := sums{"SessionDisconnect", "DirectoryId", from, to}.of(ctx, api, chunk, func(directory string, at time.Time, n float64) {
			if int(n) >= v.AtOnce {
				out = append(out, spike{directory, at, n})
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b spike) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.directory, b.directory)) })
	return out, nil
}

// unusual leaves out the directories of a group of which few were cut off beside
// those who were connected just before; where that is not known they stay.
func (v View) unusual(ctx context.Context, api Metrics, group []spike) ([]spike, error) {
	ended, connected := map[string]float64{}, map[string]float64{}
	var directories []string
	for _, s := range group {
		if ended[s.directory] += s.n; !slices.Contains(directories, s.directory) {
			directories = append(directories, s.directory)
		}
	}
	from := group[0].at
	err := sums{"UserConnected", "DirectoryId", from.Add(-2 * sampling), from}.of(ctx, api, directories, func(directory string, _ time.Time, n float64) {
		connected[directory] = max(connected[directory], n)
	})
	return slices.DeleteFunc(group, func(s spike) bool { return ended[s.directory]*oneIn < connected[s.directory] }), err
}

// together puts spikes that follow each other into one group.
func together(all []spike) [][]spike {
	var out [][]spike
	for _, s := range all {
		if n := len(out); n > 0 && s.at.Sub(out[n-1][len(out[n-1])-1].at) <= sampling {
			out[n-1] = append(out[n-1], s)
			continue
		}
		out = append(out, []spike{s})
	}
	return out
}

// incident finds whose sessions ended.
func (v View) incident(ctx context.Context, api Metrics, group []spike) (Incident, error) {
	i := Incident{From: group[0].at, To: group[len(group)-1].at.Add(minute), Region: v.Region, Hit: []Seat{}, Away: []Seat{}, Where: []Share{}}
	var directories, ids []string
	for _, s := range group {
		i.Ended += int(s.n)
		directories = append(directories, s.directory)
	}
	seats := map[string]Seat{}
	for _, s := range v.Seats {
		if slices.Contains(directories, s.Directory) {
			ids, seats[s.ID] = append(ids, s.ID), s
		}
	}
	hit := make(chan string, len(ids)*int(i.To.Sub(i.From)/minute+1))
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for chunk := range slices.Chunk(ids, mostQueries) {
		g.Go(func() error {
			return sums{"SessionDisconnect", "WorkspaceId", i.From, i.To}.of(inner, api, chunk, func(id string, _ time.Time, n float64) {
				if n > 0 {
					hit <- id
				}
			})
		})
	}
	if err := g.Wait(); err != nil {
		return i, err
	}
	close(hit)
	for id := range hit {
		s := seats[id]
		s.Back = s.Connected || s.Last.After(i.To)
		if !slices.Contains(i.Hit, s) {
			i.Hit = append(i.Hit, s)
		}
	}
	slices.SortFunc(i.Hit, func(a, b Seat) int { return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.ID, b.ID)) })
	for _, s := range i.Hit {
		if !s.Back && s.State == "AVAILABLE" {
			i.Away = append(i.Away, s)
		}
	}
	i.Where = shares(i.Hit, v.Seats)
	return i, nil
}

func shares(hit, all []Seat) []Share {
	key := func(s Seat) [2]string { return [2]string{s.Directory, s.Subnet} }
	counts := map[[2]string]*Share{}
	for _, s := range hit {
		if counts[key(s)] == nil {
			counts[key(s)] = &Share{Directory: s.Directory, Subnet: s.Subnet}
		}
		counts[key(s)].Hit++
	}
	for _, s := range all {
		if c := counts[key(s)]; c != nil {
			c.Seats++
		}
	}
	var out []Share
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Hit, a.Hit), cmp.Compare(a.Directory, b.Directory), cmp.Compare(a.Subnet, b.Subnet))
	})
	return out
}

// sums are those of a metric by a dimension, minute by minute.
type sums struct {
	metric, dimension string
	from, to          time.Time
}

// of reads them for some values of the dimension.
func (s sums) of(ctx context.Context, api Metrics, values []string, see func(value string, at time.Time, n float64)) error {
	in := &cloudwatch.GetMetricDataInput{StartTime: &s.from, EndTime: &s.to, ScanBy: types.ScanByTimestampAscending}
	for i, value := range values {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{Id: aws.String("q" + strconv.Itoa(i)), MetricStat: &types.MetricStat{
			Metric: &types.Metric{
				Namespace: aws.String(namespace), MetricName: &s.metric, Dimensions: []types.Dimension{{Name: &s.dimension, Value: &value}},
			},
			Period: aws.Int32(int32(minute / time.Second)), Stat: aws.String("Sum"),
		}})
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := api.GetMetricData(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, r := range out.MetricDataResults {
			i, err := strconv.Atoi(aws.ToString(r.Id)[min(1, len(aws.ToString(r.Id))):])
			if err != nil || i < 0 || i >= len(values) || len(r.Timestamps) != len(r.Values) {
				return nil, fmt.Errorf("metric data for %q, which was not asked", aws.ToString(r.Id))
			}
			for k, at := range r.Timestamps {
				see(values[i], at, r.Values[k])
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return account.Explain("cloudwatch:GetMetricData", err)
	}
	return nil
}
