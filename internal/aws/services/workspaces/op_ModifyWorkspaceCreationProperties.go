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
	case on(p.UserEnabledAsLocalAdministrator) && !s.guises.Dresses():
		return nil, unsupported("A user who is administrator of the desktop, with this provider of desktops,")
	case p.InstanceIamRoleArn != nil:
		return nil, unsupported("A role of desktops")
	}
	if p.DefaultOu != nil {
		if err := checkOU(*p.DefaultOu); err != nil {
			return nil, err
		}
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.changeDirectory(ctx, in.ResourceId, func(tx *store.Tx, d *Directory) error {
		if p.CustomSecurityGroupId != nil {
			if err := s.besides(tx, sc, d, *p.CustomSecurityGroupId); err != nil {
				return err
			}
		}
		if p.DefaultOu != nil {
			d.Settings.DefaultOU = *p.DefaultOu
		}
		if p.EnableMaintenanceMode != nil {
			d.Settings.Maintenance = *p.EnableMaintenanceMode
		}
		if p.UserEnabledAsLocalAdministrator != nil {
			d.Settings.Administrators = *p.UserEnabledAsLocalAdministrator
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

// besides gives new desktops of a directory a security group of the customer's.
func (s *Service) besides(tx *store.Tx, sc store.Scope, d *Directory, group string) error {
	ok := false
	if s.networks != nil {
		var err error
		if ok, err = s.networks.GroupIn(tx, sc, group, d.SubnetIDs); err != nil {
			return err
		}
	}
	if !ok {
		return invalid("The security group " + group + " is not in the network of the directory's subnets.")
	}
	d.Settings.Group = group
	return nil
}
