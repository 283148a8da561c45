package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RevokeGrant ends a grant.
func (s *Service) RevokeGrant(ctx context.Context, in *kms.RevokeGrantInput) (*kms.RevokeGrantOutput, error) {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		k, err := findKey(tx, api.CallFrom(ctx), *in.KeyId)
		if err != nil {
			return err
		}
		return endGrant(tx, k.scope(), k.ID, *in.GrantId, in.DryRun)
	})
	if err != nil {
		return nil, err
	}
	return &kms.RevokeGrantOutput{}, nil
}

// endGrant removes a grant.
func endGrant(tx *store.Tx, sc store.Scope, key, id string, dry *bool) error {
	_, err := grants.Get(tx, sc, key+"/"+id)
	if errors.Is(err, store.ErrNotFound) {
		return notFound("Grant ID " + id + " not found")
	}
	if err != nil {
		return err
	}
	if err := dryRun(dry); err != nil {
		return err
	}
	return grants.Delete(tx, sc, key+"/"+id)
}

func (s *Service) revokeGrantChecks(ctx context.Context, in *kms.RevokeGrantInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:RevokeGrant"})
}
