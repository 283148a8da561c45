package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// StopWorkspaces stops desktops of the running mode AUTO_STOP or MANUAL.
func (s *Service) StopWorkspaces(ctx context.Context, in *workspaces.StopWorkspacesInput) (*workspaces.StopWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askStop, stopIDs(in.StopWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.StopWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) stopWorkspacesChecks(ctx context.Context, in *workspaces.StopWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:StopWorkspaces", stopIDs(in.StopWorkspaceRequests))
}

func stopIDs(requests []types.StopRequest) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = text(r.WorkspaceId)
	}
	return ids
}
