package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
)

// StartWorkspaces starts stopped desktops of the running mode AUTO_STOP or MANUAL.
func (s *Service) StartWorkspaces(ctx context.Context, in *workspaces.StartWorkspacesInput) (*workspaces.StartWorkspacesOutput, error) {
	failed, err := s.askAll(ctx, askStart, desktopsOf(in.StartWorkspaceRequests))
	if err != nil {
		return nil, err
	}
	return &workspaces.StartWorkspacesOutput{FailedRequests: failed}, nil
}

func (s *Service) startWorkspacesChecks(ctx context.Context, in *workspaces.StartWorkspacesInput) ([]api.Check, error) {
	return s.checkEach(ctx, "workspaces:StartWorkspaces", desktopsOf(in.StartWorkspaceRequests))
}
