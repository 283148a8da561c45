package kms

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// Sign signs a message, or the digest of one.
func (s *Service) Sign(ctx context.Context, in *kms.SignInput) (*kms.SignOutput, error) {
	k, secret, err := s.begin(ctx, use{
		key: *in.KeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeSignVerify, operation: "Sign", dry: in.DryRun,
		fits: func(k *Key) error { return signs(k, in.SigningAlgorithm, in.MessageType, in.Message) },
	})
	if err != nil {
		return nil, err
	}
	sum, err := digest(in.SigningAlgorithm, in.MessageType, in.Message)
	if err != nil {
		return nil, err
	}
	signature, err := sign(k, secret, in.SigningAlgorithm, sum)
	if err != nil {
		return nil, fmt.Errorf("sign with key %s: %w", k.ID, err)
	}
	return &kms.SignOutput{KeyId: new(k.ARN()), Signature: signature, SigningAlgorithm: in.SigningAlgorithm}, nil
}

// signs refuses an algorithm that the key has not, and a digest that is none.
func signs(k *Key, a types.SigningAlgorithmSpec, kind types.MessageType, message []byte) error {
	if !slices.Contains(k.signing(), a) {
		return wrongAlgorithm(string(a), k.Spec)
	}
	_, err := digest(a, kind, message)
	return err
}

func messageType(given types.MessageType) string {
	if given == "" {
		return string(types.MessageTypeRaw)
	}
	return string(given)
}

func (s *Service) signChecks(ctx context.Context, in *kms.SignInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:Sign", grant: types.GrantOperationSign,
		keys: with("kms:SigningAlgorithm", string(in.SigningAlgorithm), "kms:MessageType", messageType(in.MessageType)),
	})
}
