package workspaces_test

import (
	"fmt"
	"math"
	"net/netip"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

func request(user string) types.WorkspaceRequest {
	return types.WorkspaceRequest{DirectoryId: new(corp), BundleId: new(standard), UserName: &user}
}

func TestCreateAnswersPendingDesktops(t *testing.T) {
	p := open(t)
	p.register()
	r := request("SATO.hanako")
	r.WorkspaceProperties = &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop}
	out := p.create(request("fujita.kouhei"), r)
	if len(out.FailedRequests) != 0 || len(out.PendingRequests) != 2 {
		t.Fatalf("want 2 pending, got %+v", out)
	}
	for _, w := range out.PendingRequests {
		if w.State != "PENDING" || w.WorkspaceProperties != nil || w.SubnetId != nil {
			t.Errorf("a pending request tells %+v, want ids, user, bundle and state only", w)
		}
	}
	always, auto := p.one(*out.PendingRequests[0].WorkspaceId), p.one(*out.PendingRequests[1].WorkspaceId)
	same(t, "running modes", []types.RunningMode{"ALWAYS_ON", "AUTO_STOP"}, []types.RunningMode{always.WorkspaceProperties.RunningMode, auto.WorkspaceProperties.RunningMode})
	same(t, "auto stop timeout", new(int32(60)), auto.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes)
	same(t, "name as the directory writes it", "Sato.Hanako", *auto.UserName)
	if auto.State != "PENDING" || auto.IpAddress != nil || auto.ComputerName != nil || auto.SubnetId == nil {
		t.Errorf("a pending desktop has a subnet and no machine yet: %+v", auto)
	}
	spec := p.job(*auto.WorkspaceId).Spec
	if spec.CPUs != 2 || spec.MemoryMiB != 4096 || spec.RootGiB != 80 || spec.UserGiB != 50 || spec.UserName != "Sato.Hanako" || len(spec.ComputerName) != 15 {
		t.Errorf("the spec of a standard desktop: %+v", spec)
	}
}

func TestRequestsThatFailAlone(t *testing.T) {
	with := func(change func(*types.WorkspaceRequest)) types.WorkspaceRequest {
		r := request("nakamura.yuri")
		r.WorkspaceProperties = &types.WorkspaceProperties{}
		change(&r)
		return r
	}
	tests := []struct {
		name string
		r    types.WorkspaceRequest
		code string
	}{
		{"a user who does not exist", request("nobody.here"), "ResourceNotFound.User"},
		{"an unknown directory", with(func(r *types.WorkspaceRequest) { r.DirectoryId = new("d-9999999999") }), "ResourceNotFound.Directory"},
		{"an unknown bundle", with(func(r *types.WorkspaceRequest) { r.BundleId = new("wsb-zzzzzzzzz") }), "ResourceNotFound.Bundle"},
		{"a user who has a desktop", request("FUJITA.kouhei"), "ResourceExists.WorkSpace"},
		{"a timeout for ALWAYS_ON", with(func(r *types.WorkspaceRequest) {
			r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = new(int32(60))
		}), "AutoStopTimeoutIsNotApplicableForAnAlwaysOnWorkspace"},
		{"a timeout for MANUAL", with(func(r *types.WorkspaceRequest) {
			r.WorkspaceProperties.RunningMode = types.RunningModeManual
			r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = new(int32(60))
		}), "AutoStopTimeoutIsNotDefaultForManualWorkspace"},
		{"a timeout of 90 minutes", with(func(r *types.WorkspaceRequest) {
			r.WorkspaceProperties.RunningMode = types.RunningModeAutoStop
			r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = new(int32(90))
		}), "InvalidParameterValuesException"},
		{"encryption", with(func(r *types.WorkspaceRequest) { r.RootVolumeEncryptionEnabled = new(true) }), "UnsupportedWorkspaceConfigurationException"},
		{"PCoIP", with(func(r *types.WorkspaceRequest) {
			r.WorkspaceProperties.Protocols = []types.Protocol{types.ProtocolPcoip}
		}), "UnsupportedWorkspaceConfigurationException"},
		{"graphics", with(func(r *types.WorkspaceRequest) { r.WorkspaceProperties.ComputeTypeName = types.ComputeGraphics }), "UnsupportedWorkspaceConfigurationException"},
		{"a bundle with a GPU", with(func(r *types.WorkspaceRequest) { r.BundleId = new("wsb-g12g4dn00") }), "ResourceUnavailableException"},
		{"a compute type with a GPU", with(func(r *types.WorkspaceRequest) { r.WorkspaceProperties.ComputeTypeName = types.ComputeGraphicsG6Xlarge }), "ResourceUnavailableException"},
		{"a compute type without one for a bundle with one", with(func(r *types.WorkspaceRequest) {
			r.BundleId, r.WorkspaceProperties.ComputeTypeName = new("wsb-g12g4dn00"), types.ComputeStandard
		}), "ResourceUnavailableException"},
		{"Windows", with(func(r *types.WorkspaceRequest) {
			r.WorkspaceProperties.OperatingSystemName = types.OperatingSystemNameWindows11
		}), "UnsupportedWorkspaceConfigurationException"},
		{"no user", with(func(r *types.WorkspaceRequest) { r.UserName, r.WorkspaceName = new("[UNDEFINED]"), new("desk-1") }), "UnsupportedWorkspaceConfigurationException"},
		{"a root volume smaller than the bundle's", with(func(r *types.WorkspaceRequest) {
			r.BundleId, r.WorkspaceProperties.RootVolumeSizeGib = new("wsb-d12power0"), new(int32(80))
		}), "InvalidParameterValuesException"},
		{"a reserved tag", with(func(r *types.WorkspaceRequest) { r.Tags = []types.Tag{{Key: new("AWS:x"), Value: new("")}} }), "InvalidParameterValuesException"},
	}
	p := open(t)
	p.register()
	p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := p.create(tt.r)
			if len(out.FailedRequests) != 1 || len(out.PendingRequests) != 0 {
				t.Fatalf("want one failed request, got %+v", out)
			}
			f := out.FailedRequests[0]
			if deref(f.ErrorCode) != tt.code || deref(f.ErrorMessage) == "" {
				t.Errorf("want %s with a message, got %s: %s", tt.code, deref(f.ErrorCode), deref(f.ErrorMessage))
			}
			same(t, "the request is given back", tt.r, *f.WorkspaceRequest)
		})
	}
	if all := p.describe(&sdk.DescribeWorkspacesInput{}); len(all) != 1 {
		t.Errorf("failed requests left %d desktops, want the first one alone", len(all))
	}
}

