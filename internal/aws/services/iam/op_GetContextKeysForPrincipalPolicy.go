package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// GetContextKeysForPrincipalPolicy lists the condition keys that the policies
// of a user, group or role ask for.
func (s *Service) GetContextKeysForPrincipalPolicy(ctx context.Context, in *iam.GetContextKeysForPrincipalPolicyInput) (*iam.GetContextKeysForPrincipalPolicyOutput, error) {
	m, err := s.principal(ctx, *in.PolicySourceArn, in.PolicyInputList)
	if err != nil {
		return nil, err
	}
	return &iam.GetContextKeysForPrincipalPolicyOutput{ContextKeyNames: contextKeys(m.held.Identity.Policies())}, nil
}

func (s *Service) getContextKeysForPrincipalPolicyChecks(ctx context.Context, in *iam.GetContextKeysForPrincipalPolicyInput) ([]api.Check, error) {
	return checkSource(ctx, "iam:GetContextKeysForPrincipalPolicy", *in.PolicySourceArn), nil
}
