package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// AttachRolePolicy gives a role a managed policy; one that it has already stays.
func (s *Service) AttachRolePolicy(ctx context.Context, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
	return &iam.AttachRolePolicyOutput{}, s.attach(ctx, ofRole, *in.RoleName, *in.PolicyArn)
}

func (s *Service) attachRolePolicyChecks(ctx context.Context, in *iam.AttachRolePolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:AttachRolePolicy", ofRole, *in.RoleName, *in.PolicyArn)
}
