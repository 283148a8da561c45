package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// PutUserPolicy gives a user an inline policy, or replaces the one of that name.
func (s *Service) PutUserPolicy(ctx context.Context, in *iam.PutUserPolicyInput) (*iam.PutUserPolicyOutput, error) {
	return &iam.PutUserPolicyOutput{}, s.putInline(ctx, ofUser, *in.UserName, *in.PolicyName, *in.PolicyDocument)
}

func (s *Service) putUserPolicyChecks(ctx context.Context, in *iam.PutUserPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:PutUserPolicy", ofUser, *in.UserName, "")
}
