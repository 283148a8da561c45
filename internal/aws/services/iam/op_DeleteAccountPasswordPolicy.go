package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteAccountPasswordPolicy brings AWS's default policy back.
func (s *Service) DeleteAccountPasswordPolicy(ctx context.Context, in *iam.DeleteAccountPasswordPolicyInput) (*iam.DeleteAccountPasswordPolicyOutput, error) {
	call := api.CallFrom(ctx)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		err := passwordPolicies.Delete(tx, store.Scope{Account: call.Account}, policyKey)
		if errors.Is(err, store.ErrNotFound) {
			return noSuch("The account policy with name PasswordPolicy cannot be found.")
		}
		return err
	})
	return &iam.DeleteAccountPasswordPolicyOutput{}, err
}

func (s *Service) deleteAccountPasswordPolicyChecks(ctx context.Context, in *iam.DeleteAccountPasswordPolicyInput) ([]api.Check, error) {
	return api.OnAny("iam:DeleteAccountPasswordPolicy"), nil
}
