package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// Encrypt encrypts up to 4,096 bytes.
func (s *Service) Encrypt(ctx context.Context, in *kms.EncryptInput) (*kms.EncryptOutput, error) {
	a := algorithm(in.EncryptionAlgorithm)
	k, secret, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeEncryptDecrypt, operation: "Encrypt", dry: in.DryRun,
		fits: func(k *Key) error { return encrypts(k, a, in.EncryptionContext) },
	})
	if err != nil {
		return nil, err
	}
	blob, err := k.seal(secret, a, in.Plaintext, in.EncryptionContext)
	if err != nil {
		return nil, err
	}
	return &kms.EncryptOutput{KeyId: new(k.ARN()), CiphertextBlob: blob, EncryptionAlgorithm: a}, nil
}

func (s *Service) encryptChecks(ctx context.Context, in *kms.EncryptInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:Encrypt", grant: types.GrantOperationEncrypt, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(algorithm(in.EncryptionAlgorithm))),
	})
}
