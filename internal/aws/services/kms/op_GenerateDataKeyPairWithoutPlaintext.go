package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateDataKeyPairWithoutPlaintext makes a key pair for use elsewhere; the
// private key comes encrypted.
func (s *Service) GenerateDataKeyPairWithoutPlaintext(ctx context.Context, in *kms.GenerateDataKeyPairWithoutPlaintextInput) (*kms.GenerateDataKeyPairWithoutPlaintextOutput, error) {
	k, _, public, blob, err := s.makeDataPair(ctx, dataKey{
		use:     use{key: *in.KeyId, tokens: in.GrantTokens, operation: "GenerateDataKeyPairWithoutPlaintext", dry: in.DryRun},
		context: in.EncryptionContext,
	}, in.KeyPairSpec)
	if err != nil {
		return nil, err
	}
	return &kms.GenerateDataKeyPairWithoutPlaintextOutput{
		KeyId: new(k.ARN()), KeyPairSpec: in.KeyPairSpec, PublicKey: public, PrivateKeyCiphertextBlob: blob, KeyMaterialId: &k.Material,
	}, nil
}

func (s *Service) generateDataKeyPairWithoutPlaintextChecks(ctx context.Context, in *kms.GenerateDataKeyPairWithoutPlaintextInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GenerateDataKeyPairWithoutPlaintext", grant: types.GrantOperationGenerateDataKeyPairWithoutPlaintext, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(types.EncryptionAlgorithmSpecSymmetricDefault), "kms:DataKeyPairSpec", string(in.KeyPairSpec)),
	})
}
