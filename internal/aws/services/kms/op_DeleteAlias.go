package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteAlias removes an alias; the key stays.
func (s *Service) DeleteAlias(ctx context.Context, in *kms.DeleteAliasInput) (*kms.DeleteAliasOutput, error) {
	if err := checkAliasName(*in.AliasName); err != nil {
		return nil, err
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		err := aliases.Delete(tx, sc, *in.AliasName)
		if errors.Is(err, store.ErrNotFound) {
			return noSuchAlias(aliasARN(sc, *in.AliasName))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &kms.DeleteAliasOutput{}, nil
}

func (s *Service) deleteAliasChecks(ctx context.Context, in *kms.DeleteAliasInput) ([]api.Check, error) {
	return s.onAlias(ctx, "kms:DeleteAlias", text(in.AliasName), text(in.AliasName))
}
