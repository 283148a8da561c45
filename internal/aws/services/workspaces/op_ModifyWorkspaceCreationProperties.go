package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyWorkspaceCreationProperties changes what new desktops of a directory
// begin with. What desktops here cannot be given is refused.
func (s *Service) ModifyWorkspaceCreationProperties(ctx context.Context, in *workspaces.ModifyWorkspaceCreationPropertiesInput) (*workspaces.ModifyWorkspaceCreationPropertiesOutput, error) {
	p := in.WorkspaceCreationProperties
	switch {
	case on(p.EnableInternetAccess):
		return nil, unsupported("A public address of each desktop")
	case p.CustomSecurityGroupId != nil:
		return nil, unsupported("A security group of desktops")
	case on(p.UserEnabledAsLocalAdministrator):
		return nil, unsupported("A user who is administrator of the desktop")
	case p.InstanceIamRoleArn != nil:
		return nil, unsupported("A role of desktops")
	}
	if p.DefaultOu != nil {
		if err := checkOU(*p.DefaultOu); err != nil {
			return nil, err
		}
	}
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		if p.DefaultOu != nil {
			d.Settings.DefaultOU = *p.DefaultOu
		}
		if p.EnableMaintenanceMode != nil {
			d.Settings.Maintenance = *p.EnableMaintenanceMode
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyWorkspaceCreationPropertiesOutput{}, nil
}

func (s *Service) modifyWorkspaceCreationPropertiesChecks(ctx context.Context, in *workspaces.ModifyWorkspaceCreationPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyWorkspaceCreationProperties", in.ResourceId)
}
