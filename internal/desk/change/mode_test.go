package change

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/plan"
)

func TestSeeMode(t *testing.T) {
	desktop := func(state types.WorkspaceState, mode types.RunningMode, minutes int32) map[string]types.Workspace {
		w := types.Workspace{WorkspaceId: aws.String("ws-1"), State: state, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: mode}}
		if minutes > 0 {
			w.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = aws.Int32(minutes)
		}
		return map[string]types.Workspace{"ws-1": w}
	}
	m := Mode{Desktop: "ws-1", Want: Billed{"AUTO_STOP", 60}, Was: Billed{Mode: "ALWAYS_ON"}}
	rows := []struct {
		name string
		now  map[string]types.Workspace
		want plan.State
	}{
		{"as the plan found it", desktop("AVAILABLE", "ALWAYS_ON", 0), plan.Todo},
		{"as wished", desktop("STOPPED", "AUTO_STOP", 60), plan.Done},
		{"another timeout than was found or wished", desktop("AVAILABLE", "AUTO_STOP", 120), plan.Drifted},
		{"busy with something else", desktop("REBOOTING", "ALWAYS_ON", 0), plan.Moving},
		{"in ERROR by now", desktop("ERROR", "ALWAYS_ON", 0), plan.Drifted},
		{"gone by now", nil, plan.Drifted},
		{"on its way out", desktop("TERMINATING", "ALWAYS_ON", 0), plan.Drifted},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if got := seeMode(r.now, m); got.State != r.want {
				t.Errorf("want %s, got %+v", r.want, got)
			}
		})
	}
	if got := m.Back().Back(); got != m {
		t.Errorf("want the way back of the way back to be the same, got %+v", got)
	}
	want := "aws workspaces modify-workspace-properties --workspace-id ws-1 --workspace-properties RunningMode=AUTO_STOP,RunningModeAutoStopTimeoutInMinutes=60"
	if m.CLI() != want {
		t.Errorf("want %s, got %s", want, m.CLI())
	}
}
