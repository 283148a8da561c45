package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnableKey lets a key be used again.
func (s *Service) EnableKey(ctx context.Context, in *kms.EnableKeyInput) (*kms.EnableKeyOutput, error) {
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.managedByAccount("EnableKey"); err != nil {
			return asState(err, k)
		}
		if err := k.ready(); err != nil {
			return err
		}
		k.Disabled = false
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.EnableKeyOutput{}, nil
}

func (s *Service) enableKeyChecks(ctx context.Context, in *kms.EnableKeyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:EnableKey", home: true})
}
