package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateKeyDescription describes a key anew.
func (s *Service) UpdateKeyDescription(ctx context.Context, in *kms.UpdateKeyDescriptionInput) (*kms.UpdateKeyDescriptionOutput, error) {
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.managedByAccount("UpdateKeyDescription"); err != nil {
			return asState(err, k)
		}
		k.Description = *in.Description
		return k.kept()
	})
	if err != nil {
		return nil, err
	}
	return &kms.UpdateKeyDescriptionOutput{}, nil
}

func (s *Service) updateKeyDescriptionChecks(ctx context.Context, in *kms.UpdateKeyDescriptionInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:UpdateKeyDescription", home: true})
}
