package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
)

// idleFor is how long desktops are left alone before and while they are looked
// at: two of the plane's minutes, with what it measures and asks in each.
const idleFor = 2 * time.Minute

// idle looks at desktops of the small image that nobody uses: what they and
// their agents, and the plane for them, take of memory and of the processor.
func idle(ctx context.Context, s settings) (figures []figure, err error) {
	p, directory, err := startStaffed(ctx, s, s.idle)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	for first := 0; first < s.idle; first += 25 {
		if err := askBulk(ctx, p.ws, directory, first, min(first+25, s.idle)); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(p.allThere(ctx, s.idle), p.allOnline(ctx, s.idle)); err != nil {
		return nil, err
	}
	desktops, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	if err := account.Pause(ctx, idleFor); err != nil {
		return nil, err
	}
	return p.atRest(ctx, desktops)
}

// allOnline waits until so many agents are.
func (p *plane) allOnline(ctx context.Context, n int) error {
	return until(ctx, time.Second, func() (bool, error) {
		online := 0
		pages := ssm.NewDescribeInstanceInformationPaginator(p.ssm, &ssm.DescribeInstanceInformationInput{
			Filters: []ssmtypes.InstanceInformationStringFilter{{Key: aws.String("PingStatus"), Values: []string{"Online"}}},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return false, err
			}
			online += len(page.InstanceInformationList)
		}
		return online == n, nil
	})
}

// atRest measures for a while.
func (p *plane) atRest(ctx context.Context, desktops []types.Workspace) ([]figure, error) {
	pid, begun := p.serve.Process.Pid, time.Now()
	inside, outside, err := spent(pid, desktops)
	if err != nil {
		return nil, err
	}
	if err := account.Pause(ctx, idleFor); err != nil {
		return nil, err
	}
	took := time.Since(begun)
	moreInside, moreOutside, err := spent(pid, desktops)
	if err != nil {
		return nil, err
	}
	share := func(d time.Duration) float64 { return 100 * d.Seconds() / took.Seconds() }
	var charged, whole float64
	for _, w := range desktops {
		rss, share, err := held(*w.WorkspaceId)
		if err != nil {
			return nil, err
		}
		charged, whole = charged+rss, whole+share
	}
	plane := pss(strconv.Itoa(pid))
	name := fmt.Sprintf("%d idle minimal desktops with their agents, and the plane: ", len(desktops))
	within, without := share(moreInside-inside), share(moreOutside-outside)
	return []figure{
		{name: name + "memory charged", must: "3.2 GB (2.6 GB)", unit: "GB", values: []float64{(charged + plane) / 1e9}, note: fmt.Sprintf(
			"RSS of the memory cgroups, %.2f GB, and the plane's PSS, %.0f MB", charged/1e9, plane/1e6)},
		{name: name + "share of the machine's memory", must: "3.2 GB (2.6 GB)", unit: "GB", values: []float64{(whole + plane) / 1e9}, note: "PSS of all their processes"},
		{name: name + "processor", must: "3 % (1.5 %)", unit: "% of a core", values: []float64{within + without}, note: fmt.Sprintf(
			"over %s: the desktops by their cgroups %.2f %%, the plane's process %.2f %%", took.Round(time.Second), within, without)},
	}, nil
}

// spent is the processor time of all desktops, and that of the plane.
func spent(plane int, desktops []types.Workspace) (inside, outside time.Duration, err error) {
	for _, w := range desktops {
		d, err := groupTime(*w.WorkspaceId)
		if err != nil {
			return 0, 0, err
		}
		inside += d
	}
	outside, err = cpu(plane)
	return inside, outside, err
}

// groupTime is the processor time that a desktop's control group has taken: what
// its processes took that have ended is in it.
func groupTime(id string) (time.Duration, error) {
	if group, err := cgroup(id, "cpuacct.usage"); err == nil { // version 1
		b, err := os.ReadFile(filepath.Join(group, "cpuacct.usage"))
		if err != nil {
			return 0, err
		}
		nanos, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
		return time.Duration(nanos), err
	}
	group, err := cgroup(id, "cpu.stat")
	if err != nil {
		return 0, err
	}
	b, err := os.ReadFile(filepath.Join(group, "cpu.stat"))
	if err != nil {
		return 0, err
	}
	var micros int64
	_, err = fmt.Sscanf(string(b), "usage_usec %d", &micros)
	return time.Duration(micros) * time.Microsecond, err
}
