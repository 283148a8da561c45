package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagPolicy takes tags off a managed policy of the account.
func (s *Service) UntagPolicy(ctx context.Context, in *iam.UntagPolicyInput) (*iam.UntagPolicyOutput, error) {
	err := s.changePolicy(ctx, *in.PolicyArn, func(_ *store.Tx, _ store.Scope, m *managed) error {
		m.Tags = removeTags(m.Tags, in.TagKeys)
		return nil
	})
	return &iam.UntagPolicyOutput{}, err
}

func (s *Service) untagPolicyChecks(ctx context.Context, in *iam.UntagPolicyInput) ([]api.Check, error) {
	c, err := s.checkPolicy(ctx, "iam:UntagPolicy", *in.PolicyArn)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
