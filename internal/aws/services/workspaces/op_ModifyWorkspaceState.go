package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// ModifyWorkspaceState takes a desktop into the administrator's maintenance, in
// which nobody but agents reaches it and nobody starts, stops or rebuilds it, or
// out of it.
func (s *Service) ModifyWorkspaceState(ctx context.Context, in *workspaces.ModifyWorkspaceStateInput) (*workspaces.ModifyWorkspaceStateOutput, error) {
	a := askMaintain
	if in.WorkspaceState == types.TargetWorkspaceStateAvailable {
		a = askRelease
	}
	if err := s.askAlone(ctx, a, text(in.WorkspaceId)); err != nil {
		return nil, err
	}
	return &workspaces.ModifyWorkspaceStateOutput{}, nil
}

func (s *Service) modifyWorkspaceStateChecks(ctx context.Context, in *workspaces.ModifyWorkspaceStateInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:ModifyWorkspaceState", []string{text(in.WorkspaceId)})
}
