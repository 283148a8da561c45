package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// PutRolePolicy gives a role an inline policy, or replaces the one of that name.
func (s *Service) PutRolePolicy(ctx context.Context, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
	return &iam.PutRolePolicyOutput{}, s.putInline(ctx, ofRole, *in.RoleName, *in.PolicyName, *in.PolicyDocument)
}

func (s *Service) putRolePolicyChecks(ctx context.Context, in *iam.PutRolePolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:PutRolePolicy", ofRole, *in.RoleName, "")
}
