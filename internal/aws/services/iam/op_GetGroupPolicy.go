package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// GetGroupPolicy shows an inline policy of a group.
func (s *Service) GetGroupPolicy(ctx context.Context, in *iam.GetGroupPolicyInput) (*iam.GetGroupPolicyOutput, error) {
	h, p, err := s.getInline(ctx, ofGroup, *in.GroupName, *in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetGroupPolicyOutput{GroupName: &h.name, PolicyName: &p.Name, PolicyDocument: new(escaped(p.Document))}, nil
}

func (s *Service) getGroupPolicyChecks(ctx context.Context, in *iam.GetGroupPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:GetGroupPolicy", ofGroup, *in.GroupName, "")
}
