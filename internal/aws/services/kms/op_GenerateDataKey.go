package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateDataKey makes a key for use elsewhere, plain and encrypted.
func (s *Service) GenerateDataKey(ctx context.Context, in *kms.GenerateDataKeyInput) (*kms.GenerateDataKeyOutput, error) {
	k, plain, blob, err := s.makeDataKey(ctx, dataKey{
		use:     use{key: *in.KeyId, tokens: in.GrantTokens, operation: "GenerateDataKey", dry: in.DryRun, recipient: in.Recipient},
		context: in.EncryptionContext, spec: in.KeySpec, bytes: in.NumberOfBytes,
	})
	if err != nil {
		return nil, err
	}
	return &kms.GenerateDataKeyOutput{KeyId: new(k.ARN()), Plaintext: plain, CiphertextBlob: blob, KeyMaterialId: &k.Material}, nil
}

func (s *Service) generateDataKeyChecks(ctx context.Context, in *kms.GenerateDataKeyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GenerateDataKey", grant: types.GrantOperationGenerateDataKey, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(types.EncryptionAlgorithmSpecSymmetricDefault)),
	})
}
