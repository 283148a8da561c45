package workspaces_test

import (
	"errors"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/desktops"
)

func (p *plane) grow(id string) {
	p.t.Helper()
	must[sdk.ModifyWorkspacePropertiesOutput](p, "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{
		WorkspaceId: &id, WorkspaceProperties: &types.WorkspaceProperties{UserVolumeSizeGib: new(int32(100))},
	})
}

func (p *plane) restore(id string) {
	p.t.Helper()
	if err := p.room.Kept(p.t.Context(), p.job(id), p.clock.Now()); err != nil {
		p.t.Fatal(err)
	}
	must[sdk.RestoreWorkspaceOutput](p, "RestoreWorkspace", &sdk.RestoreWorkspaceInput{WorkspaceId: &id})
}

func (p *plane) maintain(id string) {
	p.t.Helper()
	must[sdk.ModifyWorkspaceStateOutput](p, "ModifyWorkspaceState", &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAdminMaintenance})
}

func (p *plane) suspend(id string) {
	p.t.Helper()
	must[sdk.CreateWorkspaceImageOutput](p, "CreateWorkspaceImage", &sdk.CreateWorkspaceImageInput{WorkspaceId: &id, Name: new("golden"), Description: new("golden")})
}

// TestWhatADesktopCanBecome asks a desktop of 80 and 50 GB, AUTO_STOP after 60
// minutes, for changes.
func TestWhatADesktopCanBecome(t *testing.T) {
	n := func(v int32) *int32 { return &v }
	for _, tc := range []struct {
		name   string
		change types.WorkspaceProperties
		code   string // else it is made
		state  types.WorkspaceState
	}{
		{"nothing", types.WorkspaceProperties{}, "", "AVAILABLE"},
		{"as it is", types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, ComputeTypeName: types.ComputeStandard, RootVolumeSizeGib: n(80)}, "", "AVAILABLE"},
		{"another timeout", types.WorkspaceProperties{RunningModeAutoStopTimeoutInMinutes: n(120)}, "", "AVAILABLE"},
		{"a timeout between hours", types.WorkspaceProperties{RunningModeAutoStopTimeoutInMinutes: n(90)}, "InvalidParameterValuesException", ""},
		{"always on", types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn}, "", "AVAILABLE"},
		{"always on with a timeout", types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn, RunningModeAutoStopTimeoutInMinutes: n(60)}, "InvalidParameterValuesException", ""},
		{"more power", types.WorkspaceProperties{ComputeTypeName: types.ComputePower}, "", "UPDATING"},
		{"less power", types.WorkspaceProperties{ComputeTypeName: types.ComputeValue}, "", "UPDATING"},
		{"graphics", types.WorkspaceProperties{ComputeTypeName: types.ComputeGraphicspro}, "UnsupportedWorkspaceConfigurationException", ""},
		{"a GPU", types.WorkspaceProperties{ComputeTypeName: types.ComputeGraphicsG4dn}, "ResourceUnavailableException", ""},
		{"more user volume", types.WorkspaceProperties{UserVolumeSizeGib: n(100)}, "", "UPDATING"},
		{"less user volume", types.WorkspaceProperties{UserVolumeSizeGib: n(10)}, "InvalidParameterValuesException", ""},
		{"a user volume that goes with a larger root volume only", types.WorkspaceProperties{UserVolumeSizeGib: n(200)}, "InvalidParameterValuesException", ""},
		{"a root volume before the user volume", types.WorkspaceProperties{RootVolumeSizeGib: n(175)}, "InvalidParameterValuesException", ""},
		{"both volumes", types.WorkspaceProperties{RootVolumeSizeGib: n(175), UserVolumeSizeGib: n(100)}, "InvalidParameterValuesException", ""},
		{"a volume and power", types.WorkspaceProperties{UserVolumeSizeGib: n(100), ComputeTypeName: types.ComputePower}, "InvalidParameterValuesException", ""},
		{"another protocol", types.WorkspaceProperties{Protocols: []types.Protocol{types.ProtocolPcoip}}, "UnsupportedWorkspaceConfigurationException", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := open(t)
			p.register()
			id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
			p.settle(id, running)
			_, err := p.call(account, "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &tc.change})
			if tc.code != "" {
				if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != tc.code {
					t.Errorf("want %s, got %v", tc.code, err)
				}
				return
			}
			if w := p.described(id); err != nil || w.State != tc.state || (tc.state == "UPDATING") != (len(w.ModificationStates) == 1) {
				t.Errorf("want %s, got %+v, %v", tc.state, w, err)
			}
		})
	}
}

func (p *plane) described(id string) types.Workspace {
	p.t.Helper()
	return must[sdk.DescribeWorkspacesOutput](p, "DescribeWorkspaces", &sdk.DescribeWorkspacesInput{WorkspaceIds: []string{id}}).Workspaces[0]
}

// TestAChangeEnds asks for one while another is made, and ends it both ways.
func TestAChangeEnds(t *testing.T) {
	for _, failed := range []bool{false, true} {
		p := open(t)
		p.register()
		id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
		p.settle(id, running)
		p.grow(id)
		if got := p.job(id).Spec.UserGiB; got != 100 {
			t.Errorf("want the engine told of 100 GiB, got %d", got)
		}
		if got := *p.described(id).WorkspaceProperties.UserVolumeSizeGib; got != 50 {
			t.Errorf("want 50 GiB until it is done, got %d", got)
		}
		_, err := p.call(account, "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{WorkspaceId: &id, WorkspaceProperties: &types.WorkspaceProperties{ComputeTypeName: types.ComputePower}})
		if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "OperationInProgressException" {
			t.Errorf("want OperationInProgressException, got %v", err)
		}
		want, outcome := int32(100), running
		if failed {
			want, outcome = 50, desktops.Outcome{Code: "Desktop.NoSpace", Message: "full"}
		}
		p.settle(id, outcome)
		w := p.described(id)
		if w.State != types.WorkspaceStateAvailable || *w.WorkspaceProperties.UserVolumeSizeGib != want || failed != (deref(w.ErrorCode) == "Desktop.NoSpace") || len(w.ModificationStates) != 0 {
			t.Errorf("failed %v: got %+v", failed, w)
		}
	}
}
