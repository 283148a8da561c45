package house_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// drill is a plane on a clock of ours, with one desktop.
type drill struct {
	*workspaces.Client
	t       *testing.T
	plane   *apitest.Plane
	clock   *clock.Frozen
	desktop string
}

func startDrill(t *testing.T) *drill {
	t.Helper()
	clk := clock.NewFrozen(time.Now().Truncate(time.Minute))
	d := &drill{t: t, clock: clk, plane: apitest.Start(t, apitest.Options{Clock: clk})}
	d.Client = workspaces.NewFromConfig(d.plane.Config(), func(o *workspaces.Options) { o.HTTPSignerV4 = d.plane.Signer() })
	directory := d.plane.Corp()
	out, err := d.CreateWorkspaces(t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{
		{DirectoryId: &directory, UserName: aws.String("Administrator"), BundleId: aws.String("wsb-d12stand0")},
	}})
	d.must(err)
	if len(out.PendingRequests) != 1 {
		t.Fatalf("got %+v", out)
	}
	d.desktop = *out.PendingRequests[0].WorkspaceId
	d.becomes(types.WorkspaceStateAvailable)
	return d
}

func (d *drill) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *drill) becomes(want types.WorkspaceState) types.Workspace {
	d.t.Helper()
	return d.plane.Becomes(d.desktop, want)
}

// minute lets a minute pass.
func (d *drill) minute() {
	d.t.Helper()
	d.clock.Advance(time.Minute)
	d.must(d.plane.Upkeep(d.t.Context()))
}

// TestDrillOfACPUHog burns two cores of a STANDARD desktop until the alarm of the
// seeds fires (CPUUsage over 85 for 30 minutes), makes the desktop POWER while it
// runs, and sees the alarm clear.
func TestDrillOfACPUHog(t *testing.T) {
	d := startDrill(t)
	watch := cloudwatch.NewFromConfig(d.plane.Config(), func(o *cloudwatch.Options) { o.HTTPSignerV4 = d.plane.Signer() })
	_, err := watch.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("cpu"), Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"), Statistic: cwtypes.StatisticAverage,
		Dimensions: []cwtypes.Dimension{{Name: aws.String("WorkspaceId"), Value: &d.desktop}},
		Period:     aws.Int32(300), EvaluationPeriods: aws.Int32(6), Threshold: aws.Float64(85), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
	})
	d.must(err)
	alarm := func() cwtypes.StateValue {
		t.Helper()
		out, err := watch.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"cpu"}})
		d.must(err)
		return out.MetricAlarms[0].StateValue
	}
	until := func(want cwtypes.StateValue, most int) (minutes int) {
		t.Helper()
		for alarm() != want {
			if minutes++; minutes > most {
				t.Fatalf("the alarm is %s after %d minutes, want %s", alarm(), minutes, want)
			}
			d.minute()
		}
		return minutes
	}
	until(cwtypes.StateValueOk, 10)
	d.must(d.plane.World.Load(d.desktop, 2))
	if took := until(cwtypes.StateValueAlarm, 40); took < 29 {
		t.Errorf("the alarm fired after %d minutes, want 30", took)
	}
	before, err := d.plane.World.Started(d.desktop)
	d.must(err)
	_, err = d.ModifyWorkspaceProperties(t.Context(), &workspaces.ModifyWorkspacePropertiesInput{
		WorkspaceId: &d.desktop, WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: types.ComputePower},
	})
	d.must(err)
	if w := d.becomes(types.WorkspaceStateAvailable); w.WorkspaceProperties.ComputeTypeName != types.ComputePower {
		t.Errorf("the desktop is %s, want POWER", w.WorkspaceProperties.ComputeTypeName)
	}
	if after, err := d.plane.World.Started(d.desktop); err != nil || !after.Equal(before) {
		t.Errorf("the desktop was started at %s and %s, %v: want it to run on", before, after, err)
	}
	until(cwtypes.StateValueOk, 10)
}

// TestDrillOfABrokenProfile breaks what a user has, and what was installed, and
// goes back to how it was at the last snapshot.
func TestDrillOfABrokenProfile(t *testing.T) {
	d := startDrill(t)
	d.must(d.plane.World.WriteUser(d.desktop, ".config/desktop", "icons"))
	last := time.Time{}
	snapshot := func() time.Time {
		t.Helper()
		out, err := d.DescribeWorkspaceSnapshots(t.Context(), &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &d.desktop})
		d.must(err)
		if len(out.RestoreSnapshots) == 0 {
			return time.Time{}
		}
		return *out.RestoreSnapshots[0].SnapshotTime
	}
	apitest.Eventually(t, "the first snapshot", func() bool { last = snapshot(); return !last.IsZero() })
	d.clock.Advance(12*time.Hour + time.Minute)
	d.must(d.plane.Upkeep(t.Context()))
	apitest.Eventually(t, "the next snapshot", func() bool { return snapshot().After(last) })
	d.must(d.plane.World.WriteUser(d.desktop, ".config/desktop", "no icons"))
	_, err := d.RestoreWorkspace(t.Context(), &workspaces.RestoreWorkspaceInput{WorkspaceId: &d.desktop})
	d.must(err)
	d.becomes(types.WorkspaceStateAvailable)
	if got, _ := d.plane.World.ReadUser(d.desktop, ".config/desktop"); got != "icons" {
		t.Errorf("the profile holds %q, want the icons back", got)
	}
}
