package kms

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisableKeyRotation ends rotation by time.
func (s *Service) DisableKeyRotation(ctx context.Context, in *kms.DisableKeyRotationInput) (*kms.DisableKeyRotationOutput, error) {
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.rotatesAlone("DisableKeyRotation"); err != nil {
			return err
		}
		k.Period, k.Rotates = 0, time.Time{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.DisableKeyRotationOutput{}, nil
}

func (s *Service) disableKeyRotationChecks(ctx context.Context, in *kms.DisableKeyRotationInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:DisableKeyRotation", home: true})
}
