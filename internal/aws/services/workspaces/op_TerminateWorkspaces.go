package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// TerminateWorkspaces removes desktops with their volumes, in whatever state they are.
func (s *Service) TerminateWorkspaces(ctx context.Context, in *workspaces.TerminateWorkspacesInput) (*workspaces.TerminateWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askTerminate, terminateIDs(in.TerminateWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.TerminateWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) terminateWorkspacesChecks(ctx context.Context, in *workspaces.TerminateWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:TerminateWorkspaces", terminateIDs(in.TerminateWorkspaceRequests))
}

func terminateIDs(requests []types.TerminateRequest) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = text(r.WorkspaceId)
	}
	return ids
}
