package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DeleteGroupPolicy takes an inline policy from a group.
func (s *Service) DeleteGroupPolicy(ctx context.Context, in *iam.DeleteGroupPolicyInput) (*iam.DeleteGroupPolicyOutput, error) {
	return &iam.DeleteGroupPolicyOutput{}, s.deleteInline(ctx, ofGroup, *in.GroupName, *in.PolicyName)
}

func (s *Service) deleteGroupPolicyChecks(ctx context.Context, in *iam.DeleteGroupPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DeleteGroupPolicy", ofGroup, *in.GroupName, "")
}
