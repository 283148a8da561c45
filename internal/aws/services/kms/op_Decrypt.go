package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// Decrypt opens a ciphertext. A symmetric one names its key.
func (s *Service) Decrypt(ctx context.Context, in *kms.DecryptInput) (*kms.DecryptOutput, error) {
	if err := noRecipient(in.Recipient); err != nil {
		return nil, err
	}
	if err := s.tokens(in.GrantTokens); err != nil {
		return nil, err
	}
	if err := onlyDry(in.DryRun, in.DryRunModifiers); err != nil {
		return nil, err
	}
	c := decryptCiphertext(in)
	k, plain, material, err := s.decrypt(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := dryRun(in.DryRun); err != nil {
		return nil, err
	}
	out := &kms.DecryptOutput{KeyId: new(k.ARN()), Plaintext: plain, EncryptionAlgorithm: c.algorithm}
	if material != "" {
		out.KeyMaterialId = &material
	}
	return out, nil
}

func decryptCiphertext(in *kms.DecryptInput) *ciphertext {
	return &ciphertext{
		blob: in.CiphertextBlob, context: in.EncryptionContext, key: text(in.KeyId), operation: "Decrypt",
		algorithm: algorithm(in.EncryptionAlgorithm), modifiers: in.DryRunModifiers,
	}
}

// onlyDry refuses modifiers of a dry run without one.
func onlyDry(dry *bool, modifiers []types.DryRunModifierType) error {
	if len(modifiers) > 0 && (dry == nil || !*dry) {
		return invalid("DryRunModifiers can be specified only when DryRun is true.")
	}
	return nil
}

func (s *Service) decryptChecks(ctx context.Context, in *kms.DecryptInput) ([]api.Check, error) {
	check, _, err := s.checkCiphertext(ctx, decryptCiphertext(in), ask{
		action: "kms:Decrypt", grant: types.GrantOperationDecrypt, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(algorithm(in.EncryptionAlgorithm))),
	})
	return []api.Check{check}, err
}
