package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagPolicy adds tags to a managed policy of the account, or gives those that
// are there new values.
func (s *Service) TagPolicy(ctx context.Context, in *iam.TagPolicyInput) (*iam.TagPolicyOutput, error) {
	err := s.changePolicy(ctx, *in.PolicyArn, func(_ *store.Tx, _ store.Scope, m *managed) (err error) {
		m.Tags, err = addTags(m.Tags, in.Tags)
		return err
	})
	return &iam.TagPolicyOutput{}, err
}

func (s *Service) tagPolicyChecks(ctx context.Context, in *iam.TagPolicyInput) ([]api.Check, error) {
	c, err := s.checkPolicy(ctx, "iam:TagPolicy", *in.PolicyArn)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
