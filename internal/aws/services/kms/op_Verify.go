package kms

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// Verify checks a signature. A wrong one is an error, as on AWS.
func (s *Service) Verify(ctx context.Context, in *kms.VerifyInput) (*kms.VerifyOutput, error) {
	k, _, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeSignVerify, operation: "Verify", dry: in.DryRun,
		fits: func(k *Key) error { return signs(k, in.SigningAlgorithm, in.MessageType, in.Message) },
	})
	if err != nil {
		return nil, err
	}
	sum, err := digest(in.SigningAlgorithm, in.MessageType, in.Message)
	if err != nil {
		return nil, err
	}
	ok, err := verifies(k, in.SigningAlgorithm, sum, in.Signature)
	if err != nil {
		return nil, fmt.Errorf("verify with key %s: %w", k.ID, err)
	}
	if !ok {
		return nil, &types.KMSInvalidSignatureException{}
	}
	return &kms.VerifyOutput{KeyId: new(k.ARN()), SignatureValid: true, SigningAlgorithm: in.SigningAlgorithm}, nil
}

func (s *Service) verifyChecks(ctx context.Context, in *kms.VerifyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:Verify", grant: types.GrantOperationVerify,
		keys: with("kms:SigningAlgorithm", string(in.SigningAlgorithm), "kms:MessageType", messageType(in.MessageType)),
	})
}
