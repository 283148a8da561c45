package bulk

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/report"
)

// Verb is what can be done to desktops.
type Verb string

// The verbs.
const (
	Start     Verb = "start"
	Stop      Verb = "stop"
	Reboot    Verb = "reboot"
	Restore   Verb = "restore"
	Rebuild   Verb = "rebuild"
	Terminate Verb = "terminate"
	AlwaysOn  Verb = "always-on"
	AutoStop  Verb = "auto-stop"
)

// verbs are all of them, the gentlest first.
var verbs = []Verb{Start, Stop, Reboot, AutoStop, AlwaysOn, Restore, Rebuild, Terminate}

// Duty is the name of a verb's plans, by which the settings say who must agree.
func (v Verb) Duty() string { return "desktop " + string(v) }

// Destroys tells of a verb that loses what is on volumes. It wants a reason.
func (v Verb) Destroys() bool { return v == Restore || v == Rebuild || v == Terminate }

// kind is how a verb goes.
type kind struct {
	action string
	undo   string // "" is no way back
	states []types.WorkspaceState
	what   report.Message
	short  string // for the help
}

// kinds are the verbs' own. The states are those in which AWS takes the call and
// the action sees its end.
// Source: WorkSpaces API reference, the operations' pages.
var kinds = map[Verb]kind{
	Start: {change.StartDesktop, change.StopDesktop, []types.WorkspaceState{types.WorkspaceStateStopped}, text.Start, "Start desktops"},
	Stop: {change.StopDesktop, change.StartDesktop, []types.WorkspaceState{
		types.WorkspaceStateAvailable, types.WorkspaceStateUnhealthy,
	}, text.Stop, "Stop desktops of AUTO_STOP and MANUAL"},
	Reboot: {change.Reboot, "", []types.WorkspaceState{types.WorkspaceStateAvailable, types.WorkspaceStateUnhealthy}, text.Reboot, "Reboot desktops"},
	Restore: {change.Restore, "", []types.WorkspaceState{
		types.WorkspaceStateAvailable, types.WorkspaceStateError, types.WorkspaceStateUnhealthy, types.WorkspaceStateStopped,
	}, text.Restore, "Restore both volumes from their last snapshots"},
	Rebuild: {change.Rebuild, change.Restore, []types.WorkspaceState{
		types.WorkspaceStateAvailable, types.WorkspaceStateError, types.WorkspaceStateUnhealthy, types.WorkspaceStateStopped,
	}, text.Rebuild, "Rebuild desktops from the image of their bundle"},
	Terminate: {change.TerminateDesktop, "", nil, text.Terminate, "Delete desktops with all that is on them"},
	AlwaysOn: {change.RunningMode, change.RunningMode, []types.WorkspaceState{
		types.WorkspaceStateAvailable, types.WorkspaceStateStopped,
	}, text.Mode, "Let desktops run always, by the month"},
	AutoStop: {change.RunningMode, change.RunningMode, []types.WorkspaceState{
		types.WorkspaceStateAvailable, types.WorkspaceStateStopped,
	}, text.Mode, "Let desktops stop by themselves, by the hour"},
}

// takes tells whether AWS takes a verb in a state.
func (k kind) takes(s types.WorkspaceState) bool {
	if k.states != nil {
		return slices.Contains(k.states, s)
	}
	return s != types.WorkspaceStateTerminating && s != types.WorkspaceStateTerminated && s != types.WorkspaceStateSuspended
}
