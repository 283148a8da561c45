package workspaces

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// RestoreWorkspace puts both volumes of a desktop back to its last snapshot and
// starts it. Its model has no error for a wrong state but that of what is not
// supported.
func (s *Service) RestoreWorkspace(ctx context.Context, in *workspaces.RestoreWorkspaceInput) (*workspaces.RestoreWorkspaceOutput, error) {
	err := s.askAlone(ctx, askRestore, text(in.WorkspaceId))
	if state, ok := errors.AsType[*types.InvalidResourceStateException](err); ok {
		return nil, &types.OperationNotSupportedException{Message: state.Message}
	}
	if err != nil {
		return nil, err
	}
	return &workspaces.RestoreWorkspaceOutput{}, nil
}

func (s *Service) restoreWorkspaceChecks(ctx context.Context, in *workspaces.RestoreWorkspaceInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:RestoreWorkspace", []string{text(in.WorkspaceId)})
}
