package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// DeleteUserPolicy takes an inline policy from a user.
func (s *Service) DeleteUserPolicy(ctx context.Context, in *iam.DeleteUserPolicyInput) (*iam.DeleteUserPolicyOutput, error) {
	return &iam.DeleteUserPolicyOutput{}, s.deleteInline(ctx, ofUser, *in.UserName, *in.PolicyName)
}

func (s *Service) deleteUserPolicyChecks(ctx context.Context, in *iam.DeleteUserPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:DeleteUserPolicy", ofUser, *in.UserName, "")
}
