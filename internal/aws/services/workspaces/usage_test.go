package workspaces_test

import (
	"math/rand/v2"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// month is what a plain count of minutes finds of a desktop in a month.
type month struct {
	running, hourly int
	monthly, base   bool // the fee of the month, the small fee
	monthlyDay      int
}

// counted walks a history minute by minute: the slow way that needs no thought.
type counted map[string]month

func (c counted) minute(at time.Time, began, runs, alwaysOn bool) {
	if !began {
		return
	}
	key := at.Format("2006-01")
	m := c[key]
	if alwaysOn && !m.monthly {
		m.monthly, m.monthlyDay = true, at.Day()
	}
	if !alwaysOn && !m.monthly {
		m.base = true
	}
	if runs {
		m.running++
		if !m.monthly {
			m.hourly++
		}
	}
	c[key] = m
}

// TestMeterCountsEveryMinuteOnce plays random histories over months, with the
// plane's end in between, and compares the meter with a count of minutes.
func TestMeterCountsEveryMinuteOnce(t *testing.T) {
	for seed := range uint64(12) {
		play(t, rand.New(rand.NewPCG(seed, 5)))
	}
}

func play(t *testing.T, r *rand.Rand) {
	t.Helper()
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	want, began, gone, runs := counted{}, false, false, false
	for range 60 {
		d := types.Workspace{}
		if !gone {
			d = p.one(id)
		}
		if d.State != types.WorkspaceStateUpdating { // it runs as it did before
			runs = runsNow[d.State]
		}
		for range 1 + r.IntN(4000) {
			want.minute(p.clock.Now(), began && !gone, runs, d.WorkspaceProperties != nil && d.WorkspaceProperties.RunningMode == types.RunningModeAlwaysOn)
			p.clock.Advance(time.Minute)
		}
		if gone {
			continue
		}
		p.something(r, id, d)
		all := p.describe(&sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		gone = len(all) == 0
		began = began || !gone && runsNow[all[0].State]
		if r.IntN(4) == 0 {
			p.begins() // the plane ends and starts: nothing is lost or counted twice
		}
	}
	for m := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC); m.Before(p.clock.Now()); m = m.AddDate(0, 1, 0) {
		got, _, err := p.room.Usage(t.Context(), account, region, m, id, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		one := desktops.MonthOfUse{}
		if len(got) > 0 {
			one = got[0]
		}
		hourly := time.Duration(0)
		for _, h := range one.Hourly {
			hourly += h
		}
		w := want[m.Format("2006-01")]
		if one.Running != time.Duration(w.running)*time.Minute || hourly != time.Duration(w.hourly)*time.Minute ||
			w.monthly != !one.MonthlyFrom.IsZero() || w.monthly && one.MonthlyFrom.Day() != w.monthlyDay || w.base != !one.HourlyFrom.IsZero() {
			t.Errorf("%s: want %+v, got %+v", m.Format("2006-01"), w, one)
		}
	}
}

var runsNow = map[types.WorkspaceState]bool{
	types.WorkspaceStateAvailable: true, types.WorkspaceStateUnhealthy: true, types.WorkspaceStateRebooting: true,
	types.WorkspaceStateStopping: true, types.WorkspaceStateAdminMaintenance: true,
}

// something happens to a desktop: work ends, somebody asks for a move, or the
// mode or the size changes.
func (p *plane) something(r *rand.Rand, id string, d types.Workspace) {
	p.t.Helper()
	switch d.State {
	case types.WorkspaceStatePending, types.WorkspaceStateStarting, types.WorkspaceStateStopping, types.WorkspaceStateRebooting, types.WorkspaceStateUpdating, types.WorkspaceStateTerminating:
		o := desktops.Outcome{}
		if r.IntN(6) == 0 && d.State != types.WorkspaceStatePending && d.State != types.WorkspaceStateTerminating {
			o.Code, o.Message = "Desktop.Failed", "it failed"
		}
		p.settle(id, o)
		return
	default:
	}
	modes := []types.RunningMode{types.RunningModeAutoStop, types.RunningModeAlwaysOn}
	compute := []types.Compute{types.ComputeStandard, types.ComputePower}
	one := []string{id}
	for _, in := range []struct {
		operation string
		in        any
	}{
		{"ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: modes[r.IntN(2)]}}},
		{"ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: compute[r.IntN(2)]}}},
		{"StopWorkspaces", &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &one[0]}}}},
		{"StartWorkspaces", &sdk.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &one[0]}}}},
		{"RebootWorkspaces", &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &one[0]}}}},
		{"ModifyWorkspaceState", &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAdminMaintenance}},
		{"ModifyWorkspaceState", &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAvailable}},
		{"RebuildWorkspaces", nil},
		{"TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &one[0]}}}},
	}[r.IntN(9):][:1] {
		if in.in == nil || in.operation == "TerminateWorkspaces" && r.IntN(3) > 0 {
			return
		}
		_, _ = p.call(account, in.operation, in.in) // a refusal is a history too
	}
}
