package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeletePolicy removes a managed policy that nobody has and that has no other
// version than its default one.
func (s *Service) DeletePolicy(ctx context.Context, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	call := api.CallFrom(ctx)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := findOwnPolicy(tx, call, *in.PolicyArn)
		if err != nil {
			return err
		}
		return removePolicy(tx, store.Scope{Account: call.Account}, m)
	})
	return &iam.DeletePolicyOutput{}, err
}

func (s *Service) deletePolicyChecks(ctx context.Context, in *iam.DeletePolicyInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:DeletePolicy", in.PolicyArn)
}

func removePolicy(tx *store.Tx, sc store.Scope, m *managed) error {
	policyARN := m.arn(sc.Account)
	u, err := usageOfOne(tx, sc, policyARN)
	if err != nil {
		return err
	}
	if u.attached[policyARN] > 0 {
		return deleteConflict("Cannot delete a policy attached to entities.")
	}
	if u.bounding[policyARN] > 0 {
		return deleteConflict("Cannot delete a policy that is used as a permissions boundary.")
	}
	all, err := versions.By(tx, sc, "policy", m.ID, store.Page{})
	if err != nil {
		return err
	}
	if len(all) > 1 {
		return deleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	for _, v := range all {
		if err := versions.Delete(tx, sc, versions.Key(v)); err != nil {
			return err
		}
	}
	return policies.Delete(tx, sc, policies.Key(m))
}
