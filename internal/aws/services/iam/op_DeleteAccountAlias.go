package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteAccountAlias takes the account's alias away.
func (s *Service) DeleteAccountAlias(ctx context.Context, in *iam.DeleteAccountAliasInput) (*iam.DeleteAccountAliasOutput, error) {
	account := api.CallFrom(ctx).Account
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := aliases.Get(tx, store.Scope{}, *in.AccountAlias)
		if err == nil && a.Account != account {
			err = store.ErrNotFound
		}
		if err != nil {
			return orNoSuch(err, "The account alias %s cannot be found.", *in.AccountAlias)
		}
		return aliases.Delete(tx, store.Scope{}, a.Name)
	})
	return &iam.DeleteAccountAliasOutput{}, err
}

func (s *Service) deleteAccountAliasChecks(ctx context.Context, in *iam.DeleteAccountAliasInput) ([]api.Check, error) {
	return api.OnAny("iam:DeleteAccountAlias"), nil
}
