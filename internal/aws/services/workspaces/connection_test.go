package workspaces_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// connection is the status of one desktop; nil when it is left out.
func (p *plane) connection(id string) *types.WorkspaceConnectionStatus {
	p.t.Helper()
	out := must[sdk.DescribeWorkspacesConnectionStatusOutput](p, "DescribeWorkspacesConnectionStatus", &sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{id}})
	if len(out.WorkspacesConnectionStatus) == 0 {
		return nil
	}
	return &out.WorkspacesConnectionStatus[0]
}

// wantConnection compares state and last connection; at is zero for never.
func (p *plane) wantConnection(when, id string, state types.ConnectionState, at time.Time) {
	p.t.Helper()
	got := p.connection(id)
	if got == nil {
		p.t.Fatalf("%s: %s is left out", when, id)
	}
	var last time.Time
	if got.LastKnownUserConnectionTimestamp != nil {
		last = *got.LastKnownUserConnectionTimestamp
	}
	if got.ConnectionState != state || !last.Equal(at) || !got.ConnectionStateCheckTimestamp.Equal(p.clock.Now()) || *got.WorkspaceId != id {
		p.t.Errorf("%s: got %s, last %v, checked %v; want %s, last %v, checked now", when, got.ConnectionState, last, got.ConnectionStateCheckTimestamp, state, at)
	}
}

// begin opens a stream, and the function it returns ends it.
func (p *plane) begin(id string) (end func()) {
	p.t.Helper()
	s := desktops.Session{Visit: desktops.Visit{Account: account, Region: region, ID: id}, Opened: p.clock.Now()}
	if err := p.room.Connected(p.t.Context(), s); err != nil {
		p.t.Fatal(err)
	}
	return func() {
		p.t.Helper()
		s.Closed = p.clock.Now()
		if err := p.room.Disconnected(p.t.Context(), s); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestConnectionStatusFollowsTheStreams(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	never := time.Time{}
	p.wantConnection("while it is made", id, types.ConnectionStateUnknown, never)
	p.settle(id, desktops.Outcome{})
	p.wantConnection("before anybody came", id, types.ConnectionStateDisconnected, never)

	first := p.clock.Now()
	endOne := p.begin(id)
	p.clock.Advance(time.Minute)
	p.wantConnection("with one stream", id, types.ConnectionStateConnected, first)
	endTwo := p.begin(id)
	p.clock.Advance(time.Minute)
	third := p.clock.Now()
	endOne()
	p.wantConnection("with one of two ended", id, types.ConnectionStateConnected, third)
	p.clock.Advance(time.Minute)
	fourth := p.clock.Now()
	endTwo()
	p.clock.Advance(time.Minute)
	p.wantConnection("with both ended", id, types.ConnectionStateDisconnected, fourth)

	must[sdk.StopWorkspacesOutput](p, "StopWorkspaces", &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	p.settle(id, desktops.Outcome{})
	p.wantConnection("stopped", id, types.ConnectionStateUnknown, fourth)
}

func TestAfterARestartNobodyIsConnected(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{})
	came := p.clock.Now()
	p.begin(id) // and the plane is killed
	p.begins()
	p.wantConnection("after the restart", id, types.ConnectionStateDisconnected, came)
}

func TestAStreamMayOutliveItsDesktop(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{})
	end := p.begin(id)
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	p.settle(id, desktops.Outcome{})
	end()
	if got := p.connection(id); got != nil {
		t.Errorf("a terminated desktop: got %+v, want it left out", got)
	}
}

func TestAnotherAccountsStreamsAreNotSeen(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{})
	s := desktops.Session{Visit: desktops.Visit{Account: stranger, Region: region, ID: id}, Opened: p.clock.Now()}
	if err := p.room.Connected(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	p.wantConnection("a stream of the same id elsewhere", id, types.ConnectionStateDisconnected, time.Time{})
	out, err := p.call(stranger, "DescribeWorkspacesConnectionStatus", &sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{id}})
	if err != nil || len(out.(*sdk.DescribeWorkspacesConnectionStatusOutput).WorkspacesConnectionStatus) != 0 {
		t.Errorf("another account: %+v, %v; want none", out, err)
	}
}

func TestConnectionStatusPages(t *testing.T) {
	p := open(t)
	p.register()
	var made []string
	for i := range 26 {
		user := fmt.Sprintf("user.%02d", i)
		p.hire(user)
		made = append(made, p.desktop(user, types.RunningModeAutoStop))
	}
	slices.Sort(made)
	ids := func(in *sdk.DescribeWorkspacesConnectionStatusInput) (got []string, next *string) {
		out := must[sdk.DescribeWorkspacesConnectionStatusOutput](p, "DescribeWorkspacesConnectionStatus", in)
		for _, c := range out.WorkspacesConnectionStatus {
			got = append(got, *c.WorkspaceId)
		}
		return got, out.NextToken
	}
	first, next := ids(&sdk.DescribeWorkspacesConnectionStatusInput{})
	if next == nil {
		t.Fatal("the first page of 26 has no token")
	}
	second, end := ids(&sdk.DescribeWorkspacesConnectionStatusInput{NextToken: next})
	same(t, "both pages", made, append(first, second...))
	same(t, "size of the first page, end of the second", []any{25, true}, []any{len(first), end == nil})
	some, _ := ids(&sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{made[3], "ws-zzzzzzzzz", made[1], made[3]}})
	same(t, "by id, an unknown one and one twice among them", []string{made[1], made[3]}, some)
	p.refused("DescribeWorkspacesConnectionStatus", &sdk.DescribeWorkspacesConnectionStatusInput{NextToken: new("bogus")}, "InvalidParameterValuesException")
	p.refused("DescribeWorkspacesConnectionStatus", &sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: made}, "ValidationException")
	p.refused("DescribeWorkspacesConnectionStatus", &sdk.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{"i-1"}}, "ValidationException")
}
