package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// PutGroupPolicy gives a group an inline policy, or replaces the one of that name.
func (s *Service) PutGroupPolicy(ctx context.Context, in *iam.PutGroupPolicyInput) (*iam.PutGroupPolicyOutput, error) {
	return &iam.PutGroupPolicyOutput{}, s.putInline(ctx, ofGroup, *in.GroupName, *in.PolicyName, *in.PolicyDocument)
}

func (s *Service) putGroupPolicyChecks(ctx context.Context, in *iam.PutGroupPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:PutGroupPolicy", ofGroup, *in.GroupName, "")
}
