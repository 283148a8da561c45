package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// GetRolePolicy shows an inline policy of a role.
func (s *Service) GetRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
	h, p, err := s.getInline(ctx, ofRole, *in.RoleName, *in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRolePolicyOutput{RoleName: &h.name, PolicyName: &p.Name, PolicyDocument: new(escaped(p.Document))}, nil
}

func (s *Service) getRolePolicyChecks(ctx context.Context, in *iam.GetRolePolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:GetRolePolicy", ofRole, *in.RoleName, "")
}
