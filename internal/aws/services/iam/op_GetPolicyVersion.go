package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetPolicyVersion shows a version of a managed policy with its document.
func (s *Service) GetPolicyVersion(ctx context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	var out types.PolicyVersion
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findManaged(tx, sc, *in.PolicyArn)
		if err != nil {
			return err
		}
		v, err := m.findVersion(tx, sc, *in.VersionId)
		if err != nil {
			return err
		}
		out = v.shown(m)
		out.Document = new(escaped(v.Document))
		return nil
	})
	return &iam.GetPolicyVersionOutput{PolicyVersion: &out}, err
}

func (s *Service) getPolicyVersionChecks(ctx context.Context, in *iam.GetPolicyVersionInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:GetPolicyVersion", in.PolicyArn)
}
