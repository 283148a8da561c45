package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// TerminateWorkspaces removes desktops with their volumes, in whatever state they are.
func (s *Service) TerminateWorkspaces(ctx context.Context, in *workspaces.TerminateWorkspacesInput) (*workspaces.TerminateWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askTerminate, desktopsOf(in.TerminateWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.TerminateWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) terminateWorkspacesChecks(ctx context.Context, in *workspaces.TerminateWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:TerminateWorkspaces", desktopsOf(in.TerminateWorkspaceRequests))
}
