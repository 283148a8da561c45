package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GetPublicKey returns the public key of an asymmetric key.
func (s *Service) GetPublicKey(ctx context.Context, in *kms.GetPublicKeyInput) (*kms.GetPublicKeyOutput, error) {
	if err := s.tokens(in.GrantTokens); err != nil {
		return nil, err
	}
	k, err := s.look(ctx, *in.KeyId)
	if err != nil {
		return nil, err
	}
	if err := k.usable(); err != nil {
		return nil, err
	}
	if k.Public == nil {
		return nil, unsupportedFor("GetPublicKey", k)
	}
	return &kms.GetPublicKeyOutput{
		KeyId: new(k.ARN()), PublicKey: k.Public, KeySpec: k.Spec, CustomerMasterKeySpec: types.CustomerMasterKeySpec(k.Spec), //nolint:staticcheck // older clients read it
		KeyUsage: k.Usage, EncryptionAlgorithms: k.encryption(), SigningAlgorithms: k.signing(), KeyAgreementAlgorithms: k.agreement(),
	}, nil
}

func (s *Service) getPublicKeyChecks(ctx context.Context, in *kms.GetPublicKeyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:GetPublicKey", grant: types.GrantOperationGetPublicKey})
}
