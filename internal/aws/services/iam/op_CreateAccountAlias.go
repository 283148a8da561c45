package iam

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateAccountAlias names the account. An account has one alias; a new one
// replaces it.
func (s *Service) CreateAccountAlias(ctx context.Context, in *iam.CreateAccountAliasInput) (*iam.CreateAccountAliasOutput, error) {
	account := api.CallFrom(ctx).Account
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := aliases.Get(tx, store.Scope{}, *in.AccountAlias); !errors.Is(err, store.ErrNotFound) {
			return cmp.Or(err, alreadyExists("The account alias %s already exists.", *in.AccountAlias))
		}
		have, err := aliasesOf(tx, account)
		if err != nil {
			return err
		}
		for _, a := range have {
			if err := aliases.Delete(tx, store.Scope{}, a.Name); err != nil {
				return err
			}
		}
		return aliases.Put(tx, store.Scope{}, &alias{Name: *in.AccountAlias, Account: account})
	})
	return &iam.CreateAccountAliasOutput{}, err
}

func (s *Service) createAccountAliasChecks(ctx context.Context, in *iam.CreateAccountAliasInput) ([]api.Check, error) {
	return api.OnAny("iam:CreateAccountAlias"), nil
}