func TestVolumesThatDoNotGoTogetherFailTheWholeCall(t *testing.T) {
	p := open(t)
	p.register()
	for _, sizes := range [][2]int32{{10, 50}, {81, 50}, {80, 51}, {80, 4000}, {175, 50}, {2001, 100}, {math.MaxInt32, math.MaxInt32}, {80, -1}} {
		r := request("nakamura.yuri")
		r.WorkspaceProperties = &types.WorkspaceProperties{RootVolumeSizeGib: &sizes[0], UserVolumeSizeGib: &sizes[1]}
		p.refused("CreateWorkspaces", &sdk.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{request("fujita.kouhei"), r}}, "InvalidParameterValuesException")
	}
	if all := p.describe(&sdk.DescribeWorkspacesInput{}); len(all) != 0 {
		t.Errorf("refused calls left %d desktops", len(all))
	}
}

func TestOneDesktopForOneUser(t *testing.T) {
	p := open(t)
	p.register()
	out := p.create(request("fujita.kouhei"), request("Fujita.Kouhei"), request("nakamura.yuri"))
	if len(out.PendingRequests) != 2 || len(out.FailedRequests) != 1 || *out.FailedRequests[0].ErrorCode != "ResourceExists.WorkSpace" {
		t.Fatalf("twice in one call: %+v", out)
	}
	id := *out.PendingRequests[0].WorkspaceId
	p.settle(id, desktops.Outcome{Code: "DomainJoin.Failed", Message: "refused"})
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	if out := p.create(request("fujita.kouhei")); len(out.FailedRequests) != 1 {
		t.Error("a second desktop was accepted before the first was gone")
	}
	p.settle(id, desktops.Outcome{})
	if out := p.create(request("fujita.kouhei")); len(out.PendingRequests) != 1 {
		t.Errorf("after the first is gone: %+v", out.FailedRequests[0])
	}
}

func TestTheGateRefusesWhatTheModelForbids(t *testing.T) {
	p := open(t)
	p.register()
	many := make([]types.WorkspaceRequest, 26)
	for i := range many {
		many[i] = request(fmt.Sprintf("user%02d", i))
	}
	p.refused("CreateWorkspaces", &sdk.CreateWorkspacesInput{Workspaces: many}, "ValidationException")
	p.refused("CreateWorkspaces", &sdk.CreateWorkspacesInput{}, "ValidationException")
	p.refused("DescribeWorkspaces", &sdk.DescribeWorkspacesInput{WorkspaceIds: []string{"i-0123456789"}}, "ValidationException")
	p.refused("DescribeWorkspaces", &sdk.DescribeWorkspacesInput{Limit: new(int32(26))}, "ValidationException")
	if all := p.describe(&sdk.DescribeWorkspacesInput{}); len(all) != 0 {
		t.Errorf("%d desktops were made", len(all))
	}
}

