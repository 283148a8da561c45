package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateAssumeRolePolicy replaces a role's trust policy.
func (s *Service) UpdateAssumeRolePolicy(ctx context.Context, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	err := s.changeRole(ctx, *in.RoleName, func(tx *store.Tx, sc store.Scope, r *role) error {
		r.Trust = *in.PolicyDocument
		return checkTrust(tx, sc, r.Trust)
	})
	return &iam.UpdateAssumeRolePolicyOutput{}, err
}

func (s *Service) updateAssumeRolePolicyChecks(ctx context.Context, in *iam.UpdateAssumeRolePolicyInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:UpdateAssumeRolePolicy", in.RoleName)
}
