package workspaces

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// Change is a change of size that is being made while a desktop is UPDATING.
type Change struct {
	Resource string // COMPUTE_TYPE, ROOT_VOLUME or USER_VOLUME
	From     State  // and back, however it ends
	Compute  string
	RootGiB  int
	UserGiB  int
}

// modify changes running mode and size as a customer asks. Only one of compute
// type and volumes changes at a time, and volumes only grow.
// Source: WorkSpaces Administration Guide, "Modify a WorkSpace in WorkSpaces
// Personal".
func (d *Desktop) modify(p *types.WorkspaceProperties, c *api.Call) *refusal {
	switch d.State {
	case Available, Stopped:
	case Updating:
		return &refusal{codeBusy, fmt.Sprintf("The WorkSpace %s is being modified. Wait until that is done.", d.ID)}
	default:
		return &refusal{codeState, fmt.Sprintf("The WorkSpace %s is in the state %s. You can modify a WorkSpace only in the state AVAILABLE, STOPPED.", d.ID, d.State)}
	}
	if no := checkRequest(&types.WorkspaceRequest{WorkspaceProperties: p}); no != nil {
		return no
	}
	if no := d.rerun(p); no != nil {
		return no
	}
	return d.alter(p, c)
}

// rerun changes the running mode or its timeout, where either is given.
func (d *Desktop) rerun(p *types.WorkspaceProperties) *refusal {
	if p.RunningMode == "" && p.RunningModeAutoStopTimeoutInMinutes == nil {
		return nil
	}
	wanted := types.WorkspaceProperties{RunningMode: p.RunningMode, RunningModeAutoStopTimeoutInMinutes: p.RunningModeAutoStopTimeoutInMinutes}
	if wanted.RunningMode == "" {
		wanted.RunningMode = types.RunningMode(d.RunningMode)
	}
	if wanted.RunningModeAutoStopTimeoutInMinutes == nil && string(wanted.RunningMode) == d.RunningMode {
		return nil // as it is
	}
	d.AutoStopMinutes = 0
	return d.run(&wanted)
}

// alter begins the one change of size that is asked for, if any.
func (d *Desktop) alter(p *types.WorkspaceProperties, c *api.Call) *refusal {
	w := Change{From: d.State, Compute: d.Compute, RootGiB: d.RootGiB, UserGiB: d.UserGiB}
	var what []types.ModificationResourceEnum
	if p.ComputeTypeName != "" && string(p.ComputeTypeName) != d.Compute {
		if _, ok := sizes[p.ComputeTypeName]; !ok {
			return &refusal{codeUnsupported, "The compute type " + string(p.ComputeTypeName) + " is not supported."}
		}
		w.Compute, what = string(p.ComputeTypeName), append(what, types.ModificationResourceEnumComputeType)
	}
	if p.RootVolumeSizeGib != nil && int(*p.RootVolumeSizeGib) != d.RootGiB {
		w.RootGiB, what = int(*p.RootVolumeSizeGib), append(what, types.ModificationResourceEnumRootVolume)
	}
	if p.UserVolumeSizeGib != nil && int(*p.UserVolumeSizeGib) != d.UserGiB {
		w.UserGiB, what = int(*p.UserVolumeSizeGib), append(what, types.ModificationResourceEnumUserVolume)
	}
	switch {
	case len(what) == 0:
		return nil
	case len(what) > 1:
		return &refusal{codeInvalid, "You can change only one of the compute type, the root volume and the user volume at a time."}
	case w.RootGiB < d.RootGiB || w.UserGiB < d.UserGiB:
		return &refusal{codeInvalid, "The volumes of a WorkSpace can be made larger, but not smaller."}
	case !fitting(w.RootGiB, w.UserGiB):
		return &refusal{codeInvalid, fmt.Sprintf("A WorkSpace cannot have %d GB of root volume with %d GB of user volume.", w.RootGiB, w.UserGiB)}
	}
	w.Resource = string(what[0])
	d.move(Updating, c.Time)
	d.ChangedBy, d.Change = c.RequestID, &w
	return nil
}

// fitting tells whether volumes can be had together: 80 GB of root with 10, 50
// or 100 GB of user volume, or 175 to 2000 GB with 100 to 2000 GB.
func fitting(root, user int) bool {
	if root == 80 {
		return user == 10 || user == 50 || user == 100
	}
	return root >= 175 && root <= 2000 && user >= 100 && user <= 2000
}

// changed ends a change: with the new size, or as it was when it failed.
func (d *Desktop) changed(done bool, now time.Time) {
	w := d.Change
	if done {
		d.Compute, d.RootGiB, d.UserGiB = w.Compute, w.RootGiB, w.UserGiB
	}
	d.Change = nil
	d.move(w.From, now)
}

// modifications shows the change that is being made.
func (d *Desktop) modifications() []types.ModificationState {
	if d.Change == nil {
		return []types.ModificationState{}
	}
	return []types.ModificationState{{Resource: types.ModificationResourceEnum(d.Change.Resource), State: types.ModificationStateEnumUpdateInProgress}}
}
