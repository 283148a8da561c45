package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateMac computes the HMAC of a message.
func (s *Service) GenerateMac(ctx context.Context, in *kms.GenerateMacInput) (*kms.GenerateMacOutput, error) {
	k, secret, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeGenerateVerifyMac, operation: "GenerateMac", dry: in.DryRun,
		fits: func(k *Key) error { return macs(k, in.MacAlgorithm) },
	})
	if err != nil {
		return nil, err
	}
	return &kms.GenerateMacOutput{KeyId: new(k.ARN()), Mac: mac(secret, in.MacAlgorithm, in.Message), MacAlgorithm: in.MacAlgorithm}, nil
}

func (s *Service) generateMacChecks(ctx context.Context, in *kms.GenerateMacInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GenerateMac", grant: types.GrantOperationGenerateMac, keys: with("kms:MacAlgorithm", string(in.MacAlgorithm)),
	})
}
