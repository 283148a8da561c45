package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetPolicy shows a managed policy with description and tags, and how often it
// is used in the account.
func (s *Service) GetPolicy(ctx context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	var out types.Policy
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findManaged(tx, sc, *in.PolicyArn)
		if err != nil {
			return err
		}
		u, err := usageOfOne(tx, sc, *in.PolicyArn)
		out = m.shown(sc.Account, u)
		if m.Description != "" {
			out.Description = &m.Description
		}
		out.Tags = tagList(m.Tags)
		return err
	})
	return &iam.GetPolicyOutput{Policy: &out}, err
}

func (s *Service) getPolicyChecks(ctx context.Context, in *iam.GetPolicyInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:GetPolicy", in.PolicyArn)
}
