package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sys/unix"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	provider "tamachi/internal/desktops"
	"tamachi/internal/desktops/local"
	desktopsetup "tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

// A minute of the drill's clock is burnt in a tenth of a second of a processor.
const (
	burnt = 100 * time.Millisecond
	speed = int64(time.Minute / burnt)
)

// hurried are real desktops in whose world time passes as fast as on the drill's
// clock: what they use of a processor is as much more.
type hurried struct{ *local.Provider }

// Usage is what a desktop would have used.
func (h hurried) Usage(ctx context.Context, id string) (provider.Usage, error) {
	u, err := h.Provider.Usage(ctx, id)
	u.CPU *= time.Duration(speed)
	return u, err
}

// drill is a plane on a clock of ours over real desktops of this machine.
type drill struct {
	*workspaces.Client
	t         *testing.T
	plane     *apitest.Plane
	clock     *clock.Frozen
	real      *local.Provider
	watch     *cloudwatch.Client
	directory string
	desktop   string
}

// grounds opens the provider, and removes all that it made after the test.
func grounds(t *testing.T, clk clock.Clock) *local.Provider {
	t.Helper()
	dir, err := os.MkdirTemp("", "tamachi-drill")
	if err != nil {
		t.Fatal(err)
	}
	o := local.Options{Base: desktopsetup.Base{
		Dir: filepath.Join(dir, "desktops"), Exe: binary, PlanePort: 4566, Images: []string{"small"}, Agent: []string{},
		Clock: clk, IDs: id.Random(),
	}}
	p, err := local.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		last, err := local.Open(ctx, o) // the plane has closed the other
		if err == nil {
			err = last.Purge(ctx)
		}
		if err != nil {
			t.Fatalf("purge: %v", err) // and leave the folder as it is
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return p
}

// counted is a shell script as root of a desktop, counted as its own.
func counted(ctx context.Context, now provider.Desktop, script string) *exec.Cmd {
	join := `for door in /sys/fs/cgroup/*` + now.Cgroup + `/cgroup.procs /sys/fs/cgroup` + now.Cgroup + `/cgroup.procs; do [ -e "$door" ] && echo $$ > "$door"; done
		exec nsenter --target "$0" --all --root --wd=/ --setuid 0 --setgid 0 --no-fork /bin/sh -c "$1"`
	return exec.CommandContext(ctx, "/bin/bash", "-c", join, strconv.Itoa(now.PID), script)
}

func startDrill(t *testing.T) *drill {
	t.Helper()
	clk := clock.NewFrozen(time.Now().Truncate(time.Minute))
	d := &drill{t: t, clock: clk, real: grounds(t, clk)}
	d.plane = apitest.Start(t, apitest.Options{Clock: clk, Desktops: hurried{d.real}})
	signer := d.plane.Signer()
	d.Client = workspaces.NewFromConfig(d.plane.Config(), func(o *workspaces.Options) { o.HTTPSignerV4 = signer })
	d.watch = cloudwatch.NewFromConfig(d.plane.Config(), func(o *cloudwatch.Options) { o.HTTPSignerV4 = signer })
	d.directory = d.plane.Corp()
	out := d.ask("Administrator")
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

func (d *drill) ask(user string) *workspaces.CreateWorkspacesOutput {
	d.t.Helper()
	out, err := d.CreateWorkspaces(d.t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &d.directory, UserName: &user, BundleId: aws.String("wsb-d12value0"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn},
	}}})
	d.must(err)
	return out
}

func (d *drill) becomes(want types.WorkspaceState) types.Workspace {
	d.t.Helper()
	return d.plane.Becomes(d.desktop, want)
}

// running is the desktop as it really is.
func (d *drill) running() provider.Desktop {
	d.t.Helper()
	got, err := d.real.Inspect(d.t.Context(), d.desktop)
	d.must(err)
	return got
}

// command is a shell script as root of the desktop, counted as its own.
func (d *drill) command(script string) *exec.Cmd {
	d.t.Helper()
	return counted(d.t.Context(), d.running(), script)
}

func (d *drill) run(script string) string {
	d.t.Helper()
	out, err := d.command(script).Output()
	if err != nil {
		d.t.Fatalf("%s: %v: %s", script, err, out)
	}
	return string(out)
}

// minutes lets some minutes pass.
func (d *drill) minutes(n int) {
	d.t.Helper()
	d.clock.Advance(time.Duration(n) * time.Minute)
	d.must(d.plane.Upkeep(d.t.Context()))
}

// hog is a program that burns a processor when it is let.
type hog struct {
	*exec.Cmd
	d *drill
}

func (d *drill) startHog() *hog {
	d.t.Helper()
	h := &hog{d.command("echo on; while :; do :; done"), d}
	out, err := h.StdoutPipe()
	d.must(err)
	d.must(h.Start())
	if _, err := out.Read(make([]byte, 3)); err != nil { // it is in the desktop
		d.t.Fatal(err)
	}
	d.must(h.Process.Signal(unix.SIGSTOP))
	d.t.Cleanup(func() {
		_ = h.Process.Kill()
		_ = h.Wait()
	})
	return h
}

// minute lets a minute pass in which the hog used a whole processor.
func (h *hog) minute() {
	d := h.d
	d.t.Helper()
	used := func() time.Duration {
		u, err := d.real.Usage(d.t.Context(), d.desktop)
		d.must(err)
		return u.CPU
	}
	enough := used() + burnt
	d.must(h.Process.Signal(unix.SIGCONT))
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for used() < enough {
		<-tick.C
	}
	d.must(h.Process.Signal(unix.SIGSTOP))
	d.minutes(1)
}

