package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifySelfservicePermissions says what users may do to their own desktops.
func (s *Service) ModifySelfservicePermissions(ctx context.Context, in *workspaces.ModifySelfservicePermissionsInput) (*workspaces.ModifySelfservicePermissionsOutput, error) {
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		keep(&d.Settings.SelfService, permissions(in.SelfservicePermissions))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifySelfservicePermissionsOutput{}, nil
}

func (s *Service) modifySelfservicePermissionsChecks(ctx context.Context, in *workspaces.ModifySelfservicePermissionsInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifySelfservicePermissions", in.ResourceId)
}
