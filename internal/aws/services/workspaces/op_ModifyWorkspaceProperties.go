package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyWorkspaceProperties changes running mode, compute type or a volume of a
// desktop. A new size is in force when the desktop is UPDATING no more.
func (s *Service) ModifyWorkspaceProperties(ctx context.Context, in *workspaces.ModifyWorkspacePropertiesInput) (*workspaces.ModifyWorkspacePropertiesOutput, error) {
	if in.DataReplication == types.DataReplicationPrimaryAsSource {
		return nil, (&refusal{codeUnsupported, "Replication of data is not supported."}).exception()
	}
	wanted := in.WorkspaceProperties
	if wanted == nil {
		if in.DataReplication == "" {
			return nil, invalid("The WorkspaceProperties parameter is required.")
		}
		wanted = &types.WorkspaceProperties{}
	}
	call := api.CallFrom(ctx)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDesktop(tx, store.In(call.Place()), text(in.WorkspaceId))
		if err != nil {
			return err
		}
		if no := s.graphic(wanted.ComputeTypeName); no != nil {
			return no.exception()
		}
		if no := d.modify(wanted, call); no != nil {
			return no.exception()
		}
		if no := s.strict.wait(d, call.Time); no != nil {
			return no.exception()
		}
		d.sized(call.Time)
		return d.put(tx, store.In(call.Place()), call, call.Time)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyWorkspacePropertiesOutput{}, nil
}

func (s *Service) modifyWorkspacePropertiesChecks(ctx context.Context, in *workspaces.ModifyWorkspacePropertiesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:ModifyWorkspaceProperties", []string{text(in.WorkspaceId)})
}
