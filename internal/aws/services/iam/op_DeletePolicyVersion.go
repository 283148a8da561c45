package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeletePolicyVersion removes a version of a managed policy that is not the
// default one.
func (s *Service) DeletePolicyVersion(ctx context.Context, in *iam.DeletePolicyVersionInput) (*iam.DeletePolicyVersionOutput, error) {
	err := s.changePolicy(ctx, *in.PolicyArn, func(tx *store.Tx, sc store.Scope, m *managed) error {
		v, err := m.findVersion(tx, sc, *in.VersionId)
		if err != nil {
			return err
		}
		if v.Number == m.Default {
			return deleteConflict("Cannot delete the default version of a policy.")
		}
		return versions.Delete(tx, sc, versions.Key(v))
	})
	return &iam.DeletePolicyVersionOutput{}, err
}

func (s *Service) deletePolicyVersionChecks(ctx context.Context, in *iam.DeletePolicyVersionInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:DeletePolicyVersion", in.PolicyArn)
}
