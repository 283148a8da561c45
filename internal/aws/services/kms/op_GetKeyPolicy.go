package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetKeyPolicy returns the policy as it was put.
func (s *Service) GetKeyPolicy(ctx context.Context, in *kms.GetKeyPolicyInput) (*kms.GetKeyPolicyOutput, error) {
	var k *Key
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId)
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.PolicyName != nil && *in.PolicyName != defaultPolicyName {
		return nil, notFound("No such policy exists")
	}
	return &kms.GetKeyPolicyOutput{Policy: &k.Policy, PolicyName: new(defaultPolicyName)}, nil
}

func (s *Service) getKeyPolicyChecks(ctx context.Context, in *kms.GetKeyPolicyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:GetKeyPolicy", home: true})
}
