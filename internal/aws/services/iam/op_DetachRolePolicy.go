package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DetachRolePolicy takes a managed policy from a role.
func (s *Service) DetachRolePolicy(ctx context.Context, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
	return &iam.DetachRolePolicyOutput{}, s.detach(ctx, ofRole, *in.RoleName, *in.PolicyArn)
}

func (s *Service) detachRolePolicyChecks(ctx context.Context, in *iam.DetachRolePolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DetachRolePolicy", ofRole, *in.RoleName, *in.PolicyArn)
}
