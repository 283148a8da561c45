package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// GetUserPolicy shows an inline policy of a user.
func (s *Service) GetUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput) (*iam.GetUserPolicyOutput, error) {
	h, p, err := s.getInline(ctx, ofUser, *in.UserName, *in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetUserPolicyOutput{UserName: &h.name, PolicyName: &p.Name, PolicyDocument: new(escaped(p.Document))}, nil
}

func (s *Service) getUserPolicyChecks(ctx context.Context, in *iam.GetUserPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:GetUserPolicy", ofUser, *in.UserName, "")
}
