package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DetachUserPolicy takes a managed policy from a user.
func (s *Service) DetachUserPolicy(ctx context.Context, in *iam.DetachUserPolicyInput) (*iam.DetachUserPolicyOutput, error) {
	return &iam.DetachUserPolicyOutput{}, s.detach(ctx, ofUser, *in.UserName, *in.PolicyArn)
}

func (s *Service) detachUserPolicyChecks(ctx context.Context, in *iam.DetachUserPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DetachUserPolicy", ofUser, *in.UserName, *in.PolicyArn)
}
