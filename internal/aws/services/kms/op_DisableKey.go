package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisableKey stops the use of a key.
func (s *Service) DisableKey(ctx context.Context, in *kms.DisableKeyInput) (*kms.DisableKeyOutput, error) {
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.managedByAccount("DisableKey"); err != nil {
			return asState(err, k)
		}
		if err := k.ready(); err != nil {
			return err
		}
		k.Disabled = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.DisableKeyOutput{}, nil
}

func (s *Service) disableKeyChecks(ctx context.Context, in *kms.DisableKeyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:DisableKey", home: true})
}
