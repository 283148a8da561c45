package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteRole removes a role that has no policies left and is in no instance
// profile.
func (s *Service) DeleteRole(ctx context.Context, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findOwnRole(tx, sc, *in.RoleName)
		if err != nil {
			return err
		}
		in, err := profiles.By(tx, sc, "role", strings.ToLower(r.Name), store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(in) > 0 {
			return deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
		}
		if err := holdsNothing(tx, sc, r.ID); err != nil {
			return err
		}
		return removeRole(tx, sc, r)
	})
	return &iam.DeleteRoleOutput{}, err
}

func (s *Service) deleteRoleChecks(ctx context.Context, in *iam.DeleteRoleInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:DeleteRole", in.RoleName)
}

// removeRole takes a role away, with what is known of its last use.
func removeRole(tx *store.Tx, sc store.Scope, r *role) error {
	if err := roleUses.Delete(tx, sc, r.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return errors.Join(untouch(tx, sc, r.ID), roles.Delete(tx, sc, roles.Key(r)))
}
