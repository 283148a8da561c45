package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// RebootWorkspaces restarts desktops; it heals unhealthy ones.
func (s *Service) RebootWorkspaces(ctx context.Context, in *workspaces.RebootWorkspacesInput) (*workspaces.RebootWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askReboot, desktopsOf(in.RebootWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.RebootWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) rebootWorkspacesChecks(ctx context.Context, in *workspaces.RebootWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:RebootWorkspaces", desktopsOf(in.RebootWorkspaceRequests))
}
