package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// RebootWorkspaces restarts desktops; it heals unhealthy ones.
func (s *Service) RebootWorkspaces(ctx context.Context, in *workspaces.RebootWorkspacesInput) (*workspaces.RebootWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askReboot, rebootIDs(in.RebootWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.RebootWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) rebootWorkspacesChecks(ctx context.Context, in *workspaces.RebootWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:RebootWorkspaces", rebootIDs(in.RebootWorkspaceRequests))
}

func rebootIDs(requests []types.RebootRequest) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = text(r.WorkspaceId)
	}
	return ids
}
