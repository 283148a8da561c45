package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteUser removes a user that has nothing left: no groups, policies, keys,
// password or device.
func (s *Service) DeleteUser(ctx context.Context, in *iam.DeleteUserInput) (*iam.DeleteUserOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, sc, *in.UserName)
		if err != nil {
			return err
		}
		if err := hasNothing(tx, sc, u); err != nil {
			return err
		}
		return errors.Join(untouch(tx, sc, u.ID), users.Delete(tx, sc, users.Key(u)))
	})
	return &iam.DeleteUserOutput{}, err
}

func (s *Service) deleteUserChecks(ctx context.Context, in *iam.DeleteUserInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:DeleteUser", in.UserName)
}

// hasNothing refuses to delete a user to whom something belongs.
func hasNothing(tx *store.Tx, sc store.Scope, u *user) error {
	groups, err := membershipsOf(tx, sc, u.ID)
	if err != nil {
		return err
	}
	if len(groups) > 0 {
		return deleteConflict("Cannot delete entity, must remove users from group first.")
	}
	if err := holdsNothing(tx, sc, u.ID); err != nil {
		return err
	}
	keys, err := keysOf(tx, u.ID)
	if err != nil {
		return err
	}
	if len(keys) > 0 {
		return deleteConflict("Cannot delete entity, must delete access keys first.")
	}
	has, err := devicesOf(tx, sc, u.ID)
	if err != nil {
		return err
	}
	if len(has) > 0 {
		return deleteConflict("Cannot delete entity, must delete MFA device first.")
	}
	_, err = passwords.Get(tx, sc, u.ID)
	if err == nil {
		return deleteConflict("Cannot delete entity, must delete login profile first.")
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// holdsNothing refuses to delete a user or group that policies belong to.
func holdsNothing(tx *store.Tx, sc store.Scope, id string) error {
	for _, rule := range []struct {
		held func(*store.Tx, store.Scope, string) (bool, error)
		text string
	}{
		{holdsManaged, "Cannot delete entity, must detach all policies first."},
		{holdsInline, "Cannot delete entity, must delete policies first."},
	} {
		held, err := rule.held(tx, sc, id)
		if err != nil {
			return err
		}
		if held {
			return deleteConflict("%s", rule.text)
		}
	}
	return nil
}
