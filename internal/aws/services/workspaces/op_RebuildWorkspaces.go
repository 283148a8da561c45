package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// RebuildWorkspaces gives a desktop a fresh root volume and keeps its user volume.
func (s *Service) RebuildWorkspaces(ctx context.Context, in *workspaces.RebuildWorkspacesInput) (*workspaces.RebuildWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askRebuild, rebuildIDs(in.RebuildWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.RebuildWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) rebuildWorkspacesChecks(ctx context.Context, in *workspaces.RebuildWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:RebuildWorkspaces", rebuildIDs(in.RebuildWorkspaceRequests))
}

func rebuildIDs(requests []types.RebuildRequest) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = text(r.WorkspaceId)
	}
	return ids
}
