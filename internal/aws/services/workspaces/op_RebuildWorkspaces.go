package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// RebuildWorkspaces gives a desktop a fresh root volume and keeps its user volume.
func (s *Service) RebuildWorkspaces(ctx context.Context, in *workspaces.RebuildWorkspacesInput) (*workspaces.RebuildWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askRebuild, desktopsOf(in.RebuildWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.RebuildWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) rebuildWorkspacesChecks(ctx context.Context, in *workspaces.RebuildWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:RebuildWorkspaces", desktopsOf(in.RebuildWorkspaceRequests))
}
