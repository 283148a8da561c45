package slow

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
)

// Facts is everything that was read about one desktop.
type Facts struct {
	At       time.Time           `json:"at"`
	Desktop  string              `json:"desktop"`
	User     string              `json:"user"`
	State    string              `json:"state"`
	Compute  string              `json:"compute"`
	Mode     string              `json:"mode"`
	RootGiB  int                 `json:"rootGiB"`
	UserGiB  int                 `json:"userGiB"`
	Node     *probe.Node         `json:"node,omitempty"`
	Metrics  map[string][]Sample `json:"metrics"` // oldest first
	Load     *probe.Load         `json:"load,omitempty"`
	Changes  []Change            `json:"changes,omitempty"` // newest first
	Unprobed *report.Line        `json:"unprobed,omitempty"`
	Missing  []*account.Problem  `json:"unanswered,omitempty"`
}

// Sample is a mean of five minutes.
type Sample struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}

// Change is an event of the trail about the desktop.
type Change struct {
	Event string    `json:"event"`
	Time  time.Time `json:"time"`
	By    string    `json:"by"`
	Size  string    `json:"computeType,omitempty"` // that was asked for
}

// Metrics reads figures.
type Metrics interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

var _ Metrics = (*cloudwatch.Client)(nil)

// Eyes are the reads of the diagnosis.
type Eyes struct {
	Metrics Metrics
	Nodes   probe.Nodes
	Trail   account.Trail
	Clock   clock.Clock
}

const (
	window = 2 * time.Hour
	period = 5 * time.Minute // of WorkSpaces' own metrics
	recent = 7 * 24 * time.Hour
	most   = 200 // events of a kind
)

// measured are the metrics that tell of slowness.
// Source: WorkSpaces Administration Guide, "Monitor WorkSpaces Personal using
// CloudWatch metrics".
var measured = []string{"CPUUsage", "MemoryUsage", "RootVolumeDiskUsage", "UserVolumeDiskUsage", "InSessionLatency"}

// cpus are the virtual CPUs of compute types.
// Source: Amazon WorkSpaces pricing page, "bundle options".
var cpus = map[string]int{"VALUE": 1, "STANDARD": 2, "PERFORMANCE": 2, "POWER": 4, "POWERPRO": 8, "GENERALPURPOSE_4XLARGE": 16, "GENERALPURPOSE_8XLARGE": 32}

// changes are the operations that make a desktop another one.
var changes = []string{"ModifyWorkspaceProperties", "RebuildWorkspaces", "MigrateWorkspace", "RestoreWorkspace"}

// gather reads the facts about a desktop. What is not answered is noted.
func gather(ctx context.Context, e Eyes, w types.Workspace) (*Facts, error) {
	f := &Facts{
		At: e.Clock.Now(), Desktop: aws.ToString(w.WorkspaceId), User: aws.ToString(w.UserName), State: string(w.State),
		Metrics: map[string][]Sample{},
	}
	if p := w.WorkspaceProperties; p != nil {
		f.Compute, f.Mode = string(p.ComputeTypeName), string(p.RunningMode)
		f.RootGiB, f.UserGiB = int(aws.ToInt32(p.RootVolumeSizeGib)), int(aws.ToInt32(p.UserVolumeSizeGib))
	}
	for _, read := range []func() error{
		func() error { return e.metrics(ctx, f) },
		func() error { return e.changes(ctx, f) },
		func() error { return e.probe(ctx, f, w) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *Facts) unanswered(err error) error {
	p := account.Explain("", err)
	if p.Ends() {
		return p
	}
	f.Missing = append(f.Missing, p)
	return nil
}

func (e Eyes) metrics(ctx context.Context, f *Facts) error {
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(f.At.Add(-window)), EndTime: aws.Time(f.At), ScanBy: cwtypes.ScanByTimestampAscending}
	for i, name := range measured {
		in.MetricDataQueries = append(in.MetricDataQueries, cwtypes.MetricDataQuery{
			Id: aws.String("m" + strconv.Itoa(i)),
			MetricStat: &cwtypes.MetricStat{
				Stat: aws.String("Average"), Period: aws.Int32(int32(period.Seconds())),
				Metric: &cwtypes.Metric{Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String(name), Dimensions: []cwtypes.Dimension{{Name: aws.String("WorkspaceId"), Value: &f.Desktop}}},
			},
		})
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := e.Metrics.GetMetricData(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, r := range out.MetricDataResults {
			i, err := strconv.Atoi(aws.ToString(r.Id)[min(1, len(aws.ToString(r.Id))):])
			if err != nil || i < 0 || i >= len(measured) {
				continue
			}
			for j := range min(len(r.Timestamps), len(r.Values)) {
				f.Metrics[measured[i]] = append(f.Metrics[measured[i]], Sample{r.Timestamps[j], r.Values[j]})
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return f.unanswered(account.Explain("cloudwatch:GetMetricData", err))
	}
	return nil
}

func (e Eyes) changes(ctx context.Context, f *Facts) error {
	for _, name := range changes {
		events, _, err := account.Events(ctx, e.Trail, name, f.At.Add(-recent), most)
		if err != nil {
			return f.unanswered(err)
		}
		for _, event := range events {
			var r struct {
				account.Record
				RequestParameters json.RawMessage
			}
			if json.Unmarshal([]byte(aws.ToString(event.CloudTrailEvent)), &r) == nil && r.ErrorCode == "" && names(r.RequestParameters, f.Desktop) {
				f.Changes = append(f.Changes, Change{name, aws.ToTime(event.EventTime), r.Who(), size(r.RequestParameters)})
			}
		}
	}
	slices.SortStableFunc(f.Changes, func(a, b Change) int { return b.Time.Compare(a.Time) })
	return nil
}

// size is the compute type that a request asks for, if any.
func size(request json.RawMessage) string {
	var r struct {
		WorkspaceProperties struct{ ComputeTypeName string }
	}
	if json.Unmarshal(request, &r) != nil {
		return ""
	}
	return r.WorkspaceProperties.ComputeTypeName
}

// names tells whether a request has an id as one of its values.
func names(request json.RawMessage, id string) bool {
	var v any
	if json.Unmarshal(request, &v) != nil {
		return false
	}
	var look func(v any) bool
	look = func(v any) bool {
		switch v := v.(type) {
		case string:
			return v == id
		case []any:
			return slices.ContainsFunc(v, look)
		case map[string]any:
			for _, one := range v {
				if look(one) {
					return true
				}
			}
		}
		return false
	}
	return look(v)
}

func (e Eyes) probe(ctx context.Context, f *Facts, w types.Workspace) error {
	n, s, why, err := probe.Ask(ctx, e.Nodes, w, probe.LoadPack())
	if f.Node, f.Unprobed = n, why; err != nil {
		return f.unanswered(err)
	}
	if why == nil {
		l := s.Load()
		l.Within(cpus[f.Compute])
		f.Load = &l
	}
	return nil
}
