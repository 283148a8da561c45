package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DeleteRolePolicy takes an inline policy from a role.
func (s *Service) DeleteRolePolicy(ctx context.Context, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
	return &iam.DeleteRolePolicyOutput{}, s.deleteInline(ctx, ofRole, *in.RoleName, *in.PolicyName)
}

func (s *Service) deleteRolePolicyChecks(ctx context.Context, in *iam.DeleteRolePolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DeleteRolePolicy", ofRole, *in.RoleName, "")
}
