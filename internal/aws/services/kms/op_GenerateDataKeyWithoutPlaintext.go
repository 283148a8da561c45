package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateDataKeyWithoutPlaintext makes a key for use elsewhere, encrypted.
func (s *Service) GenerateDataKeyWithoutPlaintext(ctx context.Context, in *kms.GenerateDataKeyWithoutPlaintextInput) (*kms.GenerateDataKeyWithoutPlaintextOutput, error) {
	k, _, blob, err := s.makeDataKey(ctx, dataKey{
		use:     use{key: *in.KeyId, tokens: in.GrantTokens, operation: "GenerateDataKeyWithoutPlaintext", dry: in.DryRun},
		context: in.EncryptionContext, spec: in.KeySpec, bytes: in.NumberOfBytes,
	})
	if err != nil {
		return nil, err
	}
	return &kms.GenerateDataKeyWithoutPlaintextOutput{KeyId: new(k.ARN()), CiphertextBlob: blob, KeyMaterialId: &k.Material}, nil
}

func (s *Service) generateDataKeyWithoutPlaintextChecks(ctx context.Context, in *kms.GenerateDataKeyWithoutPlaintextInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GenerateDataKeyWithoutPlaintext", grant: types.GrantOperationGenerateDataKeyWithoutPlaintext, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(types.EncryptionAlgorithmSpecSymmetricDefault)),
	})
}
