package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyWorkspaceAccessProperties says which devices are let in. Browsers are
// asked for at each connection.
func (s *Service) ModifyWorkspaceAccessProperties(ctx context.Context, in *workspaces.ModifyWorkspaceAccessPropertiesInput) (*workspaces.ModifyWorkspaceAccessPropertiesOutput, error) {
	if in.WorkspaceAccessProperties.AccessEndpointConfig != nil {
		return nil, unsupported("An access endpoint")
	}
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		keep(&d.Settings.Access, devices(in.WorkspaceAccessProperties))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyWorkspaceAccessPropertiesOutput{}, nil
}

func (s *Service) modifyWorkspaceAccessPropertiesChecks(ctx context.Context, in *workspaces.ModifyWorkspaceAccessPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyWorkspaceAccessProperties", in.ResourceId)
}
