package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// AttachGroupPolicy gives a group a managed policy; one that it has already stays.
func (s *Service) AttachGroupPolicy(ctx context.Context, in *iam.AttachGroupPolicyInput) (*iam.AttachGroupPolicyOutput, error) {
	return &iam.AttachGroupPolicyOutput{}, s.attach(ctx, ofGroup, *in.GroupName, *in.PolicyArn)
}

func (s *Service) attachGroupPolicyChecks(ctx context.Context, in *iam.AttachGroupPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:AttachGroupPolicy", ofGroup, *in.GroupName, *in.PolicyArn)
}
