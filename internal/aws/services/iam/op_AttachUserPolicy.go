package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// AttachUserPolicy gives a user a managed policy; one that it has already stays.
func (s *Service) AttachUserPolicy(ctx context.Context, in *iam.AttachUserPolicyInput) (*iam.AttachUserPolicyOutput, error) {
	return &iam.AttachUserPolicyOutput{}, s.attach(ctx, ofUser, *in.UserName, *in.PolicyArn)
}

func (s *Service) attachUserPolicyChecks(ctx context.Context, in *iam.AttachUserPolicyInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:AttachUserPolicy", ofUser, *in.UserName, *in.PolicyArn)
}
