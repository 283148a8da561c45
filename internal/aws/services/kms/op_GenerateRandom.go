package kms

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// GenerateRandom returns random bytes.
func (s *Service) GenerateRandom(_ context.Context, in *kms.GenerateRandomInput) (*kms.GenerateRandomOutput, error) {
	if err := noRecipient(in.Recipient); err != nil {
		return nil, err
	}
	if in.CustomKeyStoreId != nil {
		return nil, &types.CustomKeyStoreNotFoundException{Message: new("The custom key store " + *in.CustomKeyStoreId + " does not exist.")}
	}
	if in.NumberOfBytes == nil {
		return nil, invalid("NumberOfBytes is required.")
	}
	b := make([]byte, *in.NumberOfBytes)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return &kms.GenerateRandomOutput{Plaintext: b}, nil
}

func (s *Service) generateRandomChecks(ctx context.Context, _ *kms.GenerateRandomInput) ([]api.Check, error) {
	return onAll(api.CallFrom(ctx), "kms:GenerateRandom", nil, nil), nil
}
