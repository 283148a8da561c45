package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateAlias lets an alias name another key of the same kind.
func (s *Service) UpdateAlias(ctx context.Context, in *kms.UpdateAliasInput) (*kms.UpdateAliasOutput, error) {
	if err := checkAliasName(*in.AliasName); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		old, err := find(tx, call, *in.AliasName)
		if err != nil {
			return err
		}
		k, err := target(tx, call, *in.TargetKeyId)
		if err != nil {
			return err
		}
		if k.Usage != old.Usage || k.symmetric() != old.symmetric() {
			return invalid("Alias " + *in.AliasName + " cannot be changed from a key of " + string(old.Spec) + " for " + string(old.Usage) +
				" to one of " + string(k.Spec) + " for " + string(k.Usage) + ".")
		}
		if k.ID != old.ID {
			if err := roomForAlias(tx, k); err != nil {
				return err
			}
		}
		a, err := aliases.Get(tx, sc, *in.AliasName)
		if err != nil {
			return err
		}
		a.Key, a.Updated = k.ID, s.clock.Now()
		return aliases.Put(tx, sc, a)
	})
	if err != nil {
		return nil, err
	}
	return &kms.UpdateAliasOutput{}, nil
}

func (s *Service) updateAliasChecks(ctx context.Context, in *kms.UpdateAliasInput) ([]api.Check, error) {
	return s.onAlias(ctx, "kms:UpdateAlias", text(in.AliasName), text(in.AliasName), text(in.TargetKeyId))
}
