package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteAccessKey removes a key, which signs nothing from the next call on.
func (s *Service) DeleteAccessKey(ctx context.Context, in *iam.DeleteAccessKeyInput) (*iam.DeleteAccessKeyOutput, error) {
	call := api.CallFrom(ctx)
	if err := needsName(call, in.UserName); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, userNamed(ctx, in.UserName))
		if err != nil {
			return err
		}
		k, err := keyOf(tx, u.ID, *in.AccessKeyId)
		if err != nil {
			return err
		}
		if err := keyUses.Delete(tx, store.Scope{}, k.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return accessKeys.Delete(tx, store.Scope{}, k.ID)
	})
	return &iam.DeleteAccessKeyOutput{}, err
}

func (s *Service) deleteAccessKeyChecks(ctx context.Context, in *iam.DeleteAccessKeyInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:DeleteAccessKey", in.UserName)
}
