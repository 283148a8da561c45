package change

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/plan"
)

func TestASizeIsComparedWithTheDesktop(t *testing.T) {
	for _, row := range []struct {
		name  string
		size  types.Compute
		state types.WorkspaceState
		going bool // a change is on its way
		want  plan.State
	}{
		{"as the plan found it", types.ComputeStandard, types.WorkspaceStateAvailable, false, plan.Todo},
		{"as the plan found it, and asleep", types.ComputeStandard, types.WorkspaceStateStopped, false, plan.Todo},
		{"as wished", types.ComputePerformance, types.WorkspaceStateAvailable, false, plan.Done},
		{"on its way, and said to be as wished", types.ComputePerformance, types.WorkspaceStateUpdating, false, plan.Moving},
		{"well, and still being changed", types.ComputePerformance, types.WorkspaceStateAvailable, true, plan.Moving},
		{"on its way", types.ComputeStandard, types.WorkspaceStateUpdating, true, plan.Moving},
		{"being rebooted", types.ComputeStandard, types.WorkspaceStateRebooting, false, plan.Moving},
		{"another size by now", types.ComputePower, types.WorkspaceStateAvailable, false, plan.Drifted},
		{"broken", types.ComputeStandard, types.WorkspaceStateError, false, plan.Drifted},
		{"gone", types.ComputeStandard, types.WorkspaceStateTerminated, false, plan.Drifted},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := types.Workspace{State: row.state, WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: row.size}}
			if row.going {
				w.ModificationStates = []types.ModificationState{{Resource: types.ModificationResourceEnumComputeType, State: types.ModificationStateEnumUpdateInProgress}}
			}
			if got := seeSize(&w, Size{Desktop: "ws-1", Want: "PERFORMANCE", Was: "STANDARD"}); got.State != row.want {
				t.Errorf("want %s, got %s %s", row.want, got.State, got.Note)
			}
		})
	}
	s := Size{Desktop: "ws-1", Want: "PERFORMANCE", Was: "STANDARD"}
	if want := (Size{Desktop: "ws-1", Want: "STANDARD", Was: "PERFORMANCE"}); s.Back() != want {
		t.Errorf("want %+v as the way back, got %+v", want, s.Back())
	}
}
