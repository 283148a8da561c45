package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteImportedKeyMaterial removes imported material; the key waits for the
// same material then.
func (s *Service) DeleteImportedKeyMaterial(ctx context.Context, in *kms.DeleteImportedKeyMaterialInput) (*kms.DeleteImportedKeyMaterialOutput, error) {
	out := &kms.DeleteImportedKeyMaterialOutput{}
	k, err := s.change(ctx, *in.KeyId, func(tx *store.Tx, k *Key) error {
		if err := k.importable("DeleteImportedKeyMaterial"); err != nil {
			return err
		}
		id := k.Material
		if in.KeyMaterialId != nil {
			id = *in.KeyMaterialId
		}
		if id == "" {
			return nil // nothing was imported yet
		}
		m, err := materials.Get(tx, store.Scope{}, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && m.Key != k.ID {
			return notFound("Key material " + id + " is not found.")
		}
		if err != nil {
			return err
		}
		out.KeyMaterialId = &m.ID
		if err := k.drop(tx, m); err != nil {
			return err
		}
		return k.tally(tx)
	})
	if err != nil {
		return nil, err
	}
	out.KeyId = new(k.ARN())
	return out, nil
}

func (s *Service) deleteImportedKeyMaterialChecks(ctx context.Context, in *kms.DeleteImportedKeyMaterialInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:DeleteImportedKeyMaterial", home: true})
}
