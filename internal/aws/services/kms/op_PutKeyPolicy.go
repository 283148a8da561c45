package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutKeyPolicy replaces the key's policy.
func (s *Service) PutKeyPolicy(ctx context.Context, in *kms.PutKeyPolicyInput) (*kms.PutKeyPolicyOutput, error) {
	call := api.CallFrom(ctx)
	if in.PolicyName != nil && *in.PolicyName != defaultPolicyName {
		return nil, invalid("The only valid policy name is default.")
	}
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.managedByAccount("PutKeyPolicy"); err != nil {
			return err
		}
		k.Policy = *in.Policy
		return checkPolicy(call, k, *in.Policy, in.BypassPolicyLockoutSafetyCheck)
	})
	if err != nil {
		return nil, err
	}
	return &kms.PutKeyPolicyOutput{}, nil
}

func (s *Service) putKeyPolicyChecks(ctx context.Context, in *kms.PutKeyPolicyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:PutKeyPolicy", home: true,
		keys: with("kms:BypassPolicyLockoutSafetyCheck", flag(in.BypassPolicyLockoutSafetyCheck)),
	})
}
