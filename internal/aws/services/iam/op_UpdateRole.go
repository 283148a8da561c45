package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateRole sets a role's description, if given, and how long its sessions
// may last: an hour when that is not given (IAM API Reference, UpdateRole).
func (s *Service) UpdateRole(ctx context.Context, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	err := s.changeRole(ctx, *in.RoleName, func(_ *store.Tx, _ store.Scope, r *role) error {
		if in.Description != nil {
			r.Description = *in.Description
		}
		r.MaxSession = hour
		if in.MaxSessionDuration != nil {
			r.MaxSession = *in.MaxSessionDuration
		}
		return nil
	})
	return &iam.UpdateRoleOutput{}, err
}

func (s *Service) updateRoleChecks(ctx context.Context, in *iam.UpdateRoleInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:UpdateRole", in.RoleName)
}
