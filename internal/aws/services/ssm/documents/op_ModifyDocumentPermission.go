package documents

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// everyone stands for all accounts.
	everyone = "all"
	// maxShares is how many accounts a document can be shared with.
	maxShares = 1000
)

// ModifyDocumentPermission shares a document, or ends that.
func (s *Service) ModifyDocumentPermission(ctx context.Context, in *ssm.ModifyDocumentPermissionInput) (*ssm.ModifyDocumentPermissionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	add, err := readAccounts(in.AccountIdsToAdd)
	if err != nil {
		return nil, err
	}
	remove, err := readAccounts(in.AccountIdsToRemove)
	if err != nil {
		return nil, err
	}
	if len(add)+len(remove) == 0 {
		return nil, invalid("You must specify AccountIdsToAdd or AccountIdsToRemove.")
	}
	shown := "$DEFAULT"
	if in.SharedDocumentVersion != nil {
		shown = *in.SharedDocumentVersion
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := own(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		before := maps.Clone(d.Shares)
		if d.Shares == nil {
			d.Shares = map[string]string{}
		}
		for _, account := range add {
			d.Shares[account] = shown
		}
		for _, account := range remove { // wins over adding (API reference)
			delete(d.Shares, account)
		}
		if len(d.Shares) > maxShares {
			return &types.DocumentPermissionLimit{Message: new("The document can't be shared with more Amazon Web Services accounts.")}
		}
		if err := d.publish(tx, scope, before); err != nil {
			return err
		}
		return documents.Put(tx, scope, d)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.ModifyDocumentPermissionOutput{}, nil
}

func readAccounts(given []string) ([]string, error) {
	var out []string
	for _, a := range given {
		out = append(out, strings.ToLower(a)) // "All" is written in any case
	}
	if slices.Contains(out, everyone) && len(out) > 1 {
		return nil, &types.DocumentPermissionLimit{Message: new("Accounts can either be all or a group of AWS accounts")}
	}
	return out, nil
}

// publish tells the accounts that a document is shared with now, and those that
// it was.
func (d *document) publish(tx *store.Tx, scope store.Scope, before map[string]string) error {
	one := &share{Owner: scope.Account, Name: d.Name}
	for account := range d.Shares {
		if _, had := before[account]; had {
			continue
		}
		if err := shares.Put(tx, store.In(account, scope.Region), one); err != nil {
			return err
		}
	}
	for account := range before {
		if _, has := d.Shares[account]; has {
			continue
		}
		if err := shares.Delete(tx, store.In(account, scope.Region), shares.Key(one)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) modifyDocumentPermissionChecks(ctx context.Context, in *ssm.ModifyDocumentPermissionInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:ModifyDocumentPermission", *in.Name)
}
