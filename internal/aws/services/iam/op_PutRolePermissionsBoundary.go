package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutRolePermissionsBoundary makes a managed policy the most that a role can
// be allowed.
func (s *Service) PutRolePermissionsBoundary(ctx context.Context, in *iam.PutRolePermissionsBoundaryInput) (*iam.PutRolePermissionsBoundaryOutput, error) {
	err := s.changeRole(ctx, *in.RoleName, func(tx *store.Tx, sc store.Scope, r *role) error {
		r.Boundary = *in.PermissionsBoundary
		return checkBoundary(tx, sc, r.Boundary)
	})
	return &iam.PutRolePermissionsBoundaryOutput{}, err
}

func (s *Service) putRolePermissionsBoundaryChecks(ctx context.Context, in *iam.PutRolePermissionsBoundaryInput) ([]api.Check, error) {
	c, err := s.checkRole(ctx, "iam:PutRolePermissionsBoundary", *in.RoleName)
	return []api.Check{withKey(c, "iam:PermissionsBoundary", *in.PermissionsBoundary)}, err
}
