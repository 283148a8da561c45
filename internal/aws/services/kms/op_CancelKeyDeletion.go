package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelKeyDeletion takes a deletion back; the key is disabled then.
func (s *Service) CancelKeyDeletion(ctx context.Context, in *kms.CancelKeyDeletionInput) (*kms.CancelKeyDeletionOutput, error) {
	k, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if k.Deletion.IsZero() {
			return invalidState(k.ARN(), "not pending deletion")
		}
		k.reprieve()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.CancelKeyDeletionOutput{KeyId: new(k.ARN())}, nil
}

func (s *Service) cancelKeyDeletionChecks(ctx context.Context, in *kms.CancelKeyDeletionInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:CancelKeyDeletion", home: true})
}
