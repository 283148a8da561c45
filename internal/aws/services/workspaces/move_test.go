package workspaces_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// verb calls one of the operations that ask for a move.
func (p *plane) verb(operation, id string) []types.FailedWorkspaceChangeRequest {
	p.t.Helper()
	switch operation {
	case "StartWorkspaces":
		return must[sdk.StartWorkspacesOutput](p, operation, &sdk.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}}}).FailedRequests
	case "StopWorkspaces":
		return must[sdk.StopWorkspacesOutput](p, operation, &sdk.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}}).FailedRequests
	case "RebootWorkspaces":
		return must[sdk.RebootWorkspacesOutput](p, operation, &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}}).FailedRequests
	case "RebuildWorkspaces":
		return must[sdk.RebuildWorkspacesOutput](p, operation, &sdk.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}}}).FailedRequests
	}
	return must[sdk.TerminateWorkspacesOutput](p, operation, &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}}).FailedRequests
}

// roads lead a new desktop into each state.
var roads = map[string]func(p *plane, id string){
	"PENDING":   func(*plane, string) {},
	"AVAILABLE": func(p *plane, id string) { p.settle(id, running) },
	"UNHEALTHY": func(p *plane, id string) { p.settle(id, running); p.observe(id, desktops.Sick) },
	"ERROR":     func(p *plane, id string) { p.settle(id, desktops.Outcome{Code: "X", Message: "x"}) },
	"STOPPING":  func(p *plane, id string) { p.settle(id, running); p.verb("StopWorkspaces", id) },
	"STOPPED": func(p *plane, id string) {
		p.settle(id, running)
		p.verb("StopWorkspaces", id)
		p.settle(id, desktops.Outcome{})
	},
	"STARTING":          func(p *plane, id string) { p.stopped(id); p.verb("StartWorkspaces", id) },
	"REBOOTING":         func(p *plane, id string) { p.settle(id, running); p.verb("RebootWorkspaces", id) },
	"REBUILDING":        func(p *plane, id string) { p.settle(id, running); p.verb("RebuildWorkspaces", id) },
	"UPDATING":          func(p *plane, id string) { p.settle(id, running); p.grow(id) },
	"RESTORING":         func(p *plane, id string) { p.settle(id, running); p.restore(id) },
	"ADMIN_MAINTENANCE": func(p *plane, id string) { p.settle(id, running); p.maintain(id) },
	"SUSPENDED":         func(p *plane, id string) { p.settle(id, running); p.suspend(id) },
	"TERMINATING":       func(p *plane, id string) { p.settle(id, running); p.verb("TerminateWorkspaces", id) },
}

var running = desktops.Outcome{Desktop: desktops.Desktop{State: desktops.Running}}

func (p *plane) stopped(id string) {
	p.settle(id, running)
	p.verb("StopWorkspaces", id)
	p.settle(id, desktops.Outcome{})
}

func (p *plane) observe(id string, s desktops.State) {
	p.t.Helper()
	if err := p.room.Observe(p.t.Context(), p.job(id), desktops.Desktop{ID: id, State: s}, "the display server ended"); err != nil {
		p.t.Fatal(err)
	}
}

// TestMovesACustomerMayAskFor tries every operation in every state against the
// table of the API reference.
func TestMovesACustomerMayAskFor(t *testing.T) {
	allowed := map[string]struct {
		from []string
		to   types.WorkspaceState
	}{
		"StartWorkspaces":     {[]string{"STOPPED"}, "STARTING"},
		"StopWorkspaces":      {[]string{"AVAILABLE", "UNHEALTHY", "ERROR"}, "STOPPING"},
		"RebootWorkspaces":    {[]string{"AVAILABLE", "UNHEALTHY", "REBOOTING"}, "REBOOTING"},
		"RebuildWorkspaces":   {[]string{"AVAILABLE", "ERROR", "UNHEALTHY", "STOPPED", "REBOOTING"}, "REBUILDING"},
		"TerminateWorkspaces": {[]string{"PENDING", "AVAILABLE", "UNHEALTHY", "ERROR", "STOPPING", "STOPPED", "STARTING", "REBOOTING", "REBUILDING", "TERMINATING", "UPDATING", "RESTORING", "ADMIN_MAINTENANCE"}, "TERMINATING"},
	}
	for operation, want := range allowed {
		for state, road := range roads {
			t.Run(operation+" in "+state, func(t *testing.T) {
				p := open(t)
				p.register()
				id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
				road(p, id)
				if got := p.one(id).State; string(got) != state {
					t.Fatalf("the road led to %s, want %s", got, state)
				}
				before := p.one(id)
				failed := p.verb(operation, id)
				if slices.Contains(want.from, state) {
					if len(failed) != 0 || p.one(id).State != want.to {
						t.Errorf("want %s, got %s, failed %+v", want.to, p.one(id).State, failed)
					}
					return
				}
				if len(failed) != 1 || *failed[0].ErrorCode != "InvalidResourceState.Workspace" || *failed[0].WorkspaceId != id || deref(failed[0].ErrorMessage) == "" {
					t.Errorf("want a failed request InvalidResourceState.Workspace, got %+v", failed)
				}
				same(t, "the desktop", before, p.one(id))
			})
		}
	}
}

