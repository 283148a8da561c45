package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteRolePermissionsBoundary takes a role's boundary away.
func (s *Service) DeleteRolePermissionsBoundary(ctx context.Context, in *iam.DeleteRolePermissionsBoundaryInput) (*iam.DeleteRolePermissionsBoundaryOutput, error) {
	err := s.changeRole(ctx, *in.RoleName, func(_ *store.Tx, _ store.Scope, r *role) error {
		if r.Boundary == "" {
			return noSuch("The role with name %s does not have a permissions boundary.", r.Name)
		}
		r.Boundary = ""
		return nil
	})
	return &iam.DeleteRolePermissionsBoundaryOutput{}, err
}

func (s *Service) deleteRolePermissionsBoundaryChecks(ctx context.Context, in *iam.DeleteRolePermissionsBoundaryInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:DeleteRolePermissionsBoundary", in.RoleName)
}
