package kms

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// DeriveSharedSecret agrees on a secret with the holder of another key pair.
func (s *Service) DeriveSharedSecret(ctx context.Context, in *kms.DeriveSharedSecretInput) (*kms.DeriveSharedSecretOutput, error) {
	k, secret, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeKeyAgreement, operation: "DeriveSharedSecret",
		dry: in.DryRun, recipient: in.Recipient,
		fits: func(k *Key) error {
			if !slices.Contains(k.agreement(), in.KeyAgreementAlgorithm) {
				return wrongAlgorithm(string(in.KeyAgreementAlgorithm), k.Spec)
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	shared, err := agree(secret, in.PublicKey)
	if err != nil {
		return nil, err
	}
	return &kms.DeriveSharedSecretOutput{
		KeyId: new(k.ARN()), SharedSecret: shared, KeyAgreementAlgorithm: in.KeyAgreementAlgorithm, KeyOrigin: k.Origin,
	}, nil
}

func (s *Service) deriveSharedSecretChecks(ctx context.Context, in *kms.DeriveSharedSecretInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:DeriveSharedSecret", grant: types.GrantOperationDeriveSharedSecret,
		keys: with("kms:KeyAgreementAlgorithm", string(in.KeyAgreementAlgorithm)),
	})
}