func TestAlwaysOnIsNeitherStartedNorStopped(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAlwaysOn)
	p.settle(id, running)
	for _, operation := range []string{"StopWorkspaces", "StartWorkspaces"} {
		if failed := p.verb(operation, id); len(failed) != 1 {
			t.Errorf("%s of an ALWAYS_ON desktop succeeded", operation)
		}
	}
	manual := p.desktop("nakamura.yuri", types.RunningModeManual)
	p.stopped(manual)
	if failed := p.verb("StartWorkspaces", manual); len(failed) != 0 {
		t.Errorf("start of a MANUAL desktop: %+v", failed)
	}
}

func TestUnknownDesktopsFailAlone(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	out := must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: new("ws-zzzzzzzzz")}, {WorkspaceId: &id}}})
	if len(out.FailedRequests) != 1 || *out.FailedRequests[0].WorkspaceId != "ws-zzzzzzzzz" || *out.FailedRequests[0].ErrorCode != "ResourceNotFound.Workspace" {
		t.Errorf("failed requests %+v, want the unknown one", out.FailedRequests)
	}
	if got := p.one(id).State; got != "TERMINATING" {
		t.Errorf("the known one is %s, want TERMINATING", got)
	}
}

func TestFailuresOfWork(t *testing.T) {
	no := desktops.Outcome{Code: "Desktop.NoSpace", Message: "no space"}
	for state, want := range map[string]types.WorkspaceState{
		"PENDING": "ERROR", "STARTING": "ERROR", "REBUILDING": "ERROR", "TERMINATING": "ERROR", "REBOOTING": "UNHEALTHY", "STOPPING": "UNHEALTHY",
	} {
		p := open(t)
		p.register()
		id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
		roads[state](p, id)
		p.settle(id, no)
		w := p.one(id)
		if w.State != want || deref(w.ErrorCode) != no.Code || deref(w.ErrorMessage) != no.Message {
			t.Errorf("%s that failed: %s %s %s, want %s with the cause", state, w.State, deref(w.ErrorCode), deref(w.ErrorMessage), want)
		}
		p.verb("TerminateWorkspaces", id)
		if w := p.one(id); w.ErrorCode != nil || w.State != "TERMINATING" {
			t.Errorf("the failure stays after the next move: %+v", w)
		}
	}
}

func TestALateOutcomeIsDropped(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	late := p.job(id)
	p.verb("TerminateWorkspaces", id)
	if err := p.room.Settle(t.Context(), late, running); err != nil {
		t.Fatal(err)
	}
	if got := p.one(id).State; got != "TERMINATING" {
		t.Errorf("a late outcome made it %s, want TERMINATING", got)
	}
	p.settle(id, desktops.Outcome{})
	if err := p.room.Settle(t.Context(), late, running); err != nil {
		t.Errorf("an outcome for a desktop that is gone: %v", err)
	}
	if err := p.room.Observe(t.Context(), late, desktops.Desktop{}, "x"); err != nil {
		t.Errorf("an observation of a desktop that is gone: %v", err)
	}
}

func TestObservations(t *testing.T) {
	tests := []struct {
		name  string
		state string
		found desktops.State
		want  types.WorkspaceState
	}{
		{"a sick one becomes unhealthy", "AVAILABLE", desktops.Sick, "UNHEALTHY"},
		{"one that does not run becomes unhealthy", "AVAILABLE", desktops.Stopped, "UNHEALTHY"},
		{"a healthy one stays", "AVAILABLE", desktops.Running, "AVAILABLE"},
		{"one that came back is available", "UNHEALTHY", desktops.Running, "AVAILABLE"},
		{"a sick one stays unhealthy", "UNHEALTHY", desktops.Sick, "UNHEALTHY"},
		{"a stopped one stays", "STOPPED", desktops.Stopped, "STOPPED"},
		{"one at work stays", "REBOOTING", desktops.Sick, "REBOOTING"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := open(t)
			p.register()
			id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
			roads[tt.state](p, id)
			p.observe(id, tt.found)
			w := p.one(id)
			if w.State != tt.want {
				t.Errorf("it is %s, want %s", w.State, tt.want)
			}
			if tt.want == "UNHEALTHY" && deref(w.ErrorMessage) != "the display server ended" {
				t.Errorf("message %q, want the cause", deref(w.ErrorMessage))
			}
		})
	}
}
