package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateDataKeyPair makes a key pair for use elsewhere; the private key comes
// plain and encrypted.
func (s *Service) GenerateDataKeyPair(ctx context.Context, in *kms.GenerateDataKeyPairInput) (*kms.GenerateDataKeyPairOutput, error) {
	k, private, public, blob, err := s.makeDataPair(ctx, dataKey{
		use:     use{key: *in.KeyId, tokens: in.GrantTokens, operation: "GenerateDataKeyPair", dry: in.DryRun, recipient: in.Recipient},
		context: in.EncryptionContext,
	}, in.KeyPairSpec)
	if err != nil {
		return nil, err
	}
	return &kms.GenerateDataKeyPairOutput{
		KeyId: new(k.ARN()), KeyPairSpec: in.KeyPairSpec, PublicKey: public, PrivateKeyPlaintext: private,
		PrivateKeyCiphertextBlob: blob, KeyMaterialId: &k.Material,
	}, nil
}

func (s *Service) generateDataKeyPairChecks(ctx context.Context, in *kms.GenerateDataKeyPairInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GenerateDataKeyPair", grant: types.GrantOperationGenerateDataKeyPair, context: in.EncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(types.EncryptionAlgorithmSpecSymmetricDefault), "kms:DataKeyPairSpec", string(in.KeyPairSpec)),
	})
}
