package kms

import (
	"context"
	"crypto/hmac"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// VerifyMac checks an HMAC. A wrong one is an error, as on AWS.
func (s *Service) VerifyMac(ctx context.Context, in *kms.VerifyMacInput) (*kms.VerifyMacOutput, error) {
	k, secret, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeGenerateVerifyMac, operation: "VerifyMac", dry: in.DryRun,
		fits: func(k *Key) error { return macs(k, in.MacAlgorithm) },
	})
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(mac(secret, in.MacAlgorithm, in.Message), in.Mac) {
		return nil, &types.KMSInvalidMacException{}
	}
	return &kms.VerifyMacOutput{KeyId: new(k.ARN()), MacValid: true, MacAlgorithm: in.MacAlgorithm}, nil
}

func (s *Service) verifyMacChecks(ctx context.Context, in *kms.VerifyMacInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:VerifyMac", grant: types.GrantOperationVerifyMac, keys: with("kms:MacAlgorithm", string(in.MacAlgorithm)),
	})
}
