package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DetachGroupPolicy takes a managed policy from a group.
func (s *Service) DetachGroupPolicy(ctx context.Context, in *iam.DetachGroupPolicyInput) (*iam.DetachGroupPolicyOutput, error) {
	return &iam.DetachGroupPolicyOutput{}, s.detach(ctx, ofGroup, *in.GroupName, *in.PolicyArn)
}

func (s *Service) detachGroupPolicyChecks(ctx context.Context, in *iam.DetachGroupPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DetachGroupPolicy", ofGroup, *in.GroupName, *in.PolicyArn)
}
