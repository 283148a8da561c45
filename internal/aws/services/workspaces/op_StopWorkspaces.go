package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// StopWorkspaces stops desktops of the running mode AUTO_STOP or MANUAL.
func (s *Service) StopWorkspaces(ctx context.Context, in *workspaces.StopWorkspacesInput) (*workspaces.StopWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askStop, desktopsOf(in.StopWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.StopWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) stopWorkspacesChecks(ctx context.Context, in *workspaces.StopWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:StopWorkspaces", desktopsOf(in.StopWorkspaceRequests))
}