// alarm waits for a state of the alarm, minute by minute, and counts them.
func (d *drill) alarm(want cwtypes.StateValue, most int, minute func()) (minutes int) {
	d.t.Helper()
	for {
		out, err := d.watch.DescribeAlarms(d.t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"cpu"}})
		d.must(err)
		if is := out.MetricAlarms[0].StateValue; is == want {
			return minutes
		} else if minutes++; minutes > most {
			d.t.Fatalf("the alarm is %s after %d minutes, want %s", is, minutes, want)
		}
		minute()
	}
}

// cores is what the kernel lets the desktop use.
func (d *drill) cores() float64 {
	d.t.Helper()
	group := d.running().Cgroup
	text, err := os.ReadFile("/sys/fs/cgroup" + group + "/cpu.max")
	if err != nil {
		text, err = os.ReadFile("/sys/fs/cgroup/cpu" + group + "/cpu.cfs_quota_us")
	}
	d.must(err)
	quota, err := strconv.Atoi(strings.Fields(string(text))[0])
	d.must(err)
	return float64(quota) / 100_000
}

// TestDrillsOnARealDesktop plays the days that the seeds tell of on a desktop of
// this machine. The route that is gone has its own transcript (route.txtar), as
// has the plane that is killed (kill.txtar; the provider's own tests kill one that
// made twenty).
func TestDrillsOnARealDesktop(t *testing.T) {
	d := startDrill(t)
	t.Run("a user who is not in the directory gets no desktop", d.userMissing)
	t.Run("a processor hog fires the alarm, and more processors clear it", d.cpuHog)
	t.Run("a broken profile is restored", d.brokenProfile)
	t.Run("the desktop of one who left stops by itself again", d.leaver)
}

func (d *drill) userMissing(t *testing.T) {
	out := d.ask("nobody.here")
	if len(out.FailedRequests) != 1 || *out.FailedRequests[0].ErrorCode != "ResourceNotFound.User" {
		t.Errorf("got %+v", out)
	}
	all, err := d.real.List(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("want one desktop on the machine, got %v, %v", all, err)
	}
}

func (d *drill) cpuHog(t *testing.T) {
	_, err := d.watch.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("cpu"), Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"), Statistic: cwtypes.StatisticAverage,
		Dimensions: []cwtypes.Dimension{{Name: aws.String("WorkspaceId"), Value: &d.desktop}},
		Period:     aws.Int32(300), EvaluationPeriods: aws.Int32(6), Threshold: aws.Float64(85), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
	})
	d.must(err)
	rest := func() { d.minutes(1) }
	d.alarm(cwtypes.StateValueOk, 60, rest)
	before, h := d.running(), d.startHog()
	if took := d.alarm(cwtypes.StateValueAlarm, 45, h.minute); took < 26 { // the first five minutes may have begun
		t.Errorf("the alarm fired after %d minutes, want about 30", took)
	}
	_, err = d.ModifyWorkspaceProperties(t.Context(), &workspaces.ModifyWorkspacePropertiesInput{
		WorkspaceId: &d.desktop, WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: types.ComputePower},
	})
	d.must(err)
	if w := d.becomes(types.WorkspaceStateAvailable); w.WorkspaceProperties.ComputeTypeName != types.ComputePower {
		t.Errorf("the desktop is %s, want POWER", w.WorkspaceProperties.ComputeTypeName)
	}
	if after := d.running(); after.PID != before.PID || d.cores() != 4 {
		t.Errorf("want the same process with 4 cores, got %+v with %g after %+v", after, d.cores(), before)
	}
	d.alarm(cwtypes.StateValueOk, 20, h.minute) // it burns no less, of four
}

func (d *drill) brokenProfile(t *testing.T) {
	const profile = "/home/*/.config/desktop"
	snapshot := func() (last time.Time) {
		out, err := d.DescribeWorkspaceSnapshots(t.Context(), &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &d.desktop})
		d.must(err)
		for _, s := range out.RestoreSnapshots {
			last = *s.SnapshotTime
		}
		return last
	}
	d.run(`for home in /home/*; do mkdir -p $home/.config && echo icons > $home/.config/desktop; done; echo tool > /opt/tool`)
	was := snapshot()
	d.minutes(12*60 + 1)
	apitest.Eventually(t, "the next snapshot", func() bool { return snapshot().After(was) })
	d.run(`echo broken > ` + profile + `; rm /opt/tool; rm -rf /etc/xdg/openbox`)
	_, err := d.RestoreWorkspace(t.Context(), &workspaces.RestoreWorkspaceInput{WorkspaceId: &d.desktop})
	d.must(err)
	d.becomes(types.WorkspaceStateAvailable)
	if got := d.run(`cat ` + profile + ` /opt/tool; ls /etc/xdg/openbox | grep -c menu.xml`); got != "icons\ntool\n1\n" {
		t.Errorf("after the restore: got %q", got)
	}
}

func (d *drill) leaver(t *testing.T) {
	first := d.running().PID
	d.minutes(3 * 60)
	if w := d.becomes(types.WorkspaceStateAvailable); w.WorkspaceProperties.RunningMode != types.RunningModeAlwaysOn {
		t.Fatalf("got %+v", w.WorkspaceProperties)
	}
	_, err := d.ModifyWorkspaceProperties(t.Context(), &workspaces.ModifyWorkspacePropertiesInput{
		WorkspaceId: &d.desktop, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(60)},
	})
	d.must(err)
	d.becomes(types.WorkspaceStateAvailable)
	d.minutes(61)
	d.becomes(types.WorkspaceStateStopped)
	if now := d.running(); now.State != provider.Stopped || !ended(fmt.Sprintf("/proc/%d", first)) {
		t.Errorf("want no process of it left, got %+v", now)
	}
}