func TestAnotherAccountsDesktopIsNeverSeen(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	before := p.one(id)
	for _, in := range []*sdk.DescribeWorkspacesInput{{}, {WorkspaceIds: []string{id}}, {DirectoryId: new(corp)}, {BundleId: new(standard)}} {
		out, err := p.call(stranger, "DescribeWorkspaces", in)
		if err != nil || len(out.(*sdk.DescribeWorkspacesOutput).Workspaces) != 0 {
			t.Errorf("describe %+v: %+v, %v; want none", in, out, err)
		}
	}
	out, err := p.call(stranger, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	if err != nil {
		t.Fatal(err)
	}
	failed := out.(*sdk.TerminateWorkspacesOutput).FailedRequests
	if len(failed) != 1 || *failed[0].ErrorCode != "ResourceNotFound.Workspace" || *failed[0].WorkspaceId != id {
		t.Errorf("terminate: %+v, want ResourceNotFound.Workspace", failed)
	}
	same(t, "the desktop", before, p.one(id))
}

func TestPagesOfDesktops(t *testing.T) {
	p := open(t)
	p.register()
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprintf("user%02d", i))
	}
	p.hire(names...)
	for i := 0; i < 60; i += 20 {
		var rs []types.WorkspaceRequest
		for _, n := range names[i : i+20] {
			rs = append(rs, request(n))
		}
		p.create(rs...)
	}
	seen := map[string]bool{}
	var sizes []int
	var token *string
	for {
		out := must[sdk.DescribeWorkspacesOutput](p, "DescribeWorkspaces", &sdk.DescribeWorkspacesInput{DirectoryId: new(corp), NextToken: token})
		sizes = append(sizes, len(out.Workspaces))
		for _, w := range out.Workspaces {
			seen[*w.WorkspaceId] = true
		}
		if token = out.NextToken; token == nil {
			break
		}
	}
	same(t, "sizes of the pages", []int{25, 25, 10}, sizes)
	if len(seen) != 60 {
		t.Errorf("the pages showed %d desktops, want 60", len(seen))
	}
	first := must[sdk.DescribeWorkspacesOutput](p, "DescribeWorkspaces", &sdk.DescribeWorkspacesInput{Limit: new(int32(1))})
	p.refused("DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{NextToken: first.NextToken}, "InvalidParameterValuesException")
	p.refused("DescribeWorkspaces", &sdk.DescribeWorkspacesInput{NextToken: new("bogus")}, "InvalidParameterValuesException")
	ids := []string{*first.Workspaces[0].WorkspaceId, *first.Workspaces[0].WorkspaceId, "ws-zzzzzzzzz"}
	if got := p.describe(&sdk.DescribeWorkspacesInput{WorkspaceIds: ids}); len(got) != 1 {
		t.Errorf("one id twice and one unknown: %d desktops, want 1", len(got))
	}
}

func TestFiltersOfDesktops(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("Sato.Hanako", types.RunningModeAutoStop)
	p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	tests := []struct {
		name string
		in   sdk.DescribeWorkspacesInput
		want int
		code string
	}{
		{"user and directory", sdk.DescribeWorkspacesInput{DirectoryId: new(corp), UserName: new("sato.HANAKO")}, 1, ""},
		{"an unknown user", sdk.DescribeWorkspacesInput{DirectoryId: new(corp), UserName: new("x")}, 0, ""},
		{"bundle", sdk.DescribeWorkspacesInput{BundleId: new(standard)}, 2, ""},
		{"another bundle", sdk.DescribeWorkspacesInput{BundleId: new("wsb-d12value0")}, 0, ""},
		{"a name that only user-decoupled ones have", sdk.DescribeWorkspacesInput{WorkspaceName: new("desk")}, 0, ""},
		{"a user alone", sdk.DescribeWorkspacesInput{UserName: new("sato.hanako")}, 0, "InvalidParameterValuesException"},
		{"ids and a directory", sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}, DirectoryId: new(corp)}, 0, "InvalidParameterValuesException"},
		{"a bundle and a directory", sdk.DescribeWorkspacesInput{BundleId: new(standard), DirectoryId: new(corp)}, 0, "InvalidParameterValuesException"},
	}
	for _, tt := range tests {
		out, err := p.call(account, "DescribeWorkspaces", &tt.in)
		if codeOf(err) != tt.code {
			t.Errorf("%s: want %q, got %v", tt.name, tt.code, err)
			continue
		}
		if err == nil && len(out.(*sdk.DescribeWorkspacesOutput).Workspaces) != tt.want {
			t.Errorf("%s: %d desktops, want %d", tt.name, len(out.(*sdk.DescribeWorkspacesOutput).Workspaces), tt.want)
		}
	}
}

func TestATerminatedDesktopStaysInTheHistory(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{Desktop: desktops.Desktop{State: desktops.Running, Addr: netip.MustParseAddr("10.99.0.2")}})
	w := p.one(id)
	same(t, "after the create", []string{"AVAILABLE", "10.99.0.2"}, []string{string(w.State), deref(w.IpAddress)})
	if deref(w.ComputerName) == "" {
		t.Error("an available desktop has no computer name")
	}
	p.clock.Advance(time.Hour)
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	if got := p.one(id).State; got != types.WorkspaceStateTerminating {
		t.Errorf("after the call it is %s, want TERMINATING", got)
	}
	p.settle(id, desktops.Outcome{})
	if all := p.describe(&sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}}); len(all) != 0 {
		t.Errorf("after its end it is still listed: %+v", all)
	}
	changes, err := p.store.Changes(t.Context(), "", 0, "workspaces.history")
	if err != nil || len(changes) != 1 || changes[0].Key != id || changes[0].Scope != store.In(account, region) {
		t.Errorf("history: %+v, %v; want the desktop", changes, err)
	}
}
