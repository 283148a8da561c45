package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SetDefaultPolicyVersion says which version of a managed policy counts.
func (s *Service) SetDefaultPolicyVersion(ctx context.Context, in *iam.SetDefaultPolicyVersionInput) (*iam.SetDefaultPolicyVersionOutput, error) {
	err := s.changePolicy(ctx, *in.PolicyArn, func(tx *store.Tx, sc store.Scope, m *managed) error {
		v, err := m.findVersion(tx, sc, *in.VersionId)
		if err != nil {
			return err
		}
		m.Default = v.Number
		return nil
	})
	return &iam.SetDefaultPolicyVersionOutput{}, err
}

func (s *Service) setDefaultPolicyVersionChecks(ctx context.Context, in *iam.SetDefaultPolicyVersionInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:SetDefaultPolicyVersion", in.PolicyArn)
}
